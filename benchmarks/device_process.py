"""A process of device_worker.py, whose answers are waited for until a time."""

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
    """Started with one request; it answers with JSON objects, a line each.

    Parameters
    ----------
    request
        See device_worker.py.
    log
        An open file that its standard error goes to.
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
        """Let it go on to what needs the device."""
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # if it ended, its answer, or the lack of one, says so
            self.process.stdin.write("go\n")
            self.process.stdin.flush()

    def answer(self, seconds: float) -> dict[str, Any]:
        """Its next answer.

        Raises
        ------
        DeviceProcessError
            If it failed or ended instead, or there was none within the time.
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
        """End it, whatever it does."""
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
