# pyright: strict
"""What the worker of live figures draws with, and the engine that gives it the analysis once."""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import queue
import sys
import threading
import uuid
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from autoarray import _configuration
from autoarray.plot._background.engine import Engine, Job, PlotFailure, PlotterStats
from autoarray.plot._background.snapshot import snapshot_of, style_of_this_process
from autoarray.plot._background.spool import Candidate, Spool
from autoarray.plot._background.worker import Unneeded

# How often an idle thread looks for instances of the workers of a pool.
SPOOL_SECONDS = 0.5

log = logging.getLogger("autoarray")


class WorkerPaths:
    """The folders of a search as the worker has them: whatever is written into them is moved to the search's own."""

    def __init__(self, directory: Path) -> None:
        self.image_path = self.output_path = directory

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"paths: expected image_path or output_path, which a live figure may use, found {name!r}; what else a "
            "search has stays in its own process"
        )


class Drawer:
    """Draws the fit of an instance, in the worker: it holds the analysis, and the folders of the configuration.

    Parameters
    ----------
    analysis
        The analysis: an object with `perform_quick_update(paths, instance)`.
    """

    def __init__(self, analysis: Any) -> None:
        self.folders = _configuration.folders()
        self.analysis = analysis
        self.best: Any = None

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        _configuration.use_folders(self.folders)
        # The worker has no accelerator, and one figure is not worth the compilation of a program.
        if getattr(self.analysis, "_use_jax", False):
            self.analysis._use_jax = False

    def __call__(self, instance: Any, directory: Path, name: str) -> None:
        if isinstance(instance, Candidate):
            instance = instance.instance
            likelihood = self.analysis.log_likelihood_function(instance)
            if self.best is not None and not likelihood > self.best:
                raise Unneeded
            self.best = likelihood
        self.analysis.perform_quick_update(WorkerPaths(directory), instance)
        if not any(directory.rglob("*")):
            raise FileNotFoundError(
                f"{type(self.analysis).__name__}.perform_quick_update: expected a figure in {directory}, found none"
            )


class LiveEngine(Engine):
    """An engine that is told later for what it draws, and whose thread then prepares all that its worker gets.

    So the search does not wait while the analysis or an instance is copied, nor for a thread to start. The payload of a
    job is the instance itself, up to its turn. Where a pool evaluates the likelihoods, the instances and all else come
    through the spool.

    Parameters
    ----------
    drawn
        Called with paths that have the search's `image_path`, in the thread of the engine, after each figure.
    """

    def __init__(self, drawn: Callable[[Any], None]) -> None:
        self._drawn = drawn
        self.given: tuple[Any, Any] | None = None  # the analysis and the paths
        self.spool = Spool()
        self._inbox: deque[Any] = deque()
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()  # which wakes the thread
        self._collecting = threading.Lock()
        super().__init__({"workshop": os.path.join(os.devnull, "none")}, maxsize=1)

    def stats(self) -> PlotterStats:
        self._collect()
        return super().stats()

    def flush(self, timeout: float | None) -> bool:
        self._collect()
        return super().flush(timeout)

    def begin(self, analysis: Any, paths: Any) -> None:
        """Say for what the engine draws, before the first instance is handed over; only the first call counts."""
        if self.given is None:
            self.given = (analysis, paths)

    def hand_over(self, instance: Any) -> None:
        """Have an instance drawn.

        This takes no lock: the thread may hold one while it waits for Python's own, and who then asks for it gives the
        thread a turn, which is milliseconds.
        """
        if self.gave_up:  # and perhaps the thread is gone
            self.put("fit", "fit", None, instance)
        else:
            self._inbox.append(instance)
            self._bell.put(None)

    def draws(self, analysis: Any, paths: Any) -> bool:
        """Whether the engine may draw for an analysis, into the folder of these paths."""
        if self.given is None or self.closing:
            return not self.closing
        its_analysis, its_paths = self.given
        # To ask for the folder may make it on the disk.
        return its_analysis is analysis and (its_paths is paths or its_paths.image_path == paths.image_path)

    def close(self, timeout: float | None, drain: bool) -> int:
        if drain:
            self._collect()
        with self.condition:
            self.closing = True
        self._bell.put(None)
        try:
            return super().close(timeout, drain)
        finally:
            self.spool.remove()

    def _warm_up(self) -> None:
        settings = None
        while True:
            closing = self.closing  # before the rest, which may come while this looks
            if self.given is not None or (settings := self.spool.settings()) is not None:
                break
            if closing:
                return
            self._wait()
        try:
            self.settings = settings or settings_for(*cast("tuple[Any, Any]", self.given))
        except Exception as error:
            self._give_up(f"{type(error).__name__}: {error}", "")
            return
        super()._warm_up()

    def _wait(self) -> None:
        with contextlib.suppress(queue.Empty):
            self._bell.get(timeout=SPOOL_SECONDS)
            while True:
                self._bell.get_nowait()
        self._collect()

    def _collect(self) -> None:
        """Queue all that was handed over, by this process or by the workers of a pool."""
        with self._collecting:
            before = len(self.waiting)
            while self._inbox:
                self.put("fit", "fit", None, self._inbox.popleft())
            if (payload := self.spool.instance()) is not None:
                self.put("fit", "fit", None, _Snapshot(payload))
            if len(self.waiting) > before and threading.current_thread() is not self.thread:
                self._bell.put(None)

    def _prepare(self, job: Job) -> None:
        if not isinstance(job.payload, _Snapshot):
            job.payload = copy_of(job.payload)

    def _settle(self, how: str, failure: PlotFailure | None = None) -> None:
        super()._settle(how, failure)
        if failure is not None and failure.traceback:
            log.warning("live figures: the traceback of the worker:\n%s", failure.traceback)
        if how == "drawn":
            try:
                self._drawn(WorkerPaths(Path(self.settings["directory"])))
            except Exception:
                log.exception("live figures: the figure is drawn, and can't be shown")

    def _give_up(self, message: str, traceback: str) -> None:
        super()._give_up(message, traceback)
        if traceback:
            log.error("live figures: the traceback of the worker:\n%s", traceback)


class _Snapshot(bytes):
    """A snapshot that the worker of a pool has taken."""


def settings_for(analysis: Any, paths: Any) -> dict[str, Any]:
    """All that the process that draws must know of a search."""
    directory = Path(paths.image_path).absolute()
    directory.mkdir(parents=True, exist_ok=True)
    return {
        "directory": str(directory),
        # On the file system of the directory, so that files can be moved from it at once.
        "workshop": str(directory / f".drawing-{uuid.uuid4().hex}"),
        "draw": copy_of(Drawer(analysis)),
        "format": "png",
        "style": style_of_this_process(),
    }


def copy_of(obj: object) -> bytes:
    """The snapshot of an object that the search may still complete."""
    for _ in range(10):
        try:
            return snapshot_of(obj)
        except Exception as error:
            # The search may have added something to a dictionary of the analysis or the instance meanwhile.
            if "changed size during iteration" not in str(error):
                raise
    return snapshot_of(obj)


def display_of(live_visual_update: bool, display_id: str) -> Any:
    """PyAutoFit's display of `fit.png`: in a notebook, or in a window of its own; None if nobody wants it."""
    if not live_visual_update:
        return None
    module: Any = sys.modules.get("autofit.non_linear.quick_update")
    module = module or importlib.import_module("autofit.non_linear.quick_update")
    return module.LiveDisplay(live_visual_update=True, display_id=display_id)
