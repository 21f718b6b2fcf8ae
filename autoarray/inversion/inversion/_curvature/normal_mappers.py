"""The mappers of an inversion of visibilities by their interpolation weights: products and derivatives on NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import _pytree
from autoarray.inversion.inversion._curvature import normal_products
from autoarray.inversion.inversion._curvature.weights import MapperSystem, MapperWeights
from autoarray.operators._fourier.normal import NormalOperator

if TYPE_CHECKING:
    from jaxtyping import Float, Int

_ENTRIES_AT_ONCE = 2**13


class NormalMappers:
    """What is fixed about the mappers of an inversion of visibilities while their weights vary.

    All of it is NumPy, and two with equal contents are equal, so that JAX compiles what depends on one once.

    Parameters
    ----------
    system
        The sub-pixels of the mappers and the functions, without a PSF and with noise of 1.
    normal
        W.
    box
        The index of each unmasked pixel in the bounding box of the mask.
    batch_size
        How many columns a device applies W to at once.
    """

    def __init__(
        self, system: MapperSystem, normal: NormalOperator, box: Int[np.ndarray, "data_pixels"], batch_size: int
    ) -> None:
        self.system = system
        self.normal = normal
        self.box = box
        self.batch_size = batch_size

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NormalMappers) and (
            self.batch_size == other.batch_size
            and self.system == other.system
            and _pytree._same(self.normal, other.normal)
            and _pytree._same(self.box, other.box)
        )

    def __hash__(self) -> int:
        return hash((self.system, self.normal.shape, self.batch_size))

    def curvature_matrix_from(
        self, weights: list[MapperWeights], images: Float[np.ndarray, "data_pixels functions"] | None = None
    ) -> Float[np.ndarray, "params params"]:
        """The curvature matrix, of shape (params, params)."""
        matrix = self.system.matrix_from(weights)
        return normal_products.bordered_from(self.normal, matrix, self.box, self.system.functions, images)

    def applied_from(
        self, weights: list[MapperWeights], images: Float[np.ndarray, "data_pixels functions"] | None
    ) -> Float[np.ndarray, "data_pixels params"]:
        """W B, with the images of functions as columns of B."""
        matrix = self.system.matrix_from(weights)
        inside = normal_products.in_box(self.normal, matrix, self.box)
        applied = normal_products.applied_matrix_from(self.normal, inside)[self.box]
        if images is not None:
            frame = np.zeros((images.shape[1], self.normal.shape[0] * self.normal.shape[1]))
            frame[:, self.box] = images.T
            found = self.normal.apply(frame.reshape(-1, *self.normal.shape)).reshape(frame.shape)
            applied[:, self.system.functions] = found[:, self.box].T
        return applied

    def curvature_change_from(
        self,
        weights: list[MapperWeights],
        changes: list[MapperWeights],
        images: Float[np.ndarray, "data_pixels functions"] | None = None,
        image_changes: Float[np.ndarray, "data_pixels functions"] | None = None,
    ) -> Float[np.ndarray, "params params"]:
        """The derivative of the curvature matrix along a change of the weights and images."""
        applied = self.applied_from(weights, images)
        product = self.system.matrix_from(changes).T @ applied
        if image_changes is not None:
            product[self.system.functions] = image_changes.T @ applied
        return product + product.T

    def gradients_from(
        self,
        weights: list[MapperWeights],
        cotangent: Float[np.ndarray, "params params"],
        images: Float[np.ndarray, "data_pixels functions"] | None = None,
    ) -> list[Float[np.ndarray, "..."]]:
        """The derivatives of the sum of curvature matrix times cotangent: those by the weights, then by the images.

        That by an entry of B is the same entry of W B (cotangent + its transpose).
        """
        applied = self.applied_from(weights, images)
        symmetric = np.ascontiguousarray(cotangent + cotangent.T)
        gradients: list[np.ndarray] = []
        for slim, (columns, values) in zip(self.system.slims, weights, strict=True):
            rows = np.repeat(slim, columns.shape[1])
            # A NaN model has indexes of any value.
            own = columns.ravel().clip(0, self.system.params - 1)
            found = np.empty(own.size)
            for start in range(0, own.size, _ENTRIES_AT_ONCE):
                part = slice(start, start + _ENTRIES_AT_ONCE)
                np.einsum("ij,ij->i", applied[rows[part]], symmetric[own[part]], out=found[part])
            gradients.append(found.reshape(values.shape))
        if images is not None:
            gradients.append(applied @ symmetric[:, self.system.functions])
        return gradients
