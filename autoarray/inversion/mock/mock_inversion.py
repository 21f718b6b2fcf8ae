"""An inversion with given results."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._doubles import stands_in_for, without_checks
from autoarray.inversion.inversion.abstract import AbstractInversion
from autoarray.inversion.inversion.dataset_interface import DatasetInterface
from autoarray.settings import Settings

_NAMES = (
    "operated_mapping_matrix",
    "data_vector",
    "curvature_matrix",
    "_data_vector_mapper",
    "_curvature_matrix_mapper_diag",
    "mapper_operated_mapping_matrix_dict",
    "regularization_matrix",
    "curvature_reg_matrix",
    "reconstruction",
    "reconstruction_dict",
    "mapped_reconstructed_data_dict",
    "mapped_reconstructed_operated_data_dict",
    "reconstruction_noise_map",
    "reconstruction_noise_map_dict",
    "fast_chi_squared",
)
_TERMS = ("regularization_term", "log_det_curvature_reg_matrix_term", "log_det_regularization_matrix_term")


def interface_of(**parts: Any) -> DatasetInterface:
    """A `DatasetInterface` of any parts, such as data that are no arrays; those that are not given are None."""
    names = (
        "data",
        "noise_map",
        "grids",
        "psf",
        "transformer",
        "sparse_operator",
        "noise_covariance_matrix",
        "sparse_dirty_image",
        "data_term",
    )
    return without_checks(DatasetInterface, **{name: parts.get(name) for name in names})


@stands_in_for(*_NAMES)
class MockInversion(AbstractInversion):
    """An inversion whose results are what it is given; what it is not given it computes, as an inversion does.

    Parameters
    ----------
    data, noise_map
        What stands for the data and the noise map.
    linear_obj_list
        The linear objects; none if None.
    data_vector_mapper, curvature_matrix_mapper_diag
        The parts of the linear system that belong to mappers, `_data_vector_mapper` and
        `_curvature_matrix_mapper_diag`.
    operated_mapping_matrix, data_vector, curvature_matrix, mapper_operated_mapping_matrix_dict
        The properties of these names, like those that follow.
    regularization_matrix, curvature_reg_matrix
        Matrices of shape (params, params).
    reconstruction, reconstruction_dict, mapped_reconstructed_data_dict, mapped_reconstructed_operated_data_dict
        The solution, and the images of it.
    reconstruction_noise_map, reconstruction_noise_map_dict
        Its errors.
    regularization_term, log_det_curvature_reg_matrix_term, log_det_regularization_matrix_term, fast_chi_squared
        Terms of the log evidence.
    settings
        How the inversion is solved; the defaults if None.
    """

    def __init__(
        self,
        data: Any = None,
        noise_map: Any = None,
        linear_obj_list: Any = None,
        operated_mapping_matrix: Any = None,
        data_vector: Any = None,
        curvature_matrix: Any = None,
        data_vector_mapper: Any = None,
        curvature_matrix_mapper_diag: Any = None,
        mapper_operated_mapping_matrix_dict: Any = None,
        regularization_matrix: Any = None,
        curvature_reg_matrix: Any = None,
        reconstruction: Any = None,
        reconstruction_dict: Any = None,
        mapped_reconstructed_data_dict: Any = None,
        mapped_reconstructed_operated_data_dict: Any = None,
        reconstruction_noise_map: Any = None,
        reconstruction_noise_map_dict: Any = None,
        regularization_term: Any = None,
        log_det_curvature_reg_matrix_term: Any = None,
        log_det_regularization_matrix_term: Any = None,
        fast_chi_squared: Any = None,
        settings: Settings | None = None,
    ) -> None:
        given = locals()
        self._set_backend(np)
        self.dataset = interface_of(data=data, noise_map=noise_map)
        self.linear_obj_list = [] if linear_obj_list is None else linear_obj_list
        self.settings = Settings() if settings is None else settings
        self.preloads = None
        self._given = {name: given[name.lstrip("_")] for name in _NAMES}
        self._terms = {name: given[name] for name in _TERMS}

    @property
    def regularization_term(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The term that the double was given, or that of its regularization matrix, or what its base computes."""
        if self._terms["regularization_term"] is not None:
            return self._terms["regularization_term"]
        if self._given["regularization_matrix"] is None:
            return super().regularization_term
        solution = self.reconstruction_reduced
        return solution @ self.regularization_matrix_reduced @ solution

    @property
    def log_det_curvature_reg_matrix_term(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The term that the double was given, or that of its matrix, or what its base computes."""
        return self._log_det("log_det_curvature_reg_matrix_term", "curvature_reg_matrix")

    @property
    def log_det_regularization_matrix_term(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The term that the double was given, or that of its matrix, or what its base computes."""
        return self._log_det("log_det_regularization_matrix_term", "regularization_matrix")

    def _log_det(self, term: str, matrix: str) -> Any:
        if self._terms[term] is not None:
            return self._terms[term]
        if self._given[matrix] is None:
            return getattr(super(), term)
        return np.linalg.slogdet(getattr(self, f"{matrix}_reduced"))[1]
