"""The worker processes: each measures one library and answers one request at a time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WORKER = Path(__file__).resolve().parent / "worker.py"


class WorkerError(RuntimeError):
    """A worker process failed or ended; the message has the end of its standard error."""


class WorkerProcess:
    """A fresh interpreter that runs worker.py and answers requests.

    Parameters
    ----------
    python
        The interpreter of the peer's environment, or None for this project in this interpreter.
    threads
        The number of threads of BLAS, OpenMP and numba (and, if 1, of XLA); None keeps the defaults of the libraries.
    """

    def __init__(self, python: str | None = None, threads: int | None = None) -> None:
        self.name = "peer" if python else "ours"
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
            [python or sys.executable, str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            env=environment,
            cwd=self.folder.name,
        )

    def ask(self, do: str, **request: Any) -> dict[str, Any]:
        """The answer to one request.

        Raises
        ------
        WorkerError
            If the process raised an error, or ended.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps({"do": do} | request) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        answer = json.loads(line) if line else {"error": "the process ended"}
        if "error" in answer:
            raise WorkerError(f"{self.name}: {do}: {answer['error']}\n{self.standard_error()}")
        return answer

    def standard_error(self) -> str:
        """The last lines that the process wrote to its standard error."""
        self.log.seek(0)
        return "".join(self.log.readlines()[-15:])

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()
        self.log.close()
        self.folder.cleanup()

    def __enter__(self) -> WorkerProcess:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


@contextmanager
def workers_of(options: Any, peers: Sequence[str] = ("peer",)) -> Iterator[dict[str, WorkerProcess]]:
    """A fresh worker for each side: "ours", and each of `peers` if the options name the peer's interpreter."""
    with ExitStack() as stack:
        workers = {"ours": stack.enter_context(WorkerProcess(threads=options.threads))}
        if options.peer is not None:
            workers |= {name: stack.enter_context(WorkerProcess(options.peer, options.threads)) for name in peers}
        yield workers
