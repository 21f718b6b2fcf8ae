"""Coordinates of the pixels of a 2D mask."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from autoarray import exc
from autoarray import type as ty
from autoarray._backend import as_array, is_jax_array, xp_of
from autoarray._state import derived
from autoarray.abstract_ndarray import unwrapped
from autoarray.geometry import geometry_util
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.abstract_structure import Structure
from autoarray.structures.arrays import array_2d_util
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids import grid_2d_util
from autoarray.structures.grids.irregular_2d import Grid2DIrregular

if TYPE_CHECKING:
    from autoarray.operators.over_sampling.over_sampler import OverSampler


class Grid2D(Structure):
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

    _over_sample_size: Any
    _over_sampled: Grid2DIrregular | None

    def __init__(
        self,
        values: Any,
        mask: Mask2D,
        store_native: bool = False,
        over_sample_size: Any = 4,
        over_sampled: Any = None,
        over_sampler: OverSampler | None = None,
        xp: Any = np,
    ) -> None:
        values = unwrapped(values)
        if is_jax_array(values):
            xp = xp_of(values)
        super().__init__(grid_2d_util.convert_grid_2d(values, mask, store_native, xp), xp=xp)
        self.mask = mask
        self._over_sample_size = _sizes_from(over_sample_size if over_sampler is None else over_sampler.sub_size, mask)
        self._over_sampled = None
        if over_sampled is not None:
            self._over_sampled = Grid2DIrregular(as_array(unwrapped(over_sampled), self._xp), xp=self._xp)
            expected, found = self._total_sub_pixels, self._over_sampled.shape[0]
            if found != expected:
                raise exc.GridException(
                    f"over_sampled: expected the {expected} sub-pixels of a grid of {mask.pixels_in_mask} pixels whose "
                    f"over_sample_size is {over_sample_size}, found {found} coordinates"
                )

    @property
    def _total_sub_pixels(self) -> int:
        if isinstance(self._over_sample_size, int):
            return self.mask.pixels_in_mask * self._over_sample_size**2
        return int((self._over_sample_size.array**2).sum())

    @derived
    def over_sample_size(self) -> Array2D:
        """How many times each unmasked pixel is divided in y and in x."""
        from autoarray.operators.over_sampling import over_sample_util

        return over_sample_util.over_sample_size_convert_to_array_2d_from(self._over_sample_size, self.mask)

    @derived
    def over_sampler(self) -> OverSampler:
        """The division of the pixels into sub-pixels, which averages over them."""
        from autoarray.operators.over_sampling.over_sampler import OverSampler

        return OverSampler(mask=self.mask, sub_size=self.over_sample_size)

    @derived
    def _uniform_over_sampled(self) -> Grid2DIrregular:
        from autoarray.operators.over_sampling import over_sample_util

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

    def with_new_array(self, array: Any) -> Self:
        """A copy of this grid with other coordinates; those of the sub-pixels stay as they are."""
        new = super().with_new_array(array)
        if self._over_sampled is not None and self._over_sampled.use_jax != new.use_jax:
            new._over_sampled = Grid2DIrregular(as_array(self._over_sampled.array, new._xp), xp=new._xp)
        return new

    def _moved(self, values: Any, over_sampled: Grid2DIrregular, mask: Mask2D | None = None) -> Grid2D:
        """A copy of this grid whose pixels and sub-pixels have moved."""
        new = Structure.with_new_array(self, values)
        if over_sampled.use_jax != new.use_jax:
            over_sampled = Grid2DIrregular(as_array(over_sampled.array, new._xp), xp=new._xp)
        new._over_sampled = over_sampled
        if mask is not None:
            new.mask = mask
            new._over_sample_size = _sizes_from(self._over_sample_size, mask)
        return new

    @classmethod
    def no_mask(
        cls,
        values: Any,
        pixel_scales: ty.PixelScales,
        shape_native: tuple[int, int] | None = None,
        origin: tuple[float, float] = (0.0, 0.0),
        over_sample_size: Any = 4,
    ) -> Grid2D:
        """A grid without masked pixels.

        Parameters
        ----------
        values
            The coordinates in native form, or in slim form with `shape_native` given.
        pixel_scales
            The scaled units per pixel.
        shape_native
            The (y, x) shape of the native form.
        origin
            The scaled coordinate of the centre of the array.
        over_sample_size
            How many times each pixel is divided in y and in x.

        Raises
        ------
        exc.GridException
            If the coordinates are slim and `shape_native` is not given, or the two disagree.
        """
        values = grid_2d_util.convert_grid(values)
        grid_2d_util.check_grid_2d(values)
        grid_2d_util.check_grid_slim(values, shape_native)
        shape_native = shape_native if values.ndim == 2 else tuple(values.shape[:2])
        mask = Mask2D.all_false(shape_native=shape_native, pixel_scales=pixel_scales, origin=origin)  # type: ignore[arg-type]
        return cls(values=values, mask=mask, over_sample_size=over_sample_size)

    @classmethod
    def from_yx_1d(
        cls,
        y: Any,
        x: Any,
        shape_native: tuple[int, int],
        pixel_scales: ty.PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        over_sample_size: Any = 4,
    ) -> Grid2D:
        """A grid without masked pixels from its y and x coordinates in slim form, of shape (pixels,) each."""
        values = Grid2DIrregular.from_yx_1d(grid_2d_util.convert_grid(y), grid_2d_util.convert_grid(x)).array
        return cls.no_mask(values, pixel_scales, shape_native, origin, over_sample_size)

    @classmethod
    def from_yx_2d(
        cls,
        y: Any,
        x: Any,
        pixel_scales: ty.PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        over_sample_size: Any = 4,
    ) -> Grid2D:
        """A grid without masked pixels from its y and x coordinates in native form, of shape (y, x) each."""
        values = Grid2DIrregular.from_yx_1d(grid_2d_util.convert_grid(y), grid_2d_util.convert_grid(x)).array
        return cls.no_mask(values, pixel_scales, None, origin, over_sample_size)

    @classmethod
    def from_extent(
        cls, extent: tuple[float, float, float, float], shape_native: tuple[int, int], over_sample_size: Any = 4
    ) -> Grid2D:
        """A grid whose outermost coordinates lie on the edges (x0, x1, y0, y1) of an extent.

        Raises
        ------
        exc.GridException
            If the shape has fewer than two pixels in y or x.
        """
        x0, x1, y0, y1 = extent
        if min(shape_native) < 2:
            raise exc.GridException(
                f"shape_native: expected at least two pixels in y and x between the edges of an extent, "
                f"found {tuple(shape_native)}"
            )
        y, x = np.meshgrid(np.linspace(y1, y0, shape_native[0]), np.linspace(x0, x1, shape_native[1]), indexing="ij")
        pixel_scales = (abs(float(y[0, 0] - y[1, 0])), abs(float(x[0, 1] - x[0, 0])))
        return cls.no_mask(np.stack((y, x), axis=-1), pixel_scales, over_sample_size=over_sample_size)

    @classmethod
    def uniform(
        cls,
        shape_native: tuple[int, int],
        pixel_scales: ty.PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        over_sample_size: Any = 4,
        respect_small_datasets: bool = True,
    ) -> Grid2D:
        """A grid of the pixel centres of a shape (y, x).

        Parameters
        ----------
        shape_native
            The (y, x) shape in pixels.
        pixel_scales
            The scaled units per pixel.
        origin
            The scaled coordinate of the centre of the array.
        over_sample_size
            How many times each pixel is divided in y and in x.
        respect_small_datasets
            Accepted, and without an effect: no setting shrinks grids here.
        """
        mask = Mask2D.all_false(shape_native=shape_native, pixel_scales=pixel_scales, origin=origin)
        return cls.from_mask(mask, over_sample_size)

    @classmethod
    def bounding_box(
        cls,
        bounding_box: Any,
        shape_native: tuple[int, int],
        buffer_around_corners: bool = False,
        over_sample_size: Any = 4,
    ) -> Grid2D:
        """A grid of pixels that fill the box (y0, y1, x0, x1) in scaled units.

        With `buffer_around_corners` the outermost pixels' centres lie on the box, and half a pixel outside it.
        """
        y0, y1, x0, x1 = (float(edge) for edge in bounding_box)
        less = 1 if buffer_around_corners else 0
        if min(shape_native) <= less:
            raise exc.GridException(
                f"shape_native: expected more than {less} pixel(s) in y and x, found {tuple(shape_native)}"
            )
        pixel_scales = ((y1 - y0) / (shape_native[0] - less), (x1 - x0) / (shape_native[1] - less))
        return cls.uniform(shape_native, pixel_scales, ((y1 + y0) / 2.0, (x1 + x0) / 2.0), over_sample_size)

    @classmethod
    def from_mask(cls, mask: Mask2D, over_sample_size: Any = 4, xp: Any = np) -> Grid2D:
        """The grid of the centres of a mask's unmasked pixels.

        Parameters
        ----------
        mask
            The mask.
        over_sample_size
            How many times each pixel is divided in y and in x: one integer, or one for each unmasked pixel.
        xp
            The array library.
        """
        values = grid_2d_util.grid_2d_slim_via_mask_from(mask.array, mask.pixel_scales, mask.origin, xp)
        return cls(values=values, mask=mask, over_sample_size=over_sample_size, xp=xp)

    @classmethod
    def from_fits(
        cls,
        file_path: Path | str,
        pixel_scales: ty.PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        over_sample_size: Any = 4,
    ) -> Grid2D:
        """A grid without masked pixels from a FITS file whose image has the shape (y, x, 2).

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        exc.GridException
            If the file holds no such image.
        ImportError
            If astropy is not installed.
        """
        from autoarray import fitsable

        values, _, _ = fitsable.image_from(file_path, error=exc.GridException, ndim=3)
        return cls.no_mask(values, pixel_scales, origin=origin, over_sample_size=over_sample_size)

    @classmethod
    def blurring_grid_from(
        cls, mask: Mask2D, kernel_shape_native: tuple[int, int], over_sample_size: Any = 4
    ) -> Grid2D:
        """The grid of the masked pixels whose light a kernel of a shape (y, x) carries into unmasked ones.

        A mask that is too small for the kernel is padded.
        """
        blurring_mask = mask.derive_mask.blurring_from(kernel_shape_native, allow_padding=True)
        return cls.from_mask(blurring_mask, over_sample_size)

    def blurring_grid_via_kernel_shape_from(self, kernel_shape_native: tuple[int, int]) -> Grid2D:
        """The blurring grid of this grid's mask (`blurring_grid_from`), not over sampled."""
        return Grid2D.blurring_grid_from(self.mask, kernel_shape_native, over_sample_size=1)

    @property
    def slim(self) -> Grid2D:
        """The grid in slim form, of shape (pixels in mask, 2)."""
        return self.with_new_array(grid_2d_util.convert_grid_2d_to_slim(self._array, self.mask, self._xp))

    @property
    def native(self) -> Grid2D:
        """The grid in native form, of shape (y, x, 2), with (0.0, 0.0) at masked pixels."""
        return self.with_new_array(grid_2d_util.convert_grid_2d_to_native(self._array, self.mask))

    @property
    def flipped(self) -> Grid2D:
        """The grid with y and x exchanged."""
        flipped = self.over_sampled.with_new_array(self.over_sampled.array[..., ::-1])
        return self._moved(self._array[..., ::-1], flipped)

    @property
    def in_radians(self) -> Grid2D:
        """The grid in radians, from arc-seconds."""
        factor = np.pi / (180.0 * 3600.0)
        return self._moved(self._array * factor, self.over_sampled * factor)

    def subtracted_from(self, offset: Any, xp: ModuleType = np) -> Grid2D:
        """The grid minus a (y, x) offset in scaled units.

        The origin of its mask moves along, unless the offset is traced by JAX: masks are static.
        """
        moved = Grid2DIrregular(self.slim.array, xp=self._xp).subtracted_from(offset, xp)
        return self._moved(
            self._as_stored(moved.array), self.over_sampled.subtracted_from(offset, xp), self._shifted(offset)
        )

    def subtracted_and_rotated_from(self, offset: Any, angle: Any, xp: ModuleType = np) -> Grid2D:
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
        return self._moved(self._as_stored(moved.array), over_sampled, self._shifted(offset))

    def _as_stored(self, slim: Any) -> Any:
        if self._array.ndim == 2:
            return slim
        return grid_2d_util.grid_2d_native_from(slim, self.mask.array, xp_of(slim))

    def _shifted(self, offset: Any) -> Mask2D | None:
        """The mask with its origin moved by an offset, or None where it stays the same."""
        if any(_is_tracer(value) for value in (offset, *offset)):
            return None
        y, x = (float(value) for value in offset)
        if y == 0.0 and x == 0.0:
            return None
        return self.mask._with(origin=(self.mask.origin[0] - y, self.mask.origin[1] - x))

    def grid_2d_via_deflection_grid_from(self, deflection_grid: Any) -> Grid2D:
        """The grid minus the deflections of its pixels; the sub-pixels stay as they are.

        Parameters
        ----------
        deflection_grid
            The deflections in scaled units, in the form and shape of this grid.
        """
        xp = xp_of(self._array, unwrapped(deflection_grid))
        return self.with_new_array(as_array(self._array, xp) - as_array(unwrapped(deflection_grid), xp))

    def apply_over_sampling(self, over_sample_size: Any) -> Grid2D:
        """The grid with its pixels divided otherwise; the sub-pixels are those of the mask's pixels."""
        return self._with(_over_sample_size=_sizes_from(over_sample_size, self.mask), _over_sampled=None)

    def squared_distances_to_coordinate_from(self, coordinate: tuple[float, float] = (0.0, 0.0)) -> Array2D:
        """The squared distance of each pixel to one (y, x) coordinate."""
        y, x = self._array[..., 0] - coordinate[0], self._array[..., 1] - coordinate[1]
        return Array2D(values=y**2 + x**2, mask=self.mask, store_native=self._array.ndim == 3, xp=self._xp)

    def distances_to_coordinate_from(self, coordinate: tuple[float, float] = (0.0, 0.0)) -> Array2D:
        """The distance of each pixel to one (y, x) coordinate."""
        return self.squared_distances_to_coordinate_from(coordinate).sqrt()

    def grid_with_coordinates_within_distance_removed_from(self, coordinates: Any, distance: float) -> Grid2D:
        """The grid without the pixels closer than a distance to any of some coordinates, on a smaller mask.

        Parameters
        ----------
        coordinates
            One (y, x) coordinate, or several, of shape (N, 2).
        distance
            The distance in scaled units.
        """
        slim = np.asarray(self.slim.array)
        kept = np.full(len(slim), True)
        for y, x in np.asarray(unwrapped(coordinates), dtype=float).reshape(-1, 2):
            kept &= (slim[:, 0] - y) ** 2 + (slim[:, 1] - x) ** 2 >= distance**2
        native = np.full(self.shape_native, True)
        native[tuple(index[kept] for index in self.mask.slim_to_native_tuple)] = False
        mask = Mask2D(native, pixel_scales=self.pixel_scales, origin=self.origin)
        sizes = self.over_sample_size.array
        over_sampled = None
        if self._over_sampled is not None:
            over_sampled = self._over_sampled.array[np.repeat(kept, sizes**2)]
        return Grid2D(
            values=self.slim.array[kept],
            mask=mask,
            over_sample_size=sizes[kept],
            over_sampled=over_sampled,
            xp=self._xp,
        )

    def grid_2d_radial_projected_shape_slim_from(self, centre: tuple[float, float] = (0.0, 0.0)) -> int:
        """The number of points of `grid_2d_radial_projected_from`."""
        return grid_2d_util._radial_projected_shape_slim_from(self.geometry.extent, centre, self.pixel_scales)

    def grid_2d_radial_projected_from(
        self,
        centre: tuple[float, float] = (0.0, 0.0),
        angle: float = 0.0,
        shape_slim: int | None = 0,
        remove_projected_centre: bool = False,
    ) -> Grid2DIrregular:
        """Coordinates from a centre outwards, a pixel apart, as far as the farthest edge of the mask.

        Parameters
        ----------
        centre
            The (y, x) coordinate of the first point in scaled units.
        angle
            The angle of the line in degrees, clockwise from the positive x-axis.
        shape_slim
            The number of points; 0 for as many as reach the edge.
        remove_projected_centre
            Whether the first point is left out.
        """
        points = grid_2d_util.grid_scaled_2d_slim_radial_projected_from(
            self.geometry.extent, centre, self.pixel_scales, shape_slim
        )
        points = geometry_util.transform_grid_2d_to_reference_frame(points, centre, angle) + np.asarray(centre)
        return Grid2DIrregular(points[1:] if remove_projected_centre else points)

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
        maxima, minima = self.scaled_maxima, self.scaled_minima
        return [minima[1] - buffer, maxima[1] + buffer, minima[0] - buffer, maxima[0] + buffer]

    def padded_grid_from(self, kernel_shape_native: tuple[int, int]) -> Grid2D:
        """The pixel centres of the whole array, and of as many pixels around it as a kernel of a shape (y, x) reaches.

        Pixels that this grid does not have are not over sampled.
        """
        shape = (
            self.shape_native[0] + kernel_shape_native[0] - 1,
            self.shape_native[1] + kernel_shape_native[1] - 1,
        )
        mask = Mask2D.all_false(shape_native=shape, pixel_scales=self.pixel_scales, origin=self.origin)
        sizes = array_2d_util.resized_array_2d_from(self.over_sample_size.native.array, shape)
        return Grid2D.from_mask(mask, over_sample_size=np.maximum(sizes, 1), xp=self._xp)

    def trimmed_after_convolution_from(self, kernel_shape: tuple[int, int]) -> Grid2D:
        """The grid without the rows and columns that `padded_grid_from` added, as pixel centres of its mask."""
        y, x = (kernel // 2 for kernel in kernel_shape)
        window = (slice(y, self.shape_native[0] - y), slice(x, self.shape_native[1] - x))
        mask = Mask2D(self.mask.array[window], pixel_scales=self.pixel_scales, origin=self.origin)
        sizes = self.over_sample_size.native.array[window]
        return Grid2D(values=self.native.array[window], mask=mask, over_sample_size=np.maximum(sizes, 1), xp=self._xp)

    @property
    def is_uniform(self) -> bool:
        """Whether the y coordinates are those of the mask's pixels, up to one shift of all of them."""
        if self._array.ndim != 2:
            return False
        y = np.asarray(self._array)[:, 0]
        pixels = grid_2d_util.grid_2d_slim_via_mask_from(self.mask.array, self.pixel_scales, self.origin)[:, 0]
        return bool(y.size == 0 or np.ptp(y - pixels) < 1.0e-8)


def _is_tracer(value: Any) -> bool:
    if not is_jax_array(value):
        return False
    import jax

    return isinstance(value, jax.core.Tracer)


def _sizes_from(over_sample_size: Any, mask: Mask2D) -> Any:
    """One integer as it is, anything else as an `Array2D` of integers on the mask."""
    if (
        isinstance(over_sample_size, (int, np.integer))
        and not isinstance(over_sample_size, bool)
        and over_sample_size > 0
    ):
        return int(over_sample_size)
    from autoarray.operators.over_sampling import over_sample_util

    return over_sample_util.over_sample_size_convert_to_array_2d_from(over_sample_size, mask)
