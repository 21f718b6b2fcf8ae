"""The worker process of a background plotter, as its parent sees it.

It is a fresh interpreter, started by its command line rather than by `multiprocessing`: that one would run the
user's script again, which works only where the script has a guard, and not in a notebook.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from multiprocessing.spawn import get_executable
from typing import Any

from autoarray.plot._background.worker import read_frame, write_frame

# The path comes as arguments, so that the worker finds the modules that this process finds, in the same order.
COMMAND = (
    "import sys; sys.path[:] = sys.argv[1:]; del sys.argv[1:]; "
    "from autoarray.plot._background.worker import main; main()"
)
# No screen, no accelerator (which belongs to the search), one thread.
ENVIRONMENT = {
    "MPLBACKEND": "Agg",
    "JAX_PLATFORMS": "cpu",
    "CUDA_VISIBLE_DEVICES": "",
    "HIP_VISIBLE_DEVICES": "",
    "ROCR_VISIBLE_DEVICES": "",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
TAIL_BYTES = 2000


class WorkerEnded(Exception):
    """The process ended where an answer was expected; the message says how."""


class WorkerUnable(Exception):
    """The process can't draw anything at all; the message says why."""

    def __init__(self, message: str, traceback: str) -> None:
        super().__init__(message, traceback)
        self.message, self.traceback = message, traceback


class WorkerProcess:
    """A started worker; `ready` and `draw` wait for its answers, `kill` may be called from another thread."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        paths = [os.path.abspath(path) for path in sys.path if isinstance(path, str)]
        executable = get_executable() or sys.executable
        self._process = subprocess.Popen(
            [os.fsdecode(executable), "-P", "-c", COMMAND, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | ENVIRONMENT,
            **_apart_from_the_terminal(),
        )
        self._settings = pickle.dumps({**settings, "parent": os.getpid()})
        self._tail = b""
        self._tail_reader = threading.Thread(target=self._read_tail, name="BackgroundPlotter stderr", daemon=True)
        self._tail_reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def ready(self) -> None:
        """Wait until the worker has imported what it needs.

        Raises
        ------
        WorkerUnable, WorkerEnded
        """
        answer = self._ask(self._settings)
        if "unable" in answer:
            raise WorkerUnable(answer["unable"], answer["traceback"])

    def draw(self, name: str, payload: bytes) -> dict[str, Any]:
        """Have a snapshot drawn: the answer has "drawn", or "failed" and "traceback".

        Raises
        ------
        WorkerEnded
        """
        return self._ask(name.encode(), payload)

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def close(self, seconds: float = 1.0) -> None:
        """Have an idle worker end by itself, or end it; leaves nothing behind."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._tail_reader.join(seconds)

    def _ask(self, *frames: bytes) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            for frame in frames:
                write_frame(self._process.stdin, frame)  # type: ignore[arg-type]
            self._process.stdin.flush()
            answer = read_frame(self._process.stdout)  # type: ignore[arg-type]
        except (OSError, ValueError):
            answer = None
        if answer is None:
            self._process.kill()
            code = self._process.wait()
            self._tail_reader.join(1.0)
            raise WorkerEnded(_how(code) + self._said())
        return json.loads(answer)

    def _read_tail(self) -> None:
        # Read all the time, so that the worker never waits for it; only the end is kept.
        assert self._process.stderr is not None
        with self._process.stderr as stream:
            while piece := stream.read1(TAIL_BYTES):  # type: ignore[attr-defined]
                self._tail = (self._tail + piece)[-TAIL_BYTES:]

    def _said(self) -> str:
        text = self._tail.decode(errors="replace").strip()
        return f"; it last wrote: {text}" if text else ""


def _how(code: int) -> str:
    if code >= 0:
        return f"exit status {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _apart_from_the_terminal() -> dict[str, Any]:
    """Ctrl-C in the terminal of the search is not for the worker."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags | subprocess.BELOW_NORMAL_PRIORITY_CLASS}
    # Not a session of its own: Linux shares the processor between sessions, whatever the priorities inside them.
    return {"process_group": 0}
