"""The derivative of F = B^T N^-1 B, B = P A, by the entries of the mapping matrix A, in tiles of the image.

With the derivatives C of a function by F it is P^T N^-1 B (C + C^T), of which only the entries are wanted that A has.
Columns of B that are the images of functions have the derivative N^-1 B (C + C^T).
The image is cut into square tiles. Of the columns of N^-1 B (C + C^T) a tile needs those alone whose light reaches it:
a small dense product. P^T then takes the pixels of the tile to those around it, which all tiles do by one kernel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from autoarray._numerics import compiled
from autoarray._numerics.lapack import blas_and_lapack
from autoarray.inversion.inversion._curvature.tiling import TILE, tiling_from

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from scipy.sparse import csr_array


class _Tile(NamedTuple):
    """A tile, and the pixels in the window around it from which light reaches it."""

    rows: slice  # its pixels, in the order of tiles
    places: Int[np.ndarray, "tile_pixels"]  # where they lie in the tile, row by row
    pixels: Int[np.ndarray, "window_pixels"]  # the data pixels of the window
    window: Int[np.ndarray, "window_pixels"]  # where these lie in the window, row by row


class Entries(NamedTuple):
    """Entries of a mapping matrix in the order of their data pixels."""

    columns: Int[np.ndarray, "entries"]
    pointers: Int[np.ndarray, "data_pixels+1"]  # where those of each data pixel begin, and the end of the last


def gradients_from(
    operated_matrix: Float[csr_array, "data_pixels params"],
    cotangent: Float[np.ndarray, "params params"],
    entries: Entries,
    noise_map: Float[np.ndarray, "data_pixels"],
    native_for_slim: Int[np.ndarray, "data_pixels 2"],
    kernel: Float[np.ndarray, "kernel_rows kernel_columns"],
    functions: Int[np.ndarray, "functions"],
    images: Float[np.ndarray, "data_pixels functions"],
) -> tuple[Float[np.ndarray, "entries"], Float[np.ndarray, "data_pixels functions"]]:
    """The derivatives by entries of the mapping matrix, and by the images of functions.

    Parameters
    ----------
    operated_matrix
        The convolved mapping matrix in units of the noise, N^-1/2 B, as a sparse array. The light of all its columns
        comes from entries.
    cotangent
        The derivatives C by the curvature matrix, of shape (params, params).
    entries
        Which entries of the mapping matrix, zeros of it too.
    noise_map
        The standard deviation of each data pixel, of shape (data_pixels,).
    native_for_slim
        The (y, x) pixel of each data pixel, of shape (data_pixels, 2).
    kernel
        The PSF, of odd shape; one pixel that is 1.0 without a PSF.
    functions
        The parameters that are functions, none of which has entries.
    images
        The columns of B that belong to them in units of the noise, of shape (data_pixels, functions). The derivatives
        by them are those before the division by the noise.
    """
    blas, _ = blas_and_lapack()

    matrix, over_noise = operated_matrix, 1.0 / noise_map
    order = tiling_from(native_for_slim).order
    matrix, over_noise = matrix[order], over_noise[order]
    images = images[order] * over_noise[:, None]
    of_images = np.empty_like(images)
    is_compiled = compiled.is_available()
    add_tile = _add_tile_compiled if is_compiled else _add_tile
    part_from = _symmetric_part_compiled if is_compiled else _symmetric_part
    pointers, indices, data = matrix.indptr, matrix.indices, matrix.data
    params = cotangent.shape[0]
    touched, position = np.zeros(params, dtype=bool), np.zeros(params, dtype=np.intp)
    gradients = np.zeros(entries.columns.size)
    cotangent, kernel = np.ascontiguousarray(cotangent), np.ascontiguousarray(kernel)
    spread = None if is_compiled else _spread_from(kernel)
    for tile in _tiles_from(native_for_slim, kernel.shape):
        own = _ranges(entries.pointers[tile.pixels], entries.pointers[tile.pixels + 1])
        touched[entries.columns[own]] = True
        columns = np.flatnonzero(touched)
        touched[columns] = False
        position[columns] = np.arange(columns.size)
        size, columns = columns.size, np.concatenate((columns, functions))
        first, last = tile.rows.start, tile.rows.stop
        begin, end = pointers[first], pointers[last]
        block = np.zeros((TILE * TILE, columns.size))
        place = np.repeat(tile.places, np.diff(pointers[first : last + 1]))
        scale = np.repeat(over_noise[first:last], np.diff(pointers[first : last + 1]))
        block[place, position[indices[begin:end]]] = data[begin:end] * scale
        block[tile.places, size:] = images[first:last]
        # Of shape (tile_places, columns) in Fortran order.
        product = blas.dgemm(1.0, block.T, part_from(cotangent, columns), trans_a=1)
        add_tile(gradients, product.T[:size], entries, tile, own, position, kernel, spread)
        of_images[first:last] = product[tile.places, size:]
    gradients_of_images = np.empty_like(images)
    gradients_of_images[order] = of_images
    return gradients, gradients_of_images


def _tiles_from(native_for_slim: Int[np.ndarray, "data_pixels 2"], shape: tuple[int, ...]) -> Iterator[_Tile]:
    """The tiles in their order, for a kernel of some shape."""
    _, order, bounds = tiling_from(native_for_slim)
    half = shape[0] // 2, shape[1] // 2
    size = native_for_slim.max(axis=0) + TILE + 1
    index = np.full((size[0] + 2 * half[0], size[1] + 2 * half[1]), -1)
    index[native_for_slim[:, 0] + half[0], native_for_slim[:, 1] + half[1]] = np.arange(order.size)
    for first, last in zip(bounds[:-1], bounds[1:], strict=True):
        native = native_for_slim[order[first:last]]
        corner = native[0] // TILE * TILE
        around = index[corner[0] : corner[0] + TILE + 2 * half[0], corner[1] : corner[1] + TILE + 2 * half[1]].ravel()
        window = np.flatnonzero(around >= 0)
        yield _Tile(slice(first, last), (native - corner) @ np.array([TILE, 1]), around[window], window)


def _ranges(starts: Int[np.ndarray, "ranges"], ends: Int[np.ndarray, "ranges"]) -> Int[np.ndarray, "numbers"]:
    """The numbers of several ranges, one range after the other."""
    counts = ends - starts
    before = np.cumsum(counts) - counts
    return np.arange(int(counts.sum())) + np.repeat(starts - before, counts)


def _add_tile_compiled(gradients, product, entries, tile, own, position, kernel, spread) -> None:
    from autoarray.inversion.inversion._curvature import tile_gradients_numba

    del own, spread
    tile_gradients_numba.add_tile(
        gradients, product, entries.columns, entries.pointers, tile.pixels, tile.window, position, kernel, TILE
    )


def _add_tile(gradients, product, entries, tile, own, position, kernel, spread) -> None:
    blas, _ = blas_and_lapack()

    del kernel
    around = blas.dgemm(1.0, spread.T, product.T, trans_a=1)
    window = np.repeat(tile.window, np.diff(entries.pointers)[tile.pixels])
    gradients[own] += around[window, position[entries.columns[own]]]


def _symmetric_part(matrix, columns):
    # Flat indices and `take` gather several times faster than a pair of index arrays.
    part = matrix.reshape(-1).take((columns[:, None] * len(matrix) + columns).ravel()).reshape(columns.size, -1)
    return part + part.T


def _symmetric_part_compiled(matrix, columns):
    from autoarray.inversion.inversion._curvature import tile_gradients_numba

    part = np.empty((columns.size, columns.size))
    tile_gradients_numba.symmetric_part(matrix, columns, part)
    return part


def _spread_from(kernel: Float[np.ndarray, "rows columns"]) -> Float[np.ndarray, "window_places tile_places"]:
    """What the pixels of a window around a tile give to those of the tile."""
    rows, columns = kernel.shape
    spread = np.zeros((TILE + rows - 1, TILE + columns - 1, TILE, TILE))
    for y in range(TILE):
        for x in range(TILE):
            spread[y : y + rows, x : x + columns, y, x] = kernel[::-1, ::-1]
    return spread.reshape(-1, TILE * TILE)
