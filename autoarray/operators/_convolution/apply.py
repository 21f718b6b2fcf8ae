"""What a `Convolver` does with images and mapping matrices: which values, which way, which shape."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import sparse

from autoarray import exc
from autoarray._backend import as_array, is_jax_array
from autoarray.operators._convolution import fourier

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D
    from autoarray.operators.convolver import ConvolverState
    from autoarray.structures.arrays.uniform_2d import Array2D

# On NumPy a convolution is a product with a sparse matrix of at most this many entries (12 bytes
# each); beyond that it is done by Fourier transforms. A 21 x 21 kernel reaches it at 90,000 pixels.
MATRIX_ENTRIES_MAX = 40_000_000

# A dense mapping matrix with at most this fraction of entries that are not zero is convolved faster
# as a sparse one; those of pixelizations have less than 1 %.
_DENSITY_MAX = 0.1


class How(NamedTuple):
    """The way to convolve that a caller asked for; see `Convolver`."""

    use_fft: bool | None
    jax_method: str
    single_precision: bool
    xp: ModuleType


def native(values: Any) -> np.ndarray:
    """The native array of an `Array2D` or `Mask2D`, as NumPy."""
    own = values.array
    if is_jax_array(own):
        # In NumPy before it is laid out: inside a trace JAX would trace that too.
        values = values._with(_array=as_array(own, np), _use_jax=False)
    return np.asarray(values.native.array)


def same_mask(a: Mask2D, b: Mask2D) -> bool:
    """Whether two masks mask the same pixels."""
    return a is b or (a.shape_native == b.shape_native and bool(np.array_equal(native(a), native(b))))


def check_kernel(kernel: Any) -> None:
    """Refuse a kernel that can't be convolved with; see `Convolver`."""
    from autoarray.structures.arrays.uniform_2d import Array2D

    if not isinstance(kernel, Array2D):
        raise exc.KernelException(
            f"kernel: expected an Array2D (Array2D.no_mask makes one), found {type(kernel).__qualname__}"
        )
    shape = kernel.shape_native
    if shape[0] % 2 == 0 or shape[1] % 2 == 0:
        raise exc.KernelException(
            f"kernel: expected odd numbers of rows and columns, so that one pixel is its centre, found {shape}; "
            "trim or resample it"
        )
    values = native(kernel)
    finite = np.isfinite(values)
    if not finite.all():
        raise exc.KernelException(
            f"kernel: expected finite values, found {np.count_nonzero(~finite)} of {values.size} that are not"
        )


def normalized_kernel(kernel: Array2D) -> Array2D:
    """A new kernel that sums to 1."""
    values = as_array(kernel.array, np)
    total = float(values.sum())
    if abs(total) <= np.finfo(float).eps * float(np.abs(values).sum()):
        raise exc.KernelException(
            f"kernel: expected a sum other than zero, so that it can be normalized, found a sum of {total} "
            f"over {kernel.shape_native} pixels"
        )
    return kernel._with(_array=values / total, _use_jax=False)


def shape_image_resolution(shape: tuple[int, int], size: int) -> tuple[int, int]:
    """The odd numbers of image pixels that a kernel, sampled `size` times finer, reaches."""
    rows, columns = (2 * -(-(length // 2) // size) + 1 for length in shape)
    return rows, columns


def check_over_sample_size(size: Any) -> None:
    """Refuse a `convolve_over_sample_size` that is not an integer of at least 1."""
    if isinstance(size, bool) or not isinstance(size, (int, np.integer)) or size < 1:
        raise exc.KernelException(f"convolve_over_sample_size: expected an integer of at least 1, found {size!r}")


def check_finer(kernel: Array2D, mask: Mask2D, size: int) -> None:
    """Refuse a kernel whose pixels are not those of the image, divided by `size`."""
    expected = tuple(scale / size for scale in mask.pixel_scales)
    if not np.allclose(kernel.mask.pixel_scales, expected, rtol=1e-8, atol=0.0):
        raise exc.KernelException(
            f"kernel: expected the pixel scales {expected}, those of the image divided by "
            f"convolve_over_sample_size={size}, found {kernel.mask.pixel_scales} (arc-seconds, y and x)"
        )


def gaussian(
    shape: tuple[int, int],
    pixel_scales: Any,
    sigma: float,
    centre: tuple[float, float],
    axis_ratio: float,
    angle: float,
) -> np.ndarray:
    """The values of `Convolver.from_gaussian`."""
    y_scale, x_scale = (pixel_scales, pixel_scales) if np.ndim(pixel_scales) == 0 else pixel_scales
    y = ((shape[0] - 1) / 2.0 - np.arange(shape[0]))[:, None] * y_scale - centre[0]
    x = (np.arange(shape[1]) - (shape[1] - 1) / 2.0) * x_scale - centre[1]
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    squares = (x * cos + y * sin) ** 2 + ((y * cos - x * sin) / axis_ratio) ** 2
    return np.exp(-0.5 * squares / sigma**2) / (sigma * np.sqrt(2.0 * np.pi))


def _rows(name: str, values: Any, pixels: int, size: int, xp: ModuleType) -> Any:
    """The values as an array of floating point numbers, with one row for each pixel or sub-pixel."""
    if hasattr(values, "mask") and getattr(values, "ndim", 1) == 2:
        values = values.slim
    values = getattr(values, "array", values)
    if xp is not np or not sparse.issparse(values):
        values = as_array(values, xp)
    if values.dtype.kind not in "fc":
        values = values.astype(np.float64)
    expected = pixels * size**2
    if values.ndim not in (1, 2) or values.shape[0] != expected:
        found = f"{pixels} pixels"
        if size > 1:
            found = f"{expected} sub-pixels ({size} x {size} in each of {pixels} pixels)"
        raise exc.KernelException(f"{name}: expected one row for each of the {found} of its mask, found {values.shape}")
    return values


def convolved(state: ConvolverState, name: str, values: Any, blurring_name: str, blurring_values: Any, how: How) -> Any:
    """Convolve values of shape (rows,) or (rows, m), dense or on NumPy sparse, and those of blurring pixels.

    The names are those of the caller's arguments, for the errors.
    """
    xp = how.xp
    size = state.convolve_over_sample_size
    values = _rows(name, values, state._positions[0].size, size, xp)
    if blurring_values is not None:
        blurring_values = _rows(blurring_name, blurring_values, state._blurring_positions[0].size, size, xp)
    if xp is not np:
        if how.use_fft is False:
            kernel = native(state.kernel)
            return fourier.direct_convolved(values, blurring_values, state._frame, kernel, how.jax_method, xp)
        return fourier.fourier_convolved(values, blurring_values, state._frame, xp, how.single_precision)
    if how.use_fft or (how.use_fft is None and state.matrix_entries > MATRIX_ENTRIES_MAX):
        return _fourier_numpy(state, values, blurring_values)
    result = _product(state.matrix, values)
    if blurring_values is not None:
        result = result + _product(state.blurring_matrix, blurring_values)
    return result


def _product(matrix: sparse.csc_array, values: Any) -> Any:
    if sparse.issparse(values):
        return _sparse_product(matrix, values)
    if values.ndim == 2 and np.count_nonzero(values) <= _DENSITY_MAX * values.size:
        return _sparse_product(matrix, sparse.csr_array(values)).toarray()
    return matrix @ values


def _sparse_product(matrix: sparse.csc_array, values: Any) -> sparse.csr_array:
    # The transposed product walks along the rows of a kernel, several entries at a time, where the plain one would
    # walk along the few entries of a row of `values`: it takes little more than half the time.
    return (values.T.tocsr() @ matrix.T).T.tocsr()


def _fourier_numpy(state: ConvolverState, values: Any, blurring_values: Any) -> Any:
    is_sparse = sparse.issparse(values)
    if is_sparse:
        values = values.toarray()
    if blurring_values is not None and sparse.issparse(blurring_values):
        blurring_values = blurring_values.toarray()
    result = fourier.fourier_convolved(values, blurring_values, state._frame, np)
    return sparse.csr_array(result) if is_sparse else result


def mapping_matrix_native(
    mapping_matrix: Any, blurring_mapping_matrix: Any, mask: Mask2D, blurring_mask: Mask2D | None, xp: ModuleType
) -> Any:
    """Mapping matrices scattered on an array of shape (rows, columns, m)."""
    mapping_matrix = as_array(mapping_matrix, xp)
    shape = mask.shape_native if blurring_mask is None else blurring_mask.shape_native
    frame_shape = (max(shape[0], mask.shape_native[0]), max(shape[1], mask.shape_native[1]))
    parts = [(mapping_matrix, mask)]
    if blurring_mapping_matrix is not None and blurring_mask is not None:
        parts.append((blurring_mapping_matrix, blurring_mask))
    cube = xp.zeros((*frame_shape, mapping_matrix.shape[1]), dtype=mapping_matrix.dtype)
    for values, values_mask in parts:
        rows, columns = fourier.positions_in_frame(native(values_mask), frame_shape)
        values = as_array(values, xp)
        if xp is np:
            cube[rows, columns] = values
        else:
            cube = cube.at[rows, columns].set(values)
    return cube
