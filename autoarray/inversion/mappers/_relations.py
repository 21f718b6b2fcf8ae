"""What is read off a mapper: its mappings in other forms, and the regions that they connect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from autoarray import exc
from autoarray._backend import as_array
from autoarray._state import derived
from autoarray._typing import Array, Namespace
from autoarray.geometry import geometry_util
from autoarray.inversion.linear_obj.unique_mappings import UniqueMappings, unique_mappings_from
from autoarray.inversion.mappers import mapper_util
from autoarray.inversion.mappings.mapping import Mapping, mapping_from, pix_index_groups_from
from autoarray.inversion.mesh.mesh_geometry.abstract import AbstractMeshGeometry
from autoarray.inversion.mesh.mesh_geometry.cells import Extent
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.over_sampling.over_sampler import OverSampler
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids import grid_2d_util
from autoarray.structures.grids.irregular_2d import Grid2DIrregular

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# Mesh pixels fainter than this share of the brightest one are left out of the extent that a figure zooms to.
ZOOM_PERCENT = 0.01

# The greatest share of the whole mesh that such an extent is enlarged to.
MOST_ENLARGED = 0.7


class MapperRelations:
    """The quantities of a mapper that an inversion does not need; a part of `Mapper`."""

    if TYPE_CHECKING:  # what the other part has
        _xp: Namespace
        image_plane_mesh_grid: Grid2DIrregular | None
        mapping_matrix: Array
        mapping_matrix_sparse: csr_array
        mask: Mask2D
        mesh_geometry: AbstractMeshGeometry
        over_sampler: OverSampler
        params: int
        pix_indexes_for_sub_slim_index: Array
        pix_sizes_for_sub_slim_index: Array
        pix_weights_for_sub_slim_index: Array
        slim_index_for_sub_slim_index: np.ndarray
        source_plane_mesh_grid: Grid2DIrregular
        use_jax: bool

    # ------------------------------------------------------------------ mappings in other forms

    @property
    def sub_slim_indexes_for_pix_index(self) -> list[list[int]]:
        """The sub-pixels that map to each mesh pixel: a list for every mesh pixel."""
        sizes = np.asarray(self.pix_sizes_for_sub_slim_index)
        mappings = np.asarray(self.pix_indexes_for_sub_slim_index)
        used = np.arange(mappings.shape[1]) < sizes[:, None]
        sub_pixels = np.repeat(np.arange(len(sizes)), sizes)
        order = np.argsort(mappings[used], kind="stable")
        ends = np.cumsum(np.bincount(mappings[used], minlength=self.params))[:-1]
        return [part.tolist() for part in np.split(sub_pixels[order], ends)]

    @overload
    def slim_indexes_for_pix_indexes(self, pix_indexes: Sequence[int]) -> list[int]: ...
    @overload
    def slim_indexes_for_pix_indexes(self, pix_indexes: Sequence[Sequence[int]]) -> list[list[int]]: ...

    def slim_indexes_for_pix_indexes(
        self, pix_indexes: Sequence[int] | Sequence[Sequence[int]]
    ) -> list[int] | list[list[int]]:
        """The data pixels that map to any mesh pixel of each group, in rising order.

        A list of mesh pixels is one group, and gives one list.
        """
        groups: list[Any] = list(pix_indexes)
        if groups and all(np.ndim(group) == 0 for group in groups):
            return self._slim_indexes_for(groups)
        return [self._slim_indexes_for(group) for group in groups]

    def _slim_indexes_for(self, group: Sequence[int]) -> list[int]:
        sub_slim_indexes = self.sub_slim_indexes_for_pix_index
        found = [sub for index in group for sub in sub_slim_indexes[index]]
        return np.unique(self.slim_index_for_sub_slim_index[found]).tolist()

    @derived
    def unique_mappings(self) -> UniqueMappings:
        """The mesh pixels that each data pixel maps to, each once, with the entries of the mapping matrix (NumPy)."""
        return unique_mappings_from(
            pix_indexes_for_sub_slim_index=np.asarray(self.pix_indexes_for_sub_slim_index),
            pix_sizes_for_sub_slim_index=np.asarray(self.pix_sizes_for_sub_slim_index),
            pix_weights_for_sub_slim_index=np.asarray(self.pix_weights_for_sub_slim_index),
            slim_index_for_sub_slim_index=self.slim_index_for_sub_slim_index,
            sub_size=np.asarray(self.over_sampler.sub_size.array),
            pixels=self.params,
        )

    def _sparse_triplets_from(self, return_rows_slim: bool) -> tuple[Array, Array, Array]:
        return mapper_util.sparse_triplets_from(
            pix_indexes_for_sub=self.pix_indexes_for_sub_slim_index,
            pix_weights_for_sub=self.pix_weights_for_sub_slim_index,
            slim_index_for_sub=self.slim_index_for_sub_slim_index,
            fft_index_for_masked_pixel=self.mask.fft_index_for_masked_pixel,
            sub_fraction_slim=np.asarray(self.over_sampler.sub_fraction),
            pix_sizes_for_sub=self.pix_sizes_for_sub_slim_index,
            return_rows_slim=return_rows_slim,
            xp=self._xp,
        )

    @derived
    def sparse_triplets_data(self) -> tuple[Array, Array, Array]:
        """The mapping matrix as triplets (rows, columns, values) whose rows are data pixels."""
        return self._sparse_triplets_from(return_rows_slim=True)

    @derived
    def sparse_triplets_curvature(self) -> tuple[Array, Array, Array]:
        """The mapping matrix as triplets (rows, columns, values) whose rows are pixels of the whole, unmasked image."""
        return self._sparse_triplets_from(return_rows_slim=False)

    # ------------------------------------------------------------------ the PSF at a finer resolution

    @derived
    def mapping_matrix_over_sampled(self) -> Array:
        """The share of every mesh pixel in every sub-pixel of the data, of shape (sub_pixels, pixels).

        Raises
        ------
        GridException
            If the data pixels have different numbers of sub-pixels.
        """
        sub_size = np.asarray(self.over_sampler.sub_size.array)
        return self.mapping_matrix_over_sampled_for(convolve_over_sample_size=int(sub_size.max()))

    def mapping_matrix_over_sampled_for(self, convolve_over_sample_size: int) -> Array:
        """The share of every mesh pixel in every cell of a finer image, which a PSF of that resolution convolves.

        Every data pixel has `convolve_over_sample_size**2` cells, in the order of an `OverSampler`; each is the mean of
        the sub-pixels that fall into it.

        Parameters
        ----------
        convolve_over_sample_size
            The cells along an axis of a data pixel.

        Returns
        -------
        array
            Of shape (data_pixels * convolve_over_sample_size**2, pixels).

        Raises
        ------
        GridException
            If the sub-pixels along an axis of a data pixel are no multiple of its cells along that axis.
        """
        return mapper_util.mapping_matrix_from(**self._over_sampled_arguments(convolve_over_sample_size), xp=self._xp)

    def mapping_matrix_over_sampled_sparse_for(self, convolve_over_sample_size: int) -> csr_array:
        """`mapping_matrix_over_sampled_for` as a SciPy sparse array (NumPy mode)."""
        return mapper_util.mapping_matrix_sparse_from(**self._over_sampled_arguments(convolve_over_sample_size))

    def _over_sampled_arguments(self, convolve_over_sample_size: int) -> dict[str, Any]:
        sub_size = np.asarray(self.over_sampler.sub_size.array)
        cells_per_pixel = int(convolve_over_sample_size) ** 2
        cells = mapper_util.mapping_matrix_over_sampled_indexes_from(sub_size, convolve_over_sample_size)
        indexes, sizes, weights = (
            self.pix_indexes_for_sub_slim_index,
            self.pix_sizes_for_sub_slim_index,
            self.pix_weights_for_sub_slim_index,
        )
        if np.any(np.diff(cells) < 0):
            # The sub-pixels of a cell are not next to each other, but the sparse matrix is built row by row.
            order = np.argsort(cells, kind="stable")
            cells, indexes, sizes, weights = cells[order], indexes[order], sizes[order], weights[order]
        return {
            "pix_indexes_for_sub_slim_index": indexes,
            "pix_size_for_sub_slim_index": sizes,
            "pix_weights_for_sub_slim_index": weights,
            "pixels": self.params,
            "total_mask_pixels": sub_size.size * cells_per_pixel,
            "slim_index_for_sub_slim_index": cells,
            "sub_fraction": np.repeat(cells_per_pixel / sub_size**2, cells_per_pixel),
        }

    # ------------------------------------------------------------------ sums over the data

    def data_weight_total_for_pix_from(self) -> Array:
        """The sum of the interpolation weights of every mesh pixel, of shape (pixels,)."""
        return self._total_for_pix_from(self.pix_weights_for_sub_slim_index)

    def data_pixel_area_for_pix_from(self) -> Array:
        """The area of the data that maps to every mesh pixel, of shape (pixels,), in square arc-seconds.

        Every sub-pixel shares its area out by its interpolation weights, so that they add up to the unmasked area.
        """
        areas = as_array(self.over_sampler.sub_pixel_areas, self._xp)
        return self._total_for_pix_from(self.pix_weights_for_sub_slim_index * areas[:, None])

    def _total_for_pix_from(self, values: Array) -> Array:
        xp = self._xp
        slot = as_array(np.arange(values.shape[1]), xp)
        used = slot < self.pix_sizes_for_sub_slim_index[:, None]
        return mapper_util.data_weight_total_for_pix_from(
            pix_indexes_for_sub_slim_index=xp.where(used, self.pix_indexes_for_sub_slim_index, 0),
            pix_weights_for_sub_slim_index=xp.where(used, values, 0.0),
            pixels=self.params,
            xp=xp,
        )

    def mapped_to_source_from(self, array: Array2D) -> Array:
        """An image on the mesh: the mean over the data pixels that map to each mesh pixel, of shape (pixels,)."""
        return mapper_util.mapped_to_source_via_mapping_matrix_from(
            mapping_matrix=self.mapping_matrix, array_slim=as_array(array.array, self._xp)
        )

    @property
    def mesh_pixels_per_image_pixels(self) -> Array2D:
        """How many mesh pixels of a mesh that is defined in the image plane lie in every data pixel.

        Raises
        ------
        MeshException
            If the mesh is not defined there (`image_plane_mesh_grid` is None).
        """
        if self.image_plane_mesh_grid is None:
            raise exc.MeshException(
                "Mapper.mesh_pixels_per_image_pixels: expected a mapper with image_plane_mesh_grid, the (y, x) "
                "vertices in the image plane, found None"
            )
        counts = grid_2d_util.grid_pixels_in_mask_pixels_from(
            grid=self.image_plane_mesh_grid,
            shape_native=self.mask.shape_native,
            pixel_scales=self.mask.pixel_scales,
            origin=self.mask.origin,
        )
        return Array2D(values=counts[~np.asarray(self.mask.array)], mask=self.mask)

    # ------------------------------------------------------------------ regions

    def mappings_from(
        self, pix_indexes: Sequence[Any], weight_threshold: float = 0.0, min_pixels: int = 1
    ) -> list[Mapping]:
        """The regions of the image that mesh pixels map to.

        Parameters
        ----------
        pix_indexes
            Indexes of mesh pixels, which are one group, or a sequence of such groups.
        weight_threshold
            A data pixel belongs to a region if its mapping weights to the group add up to more than this.
        min_pixels
            Smaller regions are left out.

        Returns
        -------
        list
            A `Mapping` for each group.

        Raises
        ------
        InversionException
            If an index is not that of a mesh pixel.
        """
        return [
            mapping_from(self, group, weight_threshold, min_pixels)
            for group in pix_index_groups_from(pix_indexes, pixels=self.params)
        ]

    def extent_from(
        self,
        values: Array | None = None,
        zoom_to_brightest: bool = True,
        zoom_percent: float | None = None,
        zoom_extent_scale: float = 1.0,
    ) -> Extent:
        """The square extent (x0, x1, y0, y1) of the source plane that a figure shows, in arc-seconds.

        Parameters
        ----------
        values
            The values of the mesh pixels, of shape (pixels,), or None to show the whole mesh.
        zoom_to_brightest
            Whether to zoom to the mesh pixels brighter than a share of the brightest one. If there is none, the whole
            mesh is shown.
        zoom_percent
            That share (default 0.01).
        zoom_extent_scale
            What the extent that was zoomed to is multiplied with about its centre. It is not enlarged beyond the edge
            of the whole mesh, or 0.7 of its size.
        """
        grid = np.asarray(self.source_plane_mesh_grid.array)
        whole = _square_extent_from(grid)
        if values is None or not zoom_to_brightest:
            return whole
        values = np.asarray(values)
        share = ZOOM_PERCENT if zoom_percent is None else zoom_percent
        bright = values > share * values.max()
        shown = _square_extent_from(grid[bright]) if values.max() > 0.0 and bright.any() else whole
        return _scaled_extent_from(shown, zoom_extent_scale, whole)


def _square_extent_from(grid: np.ndarray) -> Extent:
    (y0, x0), (y1, x1) = grid.min(axis=0).tolist(), grid.max(axis=0).tolist()
    return geometry_util.extent_symmetric_from((x0, x1, y0, y1))


def _scaled_extent_from(extent: Extent, scale: float, whole: Extent) -> Extent:
    x0, x1, y0, y1 = extent
    x, y, half = (x0 + x1) / 2.0, (y0 + y1) / 2.0, (x1 - x0) / 2.0
    scaled = half * scale
    if scale > 1.0:
        room = min(x - whole[0], whole[1] - x, y - whole[2], whole[3] - y)
        # An extent that has no room to grow stays as it is.
        scaled = max(half, min(scaled, room, MOST_ENLARGED * (whole[1] - whole[0]) / 2.0))
    return x - scaled, x + scaled, y - scaled, y + scaled
