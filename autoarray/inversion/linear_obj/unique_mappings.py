"""The mesh pixels that each data pixel maps to, each once."""

from __future__ import annotations

import numpy as np

from autoarray._display import line
from autoarray._state import State


class UniqueMappings(State):
    """The parameters that each data pixel maps to, without repetition, and their weights.

    The sub-pixels of one data pixel often map to the same mesh pixels; here every pair of a data pixel and a mesh pixel
    has one entry, so that it is the mapping matrix without its zeros.

    Parameters
    ----------
    data_to_pix_unique
        The parameters that each data pixel maps to, in the order in which its sub-pixels do, of shape
        (data_pixels, width), padded with -1.
    data_weights
        The entries of the mapping matrix for them, of the same shape, padded with 0.
    pix_lengths
        How many parameters each data pixel maps to, of shape (data_pixels,).
    """

    def __init__(self, data_to_pix_unique: np.ndarray, data_weights: np.ndarray, pix_lengths: np.ndarray) -> None:
        self.data_to_pix_unique = data_to_pix_unique
        self.data_weights = data_weights
        self.pix_lengths = pix_lengths

    def _repr_parts(self) -> list[str]:
        shape = line.shape_of(vars(self)["data_to_pix_unique"])
        return [f"shape={shape}"]


def unique_mappings_from(
    pix_indexes_for_sub_slim_index: np.ndarray,
    pix_sizes_for_sub_slim_index: np.ndarray,
    pix_weights_for_sub_slim_index: np.ndarray,
    slim_index_for_sub_slim_index: np.ndarray,
    sub_size: np.ndarray,
    pixels: int,
) -> UniqueMappings:
    """The mappings of every data pixel, collected over its sub-pixels (NumPy only).

    Parameters
    ----------
    pix_indexes_for_sub_slim_index, pix_sizes_for_sub_slim_index, pix_weights_for_sub_slim_index
        The mesh pixels of each sub-pixel of the data, of shape (sub_pixels, width), how many of them are in use, and
        their weights.
    slim_index_for_sub_slim_index
        The data pixel of each sub-pixel, of shape (sub_pixels,).
    sub_size
        The sub-pixels along an axis of each data pixel, of shape (data_pixels,).
    pixels
        The number of mesh pixels.
    """
    indexes, sizes = np.asarray(pix_indexes_for_sub_slim_index), np.asarray(pix_sizes_for_sub_slim_index)
    sub_size = np.asarray(sub_size)
    used = np.arange(indexes.shape[1]) < sizes[:, None]
    slim = np.repeat(slim_index_for_sub_slim_index, sizes)
    weights = np.asarray(pix_weights_for_sub_slim_index)[used] / sub_size[slim] ** 2
    pairs, first, inverse = np.unique(slim * pixels + indexes[used], return_index=True, return_inverse=True)
    totals = np.bincount(inverse, weights=weights, minlength=pairs.size)
    # The pairs of a data pixel in the order of their first appearance; those of all sub-pixels of it come together.
    order = np.argsort(first)
    rows, columns = np.divmod(pairs[order], pixels)
    lengths = np.bincount(rows, minlength=sub_size.size)
    place = np.arange(rows.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)

    shape = (sub_size.size, indexes.shape[1] * int(sub_size.max(initial=0)) ** 2)
    data_to_pix_unique = np.full(shape, -1)
    data_to_pix_unique[rows, place] = columns
    data_weights = np.zeros(shape)
    data_weights[rows, place] = totals[order]
    return UniqueMappings(data_to_pix_unique=data_to_pix_unique, data_weights=data_weights, pix_lengths=lengths)
