"""Geometries and meshes with a given extent."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray.geometry.abstract_2d import AbstractGeometry2D
from autoarray.inversion.linear_obj.neighbors import Neighbors
from autoarray.inversion.mesh.interpolator.abstract import AbstractInterpolator


class MockGeometry(AbstractGeometry2D):
    """A geometry whose extent is what it is given.

    Parameters
    ----------
    extent
        The edges (x0, x1, y0, y1).
    """

    def __init__(self, extent: Any) -> None:
        self._extent = extent

    @property
    def extent(self) -> Any:
        """The extent that the double was given."""
        return self._extent


class MockGrid2DMesh(AbstractInterpolator):
    """An interpolator that is known by its mesh grid and by its extent alone.

    Parameters
    ----------
    grid
        The (y, x) coordinates of the mesh pixels, of shape (pixels, 2).
    extent
        The edges (x0, x1, y0, y1).
    """

    def __init__(self, grid: Any = None, extent: Any = None) -> None:
        self._set_backend(np)
        self.mesh = None  # pyright: ignore[reportAttributeAccessIssue]
        self.mesh_grid = grid
        self.data_grid = None  # pyright: ignore[reportAttributeAccessIssue]
        self.adapt_data = None
        self._extent = extent

    @property
    def geometry(self) -> MockGeometry:
        """A geometry of the extent that the double was given."""
        return MockGeometry(extent=self._extent)

    @property
    def extent(self) -> Any:
        """The extent that the double was given."""
        return self._extent

    @property
    def pixels(self) -> int:
        """The number of mesh pixels."""
        return self.mesh_grid.shape[0]

    @property
    def native(self) -> Any:
        """The grid that the double was given."""
        return self.mesh_grid

    @property
    def slim(self) -> Any:
        """The grid that the double was given."""
        return self.mesh_grid


class MockMeshGrid:
    """A mesh grid that knows which of its pixels are neighbors, and nothing else.

    Parameters
    ----------
    neighbors
        The indexes of the neighbors, of shape (pixels, most_neighbors), padded with -1.
    neighbors_sizes
        How many of them each pixel has, of shape (pixels,).
    """

    def __init__(self, neighbors: Any = None, neighbors_sizes: Any = None) -> None:
        self.neighbors = None if neighbors is None else Neighbors(arr=neighbors, sizes=neighbors_sizes)
