"""Which pixels of a mesh are next to which."""

from __future__ import annotations

import numpy as np

from autoarray import exc
from autoarray._display import line
from autoarray._typing import Array, Namespace
from autoarray.abstract_ndarray import AbstractNDArray


class Neighbors(AbstractNDArray):
    """The neighbors of every mesh pixel, as an array padded with -1, and how many of them there are.

    The numbers are part of the object's state, so that they come back from a pickle with the array.

    Parameters
    ----------
    arr
        The indexes of the neighbors, of shape (pixels, most_neighbors), padded with -1.
    sizes
        The number of neighbors of every pixel, of shape (pixels,).

    Raises
    ------
    MeshException
        If the two are not of the same pixels.
    """

    def __init__(self, arr: Array, sizes: Array, xp: Namespace = np) -> None:
        super().__init__(array=arr, xp=xp)
        if self._array.ndim != 2 or np.shape(sizes) != self._array.shape[:1]:
            raise exc.MeshException(
                f"Neighbors.sizes: expected one number for each of the pixels of arr, of shape (pixels, "
                f"most_neighbors), found sizes of shape {np.shape(sizes)} and arr of shape {self._array.shape}"
            )
        self.sizes = sizes

    @property
    def native(self) -> Neighbors:
        """The neighbors themselves: they have one row for each pixel in any form."""
        return self

    @property
    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """Every directed pair of neighbors: two arrays of indexes, of a pixel and of its neighbor."""
        neighbors, sizes = np.asarray(self._array), np.asarray(self.sizes)
        rows, columns = np.nonzero(np.arange(neighbors.shape[1]) < sizes[:, None])
        return rows, neighbors[rows, columns]

    def _repr_parts(self) -> list[str]:
        pixels, most = line.shape_of(self) or (0, 0)
        return [line.backend(self), f"{pixels:,} pixels, at most {most} neighbors each"]
