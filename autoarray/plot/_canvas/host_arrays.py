# pyright: strict
"""Arrays that several panels draw, read from their backend once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autoarray.plot._canvas.inputs import values_of

if TYPE_CHECKING:
    import numpy as np

    from autoarray.structures.arrays.uniform_2d import AbstractArray2D, Array2D

UNIT = "e$^-$ s$^{-1}$"


def in_numpy(array: AbstractArray2D) -> Array2D:
    """The same `Array2D` with NumPy values."""
    from autoarray.structures.arrays.uniform_2d import Array2D

    values = values_of(array)
    return Array2D(values=values, mask=array.mask, store_native=values.ndim == 2)


def unmasked_of(array: AbstractArray2D) -> np.ndarray:
    """The values of an `Array2D` that are not masked."""
    values = values_of(array)
    return values if values.ndim == 1 else values[~values_of(array.mask)]
