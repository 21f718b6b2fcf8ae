"""Regions of pixels, such as the overscans of a CCD.

Rows are read out in the parallel direction (y), columns in the serial one (x). The electronics of the read-out lie at
row 0 and column 0 of an array that `layout_util` has turned, so that the front of a region is where its indexes begin
and its trail lies behind where they end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeAlias

from autoarray import exc
from autoarray._state import State
from autoarray._validation import shown, whole_from

Range: TypeAlias = tuple[int, int]


class AbstractRegion(State):
    """The pixels from a first one to one past the last one, along one axis or two.

    It compares equal to the tuple of its limits, and `region[i]` is one of them.

    Parameters
    ----------
    region
        The limits: the first pixel and one past the last one of each axis.

    Raises
    ------
    exc.RegionException
        If a limit is not a whole number of at least 0, or an axis has no pixel.
    """

    _axes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, region: AbstractRegion | Sequence[int]) -> None:
        name = type(self).__name__
        count = 2 * len(self._axes)
        limits: tuple[Any, ...] = region.region if isinstance(region, AbstractRegion) else _items_of(region)
        if len(limits) != count:
            raise exc.RegionException(f"{name}: expected {count} limits, found {shown(region)}")
        self.region: tuple[int, ...] = tuple(
            whole_from(limit, f"{name}.region[{index}]", 0, exc.RegionException) for index, limit in enumerate(limits)
        )
        for axis, first, last in zip(self._axes, self.region[::2], self.region[1::2], strict=True):
            if first >= last:
                raise exc.RegionException(
                    f"{name}: expected at least one {axis}, from the first to one past the last, found {self.region}"
                )

    def __getitem__(self, item: Any) -> Any:
        return self.region[item]

    def __len__(self) -> int:
        return len(self.region)

    def __eq__(self, other: object) -> bool:
        return self.region == (other.region if isinstance(other, AbstractRegion) else other)

    def __hash__(self) -> int:
        return hash(self.region)

    def _repr_parts(self) -> list[str]:
        return [", ".join(str(limit) for limit in vars(self).get("region", ()))]


class Region1D(AbstractRegion):
    """The pixels of a line from `x0` up to, and without, `x1`.

    Parameters
    ----------
    region
        The limits (x0, x1).

    Raises
    ------
    exc.RegionException
        If a limit is not a whole number of at least 0, or `x1` is not greater than `x0`.

    Examples
    --------
    >>> import autoarray as aa
    >>> region = aa.Region1D((1, 4))
    >>> region.total_pixels, region.trailing_region_from(pixels=(0, 2))
    (3, Region1D(4, 6))
    """

    _axes = ("pixel",)

    @property
    def x0(self) -> int:
        """The first pixel."""
        return self.region[0]

    @property
    def x1(self) -> int:
        """One past the last pixel."""
        return self.region[1]

    @property
    def total_pixels(self) -> int:
        """The number of pixels."""
        return self.x1 - self.x0

    @property
    def slice(self) -> slice:
        """The slice that takes the region out of an array."""
        return slice(self.x0, self.x1)

    @property
    def x_slice(self) -> slice:
        """The slice that takes the region out of an array."""
        return self.slice

    def front_region_from(self, pixels: Range | None = None, pixels_from_end: int | None = None) -> Region1D:
        """Pixels of the region, counted from its front or from its end.

        Parameters
        ----------
        pixels
            The first pixel, and one past the last one, counted from the front.
        pixels_from_end
            How many pixels before the end, in place of `pixels`.

        Raises
        ------
        exc.RegionException
            If neither is given, or the result is empty or begins before pixel 0.
        """
        return Region1D(_front_from(self.x0, self.x1, pixels, pixels_from_end))

    def trailing_region_from(self, pixels: Range) -> Region1D:
        """Pixels behind the region: the first one, and one past the last one, counted from its end."""
        return Region1D(_shifted(self.x1, pixels))


class Region2D(AbstractRegion):
    """The pixels of rows from `y0` up to, and without, `y1`, and of columns from `x0` up to `x1` likewise.

    Parameters
    ----------
    region
        The limits (y0, y1, x0, x1).

    Raises
    ------
    exc.RegionException
        If a limit is not a whole number of at least 0, or there is no row or no column.

    Examples
    --------
    >>> import numpy as np
    >>> import autoarray as aa
    >>> region = aa.Region2D((0, 2, 1, 4))
    >>> np.zeros((5, 5))[region.slice].shape == region.shape == (2, 3)
    True
    """

    _axes = ("row", "column")

    @property
    def y0(self) -> int:
        """The first row."""
        return self.region[0]

    @property
    def y1(self) -> int:
        """One past the last row."""
        return self.region[1]

    @property
    def x0(self) -> int:
        """The first column."""
        return self.region[2]

    @property
    def x1(self) -> int:
        """One past the last column."""
        return self.region[3]

    @property
    def total_rows(self) -> int:
        """The number of rows."""
        return self.y1 - self.y0

    @property
    def total_columns(self) -> int:
        """The number of columns."""
        return self.x1 - self.x0

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of rows and columns."""
        return (self.total_rows, self.total_columns)

    @property
    def slice(self) -> tuple[slice, slice]:
        """The slices that take the region out of an array."""
        return (self.y_slice, self.x_slice)

    @property
    def y_slice(self) -> slice:
        """The slice of its rows."""
        return slice(self.y0, self.y1)

    @property
    def x_slice(self) -> slice:
        """The slice of its columns."""
        return slice(self.x0, self.x1)

    def parallel_front_region_from(self, pixels: Range | None = None, pixels_from_end: int | None = None) -> Region2D:
        """Rows of the region, counted from its front, or from its end (see `Region1D.front_region_from`)."""
        y0, y1 = _front_from(self.y0, self.y1, pixels, pixels_from_end)
        return Region2D((y0, y1, self.x0, self.x1))

    def parallel_trailing_region_from(self, pixels: Range = (0, 1)) -> Region2D:
        """Rows behind the region: the first one, and one past the last one, counted from its end."""
        y0, y1 = _shifted(self.y1, pixels)
        return Region2D((y0, y1, self.x0, self.x1))

    def parallel_full_region_from(self, shape_2d: tuple[int, int]) -> Region2D:
        """The rows of the region, with all columns of an array of a shape (y, x)."""
        return Region2D((self.y0, self.y1, 0, shape_2d[1]))

    def serial_front_region_from(self, pixels: Range | None = None, pixels_from_end: int | None = None) -> Region2D:
        """Columns of the region, counted from its front, or from its end (see `Region1D.front_region_from`)."""
        x0, x1 = _front_from(self.x0, self.x1, pixels, pixels_from_end)
        return Region2D((self.y0, self.y1, x0, x1))

    def serial_trailing_region_from(self, pixels: Range = (0, 1)) -> Region2D:
        """Columns behind the region: the first one, and one past the last one, counted from its end."""
        x0, x1 = _shifted(self.x1, pixels)
        return Region2D((self.y0, self.y1, x0, x1))

    def serial_x_front_range_from(self, pixels: Range) -> Range:
        """The limits of columns that are counted from the front of the region."""
        return _shifted(self.x0, pixels)

    def serial_towards_roe_full_region_from(self, shape_2d: tuple[int, int], pixels: Range = (0, 1)) -> Region2D:
        """Columns that are counted from the front of the region, with all rows of an array of a shape (y, x)."""
        return Region2D((0, shape_2d[0], *_shifted(self.x0, pixels)))


def _items_of(region: Any) -> tuple[Any, ...]:
    try:
        return tuple(region)
    except TypeError:
        raise exc.RegionException(f"region: expected a tuple of limits, found {shown(region)}") from None


def _shifted(start: int, pixels: Range) -> Range:
    first, last = pixels
    return (start + first, start + last)


def _front_from(first: int, last: int, pixels: Range | None, pixels_from_end: int | None) -> Range:
    if pixels_from_end is not None:
        return (last - pixels_from_end, last)
    if pixels is None:
        raise exc.RegionException("front_region_from: expected pixels or pixels_from_end, found neither")
    return _shifted(first, pixels)
