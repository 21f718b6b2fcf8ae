"""What the demonstration tells while it runs."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Progress:
    """One line per step, with the time it took; on a terminal the seconds count up while it runs.

    Parameters
    ----------
    total
        How many steps there will be.
    stream
        Where the lines go; standard output if None.
    """

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self.total = total
        self.done = 0
        self.stream = stream or sys.stdout

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Announce a step, and end its line with the seconds it took or with the fact that it failed."""
        self.done += 1
        line = f"[{self.done:{len(str(self.total))}d}/{self.total}] {text}"
        start = time.perf_counter()
        self._write(f"{line} ...")
        stop = threading.Event()
        ticker = threading.Thread(target=self._tick, args=(line, start, stop), daemon=True)
        if self.stream.isatty():
            ticker.start()
        end = "failed"
        try:
            yield
            end = f"{time.perf_counter() - start:.1f} s"
        finally:
            stop.set()
            if ticker.ident is not None:
                ticker.join()
                self._write(f"\r{line} ... {end}    \n")
            else:
                self._write(f" {end}\n")

    def note(self, text: str) -> None:
        """A line that belongs to the step before it."""
        self._write(f"{' ' * (2 * len(str(self.total)) + 4)}{text}\n")

    def _tick(self, line: str, start: float, stop: threading.Event) -> None:
        while not stop.wait(0.5):
            self._write(f"\r{line} ... {time.perf_counter() - start:.0f} s ")

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()
