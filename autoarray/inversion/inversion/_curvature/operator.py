"""Mappers in JAX without their matrices: the mesh pixels and weights of every sub-pixel, and what is fixed about them.

A sub-pixel is interpolated from a handful of mesh pixels, so that the image of a reconstruction is a gather, and the
product with the transposed mapping matrix a scatter. Only the curvature matrix takes more (`callback_jax.py`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autoarray import _pytree
from autoarray._backend import as_array
from autoarray._numerics.lapack import blas_and_lapack
from autoarray.inversion.inversion._curvature.tiled import TILE, symmetric_product_from
from autoarray.inversion.mappers.abstract import Mapper


class Weights(NamedTuple):
    """What JAX traces of one mapper: arrays of shape (sub_pixels, width)."""

    columns: Any  # the parameter that each weight belongs to; any where the weight is zero
    values: Any  # the weights, times the share of the sub-pixel in its data pixel


def is_mapped(linear_obj: Any) -> bool:
    """Whether the image of an object is that of a mapper, and not one that it gives itself."""
    return (
        isinstance(linear_obj, Mapper)
        and type(linear_obj).mapping_matrix is Mapper.mapping_matrix
        and linear_obj.operated_mapping_matrix_override is None
    )


def weights_from(mapper: Mapper, start: int, xp: Any) -> Weights:
    """The weights of a mapper whose first parameter is `start`."""
    columns = mapper.pix_indexes_for_sub_slim_index
    used = xp.arange(columns.shape[1]) < mapper.pix_sizes_for_sub_slim_index[:, None]
    fractions = np.asarray(mapper.over_sampler.sub_fraction)[mapper.slim_index_for_sub_slim_index]
    values = mapper.pix_weights_for_sub_slim_index * as_array(fractions, xp)[:, None]
    return Weights(xp.where(used, columns, 0) + start, xp.where(used, values, 0.0))


def image_from(mapper: Mapper, parameters: Any, xp: Any) -> Any:
    """The image of the parameters of a mapper before the PSF, of shape (data_pixels,)."""
    columns, values = weights_from(mapper, 0, xp)
    slim = mapper.slim_index_for_sub_slim_index
    image = xp.zeros(mapper.mask.pixels_in_mask)
    return image.at[slim].add((values * parameters[columns]).sum(axis=1), indices_are_sorted=True)


class MappedOperator:
    """What is fixed about the mappers of an inversion: their sub-pixels, the PSF and the noise.

    All of it is NumPy, and two operators with equal contents are equal, so that JAX compiles what depends on it once.

    Parameters
    ----------
    slims
        For each mapper the data pixel of each sub-pixel, of shape (sub_pixels,), in rising order.
    params
        The number of parameters of the inversion.
    psf, mask
        The convolver, or None, and the mask of the data.
    noise_map
        The standard deviation of each data pixel, of shape (data_pixels,).
    single_precision
        Whether the curvature matrix is formed in float32.
    """

    def __init__(
        self,
        slims: tuple[np.ndarray, ...],
        params: int,
        psf: Any,
        mask: Any,
        noise_map: np.ndarray,
        single_precision: bool,
    ) -> None:
        self.slims = slims
        self.params = params
        self.psf = psf
        self.mask = mask
        self.noise_map = noise_map
        self.single_precision = single_precision

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MappedOperator) and _pytree._same(vars(self), vars(other))

    def __hash__(self) -> int:
        return hash((self.params, self.noise_map.shape, self.single_precision, len(self.slims)))

    @property
    def pixels(self) -> int:
        """The number of data pixels."""
        return self.noise_map.shape[0]

    # ------------------------------------------------------------------ NumPy

    def matrix_from(self, weights: list[Weights]) -> Any:
        """The mapping matrix as a SciPy sparse array of shape (data_pixels, params)."""
        from scipy.sparse import csr_array

        total = csr_array((self.pixels, self.params))
        for slim, (columns, values) in zip(self.slims, weights, strict=True):
            rows = np.broadcast_to(slim[:, None], columns.shape)
            # A NaN model has indexes of any value, which a compiled routine must not follow.
            used = (values != 0.0) & (columns >= 0) & (columns < self.params)
            counts = np.bincount(rows[used], minlength=self.pixels)
            pointers = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
            matrix = csr_array(
                (values[used], columns[used].astype(np.int32), pointers), shape=(self.pixels, self.params)
            )
            matrix.sum_duplicates()
            total = matrix if len(self.slims) == 1 else total + matrix
        return total

    def weighted_from(self, weights: list[Weights]) -> Any:
        """The convolved mapping matrix in units of the noise, as a SciPy sparse array."""
        matrix = self.matrix_from(weights)
        if self.psf is not None:
            matrix = self.psf.convolved_mapping_matrix_from(mapping_matrix=matrix, mask=self.mask)
        matrix.data *= np.repeat(1.0 / self.noise_map, np.diff(matrix.indptr))
        return matrix

    def curvature_matrix_from(self, weights: list[Weights]) -> np.ndarray:
        """The curvature matrix, of shape (params, params)."""
        weighted = self.weighted_from(weights)
        if self.single_precision:
            weighted = weighted.astype(np.float32)
        return symmetric_product_from(weighted, self.mask.derive_indexes.native_for_slim)

    def gradients_from(self, weights: list[Weights], cotangent: np.ndarray) -> list[np.ndarray]:
        """The derivatives of the sum of curvature matrix times cotangent with respect to the weights."""
        weighted = self.weighted_from(weights)
        weighted.data *= np.repeat(1.0 / self.noise_map, np.diff(weighted.indptr))
        if self.psf is not None:
            weighted = self.psf.reversed_kernel.convolved_mapping_matrix_from(mapping_matrix=weighted, mask=self.mask)
        product = sampled_product_from(
            weighted,
            cotangent + cotangent.T,
            rows=np.concatenate([np.repeat(s, w.columns.shape[1]) for s, w in zip(self.slims, weights, strict=True)]),
            columns=np.concatenate([w.columns.ravel() for w in weights]).clip(0, self.params - 1),
            native_for_slim=self.mask.derive_indexes.native_for_slim,
        )
        parts = np.split(product, np.cumsum([w.columns.size for w in weights])[:-1])
        return [part.reshape(w.columns.shape) for part, w in zip(parts, weights, strict=True)]

    # ------------------------------------------------------------------ JAX

    def mapped_from(self, weights: list[Weights], images: Any, xp: Any) -> Any:
        """The product of the transposed mapping matrix with images of shape (data_pixels, ...)."""
        mapped = xp.zeros((self.params, *images.shape[1:]))
        for slim, (columns, values) in zip(self.slims, weights, strict=True):
            extra = (1,) * (images.ndim - 1)
            mapped = mapped.at[columns].add(values.reshape(*values.shape, *extra) * images[slim][:, None])
        return mapped

    def dense_from(self, weights: list[Weights], xp: Any) -> Any:
        """The mapping matrix of shape (data_pixels, params)."""
        matrix = xp.zeros((self.pixels, self.params))
        for slim, (columns, values) in zip(self.slims, weights, strict=True):
            matrix = matrix.at[slim[:, None], columns].add(values)
        return matrix


def sampled_product_from(
    left: Any, right: np.ndarray, rows: np.ndarray, columns: np.ndarray, native_for_slim: np.ndarray
) -> np.ndarray:
    """Entries (rows[i], columns[i]) of the product of a sparse and a dense matrix, of the shape of `rows`.

    Like the curvature matrix it is computed in square tiles of the image, in which few columns of either are used.
    """
    blas, _ = blas_and_lapack()
    y, x = (native_for_slim // TILE).T
    tile = y * (x.max() + 1) + x
    order = np.argsort(tile, kind="stable")
    starts = np.flatnonzero(np.diff(tile[order], prepend=-1))
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    left = left[order]
    entries = np.argsort(tile[rows], kind="stable")
    ends = np.searchsorted(tile[rows][entries], tile[order][starts], side="right")
    rows = place[rows]
    position = np.empty(max(right.shape), dtype=np.intp)
    product = np.zeros(rows.size)
    begin = 0
    for first, last, end in zip(starts, [*starts[1:], order.size], ends, strict=True):
        mine, begin = entries[begin:end], end
        block = left[first:last]
        inner, outer = np.unique(block.indices), np.unique(columns[mine])
        if not inner.size or not outer.size:
            continue
        position[inner] = np.arange(inner.size)
        dense = np.zeros((last - first, inner.size))
        dense[np.repeat(np.arange(last - first), np.diff(block.indptr)), position[block.indices]] = block.data
        values = blas.dgemm(1.0, right[np.ix_(inner, outer)].T, dense.T)
        position[outer] = np.arange(outer.size)
        product[mine] = values[position[columns[mine]], rows[mine] - first]
    return product
