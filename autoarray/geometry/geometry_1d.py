"""The geometry of a regular line of pixels."""

from __future__ import annotations

from autoarray._display import line
from autoarray._state import State
from autoarray._typing import PixelScales
from autoarray.geometry import geometry_util


class Geometry1D(State):
    """How the pixels of a 1D array lie in scaled coordinates (arc-seconds).

    Parameters
    ----------
    shape_native
        The number of pixels, a tuple of one.
    pixel_scales
        Scaled units per pixel: one number, or a tuple of one.
    origin
        The scaled coordinate of the centre of the array, a tuple of one.

    Raises
    ------
    exc.MaskException
        If the shape is not a whole number of at least 1, the pixel scale not positive, or the origin not finite.
    """

    def __init__(
        self, shape_native: int | tuple[int], pixel_scales: PixelScales, origin: tuple[float, ...] = (0.0,)
    ) -> None:
        self.shape_native = geometry_util.convert_shape_native_1d(shape_native)
        self.pixel_scales = geometry_util.convert_pixel_scales_1d(pixel_scales)
        self.origin = geometry_util.convert_origin_1d(origin)

    @property
    def shape_slim_scaled(self) -> tuple[float]:
        """The length of the array in scaled units."""
        return (self.pixel_scales[0] * self.shape_native[0],)

    @property
    def scaled_maxima(self) -> tuple[float]:
        """The scaled coordinate of the upper edge."""
        return (self.shape_slim_scaled[0] / 2.0 + self.origin[0],)

    @property
    def scaled_minima(self) -> tuple[float]:
        """The scaled coordinate of the lower edge."""
        return (-self.shape_slim_scaled[0] / 2.0 + self.origin[0],)

    @property
    def extent(self) -> tuple[float, float]:
        """The edges (x0, x1) in scaled units."""
        return (self.scaled_minima[0], self.scaled_maxima[0])

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        size = f"{line.by(state.get('shape_native'))} of {line.arcsec(state.get('pixel_scales'))}"
        return [size, f"origin={line.value(state.get('origin'))} arcsec"]
