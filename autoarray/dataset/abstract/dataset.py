"""What all kinds of datasets have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, xp_of
from autoarray._state import State, derived
from autoarray._typing import ArrayLike
from autoarray.dataset import _checks
from autoarray.geometry.geometry_util import convert_shape_native_2d
from autoarray.mask.mask_1d import Mask1D
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.over_sampling.over_sample_util import over_sample_size_convert_to_array_2d_from
from autoarray.structures.arrays.uniform_1d import Array1D
from autoarray.structures.arrays.uniform_2d import Array2D

if TYPE_CHECKING:
    from autoarray.dataset.grids import GridsDataset
    from autoarray.structures.grids.uniform_2d import Grid2D


class AbstractDataset(State):
    """Data, their noise, and the sub sizes of the grids that they are fitted on.

    One mask object is shared by all of them.

    Parameters
    ----------
    data
        The data in the unmasked pixels of their mask: an `Array2D`, or an `Array1D`, such as the column of a CCD.
    noise_map
        The standard deviation of the noise in each unmasked pixel, in the units of the data.
    noise_covariance_matrix
        The covariance of the noise of every two unmasked pixels, of shape (pixels, pixels).
    over_sample_size_lp, over_sample_size_pixelization
        The sub size of each pixel, where light profiles are evaluated and where pixels are paired
        with the source's mesh: one for all, or one for each pixel.

    Raises
    ------
    exc.DatasetException
        If the mask has no unmasked pixel, or if data, noise map and covariance differ in shape
        or pixel scale, or the noise map has masked a pixel of the data.
    """

    grids: GridsDataset

    def __init__(
        self,
        data: Any,
        noise_map: Any,
        noise_covariance_matrix: np.ndarray | None = None,
        over_sample_size_lp: int | Array2D = 4,
        over_sample_size_pixelization: int | Array2D = 4,
    ) -> None:
        self.data: Array2D = data
        mask = self.mask
        _checks.check_unmasked(mask)
        if isinstance(data, Array2D):
            noise_map = self._noise_map_on(mask, noise_map)
        elif isinstance(data, Array1D):
            _checks.check_noise_map(noise_map, mask)
        self.noise_map: Array2D = noise_map
        if noise_covariance_matrix is not None:
            noise_covariance_matrix = _checks.check_covariance(noise_covariance_matrix, mask.pixels_in_mask)
        self.noise_covariance_matrix = noise_covariance_matrix
        self.over_sample_size_lp: Array2D = sub_sizes_for(over_sample_size_lp, mask)
        self.over_sample_size_pixelization: Array2D = sub_sizes_for(over_sample_size_pixelization, mask)

    @staticmethod
    def _noise_map_on(mask: Mask2D, noise_map: Array2D) -> Array2D:
        """A noise map on the very mask of the data."""
        _checks.check_noise_map(noise_map, mask)
        if noise_map.mask is mask:
            return noise_map
        same = np.array_equal(np.asarray(noise_map.mask.array), np.asarray(mask.array))
        return noise_map._with(mask=mask) if same else noise_map.apply_mask(mask)

    @property
    def mask(self) -> Mask2D:
        """The mask of the data, and of the grids.

        A subclass whose data are no image, or are not held, gives that of the image which it is fitted with. Its
        constructor sets what that needs before it calls that of this class.
        """
        return self.data.mask

    @property
    def grid(self) -> Grid2D:
        """The grid of pixel centres, `grids.lp`."""
        return self.grids.lp

    @property
    def shape_native(self) -> tuple[int, int]:
        """The numbers of rows and columns of the image."""
        return self.mask.shape_native

    @property
    def shape_slim(self) -> int:
        """The number of unmasked pixels."""
        return self.mask.pixels_in_mask

    @property
    def pixel_scales(self) -> tuple[float, float]:
        """The (y, x) size of a pixel in arc-seconds."""
        return self.mask.pixel_scales

    @property
    def signal_to_noise_map(self) -> Array2D:
        """The ratio of data and noise map, and zero where the data are negative."""
        data, noise_map = self.data.array, self.noise_map.array
        xp = xp_of(data, noise_map)
        with np.errstate(divide="ignore", invalid="ignore"):  # masked pixels of a native array
            values = as_array(data, xp) / as_array(noise_map, xp)
        return self.data.with_new_array(xp.where(values < 0.0, 0.0, values))

    @property
    def signal_to_noise_max(self) -> float:
        """The largest signal-to-noise of an unmasked pixel."""
        return self.signal_to_noise_map.max()

    @derived
    def noise_covariance_matrix_inv(self) -> np.ndarray:
        """The inverse of the noise covariance matrix.

        Raises
        ------
        exc.DatasetException
            If the dataset has no covariance matrix, or it can't be inverted.
        """
        if self.noise_covariance_matrix is None:
            raise exc.DatasetException("noise_covariance_matrix: expected a matrix to invert, found None")
        try:
            return np.linalg.inv(self.noise_covariance_matrix)
        except np.linalg.LinAlgError as error:
            raise exc.DatasetException(
                f"noise_covariance_matrix: expected a matrix that can be inverted, found a singular one of shape "
                f"{self.noise_covariance_matrix.shape}"
            ) from error

    def apply_over_sampling(
        self,
        over_sample_size_lp: int | Array2D | None = None,
        over_sample_size_pixelization: int | Array2D | None = None,
    ) -> Self:
        """The dataset with other sub sizes; those that are None stay.

        Raises
        ------
        exc.DatasetException
            If the sub sizes of this kind of dataset are fixed, as those of an `Interferometer`.
        """
        raise exc.DatasetException(
            f"{type(self).__name__}.apply_over_sampling: expected a dataset with sub sizes to choose, such as Imaging; "
            f"found {type(self).__name__}, whose images are evaluated at the centres of their pixels"
        )

    def trimmed_after_convolution_from(self, kernel_shape: tuple[int, int]) -> Self:
        """A dataset without the pixels at the edges of the image that a kernel of this shape reaches past.

        Its data, noise map, sub sizes and grids lose half the kernel on each side; so does the
        covariance matrix, if there is one.
        """
        kernel_shape = convert_shape_native_2d(kernel_shape, "kernel_shape", exc.DatasetException)
        data = self.data.trimmed_after_convolution_from(kernel_shape=kernel_shape)
        mask = data.mask
        half = [length // 2 for length in kernel_shape]
        inside = np.zeros(self.shape_native, dtype=bool)
        inside[half[0] : half[0] + mask.shape_native[0], half[1] : half[1] + mask.shape_native[1]] = True

        def trim(array: Array2D) -> Array2D:
            return array.trimmed_after_convolution_from(kernel_shape=kernel_shape)._with(mask=mask)

        covariance = self.noise_covariance_matrix
        if covariance is not None:
            kept = inside[~np.asarray(self.mask.array)]
            covariance = covariance[np.ix_(kept, kept)]
        sizes_lp = sub_sizes_for(trim(self.over_sample_size_lp), mask)
        sizes_pixelization = sub_sizes_for(trim(self.over_sample_size_pixelization), mask)
        changes: dict[str, Any] = {
            "data": data,
            "noise_map": trim(self.noise_map),
            "noise_covariance_matrix": covariance,
            "over_sample_size_lp": sizes_lp,
            "over_sample_size_pixelization": sizes_pixelization,
        }
        if "grids" in vars(self):
            changes["grids"] = self.grids._with(
                mask=mask, over_sample_size_lp=sizes_lp, over_sample_size_pixelization=sizes_pixelization
            )
        return self._with(**changes)


def sub_sizes_for(over_sample_size: ArrayLike, mask: Mask2D) -> Array2D:
    """Sub sizes on a mask; those of an `Array2D` with another mask of its shape are taken pixel by pixel.

    A pixel that the `Array2D` has masked, such as one that was added around it, is not divided. The pixels of a line
    (`Mask1D`) have sizes in an `Array2D` of one row.
    """
    if isinstance(mask, Mask1D):
        mask = Mask2D(mask=np.asarray(mask.array)[None, :], pixel_scales=mask.pixel_scales[0])
    if isinstance(over_sample_size, Array2D):
        own = over_sample_size.mask
        if own is not mask and own.shape_native == mask.shape_native:
            over_sample_size = np.where(own.array, 1, np.asarray(over_sample_size.native.array))
    return over_sample_size_convert_to_array_2d_from(over_sample_size, mask)
