"""Aspects of a dataset that a fit can vary, beside the model of the lens and the source."""

from __future__ import annotations

from autoarray._state import State
from autoarray._typing import Coordinate, Scalar


class DatasetModel(State):
    """A background sky, and a shift and rotation of one dataset relative to another.

    Parameters
    ----------
    background_sky_level
        The constant that is subtracted from the data, in the data's units.
    grid_offset
        The (y, x) shift in arc-seconds that is subtracted from the grids.
    grid_rotation_angle
        The rotation of the grids about the shifted origin, in degrees counter-clockwise.
    """

    def __init__(
        self,
        background_sky_level: Scalar = 0.0,
        grid_offset: Coordinate = (0.0, 0.0),
        grid_rotation_angle: Scalar = 0.0,
    ) -> None:
        self.background_sky_level = background_sky_level
        self.grid_offset = grid_offset
        self.grid_rotation_angle = grid_rotation_angle
