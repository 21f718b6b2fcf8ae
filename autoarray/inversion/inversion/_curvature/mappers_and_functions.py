"""The linear system in two parts: mappers, whose images follow from weights, and functions, whose images are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from autoarray._state import derived
from autoarray._typing import Array
from autoarray.inversion.inversion._curvature.linear_system import LinearSystem
from autoarray.inversion.inversion._curvature.noise import over_variance
from autoarray.inversion.inversion._curvature.products import dense_from

if TYPE_CHECKING:
    from jaxtyping import Float, Int

# Rows of an array, or rows and columns.
Index: TypeAlias = np.ndarray | tuple[slice, np.ndarray]


class Functions(NamedTuple):
    """The linear objects that are no mappers, or mappers that give their own images."""

    index: Int[np.ndarray, "functions"]  # their parameters
    images: Float[Array, "data_pixels functions"]  # the images of these after the PSF


class MappersAndFunctions(LinearSystem):
    """The system of mappers without their convolved mapping matrix, bordered by the rows and columns of functions.

    With the images G of the functions after the PSF, the rest of F is B^T N^-1 G and G^T N^-1 G.
    """

    @derived
    def _functions(self) -> Functions | None:
        matrices = self._operated_matrices_of_functions
        if not matrices:
            return None
        index = np.concatenate([np.arange(*self.ranges[i]) for i in matrices])
        return Functions(index, self._xp.hstack([dense_from(matrix) for matrix in matrices.values()]))

    def _data_vector_of_mappers_from(self, weighted: Float[Array, "data_pixels"]) -> Float[Array, "params"]:
        """A^T P^T N^-1 d, with anything in the place of functions; `weighted` is N^-1 d.

        It takes one convolution of an image, where B = P A takes one for each parameter.
        """
        raise NotImplementedError(f"{type(self).__name__} has no data vector of mappers")

    @property
    def data_vector(self) -> Float[Array, "params"]:
        weighted = over_variance(self.data, self.noise_map)
        data_vector = self._data_vector_of_mappers_from(weighted)
        if self._functions is None:
            return data_vector
        index, images = self._functions
        return put(data_vector, index, images.T @ weighted)


def put(array: Array, index: Index, values: Array) -> Array:
    """An array with other values at an index: itself in NumPy mode, a new one in JAX mode."""
    if isinstance(array, np.ndarray):
        array[index] = values
        return array
    return array.at[index].set(values)
