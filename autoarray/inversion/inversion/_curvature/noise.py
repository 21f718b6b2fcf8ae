"""What the noise of the data divides: images and mapping matrices, whose rows are data pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._typing import Array

if TYPE_CHECKING:
    from jaxtyping import Float
    from scipy.sparse import csr_array


def over_noise(
    images: Float[Array, "data_pixels images"], noise_map: Float[Array, "data_pixels"]
) -> Float[Array, "data_pixels images"]:
    """Images of shape (data_pixels, n) in units of the standard deviation of each data pixel."""
    return images / noise_map[:, None]


def over_variance(
    images: Float[Array, "data_pixels *images"], noise_map: Float[Array, "data_pixels"]
) -> Float[Array, "data_pixels *images"]:
    """N^-1 times images of shape (data_pixels,) or (data_pixels, n)."""
    return images / (noise_map if images.ndim == 1 else noise_map[:, None]) ** 2


def divide_by_noise(matrix: Float[csr_array, "data_pixels images"], noise_map: Float[Array, "data_pixels"]) -> None:
    """Bring a SciPy sparse array, of shape (data_pixels, n), in place to units of the standard deviation."""
    matrix.data *= np.repeat(1.0 / noise_map, np.diff(matrix.indptr))
