"""What a grid of the pixels of a 2D mask stores, and how it moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, is_jax_array, is_tracer, numbers_from, xp_of
from autoarray._state import derived
from autoarray._typing import Array, ArrayLike, Coordinate, Namespace, Scalar
from autoarray._validation import check_memory, check_number, check_numbers, check_object
from autoarray.abstract_ndarray import unwrap
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.over_sampling import over_sample_util
from autoarray.structures.abstract_structure import Structure
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids import grid_2d_util
from autoarray.structures.grids.irregular_2d import Grid2DIrregular

if TYPE_CHECKING:
    from autoarray.operators.over_sampling.over_sampler import OverSampler


class AbstractGrid2D(Structure):
    """One scaled (y, x) coordinate for each unmasked pixel of a mask, and the coordinates of its sub-pixels.

    The coordinates have a slim form, of shape (pixels in mask, 2) in row-major order, and a native
    form, of shape (y, x, 2) with zeros at masked pixels. A grid that was traced through a lens keeps
    the mask of the image that it came from.

    Parameters
    ----------
    values
        The coordinates in slim or native form. A JAX array makes this an object that computes with JAX.
    mask
        The mask.
    store_native
        Whether the native form is stored.
    over_sample_size
        How many times each pixel is divided in y and in x: one integer, or one for each unmasked pixel.
    over_sampled
        The coordinates of the sub-pixels, all those of the first pixel, then of the second and so on:
        a `Grid2DIrregular` or an array of shape (sub-pixels, 2). By default those of the mask's pixels.
    over_sampler
        An `OverSampler` of the same mask, in place of `over_sample_size`.
    xp
        The array library.

    Raises
    ------
    exc.GridException
        If the shape of the values does not fit the mask, or the number of sub-pixels the sizes.
    """

    _over_sample_size: int | Array2D
    _over_sampled: Grid2DIrregular | None

    def __init__(
        self,
        values: ArrayLike,
        mask: Mask2D,
        store_native: bool = False,
        over_sample_size: ArrayLike = 4,
        over_sampled: ArrayLike | None = None,
        over_sampler: OverSampler | None = None,
        xp: Namespace = np,
    ) -> None:
        plain = numbers_from(unwrap(values), f"{type(self).__name__}.values", exc.GridException)
        if is_jax_array(plain):
            xp = xp_of(plain)
        check_object(mask, "pixels_in_mask", f"{type(self).__name__}.mask", "a Mask2D", exc.GridException)
        self._set_backend(xp)
        super().__init__(grid_2d_util.convert_grid_2d(plain, mask, store_native, xp), xp=xp)
        self.mask = mask
        self._over_sample_size = _sizes_from(over_sample_size if over_sampler is None else over_sampler.sub_size, mask)
        self._over_sampled = None
        if over_sampled is not None:
            self._over_sampled = Grid2DIrregular(as_array(unwrap(over_sampled), self._xp), xp=self._xp)
            expected, given = self._total_sub_pixels, self._over_sampled.shape[0]
            if given != expected:
                raise exc.GridException(
                    f"over_sampled: expected the {expected} sub-pixels of a grid of {mask.pixels_in_mask} pixels whose "
                    f"over_sample_size is {over_sample_size}, found {given} coordinates"
                )

    @property
    def _total_sub_pixels(self) -> int:
        if isinstance(self._over_sample_size, int):
            return self.mask.pixels_in_mask * self._over_sample_size**2
        return int((self._over_sample_size.array**2).sum())

    @derived
    def over_sample_size(self) -> Array2D:
        """How many times each unmasked pixel is divided in y and in x."""
        return over_sample_util.over_sample_size_convert_to_array_2d_from(self._over_sample_size, self.mask)

    @derived
    def over_sampler(self) -> OverSampler:
        """The division of the pixels into sub-pixels, which averages over them."""
        from autoarray.operators.over_sampling.over_sampler import OverSampler

        return OverSampler(mask=self.mask, sub_size=self.over_sample_size)

    @derived
    def _uniform_over_sampled(self) -> Grid2DIrregular:
        values = over_sample_util.grid_2d_slim_over_sampled_via_mask_from(
            mask_2d=self.mask.array,
            pixel_scales=self.mask.pixel_scales,
            sub_size=self.over_sample_size.array,
            origin=self.mask.origin,
        )
        return Grid2DIrregular(as_array(values, self._xp), xp=self._xp)

    @property
    def over_sampled(self) -> Grid2DIrregular:
        """The coordinates of the sub-pixels, of shape (sub-pixels, 2), pixel by pixel."""
        return self._uniform_over_sampled if self._over_sampled is None else self._over_sampled

    def with_new_array(self, array: ArrayLike) -> Self:
        """A copy of this grid with other coordinates; those of the sub-pixels stay as they are."""
        new = super().with_new_array(array)
        if self._over_sampled is not None and self._over_sampled.use_jax != new.use_jax:
            new._over_sampled = Grid2DIrregular(as_array(self._over_sampled.array, new._xp), xp=new._xp)
        return new

    def _move(self, values: Array, over_sampled: Grid2DIrregular, mask: Mask2D | None = None) -> Self:
        """A copy of this grid whose pixels and sub-pixels have moved."""
        new = super().with_new_array(values)
        if over_sampled.use_jax != new.use_jax:
            over_sampled = Grid2DIrregular(as_array(over_sampled.array, new._xp), xp=new._xp)
        new._over_sampled = over_sampled
        if mask is not None:
            new.mask = mask
            new._over_sample_size = _sizes_from(self._over_sample_size, mask)
        return new

    @property
    def slim(self) -> Self:
        """The grid in slim form, of shape (pixels in mask, 2)."""
        return self.with_new_array(grid_2d_util.convert_grid_2d_to_slim(self._array, self.mask, self._xp))

    @property
    def native(self) -> Self:
        """The grid in native form, of shape (y, x, 2), with (0.0, 0.0) at masked pixels."""
        return self.with_new_array(grid_2d_util.convert_grid_2d_to_native(self._array, self.mask))

    @property
    def flipped(self) -> Self:
        """The grid with y and x exchanged."""
        flipped = self.over_sampled.with_new_array(self.over_sampled.array[..., ::-1])
        return self._move(self._array[..., ::-1], flipped)

    @property
    def in_radians(self) -> Self:
        """The grid in radians, from arc-seconds."""
        factor = np.pi / (180.0 * 3600.0)
        return self._move(self._array * factor, self.over_sampled * factor)

    def subtracted_from(self, offset: Coordinate, xp: Namespace = np) -> Self:
        """The grid minus a (y, x) offset in scaled units.

        The origin of its mask moves along, unless the offset is traced by JAX: masks are static.
        """
        moved = Grid2DIrregular(self.slim.array, xp=self._xp).subtracted_from(offset, xp)
        return self._move(
            self._in_stored_form(moved.array), self.over_sampled.subtracted_from(offset, xp), self._shift_mask(offset)
        )

    def subtracted_and_rotated_from(self, offset: Coordinate, angle: Scalar, xp: Namespace = np) -> Self:
        """The grid minus a (y, x) offset, then turned counter-clockwise around (0.0, 0.0).

        The origin of its mask moves by the offset, unless that is traced by JAX: masks are static.

        Parameters
        ----------
        offset
            The (y, x) offset in scaled units.
        angle
            The angle in degrees.
        xp
            The array library.
        """
        moved = Grid2DIrregular(self.slim.array, xp=self._xp).subtracted_and_rotated_from(offset, angle, xp)
        over_sampled = self.over_sampled.subtracted_and_rotated_from(offset, angle, xp)
        return self._move(self._in_stored_form(moved.array), over_sampled, self._shift_mask(offset))

    def _in_stored_form(self, slim: Array) -> Any:
        if self._array.ndim == 2:
            return slim
        return grid_2d_util.grid_2d_native_from(slim, self.mask.array, xp_of(slim))

    def _shift_mask(self, offset: Coordinate) -> Mask2D | None:
        """The mask with its origin moved by an offset, or None where it stays the same."""
        if any(is_tracer(value) for value in (offset, *offset)):
            return None
        y, x = (float(value) for value in offset)
        if y == 0.0 and x == 0.0:
            return None
        return self.mask._with(origin=(self.mask.origin[0] - y, self.mask.origin[1] - x))

    def grid_2d_via_deflection_grid_from(self, deflection_grid: ArrayLike) -> Self:
        """The grid minus the deflections of its pixels; the sub-pixels stay as they are.

        Parameters
        ----------
        deflection_grid
            The deflections in scaled units, in the form and shape of this grid.
        """
        xp = xp_of(self._array, unwrap(deflection_grid))
        grid_2d_util.check_deflections(deflection_grid, self._array)
        return self.with_new_array(as_array(self._array, xp) - as_array(unwrap(deflection_grid), xp))

    def apply_over_sampling(self, over_sample_size: ArrayLike) -> Self:
        """The grid with its pixels divided otherwise; the sub-pixels are those of the mask's pixels."""
        return self._with(_over_sample_size=_sizes_from(over_sample_size, self.mask), _over_sampled=None)

    def squared_distances_to_coordinate_from(self, coordinate: tuple[float, float] = (0.0, 0.0)) -> Array2D:
        """The squared distance of each pixel to one (y, x) coordinate."""
        check_numbers(coordinate, "coordinate", "a coordinate (y, x)", 2, error=exc.GridException)
        y, x = self._array[..., 0] - coordinate[0], self._array[..., 1] - coordinate[1]
        return Array2D(values=y**2 + x**2, mask=self.mask, store_native=self._array.ndim == 3, xp=self._xp)

    def distances_to_coordinate_from(self, coordinate: tuple[float, float] = (0.0, 0.0)) -> Array2D:
        """The distance of each pixel to one (y, x) coordinate."""
        return self.squared_distances_to_coordinate_from(coordinate).sqrt()

    @property
    def shape_native_scaled_interior(self) -> tuple[float, float]:
        """The (y, x) distance between the outermost coordinates in scaled units."""
        maxima, minima = self.scaled_maxima, self.scaled_minima
        return (maxima[0] - minima[0], maxima[1] - minima[1])

    @property
    def scaled_maxima(self) -> tuple[float, float]:
        """The largest y and the largest x coordinate of the unmasked pixels."""
        slim = self.slim.array
        return (slim[:, 0].max(), slim[:, 1].max())

    @property
    def scaled_minima(self) -> tuple[float, float]:
        """The smallest y and the smallest x coordinate of the unmasked pixels."""
        slim = self.slim.array
        return (slim[:, 0].min(), slim[:, 1].min())

    def extent_with_buffer_from(self, buffer: float = 1.0e-8) -> list[float]:
        """The edges [x0, x1, y0, y1] of the unmasked pixels' coordinates, `buffer` wider on each side."""
        check_number(buffer, "buffer", error=exc.GridException)
        maxima, minima = self.scaled_maxima, self.scaled_minima
        return [minima[1] - buffer, maxima[1] + buffer, minima[0] - buffer, maxima[0] + buffer]

    @property
    def is_uniform(self) -> bool:
        """Whether the y coordinates are those of the mask's pixels, up to one shift of all of them."""
        if self._array.ndim != 2:
            return False
        y = np.asarray(self._array)[:, 0]
        pixels = grid_2d_util.grid_2d_slim_via_mask_from(self.mask.array, self.pixel_scales, self.origin)[:, 0]
        return bool(y.size == 0 or np.ptp(y - pixels) < 1.0e-8)


def _sizes_from(over_sample_size: ArrayLike, mask: Mask2D) -> int | Array2D:
    """One integer as it is, anything else as an `Array2D` of integers on the mask."""
    if over_sample_util.is_size(over_sample_size):
        count = mask.pixels_in_mask * int(over_sample_size) ** 2
        check_memory(count, 16, "over_sample_size", "coordinates of sub-pixels", exc.GridException)
        return int(over_sample_size)
    return over_sample_util.over_sample_size_convert_to_array_2d_from(over_sample_size, mask)
