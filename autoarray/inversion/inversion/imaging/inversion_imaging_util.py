"""The linear system of imaging data from triplets of the mapping matrix, and the operator W = P^T N^-1 P."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, xp_of
from autoarray._display import line
from autoarray._numerics.convolution import convolve, kernel_transform_from, padded_shape_from
from autoarray._state import State, derived
from autoarray._typing import Array, Matrix, Namespace
from autoarray._validation import check_number, whole_from
from autoarray.inversion.inversion import inversion_util
from autoarray.inversion.inversion._curvature.noise import divide_by_noise
from autoarray.inversion.inversion._curvature.products import psf_weighted_data_from
from autoarray.inversion.inversion._curvature.tile_products import symmetric_product_from
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators._convolution.kernel import check_pixel_scales
from autoarray.operators.convolver import Convolver
from autoarray.structures.arrays.uniform_2d import Array2D

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = [
    "BATCH_SIZE",
    "ImagingSparseOperator",
    "curvature_matrix_mirrored_from",
    "curvature_matrix_with_added_to_diag_from",
    "data_linear_func_matrix_from",
    "data_vector_via_blurred_mapping_matrix_from",
    "data_vector_via_psf_weighted_data_from",
    "mapped_reconstructed_operated_data_via_sparse_operator_from",
    "psf_weighted_data_from",
]

BATCH_SIZE = 128


def data_vector_via_psf_weighted_data_from(
    psf_weighted_data: Array, rows: Array, cols: Array, vals: Array, S: int, xp: Namespace = np
) -> Array:
    """The data vector D of shape (S,), from triplets of the mapping matrix whose rows are data pixels."""
    values = vals * psf_weighted_data[rows]
    if xp is np:
        return np.bincount(cols, values, minlength=S)
    return xp.zeros(S).at[cols].add(values)


def data_vector_via_blurred_mapping_matrix_from(
    blurred_mapping_matrix: Matrix, image: Array, noise_map: Array
) -> Array:
    """The data vector D of shape (params,), from the convolved mapping matrix of shape (data_pixels, params)."""
    return inversion_util.data_vector_from(blurred_mapping_matrix, image, noise_map)


def data_linear_func_matrix_from(
    curvature_weights_matrix: Array, kernel_native: Array2D | Array, mask: Mask2D
) -> Array:
    """Images of shape (data_pixels, n) convolved with the PSF inside a mask.

    Parameters
    ----------
    curvature_weights_matrix
        The convolved images of functions over the variances.
    kernel_native
        The PSF, as an `Array2D` or an array of odd shape.
    mask
        The `Mask2D` of the data.
    """
    xp = xp_of(curvature_weights_matrix)
    kernel = as_array(getattr(kernel_native, "array", kernel_native), xp)
    index = tuple(np.argwhere(~np.asarray(mask)).T)
    images = xp.zeros((curvature_weights_matrix.shape[1], *np.shape(np.asarray(mask))))
    if xp is np:
        images[:, index[0], index[1]] = curvature_weights_matrix.T
    else:
        images = images.at[:, index[0], index[1]].set(curvature_weights_matrix.T)
    shape = padded_shape_from(images.shape[-2:], kernel.shape)
    return convolve(images, kernel_transform_from(kernel, shape, xp), shape, xp)[:, index[0], index[1]].T


def curvature_matrix_mirrored_from(curvature_matrix: Array, *, xp: Namespace = np) -> Array:
    """A matrix with every entry that is zero replaced by the one mirrored on the diagonal."""
    return xp.where(curvature_matrix != 0.0, curvature_matrix, curvature_matrix.T)


def curvature_matrix_with_added_to_diag_from(
    curvature_matrix: Array, value: float, no_regularization_index_list: list[int] | None = None, *, xp: Namespace = np
) -> Array:
    """See `inversion_util.curvature_matrix_with_added_to_diag_from`; the argument is left as it is."""
    return inversion_util.curvature_matrix_with_added_to_diag_from(
        curvature_matrix, value, no_regularization_index_list, xp
    )


def mapped_reconstructed_operated_data_via_sparse_operator_from(
    reconstruction: Array,
    rows: Array,
    cols: Array,
    vals: Array,
    fft_index_for_masked_pixel: np.ndarray,
    data_shape: int | tuple[int, int],
    xp: Namespace = np,
) -> Array:
    """The image of a reconstruction before the PSF, of shape (data_pixels,).

    Parameters
    ----------
    reconstruction
        The values of the mesh pixels.
    rows, cols, vals
        Triplets of the mapping matrix whose rows are pixels of the whole image, flattened.
    fft_index_for_masked_pixel
        The index of each data pixel in the whole image.
    data_shape
        The number of pixels of the whole image, or its shape.
    """
    pixels = int(np.prod(data_shape))
    values = vals * reconstruction[cols]
    image = np.bincount(rows, values, minlength=pixels) if xp is np else xp.zeros(pixels).at[rows].add(values)
    return image[fft_index_for_masked_pixel]


class ImagingSparseOperator(State):
    """The operator W = P^T N^-1 P of a dataset, from the PSF P and the variances N, without a matrix.

    With the mapping matrix A of a mesh the curvature matrix is F = A^T W A. The operator stores the dataset's own noise
    map and PSF, so that a dataset with its operator is no larger than without. It is NumPy and serves both backends.

    Parameters
    ----------
    data, noise_map
        The masked data and its standard deviations, as `Array2D`.
    psf
        The `Convolver`, at the resolution of the data.
    batch_size
        How many columns of the curvature matrix a GPU computes at once: more are faster and take more memory.

    Raises
    ------
    DatasetException
        If there is no PSF, it is sampled more finely than the data, or the batch size is not positive.
    KernelException
        If the PSF has other pixel scales than the data.
    """

    def __init__(self, data: Array2D, noise_map: Array2D, psf: Convolver | None, batch_size: int = BATCH_SIZE) -> None:
        if psf is None:
            raise exc.DatasetException("ImagingSparseOperator.psf: expected a Convolver, found None")
        if psf.convolve_over_sample_size > 1:
            raise exc.DatasetException(
                "ImagingSparseOperator.psf: expected a PSF at the resolution of the data, found one that is sampled "
                f"{psf.convolve_over_sample_size} times more finely; use the dataset without a sparse operator"
            )
        check_pixel_scales("ImagingSparseOperator.psf", psf.kernel, data.mask, psf.convolve_over_sample_size)
        error = exc.DatasetException
        check_number(batch_size, "ImagingSparseOperator.batch_size", "at least 1", error=error, least=1)
        batch_size = whole_from(batch_size, "ImagingSparseOperator.batch_size", 1, error)
        self.data = data
        self.noise_map = noise_map
        self.psf = psf
        self.batch_size = batch_size

    @classmethod
    def from_noise_map_and_psf(
        cls, data: Array2D, noise_map: Array2D, psf: Convolver | None, *, batch_size: int = BATCH_SIZE
    ) -> ImagingSparseOperator:
        """The operator of masked data, its noise map and its PSF."""
        return cls(data=data, noise_map=noise_map, psf=psf, batch_size=batch_size)

    @property
    def mask(self) -> Mask2D:
        """The mask of the data."""
        return self.noise_map.mask

    @property
    def data_native(self) -> Array2D:
        """The data in the whole image, zero in masked pixels."""
        return self.data.native

    @property
    def noise_map_native(self) -> Array2D:
        """The noise map in the whole image, zero in masked pixels."""
        return self.noise_map.native

    @property
    def weight_map(self) -> Array2D:
        """The data over the variances in the whole image, zero in masked pixels."""
        return (self.data / self.noise_map**2).native

    @derived
    def inverse_variances_native(self) -> np.ndarray:
        """The inverse variances in the whole image, of shape (rows, columns), zero in masked pixels."""
        noise_map = np.asarray(self.noise_map.native.array)
        unmasked = ~np.asarray(self.mask.array)
        return np.where(unmasked, 1.0 / np.where(unmasked, noise_map, 1.0) ** 2, 0.0)

    @property
    def y_shape(self) -> int:
        """The rows of the whole image."""
        return self.mask.shape_native[0]

    @property
    def x_shape(self) -> int:
        """The columns of the whole image."""
        return self.mask.shape_native[1]

    @property
    def Ky(self) -> int:
        """The rows of the PSF."""
        return self.psf.kernel.shape_native[0]

    @property
    def Kx(self) -> int:
        """The columns of the PSF."""
        return self.psf.kernel.shape_native[1]

    @property
    def fft_shape(self) -> tuple[int, int]:
        """The shape that images are padded to, so that a convolution does not wrap around."""
        return padded_shape_from((self.y_shape, self.x_shape), (self.Ky, self.Kx))

    @derived
    def _transforms(self) -> tuple[np.ndarray, np.ndarray]:
        """The Fourier transforms of the PSF and of the transposed PSF."""
        kernel = np.asarray(self.psf.kernel.native.array)
        return kernel_transform_from(kernel, self.fft_shape, np), kernel_transform_from(
            kernel[::-1, ::-1], self.fft_shape, np
        )

    def apply_operator(self, Fbatch_flat: Array) -> Array:
        """W applied to whole images of shape (rows * columns, n), on the backend that they are of."""
        xp = xp_of(Fbatch_flat)
        blur, transposed = (as_array(transform, xp) for transform in self._transforms)
        images = Fbatch_flat.T.reshape(-1, self.y_shape, self.x_shape)
        weighted = convolve(images, blur, self.fft_shape, xp) * as_array(self.inverse_variances_native, xp)
        return convolve(weighted, transposed, self.fft_shape, xp).reshape(images.shape[0], -1).T

    # ------------------------------------------------------------------ blocks of the curvature matrix

    def _operated_matrix_from(self, rows: Array, cols: Array, vals: Array, size: int) -> csr_array:
        """The convolved mapping matrix in units of the noise, as a SciPy sparse array of shape (data_pixels, size)."""
        from scipy.sparse import csr_array

        matrix = csr_array((vals, (rows, cols)), shape=(self.y_shape * self.x_shape, size))
        matrix = matrix[np.flatnonzero(~np.asarray(self.mask.array))]
        matrix = self.psf.convolved_mapping_matrix_from(mapping_matrix=matrix, mask=self.mask).tocsr()
        divide_by_noise(matrix, np.asarray(self.noise_map.array))
        return matrix

    def curvature_matrix_diag_from(self, rows: Array, cols: Array, vals: Array, *, S: int) -> Array:
        """The curvature matrix A^T W A of one mapper, of shape (S, S).

        Parameters
        ----------
        rows, cols, vals
            Triplets of the mapping matrix A whose rows are pixels of the whole image, as
            `Mapper.sparse_triplets_curvature` has them.
        S
            The number of mesh pixels.
        """
        if xp_of(rows, cols, vals) is np:
            return symmetric_product_from(
                self._operated_matrix_from(rows, cols, vals, S), self.mask.derive_indexes.native_for_slim
            )
        matrix = self.curvature_matrix_off_diag_from(rows, cols, vals, rows, cols, vals, S0=S, S1=S)
        return (matrix + matrix.T) / 2.0

    def curvature_matrix_off_diag_from(
        self,
        rows0: Array,
        cols0: Array,
        vals0: Array,
        rows1: Array,
        cols1: Array,
        vals1: Array,
        *,
        S0: int,
        S1: int,
    ) -> Array:
        """The part A0^T W A1 of the curvature matrix that two mappers share, of shape (S0, S1)."""
        if xp_of(rows0, cols0, vals0, rows1, cols1, vals1) is np:
            return (
                self._operated_matrix_from(rows0, cols0, vals0, S0).T
                @ self._operated_matrix_from(rows1, cols1, vals1, S1)
            ).toarray()
        from autoarray.inversion.inversion._curvature.batches_jax import product_from

        return product_from(
            self.apply_operator,
            (rows0, cols0, vals0),
            (rows1, cols1, vals1),
            sizes=(S0, S1),
            pixels=self.y_shape * self.x_shape,
            batch_size=self.batch_size,
        )

    def curvature_matrix_off_diag_func_list_from(
        self,
        curvature_weights: Array,
        fft_index_for_masked_pixel: np.ndarray,
        rows: Array,
        cols: Array,
        vals: Array,
        *,
        S: int,
    ) -> Array:
        """The part of the curvature matrix that a mapper shares with functions, of shape (S, functions).

        Parameters
        ----------
        curvature_weights
            The convolved images of the functions over the variances, of shape (data_pixels, functions).
        fft_index_for_masked_pixel
            The index of each data pixel in the whole image.
        rows, cols, vals
            The triplets of the mapper, as in `curvature_matrix_diag_from`.
        """
        xp = xp_of(curvature_weights, vals)
        pixels = self.y_shape * self.x_shape
        images = xp.zeros((pixels, curvature_weights.shape[1]))
        if xp is np:
            images[fft_index_for_masked_pixel] = curvature_weights
        else:
            images = images.at[fft_index_for_masked_pixel].set(as_array(curvature_weights, xp))
        images = images.T.reshape(-1, self.y_shape, self.x_shape)
        transposed = as_array(self._transforms[1], xp)
        back = convolve(images, transposed, self.fft_shape, xp).reshape(images.shape[0], -1).T
        if xp is np:
            from scipy.sparse import csr_array

            return csr_array((vals, (rows, cols)), shape=(pixels, S)).T @ back
        from autoarray.inversion.inversion._curvature.batches_jax import transposed_product_from

        return transposed_product_from((rows, cols, vals), back, S)

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        return [
            f"image={line.shape_of(line.stored(state['noise_map'], 'mask'))}",
            f"psf={line.shape_of(line.stored(line.stored(state['psf'], 'kernel'), 'mask'))}",
            f"batch_size={line.value(state['batch_size'])}",
        ]
