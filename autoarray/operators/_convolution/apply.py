"""What a `Convolver` does with images and mapping matrices: which values, which way, which shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import sparse

from autoarray import exc
from autoarray._backend import as_array
from autoarray._typing import Array, Namespace, Sparse, Values
from autoarray.operators._convolution import fourier
from autoarray.operators._convolution.frame import positions_in_frame
from autoarray.operators._convolution.kernel import native
from autoarray.structures.abstract_structure import Structure

if TYPE_CHECKING:
    from jaxtyping import Float
    from typing_extensions import TypeIs

    from autoarray.mask.mask_2d import Mask2D
    from autoarray.operators._convolution.state import ConvolverState

# On NumPy a convolution is a product with a sparse matrix of at most this many entries (12 bytes
# each); beyond that it is done by Fourier transforms. A 21 x 21 kernel reaches it at 90,000 pixels.
MATRIX_ENTRIES_MAX = 40_000_000

# Dense images are convolved by Fourier transforms if the sparse matrix would have more entries than this for each point
# of the padded array: its products take 0.5 ns an entry and image, the transforms 15 ns a point and image. On a mask
# that fills its array a 7 x 7 kernel is about there.
_ENTRIES_PER_POINT = 30

# A dense mapping matrix with at most this fraction of entries that are not zero is convolved faster
# as a sparse one; those of pixelizations have less than 1 %.
_DENSITY_MAX = 0.1


class How(NamedTuple):
    """The way to convolve that a caller asked for; see `Convolver`."""

    use_fft: bool | None
    jax_method: str
    single_precision: bool
    xp: Namespace


def _rows(
    name: str, values: Values | Sparse, pixels: int, size: int, xp: Namespace
) -> Float[Any, "sub_pixels *images"]:
    """The values as an array of floating point numbers, with one row for each pixel or sub-pixel."""
    if isinstance(values, Structure) and values.ndim == 2:
        values = values.slim
    rows: Any = getattr(values, "array", values)
    if xp is not np or not sparse.issparse(rows):
        rows = as_array(rows, xp)
    if rows.dtype.kind not in "fc":
        rows = rows.astype(np.float64)
    expected = pixels * size**2
    if rows.ndim not in (1, 2) or rows.shape[0] != expected:
        expected_rows = f"{pixels} pixels"
        if size > 1:
            expected_rows = f"{expected} sub-pixels ({size} x {size} in each of {pixels} pixels)"
        raise exc.KernelException(
            f"{name}: expected one row for each of the {expected_rows} of its mask, found {rows.shape}"
        )
    return rows


def convolve(
    state: ConvolverState,
    name: str,
    values: Values | Sparse,
    blurring_name: str,
    blurring_values: Values | Sparse | None,
    how: How,
) -> Float[Any, "data_pixels *images"]:
    """Convolve values of shape (rows,) or (rows, m), dense or on NumPy sparse, and those of blurring pixels.

    The names are those of the caller's arguments, for the errors.
    """
    xp = how.xp
    size = state.convolve_over_sample_size
    rows = _rows(name, values, state._positions[0].size, size, xp)
    blurring_rows = None
    if blurring_values is not None:
        blurring_rows = _rows(blurring_name, blurring_values, state._blurring_positions[0].size, size, xp)
    if xp is not np:
        return _convolve_jax(state, name, rows, blurring_rows, how)
    if how.use_fft or (how.use_fft is None and state.matrix_entries > MATRIX_ENTRIES_MAX):
        return _fourier_numpy(state, rows, blurring_rows)
    if how.use_fft is None and _is_faster_by_fourier(state, rows):
        return _fourier_numpy(state, rows, blurring_rows)
    result = _product(state.matrix, rows)
    if blurring_rows is not None:
        result = result + _product(state.blurring_matrix, blurring_rows)
    return result


def uses_matrix(state: ConvolverState, use_fft: bool | None) -> bool:
    """Whether images that fill the mask are convolved by the matrix of a state, on NumPy."""
    if use_fft is None:
        return state.matrix_entries <= MATRIX_ENTRIES_MAX and not _has_large_kernel(state)
    return not use_fft


def _convolve_jax(
    state: ConvolverState,
    name: str,
    rows: Float[Any, "sub_pixels *images"],
    blurring_rows: Float[Any, "blurring_sub_pixels *images"] | None,
    how: How,
) -> Float[Any, "data_pixels *images"]:
    from autoarray.operators._convolution import fourier_jax, linear_jax

    if rows.dtype.kind == "c":
        raise exc.KernelException(f"{name}: expected real values in JAX mode, found {rows.dtype}")
    has_blurring = blurring_rows is not None
    if has_blurring:
        rows = how.xp.concatenate((rows, blurring_rows))
    if how.use_fft is False and how.jax_method != "fft":
        return fourier_jax.convolve_directly(rows, state._frame, has_blurring, native(state.kernel), how.jax_method)
    sparse_product = None if how.use_fft is not None else _product_of_nearly_empty
    return linear_jax.convolve(
        linear_jax.ConvolutionForm(state, has_blurring, how.single_precision, sparse_product), rows
    )


def _product_of_nearly_empty(
    state: ConvolverState, values: Float[np.ndarray, "entries *images"], has_blurring: bool
) -> Float[np.ndarray, "data_pixels images"] | None:
    """The convolution of a mapping matrix of a pixelization, whose columns are nearly empty; None of other values."""
    if values.ndim != 2 or state.matrix_entries > MATRIX_ENTRIES_MAX or not _is_nearly_empty(values):
        return None
    pixels = state._positions[0].size * state.convolve_over_sample_size**2
    result = _product(state.matrix, values[:pixels])
    return result + _product(state.blurring_matrix, values[pixels:]) if has_blurring else result


def _is_sparse(values: object) -> TypeIs[Sparse]:
    return sparse.issparse(values)


def _dense(values: np.ndarray | Sparse) -> np.ndarray:
    return values.toarray() if _is_sparse(values) else values


def _is_faster_by_fourier(state: ConvolverState, values: Float[np.ndarray | Sparse, "sub_pixels *images"]) -> bool:
    """Whether these are images that fill the mask, and the kernel is not a small one."""
    if _is_sparse(values) or values.dtype != np.float64:
        return False
    return _has_large_kernel(state) and not _is_nearly_empty(values)


def _has_large_kernel(state: ConvolverState) -> bool:
    """Whether Fourier transforms convolve images that fill the mask sooner than the matrix of a state does."""
    points = state.fft_shape[0] * state.fft_shape[1]
    return state.matrix_entries > _ENTRIES_PER_POINT * points


def _is_nearly_empty(values: Float[np.ndarray, "sub_pixels images"]) -> bool:
    return bool(np.count_nonzero(values) <= _DENSITY_MAX * values.size)


def _product(
    matrix: Float[sparse.csc_array, "data_pixels sub_pixels"], values: Float[np.ndarray | Sparse, "sub_pixels *images"]
) -> Float[Any, "data_pixels *images"]:
    if _is_sparse(values):
        return _sparse_product(matrix, values)
    if values.ndim == 2 and _is_nearly_empty(values):
        return _sparse_product(matrix, sparse.csr_array(values)).toarray()
    return matrix @ values


def _sparse_product(
    matrix: Float[sparse.csc_array, "data_pixels sub_pixels"], values: Float[Sparse, "sub_pixels images"]
) -> Float[sparse.csr_array, "data_pixels images"]:
    # The transposed product walks along the rows of a kernel, several entries at a time, where the plain one would
    # walk along the few entries of a row of `values`: it takes little more than half the time.
    return (values.T.tocsr() @ matrix.T).T.tocsr()


def _fourier_numpy(
    state: ConvolverState,
    values: Float[np.ndarray | Sparse, "sub_pixels *images"],
    blurring_values: Float[np.ndarray | Sparse, "blurring_sub_pixels *images"] | None,
) -> Float[Any, "data_pixels *images"]:
    has_blurring = blurring_values is not None
    rows = np.concatenate((_dense(values), _dense(blurring_values))) if has_blurring else _dense(values)
    result = fourier.convolve_by_fourier(rows, state._frame, has_blurring)
    return sparse.csr_array(result) if _is_sparse(values) else result


def mapping_matrix_native(
    mapping_matrix: Float[Array, "data_pixels params"],
    blurring_mapping_matrix: Float[Array, "blurring_pixels params"] | None,
    mask: Mask2D,
    blurring_mask: Mask2D | None,
    xp: Namespace,
) -> Float[Any, "rows columns params"]:
    """Mapping matrices scattered on an array of shape (rows, columns, m)."""
    mapping_matrix = as_array(mapping_matrix, xp)
    shape = mask.shape_native if blurring_mask is None else blurring_mask.shape_native
    frame_shape = (max(shape[0], mask.shape_native[0]), max(shape[1], mask.shape_native[1]))
    parts = [(mapping_matrix, mask)]
    if blurring_mapping_matrix is not None and blurring_mask is not None:
        parts.append((blurring_mapping_matrix, blurring_mask))
    cube = xp.zeros((*frame_shape, mapping_matrix.shape[1]), dtype=mapping_matrix.dtype)
    for values, values_mask in parts:
        rows, columns = positions_in_frame(native(values_mask), frame_shape)
        values = as_array(values, xp)
        if xp is np:
            cube[rows, columns] = values
        else:
            cube = cube.at[rows, columns].set(values)
    return cube
