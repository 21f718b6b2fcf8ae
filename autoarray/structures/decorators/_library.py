"""The array library that a function of a grid computes with."""

from __future__ import annotations

import sys

import numpy as np

from autoarray._backend import is_tracer
from autoarray._typing import Namespace


def library_of(grid: object, xp: Namespace, func: object) -> Namespace:
    """The array library for a grid and what a caller passes as `xp`, which is `numpy` if it passes nothing.

    A caller that names JAX gets JAX. A grid that holds a JAX array is computed with JAX, whatever the caller passes, so
    that the objects of a JAX fit can be asked for anything without saying so each time.

    Raises
    ------
    ValueError
        If a grid is being traced by JAX, and `xp` is `numpy`. Then the caller is inside `jax.jit` and most likely does
        not pass `xp` on, so that what it computes besides would fail, or leave the trace.
    """
    if xp is np and getattr(grid, "_use_jax", False):
        if is_tracer(getattr(grid, "_array", None)):
            name = getattr(func, "__qualname__", repr(func))
            raise ValueError(
                f"{name}: expected xp=jax.numpy for a grid that JAX is tracing, found xp=numpy; pass "
                f"xp=jax.numpy to the call of {name} inside jax.jit"
            )
        return sys.modules["jax.numpy"]
    return xp
