"""Calls from a JAX program to a function of NumPy arrays.

`jax.pure_callback` makes JAX arrays of the arguments, and copies large ones by a task of XLA's thread pool. On a CPU
the program that waits for the call may hold the last thread of that pool; the evidence of an HST image then waited
forever, on one core within a few calls. `buffer_callback` gives the function the memory itself.

The models of a batch (`jax.vmap`) are gone through in Python, in one call, by as many threads as there are cores: as a
loop of the program, two such calls that don't depend on each other waited for each other's threads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax.experimental.buffer_callback import buffer_callback
from jax.tree_util import tree_leaves, tree_map, tree_structure

from autoarray._numerics.batch_threads import for_each


def host_call(function: Callable[..., Any], shapes: Any, *arguments: Any) -> Any:
    """What a function returns, in a JAX program; of a batch, for each model (`batch_threads.py`).

    It has no derivative of its own.

    Parameters
    ----------
    function
        Takes the arguments as NumPy arrays that it may only read, while it runs, and returns arrays like `shapes`.
        Several threads may call it at once.
    shapes
        A pytree of `jax.ShapeDtypeStruct`: what the function returns.
    arguments
        Pytrees of JAX arrays.
    """
    dimensions = [np.ndim(argument) for argument in tree_leaves(arguments)]
    structure = tree_structure(arguments)

    def fill(results: list[np.ndarray], values: list[np.ndarray]) -> None:
        """Compute the results of every model of a batch, whose axes are the first ones."""
        batches = [value.shape[: value.ndim - own] for value, own in zip(values, dimensions, strict=True)]
        batch = np.broadcast_shapes(*batches)
        values = [
            np.broadcast_to(value, batch + value.shape[value.ndim - own :])
            for value, own in zip(values, dimensions, strict=True)
        ]

        def compute(model: tuple[int, ...]) -> None:
            returned = tree_leaves(function(*structure.unflatten(value[model] for value in values)))
            for result, found in zip(results, returned, strict=True):
                if result[model].shape != np.shape(found):
                    raise ValueError(
                        f"host_call: expected an array of shape {result[model].shape}, found {np.shape(found)}"
                    )
                result[model] = found

        for_each(compute, list(np.ndindex(batch)))

    def in_place(context: Any, results: Any, *buffers: Any) -> None:
        del context
        fill([np.asarray(buffer) for buffer in tree_leaves(results)], [np.asarray(b) for b in tree_leaves(buffers)])

    def returning(*arguments: Any) -> Any:
        values = [np.asarray(argument) for argument in tree_leaves(arguments)]
        batch = np.broadcast_shapes(*(v.shape[: v.ndim - own] for v, own in zip(values, dimensions, strict=True)))
        results = tree_map(lambda shape: np.empty(batch + shape.shape, dtype=shape.dtype), shapes)
        fill(tree_leaves(results), values)
        return results

    def on_cpu(*arguments: Any) -> Any:
        return buffer_callback(in_place, shapes, vmap_method="expand_dims")(*arguments)

    def elsewhere(*arguments: Any) -> Any:
        return jax.pure_callback(returning, shapes, *arguments, vmap_method="expand_dims")

    return jax.lax.platform_dependent(*arguments, cpu=on_cpu, default=elsewhere)
