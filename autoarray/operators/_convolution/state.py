"""What the convolution of one mask with one kernel needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._display import line
from autoarray._state import State, derived
from autoarray.mask import mask_2d_util
from autoarray.operators._convolution.fourier import FourierFrame, correlate_by_fourier
from autoarray.operators._convolution.frame import Positions, positions_in_frame
from autoarray.operators._convolution.kernel import check_pixel_scales, native, shape_image_resolution
from autoarray.operators._convolution.sparse import binned_kernel, matrix_from
from autoarray.operators._convolution.tiles import ConvolutionTiles, tiles_from

if TYPE_CHECKING:
    from jaxtyping import Complex, Float
    from scipy.sparse import csc_array

    from autoarray.mask.mask_2d import Mask2D
    from autoarray.structures.arrays.uniform_2d import Array2D


class ConvolverState(State):
    """A kernel, a mask, and what their convolution needs: a sparse matrix and a Fourier transform.

    It is fixed by the mask, so it is NumPy on either backend, and a constant of a JAX trace.

    Parameters
    ----------
    kernel
        The kernel, with an odd number of rows and columns.
    mask
        The mask, at image resolution, of the images that are convolved.
    blurring_mask
        The mask that is False in masked pixels whose light the kernel spreads into unmasked ones.
        By default every such pixel; where the kernel reaches beyond the array, this mask is larger
        than `mask` by the same number of pixels on opposite sides.
    convolve_over_sample_size
        How many times finer than the image the kernel is sampled.

    Raises
    ------
    exc.KernelException
        If the kernel is larger than the mask's array, or an over-sampled one has other pixel scales than a
        mask whose pixels are so divided.
    exc.MaskException
        If no pixel is unmasked.
    """

    # Where the public name is, which pickles name.
    __module__ = "autoarray.operators.convolver"

    def __init__(
        self,
        kernel: Array2D,
        mask: Mask2D,
        blurring_mask: Mask2D | None = None,
        convolve_over_sample_size: int = 1,
    ) -> None:
        self.kernel = kernel
        self.mask = mask
        self.convolve_over_sample_size = convolve_over_sample_size
        shape = shape_image_resolution(kernel.shape_native, convolve_over_sample_size)
        if shape[0] > mask.shape_native[0] or shape[1] > mask.shape_native[1]:
            raise exc.KernelException(
                f"kernel: expected at most the {mask.shape_native} pixels of the image that it is convolved with, "
                f"found {shape}; trim the kernel, or pad the image"
            )
        if convolve_over_sample_size > 1:
            check_pixel_scales("kernel", kernel, mask, convolve_over_sample_size)
        if mask.is_all_true:
            raise exc.MaskException(f"mask: expected at least one unmasked pixel, found none of {mask.shape_native}")
        if blurring_mask is None:
            blurring_mask = mask.derive_mask.blurring_from(kernel_shape_native=shape, allow_padding=True)
        self.blurring_mask = blurring_mask

    def is_for_mask(self, mask: Mask2D) -> bool:
        """Whether this state belongs to an equal mask, so that it can be used for it."""
        return mask_2d_util.same_mask(self.mask, mask)

    @property
    def _frame_shape(self) -> tuple[int, int]:
        own, blurring = self.mask.shape_native, self.blurring_mask.shape_native
        return max(own[0], blurring[0]), max(own[1], blurring[1])

    @derived
    def _positions(self) -> Positions:
        return positions_in_frame(native(self.mask), self._frame_shape)

    @derived
    def _blurring_positions(self) -> Positions:
        return positions_in_frame(native(self.blurring_mask), self._frame_shape)

    @property
    def matrix_entries(self) -> int:
        """An upper bound of the number of entries of `matrix`."""
        size = self.convolve_over_sample_size
        weights = binned_kernel(native(self.kernel), size)
        return int(np.count_nonzero(weights)) * self._positions[0].size

    @derived
    def matrix(self) -> Float[csc_array, "data_pixels sub_pixels"]:
        """The convolution of unmasked pixels as a sparse matrix, of shape (pixels, pixels * size**2)."""
        return self._matrix_from(self._positions)

    @derived
    def blurring_matrix(self) -> Float[csc_array, "data_pixels blurring_sub_pixels"]:
        """The light that blurring pixels add to unmasked ones, of shape (pixels, blurring_pixels * size**2)."""
        return self._matrix_from(self._blurring_positions)

    def _matrix_from(self, inputs: Positions) -> csc_array:
        return matrix_from(
            outputs=self._positions,
            inputs=inputs,
            frame_shape=self._frame_shape,
            kernel=native(self.kernel),
            size=self.convolve_over_sample_size,
        ).tocsc()

    @derived
    def tiles(self) -> ConvolutionTiles:
        """The convolution of unmasked pixels in square tiles of the image, some 4 MB for an HST image."""
        size = self.convolve_over_sample_size
        return tiles_from(self._positions, self._frame_shape, binned_kernel(native(self.kernel), size), size)

    @derived
    def _frame(self) -> FourierFrame:
        return FourierFrame(
            outputs=self._positions,
            blurring=self._blurring_positions,
            kernel=native(self.kernel),
            size=self.convolve_over_sample_size,
        )

    def correlate(self, image: Float[np.ndarray, "data_pixels"]) -> Float[np.ndarray, "sub_pixels"]:
        """The transposed convolution: for each (sub-)pixel what it gives to all pixels, which weigh as in an image."""
        return correlate_by_fourier(image, self._frame)

    @property
    def fft_shape(self) -> tuple[int, ...]:
        """The shape of the padded array that is Fourier transformed."""
        return self._frame.shape

    @property
    def fft_kernel(self) -> Complex[np.ndarray, "padded_rows frequencies"]:
        """The Fourier transform of the kernel, centred on the first entry of an array of `fft_shape`."""
        return self._frame.kernel

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        kernel = line.by(line.shape_of(line.stored(state["kernel"], "mask")) or line.shape_of(state["kernel"]))
        return [f"kernel {kernel}", f"mask {line.grid_of(state['mask'])}"]
