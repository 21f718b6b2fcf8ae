"""A Matern prior on rectangular meshes through its sparse precision matrix (Lindgren, Rue & Lindstrom 2011)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, is_jax_array, is_tracer, numbers_from
from autoarray._typing import Array, Namespace, Scalar
from autoarray._validation import check_number, check_power
from autoarray.inversion.mesh.mesh.abstract_rectangular import AbstractMeshRectangular
from autoarray.inversion.regularization.abstract import (
    AbstractRegularization,
    Smoothable,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def _second_difference(pixels: int) -> np.ndarray:
    """The second difference of a row of pixels with reflecting ends, of shape (pixels, pixels)."""
    matrix = np.eye(pixels, k=1) + np.eye(pixels, k=-1)
    return matrix - np.diag(matrix.sum(axis=1))


def rectangular_laplacian_sparse_from(shape_native: tuple[int, int], pixel_scales: tuple[Scalar, Scalar]) -> csr_array:
    """The five-point Laplacian of a rectangular mesh with reflecting edges, as a SciPy sparse array.

    Parameters
    ----------
    shape_native
        The rows and columns of the mesh; its pixels are in row-major order.
    pixel_scales
        The (y, x) distance between neighboring pixel centres, in arc-seconds.

    Returns
    -------
    csr_array
        Of shape (pixels, pixels), in inverse square arc-seconds; its rows sum to zero.
    """
    from scipy.sparse import csr_array, eye_array, kron

    (rows, columns), (dy, dx) = shape_native, pixel_scales
    along_y = kron(csr_array(_second_difference(rows)) / dy**2, eye_array(columns))
    along_x = kron(eye_array(rows), csr_array(_second_difference(columns)) / dx**2)
    return csr_array(along_y + along_x)


def _eigenvalues(
    shape: tuple[int, int], pixel_scales: tuple[Scalar, Scalar], kappa_squared: Scalar, xp: Namespace
) -> Array:
    """The eigenvalues of L = kappa^2 - Laplacian, of the shape of the mesh: its eigenvectors are cosines."""
    y, x = (as_array(4.0 * np.sin(0.5 * np.pi * np.arange(n) / n) ** 2, xp) for n in shape)
    dy, dx = pixel_scales
    return kappa_squared + y[:, None] / dy**2 + x / dx**2


def _centre_eigenvectors(shape: tuple[int, int]) -> np.ndarray:
    """The squared value of every eigenvector of L at the centre pixel of the mesh, of the shape of the mesh."""

    def along(pixels: int) -> np.ndarray:
        order = np.arange(pixels)
        norm = np.where(order == 0, 1.0, 2.0) / pixels
        return norm * np.cos(np.pi * order * (pixels // 2 + 0.5) / pixels) ** 2

    return along(shape[0])[:, None] * along(shape[1])


class MaternSparse(AbstractRegularization):
    """A Matern prior of smoothness 1 on a rectangular mesh, whose regularization matrix is sparse.

    A Matern field of smoothness 1 is the solution f of L f = white noise with L = 2 nu / scale^2 - Laplacian, so that
    its precision is a multiple of L^2, which connects 13 pixels. The regularization matrix is
    H = coefficient * c W^-1 L^2 W^-1 with weights W and c such that the variance of the centre pixel is 1 for weights
    of 1; the edges of the mesh reflect, so that the variance is higher there. H is positive definite without a jitter.

    The eigenvectors of L on a rectangle are cosines, which gives c and the determinant without a factorization.

    Parameters
    ----------
    coefficient
        What the precision is multiplied with; not squared.
    scale
        The correlation length, in arc-seconds.
    nu
        The smoothness, which is 1; other numbers have no sparse precision of this kind.
    weights
        The prior standard deviation of each mesh pixel in units of the centre's, of shape (pixels,); 1 if None.

    Raises
    ------
    ValueError
        If the coefficient is negative, the scale not positive, nu not 1, or a weight not positive.
    """

    def __init__(
        self, coefficient: float = 1.0, scale: float = 1.0, nu: float = 1.0, weights: Array | None = None
    ) -> None:
        name = type(self).__name__
        check_power(coefficient, f"{name}.coefficient", 1.0)
        check_number(scale, f"{name}.scale", "a positive, finite number", above=0.0)
        # Its fourth power is in the matrix.
        check_power(scale, f"{name}.scale", 4.0, divides=True)
        check_number(nu, f"{name}.nu", "a positive, finite number", above=0.0)
        if not is_tracer(nu) and nu != 1.0:
            raise ValueError(
                f"nu: expected 1, the smoothness with this sparse precision, found {nu!r}; see MaternKernel"
            )
        if weights is not None and not is_jax_array(weights):
            values = np.asarray(numbers_from(weights, f"{name}.weights", ValueError), dtype=float)
            # Their squares divide the matrix.
            wrong = ~((values >= 1e-100) & (values <= 1e100))
            if wrong.any():
                first = tuple(int(index) for index in np.argwhere(wrong)[0])
                raise ValueError(
                    f"{name}.weights: expected positive numbers from 1e-100 to 1e100, found {np.count_nonzero(wrong)} "
                    f"others, the first at {first}: {values[first]}"
                )
            weights = values
        self.coefficient = coefficient
        self.scale = scale
        self.nu = nu
        self.weights = weights

    @property
    def _kappa_squared(self) -> Scalar:
        return 2.0 * self.nu / self.scale**2

    def regularization_weights_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        return self.coefficient * xp.ones(linear_obj.params)

    def kernel_weights_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        """The prior standard deviation of each mesh pixel, of shape (pixels,).

        Raises
        ------
        PixelizationException
            If there is not one weight for each pixel.
        """
        if self.weights is None:
            return xp.ones(linear_obj.params)
        if self.weights.shape != (linear_obj.params,):
            raise exc.PixelizationException(
                f"MaternSparse.weights: expected the shape {(linear_obj.params,)} of the mesh pixels, found "
                f"{self.weights.shape}"
            )
        return as_array(self.weights, xp)

    @staticmethod
    def mesh_shape_and_pixel_scales_from(linear_obj: Smoothable) -> tuple[tuple[int, int], tuple[Scalar, Scalar]]:
        """The rows and columns of a mapper's mesh, and the (y, x) distance between pixel centres in arc-seconds.

        Raises
        ------
        PixelizationException
            If the linear object is no mapper on a rectangular mesh.
        """
        mesh = getattr(getattr(linear_obj, "interpolator", None), "mesh", None)
        if not isinstance(mesh, AbstractMeshRectangular):
            raise exc.PixelizationException(
                "MaternSparse: expected a mapper on a rectangular mesh, whose pixels are in rows and columns, found "
                f"{type(linear_obj if mesh is None else mesh).__name__}; MaternKernel is for any mesh"
            )
        rows, columns = mesh.shape
        grid = linear_obj.source_plane_mesh_grid.array.reshape(rows, columns, 2)
        # Squares, because the axes of a rotated mesh are not those of y and x.
        dy = (((grid[-1, 0] - grid[0, 0]) ** 2).sum()) ** 0.5 / (rows - 1)
        dx = (((grid[0, -1] - grid[0, 0]) ** 2).sum()) ** 0.5 / (columns - 1)
        return (rows, columns), (dy, dx)

    def _mesh_and_normalization_from(
        self, linear_obj: Smoothable, xp: Namespace
    ) -> tuple[tuple[int, int], tuple[Scalar, Scalar], Array, Array]:
        """The shape and pixel scales of the mesh, the eigenvalues of L, and c."""
        shape, pixel_scales = self.mesh_shape_and_pixel_scales_from(linear_obj)
        eigenvalues = _eigenvalues(shape, pixel_scales, self._kappa_squared, xp)
        return shape, pixel_scales, eigenvalues, (as_array(_centre_eigenvectors(shape), xp) / eigenvalues**2).sum()

    def regularization_factor_sparse_from(self, linear_obj: Smoothable) -> csr_array:
        """R = sqrt(c) L W^-1 as a SciPy sparse array: H = coefficient * R^T R (NumPy mode only).

        Noise of unit variance multiplied with R^T has the covariance H / coefficient.
        """
        from scipy.sparse import csr_array, diags_array, eye_array

        shape, pixel_scales, _, c = self._mesh_and_normalization_from(linear_obj, np)
        laplacian = rectangular_laplacian_sparse_from(shape, pixel_scales)
        operator = self._kappa_squared * eye_array(linear_obj.params) - laplacian
        return csr_array(np.sqrt(c) * operator @ diags_array(1.0 / self.kernel_weights_from(linear_obj)))

    def regularization_matrix_sparse_from(self, linear_obj: Smoothable) -> csr_array:
        """H as a SciPy sparse array of shape (pixels, pixels) (NumPy mode only)."""
        factor = self.regularization_factor_sparse_from(linear_obj)
        return self.coefficient * (factor.T @ factor).tocsr()

    def regularization_matrix_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        if xp is np:
            return self.regularization_matrix_sparse_from(linear_obj).toarray()
        shape, pixel_scales, _, c = self._mesh_and_normalization_from(linear_obj, xp)
        units = [as_array(np.eye(n), xp) for n in shape]
        y, x = (as_array(_second_difference(n), xp) / scale**2 for n, scale in zip(shape, pixel_scales, strict=True))
        # L = A + B, of matrices that act on the rows and on the columns: so does its square, but for the product.
        y = self._kappa_squared * units[0] - y
        square = xp.kron(y @ y, units[1]) + xp.kron(units[0], x @ x) - 2.0 * xp.kron(y, x)
        weights = self.kernel_weights_from(linear_obj, xp)
        return self.coefficient * c * square / (weights[:, None] * weights)

    def log_det_regularization_matrix_term_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        """ln det H, from the eigenvalues of L."""
        _, _, eigenvalues, c = self._mesh_and_normalization_from(linear_obj, xp)
        log_weights = xp.log(self.kernel_weights_from(linear_obj, xp))
        return linear_obj.params * xp.log(self.coefficient * c) + 2.0 * (xp.log(eigenvalues).sum() - log_weights.sum())

    def regularization_term_from(self, linear_obj: Smoothable, reconstruction: Array, xp: Namespace = np) -> Array:
        """s^T H s as coefficient * c * |L W^-1 s|^2, with differences of neighbors and no matrix."""
        shape, (dy, dx), _, c = self._mesh_and_normalization_from(linear_obj, xp)
        field = (reconstruction / self.kernel_weights_from(linear_obj, xp)).reshape(shape)

        def second(values: Array, axis: int) -> Array:
            ends = [xp.take(values, as_array(np.array([end]), xp), axis=axis) for end in (0, values.shape[axis] - 1)]
            return xp.diff(xp.concatenate((ends[0], values, ends[1]), axis=axis), n=2, axis=axis)

        product = self._kappa_squared * field - second(field, 0) / dy**2 - second(field, 1) / dx**2
        return self.coefficient * c * (product**2).sum()
