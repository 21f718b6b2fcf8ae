"""The models of a batch in threads: NumPy, SciPy and compiled kernels run without Python's lock.

Each model is for one thread, BLAS included (`blas_threads.py`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from autoarray._numerics.blas_threads import one_blas_thread

Item = TypeVar("Item")

# How many threads there are at most, instead of the cores that this process may use.
VARIABLE = "AUTOARRAY_THREADS"


def for_each(function: Callable[[Item], Any], items: Sequence[Item]) -> None:
    """Call a function for each item, at once for as many as there are cores.

    Raises
    ------
    Exception
        What the first of the calls raised, after all have ended.
    """
    threads = min(len(items), threads_at_most())
    if threads < 2:
        for item in items:
            function(item)
        return
    # Threads of this call alone: those of an idle pool would not be there in a forked process.
    with one_blas_thread(), ThreadPoolExecutor(threads, thread_name_prefix="autoarray-batch") as pool:
        for _ in pool.map(function, items):
            pass


def threads_at_most() -> int:
    """The number in the environment variable AUTOARRAY_THREADS, or else of the cores that this process may use."""
    asked = os.environ.get(VARIABLE, "")
    if asked:
        if not (asked.isdecimal() and int(asked) > 0):
            raise ValueError(f"{VARIABLE}: expected a whole number above zero, found {asked!r}")
        return int(asked)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
