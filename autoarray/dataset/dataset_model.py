"""Aspects of a dataset that a fit can vary, beside the model of the lens and the source."""

from __future__ import annotations

from autoarray import exc
from autoarray._state import State
from autoarray._validation import check_number, check_numbers


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

    Raises
    ------
    exc.DatasetException
        If one of them is not a finite number (two for the shift). What JAX is tracing is not looked at.
    """

    def __init__(
        self,
        background_sky_level: float = 0.0,
        grid_offset: tuple[float, float] = (0.0, 0.0),
        grid_rotation_angle: float = 0.0,
    ) -> None:
        error = exc.DatasetException
        # Residuals are squared in units of the noise.
        expected = "a finite number from -1e100 to 1e100"
        name = "DatasetModel.background_sky_level"
        check_number(background_sky_level, name, expected, error=error, least=-1e100, most=1e100)
        check_numbers(grid_offset, "DatasetModel.grid_offset", "a shift (y, x)", 2, error=error)
        check_number(grid_rotation_angle, "DatasetModel.grid_rotation_angle", error=error)
        self.background_sky_level = background_sky_level
        self.grid_offset = grid_offset
        self.grid_rotation_angle = grid_rotation_angle
