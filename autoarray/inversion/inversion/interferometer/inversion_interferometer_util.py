"""The operator of an interferometer's fits, what a stream of visibilities adds up to, and functions of plain arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._backend import as_array
from autoarray._state import State, derived
from autoarray._typing import Array, ArrayLike, Namespace
from autoarray._validation import number_from, whole_from
from autoarray.abstract_ndarray import unwrap
from autoarray.inversion.inversion._curvature import normal_products
from autoarray.inversion.inversion.interferometer._kernels import (
    nufft_precision_operator_from,
    nufft_precision_operator_via_jax_from,
    nufft_precision_operator_via_np_from,
    nufft_precision_operator_via_nufft_from,
    nufft_weighted_noise_via_sparse_operator_from,
)
from autoarray.inversion.inversion.interferometer._noise import (
    check_noise_map_real_imag_equal,
    noise_map_pooled_from,
    noise_map_real_imag_asymmetry_from,
    noise_parts_from,
)
from autoarray.inversion.inversion.interferometer._sparse_operator import in_box, kernel_from, matrix_from
from autoarray.inversion.inversion.interferometer._sparse_terms import SparseTerms
from autoarray.inversion.inversion.interferometer._streams import fine_grid_shapes_from, sparse_terms_from_chunks
from autoarray.operators._fourier.normal import NormalOperator

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D

__all__ = [
    "InterferometerSparseOperator",
    "SparseTerms",
    "check_noise_map_real_imag_equal",
    "data_vector_via_transformed_mapping_matrix_from",
    "fine_grid_shapes_from",
    "mapped_reconstructed_visibilities_from",
    "noise_map_pooled_from",
    "noise_map_real_imag_asymmetry_from",
    "nufft_precision_operator_from",
    "nufft_precision_operator_via_jax_from",
    "nufft_precision_operator_via_np_from",
    "nufft_precision_operator_via_nufft_from",
    "nufft_weighted_noise_via_sparse_operator_from",
    "sparse_profile_terms_from",
    "sparse_terms_from_chunks",
]

BATCH_SIZE = 128


class InterferometerSparseOperator(State):
    """All that a fit needs of visibilities: W = Re(F^H N^-1 F) by its kernels, the dirty image, and two sums.

    It is what `Interferometer.apply_sparse_operator` makes. See `autoarray.operators._fourier.normal` for W.

    Parameters
    ----------
    nufft_precision_operator
        The Toeplitz kernel of W, of shape (2 rows, 2 columns) of the bounding box of the mask: the sums of the mean
        weights times cos(2 pi (u x + v y)) at the differences (y, x) of two pixels. Negative differences are counted
        from the end.
    dirty_image
        Re(F^H N^-1 d) in each unmasked pixel, of shape (pixels,).
    y_shape, x_shape
        The rows and columns of the bounding box.
    M
        The number of its pixels.
    batch_size
        How many columns of a mapping matrix a GPU applies W to at once.
    w_dtype
        The type of the kernel's numbers; not used.
    data_term
        d^T N^-1 d, or None.
    noise_normalization
        The sum of ln(2 pi sigma^2) over real and imaginary parts, or None.
    primary_beam_slim
        The primary beam in each unmasked pixel, or None. It is no part of W: images are multiplied with it before.
    hankel_operator
        The Hankel kernel of W, of half the differences of the weights at the sums of two pixels, of the same shape;
        None where the noise of real and imaginary parts is the same.

    Raises
    ------
    exc.InversionException
        If an array has not the shape that the others ask for, or is not finite.
    """

    def __init__(
        self,
        nufft_precision_operator: ArrayLike,
        dirty_image: ArrayLike,
        y_shape: int,
        x_shape: int,
        M: int,
        batch_size: int,
        w_dtype: Any,
        data_term: float | None = None,
        noise_normalization: float | None = None,
        primary_beam_slim: ArrayLike | None = None,
        hankel_operator: ArrayLike | None = None,
    ) -> None:
        name, error = type(self).__name__, exc.InversionException
        del w_dtype
        kernel = kernel_from(nufft_precision_operator, f"{name}.nufft_precision_operator")
        shape = (whole_from(y_shape, f"{name}.y_shape", 1, error), whole_from(x_shape, f"{name}.x_shape", 1, error))
        if kernel.shape != (2 * shape[0], 2 * shape[1]) or shape[0] * shape[1] != M:
            raise error(
                f"{name}: expected a kernel of shape (2 y_shape, 2 x_shape) and M = y_shape x_shape, found "
                f"{kernel.shape}, y_shape={y_shape}, x_shape={x_shape}, M={M}"
            )
        hankel = None if hankel_operator is None else kernel_from(hankel_operator, f"{name}.hankel_operator")
        if hankel is not None and hankel.shape != kernel.shape:
            raise error(f"{name}.hankel_operator: expected the shape {kernel.shape}, found {hankel.shape}")
        self.nufft_precision_operator = kernel
        self.hankel_operator = hankel
        self.dirty_image: Any = unwrap(dirty_image)
        self.y_shape, self.x_shape = shape
        self.batch_size = whole_from(batch_size, f"{name}.batch_size", 1, error)
        finite = {"error": error, "expected": "a finite number or None"}
        self.data_term = None if data_term is None else number_from(data_term, f"{name}.data_term", **finite)
        self.noise_normalization = (
            None
            if noise_normalization is None
            else number_from(noise_normalization, f"{name}.noise_normalization", **finite)
        )
        self.primary_beam_slim = (
            None if primary_beam_slim is None else np.asarray(unwrap(primary_beam_slim), dtype=float)
        )

    @classmethod
    def from_nufft_precision_operator(
        cls,
        nufft_precision_operator: ArrayLike,
        dirty_image: ArrayLike,
        *,
        batch_size: int = BATCH_SIZE,
        data_term: float | None = None,
        noise_normalization: float | None = None,
        primary_beam_slim: ArrayLike | None = None,
        hankel_operator: ArrayLike | None = None,
    ) -> InterferometerSparseOperator:
        """The operator of a kernel, whose shape says what the bounding box is; the arguments are the class's."""
        kernel = kernel_from(nufft_precision_operator, f"{cls.__name__}.nufft_precision_operator")
        rows, columns = kernel.shape[0] // 2, kernel.shape[1] // 2
        return cls(
            kernel,
            dirty_image,
            rows,
            columns,
            rows * columns,
            batch_size,
            kernel.dtype,
            data_term=data_term,
            noise_normalization=noise_normalization,
            primary_beam_slim=primary_beam_slim,
            hankel_operator=hankel_operator,
        )

    @classmethod
    def from_sparse_terms(
        cls,
        terms: SparseTerms,
        *,
        real_space_mask: Mask2D,
        batch_size: int = BATCH_SIZE,
        primary_beam_slim: ArrayLike | None = None,
    ) -> InterferometerSparseOperator:
        """The operator of what a stream added up to.

        Raises
        ------
        exc.InversionException
            If it was added up on another mask.
        """
        terms.check_mask(real_space_mask)
        return cls.from_nufft_precision_operator(
            terms.nufft_precision_operator,
            terms.dirty_image_native[real_space_mask.slim_to_native_tuple],
            batch_size=batch_size,
            data_term=terms.data_term,
            noise_normalization=terms.noise_normalization,
            primary_beam_slim=primary_beam_slim,
            hankel_operator=terms.hankel_operator,
        )

    @property
    def M(self) -> int:
        """The number of pixels of the bounding box."""
        return self.y_shape * self.x_shape

    @property
    def w_dtype(self) -> np.dtype:
        """The type of the kernel's numbers."""
        return self.nufft_precision_operator.dtype

    @derived
    def normal(self) -> NormalOperator:
        """W."""
        return NormalOperator(self.nufft_precision_operator, self.hankel_operator)

    @property
    def Khat(self) -> np.ndarray:
        """The transform of the Toeplitz kernel, as it stands."""
        return np.fft.rfft2(self.nufft_precision_operator)

    khat_np = Khat

    # ------------------------------------------------------------------ products

    def apply_operator(self, Fbatch_flat: ArrayLike, xp: Namespace = np) -> Array:
        """W applied to images in the bounding box, of shape (M, images)."""
        images = as_array(unwrap(Fbatch_flat), xp)
        applied = self.normal.apply(images.T.reshape(-1, self.y_shape, self.x_shape), xp)
        return applied.reshape(images.shape[1], -1).T

    def operated_matrix_slim_from(
        self, matrix_slim: ArrayLike, extent_index_for_masked_pixel: np.ndarray, xp: Namespace = np
    ) -> Array:
        """W applied to images of shape (pixels, images) in the unmasked pixels, of the same shape.

        Parameters
        ----------
        matrix_slim
            The images.
        extent_index_for_masked_pixel
            The index of each unmasked pixel in the bounding box (`Mask2D.extent_index_for_masked_pixel`).
        """
        index = np.asarray(extent_index_for_masked_pixel)
        box = in_box(matrix_slim, index, (self.y_shape, self.x_shape), xp)
        applied = self.normal.apply(box, xp)
        return applied.reshape(applied.shape[0], -1)[:, index].T

    def curvature_matrix_diag_from(
        self, rows: ArrayLike, cols: ArrayLike, vals: ArrayLike, *, S: int, xp: Namespace = np
    ) -> Array:
        """A^T W A of a mapping matrix that is given by triplets, of shape (S, S).

        Parameters
        ----------
        rows, cols, vals
            The pixel of the bounding box, the column and the value of each entry.
        S
            The number of columns.
        """
        if xp is np:
            return normal_products.curvature_from(self.normal, matrix_from(rows, cols, vals, (self.M, S)))
        product = self._product_in_jax((rows, cols, vals), (rows, cols, vals), (S, S))
        return (product + product.T) / 2.0

    def curvature_matrix_off_diag_from(
        self,
        rows0: ArrayLike,
        cols0: ArrayLike,
        vals0: ArrayLike,
        rows1: ArrayLike,
        cols1: ArrayLike,
        vals1: ArrayLike,
        *,
        S0: int,
        S1: int,
        xp: Namespace = np,
    ) -> Array:
        """A^T W B of two mapping matrices, of shape (S0, S1); see `curvature_matrix_diag_from`."""
        left, right = (rows0, cols0, vals0), (rows1, cols1, vals1)
        if xp is np:
            matrices = (matrix_from(*part, (self.M, size)) for part, size in ((left, S0), (right, S1)))
            return normal_products.product_from(self.normal, *matrices)
        return self._product_in_jax(left, right, (S0, S1))

    def _product_in_jax(self, left: Any, right: Any, sizes: tuple[int, int]) -> Any:
        import jax.numpy as jnp

        from autoarray.inversion.inversion._curvature import batches_jax

        triplets: list[Any] = [
            tuple(jnp.asarray(unwrap(array)).reshape(-1) for array in part) for part in (left, right)
        ]

        def apply(images: Any) -> Any:
            return self.apply_operator(images, jnp)

        return batches_jax.product_from(apply, triplets[0], triplets[1], sizes, self.M, self.batch_size)

    def curvature_matrix_off_diag_func_list_from(
        self,
        curvature_weights: ArrayLike,
        extent_index_for_masked_pixel: np.ndarray,
        rows: ArrayLike,
        cols: ArrayLike,
        vals: ArrayLike,
        *,
        S: int,
        xp: Namespace = np,
    ) -> Array:
        """A^T W G of a mapping matrix A and images G of shape (pixels, functions), of shape (S, functions)."""
        operated = self.operated_matrix_slim_from(curvature_weights, extent_index_for_masked_pixel, xp)
        if xp is np:
            matrix = matrix_from(rows, cols, vals, (self.M, S))
            return matrix[np.asarray(extent_index_for_masked_pixel)].T @ operated
        from autoarray.inversion.inversion._curvature import batches_jax

        box = xp.zeros((self.M, operated.shape[1])).at[np.asarray(extent_index_for_masked_pixel)].set(operated)
        triplets: Any = tuple(xp.asarray(unwrap(array)).reshape(-1) for array in (rows, cols, vals))
        return batches_jax.transposed_product_from(triplets, box, S)

    def curvature_matrix_func_list_from(
        self,
        curvature_weights_0: ArrayLike,
        curvature_weights_1: ArrayLike,
        extent_index_for_masked_pixel: np.ndarray,
        xp: Namespace = np,
    ) -> Array:
        """G^T W H of images G and H of shapes (pixels, functions)."""
        operated = self.operated_matrix_slim_from(curvature_weights_1, extent_index_for_masked_pixel, xp)
        return as_array(unwrap(curvature_weights_0), xp).T @ operated

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        return [f"{state['y_shape']} x {state['x_shape']} pixels"]


def sparse_profile_terms_from(
    sparse_operator: InterferometerSparseOperator,
    image: ArrayLike,
    extent_index_for_masked_pixel: np.ndarray,
    xp: Namespace = np,
) -> tuple[Any, Any, Any]:
    """What the visibilities of an image change, without visibilities.

    Parameters
    ----------
    sparse_operator
        The operator, whose primary beam the image is multiplied with.
    image
        The image i in the unmasked pixels.
    extent_index_for_masked_pixel
        As in `InterferometerSparseOperator.operated_matrix_slim_from`.

    Returns
    -------
    tuple
        W i; the dirty image of d - F i, which is that of the data minus W i; and (d - F i)^T N^-1 (d - F i), or None if
        the operator has no data term.
    """
    values = as_array(unwrap(image), xp)
    if sparse_operator.primary_beam_slim is not None:
        values = values * as_array(sparse_operator.primary_beam_slim, xp)
    operated = sparse_operator.operated_matrix_slim_from(values[:, None], extent_index_for_masked_pixel, xp)[:, 0]
    dirty_image = as_array(unwrap(sparse_operator.dirty_image), xp)
    if sparse_operator.data_term is None:
        return operated, dirty_image - operated, None
    # The parts of d^T N^-1 d - 2 i^T b + i^T W i that cancel are summed pixel by pixel.
    return (
        operated,
        dirty_image - operated,
        sparse_operator.data_term - values @ (dirty_image + (dirty_image - operated)),
    )


def data_vector_via_transformed_mapping_matrix_from(
    transformed_mapping_matrix: ArrayLike, visibilities: ArrayLike, noise_map: ArrayLike
) -> np.ndarray:
    """The data vector from the visibilities of every column of a mapping matrix.

    Parameters
    ----------
    transformed_mapping_matrix
        Of shape (visibilities, params), complex.
    visibilities, noise_map
        Of shape (visibilities,), complex.
    """
    matrix, data = np.asarray(unwrap(transformed_mapping_matrix)), np.asarray(unwrap(visibilities))
    of_real, of_imaginary = noise_parts_from(noise_map)
    by_real, by_imaginary = np.real(data) / of_real**2, np.imag(data) / of_imaginary**2
    return np.real(matrix).T @ by_real + np.imag(matrix).T @ by_imaginary


def mapped_reconstructed_visibilities_from(
    transformed_mapping_matrix: ArrayLike, reconstruction: ArrayLike
) -> np.ndarray:
    """The visibilities of a reconstruction, of shape (visibilities,), from those of every column of its matrix."""
    return np.asarray(unwrap(transformed_mapping_matrix)) @ np.asarray(unwrap(reconstruction))
