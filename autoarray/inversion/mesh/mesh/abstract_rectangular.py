"""What the rectangular meshes share: a shape of at least 3 x 3 pixels and an edge that is fixed to zero."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import _small_datasets, exc
from autoarray._backend import as_array
from autoarray._numerics.extrema import greatest, least
from autoarray._typing import Array, Namespace
from autoarray._validation import check_flag, check_memory, check_numbers, count_from, shown
from autoarray.inversion.mesh._transform.cdf import check_points
from autoarray.inversion.mesh.border_relocator import BorderRelocator
from autoarray.inversion.mesh.interpolator.abstract import AbstractInterpolator
from autoarray.inversion.mesh.mesh.abstract import AbstractMesh
from autoarray.inversion.mesh.mesh_geometry.rectangular import rectangular_edge_pixel_list_from
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D


def overlay_grid_from(shape_native: tuple[int, int], grid: Array, buffer: float = 1e-8, xp: Namespace = np) -> Array:
    """The centres of the pixels of a uniform grid laid over coordinates, row by row from the top left.

    Parameters
    ----------
    shape_native
        The number of pixels along (y, x).
    grid
        (y, x) coordinates of shape (N, 2), in arc-seconds, whose extreme values are the outer edges.
    buffer
        How far the outer edges lie beyond the extreme values, in arc-seconds.

    Returns
    -------
    array
        (y, x) coordinates of shape (shape_native[0] * shape_native[1], 2).
    """
    lower = xp.stack([least(axis, xp) for axis in grid.T]) - buffer
    upper = xp.stack([greatest(axis, xp) for axis in grid.T]) + buffer
    scales = (upper - lower) / as_array(np.array(shape_native, dtype=float), xp)
    rows, columns = np.divmod(np.arange(shape_native[0] * shape_native[1]), shape_native[1])
    y = upper[0] - (as_array(rows.astype(float), xp) + 0.5) * scales[0]
    x = lower[1] + (as_array(columns.astype(float), xp) + 0.5) * scales[1]
    return xp.stack((y, x), axis=1)


class AbstractMeshRectangular(AbstractMesh):
    """A mesh of rectangular pixels, indexed row by row from the top left.

    Parameters
    ----------
    shape
        The number of pixels along (y, x), at least (3, 3): the edge of the mesh is fixed to zero by default.
        Fractions, as a model draws them, are cut off.
    respect_small_datasets
        Whether the shape is cut to at most (16, 16) where PYAUTO_SMALL_DATASETS=1 asks for small datasets.

    Raises
    ------
    MeshException
        If the shape is not two numbers of at least 3.
    """

    supports_split_regularization = False

    def __init__(self, shape: tuple[int, int] = (3, 3), respect_small_datasets: bool = True) -> None:
        try:
            check_numbers(shape, "shape", "two numbers", 2)
            rows, columns = (count_from(count, "shape", 3) for count in shape)
        except ValueError:
            raise exc.MeshException(
                f"{type(self).__name__}.shape: expected two numbers of at least 3 (y, x pixels), found {shown(shape)}"
            ) from None
        check_flag(respect_small_datasets, f"{type(self).__name__}.respect_small_datasets", exc.MeshException)
        self.shape: tuple[int, int] = _small_datasets.capped((rows, columns), respect_small_datasets)

    @property
    def pixels(self) -> int:
        """The total number of pixels of the mesh."""
        return self.shape[0] * self.shape[1]

    @property
    def zeroed_pixels(self) -> np.ndarray:
        """The indexes of the pixels at the edge of the mesh, which the positive-only solver fixes to zero."""
        return self.zeroed_pixels_from(pixels=self.pixels)

    def zeroed_pixels_from(self, pixels: int) -> np.ndarray:
        return np.array(rectangular_edge_pixel_list_from(shape_native=self.shape), dtype=int)

    @property
    def interpolator_kwargs(self) -> dict[str, Any]:
        """What this mesh chooses for its interpolators."""
        return {}

    def mesh_weight_map_from(self, adapt_data: Array2D | None, xp: Namespace = np) -> Array | None:
        """The weights of the data coordinates that the mesh adapts to: None, equal weights, if it follows no image."""
        return None

    def interpolator_from(
        self,
        source_plane_data_grid: Grid2D,
        source_plane_mesh_grid: Grid2DIrregular | None = None,
        border_relocator: BorderRelocator | None = None,
        adapt_data: Array2D | None = None,
        xp: Namespace = np,
    ) -> AbstractInterpolator:
        """The interpolator of this mesh, which is laid over the data: `source_plane_mesh_grid` is not used.

        Raises
        ------
        MeshException
            If the traced coordinates are not finite, or don't differ along both axes, or the coordinates of the mesh
            don't fit into memory.
        """
        name = f"{type(self).__name__}.shape"
        check_memory(self.pixels, 16, name, "a mesh with coordinates", exc.MeshException)
        data_grid = self.relocated_grid_from(border_relocator, source_plane_data_grid, xp=xp)
        check_points(data_grid.over_sampled.array, f"{type(self).__name__}: source_plane_data_grid")
        mesh_weight_map = self.mesh_weight_map_from(adapt_data, xp=xp)
        data_grid, frame = self._in_own_frame(data_grid, adapt_data, xp)
        mesh_grid = overlay_grid_from(shape_native=self.shape, grid=data_grid.over_sampled.array, xp=xp)
        options = {"mesh_weight_map": mesh_weight_map, **self.interpolator_kwargs, **frame}
        return self.interpolator_cls(
            mesh=self,
            mesh_grid=Grid2DIrregular(mesh_grid, xp=xp),
            data_grid=data_grid,
            adapt_data=adapt_data,
            xp=xp,
            **options,
        )

    def _in_own_frame(
        self, data_grid: Grid2D, adapt_data: Array2D | None, xp: Namespace
    ) -> tuple[Grid2D, dict[str, Any]]:
        """The traced coordinates in the frame whose axes the mesh has, and what describes that frame."""
        return data_grid, {}
