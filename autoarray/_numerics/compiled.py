"""Kernels that numba compiles, where it is installed (the extra `fast`).

The kernels of a module `x.py` stand in `x_numba.py` beside it, or in `_x_numba.py` beside a public module. Only who has
asked `is_available` imports them. Without numba the same numbers come from NumPy and SciPy.
"""

from __future__ import annotations

import functools
import importlib
import os
import warnings
from collections.abc import Callable
from typing import Any

# What "0" in this variable of the environment switches off.
VARIABLE = "AUTOARRAY_NUMBA"


@functools.cache
def is_available() -> bool:
    """Whether the kernels can be used: numba is installed, fits this NumPy, and is not switched off.

    The environment variable AUTOARRAY_NUMBA=0 switches the kernels off. A numba that does not fit gives a warning.
    """
    if os.environ.get(VARIABLE, "1") == "0":
        return False
    try:
        importlib.import_module("numba")
    except ModuleNotFoundError:
        return False
    except Exception as error:
        warnings.warn(
            f"numba can't be imported, so that autoarray goes on without its compiled kernels: {error}",
            RuntimeWarning,
            stacklevel=2,
        )
        return False
    return True


def compile_kernel(function: Callable[..., Any], *, fused: bool = True) -> Callable[..., Any]:
    """Compile a function of arrays and numbers when it is first called, and keep the machine code on disk.

    The code runs without Python's lock. Sums keep their order; a product and a sum may be rounded once, as in BLAS,
    unless `fused` is False: then terms that cancel in NumPy cancel here too.
    """
    options: dict[str, Any] = {"nogil": True, "fastmath": {"contract"} if fused else False, "error_model": "numpy"}
    return jit(function, True, nopython=True, **options)


def jit(function: Callable[..., Any], cache: bool, **options: Any) -> Callable[..., Any]:
    """Compile a function with options of numba when it is first called, and keep the machine code on disk if asked."""
    numba: Any = importlib.import_module("numba")
    try:
        return numba.jit(cache=cache, **options)(function)
    except RuntimeError:  # no folder that numba may write to
        return numba.jit(**options)(function)
