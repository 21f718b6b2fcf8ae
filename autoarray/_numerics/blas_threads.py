"""One thread for BLAS where more make it slower, if `threadpoolctl` is installed (the extra `fast`).

A fit multiplies and factorizes many small blocks. More threads than one wait for each other longer than they compute: a
log evidence takes twice as long on two idle cores, and beside other work one factorization has taken twenty times as
long. Without `threadpoolctl` BLAS has as many threads as it was started with (`OPENBLAS_NUM_THREADS`).
"""

from __future__ import annotations

import contextlib
import functools
import os
import threading
from collections.abc import Iterator
from typing import Any


class _Limit:
    """The limit that calls at the same time share, because it holds for the whole process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.calls = 0
        self.context: Any = None


_limit = _Limit()


def _forget_the_limit() -> None:
    # A fork in the middle of a computation copies neither its threads nor what they would have given back.
    global _limit
    _limit = _Limit()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_the_limit)


@contextlib.contextmanager
def one_blas_thread() -> Iterator[None]:
    """Compute with one thread of BLAS, in a `with` block or as a decorator; it holds for the process meanwhile."""
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
