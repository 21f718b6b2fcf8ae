# pyright: strict
"""The queue of a background plotter, and the thread that serves it; only this module handles the worker process."""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autoarray.plot._background.process import WorkerEnded, WorkerProcess, WorkerUnable

log = logging.getLogger("autoarray")

KEPT_FAILURES = 100
MOST_ATTEMPTS = 2
MOST_DEATHS = 3
GRACE_SECONDS = 5.0


@dataclass(frozen=True)
class PlotterStats:
    """The numbers of fits by what became of them; the other numbers add up to `submitted`.

    `dropped` fits made room for newer ones. `abandoned` fits were left when the plotter closed. `waiting` fits are in
    the queue, or the worker draws them now.
    """

    submitted: int = 0
    drawn: int = 0
    dropped: int = 0
    failed: int = 0
    abandoned: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class PlotFailure:
    """A plot that failed: the fit's number (from 1), the name of its file, the error and its traceback.

    The number is None if the plotter can't draw any fit.
    """

    number: int | None
    name: str
    error: str
    traceback: str

    def __str__(self) -> str:
        if self.number is None:
            return f"nothing is drawn any more: {self.error}"
        return f"fit {self.number} ({self.name!r}) was not drawn: {self.error}"


@dataclass
class Job:
    """A snapshot on its way; an engine whose thread takes the snapshot has the object itself first."""

    number: int
    name: str
    payload: Any
    attempts: int = 0


class Engine:
    """Draws snapshots in a worker process, one at a time, and keeps the newest ones that wait.

    `condition` guards all fields and notifies of every change. The engine starts a worker that died again, and tries
    its plot once more. It gives up after `MOST_DEATHS` deaths in a row, or if the worker can't draw at all.
    """

    def __init__(self, settings: Mapping[str, Any], maxsize: int) -> None:
        self.settings, self.maxsize = settings, maxsize
        self.condition = threading.Condition()
        self.waiting: deque[Job] = deque()
        self.in_hand: Job | None = None
        self.counts = {"submitted": 0, "drawn": 0, "dropped": 0, "failed": 0, "abandoned": 0}
        self.failures: deque[PlotFailure] = deque(maxlen=KEPT_FAILURES)
        self.closing = self.stopped = self.starting = self.gave_up = False
        self.deaths = 0
        self.worker: WorkerProcess | None = None
        self.thread = threading.Thread(target=self._run, name="BackgroundPlotter", daemon=True)
        self.thread.start()

    def stats(self) -> PlotterStats:
        """How many snapshots were submitted, drawn, dropped and so on, and how many wait."""
        with self.condition:
            return PlotterStats(**self.counts, waiting=len(self.waiting) + (self.in_hand is not None))

    def put(self, name: str | None, stem: str, offset: int | None, payload: Any) -> str:
        """Queue a snapshot and return its name: `name`, or `stem`, which a number follows if there is an `offset`."""
        with self.condition:
            self.counts["submitted"] += 1
            number = self.counts["submitted"]
            if name is None:
                name = stem if offset is None else f"{stem}_{offset + number:04d}"
            if self.gave_up or self.closing:
                self.counts["dropped"] += 1
                return name
            if len(self.waiting) == self.maxsize:
                self.waiting.popleft()
                self.counts["dropped"] += 1
            self.waiting.append(Job(number, name, payload))
            self.condition.notify_all()
            return name

    def flush(self, timeout: float | None) -> bool:
        """Wait for all fits submitted so far; False if the time is over first."""
        with self.condition:
            last = self.counts["submitted"]
            return self.condition.wait_for(lambda: self._oldest() > last, timeout)

    def close(self, timeout: float | None, drain: bool) -> int:
        """End the thread and the process, and return the number of abandoned plots."""
        try:
            with self.condition:
                self.closing = True
                self.condition.notify_all()
                if drain:
                    self.condition.wait_for(lambda: not self.waiting and self.in_hand is None, timeout)
        finally:  # at a second Ctrl-C too
            with self.condition:
                self.stopped = True
                abandoned = len(self.waiting) + (self.in_hand is not None)
                self.counts["abandoned"] += len(self.waiting)
                self.waiting.clear()
                if self.worker is not None and (self.in_hand is not None or self.starting):
                    self.worker.kill()
                self.condition.notify_all()
            if self.thread is not threading.current_thread():
                self.thread.join(GRACE_SECONDS)
        return abandoned

    def _oldest(self) -> float:
        if self.in_hand is not None:
            return self.in_hand.number
        return self.waiting[0].number if self.waiting else float("inf")

    def _run(self) -> None:
        try:
            self._warm_up()
            while (job := self._next()) is not None:
                self._draw(job)
        except Exception as error:
            log.exception("BackgroundPlotter: an error of its own, nothing is drawn any more")
            self._give_up(f"{type(error).__name__}: {error}", "")
        finally:
            self._end_worker()

    def _warm_up(self) -> None:
        """Start the process before the first fit comes."""
        try:
            self._ready_worker()
        except WorkerEnded as error:
            self._record_death(None, error)
        except WorkerUnable as error:
            self._give_up(error.message, error.traceback)

    def _next(self) -> Job | None:
        while True:
            with self.condition:
                if self.waiting:
                    self.in_hand = self.waiting.popleft()
                    return self.in_hand
                if self.closing:
                    return None
            self._wait()

    def _wait(self) -> None:
        """Wait, in the thread, for a job or the end; it may return before."""
        with self.condition:
            self.condition.wait_for(lambda: self.waiting or self.closing)

    def _prepare(self, job: Job) -> None:
        """Make the payload of a job bytes; it is called once, without the lock."""

    def _draw(self, job: Job) -> None:
        try:
            self._prepare(job)
        except Exception as error:
            self._settle("failed", PlotFailure(job.number, job.name, f"{type(error).__name__}: {error}", ""))
        while self.in_hand is job:
            try:
                answer = self._ready_worker().draw(job.name, job.payload)
            except WorkerEnded as error:
                self._record_death(job, error)
            except WorkerUnable as error:
                self._give_up(error.message, error.traceback)
            else:
                self.deaths = 0
                if "failed" in answer:
                    self._settle("failed", PlotFailure(job.number, job.name, answer["failed"], answer["traceback"]))
                else:
                    self._settle("drawn" if "drawn" in answer else "dropped")

    def _settle(self, how: str, failure: PlotFailure | None = None) -> None:
        """Count the plot in hand as drawn, failed or abandoned."""
        if failure is not None:
            log.warning("BackgroundPlotter: %s", failure)
        with self.condition:
            if failure is not None:
                self.failures.append(failure)
            self.counts[how] += 1
            self.in_hand = None
            self.condition.notify_all()

    def _ready_worker(self) -> WorkerProcess:
        if self.worker is not None:
            return self.worker
        worker = WorkerProcess(self.settings)  # outside the lock: it may take some milliseconds
        with self.condition:
            self.worker, self.starting = worker, True
            if self.stopped:
                worker.kill()
        try:
            worker.ready()
        finally:
            with self.condition:
                self.starting = False
        return worker

    def _record_death(self, job: Job | None, error: WorkerEnded) -> None:
        """Count the death of the worker, and decide about the plot in hand.

        The worker ended by itself, by a signal, or because the plotter closes.
        """
        self._end_worker()
        if self.stopped:
            if job is not None:
                self._settle("abandoned")
            return
        self.deaths += 1
        what = f"before it had drawn fit {job.number} ({job.name!r})" if job is not None else "while it started"
        if self.deaths >= MOST_DEATHS:
            self._give_up(f"the worker process ended {self.deaths} times in a row, the last time {what} ({error})", "")
            return
        log.warning("BackgroundPlotter: the worker process ended %s (%s); another one is started", what, error)
        if job is not None:
            job.attempts += 1
            if job.attempts == MOST_ATTEMPTS:
                self._settle("failed", PlotFailure(job.number, job.name, f"the worker process ended ({error})", ""))

    def _give_up(self, message: str, traceback: str) -> None:
        failure = PlotFailure(None, "", message, traceback)
        log.error("BackgroundPlotter: %s", failure)
        self._end_worker()
        with self.condition:
            self.gave_up = True
            job = self.in_hand
            self.failures.append(failure)
            self.counts["failed"] += job is not None
            self.counts["dropped"] += len(self.waiting)
            self.in_hand = None
            self.waiting.clear()
            self.condition.notify_all()

    def _end_worker(self) -> None:
        with self.condition:
            worker, self.worker = self.worker, None
        if worker is not None:
            worker.close()
        shutil.rmtree(self.settings["workshop"], ignore_errors=True)


def close_at_exit(engine: Engine, pid: int) -> None:
    """End a plotter that nobody closed at once, and log how many plots it abandons."""
    if os.getpid() != pid or engine.closing:
        return
    abandoned = engine.close(timeout=0.0, drain=False)
    if abandoned:
        log.warning("BackgroundPlotter: not closed; %d plots were abandoned", abandoned)
