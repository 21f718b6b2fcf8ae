"""An image mesh with given vertices."""

from __future__ import annotations

from typing import Any

from autoarray.inversion.mesh.image_mesh.abstract import AbstractImageMesh


class MockImageMesh(AbstractImageMesh):
    """An image mesh that chooses the vertices that it is given.

    Parameters
    ----------
    image_plane_mesh_grid
        What `image_plane_mesh_grid_from` returns.
    """

    def __init__(self, image_plane_mesh_grid: Any = None) -> None:
        self.image_plane_mesh_grid = image_plane_mesh_grid

    @property
    def uses_adapt_images(self) -> bool:
        """Whether the vertices follow an image: they don't."""
        return False

    def image_plane_mesh_grid_from(self, mask: Any = None, adapt_data: Any = None) -> Any:
        """The vertices that the double was given."""
        return self.image_plane_mesh_grid
