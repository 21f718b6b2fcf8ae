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


def check_curvature_matrix(matrix: object, params: int, name: str) -> None:
    """Raise an `InversionException` if a matrix is none that an inversion of `params` parameters can take for its own.

    It is square and holds finite real numbers. What JAX is tracing is checked for its shape alone.
    """
    values = numbers_from(matrix, name, exc.InversionException)
    if values.shape != (params, params):
        raise exc.InversionException(f"{name}: expected the shape {(params, params)}, found {values.shape}")
    if not is_tracer(values) and not np.isfinite(values).all():
        first = tuple(int(index) for index in np.argwhere(~np.isfinite(np.asarray(values)))[0])
        raise exc.InversionException(f"{name}: expected finite numbers, found {values[first]} at {first}")


class AbstractPreloads(State):
    """Quantities that fits share, computed once by a caller who knows that they are the same for all of them.

    Nothing checks that they are: a fit takes what it is given. An inversion checks the curvature matrix that it takes;
    nobody looks at what no fit reads. None means that the fit computes the quantity itself.

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
    """

    def __init__(
        self,
        curvature_matrix: Array | None = None,
        mapper_galaxy_dict: Mapping[Mapper, object] | None = None,
        source_plane_mesh_grid: ArrayLike | None = None,
        image_plane_mesh_grid: ArrayLike | None = None,
    ) -> None:
        self.curvature_matrix = curvature_matrix
        self.mapper_galaxy_dict = mapper_galaxy_dict
        self.source_plane_mesh_grid = source_plane_mesh_grid
        self.image_plane_mesh_grid = image_plane_mesh_grid

    def _repr_parts(self) -> list[str]:
        return [name for name, value in vars(self).copy().items() if value is not None and name != "_derived"]
