"""What any fit can be given instead of computing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._backend import is_tracer, numbers_from
from autoarray._state import State
from autoarray._typing import Array, ArrayLike

if TYPE_CHECKING:
    from autoarray.inversion.mappers.abstract import Mapper


class AbstractPreloads(State):
    """Quantities that fits share, computed once by a caller who knows that they are the same for all of them.

    Nothing checks that they are: a fit takes what it is given. None means that the fit computes the quantity itself.

    Parameters
    ----------
    curvature_matrix
        The curvature matrix F of shape (params, params), which an inversion returns in place of its own, before
        anything is added to its diagonal.
    mapper_galaxy_dict
        The mappers and what they reconstruct, for the code that builds the linear objects of an inversion.
    source_plane_mesh_grid, image_plane_mesh_grid
        The vertices of the mesh, traced and before, for datasets that share a lens but not their grids. For the code
        that builds the mappers.

    Raises
    ------
    InversionException
        If the curvature matrix is not square, or holds something else than finite numbers. What JAX is tracing is not
        looked at.
    """

    def __init__(
        self,
        curvature_matrix: Array | None = None,
        mapper_galaxy_dict: Mapping[Mapper, object] | None = None,
        source_plane_mesh_grid: ArrayLike | None = None,
        image_plane_mesh_grid: ArrayLike | None = None,
    ) -> None:
        if curvature_matrix is not None:
            name = f"{type(self).__name__}.curvature_matrix"
            matrix = numbers_from(curvature_matrix, name, exc.InversionException)
            if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
                raise exc.InversionException(f"{name}: expected the shape (params, params), found {matrix.shape}")
            if not is_tracer(matrix) and not np.isfinite(matrix).all():
                first = tuple(int(index) for index in np.argwhere(~np.isfinite(np.asarray(matrix)))[0])
                raise exc.InversionException(f"{name}: expected finite numbers, found {matrix[first]} at {first}")
        self.curvature_matrix = curvature_matrix
        self.mapper_galaxy_dict = mapper_galaxy_dict
        self.source_plane_mesh_grid = source_plane_mesh_grid
        self.image_plane_mesh_grid = image_plane_mesh_grid

    def _repr_parts(self) -> list[str]:
        return [name for name, value in vars(self).copy().items() if value is not None and name != "_derived"]
