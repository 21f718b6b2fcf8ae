"""The convolved mapping matrix in blocks, one for each tile of the image.

A tile of the image receives light from a small part of the mesh. So its rows of the convolved mapping matrix B = P A
have few columns that are not zero, and they are the product of a small sparse matrix with a dense one that is the same
for all tiles (`operators/_convolution/tiles.py`). B itself is never formed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from autoarray._numerics import compiled
from autoarray.operators._convolution.tiles import ConvolutionTiles

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from scipy.sparse import csr_array

# The tiles whose blocks NumPy forms at once: few enough that these stay in the cache of a processor.
_TILES_AT_ONCE = 16


class TileBlock(NamedTuple):
    """The rows of B that belong to one tile, over the noise, without the columns that are zero."""

    tile: int
    """Which tile."""

    columns: Int[np.ndarray, "columns"]
    """The columns, in rising order."""

    values: Float[np.ndarray, "columns tile_pixels"]
    """Their entries, zero at places of the tile without a data pixel. The next block may overwrite them."""


def tile_blocks_from(
    tiles: ConvolutionTiles,
    mapping_matrix: Float[csr_array, "sub_pixels params"],
    noise_map: Float[np.ndarray, "data_pixels"],
) -> Iterator[TileBlock]:
    """The blocks of every tile that receives light, one after the other.

    Parameters
    ----------
    tiles
        The tiles of the convolution with the PSF.
    mapping_matrix
        A, at the resolution of the PSF, as a SciPy sparse array.
    noise_map
        The standard deviation of each data pixel, of shape (data_pixels,).
    """
    # One entry more, for the places without a data pixel.
    over_noise = np.append(1.0 / noise_map, 0.0)[tiles.outputs]
    return (_compiled_blocks if compiled.is_available() else _blocks)(tiles, mapping_matrix, over_noise)


def _blocks(
    tiles: ConvolutionTiles,
    mapping_matrix: Float[csr_array, "sub_pixels params"],
    over_noise: Float[np.ndarray, "tiles tile_pixels"],
) -> Iterator[TileBlock]:
    from scipy.sparse import csr_array

    params = mapping_matrix.shape[1]  # pyright: ignore[reportOptionalSubscript] (two-dimensional)
    for first in range(0, len(tiles.outputs), _TILES_AT_ONCE):
        last = min(first + _TILES_AT_ONCE, len(tiles.outputs))
        reach = slice(tiles.bounds[first], tiles.bounds[last])
        rows = mapping_matrix[tiles.inputs[reach]]
        starts = rows.indptr[tiles.bounds[first : last + 1] - tiles.bounds[first]]
        # The columns of each tile have numbers of their own, so that one sparse product serves all tiles.
        column = rows.indices + np.repeat(np.arange(last - first) * params, np.diff(starts))
        used = np.zeros((last - first) * params, dtype=bool)
        used[column] = True
        columns = np.flatnonzero(used)
        number = np.empty(used.size, dtype=np.int32)
        number[columns] = np.arange(columns.size)
        by_column = csr_array((rows.data, number[column], rows.indptr), shape=(rows.shape[0], columns.size)).tocsc()
        window = csr_array(
            (by_column.data, tiles.places[reach][by_column.indices], by_column.indptr),
            shape=(columns.size, len(tiles.kernel)),
        )
        values = window @ tiles.kernel
        bounds = np.searchsorted(columns, np.arange(last - first + 1) * params)
        columns %= params
        for tile, (start, end) in enumerate(pairwise(bounds), start=first):
            if end > start:
                yield TileBlock(tile, columns[start:end], values[start:end] * over_noise[tile])


def _compiled_blocks(
    tiles: ConvolutionTiles,
    mapping_matrix: Float[csr_array, "sub_pixels params"],
    over_noise: Float[np.ndarray, "tiles tile_pixels"],
) -> Iterator[TileBlock]:
    from autoarray.inversion.inversion._curvature import tile_blocks_numba

    params = mapping_matrix.shape[1]  # pyright: ignore[reportOptionalSubscript] (two-dimensional)
    values = np.empty((params, tiles.kernel.shape[1]))
    columns = np.empty(params, dtype=np.intp)
    scratch = tile_blocks_numba.scratch_from(tiles.bounds, tiles.inputs, mapping_matrix.indptr, params)
    for tile in range(len(tiles.outputs)):
        count = tile_blocks_numba.fill_block(
            tiles.bounds[tile],
            tiles.bounds[tile + 1],
            tiles.inputs,
            tiles.places,
            mapping_matrix.indptr,
            mapping_matrix.indices,
            mapping_matrix.data,
            tiles.kernel,
            over_noise[tile],
            columns,
            values,
            *scratch,
        )
        if count:
            yield TileBlock(tile, columns[:count], values[:count])
