"""The worker processes: each measures one side and answers one request at a time."""

from __future__ import annotations

import argparse
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from benchmarks.limits import Limits

ROOT = Path(__file__).resolve().parent.parent
WORKER = Path(__file__).resolve().parent / "worker.py"
# The sides of a table: either library, by its default path and with its sparse operator.
OURS, OURS_SPARSE, PEER, PEER_SPARSE = "ours", "ours (sparse)", "peer", "peer (sparse)"
# How often a process of the peer is looked at while it works, in seconds.
INTERVAL = 0.05


class WorkerError(RuntimeError):
    """A worker process failed or ended; the message has the end of its standard error.

    Parameters
    ----------
    message
        What failed, and how.
    cell
        The same in a word or three, for a table.
    """

    def __init__(self, message: str, cell: str = "failed") -> None:
        super().__init__(message, cell)
        self.message, self.cell = message, cell

    def __str__(self) -> str:
        return self.message


class WorkerProcess:
    """A fresh interpreter that runs worker.py and answers requests.

    Parameters
    ----------
    python
        The interpreter of the peer's environment, or None for this project in this interpreter.
    threads
        The number of threads of BLAS, OpenMP and numba (and, if 1, of XLA); None keeps the defaults of the libraries.
    name
        The side of the tables.
    limits
        What the process may take, if it is the peer's.
    script
        What the interpreter runs.
    """

    def __init__(
        self,
        python: str | None = None,
        threads: int | None = None,
        name: str | None = None,
        limits: Limits | None = None,
        script: Path = WORKER,
    ) -> None:
        self.name = name or (PEER if python else OURS)
        self.is_peer = python is not None
        self.limits = Limits() if limits is None else limits
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        if python is None:
            environment["PYTHONPATH"] = str(ROOT)
        if threads is not None:
            for key in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
                environment[key] = str(threads)
            if threads == 1:  # else XLA takes every core
                environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the process
        self.folder = tempfile.TemporaryDirectory()  # the peer writes its caches where it is started
        self.process = subprocess.Popen(
            [os.path.abspath(shutil.which(python) or python) if python else sys.executable, str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            env=environment,
            cwd=self.folder.name,
        )
        self.limits.pids.add(self.process.pid)

    def ask(self, do: str, **request: Any) -> dict[str, Any]:
        """The answer to one request.

        Raises
        ------
        WorkerError
            If the process raised an error, or ended; or, of the peer, exceeded its limits and was ended.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        excess = None
        try:
            self.process.stdin.write(json.dumps({"do": do} | request) + "\n")
            self.process.stdin.flush()
            excess = self._watch() if self.is_peer else None
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if excess is not None:
            raise WorkerError(f"{self.name}: {do}: {excess[1]}", excess[0])
        answer = json.loads(line) if line else {"error": f"the process ended ({self._end()})"}
        if "error" in answer:
            cell = "does not fit" if answer.get("memory") else "failed"
            raise WorkerError(f"{self.name}: {do}: {answer['error']}\n{self.standard_error()}", cell)
        return answer

    def _watch(self) -> tuple[str, str] | None:
        """Wait for an answer; end the process if it exceeds its limits, and say how."""
        assert self.process.stdout is not None
        start = time.monotonic()
        while not select.select([self.process.stdout], [], [], INTERVAL)[0]:
            excess = self.limits.excess(self.process.pid, start)
            if excess is not None:
                self.process.kill()
                return excess
        return None

    def _end(self) -> str:
        code = self.process.wait()
        return f"signal {-code}" if code < 0 else f"status {code}"

    @property
    def peak(self) -> float:
        """The largest resident size that was seen while the process worked, in megabytes; for one that has ended."""
        return self.limits.peaks.get(self.process.pid, 0) / 1e6

    def standard_error(self) -> str:
        """The last lines that the process wrote to its standard error."""
        self.log.seek(0)
        return "".join(self.log.readlines()[-15:])

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with suppress(BrokenPipeError):  # a request that an ended process never read
            self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.limits.pids.discard(self.process.pid)
        self.log.close()
        self.folder.cleanup()

    def __enter__(self) -> WorkerProcess:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def add_peer(parser: argparse.ArgumentParser) -> None:
    """Add the options of the peer."""
    parser.add_argument("--peer", metavar="PYTHON", help="interpreter of an environment with PyAutoArray 2026.10.26.1")
    parser.add_argument(
        "--peer-sparse",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="the peer a second time, with its sparse operator, as its experienced users run it (default: yes)",
    )
    parser.add_argument(
        "--max-memory",
        type=float,
        metavar="GB",
        help="end a process of the peer with which all sides together exceed this (default: 75 %% of what is free)",
    )
    parser.add_argument(
        "--max-seconds",
        type=float,
        metavar="S",
        help="end a process of the peer that takes longer for one set-up or evaluation (default: 900)",
    )


def limits_from(options: Any) -> Limits:
    """The limits that the options set."""
    return Limits(None if options.max_memory is None else options.max_memory * 1e9, options.max_seconds)


def sides_from(options: Any) -> list[str]:
    """The sides that the options ask for; ours is the first."""
    ours = [OURS] + [OURS_SPARSE] * getattr(options, "ours_sparse", False)
    return ours + ([PEER] + [PEER_SPARSE] * options.peer_sparse if options.peer is not None else [])


def is_sparse(side: str) -> bool:
    """Whether a side runs with the sparse operator of its dataset."""
    return side in (OURS_SPARSE, PEER_SPARSE)


@contextmanager
def workers_of(options: Any, sides: Sequence[str] | None = None) -> Iterator[dict[str, WorkerProcess]]:
    """A fresh worker for each side; by default for those of `sides_from`."""
    limits = limits_from(options)
    with ExitStack() as stack:
        workers: dict[str, WorkerProcess] = {}
        for side in sides_from(options) if sides is None else sides:
            python = options.peer if side in (PEER, PEER_SPARSE) else None
            workers[side] = stack.enter_context(WorkerProcess(python, options.threads, side, limits))
        yield workers


def attempt(worker: WorkerProcess, result: dict[str, Any], do: str, **request: Any) -> dict[str, Any] | None:
    """The answer to a request, or None if the peer fails, has failed before, or exceeds its limits.

    `result` then keeps the failure: "failed" for a cell of the table, "why" as a sentence, and the "peak".
    """
    if result.get("failed"):
        return None
    try:
        return worker.ask(do, **request)
    except WorkerError as error:
        if not worker.is_peer:
            raise
        result |= {"failed": error.cell, "why": str(error).splitlines()[0], "peak": worker.peak}
        return None
