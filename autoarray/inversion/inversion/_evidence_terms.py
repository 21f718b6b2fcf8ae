# pyright: strict, reportMissingTypeStubs=false
"""The terms of the log evidence that an inversion gives (Suyu et al. 2006)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray._numerics import cholesky
from autoarray._state import derived
from autoarray._typing import Array, Namespace
from autoarray.inversion.linear_obj.linear_obj import LinearObj
from autoarray.settings import Settings


class InversionEvidenceTerms:
    """What regularization and the width of the posterior contribute to the evidence; a part of `AbstractInversion`."""

    if TYPE_CHECKING:  # what the other parts have
        linear_obj_list: list[LinearObj]
        settings: Settings

        @property
        def use_jax(self) -> bool: ...
        @use_jax.setter
        def use_jax(self, value: bool) -> None: ...
        @property
        def _xp(self) -> Namespace: ...
        @property
        def total_params(self) -> int: ...
        @property
        def total_regularizations(self) -> int: ...
        @property
        def reconstruction_dict(self) -> dict[LinearObj, Array]: ...
        @property
        def curvature_reg_matrix_reduced(self) -> Array: ...
        @property
        def _border(self) -> np.ndarray: ...
        @property
        def _is_one_factor(self) -> bool: ...
        @derived
        def _ordered_cholesky(self) -> np.ndarray: ...
        @derived
        def _reconstruction_and_log_det(self) -> tuple[Array, Array]: ...

    @derived(travels=True)
    def regularization_term(self) -> Array | float:
        """The term s^T H s of the log evidence (Warren & Dye 2003, eq. 19); 0.0 without regularization."""
        if not self.total_regularizations:
            return 0.0
        parts = self.reconstruction_dict.items()
        return sum((self._regularization_term_of(linear_obj, part) for linear_obj, part in parts), start=0.0)

    def _regularization_term_of(self, linear_obj: LinearObj, parameters: Array) -> Array | float:
        """The term of one linear object; 0.0 without a scheme.

        For the method "cho_solve" it is computed without the object's matrix, where its scheme knows how.
        """
        scheme = linear_obj.regularization
        if scheme is None:
            return 0.0
        if self.settings.regularization_term_method == "cho_solve":
            term = scheme.regularization_term_from(linear_obj=linear_obj, reconstruction=parameters, xp=self._xp)
            if term is not None:
                return term
        sparse = linear_obj.regularization_matrix_sparse
        matrix: Any = linear_obj.regularization_matrix if sparse is None else sparse
        return parameters @ (matrix @ parameters)

    @derived(travels=True)
    def log_det_curvature_reg_matrix_term(self) -> Array | float:
        """The term ln det(F + H) of the log evidence; 0.0 without regularization."""
        if not self.total_regularizations:
            return 0.0
        if self._is_one_factor:
            if not self.use_jax:
                # The border is no part of the first rows of the factor.
                size = self.total_params - int(self._border.sum())
                return 2.0 * np.sum(np.log(np.diag(self._ordered_cholesky)[:size]))
            if self.settings.use_positive_only_solver:
                return self._reconstruction_and_log_det[1]
        return cholesky.log_det_from(self.curvature_reg_matrix_reduced, self.settings.log_det_method, self._xp)

    @derived(travels=True)
    def log_det_regularization_matrix_term(self) -> Array | float:
        """The term ln det H of the log evidence; 0.0 without regularization."""
        return sum((self._log_det_of(linear_obj) for linear_obj in self.linear_obj_list), start=0.0)

    def _log_det_of(self, linear_obj: LinearObj) -> Array | float:
        """The term of one linear object; 0.0 without a scheme.

        For the method "slogdet" it is computed without the object's matrix, where its scheme knows how.
        """
        scheme, method = linear_obj.regularization, self.settings.log_det_method
        if scheme is None:
            return 0.0
        if method == "slogdet":
            term = scheme.log_det_regularization_matrix_term_from(linear_obj=linear_obj, xp=self._xp)
            if term is not None:
                return term
        sparse = linear_obj.regularization_matrix_sparse
        if sparse is not None and method == "cholesky":
            return cholesky.log_det_of_sparse_from(sparse, is_nearly_singular=True)
        return cholesky.log_det_from(linear_obj.regularization_matrix, method, self._xp, is_nearly_singular=True)
