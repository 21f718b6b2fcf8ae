"""Arrays that several panels draw, read from their backend once."""

from __future__ import annotations

from typing import Any

from autoarray.plot._canvas.inputs import values_of

UNIT = "e$^-$ s$^{-1}$"


def in_numpy(array: Any) -> Any:
    """The same `Array2D` with NumPy values."""
    from autoarray.structures.arrays.uniform_2d import Array2D

    values = values_of(array)
    return Array2D(values=values, mask=array.mask, store_native=values.ndim == 2)


def unmasked_of(array: Any) -> Any:
    """The values of an `Array2D` that are not masked."""
    values = values_of(array)
    return values if values.ndim == 1 else values[~values_of(array.mask)]
