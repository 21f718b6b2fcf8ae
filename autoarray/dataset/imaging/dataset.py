"""An image of the sky, with its noise and point spread function."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autoarray._display import line, table
from autoarray._typing import PixelScales
from autoarray._validation import check_instance, check_number, check_object, is_real_scalar
from autoarray.dataset import _checks
from autoarray.dataset.abstract.dataset import AbstractDataset, sub_sizes_for
from autoarray.dataset.grids import GridsDataset
from autoarray.dataset.imaging._padding import warn_of_padding
from autoarray.inversion.inversion.imaging.inversion_imaging_util import BATCH_SIZE, ImagingSparseOperator
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators._convolution.kernel import check_pixel_scales
from autoarray.operators.convolver import Convolver
from autoarray.structures.arrays._data_checks import check_signal_to_noise, check_values
from autoarray.structures.arrays.uniform_2d import Array2D


class Imaging(AbstractDataset):
    """An image, its noise map and point spread function (PSF), and the grids that it is fitted on.

    A dataset is never changed: the methods `apply_...` give new ones.

    Parameters
    ----------
    data, noise_map, noise_covariance_matrix
        As in `AbstractDataset`. Without a noise map, it is the square root of the covariance's diagonal.
    psf
        The PSF, or None for an image that is not blurred.
    psf_setup_state
        Whether the PSF finds out at once which pixels it blurs into the mask, and warns as `apply_mask` does,
        rather than at the first fit, which doesn't warn.
    over_sample_size_lp, over_sample_size_pixelization
        As in `AbstractDataset`.
    convolve_over_sample_size_lp, convolve_over_sample_size_pixelization
        How many times finer than the image the PSF is sampled, where images of light profiles and
        where pixelizations are convolved. Those above 1 are equal; the sub sizes are multiples of them.
    use_normalized_psf
        Whether the dataset's PSF is divided by its sum. The given one is left as it is.
    sparse_operator
        An `ImagingSparseOperator`, which inversions of the dataset then use; see `apply_sparse_operator`.
    check_noise_map
        Whether the data and the noise map are checked now. If not, as for an image with bad pixels
        that are still to be masked, they are checked by `apply_mask`.

    Raises
    ------
    exc.DatasetException
        If the parts disagree, no pixel is unmasked, the data or noise of an unmasked pixel are not
        finite or so large or small that their squares are not, or the noise is not positive.
    exc.KernelException
        If the PSF is larger than the image, or has other pixel scales than the data, divided by how many times finer
        it is sampled.
    """

    def __init__(
        self,
        data: Array2D,
        noise_map: Array2D | None = None,
        psf: Convolver | None = None,
        psf_setup_state: bool = False,
        noise_covariance_matrix: np.ndarray | None = None,
        over_sample_size_lp: int | Array2D = 4,
        over_sample_size_pixelization: int | Array2D = 4,
        convolve_over_sample_size_lp: int = 1,
        convolve_over_sample_size_pixelization: int = 1,
        use_normalized_psf: bool | None = True,
        check_noise_map: bool = True,
        sparse_operator: ImagingSparseOperator | None = None,
    ) -> None:
        _check_array("data", data)
        if noise_map is None:
            noise_map = _noise_map_from(data, noise_covariance_matrix)
        _check_array("noise_map", noise_map)
        super().__init__(
            data=data,
            noise_map=noise_map,
            noise_covariance_matrix=noise_covariance_matrix,
            over_sample_size_lp=over_sample_size_lp,
            over_sample_size_pixelization=over_sample_size_pixelization,
        )
        if check_noise_map:
            check_values("data", self.data, positive=False)
            check_values("noise_map", self.noise_map, positive=True)
            check_signal_to_noise(self.data, self.noise_map)
        _checks.check_convolve_over_sample_size("lp", convolve_over_sample_size_lp, self.over_sample_size_lp)
        _checks.check_convolve_over_sample_size(
            "pixelization", convolve_over_sample_size_pixelization, self.over_sample_size_pixelization
        )
        self.convolve_over_sample_size_lp = convolve_over_sample_size_lp
        self.convolve_over_sample_size_pixelization = convolve_over_sample_size_pixelization
        self.psf = self._psf_for(psf, bool(use_normalized_psf))
        self.grids = GridsDataset(
            mask=self.mask,
            over_sample_size_lp=self.over_sample_size_lp,
            over_sample_size_pixelization=self.over_sample_size_pixelization,
            psf=self.psf,
        )
        expected, error = "an ImagingSparseOperator or None", exc.DatasetException
        check_instance(sparse_operator, ImagingSparseOperator, "sparse_operator", expected, error, optional=True)
        self.sparse_operator = sparse_operator
        if psf_setup_state and self.psf is not None:
            warn_of_padding(self.mask, self.psf)
            self.psf.state_from(self.mask)

    def _psf_for(self, psf: object, normalize: bool) -> Convolver | None:
        sizes = {self.convolve_over_sample_size_lp, self.convolve_over_sample_size_pixelization} - {1}
        if len(sizes) > 1:
            raise exc.DatasetException(
                "convolve_over_sample_size_lp and convolve_over_sample_size_pixelization: expected the same, or one "
                f"of them 1, because there is one PSF; found {self.convolve_over_sample_size_lp} and "
                f"{self.convolve_over_sample_size_pixelization}"
            )
        if psf is None:
            return None
        if not isinstance(psf, Convolver):
            raise exc.DatasetException(f"psf: expected a Convolver or None, found {type(psf).__qualname__}")
        if sizes and psf.convolve_over_sample_size not in sizes:
            psf = psf._with(convolve_over_sample_size=int(sizes.pop()), _state=None)
        check_pixel_scales("psf", psf.kernel, self.mask, psf.convolve_over_sample_size)
        shape, image = psf.kernel_shape_image_resolution, self.shape_native
        if shape[0] > image[0] or shape[1] > image[1]:
            raise exc.KernelException(
                f"psf: expected at most the {image} pixels of the image, found {shape}; trim the PSF"
            )
        if not normalize or float(psf.kernel.array.sum()) == 1.0:
            return psf  # the very object, so that what it keeps for a mask serves every dataset
        return psf.normalized

    @classmethod
    def from_fits(
        cls,
        pixel_scales: PixelScales,
        data_path: Path | str,
        noise_map_path: Path | str,
        data_hdu: int = 0,
        noise_map_hdu: int = 0,
        psf_path: Path | str | None = None,
        psf_hdu: int = 0,
        noise_covariance_matrix: np.ndarray | None = None,
        check_noise_map: bool = True,
        over_sample_size_lp: int | Array2D = 4,
        over_sample_size_pixelization: int | Array2D = 4,
        convolve_over_sample_size_lp: int = 1,
        convolve_over_sample_size_pixelization: int = 1,
        psf_pixel_scales: PixelScales | None = None,
    ) -> Imaging:
        """Read an image, its noise map and its PSF from FITS files; see `Array2D.from_fits` for the errors.

        Parameters
        ----------
        pixel_scales
            The size of a pixel in arc-seconds, one number or (y, x).
        data_path, noise_map_path, psf_path
            The files; without the last there is no PSF.
        data_hdu, noise_map_hdu, psf_hdu
            The HDU of each file that has the image.
        psf_pixel_scales
            The size of the PSF's pixels: by default that of the image's, or the fraction of it that
            the PSF is over-sampled by.

        Examples
        --------
        >>> import autoarray as aa
        >>> dataset = aa.Imaging.from_fits(
        ...     data_path="data/data.fits",
        ...     noise_map_path="data/noise_map.fits",
        ...     psf_path="data/psf.fits",
        ...     pixel_scales=0.06,
        ... )
        >>> dataset.shape_native
        (50, 50)
        >>> mask = aa.Mask2D.circular(shape_native=(50, 50), pixel_scales=0.06, radius=1.35)
        >>> dataset.apply_mask(mask=mask).data
        Array2D(numpy, float64 (1576,), native 50 x 50 of 0.06")
        """
        data = Array2D.from_fits(file_path=data_path, hdu=data_hdu, pixel_scales=pixel_scales)
        noise_map = Array2D.from_fits(file_path=noise_map_path, hdu=noise_map_hdu, pixel_scales=pixel_scales)
        psf = None
        if psf_path is not None:
            finer = max(convolve_over_sample_size_lp, convolve_over_sample_size_pixelization)
            if psf_pixel_scales is None:
                psf_pixel_scales = tuple(scale / finer for scale in data.mask.pixel_scales)
            kernel = Array2D.from_fits(file_path=psf_path, hdu=psf_hdu, pixel_scales=psf_pixel_scales)
            psf = Convolver(kernel=kernel, convolve_over_sample_size=finer)
        return cls(
            data=data,
            noise_map=noise_map,
            psf=psf,
            noise_covariance_matrix=noise_covariance_matrix,
            over_sample_size_lp=over_sample_size_lp,
            over_sample_size_pixelization=over_sample_size_pixelization,
            convolve_over_sample_size_lp=convolve_over_sample_size_lp,
            convolve_over_sample_size_pixelization=convolve_over_sample_size_pixelization,
            check_noise_map=check_noise_map,
        )

    def _rebuild(self, **changes: Any) -> Imaging:
        """A new dataset of this one's parts, checked again; the PSF is not normalized a second time."""
        parts: dict[str, Any] = {
            "data": self.data,
            "noise_map": self.noise_map,
            "psf": self.psf,
            "noise_covariance_matrix": self.noise_covariance_matrix,
            "over_sample_size_lp": self.over_sample_size_lp,
            "over_sample_size_pixelization": self.over_sample_size_pixelization,
            "convolve_over_sample_size_lp": self.convolve_over_sample_size_lp,
            "convolve_over_sample_size_pixelization": self.convolve_over_sample_size_pixelization,
            "use_normalized_psf": False,
        }
        new = type(self)(**(parts | changes))
        # The operator is made of the parts, and so anew.
        return new if self.sparse_operator is None else new.apply_sparse_operator(self.sparse_operator.batch_size)

    def apply_sparse_operator(self, batch_size: int = BATCH_SIZE) -> Imaging:
        """The dataset with a sparse operator, so that its inversions do without the convolved mapping matrix.

        The evidence is that of the dataset without, to rounding. It takes less memory on a GPU, and nothing is lost
        elsewhere (see `InversionImagingSparse`). The operator stays with the datasets that `apply_...` make of this
        one.

        Parameters
        ----------
        batch_size
            How many columns of the curvature matrix a GPU computes at once: more are faster and take more memory.

        Raises
        ------
        exc.DatasetException
            If the dataset has no PSF, or one that is sampled more finely than the data.
        """
        operator = ImagingSparseOperator(data=self.data, noise_map=self.noise_map, psf=self.psf, batch_size=batch_size)
        return self._with(sparse_operator=operator)

    def apply_sparse_operator_cpu(self) -> Imaging:
        """`apply_sparse_operator`: one operator serves NumPy and JAX."""
        return self.apply_sparse_operator()

    def apply_mask(self, mask: Mask2D) -> Imaging:
        """The dataset in the unmasked pixels of a mask.

        Raises
        ------
        exc.DatasetException
            If the mask has another shape or pixel scale, or unmasks pixels that are masked already
            and so have no data; or for bad values, as in the constructor.

        Warns
        -----
        exc.DatasetWarning
            If the mask has masked pixels, and its unmasked ones lie so near to the edge of the image that the PSF
            reaches past it. Datasets that are made of the masked one don't warn again, and nor do their fits.
        """
        check_object(mask, "shape_native", "mask", "a Mask2D", exc.DatasetException)
        if mask.shape_native != self.shape_native:
            raise exc.DatasetException(
                f"mask: expected the shape {self.shape_native} of the data, found {mask.shape_native}"
            )
        _checks.check_pixel_scales("mask", mask, self.mask)
        _checks.check_unmasked(mask)
        new, old = np.asarray(mask.array), np.asarray(self.mask.array)
        lost = np.count_nonzero(~new & old)
        if lost:
            raise exc.DatasetException(
                f"mask: expected unmasked pixels of the dataset only, found {lost} of {np.count_nonzero(~new)} that "
                "it has masked, so that their data are gone; apply the mask to the dataset before masking"
            )
        kept = ~new[~old]
        covariance = self.noise_covariance_matrix
        return self._rebuild(
            data=self.data._with(_array=self.data.slim.array[kept], mask=mask),
            noise_map=self.noise_map._with(_array=self.noise_map.slim.array[kept], mask=mask),
            psf_setup_state=True,
            noise_covariance_matrix=None if covariance is None else covariance[np.ix_(kept, kept)],
            over_sample_size_lp=sub_sizes_for(self.over_sample_size_lp, mask),
            over_sample_size_pixelization=sub_sizes_for(self.over_sample_size_pixelization, mask),
        )

    def apply_noise_scaling(
        self,
        mask: Mask2D,
        noise_value: float = 1e8,
        signal_to_noise_value: float | None = None,
        should_zero_data: bool = True,
    ) -> Imaging:
        """The dataset with other noise where a mask is False, such as on a star, so that it does not count.

        Parameters
        ----------
        mask
            False in the pixels that are scaled; a pixel that the dataset has masked is left as it is.
        noise_value
            Their noise.
        signal_to_noise_value
            If given, their noise is the median of the data at the edge of the mask's unmasked
            region, divided by this.
        should_zero_data
            Whether their data are set to zero.

        Raises
        ------
        exc.DatasetException
            If the mask has another shape, or the noise would not be positive.
        """
        check_object(mask, "shape_native", "mask", "a Mask2D", exc.DatasetException)
        if mask.shape_native != self.shape_native:
            raise exc.DatasetException(
                f"mask: expected the shape {self.shape_native} of the data, found {mask.shape_native}"
            )
        _checks.check_unmasked(mask)
        data = np.array(self.data.slim.array, dtype=float)
        noise_map = np.array(self.noise_map.slim.array, dtype=float)
        scaled = ~np.asarray(mask.array)[~np.asarray(self.mask.array)]
        if signal_to_noise_value is not None:
            error = exc.DatasetException
            check_number(signal_to_noise_value, "signal_to_noise_value", "a positive number", error=error, above=0.0)
            rows, columns = np.asarray(mask.derive_indexes.edge_native).T
            noise_value = float(np.median(np.asarray(self.data.native.array)[rows, columns])) / signal_to_noise_value
        if not (is_real_scalar(noise_value) and np.isfinite(noise_value) and noise_value > 0.0):
            raise exc.DatasetException(
                f"noise_value: expected a positive number, found {noise_value}"
                + ("" if signal_to_noise_value is None else f", from signal_to_noise_value={signal_to_noise_value}")
            )
        noise_map[scaled] = noise_value
        if should_zero_data:
            data[scaled] = 0.0
        return self._rebuild(
            data=self.data._with(_array=data, _use_jax=False),
            noise_map=self.noise_map._with(_array=noise_map, _use_jax=False),
            check_noise_map=False,
        )

    def apply_over_sampling(
        self,
        over_sample_size_lp: int | Array2D | None = None,
        over_sample_size_pixelization: int | Array2D | None = None,
    ) -> Imaging:
        """The dataset with other sub sizes; those that are None stay."""
        sizes: dict[str, Any] = {}
        if over_sample_size_lp is not None:
            sizes["over_sample_size_lp"] = over_sample_size_lp
        if over_sample_size_pixelization is not None:
            sizes["over_sample_size_pixelization"] = over_sample_size_pixelization
        return self._rebuild(**sizes, check_noise_map=False)

    def _repr_parts(self) -> list[str]:
        return line.dataset(self)

    def _html_rows(self) -> list[tuple[str, str]]:
        return table.dataset(self)

    def _repr_html_(self) -> str:
        return table.table_of(self)


def _check_array(name: str, array: object) -> None:
    if not isinstance(array, Array2D):
        raise exc.DatasetException(
            f"{name}: expected an Array2D (Array2D.no_mask makes one from an array and a pixel scale), "
            f"found {type(array).__qualname__}"
        )


def _noise_map_from(data: Array2D, noise_covariance_matrix: np.ndarray | None) -> Array2D:
    if noise_covariance_matrix is None:
        raise exc.DatasetException("noise_map: expected a noise map or a noise_covariance_matrix, found neither")
    covariance = _checks.check_covariance(noise_covariance_matrix, data.mask.pixels_in_mask)
    with np.errstate(invalid="ignore"):  # a negative variance is refused with the noise map
        return Array2D(values=np.sqrt(np.diagonal(covariance)), mask=data.mask)
