"""The inversion of visibilities on meshes of so many pixels that no matrix of them fits into memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray._numerics import cholesky
from autoarray._state import derived
from autoarray.inversion.inversion._curvature.weights import is_interpolated
from autoarray.inversion.inversion.interferometer import _matrix_free
from autoarray.inversion.inversion.interferometer.sparse import InversionInterferometerSparse

# Up to this many parameters the determinant is that of the matrix, which takes 8 bytes for each pair: 128 MB.
MOST_EXACT = 4_000


class InversionInterferometerMatrixFree(InversionInterferometerSparse):
    """Solves for the pixels of one mapper by products with vectors (Powell et al. 2021), in NumPy mode.

    `Settings.interferometer_route` "matrix_free" asks for it. The mapper's regularization has to be one whose matrix is
    sparse. The reconstruction and its terms of the evidence are those of `InversionInterferometerSparse`. So is the
    determinant of F + H of up to 4,000 parameters; of more it is estimated by random vectors, the same in every
    evaluation. (PyAutoArray 2026.10.26.1 estimates it for any number, and is off by 1 % for 64 parameters.)

    Parameters
    ----------
    dataset
        The `Interferometer`, or a `DatasetInterface`.
    linear_obj_list, settings, xp, preloads
        As in `AbstractInversion`.

    Raises
    ------
    InversionException
        For JAX, for more than one linear object or one that is no mapper, for a regularization with a dense matrix, and
        for a preloaded curvature matrix.
    """

    pcg_rtol = 1e-12
    pcg_maxiter = 5000
    slq_n_probes = 10
    slq_n_steps = 40
    slq_seed = 20221

    def _check(self) -> None:
        name = type(self).__name__
        if self.use_jax:
            raise exc.InversionException(
                f"{name}.xp: expected numpy, found jax.numpy; the factor that speeds its iterations up is a sparse one "
                "of SciPy. On JAX, leave interferometer_route at None"
            )
        if len(self.linear_obj_list) != 1 or not is_interpolated(self.linear_obj_list[0]):
            raise exc.InversionException(f"{name}.linear_obj_list: expected one mapper, found {self.linear_obj_list!r}")
        scheme = self.linear_obj_list[0].regularization
        if scheme is None or self.linear_obj_list[0].regularization_matrix_sparse is None:
            raise exc.InversionException(
                f"{name}.linear_obj_list[0]: expected a regularization whose matrix is sparse, such as Constant or "
                f"MaternSparse, found {scheme!r}"
            )
        if self._preloaded_curvature_matrix is not None:
            raise exc.InversionException(f"{name}.preloads: expected no curvature matrix, found one")

    @property
    def regularization_matrix_sparse(self) -> Any:
        """H as a SciPy sparse array, of shape (params, params)."""
        return self.linear_obj_list[0].regularization_matrix_sparse

    @derived
    def _operator(self) -> _matrix_free.MatrixFreeOperator:
        system = self._system
        return _matrix_free.MatrixFreeOperator(
            self._normal, system._mapping_matrix, system._box, self.regularization_matrix_sparse
        )

    @derived
    def _factor(self) -> _matrix_free.BandedFactor:
        return _matrix_free.BandedFactor(self._operator.preconditioner())

    @derived(travels=True)
    def reconstruction(self) -> np.ndarray:  # pyright: ignore[reportIncompatibleMethodOverride] (a kept property)
        """The parameters that fit the data best, of shape (params,)."""
        return _matrix_free.solution_from(
            self._operator,
            self._factor,
            np.asarray(self.data_vector),
            self._allowed,
            self.settings.use_positive_only_solver,
            self.pcg_rtol,
            self.pcg_maxiter,
        )

    @derived(travels=True)
    def log_det_curvature_reg_matrix_term(self) -> float:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The term ln det(F + H) of the log evidence."""
        if self.total_params <= MOST_EXACT:
            matrix = np.asarray(self._system.curvature_matrix) + self.regularization_matrix_sparse.toarray()
            return float(cholesky.log_det_from(matrix))
        return _matrix_free.log_det_from(
            self._operator, self._factor, self.slq_n_probes, self.slq_n_steps, self.slq_seed
        )

    def _refuse(self, quantity: str) -> Any:
        raise exc.InversionException(
            f"{type(self).__name__}.{quantity}: this inversion forms no matrix of its parameters; take another "
            'Settings.interferometer_route, such as "fft"'
        )

    @property
    def curvature_matrix(self) -> Any:
        """Not formed.

        Raises
        ------
        InversionException
            Always.
        """
        return self._refuse("curvature_matrix")

    @property
    def curvature_reg_matrix(self) -> Any:
        """Not formed, as `curvature_matrix`."""
        return self._refuse("curvature_reg_matrix")

    @property
    def reconstruction_covariance_matrix(self) -> Any:
        """Not formed, as `curvature_matrix`."""
        return self._refuse("reconstruction_covariance_matrix")
