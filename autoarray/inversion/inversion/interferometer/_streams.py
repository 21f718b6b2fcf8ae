"""The sums of an interferometer's operator from visibilities that come in chunks and are not kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from autoarray import exc
from autoarray._backend import numbers_from
from autoarray._typing import ArrayLike
from autoarray._validation import check_choice, check_instance, check_number, check_numbers, shown, whole_from
from autoarray.abstract_ndarray import unwrap
from autoarray.inversion.inversion.interferometer._baselines import LongestBaselines
from autoarray.inversion.inversion.interferometer._kernels import METHODS
from autoarray.inversion.inversion.interferometer._noise import (
    noise_map_pooled_from,
    warn_of_pooling,
    weighted_from,
    weights_from,
)
from autoarray.inversion.inversion.interferometer._sparse_terms import SparseTerms
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators._fourier import transform
from autoarray.operators._fourier.factored import turn_of
from autoarray.operators._fourier.lattice import ARCSECOND, Axis, Lattice, bounding_box, lattice_of
from autoarray.operators._fourier.normal import KERNEL_EPS, normal_operator_from
from autoarray.operators.transformer import uv_from

# Visibilities that are added up at once: small chunks wait for each other, and large ones are cut.
_AT_ONCE = 2**19


def sparse_terms_from_chunks(
    chunks: Iterable[tuple[ArrayLike, ArrayLike, ArrayLike]],
    *,
    real_space_mask: Mask2D,
    transformer_class: Callable[..., Any] | None = None,
    method: str = "nufft",
    eps: float | None = None,
    chunk_size: int | None = None,
    chunk_k: int = 2048,
    use_jax: bool = False,
    show_progress: bool = False,
    phase_centre: tuple[float, float] | None = None,
    pool_noise_map: bool = False,
    oversample: int | None = None,
    oversample_pad: float = 0.25,
    baselines: LongestBaselines | None = None,
) -> SparseTerms:
    """Add up visibilities that come in chunks; see `Interferometer.from_stream` for the arguments.

    The frequencies are added to `baselines` too, if it is not None.

    Raises
    ------
    ValueError
        If there is no visibility, or the arrays of a chunk have different lengths.
    exc.DatasetException
        If a chunk holds something else than finite numbers and positive noise.
    """
    del chunk_size, chunk_k, use_jax, show_progress
    check_instance(real_space_mask, Mask2D, "real_space_mask", "a Mask2D", exc.DatasetException)
    check_choice(method, METHODS, "method")
    if phase_centre is not None:
        check_numbers(phase_centre, "phase_centre", "two numbers (y, x) in arc-seconds", 2)
    if oversample is not None:
        _check_oversample(oversample, oversample_pad)
    centre = (0.0, 0.0) if phase_centre is None else (float(phase_centre[0]), float(phase_centre[1]))
    sums = _Sums(real_space_mask, KERNEL_EPS if method == "nufft" else None, centre, oversample, oversample_pad)
    told = not pool_noise_map  # once for a stream, not for each of its runs
    for uv, data, noise in _runs(chunks):
        told = told or warn_of_pooling(noise)
        if baselines is not None:
            baselines.add(uv)
        sums.add(uv, data, noise_map_pooled_from(noise) if pool_noise_map else noise)
    if not sums.n_vis:
        raise ValueError("chunks: expected at least one visibility, found an empty stream")
    name = "TransformerNUFFT" if transformer_class is None else transformer_class.__name__
    return sums.terms(1e-12 if eps is None else float(eps), name)


def fine_grid_shapes_from(
    shape_native: tuple[int, int], oversample: int, oversample_pad: float = 0.25
) -> tuple[tuple[int, int], tuple[int, int]]:
    """The shapes of the kernel and of the dirty image of a grid that is `oversample` times finer.

    Parameters
    ----------
    shape_native
        The shape of the real-space mask.
    oversample, oversample_pad
        As in `Interferometer.from_stream`.
    """
    _check_oversample(oversample, oversample_pad)
    margin = math.ceil(oversample_pad * max(shape_native))
    kernel, image = (tuple(2 * oversample * (n + m) for n in shape_native) for m in (margin, 0))
    return (kernel[0], kernel[1]), (image[0], image[1])


def _check_oversample(oversample: object, oversample_pad: object) -> None:
    factor = whole_from(oversample, "oversample", 2)
    if factor % 2:
        raise ValueError(f"oversample: expected an even number, so that grids share their centres, found {factor}")
    check_number(oversample_pad, "oversample_pad", "a finite number of at least 0", least=0.0)


def complex_from(values: ArrayLike, name: str) -> np.ndarray:
    """Complex numbers of shape (N,), from these or from pairs of shape (N, 2)."""
    array = np.asarray(numbers_from(unwrap(values), name, exc.DatasetException, real=False))
    if array.ndim == 2 and array.shape[1] == 2 and array.dtype.kind != "c":
        return array[:, 0] + 1j * array[:, 1]
    if array.ndim != 1:
        raise exc.DatasetException(
            f"{name}: expected complex numbers of shape (N,) or pairs of shape (N, 2), found shape {array.shape}"
        )
    return array.astype(complex)


def _chunk_from(chunk: Any, index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if not isinstance(chunk, (tuple, list)) or len(chunk) != 3:
        raise ValueError(
            f"chunks[{index}]: expected (uv_wavelengths, data, noise_map) of some visibilities, found {shown(chunk)}"
        )
    uv, data, noise = (unwrap(array) for array in chunk)
    lengths = [len(array) for array in (uv, data, noise)]
    if len(set(lengths)) > 1:
        raise ValueError(
            f"chunks[{index}]: expected uv_wavelengths, data and noise_map of the same length, found "
            f"{lengths[0]}, {lengths[1]} and {lengths[2]}"
        )
    values = complex_from(data, f"chunks[{index}].data")
    if not np.isfinite(values).all():
        first = int(np.flatnonzero(~np.isfinite(values))[0])
        raise exc.DatasetException(f"chunks[{index}].data: expected finite numbers, found {values[first]} at {first}")
    noise = complex_from(noise, f"chunks[{index}].noise_map")
    weights_from(noise)
    return uv_from(uv, f"chunks[{index}].uv_wavelengths"), values, noise


def _runs(chunks: Iterable[Any]) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Chunks joined to runs, and large ones cut, so that a transform has enough to do and memory stays flat."""
    waiting: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    count = 0
    for index, chunk in enumerate(chunks):
        parts = _chunk_from(chunk, index)
        for start in range(0, len(parts[0]), _AT_ONCE):
            part = tuple(array[start : start + _AT_ONCE] for array in parts)
            waiting.append((part[0], part[1], part[2]))
            count += len(part[0])
            if count >= _AT_ONCE:
                yield _joined(waiting)
                waiting, count = [], 0
    if count:
        yield _joined(waiting)


def _joined(parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    uv, data, noise = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return uv, data, noise


class _Sums:
    """The sums so far."""

    def __init__(
        self,
        mask: Mask2D,
        eps: float | None,
        phase_centre: tuple[float, float],
        oversample: int | None,
        oversample_pad: float,
    ) -> None:
        self.mask, self.eps, self.phase_centre = mask, eps, phase_centre
        self.oversample, self.oversample_pad = oversample, oversample_pad
        self.lattice = lattice_of(mask)
        rows, columns = self.lattice.shape
        self.toeplitz = np.zeros((2 * rows, 2 * columns))
        self.hankel: np.ndarray | None = None
        self.images = np.zeros((2, rows, columns))  # of the data, and of ones
        self.fine: Any = None
        if oversample is not None:
            self.fine = [
                np.zeros(shape) for shape in fine_grid_shapes_from(mask.shape_native, oversample, oversample_pad)
            ]
        self.numbers: list[tuple[float, float, float]] = []
        self.n_vis = 0

    def add(self, uv: np.ndarray, data: np.ndarray, noise: np.ndarray) -> None:
        """Add visibilities, of shapes (n, 2), (n,) and (n,)."""
        weights = of_real, of_imaginary = weights_from(noise)
        if self.phase_centre != (0.0, 0.0):
            y, x = self.phase_centre
            data = data * turn_of((uv[:, 0] * x + uv[:, 1] * y) * ARCSECOND)
        weighted = weighted_from(data, weights)
        self.images += transform.images_from(np.stack((weighted, of_real), axis=1), uv, self.lattice, eps=self.eps)
        normal = normal_operator_from(uv, weights, self.lattice, self.eps)
        self.toeplitz += normal.toeplitz
        if normal.hankel is not None:
            self.hankel = normal.hankel if self.hankel is None else self.hankel + normal.hankel
        if self.fine is not None:
            self._add_fine(uv, (of_real + of_imaginary) / 2.0, weighted)
        data_term = float(np.vdot(data, weighted).real)
        normalization = -float(np.log(of_real / (2.0 * np.pi)).sum() + np.log(of_imaginary / (2.0 * np.pi)).sum())
        self.numbers.append((float(of_real.sum()), data_term, normalization))
        self.n_vis += len(uv)

    def _add_fine(self, uv: np.ndarray, weights: np.ndarray, weighted: np.ndarray) -> None:
        assert self.oversample is not None
        down, right = (scale / self.oversample * ARCSECOND for scale in self.mask.pixel_scales)
        kernel, image = self.fine
        # Wraparound: the zero is the first entry, and negative differences come last.
        axes = [Axis(-step * (n // 2), step, n) for n, step in zip(kernel.shape, (-down, right), strict=True)]
        found = transform.images_from(weights[:, None], uv, Lattice(*axes), eps=self.eps)[0]
        kernel += np.fft.ifftshift(found)
        axes = [
            Axis(origin * ARCSECOND - step * (n // 2), step, n)
            for n, step, origin in zip(image.shape, (-down, right), self.mask.origin, strict=True)
        ]
        image += transform.images_from(weighted[:, None], uv, Lattice(*axes), eps=self.eps)[0]

    def terms(self, eps: float, transformer_class_name: str) -> SparseTerms:
        """The terms of all visibilities."""
        y0, y1, x0, x1 = bounding_box(self.mask)
        natives = np.zeros((2, *self.mask.shape_native))
        natives[:, y0:y1, x0:x1] = self.images
        natives[:, np.asarray(self.mask.array)] = 0.0
        sum_weights, data_term, normalization = (math.fsum(column) for column in zip(*self.numbers, strict=True))
        fine: dict[str, Any] = {}
        if self.fine is not None:
            fine = {
                "precision_operator_fine": self.fine[0],
                "dirty_image_fine": self.fine[1],
                "oversample": self.oversample,
                "oversample_pad": self.oversample_pad,
            }
        return SparseTerms(
            nufft_precision_operator=self.toeplitz,
            dirty_image_native=natives[0],
            dirty_beam_native=natives[1],
            sum_weights=sum_weights,
            data_term=data_term,
            noise_normalization=normalization,
            n_vis=self.n_vis,
            shape_native=self.mask.shape_native,
            pixel_scales=self.mask.pixel_scales,
            origin=self.mask.origin,
            eps=eps,
            transformer_class_name=transformer_class_name,
            phase_centre=self.phase_centre,
            hankel_operator=self.hankel,
            **fine,
        )
