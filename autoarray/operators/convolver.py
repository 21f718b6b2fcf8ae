"""Convolution of masked images and mapping matrices with a point spread function."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import _configuration, exc
from autoarray._backend import numbers_from
from autoarray._display import line
from autoarray._state import State, derived
from autoarray._typing import Array, Namespace, PixelScales, Sparse, Values
from autoarray._validation import check_flag
from autoarray.abstract_ndarray import unwrap
from autoarray.mask import mask_2d_util
from autoarray.operators._convolution import apply
from autoarray.operators._convolution import kernel as kernels
from autoarray.operators._convolution.state import ConvolverState

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D
    from autoarray.structures.arrays.uniform_2d import Array2D

# Evaluations alternate between few masks; each state may hold a large matrix.
_STATES_KEPT = 4


class Convolver(State):
    """A point spread function (PSF), which blurs images and mapping matrices.

    On NumPy a convolution is a product with a sparse matrix, which is built once for each mask
    and kept; if it would have more than 40 million entries, Fourier transforms are used. They are also
    used for a dense mapping matrix of 64 bits that is not nearly empty, unless the kernel is small.
    On JAX Fourier transforms of static shape are used. On a CPU the program has NumPy compute them, or
    the product with the sparse matrix for a mapping matrix that is nearly empty: the Fourier transforms
    of XLA can wait forever for its threads there.

    Parameters
    ----------
    kernel
        The kernel, with an odd number of rows and columns.
    state
        What the convolution of one mask needs, if it was set up before.
    normalize
        Whether to divide the kernel by its sum. The given array is left as it is.
    use_fft
        True: always use Fourier transforms. False: never, on JAX convolve directly. None: choose
        as stated above, or never where the user's configuration says so (`general.yaml`, `psf.use_fft_default`).
    convolve_over_sample_size
        How many times finer than the image the kernel is sampled. If above 1, the images and
        mapping matrices that are convolved have one row for each of `convolve_over_sample_size**2`
        sub-pixels of a pixel, in the order of an `OverSampler`; the result is their mean in pixels.

    Raises
    ------
    exc.KernelException
        If the kernel is not an `Array2D`, has an even number of rows or columns, a value that is complex, not finite or
        so large that its square is not, or is to be normalized and sums to zero.
    """

    def __init__(
        self,
        kernel: Array2D,
        state: ConvolverState | None = None,
        normalize: bool = False,
        use_fft: bool | None = None,
        convolve_over_sample_size: int = 1,
    ) -> None:
        kernels.check_kernel(kernel)
        kernels.check_over_sample_size(convolve_over_sample_size)
        check_flag(normalize, "Convolver.normalize", exc.KernelException)
        if use_fft is not None:
            check_flag(use_fft, "Convolver.use_fft", exc.KernelException)
        elif not _configuration.flag("general", "psf", "use_fft_default", default=True):
            use_fft = False
        self.kernel = kernels.normalized_kernel(kernel) if normalize else kernel
        self._use_fft = use_fft
        self.convolve_over_sample_size = int(convolve_over_sample_size)
        self._state = state

    @classmethod
    def no_blur(cls, pixel_scales: PixelScales) -> Convolver:
        """A 3 x 3 kernel that leaves images as they are."""
        from autoarray.structures.arrays.uniform_2d import Array2D

        values = np.zeros((3, 3))
        values[1, 1] = 1.0
        return cls(kernel=Array2D.no_mask(values=values, pixel_scales=pixel_scales))

    @classmethod
    def from_gaussian(
        cls,
        shape_native: tuple[int, int],
        pixel_scales: PixelScales,
        sigma: float,
        centre: tuple[float, float] = (0.0, 0.0),
        axis_ratio: float = 1.0,
        angle: float = 0.0,
        normalize: bool = False,
        convolve_over_sample_size: int = 1,
    ) -> Convolver:
        """An elliptical Gaussian, exp(-(r / sigma)^2 / 2) / (sigma sqrt(2 pi)).

        Parameters
        ----------
        shape_native
            The numbers of rows and columns, both odd.
        pixel_scales
            The size of the kernel's pixels in arc-seconds, one number or (y, x).
        sigma
            The standard deviation along the major axis, in arc-seconds.
        centre
            The (y, x) centre in arc-seconds.
        axis_ratio
            The ratio of the minor to the major axis.
        angle
            The direction of the major axis, in degrees counter-clockwise from the positive x-axis.

        Raises
        ------
        exc.KernelException
            If the standard deviation or the axis ratio is not positive, or another number not finite.
        """
        from autoarray.structures.arrays.uniform_2d import Array2D

        values = kernels.gaussian(shape_native, pixel_scales, sigma, centre, axis_ratio, angle)
        return cls(
            kernel=Array2D.no_mask(values=values, pixel_scales=pixel_scales),
            normalize=normalize,
            convolve_over_sample_size=convolve_over_sample_size,
        )

    @classmethod
    def from_fits(
        cls,
        file_path: Path | str,
        hdu: int,
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
        normalize: bool = False,
    ) -> Convolver:
        """The image in one HDU of a FITS file, as a kernel; see `Array2D.from_fits` for the errors."""
        from autoarray.structures.arrays.uniform_2d import Array2D

        kernel = Array2D.from_fits(file_path=file_path, hdu=hdu, pixel_scales=pixel_scales, origin=origin)
        return cls(kernel=kernel, normalize=normalize)

    @property
    def use_fft(self) -> bool:
        """Whether Fourier transforms may be used: False only if the convolver was made with `use_fft=False`."""
        return self._use_fft is not False

    @property
    def normalized(self) -> Convolver:
        """A convolver whose kernel sums to 1; this one is left as it is."""
        return self._with(kernel=kernels.normalized_kernel(self.kernel), _state=None)

    @derived
    def reversed_kernel(self) -> Convolver:
        """A convolver whose kernel is reversed along both axes: its convolution is a correlation."""
        kernel = self.kernel._with(_array=np.asarray(self.kernel.array)[::-1].copy())
        return self._with(kernel=kernel, _state=None)

    @property
    def kernel_shape_image_resolution(self) -> tuple[int, int]:
        """The odd numbers of rows and columns of image pixels that the kernel reaches."""
        return kernels.shape_image_resolution(self.kernel.shape_native, self.convolve_over_sample_size)

    @derived
    def _states(self) -> list[ConvolverState]:
        # The states of the masks that were convolved last; like all intermediates, never pickled.
        return []

    def state_from(self, mask: Mask2D, blurring_mask: Mask2D | None = None) -> ConvolverState:
        """What the convolution of this mask needs, built at the first call with an equal mask and kept."""
        for state in [*([] if self._state is None else [self._state]), *self._states]:
            if state.is_for_mask(mask) and (
                blurring_mask is None or mask_2d_util.same_mask(state.blurring_mask, blurring_mask)
            ):
                return state
        state = ConvolverState(
            kernel=self.kernel,
            mask=mask,
            blurring_mask=blurring_mask,
            convolve_over_sample_size=self.convolve_over_sample_size,
        )
        self._states[: -_STATES_KEPT + 1] = []
        self._states.append(state)
        return state

    def convolved_image_from(
        self,
        image: Values,
        blurring_image: Values | None,
        jax_method: str = "direct",
        use_mixed_precision: bool = False,
        mask: Mask2D | None = None,
        xp: Namespace = np,
    ) -> Array2D:
        """Convolve a masked image.

        Parameters
        ----------
        image
            The values of the unmasked pixels: an `Array2D`, or an array with `mask`. If the kernel is
            over-sampled, the values of their sub-pixels.
        blurring_image
            The values of the blurring pixels, whose light is blurred into the unmasked ones, or None
            if there is no such light: an `Array2D`, or an array in the order of the blurring mask.
        jax_method
            "direct" or "fft", for JAX with `use_fft=False`.
        use_mixed_precision
            Whether Fourier transforms on JAX run in single precision; the result keeps the image's type.
        mask
            The mask of the image, if `image` has none.

        Raises
        ------
        exc.KernelException
            If no mask is known, or an image has another length than its mask asks for.
        """
        how = apply.How(self._use_fft, jax_method, use_mixed_precision, xp)
        return self._convolved_image_from(image, blurring_image, mask, how)

    def convolved_image_via_real_space_from(
        self,
        image: Values,
        blurring_image: Values | None = None,
        jax_method: str = "direct",
        xp: Namespace = np,
        mask: Mask2D | None = None,
    ) -> Array2D:
        """`convolved_image_from` without Fourier transforms."""
        return self._convolved_image_from(image, blurring_image, mask, apply.How(False, jax_method, False, xp))

    def convolved_image_via_real_space_np_from(
        self, image: Values, blurring_image: Values | None = None, mask: Mask2D | None = None, xp: Namespace = np
    ) -> Array2D:
        """`convolved_image_from` without Fourier transforms, on NumPy."""
        return self.convolved_image_via_real_space_from(image, blurring_image, mask=mask)

    def _convolved_image_from(
        self, image: Values, blurring_image: Values | None, mask: Mask2D | None, how: apply.How
    ) -> Array2D:
        from autoarray.structures.arrays.uniform_2d import Array2D

        for name, values in (("image", image), ("blurring_image", blurring_image)):
            if values is not None:
                numbers_from(unwrap(values), name, exc.KernelException)
        mask = getattr(image, "mask", mask)
        if mask is None and self._state is not None:
            mask = self._state.mask
        if mask is None:
            raise exc.KernelException(
                f"image: expected an Array2D, or an array and the argument mask, found {type(image).__qualname__} alone"
            )
        state = self.state_from(mask, blurring_mask=getattr(blurring_image, "mask", None))
        values = apply.convolve(state, "image", image, "blurring_image", blurring_image, how)
        return Array2D(values=values, mask=mask, xp=how.xp)

    def convolved_mapping_matrix_from(
        self,
        mapping_matrix: Array | Sparse,
        mask: Mask2D,
        blurring_mapping_matrix: Array | Sparse | None = None,
        blurring_mask: Mask2D | None = None,
        jax_method: str = "direct",
        use_mixed_precision: bool = False,
        xp: Namespace = np,
    ) -> Any:
        """Convolve each column of a mapping matrix.

        Parameters
        ----------
        mapping_matrix
            An array of shape (pixels, m), or on NumPy a sparse one. If the kernel is over-sampled,
            of shape (pixels * convolve_over_sample_size**2, m).
        mask
            The mask of the image.
        blurring_mapping_matrix, blurring_mask
            The same for the blurring pixels, and their mask.
        jax_method, use_mixed_precision
            As for `convolved_image_from`.

        Returns
        -------
        An array of shape (pixels, m); a `scipy.sparse.csr_array` if `mapping_matrix` is sparse.
        """
        state = self.state_from(mask, blurring_mask)
        how = apply.How(self._use_fft, jax_method, use_mixed_precision, xp)
        return apply.convolve(
            state, "mapping_matrix", mapping_matrix, "blurring_mapping_matrix", blurring_mapping_matrix, how
        )

    def convolved_mapping_matrix_via_real_space_from(
        self,
        mapping_matrix: Array | Sparse,
        mask: Mask2D,
        blurring_mapping_matrix: Array | Sparse | None = None,
        blurring_mask: Mask2D | None = None,
        jax_method: str = "direct",
        xp: Namespace = np,
    ) -> Any:
        """`convolved_mapping_matrix_from` without Fourier transforms."""
        return self._with(_use_fft=False, _state=self.state_from(mask, blurring_mask)).convolved_mapping_matrix_from(
            mapping_matrix, mask, blurring_mapping_matrix, blurring_mask, jax_method=jax_method, xp=xp
        )

    def convolved_mapping_matrix_via_real_space_np_from(
        self,
        mapping_matrix: Array | Sparse,
        mask: Mask2D,
        blurring_mapping_matrix: Array | Sparse | None = None,
        blurring_mask: Mask2D | None = None,
        xp: Namespace = np,
    ) -> Any:
        """`convolved_mapping_matrix_from` on NumPy: the sums of real space, whichever exact way forms them faster.

        PyAutoGalaxy convolves the light of many profiles by this name. Fourier transforms give the same sums to 1e-13.
        """
        return self.convolved_mapping_matrix_from(mapping_matrix, mask, blurring_mapping_matrix, blurring_mask)

    def mapping_matrix_native_from(
        self,
        mapping_matrix: Array,
        mask: Mask2D,
        blurring_mapping_matrix: Array | None = None,
        blurring_mask: Mask2D | None = None,
        use_mixed_precision: bool = False,
        xp: Namespace = np,
    ) -> Any:
        """Scatter the rows of mapping matrices onto the image, as an array of shape (rows, columns, m).

        With a blurring mask that is larger than the mask, the array has its shape. With
        `use_mixed_precision` it has single precision.
        """
        if blurring_mapping_matrix is not None and blurring_mask is None:
            blurring_mask = self.state_from(mask).blurring_mask
        cube = apply.mapping_matrix_native(mapping_matrix, blurring_mapping_matrix, mask, blurring_mask, xp)
        return cube.astype(np.float32) if use_mixed_precision else cube

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        kernel = state["kernel"]
        scales = line.stored(line.stored(kernel, "mask"), "pixel_scales")
        use_fft = state["_use_fft"]
        return [
            line.backend(kernel),
            f"{line.by(line.shape_of(line.stored(kernel, 'mask')))} of {line.arcsec(scales)}",
            "" if use_fft is None else f"use_fft={use_fft}",
            f"convolve_over_sample_size={line.sizes(state['convolve_over_sample_size'])}",
        ]
