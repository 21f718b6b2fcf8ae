"""Functions that numba compiles where it is installed, and that run as plain Python where it is not."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from autoarray._numerics import compiled


def jit(nopython: bool = True, cache: bool = True, parallel: bool = False, fastmath: bool = False) -> Any:
    """Decorate a function of arrays and numbers that numba can compile.

    It is compiled when it is first called, so that neither this decorator nor the import of its module takes time. It
    runs as it is, with the same result, if numba is not installed, or the environment variable AUTOARRAY_NUMBA is 0.

    Parameters
    ----------
    nopython
        Whether the compiled code must not fall back on Python's objects.
    cache
        Whether the compiled code is kept on disk.
    parallel
        Whether loops over `numba.prange` are run by several threads.
    fastmath
        Whether floating point operations may be exchanged for others that are equal but for rounding.

    Examples
    --------
    >>> import autoarray as aa
    >>> @aa.numba_util.jit()
    ... def total(values):
    ...     result = 0.0
    ...     for value in values:
    ...         result += value
    ...     return result
    """
    if callable(nopython):  # without parentheses: `@jit`
        return jit()(nopython)

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        kernel: list[Callable[..., Any]] = []

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            if not kernel:
                options = {"nopython": nopython, "parallel": parallel, "fastmath": fastmath}
                kernel.append(compiled.jit(function, cache, **options) if compiled.is_available() else function)
            return kernel[0](*args, **kwargs)

        return wrapper

    return decorate
