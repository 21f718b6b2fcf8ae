"""The linear system from the interpolation weights of mappers, in JAX mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._state import derived
from autoarray._typing import Array, Namespace
from autoarray.inversion.inversion._curvature.mappers_and_functions import MappersAndFunctions
from autoarray.inversion.inversion._curvature.weights import (
    MapperSystem,
    MapperWeights,
    is_interpolated,
    weights_from,
)
from autoarray.inversion.linear_obj.linear_obj import LinearObj
from autoarray.inversion.mappers.abstract import Mapper
from autoarray.settings import Settings

if TYPE_CHECKING:
    from jaxtyping import Float

    from autoarray.inversion.inversion.dataset_interface import ImagingDataset


class InterpolationWeights(MappersAndFunctions):
    """Scatters the products with images, and has the curvature matrix formed by the program for the platform.

    The programs are those of `programs_jax.py`.

    Parameters
    ----------
    dataset, linear_obj_list, settings, xp
        As in `LinearSystem`; the noise map is not traced.
    batch_size
        How many columns of the curvature matrix a device forms at once; all of them if None.
    """

    def __init__(
        self,
        dataset: ImagingDataset,
        linear_obj_list: list[LinearObj],
        settings: Settings,
        batch_size: int | None,
        xp: Namespace,
    ) -> None:
        super().__init__(dataset, linear_obj_list, settings, xp)
        self.batch_size = batch_size

    @derived
    def _system_and_weights(self) -> tuple[MapperSystem, list[MapperWeights]]:
        mappers = [
            (linear_obj, start)
            for linear_obj, (start, _) in zip(self.linear_obj_list, self.ranges, strict=True)
            if isinstance(linear_obj, Mapper) and is_interpolated(linear_obj)
        ]
        system = MapperSystem(
            slims=tuple(mapper.slim_index_for_sub_slim_index for mapper, _ in mappers),
            params=self.ranges[-1][1],
            psf=self.psf,
            mask=self.mask,
            noise_map=np.asarray(self.dataset.noise_map.array),
            single_precision=bool(self.settings.use_mixed_precision),
            functions=None if self._functions is None else self._functions.index,
        )
        return system, [weights_from(mapper, start, self._xp) for mapper, start in mappers]

    def _data_vector_of_mappers_from(self, weighted: Float[Array, "data_pixels"]) -> Float[Array, "params"]:
        system, weights = self._system_and_weights
        returned = weighted if self.psf is None else self._convolve(weighted, self.psf.reversed_kernel)
        return system.transposed_product_from(weights, returned, self._xp)

    @property
    def curvature_matrix(self) -> Float[Array, "params params"]:
        from autoarray.inversion.inversion._curvature.programs_jax import curvature_matrix_from

        images = None if self._functions is None else self._functions.images
        return curvature_matrix_from(*self._system_and_weights, self.batch_size, images)
