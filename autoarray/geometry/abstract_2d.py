"""What every 2D geometry has: an extent."""

from __future__ import annotations

from abc import ABC, abstractmethod

from autoarray._state import State
from autoarray.geometry import geometry_util


class AbstractGeometry2D(State, ABC):
    """A rectangle of scaled coordinates."""

    @property
    @abstractmethod
    def extent(self) -> tuple[float, float, float, float]:
        """The edges (x0, x1, y0, y1) in scaled units."""

    @property
    def extent_square(self) -> tuple[float, float, float, float]:
        """The edges (x0, x1, y0, y1) of the smallest square with the same centre, in scaled units."""
        return geometry_util.extent_symmetric_from(self.extent)
