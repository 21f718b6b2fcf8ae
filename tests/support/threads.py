"""Several threads at once, which take turns far more often than they do by themselves."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

SWITCH_SECONDS = 1e-5


@contextlib.contextmanager
def quick_turns() -> Iterator[None]:
    """Threads take turns every 10 microseconds, where one runs at a time; Python's own interval is 5 ms."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def together(*functions: Callable[[], Any]) -> list[Any]:
    """What functions return that as many threads begin at once; the first error of any is raised."""
    start = threading.Barrier(len(functions))

    def begin(function: Callable[[], Any]) -> Any:
        start.wait()
        return function()

    with quick_turns(), ThreadPoolExecutor(len(functions)) as executor:
        return [future.result() for future in [executor.submit(begin, function) for function in functions]]


def while_evaluated(evaluate: Callable[[], Any], *readers: Callable[[], Any], threads: int = 2, most: int = 40) -> Any:
    """What several threads that evaluate return, and what each reader returned in a thread of its own meanwhile.

    A reader reads once at least, again as long as somebody evaluates, and at most `most` times.
    """
    left = [None] * threads  # one is taken by each thread that is ready

    def evaluating() -> Any:
        try:
            return evaluate()
        finally:
            left.pop()

    def reading(reader: Callable[[], Any]) -> list[Any]:
        values = [reader()]
        while left and len(values) < most:
            values.append(reader())
        return values

    results = together(*[evaluating] * threads, *(lambda reader=reader: reading(reader) for reader in readers))
    return results[:threads], results[threads:]


def some(values: list[Any]) -> list[Any]:
    """Of what a reader returned the first value, one of the middle and the last."""
    return [values[index] for index in sorted({0, len(values) // 2, len(values) - 1})]
