"""The Fourier transforms of plain arrays at any coordinates, one by one; `transformer.py` has those of images.

The sums are V_k = sum_p I_p exp(-2 pi i (u_k x_p + v_k y_p)), with coordinates (y, x) in radians and frequencies (u, v)
in wavelengths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, complex_from
from autoarray._typing import ArrayLike, Namespace
from autoarray._validation import whole_from
from autoarray.abstract_ndarray import unwrap
from autoarray.operators._fourier.factored import turn_of

if TYPE_CHECKING:
    from autoarray._typing import Array

# Phases that are held at once.
_AT_ONCE = 2**20


def _inputs(grid_radians: Any, uv_wavelengths: Any, xp: Namespace) -> tuple[Any, Any]:
    grid, uv = (as_array(unwrap(values), xp) for values in (grid_radians, uv_wavelengths))
    for name, values, what in (("grid_radians", grid, "pixels"), ("uv_wavelengths", uv, "visibilities")):
        if values.ndim != 2 or values.shape[1] != 2:
            raise exc.ArrayException(f"{name}: expected the shape ({what}, 2), found {tuple(values.shape)}")
    return grid, uv


def _phases(grid: Any, uv: Any, xp: Namespace) -> Any:
    """exp(-2 pi i (u x + v y)), of shape (visibilities, pixels)."""
    cycles = uv[:, :1] * grid[None, :, 1] + uv[:, 1:] * grid[None, :, 0]
    return xp.conj(turn_of(cycles, xp))


def _runs(total: int, size: int) -> list[slice]:
    return [slice(start, min(start + size, total)) for start in range(0, total, size)]


def _check_length(name: str, values: Any, expected: int, what: str) -> None:
    if values.shape[0] != expected:
        raise exc.ArrayException(f"{name}: expected one entry for each of {expected} {what}, found {values.shape[0]}")


def visibilities_from(
    image_1d: ArrayLike, grid_radians: ArrayLike, uv_wavelengths: ArrayLike, xp: Namespace = np
) -> Array:
    """The visibilities of the values of an image at coordinates.

    Parameters
    ----------
    image_1d
        The values, of shape (pixels,).
    grid_radians
        The (y, x) coordinates in radians, of shape (pixels, 2).
    uv_wavelengths
        The frequencies (u, v) in wavelengths, of shape (visibilities, 2).

    Raises
    ------
    exc.ArrayException
        If the shapes disagree.
    """
    grid, uv = _inputs(grid_radians, uv_wavelengths, xp)
    image = as_array(unwrap(image_1d), xp)
    _check_length("image_1d", image, grid.shape[0], "coordinates")
    size = max(1, _AT_ONCE // max(1, grid.shape[0]))
    image = complex_from(image, xp.zeros_like(image), xp)
    parts = [_phases(grid, uv[run], xp) @ image for run in _runs(uv.shape[0], size)]
    return xp.concatenate(parts) if parts else xp.zeros(0, dtype=complex)


def image_direct_from(
    visibilities: ArrayLike, grid_radians: ArrayLike, uv_wavelengths: ArrayLike, xp: Namespace = np
) -> Array:
    """The real part of the adjoint: sum_k Re(V_k) cos(phi) - Im(V_k) sin(phi), phi = 2 pi (u x + v y).

    It is not normalized.

    Parameters
    ----------
    visibilities
        Complex numbers of shape (visibilities,), or pairs (real, imaginary) of shape (visibilities, 2).
    grid_radians, uv_wavelengths
        As in `visibilities_from`.
    """
    grid, uv = _inputs(grid_radians, uv_wavelengths, xp)
    values = as_array(unwrap(visibilities), xp)
    if values.ndim == 2:
        values = complex_from(values[:, 0], values[:, 1], xp)
    _check_length("visibilities", values, uv.shape[0], "frequencies")
    size = max(1, _AT_ONCE // max(1, grid.shape[0]))
    total = xp.zeros(grid.shape[0])
    for run in _runs(uv.shape[0], size):
        phases = _phases(grid, uv[run], xp)
        total = total + values[run].real @ phases.real + values[run].imag @ phases.imag
    return total


def transformed_mapping_matrix_from(
    mapping_matrix: ArrayLike,
    grid_radians: ArrayLike,
    uv_wavelengths: ArrayLike,
    xp: Namespace = np,
    chunk_size: int = 256,
) -> Array:
    """The visibilities of every column of a mapping matrix.

    Parameters
    ----------
    mapping_matrix
        Of shape (pixels, params); in NumPy mode it may be a SciPy sparse array.
    grid_radians, uv_wavelengths
        As in `visibilities_from`.
    chunk_size
        How many visibilities are computed at once.
    """
    grid, uv = _inputs(grid_radians, uv_wavelengths, xp)
    size = whole_from(chunk_size, "chunk_size", 1)
    matrix: Any = unwrap(mapping_matrix)
    if not (xp is np and hasattr(matrix, "tocsr")):
        matrix = as_array(matrix, xp, complex)
    _check_length("mapping_matrix", matrix, grid.shape[0], "coordinates")
    parts = [_phases(grid, uv[run], xp) @ matrix for run in _runs(uv.shape[0], size)]
    return xp.concatenate(parts) if parts else xp.zeros((0, matrix.shape[1]), dtype=complex)
