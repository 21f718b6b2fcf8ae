"""The mesh of the vertices of a Delaunay triangulation."""

from __future__ import annotations

import numpy as np

from autoarray import exc
from autoarray._typing import Namespace
from autoarray._validation import check_number, count_from
from autoarray.inversion.mesh.border_relocator import BorderRelocator
from autoarray.inversion.mesh.interpolator.abstract import AbstractInterpolator
from autoarray.inversion.mesh.interpolator.delaunay import InterpolatorDelaunay
from autoarray.inversion.mesh.mesh.abstract import AbstractMesh
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D


class Delaunay(AbstractMesh):
    """Vertices that are traced from the image plane and joined to triangles, in which a source is linear.

    Each vertex is one parameter of an inversion. The vertices come from an image mesh, and `pixels` says how many they
    are.

    Parameters
    ----------
    pixels
        The number of vertices, with or without those at the edge that are fixed to zero. A
        fraction, as a model draws it, is cut off.
    zeroed_pixels
        How many vertices at the end of the mesh grid the positive-only solver fixes to zero; None is 0. They are the
        edge points that were appended to an image mesh.
    areas_factor
        The length of the arms of the crosses that split regularizations compare a vertex with, in units of the square
        root of its dual area.

    Raises
    ------
    MeshException
        If `pixels` or `zeroed_pixels` is not a number of at least 0, or `areas_factor` is not positive.

    Examples
    --------
    >>> import autoarray as aa
    >>> grid = aa.Grid2D.uniform(shape_native=(30, 30), pixel_scales=0.1, over_sample_size=2)
    >>> vertices = aa.image_mesh.Overlay(shape=(8, 8)).image_plane_mesh_grid_from(mask=grid.mask)
    >>> interpolator = aa.mesh.Delaunay(pixels=len(vertices)).interpolator_from(grid, vertices)
    >>> interpolator.mappings.shape  # three vertices for each of the 60 x 60 sub-pixels
    (3600, 3)
    >>> interpolator.mesh_geometry.areas_for_magnification.shape
    (64,)
    """

    def __init__(self, pixels: int, zeroed_pixels: int | None = 0, areas_factor: float = 0.5) -> None:
        name = type(self).__name__
        self.pixels = count_from(pixels, f"{name}.pixels", 0, exc.MeshException)
        self.areas_factor = areas_factor
        self.zeroed_pixels = count_from(
            0 if zeroed_pixels is None else zeroed_pixels, f"{name}.zeroed_pixels", 0, exc.MeshException
        )
        # Squares of lengths stay in the range of float64.
        expected, error = "a positive number", exc.MeshException
        check_number(areas_factor, f"{name}.areas_factor", expected, error=error, above=0.0, most=1e100)

    @property
    def total_pixels(self) -> int:
        """The number of vertices and of those that are fixed to zero: of all vertices, if `pixels` is without these."""
        return self.pixels + self.zeroed_pixels

    @property
    def skip_areas(self) -> bool:
        """Whether areas and crosses are never needed; they are computed only when they are asked for in any case."""
        return False

    def zeroed_pixels_from(self, pixels: int) -> np.ndarray:
        """The indexes of the last `zeroed_pixels` of `pixels` vertices.

        Raises
        ------
        MeshException
            If there are not more vertices than that, so that none is left to be solved for.
        """
        if self.zeroed_pixels >= pixels:
            raise exc.MeshException(
                f"{type(self).__name__}.zeroed_pixels: expected fewer than {pixels}, the number of vertices, so that "
                f"one is left to be solved for, found {self.zeroed_pixels}"
            )
        return np.arange(pixels - self.zeroed_pixels, pixels)

    @property
    def interpolator_cls(self) -> type[InterpolatorDelaunay]:
        """The class of the interpolators of this mesh."""
        return InterpolatorDelaunay

    def interpolator_from(
        self,
        source_plane_data_grid: Grid2D,
        source_plane_mesh_grid: Grid2DIrregular | None = None,
        border_relocator: BorderRelocator | None = None,
        adapt_data: Array2D | None = None,
        xp: Namespace = np,
    ) -> AbstractInterpolator:
        """The interpolator between the vertices and the coordinates of the data, both traced to the source plane.

        Parameters
        ----------
        source_plane_data_grid
            The coordinates of the data.
        source_plane_mesh_grid
            The (y, x) vertices of shape (N, 2), in arc-seconds.
        border_relocator
            Moves coordinates and vertices that are outside the border of the data onto it; None leaves them.
        adapt_data
            The image that adaptive regularizations follow.

        Raises
        ------
        MeshException
            If there are no vertices, fewer than three, not more than `zeroed_pixels` or not as many as `pixels` says,
            or some are not finite.
        """
        mesh_grid = self.checked_mesh_grid_from(source_plane_mesh_grid)
        if mesh_grid.shape[0] not in (self.pixels, self.total_pixels):
            with_zeroed = f", or {self.total_pixels} with zeroed_pixels={self.zeroed_pixels}" * bool(self.zeroed_pixels)
            raise exc.MeshException(
                f"{type(self).__name__}: source_plane_mesh_grid: expected pixels={self.pixels} vertices{with_zeroed}, "
                f"found {mesh_grid.shape[0]}"
            )
        data_grid = self.relocated_grid_from(border_relocator, source_plane_data_grid, xp=xp)
        return self.interpolator_cls(
            mesh=self,
            mesh_grid=self.relocated_mesh_grid_from(border_relocator, source_plane_data_grid, mesh_grid, xp=xp),
            data_grid=data_grid,
            adapt_data=adapt_data,
            xp=xp,
        )
