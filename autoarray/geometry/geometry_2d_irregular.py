"""The geometry of coordinates that lie on no regular grid."""

from __future__ import annotations

from autoarray._display import line
from autoarray.geometry.abstract_2d import AbstractGeometry2D


class Geometry2DIrregular(AbstractGeometry2D):
    """The rectangle that irregular (y, x) coordinates span.

    Parameters
    ----------
    shape_native_scaled
        Its (y, x) size in scaled units.
    scaled_maxima, scaled_minima
        Its largest and smallest (y, x) coordinates in scaled units.
    """

    def __init__(
        self,
        shape_native_scaled: tuple[float, float],
        scaled_maxima: tuple[float, float],
        scaled_minima: tuple[float, float],
    ) -> None:
        self.shape_native_scaled = shape_native_scaled
        self.scaled_maxima = scaled_maxima
        self.scaled_minima = scaled_minima

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """The edges (x0, x1, y0, y1) in scaled units."""
        return (self.scaled_minima[1], self.scaled_maxima[1], self.scaled_minima[0], self.scaled_maxima[0])

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        corners = (state["scaled_minima"], state["scaled_maxima"])
        return [f"{line.by(state['shape_native_scaled'])} arcsec", "from {} to {}".format(*map(line.value, corners))]
