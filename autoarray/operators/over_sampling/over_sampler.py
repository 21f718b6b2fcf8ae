"""Split each image pixel into sub-pixels, and average what was computed on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from autoarray import exc
from autoarray._backend import as_array
from autoarray._display import line
from autoarray._state import State, derived
from autoarray._typing import ArrayLike, Namespace
from autoarray._validation import check_object
from autoarray.operators.over_sampling import over_sample_util
from autoarray.structures.decorators import _structures

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D
    from autoarray.structures.arrays.uniform_2d import Array2D
    from autoarray.structures.grids.irregular_2d import Grid2DIrregular


class OverSampler(State):
    """The division of each unmasked pixel into `sub_size x sub_size` sub-pixels.

    Sub-pixels are ordered pixel by pixel, and row by row from the top left inside a pixel. All of
    this is fixed by the mask, so it is NumPy on either backend; only `binned_array_2d_from`
    computes with `xp`.

    Parameters
    ----------
    mask
        The mask whose unmasked pixels are divided.
    sub_size
        One size for every pixel, or an `Array2D` with one size for each unmasked pixel.
    """

    def __init__(self, mask: Mask2D, sub_size: int | Array2D) -> None:
        check_object(mask, "pixels_in_mask", "OverSampler.mask", "a Mask2D", exc.GridException)
        self.mask = mask
        self.sub_size: Array2D = over_sample_util.over_sample_size_convert_to_array_2d_from(sub_size, mask)

    @property
    def _sizes(self) -> np.ndarray:
        return np.asarray(self.sub_size.array)

    @derived
    def sub_is_uniform(self) -> bool:
        """Whether every pixel has the same sub size."""
        sizes = self._sizes
        return bool(np.all(sizes == sizes[:1]))

    @derived
    def sub_total(self) -> int:
        """The number of sub-pixels of all unmasked pixels."""
        return over_sample_util.total_sub_pixels_2d_from(self._sizes)

    @derived
    def sub_length(self) -> Array2D:
        """The number of sub-pixels in each unmasked pixel."""
        return self.sub_size._with(_array=self._sizes**2)

    @derived
    def sub_fraction(self) -> Array2D:
        """The fraction of its pixel's area that each sub-pixel of an unmasked pixel covers."""
        return self.sub_size._with(_array=1.0 / self._sizes**2)

    @derived
    def sub_pixel_areas(self) -> np.ndarray:
        """The area of each sub-pixel in square arc-seconds, of shape (sub_total,)."""
        y_scale, x_scale = self.mask.pixel_scales
        lengths = self._sizes**2
        return np.repeat(y_scale * x_scale / lengths, lengths)

    @derived
    def slim_for_sub_slim(self) -> np.ndarray:
        """The slim index of the pixel that each sub-pixel lies in, of shape (sub_total,)."""
        return over_sample_util.slim_index_for_sub_slim_index_via_mask_2d_from(self.mask, self._sizes)

    @derived
    def split_indices(self) -> np.ndarray:
        """The index after the last sub-pixel of each unmasked pixel."""
        return np.cumsum(self._sizes**2)

    @derived
    def start_indices(self) -> np.ndarray:
        """The index of the first sub-pixel of each unmasked pixel."""
        return self.split_indices - self._sizes**2

    @derived
    def binned_counts(self) -> np.ndarray:
        """The number of values that `binned_array_2d_from` averages in each unmasked pixel."""
        counts = self._sizes**2
        counts.flags.writeable = False
        return counts

    @derived
    def uniform_over_sampled(self) -> Grid2DIrregular:
        """The (y, x) centres of all sub-pixels in arc-seconds, of shape (sub_total, 2)."""
        from autoarray.structures.grids.irregular_2d import Grid2DIrregular

        return Grid2DIrregular(
            values=over_sample_util.grid_2d_slim_over_sampled_via_mask_from(
                mask_2d=self.mask,
                pixel_scales=self.mask.pixel_scales,
                sub_size=self._sizes,
                origin=self.mask.origin,
            )
        )

    def binned_array_2d_from(self, array: ArrayLike, xp: Namespace = np) -> Array2D:
        """The mean of a sub-pixel array over each pixel.

        Parameters
        ----------
        array
            One value for each sub-pixel, of shape (sub_total,).
        xp
            The array library of the result.

        Raises
        ------
        exc.ArrayException
            If `array` has another shape.
        """
        values = as_array(getattr(array, "array", array), xp)
        if values.shape != (self.sub_total,):
            raise exc.ArrayException(
                f"array: expected one value for each of the {self.sub_total} sub-pixels of the over sampler, "
                f"so shape ({self.sub_total},), found shape {values.shape}"
            )
        total = self._sizes.size
        if self.sub_total == total:  # one sub-pixel in each pixel
            binned = values * 1.0
        elif self.sub_is_uniform:
            binned = values.reshape((total, -1)).mean(axis=1)
        elif xp is np:
            sums = cast("np.ndarray", np.bincount(self.slim_for_sub_slim, weights=values, minlength=total))
            binned = sums / self.binned_counts
        else:  # a scatter-add with static indexes, which JAX can trace
            sums = xp.zeros(total, dtype=values.dtype).at[self.slim_for_sub_slim].add(values, indices_are_sorted=True)
            binned = sums / xp.asarray(self.binned_counts, dtype=values.dtype)
        return _structures.array_2d(binned, self)

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        return [line.grid_of(state["mask"]), f"sub_size={line.sizes(state['sub_size'])}"]
