"""Calls from a JAX program to a function of NumPy arrays.

`jax.pure_callback` makes JAX arrays of the arguments, and copies large ones by a task of XLA's thread pool. On a CPU
the program that waits for the call may hold the last thread of that pool; the evidence of an HST image then waited
forever, on one core within a few calls. `buffer_callback` gives the function the memory itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax.experimental.buffer_callback import buffer_callback


def host_call(function: Callable[..., Any], shapes: Any, *arguments: Any) -> Any:
    """What a function returns, in a JAX program, with `jax.vmap` calling it for one model after the other.

    It has no derivative of its own.

    Parameters
    ----------
    function
        Takes the arguments as NumPy arrays that it may only read, while it runs, and returns arrays like `shapes`.
    shapes
        A pytree of `jax.ShapeDtypeStruct`: what the function returns.
    arguments
        Pytrees of JAX arrays.
    """

    def in_place(context: Any, results: Any, *buffers: Any) -> None:
        del context
        returned = jax.tree_util.tree_leaves(function(*jax.tree_util.tree_map(_read_only, buffers)))
        for buffer, values in zip(jax.tree_util.tree_leaves(results), returned, strict=True):
            target = np.asarray(buffer)
            if target.shape != np.shape(values):
                raise ValueError(
                    f"host_call: expected an array of shape {target.shape} of {function}, found {np.shape(values)}"
                )
            target[...] = values

    def on_cpu(*arguments: Any) -> Any:
        return buffer_callback(in_place, shapes, vmap_method="sequential")(*arguments)

    def elsewhere(*arguments: Any) -> Any:
        return jax.pure_callback(
            lambda *arguments: function(*jax.tree_util.tree_map(np.asarray, arguments)),
            shapes,
            *arguments,
            vmap_method="sequential",
        )

    return jax.lax.platform_dependent(*arguments, cpu=on_cpu, default=elsewhere)


def _read_only(buffer: Any) -> np.ndarray:
    values = np.asarray(buffer)
    values.flags.writeable = False
    return values
