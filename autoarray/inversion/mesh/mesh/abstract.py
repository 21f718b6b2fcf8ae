"""What every mesh can do: relocate the traced coordinates and build the interpolator of a fit."""

from __future__ import annotations

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, is_tracer
from autoarray._state import State
from autoarray._typing import Namespace
from autoarray._validation import check_object
from autoarray.inversion.mesh.border_relocator import BorderRelocator
from autoarray.inversion.mesh.interpolator.abstract import AbstractInterpolator
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D


class AbstractMesh(State):
    """A mesh before it has met any coordinates: the model of a pixelization, which holds numbers only."""

    supports_split_regularization: bool = True
    """Whether the interpolators of the mesh have mappings for four points around each of its pixels."""

    is_uniform: bool = False
    """Whether the pixels are rectangles of one size."""

    @property
    def interpolator_cls(self) -> type[AbstractInterpolator]:
        """The class of the interpolators of this mesh."""
        raise NotImplementedError(f"{type(self).__name__} does not name its interpolator")

    def interpolator_from(
        self,
        source_plane_data_grid: Grid2D,
        source_plane_mesh_grid: Grid2DIrregular | None = None,
        border_relocator: BorderRelocator | None = None,
        adapt_data: Array2D | None = None,
        xp: Namespace = np,
    ) -> AbstractInterpolator:
        """The interpolator between this mesh and the coordinates of the data, traced to the source plane."""
        raise NotImplementedError(f"{type(self).__name__} does not build an interpolator")

    def zeroed_pixels_from(self, pixels: int) -> np.ndarray:
        """The indexes of the mesh pixels that the positive-only solver fixes to zero, of `pixels` in all."""
        return np.zeros(0, dtype=int)

    def relocated_grid_from(
        self, border_relocator: BorderRelocator | None, source_plane_data_grid: Grid2D, xp: Namespace = np
    ) -> Grid2D:
        """The traced coordinates of the data on the backend `xp`, inside the border if there is a relocator."""
        name = type(self).__name__
        what, error = f"{name}: source_plane_data_grid", exc.MeshException
        check_object(source_plane_data_grid, "over_sampled", what, "a Grid2D", error)
        if border_relocator is not None:
            what = f"{name}: border_relocator"
            check_object(border_relocator, "relocated_grid_from", what, "a BorderRelocator or None", error)
            return border_relocator.relocated_grid_from(grid=source_plane_data_grid, xp=xp)
        over_sampled = source_plane_data_grid.over_sampled
        on_jax = xp is not np
        if source_plane_data_grid.use_jax == on_jax and over_sampled.use_jax == on_jax:
            return source_plane_data_grid
        return Grid2D(
            values=as_array(source_plane_data_grid.array, xp),
            mask=source_plane_data_grid.mask,
            over_sample_size=source_plane_data_grid.over_sample_size,
            over_sampled=Grid2DIrregular(as_array(over_sampled.array, xp), xp=xp),
            xp=xp,
        )

    def relocated_mesh_grid_from(
        self,
        border_relocator: BorderRelocator | None,
        source_plane_data_grid: Grid2D,
        source_plane_mesh_grid: Grid2DIrregular,
        xp: Namespace = np,
    ) -> Grid2DIrregular:
        """The traced vertices of the mesh on the backend `xp`, inside the border if there is a relocator."""
        if border_relocator is not None:
            return border_relocator.relocated_mesh_grid_from(
                grid=source_plane_data_grid, mesh_grid=source_plane_mesh_grid, xp=xp
            )
        if source_plane_mesh_grid.use_jax == (xp is not np):
            return source_plane_mesh_grid
        return Grid2DIrregular(as_array(source_plane_mesh_grid.array, xp), xp=xp)

    def checked_mesh_grid_from(self, source_plane_mesh_grid: Grid2DIrregular | None) -> Grid2DIrregular:
        """The traced vertices of a mesh that needs them, or an error.

        Raises
        ------
        MeshException
            If there are none, fewer than three, or some are not finite. What JAX is tracing can't be looked at.
        """
        name = f"{type(self).__name__}: source_plane_mesh_grid"
        if source_plane_mesh_grid is None:
            raise exc.MeshException(
                f"{name}: expected the (y, x) vertices of the mesh, traced to the source plane, found None; this mesh "
                "is laid over vertices that an image mesh draws in the image plane"
            )
        check_object(source_plane_mesh_grid, "array", name, "a Grid2DIrregular", exc.MeshException)
        values = source_plane_mesh_grid.array
        if values.shape[0] < 3:
            raise exc.MeshException(f"{name}: expected at least 3 vertices, found {values.shape[0]}")
        # Beyond 1e150 the squares of distances are not finite.
        wrong = 0 if is_tracer(values) else int((~(np.abs(np.asarray(values)) <= 1e150)).any(axis=1).sum())
        if wrong:
            raise exc.MeshException(
                f"{name}: expected finite coordinates, found {wrong} of {values.shape[0]} vertices that are not"
            )
        self.zeroed_pixels_from(pixels=values.shape[0])
        return source_plane_mesh_grid
