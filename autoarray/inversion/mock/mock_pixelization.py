"""A pixelization with a given mapper."""

from __future__ import annotations

from typing import Any

from autoarray.inversion.pixelization import Pixelization


class MockPixelization(Pixelization):
    """A pixelization that takes any mesh, and whose mapper is what it is given.

    Parameters
    ----------
    mesh, regularization
        The attributes of these names.
    mapper
        What `interpolator_from` returns.
    image_plane_mesh_grid
        What `image_plane_mesh_grid_from` returns.
    """

    def __init__(
        self, mesh: Any = None, regularization: Any = None, mapper: Any = None, image_plane_mesh_grid: Any = None
    ) -> None:
        self.mesh = mesh
        self.regularization = regularization
        self.mapper = mapper
        self.image_plane_mesh_grid = image_plane_mesh_grid

    def image_plane_mesh_grid_from(self, mask: Any, adapt_data: Any, settings: Any = None) -> Any:
        """The vertices that the double was given; those of its mesh where it was given None and has a mesh."""
        if self.image_plane_mesh_grid is None and self.mesh is not None:
            return self.mesh.image_plane_mesh_grid_from(mask=mask, adapt_data=adapt_data)
        return self.image_plane_mesh_grid

    def interpolator_from(
        self,
        mask: Any,
        source_plane_data_grid: Any,
        source_plane_mesh_grid: Any,
        image_plane_mesh_grid: Any = None,
        adapt_data: Any = None,
        settings: Any = None,
    ) -> Any:
        """The mapper that the double was given."""
        return self.mapper
