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

    With the images G of the functions after the PSF, the rest of F is A^T P^T N^-1 G and G^T N^-1 G.
    """

    @derived
    def _functions(self) -> Functions | None:
        matrices = self._operated_matrices_of_functions
        if not matrices:
            return None
        index = np.concatenate([np.arange(*self.ranges[i]) for i in matrices])
        return Functions(index, self._xp.hstack([dense_from(matrix) for matrix in matrices.values()]))

    # ------------------------------------------------------------------ what the subclasses know

    @property
    def _data_vector_of_mappers(self) -> Float[Array, "params"]:
        """The data vector, with anything in the place of functions."""
        raise NotImplementedError(f"{type(self).__name__} has no data vector of mappers")

    @property
    def _curvature_matrix_of_mappers(self) -> Float[Array, "params params"]:
        """The curvature matrix, with anything in the rows and columns of functions."""
        raise NotImplementedError(f"{type(self).__name__} has no curvature matrix of mappers")

    def _transposed_product_from(self, images: Float[Array, "data_pixels *images"]) -> Float[Array, "params *images"]:
        """A^T P^T times images."""
        raise NotImplementedError(f"{type(self).__name__} has no transposed product")

    # ------------------------------------------------------------------ both parts

    @property
    def data_vector(self) -> Float[Array, "params"]:
        data_vector = self._data_vector_of_mappers
        if self._functions is None:
            return data_vector
        index, images = self._functions
        return _put(data_vector, index, images.T @ over_variance(self.data, self.noise_map))

    @property
    def curvature_matrix(self) -> Float[Array, "params params"]:
        matrix = self._curvature_matrix_of_mappers
        if self._functions is None:
            return matrix
        index, images = self._functions
        weighted = over_variance(images, self.noise_map)
        columns = _put(self._transposed_product_from(weighted), index, images.T @ weighted)
        return _put(_put(matrix, (slice(None), index), columns), index, columns.T)


def _put(array: Array, index: Index, values: Array) -> Array:
    """An array with other values at an index: itself in NumPy mode, a new one in JAX mode."""
    if isinstance(array, np.ndarray):
        array[index] = values
        return array
    return array.at[index].set(values)
