"""Lattices of points in radians: where the pixels of an image lie, and their differences and sums."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D

# One arc-second in radians.
ARCSECOND = math.pi / 648000.0


class Axis(NamedTuple):
    """Equidistant points on an axis, in radians."""

    start: float
    step: float
    size: int

    @property
    def centre(self) -> float:
        """The point in the middle, which may lie between two of them."""
        return self.start + self.step * (self.size - 1) / 2.0


class Lattice(NamedTuple):
    """The points (y, x) of a rectangle of pixels: y falls with the rows, x rises with the columns."""

    y: Axis
    x: Axis

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of rows and columns."""
        return self.y.size, self.x.size

    @property
    def differences(self) -> Lattice:
        """Those differences of two points that are not negative, and all of them along y.

        A quantity that is even in the difference is known everywhere from these.
        """
        return Lattice(
            Axis(-(self.y.size - 1) * self.y.step, self.y.step, 2 * self.y.size - 1),
            Axis(0.0, self.x.step, self.x.size),
        )

    @property
    def all_differences(self) -> Lattice:
        """The differences of two points, with zero in the middle."""
        return Lattice(*(Axis(-(axis.size - 1) * axis.step, axis.step, 2 * axis.size - 1) for axis in self))

    @property
    def sums(self) -> Lattice:
        """The sums of two points."""
        return Lattice(*(Axis(2.0 * axis.start, axis.step, 2 * axis.size - 1) for axis in self))


def bounding_box(mask: Mask2D) -> tuple[int, int, int, int]:
    """The first and one past the last row and column that have an unmasked pixel: y0, y1, x0, x1."""
    rows, columns = mask.slim_to_native_tuple
    return int(rows.min()), int(rows.max()) + 1, int(columns.min()), int(columns.max()) + 1


def lattice_of(mask: Mask2D, box: tuple[int, int, int, int] | None = None) -> Lattice:
    """The centres of the pixels of a mask, by default of the bounding box of its unmasked pixels.

    Parameters
    ----------
    mask
        The mask, whose pixel scales and origin are in arc-seconds.
    box
        Rows and columns, as of `bounding_box`.
    """
    y0, y1, x0, x1 = bounding_box(mask) if box is None else box
    (rows, columns), (dy, dx), (oy, ox) = mask.shape_native, mask.pixel_scales, mask.origin
    return Lattice(
        Axis((((rows - 1) / 2.0 - y0) * dy + oy) * ARCSECOND, -dy * ARCSECOND, y1 - y0),
        Axis(((x0 - (columns - 1) / 2.0) * dx + ox) * ARCSECOND, dx * ARCSECOND, x1 - x0),
    )


def box_index(mask: Mask2D) -> tuple[np.ndarray, np.ndarray]:
    """The row and the column of each unmasked pixel in the bounding box."""
    rows, columns = mask.slim_to_native_tuple
    return rows - rows.min(), columns - columns.min()
