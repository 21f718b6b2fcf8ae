"""The derivative of F = B^T N^-1 B, B = P A, by the entries of the mapping matrix A, in tiles of the image.

With the derivatives C of a function by F it is P^T N^-1 B (C + C^T), of which only the entries are wanted that A has.
Columns of B that are the images of functions have the derivative N^-1 B (C + C^T).

Of the columns of N^-1 B (C + C^T) a tile of the image needs those alone whose light reaches it: a small dense product,
with the same block of B as F is formed from. P^T then takes the pixels of the tile to those around it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from autoarray._numerics import compiled
from autoarray._numerics.blas_threads import one_blas_thread
from autoarray._numerics.lapack import blas_and_lapack
from autoarray.inversion.inversion._curvature.tile_blocks import tile_blocks_from
from autoarray.operators._convolution.tiles import ConvolutionTiles

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from scipy.sparse import csr_array


class Entries(NamedTuple):
    """Entries of a mapping matrix in the order of their data pixels."""

    columns: Int[np.ndarray, "entries"]
    pointers: Int[np.ndarray, "data_pixels+1"]  # where those of each data pixel begin, and the end of the last


@one_blas_thread()
def gradients_from(
    tiles: ConvolutionTiles,
    kernel_shape: tuple[int, int],
    mapping_matrix: Float[csr_array, "data_pixels params"],
    cotangent: Float[np.ndarray, "params params"],
    entries: Entries,
    noise_map: Float[np.ndarray, "data_pixels"],
    functions: Int[np.ndarray, "functions"],
    images: Float[np.ndarray, "data_pixels functions"],
) -> tuple[Float[np.ndarray, "entries"], Float[np.ndarray, "data_pixels functions"]]:
    """The derivatives by entries of the mapping matrix, and by the images of functions.

    Parameters
    ----------
    tiles, kernel_shape
        The tiles of the convolution P, and the rows and columns of the PSF; one of each without a PSF.
    mapping_matrix
        A as a SciPy sparse array, with an entry, zero or not, at each of `entries`.
    cotangent
        The derivatives C by the curvature matrix, of shape (params, params).
    entries
        Which entries of the mapping matrix; some may be the same.
    noise_map
        The standard deviation of each data pixel, of shape (data_pixels,).
    functions
        The parameters that are functions, none of which has entries.
    images
        Their columns of B in units of the noise, of shape (data_pixels, functions). The derivatives by them are those
        before the division by the noise.
    """
    blas, _ = blas_and_lapack()

    params, pixels = cotangent.shape[0], noise_map.size
    # One row more, for the places of a tile without a data pixel.
    over_noise = np.append(1.0 / noise_map, 0.0)
    images = np.concatenate((images, np.zeros((1, functions.size)))) * over_noise[:, None]
    add_tile, symmetric_part = _steps()
    gradients, of_images = np.zeros(entries.columns.size), np.empty((pixels + 1, functions.size))
    position = np.zeros(params, dtype=np.intp)
    cotangent = np.ascontiguousarray(cotangent)
    for tile, columns, values in tile_blocks_from(tiles, mapping_matrix, noise_map):
        outputs, size = tiles.outputs[tile], columns.size
        position[columns] = np.arange(size)
        block = np.concatenate((values * over_noise[outputs], images[outputs].T))
        part = symmetric_part(cotangent, np.concatenate((columns, functions)))
        # The transpose of an array in C order is one in the order of BLAS.
        product = blas.dgemm(1.0, block.T, part.T).T
        add_tile(gradients, product[:size], entries, tiles, tile, position, kernel_shape)
        of_images[outputs] = product[size:].T
    return gradients, of_images[:-1]


def _steps() -> tuple[Callable[..., None], Callable[..., np.ndarray]]:
    """The two steps of a tile, compiled if they can be."""
    if not compiled.is_available():
        return _add_tile, _symmetric_part
    from autoarray.inversion.inversion._curvature import tile_gradients_numba

    def add_tile(gradients, product, entries, tiles, tile, position, kernel_shape) -> None:
        reach = slice(tiles.bounds[tile], tiles.bounds[tile + 1])
        tile_gradients_numba.add_tile(
            gradients,
            product,
            entries.columns,
            entries.pointers,
            tiles.inputs[reach],
            tiles.places[reach],
            position,
            tiles.kernel,
            kernel_shape,
        )

    def symmetric_part(matrix, columns):
        part = np.empty((columns.size, columns.size))
        tile_gradients_numba.symmetric_part(matrix, columns, part)
        return part

    return add_tile, symmetric_part


def _add_tile(gradients, product, entries, tiles, tile, position, kernel_shape) -> None:
    """Add to the derivatives what the pixels of a tile give, from the needed columns of N^-1 B (C + C^T)."""
    blas, _ = blas_and_lapack()

    del kernel_shape
    reach = slice(tiles.bounds[tile], tiles.bounds[tile + 1])
    starts, ends = entries.pointers[tiles.inputs[reach]], entries.pointers[tiles.inputs[reach] + 1]
    counts = ends - starts
    own = np.arange(int(counts.sum())) + np.repeat(starts - (np.cumsum(counts) - counts), counts)
    around = blas.dgemm(1.0, product.T, tiles.kernel.T, trans_a=1)
    gradients[own] += around[position[entries.columns[own]], np.repeat(tiles.places[reach], counts)]


def _symmetric_part(matrix, columns):
    """The sum of a matrix and its transpose at some rows and columns."""
    # Flat indices and `take` gather several times faster than a pair of index arrays.
    part = matrix.reshape(-1).take((columns[:, None] * len(matrix) + columns).ravel()).reshape(columns.size, -1)
    return part + part.T
