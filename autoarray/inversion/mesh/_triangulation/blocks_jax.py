"""Functions of many points on JAX, some thousand points at a time, so that what they need at once stays small."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import jax


def map_blocks(function: Callable[..., Any], arrays: tuple[jax.Array, ...], fills: tuple[float, ...], size: int) -> Any:
    """The results of a function of rows, block after block.

    Parameters
    ----------
    function
        Of a tuple of arrays of `size` rows. It returns an array, or a tuple of arrays, of as many rows.
    arrays
        Of M rows each.
    fills
        What fills each of them up to whole blocks.
    size
        How many rows are in a block.

    Returns
    -------
    array or tuple of arrays
        Of M rows.
    """
    import jax
    import jax.numpy as jnp

    total = arrays[0].shape[0]
    blocks = max(1, -(-total // size))

    def split(values: jax.Array, fill: float) -> jax.Array:
        filler = jnp.full((blocks * size - total, *values.shape[1:]), fill, dtype=values.dtype)
        return jnp.concatenate((values, filler)).reshape(blocks, size, *values.shape[1:])

    def join(values: jax.Array) -> jax.Array:
        return values.reshape(blocks * size, *values.shape[2:])[:total]

    return jax.tree.map(join, jax.lax.map(function, tuple(map(split, arrays, fills))))
