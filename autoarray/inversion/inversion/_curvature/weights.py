"""Mappers by their interpolation weights: the mesh pixels and weights of every sub-pixel, and what is fixed about them.

A sub-pixel is interpolated from a handful of mesh pixels. So without a mapping matrix A the image A s of a
reconstruction s is a gather, and the product of A^T with images a scatter. Only the curvature matrix takes more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from autoarray import _pytree
from autoarray._backend import as_array
from autoarray._typing import Array, Namespace
from autoarray.inversion.inversion._curvature import tile_sums
from autoarray.inversion.inversion._curvature.noise import divide_by_noise, over_noise
from autoarray.inversion.inversion._curvature.tile_gradients import Entries, gradients_from
from autoarray.inversion.linear_obj.linear_obj import LinearObj
from autoarray.inversion.mappers.abstract import Mapper
from autoarray.operators._convolution.tiles import tiles_without_kernel

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from scipy.sparse import csr_array

    from autoarray.mask.mask_2d import Mask2D
    from autoarray.operators._convolution.tiles import ConvolutionTiles
    from autoarray.operators.convolver import Convolver


# The columns and the values, as below, of every mapper of an inversion. The values may end with images of functions.
MapperColumns: TypeAlias = "list[Int[Array, '_sub_pixels _width']]"
MapperValues: TypeAlias = "list[Float[Array, '_rows _columns']]"


class MapperWeights(NamedTuple):
    """What JAX traces of one mapper."""

    columns: Int[Array, "sub_pixels width"]
    """The parameter that each weight belongs to; any where the weight is zero."""

    values: Float[Array, "sub_pixels width"]
    """The weights, times the share of the sub-pixel in its data pixel."""


def weights_and_images_from(columns: MapperColumns, values: MapperValues) -> tuple[list[MapperWeights], Any]:
    """The weights of every mapper, and the images of the functions, which come last among the values, or None."""
    images = values[len(columns)] if len(values) > len(columns) else None
    return list(map(MapperWeights, columns, values[: len(columns)])), images


def is_interpolated(linear_obj: LinearObj) -> bool:
    """Whether the image of an object follows from interpolation weights, and is not one that it gives itself."""
    return (
        isinstance(linear_obj, Mapper)
        and type(linear_obj).mapping_matrix is Mapper.mapping_matrix
        and linear_obj.operated_mapping_matrix_override is None
    )


def weights_from(mapper: Mapper, start: int, xp: Namespace) -> MapperWeights:
    """The weights of a mapper whose first parameter is `start`."""
    columns = mapper.pix_indexes_for_sub_slim_index
    used = xp.arange(columns.shape[1]) < mapper.pix_sizes_for_sub_slim_index[:, None]
    fractions = np.asarray(mapper.over_sampler.sub_fraction)[mapper.slim_index_for_sub_slim_index]
    values = mapper.pix_weights_for_sub_slim_index * as_array(fractions, xp)[:, None]
    return MapperWeights(xp.where(used, columns, 0) + start, xp.where(used, values, 0.0))


def image_from(mapper: Mapper, parameters: Float[Array, "pixels"], xp: Namespace) -> Float[Array, "data_pixels"]:
    """The image of the parameters of a mapper before the PSF, of shape (data_pixels,)."""
    columns, values = weights_from(mapper, 0, xp)
    slim = mapper.slim_index_for_sub_slim_index
    image = xp.zeros(mapper.mask.pixels_in_mask)
    return image.at[slim].add((values * parameters[columns]).sum(axis=1), indices_are_sorted=True)


class MapperSystem:
    """What is fixed about the mappers of an inversion while their weights vary: sub-pixels, the PSF and the noise.

    All of it is NumPy, and two systems with equal contents are equal, so that JAX compiles what depends on one once.

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
        Whether the curvature matrix of the mappers is formed in float32.
    functions
        The parameters, of shape (functions,), of linear objects that are no mappers; none if None. Their images after
        the PSF, of shape (data_pixels, functions), vary too.
    """

    def __init__(
        self,
        slims: tuple[Int[np.ndarray, "_sub_pixels"], ...],
        params: int,
        psf: Convolver | None,
        mask: Mask2D,
        noise_map: Float[np.ndarray, "data_pixels"],
        single_precision: bool,
        functions: Int[np.ndarray, "functions"] | None = None,
    ) -> None:
        self.slims = slims
        self.params = params
        self.psf = psf
        self.mask = mask
        self.noise_map = noise_map
        self.single_precision = single_precision
        self.functions = np.zeros(0, dtype=int) if functions is None else functions

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MapperSystem) and _pytree._same(vars(self), vars(other))

    def __hash__(self) -> int:
        return hash((self.params, self.noise_map.shape, self.single_precision, len(self.slims)))

    @property
    def pixels(self) -> int:
        """The number of data pixels."""
        return self.noise_map.shape[0]

    # ------------------------------------------------------------------ NumPy

    def matrix_from(self, weights: list[MapperWeights]) -> Float[csr_array, "data_pixels params"]:
        """The mapping matrix as a SciPy sparse array of shape (data_pixels, params)."""
        from scipy.sparse import csr_array

        total = csr_array((self.pixels, self.params))
        for slim, (columns, values) in zip(self.slims, weights, strict=True):
            rows = np.broadcast_to(slim[:, None], columns.shape)
            # A NaN model has indexes of any value, which a compiled routine must not follow.
            used = np.asarray((values != 0.0) & (columns >= 0) & (columns < self.params))
            counts = np.bincount(rows[used], minlength=self.pixels)
            pointers = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
            matrix = csr_array(
                (values[used], columns[used].astype(np.int32), pointers), shape=(self.pixels, self.params)
            )
            matrix.sum_duplicates()
            total = matrix if len(self.slims) == 1 else total + matrix
        return total

    def operated_matrix_from(self, weights: list[MapperWeights]) -> Float[csr_array, "data_pixels params"]:
        """The convolved mapping matrix in units of the noise, as a SciPy sparse array."""
        matrix = self.matrix_from(weights)
        if self.psf is not None:
            matrix = self.psf.convolved_mapping_matrix_from(mapping_matrix=matrix, mask=self.mask)
        divide_by_noise(matrix, self.noise_map)
        return matrix

    @property
    def _tiles(self) -> ConvolutionTiles:
        return tiles_without_kernel(self.mask) if self.psf is None else self.psf.state_from(self.mask).tiles

    def curvature_matrix_from(
        self, weights: list[MapperWeights], images: Float[np.ndarray, "data_pixels functions"] | None = None
    ) -> Float[np.ndarray, "params params"]:
        """The curvature matrix, of shape (params, params), with the images of the functions, if there are any."""
        if images is None:
            images = np.empty((self.pixels, 0))
        product, shared = tile_sums.products_from(
            self._tiles, self.matrix_from(weights), self.noise_map, images, self.single_precision
        )
        if self.functions.size:
            scaled = over_noise(images, self.noise_map)
            shared[self.functions] = scaled.T @ scaled
            product[:, self.functions] = shared
            product[self.functions] = shared.T
        return product

    def gradients_from(
        self,
        weights: list[MapperWeights],
        cotangent: Float[np.ndarray, "params params"],
        images: Float[np.ndarray, "data_pixels functions"] | None = None,
    ) -> list[Float[np.ndarray, "..."]]:
        """The derivatives of the sum of curvature matrix times cotangent.

        Those with respect to the weights of each mapper, and then, if there are any, to the images of the functions.
        """
        from scipy.sparse import csr_array

        rows = np.concatenate([np.repeat(s, w.columns.shape[1]) for s, w in zip(self.slims, weights, strict=True)])
        pointers = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=self.pixels))))
        # A NaN model has indexes of any value.
        columns = np.concatenate([w.columns.ravel() for w in weights]).clip(0, self.params - 1)
        values = np.concatenate([w.values.ravel() for w in weights])
        order = None if len(weights) == 1 else np.argsort(rows, kind="stable")
        if order is not None:
            columns, values = columns[order], values[order]
        # With those of zero, which have derivatives too.
        matrix = csr_array((values, columns, pointers), shape=(self.pixels, self.params), copy=True)
        matrix.sum_duplicates()
        gradients, of_images = gradients_from(
            self._tiles,
            (1, 1) if self.psf is None else self.psf.kernel.shape_native,
            matrix,
            cotangent,
            Entries(columns, pointers),
            self.noise_map,
            self.functions,
            np.zeros((self.pixels, 0)) if images is None else np.asarray(over_noise(images, self.noise_map)),
        )
        if order is not None:
            gradients[order] = gradients.copy()
        parts = np.split(gradients, np.cumsum([w.columns.size for w in weights])[:-1])
        of_weights = [part.reshape(w.columns.shape) for part, w in zip(parts, weights, strict=True)]
        return of_weights if images is None else [*of_weights, of_images]

    # ------------------------------------------------------------------ JAX

    def transposed_product_from(
        self, weights: list[MapperWeights], images: Float[Array, "data_pixels *images"], xp: Namespace
    ) -> Float[Array, "params *images"]:
        """The product of the transposed mapping matrix with images of shape (data_pixels, ...)."""
        product = xp.zeros((self.params, *images.shape[1:]))
        for slim, (columns, values) in zip(self.slims, weights, strict=True):
            extra = (1,) * (images.ndim - 1)
            product = product.at[columns].add(values.reshape(*values.shape, *extra) * images[slim][:, None])
        return product

    def dense_matrix_from(self, weights: list[MapperWeights], xp: Namespace) -> Float[Array, "data_pixels params"]:
        """The mapping matrix of shape (data_pixels, params)."""
        matrix = xp.zeros((self.pixels, self.params))
        for slim, (columns, values) in zip(self.slims, weights, strict=True):
            matrix = matrix.at[slim[:, None], columns].add(values)
        return matrix
