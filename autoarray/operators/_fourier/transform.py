"""The transform that costs least for what is asked: products of matrices, or finufft where it is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray._typing import Array, Namespace
from autoarray.operators._fourier import factored, finufft
from autoarray.operators._fourier.lattice import Lattice

if TYPE_CHECKING:
    from jaxtyping import Complex, Float

FACTORED, FINUFFT = "factored", "finufft"
# Seconds, as measured on one core of 2.1 GHz with AVX-512: a multiplication in BLAS; a frequency of finufft, with its
# spreading and exponentials; and a point of its fine grid, which is twice as long and as wide as the image.
_BLAS, _SPREAD, _FFT = 2.5e-10, 5e-7, 5e-8
# At most so many frequencies at once, so that what finufft sorts and spreads takes 100 MB.
_AT_ONCE = 2**20


def method_for(frequencies: int, lattice: Lattice) -> str:
    """Which transform is taken: "factored", or "finufft" where it is installed and costs less."""
    rows, columns = lattice.shape
    by_products = frequencies * 2.0 * rows * columns * _BLAS
    by_finufft = frequencies * _SPREAD + 4.0 * rows * columns * _FFT + 1e-3
    return FINUFFT if by_finufft < by_products and finufft.is_available() else FACTORED


def visibilities_from(
    images: Float[Array, "images rows columns"],
    uv: Float[np.ndarray, "n 2"],
    lattice: Lattice,
    xp: Namespace = np,
    eps: float | None = None,
    chunk_size: int | None = None,
) -> Complex[Array, "n images"]:
    """The visibilities of images (see `factored.visibilities_from`).

    Parameters
    ----------
    eps
        The relative accuracy that finufft may be used for; None for products of matrices alone. JAX always multiplies
        matrices, so that it can compile, differentiate and batch them.
    chunk_size
        At most how many frequencies finufft takes at once.
    """
    if xp is not np or eps is None or method_for(len(uv), lattice) == FACTORED:
        return factored.visibilities_from(images, uv, lattice, xp)
    found = np.empty((len(uv), len(images)), dtype=complex)
    for part in _runs(len(uv), chunk_size):
        found[part] = finufft.visibilities_from(np.asarray(images), uv[part], lattice, eps)
    return found


def images_from(
    values: Complex[Array, "n images"],
    uv: Float[np.ndarray, "n 2"],
    lattice: Lattice,
    xp: Namespace = np,
    eps: float | None = None,
    chunk_size: int | None = None,
) -> Float[Array, "images rows columns"]:
    """The adjoint images of visibilities, complex or real (see `factored.images_from`), with the arguments above."""
    if xp is not np or eps is None or method_for(len(uv), lattice) == FACTORED:
        return factored.images_from(values, uv, lattice, xp)
    total: Any = np.zeros((values.shape[1], *lattice.shape))
    for part in _runs(len(uv), chunk_size):
        total += finufft.images_from(np.asarray(values[part]), uv[part], lattice, eps)
    return total


def _runs(total: int, chunk_size: int | None) -> list[slice]:
    size = min(_AT_ONCE, chunk_size or _AT_ONCE)
    return [slice(start, min(start + size, total)) for start in range(0, total, size)]
