"""A process of device_worker.py, and the wait for its answers up to a time limit."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, TextIO

WORKER = Path(__file__).resolve().parent / "device_worker.py"


class DeviceProcessError(RuntimeError):
    """A process failed, ended, or took too long."""


class DeviceProcess:
    """A process with one request, which answers with JSON objects, a line each.

    Parameters
    ----------
    request
        The request, as device_worker.py describes it.
    log
        An open file for the standard error of the process.
    """

    def __init__(self, request: dict[str, Any], log: TextIO) -> None:
        threads = str(max(1, (os.cpu_count() or 1) // 4))  # several processes prepare at once
        environment = {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads} | os.environ
        self.process = subprocess.Popen(
            [sys.executable, str(WORKER), json.dumps(request)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def go(self) -> None:
        """Let the process start its work on the device."""
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # `answer` reports a process that has ended
            self.process.stdin.write("go\n")
            self.process.stdin.flush()

    def answer(self, seconds: float) -> dict[str, Any]:
        """The next answer of the process.

        Raises
        ------
        DeviceProcessError
            If the process failed or ended, or gave no answer within the time.
        """
        try:
            line = self._lines.get(timeout=max(seconds, 0.0))
        except queue.Empty:
            raise DeviceProcessError(f"stopped: no answer within {max(seconds, 0.0):.0f} s") from None
        if not line:
            raise DeviceProcessError(f"the process ended with {self.process.wait()}; see device.log")
        answer = json.loads(line)
        if "error" in answer and "what" not in answer:
            raise DeviceProcessError(answer["error"])
        return answer

    def close(self) -> None:
        """Kill the process."""
        assert self.process.stdin is not None
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()

    def __enter__(self) -> DeviceProcess:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
