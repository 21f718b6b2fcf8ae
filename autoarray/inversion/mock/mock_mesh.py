"""A mesh with given vertices."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._typing import Namespace
from autoarray.inversion.mesh.mesh.abstract import AbstractMesh
from autoarray.inversion.mock.mock_mapper import MockMapper


class MockMesh(AbstractMesh):
    """A mesh that chooses the vertices that it is given, and lays itself over nothing.

    Parameters
    ----------
    image_plane_mesh_grid
        What `image_plane_mesh_grid_from` returns.
    """

    def __init__(self, image_plane_mesh_grid: Any = None) -> None:
        self.image_plane_mesh_grid = image_plane_mesh_grid

    def image_plane_mesh_grid_from(self, mask: Any, adapt_data: Any) -> Any:
        """The vertices that the double was given."""
        return self.image_plane_mesh_grid

    def interpolator_from(  # pyright: ignore[reportIncompatibleMethodOverride]
        self,
        mask: Any = None,
        source_plane_data_grid: Any = None,
        border_relocator: Any = None,
        source_plane_mesh_grid: Any = None,
        image_plane_mesh_grid: Any = None,
        adapt_data: Any = None,
        xp: Namespace = np,
    ) -> Any:
        """A `MockMapper` of the mesh and of the grids."""
        return MockMapper(
            mesh=self,
            source_plane_data_grid=source_plane_data_grid,
            source_plane_mesh_grid=source_plane_mesh_grid,
            adapt_data=adapt_data,
        )
