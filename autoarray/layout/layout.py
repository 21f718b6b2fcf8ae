"""Where the parts of a CCD lie in its image: the prescans and overscans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autoarray import exc
from autoarray._state import State
from autoarray._validation import check_instance
from autoarray.layout import layout_util
from autoarray.layout.region import AbstractRegion, Region1D, Region2D
from autoarray.structures.arrays.uniform_1d import Array1D
from autoarray.structures.arrays.uniform_2d import Array2D


class Layout1D(State):
    """Where the prescan and the overscan of a line of pixels lie.

    Parameters
    ----------
    shape_1d
        The number of pixels, a tuple of one.
    prescan
        The pixels before those that collect light, a `Region1D` or its limits, or None.
    overscan
        The pixels after them, likewise.

    Raises
    ------
    exc.RegionException
        If a region is empty or negative.
    """

    def __init__(
        self,
        shape_1d: int | tuple[int],
        prescan: Region1D | tuple[int, int] | None = None,
        overscan: Region1D | tuple[int, int] | None = None,
    ) -> None:
        self.shape_1d = shape_1d
        self.prescan = None if prescan is None else Region1D(prescan)
        self.overscan = None if overscan is None else Region1D(overscan)

    def extract_overscan_array_1d_from(self, array: Array1D) -> Array1D:
        """The overscan of an array, with its header.

        Raises
        ------
        exc.RegionException
            If the layout has no overscan, or it reaches past the array.
        exc.ArrayException
            If the array is no `Array1D`.
        """
        check_instance(array, Array1D, "array", "an Array1D", exc.ArrayException)
        region = _region_of(self, "overscan")
        _check_inside((region.x1,), array.shape_native, "overscan")
        return Array1D.no_mask(array.native.array[region.slice], pixel_scales=array.pixel_scales, header=array.header)

    def _repr_parts(self) -> list[str]:
        return _repr_parts_of(self, "shape_1d")


class Layout2D(State):
    """Where the prescan and the overscans of a CCD lie in its image.

    The regions are those of the image as the class keeps it, with the electronics at the bottom left
    (see `layout_util`); `rotated_from_roe_corner` takes those of the image as it was read out.

    Parameters
    ----------
    shape_2d
        The (y, x) shape of the image.
    original_roe_corner
        The corner (y, x) at which the electronics lay when the image was read out.
    parallel_overscan
        The rows after those that collect light, a `Region2D` or its limits (y0, y1, x0, x1), or None.
    serial_prescan
        The columns before those that collect light, likewise.
    serial_overscan
        The columns after them, likewise.

    Raises
    ------
    exc.RegionException
        If a region is empty or negative.
    """

    def __init__(
        self,
        shape_2d: tuple[int, int],
        original_roe_corner: tuple[int, int] = (1, 0),
        parallel_overscan: Region2D | Sequence[int] | None = None,
        serial_prescan: Region2D | Sequence[int] | None = None,
        serial_overscan: Region2D | Sequence[int] | None = None,
    ) -> None:
        self.shape_2d = shape_2d
        self.original_roe_corner = original_roe_corner
        self.parallel_overscan = None if parallel_overscan is None else Region2D(parallel_overscan)
        self.serial_prescan = None if serial_prescan is None else Region2D(serial_prescan)
        self.serial_overscan = None if serial_overscan is None else Region2D(serial_overscan)

    @classmethod
    def rotated_from_roe_corner(
        cls,
        roe_corner: tuple[int, int],
        shape_native: tuple[int, int],
        parallel_overscan: Region2D | Sequence[int] | None = None,
        serial_prescan: Region2D | Sequence[int] | None = None,
        serial_overscan: Region2D | Sequence[int] | None = None,
    ) -> Layout2D:
        """The layout of an image that is turned as `layout_util.rotate_array_via_roe_corner_from` turns it.

        Parameters
        ----------
        roe_corner
            The corner (y, x) at which the electronics lie before that.
        shape_native
            The (y, x) shape of the image.
        parallel_overscan, serial_prescan, serial_overscan
            The regions before that.

        Raises
        ------
        exc.RegionException
            If there is no such corner, or a region is no region of the image.
        """
        regions = (
            layout_util.rotate_region_via_roe_corner_from(region, shape_native, roe_corner)
            for region in (parallel_overscan, serial_prescan, serial_overscan)
        )
        return cls(shape_native, roe_corner, *regions)

    def new_rotated_from(self, roe_corner: tuple[int, int]) -> Layout2D:
        """This layout with its regions turned as `rotated_from_roe_corner` turns them."""
        return Layout2D.rotated_from_roe_corner(
            roe_corner, self.shape_2d, self.parallel_overscan, self.serial_prescan, self.serial_overscan
        )

    def layout_extracted_from(self, extraction_region: Region2D | Sequence[int]) -> Layout2D:
        """The layout of a region that is taken out of the image; it keeps the shape of the whole image.

        Regions of which nothing is left are None.
        """
        regions = (
            layout_util.region_after_extraction(region, extraction_region)
            for region in (self.parallel_overscan, self.serial_prescan, self.serial_overscan)
        )
        return Layout2D(self.shape_2d, self.original_roe_corner, *regions)

    def original_orientation_from(self, array: Any) -> Any:
        """An image turned back to how it was read out, by `original_roe_corner`.

        Parameters
        ----------
        array
            Values of shape (y, x) of either backend, or an `Array2D`.
        """
        return layout_util.rotate_array_via_roe_corner_from(array, self.original_roe_corner)

    def extract_parallel_overscan_array_2d_from(self, array: Array2D) -> Array2D:
        """The parallel overscan of an image, with its header (see `extract_serial_overscan_array_from`)."""
        return self._extracted(array, "parallel_overscan")

    def extract_serial_overscan_array_from(self, array: Array2D) -> Array2D:
        """The serial overscan of an image, with its header.

        Raises
        ------
        exc.RegionException
            If the layout has no such region, or it reaches past the image.
        exc.ArrayException
            If the image is no `Array2D`.
        """
        return self._extracted(array, "serial_overscan")

    def parallel_overscan_binned_array_1d_from(self, array: Array2D) -> Array1D:
        """The mean of each row of the parallel overscan of an image."""
        return self.extract_parallel_overscan_array_2d_from(array).binned_across_columns

    def serial_overscan_binned_array_1d_from(self, array: Array2D) -> Array1D:
        """The mean of each column of the serial overscan of an image."""
        return self.extract_serial_overscan_array_from(array).binned_across_rows

    @property
    def serial_eper_pixels(self) -> int:
        """The number of columns of the serial overscan, into which trapped charge trails (EPER).

        Raises
        ------
        exc.RegionException
            If the layout has no serial overscan.
        """
        return _region_of(self, "serial_overscan").total_columns

    def _extracted(self, array: Array2D, name: str) -> Array2D:
        check_instance(array, Array2D, "array", "an Array2D", exc.ArrayException)
        region = _region_of(self, name)
        _check_inside((region.y1, region.x1), array.shape_native, name)
        return Array2D.no_mask(array.native.array[region.slice], pixel_scales=array.pixel_scales, header=array.header)

    def _repr_parts(self) -> list[str]:
        return _repr_parts_of(self, "shape_2d")


def _repr_parts_of(layout: State, shape: str) -> list[str]:
    fields = vars(layout).items()
    regions = (f"{name}={value.region}" for name, value in fields if isinstance(value, AbstractRegion))
    return [f"{shape}={vars(layout).get(shape)}", *regions]


def _region_of(layout: Layout1D | Layout2D, name: str) -> Any:
    region = getattr(layout, name)
    if region is None:
        raise exc.RegionException(f"{type(layout).__name__}.{name}: expected a region, found a layout without one")
    return region


def _check_inside(ends: tuple[int, ...], shape: tuple[int, ...], name: str) -> None:
    if any(end > size for end, size in zip(ends, shape, strict=True)):
        raise exc.RegionException(
            f"{name}: expected a region inside the array's shape {tuple(shape)}, found one that ends at {ends}"
        )
