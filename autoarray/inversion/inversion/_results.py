"""What is read off a solved inversion: its images, errors and brightest pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from autoarray import exc
from autoarray._backend import as_array
from autoarray._numerics import cholesky
from autoarray._state import derived
from autoarray._typing import Array, Namespace
from autoarray.inversion.linear_obj.func_list import AbstractLinearObjFuncList
from autoarray.inversion.linear_obj.linear_obj import LinearObj
from autoarray.inversion.mappers.abstract import Mapper
from autoarray.inversion.mappings.mapping import (
    Mapping,
    connected_components_from,
    mapping_from,
    pix_index_groups_from,
)
from autoarray.structures.grids.irregular_2d import Grid2DIrregular

if TYPE_CHECKING:
    from autoarray.inversion.mappings._mapper_like import MapperLike
    from autoarray.structures.arrays.uniform_2d import Array2D

T = TypeVar("T")


class InversionResults:
    """The quantities of a solved inversion that its evidence does not need; a part of `AbstractInversion`."""

    if TYPE_CHECKING:  # what the other part has
        linear_obj_list: list[LinearObj]

        @property
        def use_jax(self) -> bool: ...
        @use_jax.setter
        def use_jax(self, value: bool) -> None: ...
        @property
        def _xp(self) -> Namespace: ...
        @property
        def data(self) -> Array2D: ...
        @property
        def total_params(self) -> int: ...
        def cls_list_from(self, cls: type[T], cls_filtered: type | None = None) -> list[T]: ...
        def param_range_list_from(self, cls: type) -> list[list[int]]: ...
        @property
        def mapping_matrix_list(self) -> list[Array]: ...
        @property
        def operated_mapping_matrix_list(self) -> list[Array]: ...
        @derived
        def _allowed(self) -> np.ndarray: ...
        @property
        def _curvature_reg_matrix_solved(self) -> Array: ...
        @derived
        def reconstruction(self) -> Array: ...

    def source_quantity_dict_from(self, source_quantity: Array) -> dict[LinearObj, Array]:
        """A quantity of all parameters, of shape (params,), cut into one array for each linear object."""
        ranges = self.param_range_list_from(LinearObj)
        return {
            linear_obj: source_quantity[start:end]
            for linear_obj, (start, end) in zip(self.linear_obj_list, ranges, strict=True)
        }

    @property
    def reconstruction_dict(self) -> dict[LinearObj, Array]:
        """The part of the reconstruction of each linear object."""
        return self.source_quantity_dict_from(self.reconstruction)

    # ------------------------------------------------------------------ matrices and images of each linear object

    def _dict_of(self, cls: type, values: list[Array]) -> dict[LinearObj, Array]:
        return {
            linear_obj: value
            for linear_obj, value in zip(self.linear_obj_list, values, strict=True)
            if isinstance(linear_obj, cls)
        }

    @property
    def linear_func_mapping_matrix_dict(self) -> dict[LinearObj, Array]:
        """The images before the PSF, of shape (data_pixels, params), of each list of functions."""
        return self._dict_of(AbstractLinearObjFuncList, self.mapping_matrix_list)

    @property
    def linear_func_operated_mapping_matrix_dict(self) -> dict[LinearObj, Array]:
        """The images after the PSF, of shape (data_pixels, params), of each list of functions."""
        return self._dict_of(AbstractLinearObjFuncList, self.operated_mapping_matrix_list)

    @property
    def mapper_operated_mapping_matrix_dict(self) -> dict[LinearObj, Array]:
        """The images after the PSF, of shape (data_pixels, params), of each mapper."""
        return self._dict_of(Mapper, self.operated_mapping_matrix_list)

    @property
    def mapped_reconstructed_data_dict(self) -> dict[LinearObj, Array2D]:
        """The image of each linear object before the PSF, as `Array2D`."""
        raise NotImplementedError(f"{type(self).__name__} does not map its reconstruction to the data")

    @property
    def mapped_reconstructed_operated_data_dict(self) -> dict[LinearObj, Array2D]:
        """The image of each linear object after the PSF, as `Array2D`."""
        raise NotImplementedError(f"{type(self).__name__} does not map its reconstruction to the data")

    @derived
    def mapped_reconstructed_data(self) -> Array2D:
        """The image of the reconstruction before the PSF, as an `Array2D`."""
        return _sum_of(list(self.mapped_reconstructed_data_dict.values()))

    @derived(travels=True)
    def mapped_reconstructed_operated_data(self) -> Array2D:
        """The image of the reconstruction after the PSF, as an `Array2D`."""
        return _sum_of(list(self.mapped_reconstructed_operated_data_dict.values()))

    @property
    def data_subtracted_dict(self) -> dict[LinearObj, Array2D]:
        """The data without the images of all other linear objects, for each linear object."""
        images = self.mapped_reconstructed_operated_data_dict
        return {
            linear_obj: self.data - _sum_of([image for other, image in images.items() if other is not linear_obj])
            if len(images) > 1
            else self.data
            for linear_obj in self.linear_obj_list
        }

    # ------------------------------------------------------------------ errors

    @derived
    def reconstruction_covariance_matrix(self) -> Array:
        """The covariance of the reconstruction, (F + H)^-1, of shape (params, params) (Warren & Dye 2003, eq. 21).

        The matrix is inverted for the parameters that are solved for; the rows and columns of the others are NaN. The
        bound at zero is left out, so that the covariance overstates the errors of the positive-only solution.

        Raises
        ------
        InversionException
            In NumPy mode, if the matrix is not positive definite; in JAX mode the covariance is then NaN.
        """
        index = np.ix_(*[np.flatnonzero(self._allowed)] * 2)
        inverse = cholesky.inverse_from(self._curvature_reg_matrix_solved, self._xp)
        covariance = np.full((self.total_params, self.total_params), np.nan)
        if self.use_jax:
            return as_array(covariance, self._xp).at[index].set(inverse)
        covariance[index] = inverse
        return covariance

    @property
    def reconstruction_noise_map_with_covariance(self) -> Array:
        """Another name of `reconstruction_covariance_matrix`."""
        return self.reconstruction_covariance_matrix

    @property
    def reconstruction_noise_map(self) -> Array:
        """The standard deviation of each parameter, of shape (params,); NaN for those that are not solved for."""
        return self._xp.sqrt(self._xp.diag(self.reconstruction_covariance_matrix))

    @property
    def reconstruction_noise_map_dict(self) -> dict[LinearObj, Array]:
        """The part of `reconstruction_noise_map` of each linear object."""
        return self.source_quantity_dict_from(self.reconstruction_noise_map)

    # ------------------------------------------------------------------ regularization weights

    def regularization_weights_from(self, index: int) -> Array:
        """How strongly each parameter of a linear object is smoothed; zeros without regularization."""
        linear_obj = self.linear_obj_list[index]
        if linear_obj.regularization is None:
            return self._xp.zeros(linear_obj.params)
        return linear_obj.regularization.regularization_weights_from(linear_obj=linear_obj, xp=self._xp)

    @property
    def regularization_weights_mapper_dict(self) -> dict[LinearObj, Array]:
        """How strongly each mesh pixel of each mapper is smoothed."""
        return {
            linear_obj: self.regularization_weights_from(index=i)
            for i, linear_obj in enumerate(self.linear_obj_list)
            if isinstance(linear_obj, Mapper)
        }

    # ------------------------------------------------------------------ the brightest pixels

    def max_pixel_list_from(
        self, total_pixels: int = 1, filter_neighbors: bool = False, mapper_index: int = 0
    ) -> list[list[int]]:
        """The brightest mesh pixels of a mapper, in a list in a list.

        Parameters
        ----------
        total_pixels
            At most how many pixels.
        filter_neighbors
            Leave out pixels with a brighter neighbor.
        mapper_index
            Which mapper.
        """
        mapper = self._mapper(mapper_index)
        values = np.asarray(self.reconstruction_dict[mapper])
        order = np.argsort(values, kind="stable")[::-1]
        if filter_neighbors:
            neighbors = np.asarray(mapper.neighbors.array)
            around = np.where(neighbors >= 0, values[neighbors], -np.inf)
            order = order[(values >= around.max(axis=1, initial=-np.inf))[order]]
        return [order[:total_pixels].tolist()]

    def max_pixel_centre(self, mapper_index: int = 0) -> Grid2DIrregular:
        """The (y, x) centre of the brightest mesh pixel of a mapper, of shape (1, 2), in arc-seconds."""
        mapper = self._mapper(mapper_index)
        brightest = int(np.argmax(np.asarray(self.reconstruction_dict[mapper])))
        return Grid2DIrregular(np.asarray(mapper.source_plane_mesh_grid.array)[brightest][None, :])

    def source_clumps_from(
        self,
        mapper_index: int = 0,
        threshold: float = 0.5,
        min_pixels: int = 3,
        total_clumps: int | None = None,
        pix_indexes: Sequence[int] | Sequence[Sequence[int]] | None = None,
    ) -> list[np.ndarray]:
        """Groups of neighboring mesh pixels that are bright, the one with the brightest pixel first.

        Parameters
        ----------
        mapper_index
            Which mapper.
        threshold
            The share of the brightest mesh pixel that the others have to exceed.
        min_pixels
            Smaller groups are left out.
        total_clumps
            At most how many groups, or None for all of them.
        pix_indexes
            Groups of mesh pixels, or one group, to return as they are.

        Returns
        -------
        list
            The mesh pixels of each group, in rising order.
        """
        mapper = self._mapper(mapper_index)
        if pix_indexes is not None:
            return pix_index_groups_from(pix_indexes, pixels=mapper.params)
        values = np.asarray(self.reconstruction_dict[mapper])
        bright = np.flatnonzero(values > threshold * values.max())
        groups = connected_components_from(bright, mapper.neighbors)
        groups = [group for group in groups if len(group) >= min_pixels]
        return sorted(groups, key=lambda group: -values[group].max())[:total_clumps]

    def mappings_from(self, mapper_index: int = 0, weight_threshold: float = 0.0, **clump_kwargs: Any) -> list[Mapping]:
        """The regions of the image that each clump of the reconstruction maps to.

        Parameters
        ----------
        mapper_index
            Which mapper.
        weight_threshold
            A data pixel belongs to a region if its mapping weights to the clump add up to more than this.
        clump_kwargs
            The other arguments of `source_clumps_from`.
        """
        mapper = self._mapper(mapper_index)
        values = np.asarray(self.reconstruction_dict[mapper])
        # Type checkers match a protocol's property with a property, and with no other descriptor.
        regions_of = cast("MapperLike", mapper)
        return [
            mapping_from(regions_of, clump, weight_threshold, peak_value=float(values[clump].max()))
            for clump in self.source_clumps_from(mapper_index=mapper_index, **clump_kwargs)
        ]

    def _mapper(self, mapper_index: int) -> Mapper:
        mappers = self.cls_list_from(Mapper)
        if not 0 <= mapper_index < len(mappers):
            raise exc.InversionException(
                f"{type(self).__name__}: mapper_index: expected 0 to {len(mappers) - 1}, found {mapper_index}"
            )
        return mappers[mapper_index]


def _sum_of(arrays: list[Array2D]) -> Array2D:
    total = arrays[0]
    for array in arrays[1:]:
        total = total + array
    return total
