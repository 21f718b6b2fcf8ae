"""The linear system of an inversion of visibilities: D = A^T P b and F = A^T P W P A.

A is the mapping matrix of all linear objects, P the primary beam, b the dirty image and W the normal operator.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray._backend import Backend, as_array
from autoarray._state import derived
from autoarray._typing import Array, Matrix, Namespace
from autoarray.inversion.inversion._curvature import normal_products
from autoarray.inversion.inversion._curvature.weights import image_from, is_interpolated
from autoarray.inversion.linear_obj.linear_obj import LinearObj, param_ranges_from
from autoarray.inversion.mappers.abstract import Mapper
from autoarray.operators._fourier.normal import NormalOperator

if TYPE_CHECKING:
    from jaxtyping import Float
    from scipy.sparse import csr_array

    from autoarray.mask.mask_2d import Mask2D

BATCH_SIZE = 128


class NormalSystem(Backend):
    """The linear system, and the images of its parameters.

    Parameters
    ----------
    normal
        W, on the bounding box of the mask.
    linear_obj_list
        The linear objects, in the order of their parameters.
    mask
        The real-space mask.
    primary_beam_slim
        P in each unmasked pixel, or None.
    batch_size
        How many columns a GPU applies W to at once; 128 if None.
    xp
        `numpy` or `jax.numpy`.
    """

    def __init__(
        self,
        normal: NormalOperator,
        linear_obj_list: Sequence[LinearObj],
        mask: Mask2D,
        primary_beam_slim: np.ndarray | None = None,
        batch_size: int | None = None,
        xp: Namespace = np,
    ) -> None:
        self._set_backend(xp)
        self.normal = normal
        self.linear_obj_list = list(linear_obj_list)
        self.mask = mask
        self.primary_beam_slim = primary_beam_slim
        self.batch_size = BATCH_SIZE if batch_size is None else batch_size

    # ------------------------------------------------------------------ images

    def matrix_of(self, index: int) -> Float[Matrix, "data_pixels params"]:
        """The mapping matrix of a linear object; sparse in NumPy mode."""
        linear_obj = self.linear_obj_list[index]
        return linear_obj.mapping_matrix if self.use_jax else linear_obj.mapping_matrix_sparse

    def image_from(self, index: int, parameters: Float[Array, "params"]) -> Float[Array, "data_pixels"]:
        """The image of the parameters of a linear object, of shape (data_pixels,)."""
        linear_obj = self.linear_obj_list[index]
        if self.use_jax and isinstance(linear_obj, Mapper) and is_interpolated(linear_obj):
            return image_from(linear_obj, parameters, self._xp)
        return self.matrix_of(index) @ parameters

    def beamed(self, images: Float[Array, "data_pixels *images"]) -> Float[Array, "data_pixels *images"]:
        """P times images."""
        if self.primary_beam_slim is None:
            return images
        beam = as_array(self.primary_beam_slim, self._xp)
        return images * beam.reshape(-1, *(1,) * (images.ndim - 1))

    @derived
    def _box(self) -> np.ndarray:
        """The index of each unmasked pixel in the bounding box."""
        return np.asarray(self.mask.extent_index_for_masked_pixel)

    def applied(self, images: Float[Array, "data_pixels *images"]) -> Float[Array, "data_pixels *images"]:
        """W applied to images inside of the mask."""
        xp = self._xp
        flat = images.reshape(images.shape[0], -1).T
        box = xp.zeros((flat.shape[0], self.normal.shape[0] * self.normal.shape[1]))
        if self.use_jax:
            box = box.at[:, self._box].set(flat)
        else:
            box[:, self._box] = flat
        found = self.normal.apply(box.reshape(-1, *self.normal.shape), xp)
        return found.reshape(flat.shape[0], -1)[:, self._box].T.reshape(images.shape)

    # ------------------------------------------------------------------ the system

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """The first and one past the last parameter of each linear object."""
        return param_ranges_from(self.linear_obj_list)

    @derived
    def _functions(self) -> tuple[np.ndarray, Any] | None:
        """The parameters of linear objects that are no interpolated mappers, and P times their images."""
        which = [i for i, linear_obj in enumerate(self.linear_obj_list) if not is_interpolated(linear_obj)]
        if not which:
            return None
        images: list[Any] = [self.matrix_of(i) for i in which]
        dense = [image.toarray() if hasattr(image, "toarray") else image for image in images]
        index = np.concatenate([np.arange(*self.ranges[i]) for i in which])
        return index, self.beamed(self._xp.hstack(dense))

    @derived
    def _mapping_matrix(self) -> Float[csr_array, "data_pixels params"]:
        """P times the mapping matrices of the interpolated mappers; empty columns for the rest (NumPy mode)."""
        from scipy.sparse import csr_array, diags_array, hstack

        pixels = self.mask.pixels_in_mask
        matrices = [
            self.matrix_of(i) if is_interpolated(o) else csr_array((pixels, o.params))
            for i, o in enumerate(self.linear_obj_list)
        ]
        matrix = matrices[0] if len(matrices) == 1 else hstack(matrices, format="csr")
        if self.primary_beam_slim is not None:
            matrix = diags_array(self.primary_beam_slim) @ matrix
        return csr_array(matrix)

    def data_vector_from(self, dirty_image: Float[Array, "data_pixels"]) -> Float[Array, "params"]:
        """D, of shape (params,), for a dirty image without the primary beam."""
        data_vector: Any
        if self.use_jax:
            from autoarray.inversion.inversion._curvature import normal_jax

            data_vector = normal_jax.transposed_product_from(self, self.beamed(dirty_image))
        else:
            data_vector = self._mapping_matrix.T @ dirty_image
        if self._functions is None:
            return data_vector
        index, images = self._functions
        values = images.T @ dirty_image
        if self.use_jax:
            return data_vector.at[index].set(values)
        data_vector[index] = values
        return data_vector

    @property
    def curvature_matrix(self) -> Float[Array, "params params"]:
        """F, of shape (params, params), before anything is added to its diagonal."""
        if self.use_jax:
            from autoarray.inversion.inversion._curvature import normal_jax

            return normal_jax.curvature_matrix_from(self)
        images = None if self._functions is None else self._functions[1]
        index = np.zeros(0, dtype=int) if self._functions is None else self._functions[0]
        return normal_products.bordered_from(self.normal, self._mapping_matrix, self._box, index, images)
