"""What the public operator of an interferometer is made of: checks, and mapping matrices in the bounding box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, numbers_from
from autoarray._typing import ArrayLike, Namespace
from autoarray.abstract_ndarray import unwrap

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def kernel_from(values: ArrayLike, name: str) -> np.ndarray:
    """A kernel as an array of even shape of finite numbers.

    Raises
    ------
    exc.InversionException
        If it is none.
    """
    kernel = np.asarray(numbers_from(unwrap(values), name, exc.InversionException), dtype=float)
    if kernel.ndim != 2 or kernel.shape[0] % 2 or kernel.shape[1] % 2 or not kernel.size:
        raise exc.InversionException(
            f"{name}: expected the shape (2 rows, 2 columns) of the bounding box of a mask, found {kernel.shape}"
        )
    if not np.isfinite(kernel).all():
        raise exc.InversionException(f"{name}: expected finite numbers, found NaN or infinity")
    return kernel


def matrix_from(rows: Any, columns: Any, values: Any, shape: tuple[int, int]) -> csr_array:
    """A sparse matrix from triplets, of which those outside of the shape are padding."""
    from scipy.sparse import coo_array, csr_array

    rows, columns, values = (np.asarray(unwrap(array)).ravel() for array in (rows, columns, values))
    inside = (rows >= 0) & (rows < shape[0]) & (columns >= 0) & (columns < shape[1])
    triplets = (values[inside], (rows[inside], columns[inside]))
    return csr_array(coo_array(triplets, shape=shape, dtype=float))


def in_box(images: Any, index: np.ndarray, shape: tuple[int, int], xp: Namespace) -> Any:
    """Images of shape (pixels, n), placed in the bounding box, of shape (n, rows, columns)."""
    images = as_array(unwrap(images), xp)
    size = shape[0] * shape[1]
    if xp is np:
        box = np.zeros((images.shape[1], size))
        box[:, index] = images.T
    else:
        box = xp.zeros((images.shape[1], size)).at[:, np.asarray(index)].set(images.T)
    return box.reshape(-1, *shape)
