"""The models of a batch in threads: NumPy, SciPy and compiled kernels run without Python's lock.

Each model is for one thread. BLAS with threads of its own would ask for the same cores once more, and on a busy machine
its threads wait for each other up to twenty times as long as they compute. So BLAS has one while a batch runs, if
`threadpoolctl` is installed; else it has as many as it was started with (`OPENBLAS_NUM_THREADS`).
"""

from __future__ import annotations

import contextlib
import functools
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

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
    with _blas_on_one_thread(), ThreadPoolExecutor(threads, thread_name_prefix="autoarray-batch") as pool:
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


# ---------------------------------------------------------------------- BLAS


class _Limit:
    """The limit that calls at the same time share, because it holds for the whole process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.calls = 0
        self.context: Any = None


_limit = _Limit()


def _forget_the_limit() -> None:
    # A fork in the middle of a batch copies neither its threads nor what they would have given back.
    global _limit
    _limit = _Limit()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_the_limit)


@contextlib.contextmanager
def _blas_on_one_thread() -> Iterator[None]:
    controller, limit = _controller(), _limit
    if controller is None:
        yield
        return
    with limit.lock:
        limit.calls += 1
        if limit.calls == 1:
            limit.context = controller.limit(limits=1, user_api="blas")
    try:
        yield
    finally:
        with limit.lock:
            limit.calls -= 1
            if limit.calls == 0:
                limit.context.restore_original_limits()
                limit.context = None


@functools.cache
def _controller() -> Any:
    """What sets the threads of every BLAS in this process, or None."""
    try:
        from threadpoolctl import ThreadpoolController
    except ModuleNotFoundError:
        return None
    # Looking for the libraries takes milliseconds, so once; those of an inversion are SciPy's and NumPy's.
    import scipy.linalg  # noqa: F401

    return ThreadpoolController()
