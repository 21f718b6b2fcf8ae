"""Profiles whose functions are simple enough to be foreseen, for tests of decorators."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._backend import as_array, xp_of
from autoarray._typing import Namespace
from autoarray.abstract_ndarray import unwrap
from autoarray.operators.over_sampling.decorator import over_sample
from autoarray.structures import decorators

_SERSIC_INDEX = 2.0
_EFFECTIVE_RADIUS = 0.2
_EINSTEIN_RADIUS = 2.0


def _plain(grid: Any) -> Any:
    values = unwrap(grid)
    return as_array(values, xp_of(values))


# ------------------------------------------------------------------ profiles as functions of plain coordinates


def radial_grid_from(grid: Any, *args: Any, **kwargs: Any) -> Any:
    """The distance of each (y, x) coordinate from (0.0, 0.0)."""
    values = _plain(grid)
    return xp_of(values).sqrt(values[:, 0] ** 2 + values[:, 1] ** 2)


def angle_to_profile_grid_from(grid_angles: Any, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """The cosine and the sine of angles in radians."""
    angles = _plain(grid_angles)
    xp = xp_of(angles)
    return xp.cos(angles), xp.sin(angles)


def ndarray_1d_from(profile: Any, grid: Any, *args: Any, **kwargs: Any) -> Any:
    """A Sersic profile of index 2 and effective radius 0.2 (its constant by Ciotti & Bertin 1999, eq. 18)."""
    n = _SERSIC_INDEX
    constant = (
        2.0 * n
        - 1.0 / 3.0
        + 4.0 / (405.0 * n)
        + 46.0 / (25515.0 * n**2)
        + 131.0 / (1148175.0 * n**3)
        - 2194697.0 / (30690717750.0 * n**4)
    )
    radii = radial_grid_from(grid)
    return xp_of(radii).exp(-constant * ((radii / _EFFECTIVE_RADIUS) ** (1.0 / n) - 1.0))


def ndarray_1d_list_from(profile: Any, grid: Any, *args: Any, **kwargs: Any) -> list[Any]:
    """A list of `ndarray_1d_from`."""
    return [ndarray_1d_from(profile, grid)]


def ndarray_1d_zeros_from(profile: Any, grid: Any, *args: Any, **kwargs: Any) -> np.ndarray:
    """Zeros of shape (5, 5), whatever the grid is."""
    return np.zeros((5, 5))


def ndarray_2d_from(profile: Any, grid: Any, *args: Any, **kwargs: Any) -> Any:
    """The deflections of a singular isothermal sphere with an Einstein radius of 2."""
    return _EINSTEIN_RADIUS * _plain(grid) / radial_grid_from(grid)[:, None]


def ndarray_2d_list_from(profile: Any, grid: Any, *args: Any, **kwargs: Any) -> list[Any]:
    """A list of `ndarray_2d_from`."""
    return [ndarray_2d_from(profile, grid)]


def ndarray_2d_yx_from(profile: Any, grid: Any, *args: Any, **kwargs: Any) -> Any:
    """The coordinates times 2."""
    return 2.0 * _plain(grid)


# ------------------------------------------------------------------ profiles as objects


class MockGrid1DLikeObj:
    """A profile that is known by its centre and angle alone.

    Parameters
    ----------
    centre
        The (y, x) centre.
    angle
        The angle in degrees.
    """

    def __init__(self, centre: tuple[float, float] = (0.0, 0.0), angle: float = 0.0) -> None:
        self.centre = centre
        self.angle = angle


class MockGrid2DLikeObj:
    """A profile of ones, and of the coordinates themselves times 1 and 2, in the structures of each decorator."""

    @over_sample
    @decorators.to_array
    def ndarray_1d_from(self, grid: Any, *args: Any, **kwargs: Any) -> Any:
        """Ones, evaluated on sub-pixels."""
        return np.ones(shape=grid.shape[0])

    @decorators.to_array
    def ndarray_1d_no_oversample_from(self, grid: Any, *args: Any, **kwargs: Any) -> Any:
        """Ones."""
        return np.ones(shape=grid.shape[0])

    @decorators.to_array
    def ndarray_1d_list_from(self, grid: Any, *args: Any, **kwargs: Any) -> Any:
        """Ones, and twos."""
        return [np.ones(shape=grid.shape[0]), 2.0 * np.ones(shape=grid.shape[0])]

    @decorators.to_grid
    def ndarray_2d_from(self, grid: Any, *args: Any, **kwargs: Any) -> Any:
        """The coordinates times 2."""
        return 2.0 * _plain(grid)

    @decorators.to_grid
    def ndarray_2d_list_from(self, grid: Any, *args: Any, **kwargs: Any) -> Any:
        """The coordinates times 1, and times 2."""
        return [1.0 * _plain(grid), 2.0 * _plain(grid)]

    @decorators.to_grid
    def ndarray_2d_raw_from(self, grid: Any, *args: Any, **kwargs: Any) -> Any:
        """The coordinates times 2."""
        return 2.0 * _plain(grid)

    @decorators.to_vector_yx
    def ndarray_yx_2d_from(self, grid: Any, *args: Any, **kwargs: Any) -> Any:
        """The vectors that are the coordinates times 2."""
        return 2.0 * grid

    @decorators.to_vector_yx
    def ndarray_yx_2d_list_from(self, grid: Any, *args: Any, **kwargs: Any) -> Any:
        """The vectors that are the coordinates times 1, and times 2."""
        return [1.0 * _plain(grid), 2.0 * _plain(grid)]


class MockTransformProfile:
    """A profile at a centre, whose axes are turned by half a circle.

    Parameters
    ----------
    centre
        The (y, x) centre.
    """

    def __init__(self, centre: tuple[float, float] = (1.0, 2.0)) -> None:
        self.centre = centre

    def transformed_to_reference_frame_grid_from(self, grid: Any, xp: Namespace | None = None, **kwargs: Any) -> Any:
        """The coordinates less the centre."""
        return grid - np.array(self.centre)

    def rotated_grid_from_reference_frame_from(self, grid: Any, xp: Namespace | None = None, **kwargs: Any) -> Any:
        """The vectors with their signs changed."""
        return -grid

    @decorators.transform
    def scalar_from(self, grid: Any, xp: Namespace | None = None, *args: Any, **kwargs: Any) -> Any:
        """The sum of y and x in the frame of the profile."""
        values = _plain(grid)
        return values[:, 0] + values[:, 1]

    @decorators.transform(rotate_back=True)
    def vector_from(self, grid: Any, xp: Namespace | None = None, *args: Any, **kwargs: Any) -> Any:
        """The coordinates in the frame of the profile times 2, as vectors that are turned back."""
        return 2.0 * grid
