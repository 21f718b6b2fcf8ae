# pyright: strict, reportMissingTypeStubs=false
"""The linear inversion: from data and linear objects to a reconstruction and the terms of its log evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from autoarray import exc
from autoarray._backend import Backend, as_array
from autoarray._display import line, table
from autoarray._numerics import cholesky
from autoarray._numerics.banded import entries_of
from autoarray._state import derived
from autoarray._typing import Array, Namespace
from autoarray._validation import check_instance, check_memory, check_object
from autoarray.inversion.inversion import inversion_util
from autoarray.inversion.inversion._evidence_terms import InversionEvidenceTerms
from autoarray.inversion.inversion._nnls import pivoting
from autoarray.inversion.inversion._parameters import InversionParameters
from autoarray.inversion.inversion._results import InversionResults
from autoarray.inversion.linear_obj.linear_obj import LinearObj, linear_objects_from
from autoarray.inversion.mappers.abstract import Mapper
from autoarray.mask.mask_2d_util import same_mask
from autoarray.preloads.abstract import AbstractPreloads, check_curvature_matrix
from autoarray.settings import Settings, settings_from

if TYPE_CHECKING:
    from autoarray.inversion.inversion.dataset_interface import ImagingDataset
    from autoarray.mask.mask_2d import Mask2D
    from autoarray.structures.arrays.uniform_2d import Array2D

T = TypeVar("T")


def check_dataset(dataset: object, name: str) -> None:
    """Raise an `InversionException` for an object without the parts of a dataset that an inversion reads."""
    operator = "transformer" if getattr(dataset, "transformer", None) is not None else "psf"
    for part in ("data", "noise_map", operator):
        check_object(dataset, part, name, "an Imaging dataset or a DatasetInterface", exc.InversionException)


class AbstractInversion(InversionParameters, InversionEvidenceTerms, InversionResults, Backend):
    """Solves for the parameters of linear objects that fit a dataset best (Warren & Dye 2003).

    Parameters
    ----------
    dataset
        The dataset, or a `DatasetInterface`.
    linear_obj_list
        The linear objects, whose parameters are solved for together, in this order.
    settings
        How the inversion is solved; the defaults if None.
    xp
        `numpy` or `jax.numpy`, the same as that of the linear objects.
    preloads
        An `AbstractPreloads` with what the caller has computed before, or None. It is part of the inversion's state.

    Raises
    ------
    InversionException
        If there is no linear object, one computes with the other library, or one is not defined on the pixels of
        the data; if a matrix of all parameters does not fit into memory; or if a preloaded curvature matrix has not the
        shape (params, params), or holds something else than finite real numbers.
    """

    # The galaxy behind each linear object, which whoever makes the inversion for galaxies sets.
    linear_obj_galaxy_dict: dict[LinearObj, Any] | None

    def __init__(
        self,
        dataset: ImagingDataset,
        linear_obj_list: list[LinearObj],
        settings: Settings | None = None,
        xp: Namespace = np,
        preloads: AbstractPreloads | None = None,
    ) -> None:
        self._set_backend(xp)
        self.dataset = dataset
        check_dataset(dataset, f"{type(self).__name__}.dataset")
        self.linear_obj_list = linear_objects_from(linear_obj_list, f"{type(self).__name__}.linear_obj_list")
        self.settings = settings_from(settings, f"{type(self).__name__}.settings")
        self.preloads = preloads
        self.linear_obj_galaxy_dict = None
        self._check()

    def _check(self) -> None:
        name = type(self).__name__
        if not self.linear_obj_list:
            raise exc.InversionException(f"{name}.linear_obj_list: expected at least one linear object, found none")
        for i, linear_obj in enumerate(self.linear_obj_list):
            if linear_obj.use_jax != self.use_jax:
                raise exc.InversionException(
                    f"{name}.linear_obj_list[{i}]: expected xp={self._xp_name} as the inversion has, found "
                    f"xp={linear_obj._xp_name}"
                )
            if isinstance(linear_obj, Mapper) and not same_mask(linear_obj.mask, self.mask):
                pixels, total = linear_obj.mask.pixels_in_mask, self.mask.pixels_in_mask
                raise exc.InversionException(
                    f"{name}.linear_obj_list[{i}]: expected a mapper on the {total} unmasked pixels of "
                    f"the data, found one on {pixels}{' others' if pixels == total else ''}"
                )
        total = self.total_params
        check_memory(
            total**2, 8, f"{name}.linear_obj_list", f"a matrix of {total:,} parameters", exc.InversionException
        )
        expected, error = "preloads or None", exc.InversionException
        check_instance(self.preloads, AbstractPreloads, f"{name}.preloads", expected, error, optional=True)
        if self.preloads is not None and self.preloads.curvature_matrix is not None:
            check_curvature_matrix(self.preloads.curvature_matrix, total, f"{name}.preloads.curvature_matrix")

    # ------------------------------------------------------------------ the dataset

    @property
    def data(self) -> Array2D:
        """The masked data."""
        return self.dataset.data

    @property
    def noise_map(self) -> Array2D:
        """The standard deviations of the data."""
        return self.dataset.noise_map

    @property
    def mask(self) -> Mask2D:
        """The mask of the data; of visibilities, that of the image that they are transformed from."""
        return self.dataset.mask

    # ------------------------------------------------------------------ the linear system

    @property
    def operated_mapping_matrix_list(self) -> list[Array]:
        """The image of each parameter after the PSF, of shape (data_pixels, params), for each linear object."""
        raise NotImplementedError(f"{type(self).__name__} has no mapping matrices")

    @property
    def data_vector(self) -> Array:
        """The data vector D, of shape (params,)."""
        raise NotImplementedError(f"{type(self).__name__} has no data vector")

    @property
    def curvature_matrix(self) -> Array:
        """The curvature matrix F, of shape (params, params)."""
        raise NotImplementedError(f"{type(self).__name__} has no curvature matrix")

    @property
    def mapping_matrix_list(self) -> list[Array]:
        """The image of each parameter before the PSF, of shape (data_pixels, params), for each linear object."""
        return [linear_obj.mapping_matrix for linear_obj in self.linear_obj_list]

    @property
    def _preloaded_curvature_matrix(self) -> Array | None:
        """The curvature matrix that the inversion was given, or None."""
        matrix = None if self.preloads is None else self.preloads.curvature_matrix
        return None if matrix is None else as_array(matrix, self._xp)

    @property
    def mapping_matrix(self) -> Array:
        """The image of each parameter before the PSF, of shape (data_pixels, params)."""
        return self._xp.hstack(self.mapping_matrix_list)

    @property
    def operated_mapping_matrix(self) -> Array:
        """The image of each parameter after the PSF, of shape (data_pixels, params)."""
        return self._xp.hstack(self.operated_mapping_matrix_list)

    @derived
    def regularization_matrix(self) -> Array:
        """The regularization matrix H of all linear objects, of shape (params, params)."""
        blocks = [linear_obj.regularization_matrix for linear_obj in self.linear_obj_list]
        if len(blocks) == 1:
            return blocks[0]
        if self.use_jax:
            from jax.scipy.linalg import block_diag
        else:
            from scipy.linalg import block_diag  # pyright: ignore[reportUnknownVariableType] (SciPy has no types)
        return self._xp.asarray(block_diag(*blocks))

    @derived
    def curvature_reg_matrix(self) -> Array:
        """The matrix F + H, of shape (params, params)."""
        if self.use_jax:
            return self.curvature_matrix + self.regularization_matrix
        # By blocks: H of all linear objects has as many entries as F, most of which are zero.
        matrix = self._curvature_matrix_to_change()
        for linear_obj, (start, end) in zip(self.linear_obj_list, self.param_range_list_from(LinearObj), strict=True):
            if linear_obj.regularization is not None:
                block, sparse = matrix[start:end, start:end], linear_obj.regularization_matrix_sparse
                if sparse is None:
                    block += linear_obj.regularization_matrix
                else:
                    rows, columns, values = entries_of(sparse)
                    block[rows, columns] += values
        return matrix

    def _curvature_matrix_to_change(self) -> np.ndarray:
        """The curvature matrix in an array that nothing else refers to (NumPy mode)."""
        return np.array(self.curvature_matrix, dtype=float)

    @property
    def _curvature_reg_matrix_solved(self) -> Array:
        """`curvature_reg_matrix` for the parameters that are solved for."""
        keep = self.solve_ids_to_keep
        return self.curvature_reg_matrix if keep is None else self.curvature_reg_matrix[np.ix_(keep, keep)]

    @property
    def _regularized(self) -> np.ndarray | None:
        """The parameters with a regularization, over which the evidence integrates, or None if all have one."""
        if self.all_linear_obj_have_regularization:
            return None
        return np.setdiff1d(np.arange(self.total_params), self.no_regularization_index_list)

    def _reduce(self, matrix: Array) -> Array:
        index = self._regularized
        return matrix if index is None else matrix[np.ix_(index, index)]

    @property
    def curvature_reg_matrix_reduced(self) -> Array:
        """`curvature_reg_matrix` for the parameters with a regularization, over which the evidence integrates."""
        return self._reduce(self.curvature_reg_matrix)

    @property
    def regularization_matrix_reduced(self) -> Array:
        """`regularization_matrix` for the parameters with a regularization."""
        return self._reduce(self.regularization_matrix)

    # ------------------------------------------------------------------ the solution

    @property
    def _border(self) -> np.ndarray:
        """The parameters without a regularization that are not mesh pixels, as bools of shape (params,)."""
        border = np.zeros(self.total_params, dtype=bool)
        border[self.no_regularization_index_list] = True
        border[self.mapper_indices] = False
        return border

    @derived
    def _positive_guess(self) -> np.ndarray:
        """Which parameters outside of the border are guessed to be positive, as bools of shape (params,)."""
        return inversion_util.positive_guess_from(
            np.asarray(self.data_vector),
            np.asarray(self.curvature_reg_matrix),
            self.settings,
            allowed=self._allowed,
            border=self._border,
        )

    @property
    def _cholesky_order(self) -> np.ndarray:
        """The parameters of `_ordered_cholesky`, in its order.

        Those that are guessed to be positive come first, and the positive-only solver needs no factor of the border.
        Otherwise the border comes last.
        """
        if not self.settings.use_positive_only_solver:
            return np.argsort(self._border, kind="stable")
        return pivoting.order_from(self._positive_guess, ~self._border)

    @derived
    def _ordered_cholesky(self) -> np.ndarray:
        """The Cholesky factor of F + H for the parameters of `_cholesky_order` (NumPy mode).

        One factorization gives the determinant of the regularized parameters and what the solver begins with.
        """
        return cholesky.cholesky_of_part(np.asarray(self.curvature_reg_matrix), self._cholesky_order)

    @property
    def _is_one_factor(self) -> bool:
        """Whether the solution and the determinant of the evidence come from one factorization."""
        is_border_all = int(self._border.sum()) == len(self.no_regularization_index_list)
        return self.settings.log_det_method == "cholesky" and is_border_all and self.total_regularizations > 0

    @derived
    def _reconstruction_and_log_det(self) -> tuple[Array, Array]:
        """The positive-only reconstruction and the term ln det(F + H), from one factorization (JAX mode)."""
        return inversion_util.reconstruction_and_log_det_from(
            self.data_vector, self.curvature_reg_matrix, self.settings, allowed=self._allowed, border=self._border
        )

    @derived(travels=True)
    def reconstruction(self) -> Array:
        """The parameters that fit the data best, of shape (params,), in the units of the data.

        Raises
        ------
        InversionException
            In NumPy mode, if F + H is not positive definite; in JAX mode the reconstruction is then NaN.
        """
        if self.use_jax and self.settings.use_positive_only_solver and self._is_one_factor:
            return self._reconstruction_and_log_det[0]
        system = self.data_vector, self.curvature_reg_matrix
        if self.settings.use_positive_only_solver:
            return inversion_util.reconstruction_positive_only_from(
                *system,
                settings=self.settings,
                allowed=self._allowed,
                border=self._border,
                guess=None if self.use_jax else self._positive_guess,
                factor=None if self.use_jax else self._leading_cholesky,
                xp=self._xp,
            )
        if self.use_jax:
            return inversion_util.reconstruction_positive_negative_from(*system, xp=self._xp)
        order, reconstruction = self._cholesky_order, np.empty(self.total_params)
        reconstruction[order] = cholesky.solution_from(self._ordered_cholesky, np.asarray(self.data_vector)[order])
        return reconstruction

    @property
    def _leading_cholesky(self) -> np.ndarray:
        """The Cholesky factor for the parameters that are guessed to be positive."""
        return pivoting.leading_factor_from(self._ordered_cholesky, self._positive_guess)

    @property
    def reconstruction_reduced(self) -> Array:
        """`reconstruction` for the parameters with a regularization."""
        index = self._regularized
        return self.reconstruction if index is None else self.reconstruction[index]

    def _array(self, values: Array2D) -> Array:
        return as_array(values.array, self._xp)

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        solved = "" if line.stored(self, "reconstruction") is None else "solved"
        data = line.pixels_of(line.stored(state["dataset"], "data"))
        return [line.backend(self), data, line.linear_objects(state["linear_obj_list"]), solved]

    def _html_rows(self) -> list[tuple[str, str]]:
        return table.inversion(self)

    def _repr_html_(self) -> str:
        return table.table_of(self)
