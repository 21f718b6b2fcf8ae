# pyright: strict
"""The worker process of a background plotter, as its parent sees it.

The worker is a fresh interpreter that starts from a command line. `multiprocessing` would run the user's script again:
that needs a guard in a script, and fails in a notebook.
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
from typing import TYPE_CHECKING, Any, cast

from autoarray.plot._background.worker import read_frame, write_frame

if TYPE_CHECKING:
    from io import BufferedReader

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
    """The process ended without an answer; the message gives its exit status or signal."""


class WorkerUnable(Exception):
    """The process can't draw; the message gives the reason."""

    def __init__(self, message: str, traceback: str) -> None:
        super().__init__(message, traceback)
        self.message, self.traceback = message, traceback


class WorkerProcess:
    """A started worker; `ready` and `draw` wait for its answers, `kill` may be called from another thread."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        # Some programs add paths that are no strings.
        paths = [os.path.abspath(path) for path in sys.path if isinstance(path, str)]  # pyright: ignore[reportUnnecessaryIsInstance]
        executable = get_executable() or sys.executable
        self._process = subprocess.Popen(
            [os.fsdecode(executable), "-P", "-c", COMMAND, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | ENVIRONMENT,
            **_process_group(),
        )
        self._settings = pickle.dumps({**settings, "parent": os.getpid()})
        self._tail = b""
        self._tail_reader = threading.Thread(target=self._read_tail, name="BackgroundPlotter stderr", daemon=True)
        self._tail_reader.start()

    @property
    def pid(self) -> int:
        """The number of the process."""
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
        """Draw a snapshot; the answer has the key "drawn" or "dropped", or the keys "failed" and "traceback".

        Raises
        ------
        WorkerEnded
        """
        return self._ask(name.encode(), payload)

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def close(self, seconds: float = 1.0) -> None:
        """Let an idle worker end by itself within some seconds, else kill it."""
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
            raise WorkerEnded(_end_of(code) + self._last_words())
        return json.loads(answer)

    def _read_tail(self) -> None:
        # Read all the time, so that the worker never waits for it; only the end is kept.
        assert self._process.stderr is not None
        with self._process.stderr as stream:
            while piece := cast("BufferedReader", stream).read1(TAIL_BYTES):
                self._tail = (self._tail + piece)[-TAIL_BYTES:]

    def _last_words(self) -> str:
        text = self._tail.decode(errors="replace").strip()
        return f"; it last wrote: {text}" if text else ""


def _end_of(code: int) -> str:
    """An exit code in words: the exit status, or the name of the signal."""
    if code >= 0:
        return f"exit status {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _process_group() -> dict[str, Any]:
    """The options that keep Ctrl-C in the terminal of the search from the worker."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags | subprocess.BELOW_NORMAL_PRIORITY_CLASS}
    # A group, not a session: Linux shares the processor between sessions, and ignores the priorities inside them.
    return {"process_group": 0}
