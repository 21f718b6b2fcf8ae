"""Coordinates of the pixels of a 2D mask."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from autoarray import _small_datasets, exc
from autoarray._display import line
from autoarray._typing import ArrayLike, Namespace, PixelScales
from autoarray._validation import check_flag, check_number, check_numbers, check_object, shown, squared
from autoarray.abstract_ndarray import unwrap
from autoarray.geometry import geometry_util
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays import array_2d_util
from autoarray.structures.grids import grid_2d_util
from autoarray.structures.grids.abstract_2d import AbstractGrid2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular


class Grid2D(AbstractGrid2D):
    """One scaled (y, x) coordinate for each unmasked pixel of a mask, and the coordinates of its sub-pixels.

    The coordinates have a slim form, of shape (pixels in mask, 2), and a native form, of shape (y, x, 2) with zeros at
    masked pixels.

    Parameters
    ----------
    values
        The coordinates in slim or native form, in arc-seconds. A JAX array makes this an object that computes with JAX.
    mask
        The mask.
    store_native
        Whether the native form is stored.
    over_sample_size
        How many times each pixel is divided in y and in x: one integer, or one for each unmasked pixel.
    over_sampled
        The coordinates of the sub-pixels, of shape (sub-pixels, 2), pixel after pixel; by default those of the mask.
    over_sampler
        An `OverSampler` of the same mask, in place of `over_sample_size`.
    xp
        `numpy` or `jax.numpy`.

    Raises
    ------
    exc.GridException
        If the shape of the values does not fit the mask, or the number of sub-pixels the sizes.

    Examples
    --------
    >>> import autoarray as aa
    >>> grid = aa.Grid2D.uniform(shape_native=(2, 2), pixel_scales=0.5, over_sample_size=2)
    >>> grid.array
    array([[ 0.25, -0.25],
           [ 0.25,  0.25],
           [-0.25, -0.25],
           [-0.25,  0.25]])
    >>> grid.native.shape, grid.over_sampled.array.shape
    ((2, 2, 2), (16, 2))
    """

    @classmethod
    def no_mask(
        cls,
        values: ArrayLike,
        pixel_scales: PixelScales,
        shape_native: tuple[int, int] | None = None,
        origin: tuple[float, float] = (0.0, 0.0),
        over_sample_size: ArrayLike = 4,
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
        grid = grid_2d_util.convert_grid(values)
        grid_2d_util.check_grid_2d(grid)
        grid_2d_util.check_grid_slim(grid, shape_native)
        if shape_native is None:  # slim coordinates without a shape are refused above
            shape_native = (grid.shape[0], grid.shape[1])
        mask = Mask2D.all_false(shape_native=shape_native, pixel_scales=pixel_scales, origin=origin)
        return cls(values=grid, mask=mask, over_sample_size=over_sample_size)

    @classmethod
    def from_yx_1d(
        cls,
        y: ArrayLike,
        x: ArrayLike,
        shape_native: tuple[int, int],
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        over_sample_size: ArrayLike = 4,
    ) -> Grid2D:
        """A grid without masked pixels from its y and x coordinates in slim form, of shape (pixels,) each."""
        values = Grid2DIrregular.from_yx_1d(y, x).array
        return cls.no_mask(values, pixel_scales, shape_native, origin, over_sample_size)

    @classmethod
    def from_yx_2d(
        cls,
        y: ArrayLike,
        x: ArrayLike,
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        over_sample_size: ArrayLike = 4,
    ) -> Grid2D:
        """A grid without masked pixels from its y and x coordinates in native form, of shape (y, x) each."""
        values = Grid2DIrregular.from_yx_1d(y, x).array
        return cls.no_mask(values, pixel_scales, None, origin, over_sample_size)

    @classmethod
    def from_extent(
        cls, extent: tuple[float, float, float, float], shape_native: tuple[int, int], over_sample_size: ArrayLike = 4
    ) -> Grid2D:
        """A grid whose outermost coordinates lie on the edges (x0, x1, y0, y1) of an extent.

        Raises
        ------
        exc.GridException
            If the shape has fewer than two pixels in y or x.
        """
        check_numbers(extent, "extent", "the edges (x0, x1, y0, y1)", 4, error=exc.GridException)
        x0, x1, y0, y1 = extent
        shape_native = geometry_util.convert_shape_native_2d(shape_native)
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
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        over_sample_size: ArrayLike = 4,
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
            Whether a grid of more than 16 pixels along an axis becomes one of (16, 16) pixels of 0.6 arc-seconds where
            PYAUTO_SMALL_DATASETS=1 asks for small datasets. It then has `over_sample_size` if that is one number, and
            the default otherwise.
        """
        check_flag(respect_small_datasets, "respect_small_datasets", exc.GridException)
        if respect_small_datasets and _small_datasets.is_too_large(geometry_util.convert_shape_native_2d(shape_native)):
            shape_native, pixel_scales = _small_datasets.SHAPE_NATIVE, _small_datasets.PIXEL_SCALES
            over_sample_size = over_sample_size if np.ndim(unwrap(over_sample_size)) == 0 else 4
        mask = Mask2D.all_false(shape_native=shape_native, pixel_scales=pixel_scales, origin=origin)
        return cls.from_mask(mask, over_sample_size)

    @classmethod
    def bounding_box(
        cls,
        bounding_box: Sequence[float],
        shape_native: tuple[int, int],
        buffer_around_corners: bool = False,
        over_sample_size: ArrayLike = 4,
    ) -> Grid2D:
        """A grid of pixels that fill the box (y0, y1, x0, x1) in scaled units.

        With `buffer_around_corners` the outermost pixels' centres lie on the box, and half a pixel outside it.
        """
        check_numbers(bounding_box, "bounding_box", "the edges (y0, y1, x0, x1)", 4, error=exc.GridException)
        y0, y1, x0, x1 = (float(edge) for edge in bounding_box)
        shape_native = geometry_util.convert_shape_native_2d(shape_native)
        less = 1 if buffer_around_corners else 0
        if min(shape_native) <= less:
            raise exc.GridException(
                f"shape_native: expected more than {less} pixel(s) in y and x, found {tuple(shape_native)}"
            )
        pixel_scales = ((y1 - y0) / (shape_native[0] - less), (x1 - x0) / (shape_native[1] - less))
        return cls.uniform(shape_native, pixel_scales, ((y1 + y0) / 2.0, (x1 + x0) / 2.0), over_sample_size)

    @classmethod
    def from_mask(cls, mask: Mask2D, over_sample_size: ArrayLike = 4, xp: Namespace = np) -> Grid2D:
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
        check_object(mask, "pixels_in_mask", "mask", "a Mask2D", exc.GridException)
        values = grid_2d_util.grid_2d_slim_via_mask_from(mask.array, mask.pixel_scales, mask.origin, xp)
        return cls(values=values, mask=mask, over_sample_size=over_sample_size, xp=xp)

    @classmethod
    def from_fits(
        cls,
        file_path: Path | str,
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        over_sample_size: ArrayLike = 4,
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
        cls, mask: Mask2D, kernel_shape_native: tuple[int, int], over_sample_size: ArrayLike = 4
    ) -> Grid2D:
        """The grid of the masked pixels whose light a kernel of a shape (y, x) carries into unmasked ones.

        A mask that is too small for the kernel is padded.
        """
        check_object(mask, "derive_mask", "mask", "a Mask2D", exc.GridException)
        blurring_mask = mask.derive_mask.blurring_from(kernel_shape_native, allow_padding=True)
        return cls.from_mask(blurring_mask, over_sample_size)

    def blurring_grid_via_kernel_shape_from(self, kernel_shape_native: tuple[int, int]) -> Grid2D:
        """The blurring grid of this grid's mask (`blurring_grid_from`), not over sampled."""
        return Grid2D.blurring_grid_from(self.mask, kernel_shape_native, over_sample_size=1)

    def grid_with_coordinates_within_distance_removed_from(self, coordinates: ArrayLike, distance: float) -> Grid2D:
        """The grid without the pixels closer than a distance to any of some coordinates, on a smaller mask.

        Parameters
        ----------
        coordinates
            One (y, x) coordinate, or several, of shape (N, 2).
        distance
            The distance in scaled units.
        """
        check_number(distance, "distance", "a number of at least 0", error=exc.GridException, least=0.0, infinite=True)
        slim = np.asarray(self.slim.array)
        kept = np.full(len(slim), True)
        centres = np.asarray(grid_2d_util.convert_grid(coordinates))
        if centres.size and (centres.ndim > 2 or centres.shape[-1:] != (2,) or not np.isfinite(centres).all()):
            raise exc.GridException(
                f"coordinates: expected finite coordinates (y, x), of shape (N, 2), found {shown(centres)}"
            )
        for y, x in centres.reshape(-1, 2):
            kept &= (slim[:, 0] - y) ** 2 + (slim[:, 1] - x) ** 2 >= squared(distance)
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
        return grid_2d_util.radial_projected_shape_slim_from(self.geometry.extent, centre, self.pixel_scales)

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
        check_number(angle, "angle", "a finite number of degrees", error=exc.GridException)
        points = grid_2d_util.grid_scaled_2d_slim_radial_projected_from(
            self.geometry.extent, centre, self.pixel_scales, shape_slim
        )
        points = geometry_util.transform_grid_2d_to_reference_frame(points, centre, angle) + np.asarray(centre)
        return Grid2DIrregular(points[1:] if remove_projected_centre else points)

    def padded_grid_from(self, kernel_shape_native: tuple[int, int]) -> Grid2D:
        """The pixel centres of the whole array, and of as many pixels around it as a kernel of a shape (y, x) reaches.

        Pixels that this grid does not have are not over sampled.
        """
        kernel_shape_native = geometry_util.convert_shape_native_2d(
            kernel_shape_native, "kernel_shape_native", exc.GridException
        )
        shape = (
            self.shape_native[0] + kernel_shape_native[0] - 1,
            self.shape_native[1] + kernel_shape_native[1] - 1,
        )
        mask = Mask2D.all_false(shape_native=shape, pixel_scales=self.pixel_scales, origin=self.origin)
        sizes = array_2d_util.resized_array_2d_from(self.over_sample_size.native.array, shape)
        return Grid2D.from_mask(mask, over_sample_size=np.maximum(sizes, 1), xp=self._xp)

    def trimmed_after_convolution_from(self, kernel_shape: tuple[int, int]) -> Grid2D:
        """The grid without the rows and columns that `padded_grid_from` added, as pixel centres of its mask."""
        kernel_shape = geometry_util.convert_shape_native_2d(kernel_shape, "kernel_shape", exc.GridException)
        y, x = (kernel // 2 for kernel in kernel_shape)
        window = (slice(y, self.shape_native[0] - y), slice(x, self.shape_native[1] - x))
        mask = Mask2D(self.mask.array[window], pixel_scales=self.pixel_scales, origin=self.origin)
        sizes = self.over_sample_size.native.array[window]
        return Grid2D(values=self.native.array[window], mask=mask, over_sample_size=np.maximum(sizes, 1), xp=self._xp)

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        size = state.get("_over_sample_size")
        over_sample_size = "" if size is None else f"over_sample_size={line.sizes(size)}"
        native = f"native {line.grid_of(state.get('mask'))}"
        return [line.backend(self), f"{line.array(self)} arcsec", native, over_sample_size]
