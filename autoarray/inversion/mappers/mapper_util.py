"""Mapping matrices: how much every mesh pixel adds to every data pixel, before the PSF."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._backend import as_array
from autoarray._numerics import compiled
from autoarray._typing import Array, Namespace, Scalar

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def _fractions(weights: Array, slim_index_for_sub_slim_index: Array, sub_fraction: Array, xp: Namespace) -> Array:
    return weights * as_array(np.asarray(sub_fraction)[np.asarray(slim_index_for_sub_slim_index)], xp)[:, None]


def mapping_matrix_from(
    pix_indexes_for_sub_slim_index: Array,
    pix_size_for_sub_slim_index: Array,
    pix_weights_for_sub_slim_index: Array,
    pixels: int,
    total_mask_pixels: int,
    slim_index_for_sub_slim_index: np.ndarray,
    sub_fraction: np.ndarray,
    use_mixed_precision: bool = False,
    xp: Namespace = np,
) -> Array:
    """The dense mapping matrix.

    Parameters
    ----------
    pix_indexes_for_sub_slim_index, pix_size_for_sub_slim_index, pix_weights_for_sub_slim_index
        The mesh pixels of each sub-pixel of the data, of shape (sub_pixels, width), how many of them are in use, and
        their weights.
    pixels
        The number of mesh pixels.
    total_mask_pixels
        The number of unmasked pixels of the data.
    slim_index_for_sub_slim_index
        The data pixel of each sub-pixel, of shape (sub_pixels,).
    sub_fraction
        The share of one sub-pixel in its data pixel, of shape (total_mask_pixels,).
    use_mixed_precision
        Return float32 instead of float64.

    Returns
    -------
    array
        Of shape (total_mask_pixels, pixels).
    """
    dtype = np.float32 if use_mixed_precision else np.float64
    if xp is np:
        matrix = mapping_matrix_sparse_from(
            pix_indexes_for_sub_slim_index=pix_indexes_for_sub_slim_index,
            pix_size_for_sub_slim_index=pix_size_for_sub_slim_index,
            pix_weights_for_sub_slim_index=pix_weights_for_sub_slim_index,
            pixels=pixels,
            total_mask_pixels=total_mask_pixels,
            slim_index_for_sub_slim_index=slim_index_for_sub_slim_index,
            sub_fraction=sub_fraction,
        )
        return matrix.toarray().astype(dtype, copy=False)
    width = pix_indexes_for_sub_slim_index.shape[1]
    used = xp.arange(width) < pix_size_for_sub_slim_index[:, None]
    values = _fractions(pix_weights_for_sub_slim_index, slim_index_for_sub_slim_index, sub_fraction, xp)
    rows = xp.broadcast_to(as_array(slim_index_for_sub_slim_index, xp)[:, None], used.shape)
    # Entries that are not in use point one past the last column, where a scatter drops them.
    columns = xp.where(used, pix_indexes_for_sub_slim_index, pixels)
    empty = xp.zeros((total_mask_pixels, pixels), dtype=dtype)
    return empty.at[rows, columns].add(values.astype(dtype), mode="drop")


def mapping_matrix_sparse_from(
    pix_indexes_for_sub_slim_index: Array,
    pix_size_for_sub_slim_index: Array,
    pix_weights_for_sub_slim_index: Array,
    pixels: int,
    total_mask_pixels: int,
    slim_index_for_sub_slim_index: np.ndarray,
    sub_fraction: np.ndarray,
) -> csr_array:
    """The mapping matrix as a SciPy sparse array; see `mapping_matrix_from` for the parameters (NumPy only).

    Raises
    ------
    MeshException
        If an index is not one of a mesh pixel.
    """
    from scipy.sparse import csr_array

    columns = np.asarray(pix_indexes_for_sub_slim_index)
    sizes = np.asarray(pix_size_for_sub_slim_index)
    shape = total_mask_pixels, pixels
    if compiled.is_available():
        from autoarray.inversion.mappers import _mapper_util_numba

        slim_index, fraction = np.asarray(slim_index_for_sub_slim_index), np.asarray(sub_fraction, dtype=float)
        weights = np.asarray(pix_weights_for_sub_slim_index, dtype=float)
        *arrays, wrong, read = _mapper_util_numba.rows(columns, sizes, weights, slim_index, fraction, pixels)
        if wrong != 0:
            raise _not_a_mesh_pixel(pixels, wrong)
        if read == slim_index.size:
            matrix = csr_array(tuple(arrays), shape=shape)
            matrix.has_canonical_format = True
            return matrix
    values = _fractions(pix_weights_for_sub_slim_index, slim_index_for_sub_slim_index, sub_fraction, np)
    rows = np.repeat(np.asarray(slim_index_for_sub_slim_index, dtype=np.int32), sizes)
    if sizes.size and sizes.min() == columns.shape[1]:
        columns, values = columns.ravel(), values.ravel()
    else:
        used = np.arange(columns.shape[1]) < sizes[:, None]
        columns, values = columns[used], values[used]
    # Sub-pixels are in the order of their data pixels, so the rows are sorted: the counts are the row pointers.
    pointers = np.zeros(total_mask_pixels + 1, dtype=np.int32)
    np.cumsum(np.bincount(rows, minlength=total_mask_pixels), out=pointers[1:])
    matrix = csr_array((values, columns.astype(np.int32), pointers), shape=shape)
    matrix.sum_duplicates()
    # Products write where an index says, also outside their arrays. As unsigned, negative ones are the greatest.
    if matrix.nnz and (greatest := matrix.indices.view(np.uint32).max()) >= pixels:
        raise _not_a_mesh_pixel(pixels, greatest.view(np.int32))
    return matrix


def _not_a_mesh_pixel(pixels: int, index: int | np.integer) -> exc.MeshException:
    return exc.MeshException(
        f"pix_indexes_for_sub_slim_index: expected indexes of the {pixels} mesh pixels, found {index}"
    )


def mapped_to_source_via_mapping_matrix_from(mapping_matrix: Array, array_slim: Array) -> Array:
    """The mean over the data pixels that map to each mesh pixel of value times mapping, of shape (pixels,)."""
    counts = (mapping_matrix > 0.0).astype(mapping_matrix.dtype).sum(axis=0)
    return (mapping_matrix.T @ array_slim) / counts.clip(1.0)


def data_weight_total_for_pix_from(
    pix_indexes_for_sub_slim_index: Array, pix_weights_for_sub_slim_index: Array, pixels: int, xp: Namespace = np
) -> Array:
    """The sum of the interpolation weights of every mesh pixel, of shape (pixels,)."""
    indexes = pix_indexes_for_sub_slim_index.reshape(-1)
    weights = pix_weights_for_sub_slim_index.reshape(-1)
    if xp is np:
        return np.bincount(indexes, weights=weights, minlength=pixels)
    return xp.bincount(indexes, weights=weights, length=pixels)


def adaptive_pixel_signals_from(
    pixels: int,
    pixel_weights: Array,
    signal_scale: Scalar,
    pix_indexes_for_sub_slim_index: Array,
    pix_size_for_sub_slim_index: Array,
    slim_index_for_sub_slim_index: np.ndarray,
    adapt_data: Array,
    exclude_zero_weight_mappings: bool = False,
    xp: Namespace = np,
) -> Array:
    """The signal of every mesh pixel, between 0 and 1 (Nightingale et al. 2018).

    It is the mean of the image over the sub-pixels that map to a mesh pixel, each with its interpolation weight, as a
    share of the greatest such mean, raised to `signal_scale`. It is 0 where nothing maps, or the mean is not positive.

    Parameters
    ----------
    pixels
        The number of mesh pixels.
    pix_indexes_for_sub_slim_index, pix_size_for_sub_slim_index, pixel_weights
        The mesh pixels of each sub-pixel of the data, of shape (sub_pixels, width), how many of them are in use, and
        their weights.
    signal_scale
        What the share is raised to.
    slim_index_for_sub_slim_index
        The data pixel of each sub-pixel, of shape (sub_pixels,).
    adapt_data
        The image, of shape (data_pixels,).
    exclude_zero_weight_mappings
        Leave mappings with a weight of zero out of the mean. A coordinate on a vertex or an edge of a triangulation
        lies in several triangles, and the mean must not depend on which of them was found.

    Returns
    -------
    array
        Of shape (pixels,).
    """
    width = pix_indexes_for_sub_slim_index.shape[1]
    used = as_array(np.arange(width), xp) < pix_size_for_sub_slim_index[:, None]
    if exclude_zero_weight_mappings:
        used = used & (pixel_weights != 0.0)
    image = as_array(np.asarray(adapt_data)[np.asarray(slim_index_for_sub_slim_index)], xp)
    values = xp.where(used, pixel_weights * image[:, None], 0.0).ravel()
    # Entries that are not in use go into one more pixel, which is cut off.
    index = xp.where(used, pix_indexes_for_sub_slim_index, pixels).ravel()
    if xp is np:
        sums = np.bincount(index, values, minlength=pixels + 1)[:pixels]
        counts = np.bincount(index, minlength=pixels + 1)[:pixels]
    else:
        sums = xp.zeros(pixels).at[index].add(values, mode="drop")
        counts = xp.zeros(pixels).at[index].add(used.ravel().astype(float), mode="drop")
    means = sums / xp.where(counts > 0, counts, 1)
    brightest = xp.argmax(means)
    # Exactly one for the brightest, whichever way a compiler divides.
    most = xp.where(means[brightest] > 0.0, means[brightest], 1.0)
    share = xp.where(as_array(np.arange(pixels), xp) == brightest, 1.0, means / most)
    # A pixel without a positive mean has no signal. The derivative of a power of zero may be infinite; it has none.
    bright = (means > 0.0) & (share > 0.0)
    return xp.where(bright, xp.where(bright, share, 1.0) ** signal_scale, 0.0)


def sparse_triplets_from(
    pix_indexes_for_sub: Array,
    pix_weights_for_sub: Array,
    slim_index_for_sub: np.ndarray,
    fft_index_for_masked_pixel: np.ndarray,
    sub_fraction_slim: np.ndarray,
    *,
    return_rows_slim: bool = True,
    slim_weights: Array | None = None,
    pix_sizes_for_sub: Array | None = None,
    xp: Namespace = np,
) -> tuple[Array, Array, Array]:
    """The mapping matrix as triplets: a row, a column and a value for every mapping of every sub-pixel.

    Several triplets may have the same row and column; the entry of the matrix is their sum.

    Parameters
    ----------
    pix_indexes_for_sub, pix_weights_for_sub
        The mesh pixels of each sub-pixel of the data, of shape (sub_pixels, width), and their weights.
    slim_index_for_sub
        The data pixel of each sub-pixel, of shape (sub_pixels,).
    fft_index_for_masked_pixel
        The index of each data pixel in a rectangular grid, of shape (data_pixels,).
    sub_fraction_slim
        The share of one sub-pixel in its data pixel, of shape (data_pixels,).
    return_rows_slim
        Whether the rows are data pixels (True) or pixels of the rectangular grid (False).
    slim_weights
        What the row of each data pixel is multiplied with, of shape (data_pixels,), or None.
    pix_sizes_for_sub
        How many mesh pixels of each sub-pixel are in use, of shape (sub_pixels,); the other triplets then have column
        and value 0. With None all of them count.

    Returns
    -------
    tuple
        The rows and columns as int32 and the values as float64, each of shape (sub_pixels * width,).
    """
    slim = np.asarray(slim_index_for_sub)
    columns = as_array(pix_indexes_for_sub, xp)
    values = _fractions(as_array(pix_weights_for_sub, xp), slim, sub_fraction_slim, xp)
    if slim_weights is not None:
        values = values * as_array(slim_weights, xp)[slim][:, None]
    if pix_sizes_for_sub is not None:
        slot = as_array(np.arange(columns.shape[1]), xp)
        used = (slot < as_array(pix_sizes_for_sub, xp)[:, None]) & (columns >= 0)
        columns, values = xp.where(used, columns, 0), xp.where(used, values, 0.0)
    row = slim if return_rows_slim else np.asarray(fft_index_for_masked_pixel)[slim]
    rows = as_array(np.repeat(row.astype(np.int32), columns.shape[1]), xp)
    return rows, columns.reshape(-1).astype(np.int32), values.reshape(-1)


def mapping_matrix_over_sampled_indexes_from(sub_size: np.ndarray, convolve_over_sample_size: int) -> np.ndarray:
    """The cell of a uniform finer grid that every sub-pixel lies in, of shape (sub_pixels,).

    Every data pixel has `convolve_over_sample_size**2` cells, numbered on from those of the data pixel before it.

    Raises
    ------
    GridException
        If the sub-pixels along an axis of a data pixel are no multiple of its cells along that axis.
    """
    size = int(convolve_over_sample_size)
    sub_size = np.asarray(sub_size)
    if (sub_size % size).any():
        raise exc.GridException(
            f"over_sample_size: expected multiples of convolve_over_sample_size={size}, so that the sub-pixels fall "
            f"into the cells of the PSF, found {np.unique(sub_size[sub_size % size != 0]).tolist()}"
        )
    cells = np.empty(int((sub_size**2).sum()), dtype=np.intp)
    ends = np.cumsum(sub_size**2)
    for side in np.unique(sub_size):
        chosen = np.flatnonzero(sub_size == side)
        along = np.arange(side) * size // side
        inside = (along[:, None] * size + along[None, :]).ravel()
        positions = (ends[chosen] - side**2)[:, None] + np.arange(side**2)
        cells[positions] = chosen[:, None] * size**2 + inside
    return cells
