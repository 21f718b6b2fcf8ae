"""What an interferometer measured: visibilities, their noise and frequencies, and the pixels of the sky to fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autoarray._display import line
from autoarray._typing import ArrayLike
from autoarray._validation import check_instance, whole_from
from autoarray.dataset.abstract.dataset import sub_sizes_for
from autoarray.dataset.grids import GridsDataset
from autoarray.dataset.interferometer._checks import check_visibilities, warn_of_blind_pixels
from autoarray.dataset.interferometer._quantities import AbstractInterferometer
from autoarray.inversion.inversion.interferometer import inversion_interferometer_util
from autoarray.inversion.inversion.interferometer._baselines import LongestBaselines
from autoarray.inversion.inversion.interferometer._measured import operator_from
from autoarray.inversion.inversion.interferometer._noise import noise_map_pooled_from, warn_of_pooling, weights_from
from autoarray.inversion.inversion.interferometer.inversion_interferometer_util import (
    BATCH_SIZE,
    InterferometerSparseOperator,
    SparseTerms,
)
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators._fourier.lattice import lattice_of
from autoarray.operators._fourier.normal import KERNEL_EPS, toeplitz_from
from autoarray.operators._primary_beam import primary_beam_slim_from
from autoarray.operators.transformer import TransformerDFT, TransformerNUFFT, uv_from
from autoarray.structures.visibilities import Visibilities, VisibilitiesNoiseMap

# More than this, and a user of the direct transform is told of the other one.
_MOST_BY_SUMS = 10_000


class Interferometer(AbstractInterferometer):
    """Visibilities, their noise and frequencies, and the mask of the sky that they are fitted on.

    A dataset is never changed: the methods `apply_...` give new ones.

    Parameters
    ----------
    data
        The visibilities.
    noise_map
        The standard deviations of real and imaginary parts.
    uv_wavelengths
        The frequencies (u, v) of each visibility in wavelengths, of shape (visibilities, 2).
    real_space_mask
        The mask of the images that are transformed.
    transformer_class
        `TransformerNUFFT` or `TransformerDFT`, or a class with their arguments.
    sparse_operator
        The `InterferometerSparseOperator` of the data; see `apply_sparse_operator`.
    raise_error_dft_visibilities_limit
        Whether more than 10,000 visibilities are refused for `TransformerDFT`.
    sparse_terms
        The `SparseTerms` that the dataset is made of, if it keeps no visibilities; see `from_stream`.
    primary_beam
        The response of the antennas in each pixel, which images are multiplied with before they are transformed, or
        None.

    Raises
    ------
    exc.DatasetException
        If the lengths differ, there is no visibility or no unmasked pixel, a number is not finite, or the noise is not
        positive.

    Warns
    -----
    exc.DatasetWarning
        If the baselines are far too short for the field, as those in metres are, or too long for the pixel scale
        (Nyquist), or the primary beam is 0 in an unmasked pixel. Datasets that are made of this one don't warn again.

    Examples
    --------
    >>> import numpy as np
    >>> import autoarray as aa
    >>> mask = aa.Mask2D.circular(shape_native=(20, 20), pixel_scales=0.1, radius=0.8)
    >>> uv = np.random.default_rng(1).normal(0.0, 2e5, size=(100, 2))
    >>> simulator = aa.SimulatorInterferometer(uv_wavelengths=uv, exposure_time=300.0, noise_seed=1)
    >>> dataset = simulator.via_image_from(aa.Array2D(values=np.ones(mask.pixels_in_mask), mask=mask))
    >>> dataset.data.shape, dataset.dirty_image.shape_native
    ((100,), (20, 20))
    """

    def __init__(
        self,
        data: Visibilities,
        noise_map: VisibilitiesNoiseMap,
        uv_wavelengths: np.ndarray,
        real_space_mask: Mask2D,
        transformer_class: Callable[..., Any] = TransformerNUFFT,
        sparse_operator: InterferometerSparseOperator | None = None,
        raise_error_dft_visibilities_limit: bool = True,
        sparse_terms: SparseTerms | None = None,
        primary_beam: ArrayLike | None = None,
    ) -> None:
        error = exc.DatasetException
        check_instance(real_space_mask, Mask2D, "Interferometer.real_space_mask", "a Mask2D", error)
        if real_space_mask.is_all_true:
            raise error(
                "Interferometer.real_space_mask: expected at least one unmasked pixel, found none in an array of shape "
                f"{real_space_mask.shape_native}"
            )
        parts: tuple[Any, ...] = (data, noise_map, uv_wavelengths)
        if any(part is None for part in parts):
            if not all(part is None for part in parts):
                raise error("Interferometer: expected data, noise_map and uv_wavelengths, or none of them, found some")
            if sparse_operator is None:
                raise error(
                    "Interferometer: expected a sparse_operator for a dataset without visibilities, found None; "
                    "Interferometer.from_stream makes both"
                )
        else:
            uv_wavelengths = uv_from(uv_wavelengths, "Interferometer.uv_wavelengths")
            check_visibilities(data, noise_map, uv_wavelengths)
            baselines = LongestBaselines()
            baselines.add(uv_wavelengths)
            baselines.warn_of_scales(real_space_mask)
        name = "Interferometer.sparse_operator"
        expected = "an InterferometerSparseOperator or None"
        check_instance(sparse_operator, InterferometerSparseOperator, name, expected, error, optional=True)
        self.real_space_mask = real_space_mask
        self.data = data
        self.noise_map = noise_map
        self.noise_covariance_matrix = None
        self.uv_wavelengths = uv_wavelengths
        self.over_sample_size_lp = sub_sizes_for(1, real_space_mask)
        self.over_sample_size_pixelization = self.over_sample_size_lp
        beam = None if primary_beam is None else primary_beam_slim_from(primary_beam, real_space_mask)
        if beam is not None:
            warn_of_blind_pixels(beam)
        self.primary_beam_slim = beam
        self.transformer: Any = self._transformer_for(transformer_class, raise_error_dft_visibilities_limit)
        self.grids = GridsDataset(
            mask=real_space_mask,
            over_sample_size_lp=self.over_sample_size_lp,
            over_sample_size_pixelization=self.over_sample_size_pixelization,
        )
        self.sparse_operator = sparse_operator
        self.sparse_terms = sparse_terms

    def _transformer_for(self, transformer_class: Callable[..., Any], refuse_many: bool) -> Any:
        if self.data is None:
            return None
        if transformer_class is TransformerDFT and refuse_many and len(self.uv_wavelengths) > _MOST_BY_SUMS:
            raise exc.DatasetException(
                f"Interferometer.transformer_class: expected TransformerNUFFT for {len(self.uv_wavelengths):,} "
                f"visibilities, found TransformerDFT, which is slow for more than {_MOST_BY_SUMS:,}; pass "
                "raise_error_dft_visibilities_limit=False to use it"
            )
        transformer = transformer_class(uv_wavelengths=self.uv_wavelengths, real_space_mask=self.real_space_mask)
        return transformer if self.primary_beam_slim is None else transformer.with_primary_beam(self.primary_beam_slim)

    @classmethod
    def from_fits(
        cls,
        data_path: Path | str,
        noise_map_path: Path | str,
        uv_wavelengths_path: Path | str,
        real_space_mask: Mask2D,
        visibilities_hdu: int = 0,
        noise_map_hdu: int = 0,
        uv_wavelengths_hdu: int = 0,
        transformer_class: Callable[..., Any] = TransformerNUFFT,
        raise_error_dft_visibilities_limit: bool = True,
        primary_beam_path: Path | str | None = None,
        primary_beam_hdu: int = 0,
    ) -> Interferometer:
        """Read a dataset from FITS files, each with an image of shape (visibilities, 2).

        Parameters
        ----------
        data_path, noise_map_path
            The files of the real and imaginary parts of visibilities and noise.
        uv_wavelengths_path
            The file of u and v in wavelengths.
        visibilities_hdu, noise_map_hdu, uv_wavelengths_hdu
            The header data unit of each file that has the image.
        real_space_mask, transformer_class, raise_error_dft_visibilities_limit
            As of the class.
        primary_beam_path, primary_beam_hdu
            A file of the primary beam in native form, or None.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        exc.ArrayException
            If a file has no such image.
        """
        from autoarray import fitsable

        beam = None
        if primary_beam_path is not None:
            beam = fitsable.image_from(primary_beam_path, primary_beam_hdu, error=exc.ArrayException)[0]
        uv = fitsable.image_from(uv_wavelengths_path, uv_wavelengths_hdu, error=exc.ArrayException)[0]
        return cls(
            data=Visibilities.from_fits(data_path, visibilities_hdu),
            noise_map=VisibilitiesNoiseMap.from_fits(noise_map_path, noise_map_hdu),
            uv_wavelengths=uv,
            real_space_mask=real_space_mask,
            transformer_class=transformer_class,
            raise_error_dft_visibilities_limit=raise_error_dft_visibilities_limit,
            primary_beam=beam,
        )

    @classmethod
    def from_stream(
        cls,
        chunks: Iterable[tuple[ArrayLike, ArrayLike, ArrayLike]],
        real_space_mask: Mask2D,
        *,
        transformer_class: Callable[..., Any] = TransformerNUFFT,
        method: str = "nufft",
        eps: float | None = None,
        chunk_size: int | None = None,
        chunk_k: int = 2048,
        use_jax: bool = False,
        show_progress: bool = False,
        batch_size: int = BATCH_SIZE,
        phase_centre: tuple[float, float] | None = None,
        pool_noise_map: bool = False,
        oversample: int | None = None,
        oversample_pad: float = 0.25,
        primary_beam: ArrayLike | None = None,
    ) -> Interferometer:
        """A dataset without visibilities, of what those of a stream add up to.

        Memory stays flat, whatever the number of visibilities. Fits have the evidence of the dataset with visibilities.

        Parameters
        ----------
        chunks
            An iterable of (uv_wavelengths, data, noise_map) of some visibilities each, with arrays of shapes (n, 2),
            (n,) and (n,); the latter two are complex, or pairs of shape (n, 2).
        real_space_mask, primary_beam
            As of the class.
        transformer_class, chunk_size, chunk_k, use_jax, show_progress
            Not used, apart from the name of the class, which the terms keep.
        method
            "nufft"; "numpy" or "jax" for sums that are exact to rounding.
        eps
            What the terms record as their accuracy.
        batch_size
            As in `apply_sparse_operator`.
        phase_centre
            The point (y, x) in arc-seconds that becomes the centre of the image: the visibilities are multiplied with
            exp(2 pi i (u x + v y)).
        pool_noise_map
            Whether the noise of real and imaginary parts is replaced by the root of its mean square.
        oversample
            An even number: kernel and dirty image are also kept on a grid that is so many times finer.
        oversample_pad
            By which fraction of the image that kernel reaches further.

        Raises
        ------
        ValueError
            If the stream is empty, or the arrays of a chunk have different lengths.
        exc.DatasetException
            If a chunk holds something else than finite numbers and positive noise.

        Warns
        -----
        exc.DatasetWarning
            Once for the stream, if its baselines don't fit the pixels, or pooling changes its noise by much.
        """
        baselines = LongestBaselines()
        terms = inversion_interferometer_util.sparse_terms_from_chunks(
            chunks,
            real_space_mask=real_space_mask,
            transformer_class=transformer_class,
            method=method,
            eps=eps,
            chunk_size=chunk_size,
            chunk_k=chunk_k,
            use_jax=use_jax,
            show_progress=show_progress,
            phase_centre=phase_centre,
            pool_noise_map=pool_noise_map,
            oversample=oversample,
            oversample_pad=oversample_pad,
            baselines=baselines,
        )
        baselines.warn_of_scales(real_space_mask)
        return cls.from_sparse_terms(terms, real_space_mask, batch_size=batch_size, primary_beam=primary_beam)

    @staticmethod
    def chunks_of_measurement_set(
        path: Path | str, column: str | None = None, chunk_size: int = 2**19, east_left: bool = True
    ) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """The visibilities of a Measurement Set, for `from_stream`; it needs python-casacore (the extra `ms`).

        Each channel of each baseline is a visibility, with u and v in wavelengths at its frequency. The parallel hands
        of polarization are averaged by their weights, which are inverse variances. What is flagged, and a baseline of
        an antenna with itself, is left out.

        Parameters
        ----------
        path
            The folder of the Measurement Set.
        column
            The column of visibilities; CORRECTED_DATA if there is one, and else DATA, if None.
        chunk_size
            About how many visibilities are read at once.
        east_left
            Whether images have east to the left, as the sky: x grows to the west, and u changes its sign.

        Raises
        ------
        FileNotFoundError
            If there is no such folder.
        exc.DatasetException
            If it has no such column, or no parallel hands.
        ImportError
            If python-casacore is not installed.
        """
        from autoarray.dataset.interferometer import _measurement_set

        size = whole_from(chunk_size, "chunk_size", 1)
        return _measurement_set.chunks_from(path, column, size, east_left)

    @staticmethod
    def chunks_of_uvfits(
        path: Path | str, chunk_size: int = 2**19, east_left: bool = True
    ) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """The visibilities of a UVFITS file, for `from_stream`; it needs astropy (the extra `fits`).

        Parameters
        ----------
        path
            The file.
        chunk_size, east_left
            As in `chunks_of_measurement_set`, of which the rest holds too.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        exc.DatasetException
            If it holds no random groups with the axes of visibilities.
        ImportError
            If astropy is not installed.
        """
        from autoarray.dataset.interferometer import _uvfits

        return _uvfits.chunks_from(path, whole_from(chunk_size, "chunk_size", 1), east_left)

    @classmethod
    def from_sparse_terms(
        cls,
        terms: SparseTerms,
        real_space_mask: Mask2D,
        *,
        batch_size: int = BATCH_SIZE,
        primary_beam: ArrayLike | None = None,
    ) -> Interferometer:
        """A dataset without visibilities, of what they add up to.

        Parameters
        ----------
        terms
            The sums; those of several datasets can be added before.
        real_space_mask, primary_beam
            As of the class.
        batch_size
            As in `apply_sparse_operator`.

        Raises
        ------
        exc.InversionException
            If the terms belong to another mask.
        """
        check_instance(terms, SparseTerms, "terms", "SparseTerms", exc.DatasetException)
        check_instance(real_space_mask, Mask2D, "real_space_mask", "a Mask2D", exc.DatasetException)
        beam = None if primary_beam is None else primary_beam_slim_from(primary_beam, real_space_mask)
        operator = InterferometerSparseOperator.from_sparse_terms(
            terms, real_space_mask=real_space_mask, batch_size=batch_size, primary_beam_slim=beam
        )
        nothing: Any = None
        return cls(
            data=nothing,
            noise_map=nothing,
            uv_wavelengths=nothing,
            real_space_mask=real_space_mask,
            sparse_operator=operator,
            sparse_terms=terms,
            primary_beam=beam,
        )

    def apply_sparse_operator(
        self,
        nufft_precision_operator: ArrayLike | None = None,
        batch_size: int = BATCH_SIZE,
        method: str = "nufft",
        eps: float | None = None,
        nufft_chunk_size: int | None = None,
        chunk_k: int = 2048,
        show_progress: bool = False,
        show_memory: bool = False,
        use_jax: bool = False,
        pool_noise_map: bool = False,
    ) -> Interferometer:
        """The dataset with its operator made now, and carried along by every copy of it.

        Inversions of a dataset without one make the same operator at the first of them, so that nothing but the time of
        the first is gained. Noise that differs between real and imaginary parts is taken as it is, unlike in
        PyAutoArray 2026.10.26.1, which refuses it.

        Parameters
        ----------
        nufft_precision_operator
            The Toeplitz kernel (see `InterferometerSparseOperator`), if it is known already.
        batch_size
            How many columns of a mapping matrix a GPU applies the operator to at once.
        method, eps
            "nufft", with an accuracy of 1e-14 unless `eps` is larger; "numpy" or "jax" for sums exact to rounding.
        nufft_chunk_size, chunk_k, show_progress, show_memory, use_jax
            Not used: memory stays small whatever they are.
        pool_noise_map
            Whether the noise of real and imaginary parts is replaced by the root of its mean square.

        Raises
        ------
        exc.DatasetException
            If the dataset keeps no visibilities.
        """
        del nufft_chunk_size, chunk_k, show_progress, show_memory, use_jax
        self.check_has("apply_sparse_operator", "data")
        noise_map = self.noise_map
        if pool_noise_map:
            warn_of_pooling(noise_map)
            noise_map = VisibilitiesNoiseMap(noise_map_pooled_from(noise_map))
        operator = operator_from(
            self.data, noise_map, self.transformer, nufft_precision_operator, batch_size, method, eps
        )
        return self._with(sparse_operator=operator, noise_map=noise_map)

    def apply_sparse_operator_from_chunks(
        self, chunks: Iterable[Any], *, batch_size: int = BATCH_SIZE, **accumulator_kwargs: Any
    ) -> Interferometer:
        """The dataset with the operator of what its visibilities, given in chunks, add up to.

        Parameters
        ----------
        chunks
            As in `from_stream`.
        batch_size
            As in `apply_sparse_operator`.
        accumulator_kwargs
            The other arguments of `from_stream`.
        """
        terms = inversion_interferometer_util.sparse_terms_from_chunks(
            chunks, real_space_mask=self.real_space_mask, **accumulator_kwargs
        )
        operator = InterferometerSparseOperator.from_sparse_terms(
            terms,
            real_space_mask=self.real_space_mask,
            batch_size=batch_size,
            primary_beam_slim=self.primary_beam_slim,
        )
        return self._with(sparse_operator=operator, sparse_terms=terms)

    def psf_precision_operator_from(
        self,
        chunk_k: int = 2048,
        show_progress: bool = False,
        show_memory: bool = False,
        use_jax: bool = False,
        method: str = "nufft",
        eps: float | None = None,
        nufft_chunk_size: int | None = None,
    ) -> np.ndarray:
        """The Toeplitz kernel of the operator; see `InterferometerSparseOperator`. The arguments are those above."""
        del chunk_k, show_progress, show_memory, use_jax, nufft_chunk_size
        self.check_has("psf_precision_operator_from", "noise_map")
        of_real, of_imaginary = weights_from(self.noise_map)
        accuracy = None if method != "nufft" else max(eps or KERNEL_EPS, KERNEL_EPS)
        lattice = lattice_of(self.real_space_mask)
        return toeplitz_from(self.uv_wavelengths, (of_real + of_imaginary) / 2.0, lattice, accuracy)

    def trimmed_after_convolution_from(self, kernel_shape: tuple[int, int]) -> Any:
        """Not defined: nothing convolves the images of an interferometer with a kernel.

        Raises
        ------
        exc.DatasetException
            Always.
        """
        raise exc.DatasetException("Interferometer: expected a dataset with a PSF, found visibilities")

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        data = state["data"]
        count = f"{data.shape_slim:,} visibilities" if data is not None else "array-free"
        return [count, line.grid_of(state["real_space_mask"]), "operator" if state["sparse_operator"] else ""]
