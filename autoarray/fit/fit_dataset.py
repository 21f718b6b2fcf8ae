"""What the fits of all datasets share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._backend import Backend, as_array, xp_of
from autoarray._display import line, table
from autoarray._state import derived
from autoarray._typing import Namespace
from autoarray._validation import check_flag, check_object
from autoarray.dataset.dataset_model import DatasetModel
from autoarray.dataset.grids import GridsInterface
from autoarray.fit import fit_util

if TYPE_CHECKING:
    from autoarray.dataset.abstract.dataset import AbstractDataset
    from autoarray.structures.grids.uniform_2d import Grid2D


class AbstractFit(ABC):
    """The quantities that follow from data, noise and model alone."""

    @property
    @abstractmethod
    def data(self) -> Any:
        """The data that is fitted."""

    @property
    @abstractmethod
    def noise_map(self) -> Any:
        """The standard deviations of the data."""

    @property
    @abstractmethod
    def model_data(self) -> Any:
        """The model of the data."""

    @derived
    def signal_to_noise_map(self) -> Any:
        """The data in standard deviations; negative values are 0."""
        ratio = self.data / self.noise_map
        return ratio.with_new_array(ratio.array.clip(0.0))

    @derived
    def residual_map(self) -> Any:
        """The data minus the model."""
        return fit_util.residual_map_from(data=self.data, model_data=self.model_data)

    @derived
    def normalized_residual_map(self) -> Any:
        """The residuals in standard deviations."""
        return fit_util.normalized_residual_map_from(residual_map=self.residual_map, noise_map=self.noise_map)

    @derived
    def chi_squared_map(self) -> Any:
        """The squared residuals in standard deviations."""
        return fit_util.chi_squared_map_from(residual_map=self.residual_map, noise_map=self.noise_map)

    @derived(travels=True)
    def chi_squared(self) -> Any:
        """The chi squared of the fit."""
        return fit_util.chi_squared_from(chi_squared_map=self.chi_squared_map, xp=xp_of(self.chi_squared_map.array))

    @derived(travels=True)
    def noise_normalization(self) -> Any:
        """The sum over the data of ln(2 pi sigma^2)."""
        return fit_util.noise_normalization_from(noise_map=self.noise_map, xp=xp_of(self.noise_map.array))

    @derived(travels=True)
    def log_likelihood(self) -> Any:
        """The log likelihood of the data."""
        return fit_util.log_likelihood_from(chi_squared=self.chi_squared, noise_normalization=self.noise_normalization)


class FitDataset(Backend, AbstractFit):
    """The fit of a model to a dataset.

    Several threads may evaluate one fit, and pickle or copy it meanwhile. All of them get the same objects. Nobody may
    change its attributes meanwhile.

    Small results (the model, chi squared, the log likelihood and evidence) travel with a pickled fit.

    Parameters
    ----------
    dataset
        The dataset, masked.
    use_mask_in_fit
        Leave out masked pixels in the fit; needed for datasets that are stored natively (2D) only.
    dataset_model
        Offsets of the dataset: its background sky, shift and rotation; none if None.
    xp
        `numpy` or `jax.numpy`.
    """

    def __init__(
        self,
        dataset: AbstractDataset,
        use_mask_in_fit: bool = False,
        dataset_model: DatasetModel | None = None,
        xp: Namespace = np,
    ) -> None:
        self._set_backend(xp)
        name = type(self).__name__
        for part in ("data", "noise_map", "mask"):
            check_object(dataset, part, f"{name}.dataset", "a dataset", exc.DatasetException)
        check_flag(use_mask_in_fit, f"{name}.use_mask_in_fit", exc.DatasetException)
        if dataset_model is not None:
            expected, error = "a DatasetModel or None", exc.DatasetException
            check_object(dataset_model, "grid_offset", f"{name}.dataset_model", expected, error)
        self.dataset = dataset
        self.use_mask_in_fit = use_mask_in_fit
        self.dataset_model = DatasetModel() if dataset_model is None else dataset_model

    @property
    def inversion(self) -> Any:
        """The inversion of the fit, or None."""
        return None

    @property
    def data(self) -> Any:
        """The data that is fitted."""
        return self.dataset.data

    @property
    def noise_map(self) -> Any:
        """The standard deviations of the data."""
        return self.dataset.noise_map

    @property
    def mask(self) -> Any:
        """The mask of the dataset."""
        return self.dataset.mask

    @derived
    def grids(self) -> GridsInterface:
        """The grids of the dataset, shifted and rotated as the dataset model says."""
        model = self.dataset_model

        def move(grid: Grid2D | None) -> Any:
            if grid is None:
                return None
            return grid.subtracted_and_rotated_from(
                offset=model.grid_offset, angle=model.grid_rotation_angle, xp=self._xp
            )

        grids = self.dataset.grids
        return GridsInterface(
            lp=move(grids.lp),
            pixelization=move(grids.pixelization),
            blurring=move(grids.blurring),
            border_relocator=grids.border_relocator,
        )

    @derived
    def residual_map(self) -> Any:
        """The data minus the model."""
        if self.use_mask_in_fit:
            return fit_util.residual_map_with_mask_from(
                data=self.data, model_data=self.model_data, mask=self.mask, xp=self._xp
            )
        return AbstractFit.residual_map.function(self)

    @derived
    def normalized_residual_map(self) -> Any:
        """The residuals in standard deviations."""
        if self.use_mask_in_fit:
            return fit_util.normalized_residual_map_with_mask_from(
                residual_map=self.residual_map, noise_map=self.noise_map, mask=self.mask, xp=self._xp
            )
        return AbstractFit.normalized_residual_map.function(self)

    @derived
    def chi_squared_map(self) -> Any:
        """The squared residuals in standard deviations."""
        if self.use_mask_in_fit:
            return fit_util.chi_squared_map_with_mask_from(
                residual_map=self.residual_map, noise_map=self.noise_map, mask=self.mask, xp=self._xp
            )
        return AbstractFit.chi_squared_map.function(self)

    @derived
    def residual_flux_fraction_map(self) -> Any:
        """The residuals as a fraction of the data."""
        if self.use_mask_in_fit:
            return fit_util.residual_flux_fraction_map_with_mask_from(
                residual_map=self.residual_map, data=self.data, mask=self.mask, xp=self._xp
            )
        return fit_util.residual_flux_fraction_map_from(residual_map=self.residual_map, data=self.data, xp=self._xp)

    @derived(travels=True)
    def chi_squared(self) -> Any:
        """The chi squared of the fit, with the covariance of the noise if the dataset has one."""
        if self.dataset.noise_covariance_matrix is not None:
            return fit_util.chi_squared_with_noise_covariance_from(
                residual_map=as_array(self.residual_map.array, self._xp),
                noise_covariance_matrix_inv=as_array(self.dataset.noise_covariance_matrix_inv, self._xp),
            )
        if self.use_mask_in_fit:
            return fit_util.chi_squared_with_mask_from(
                chi_squared_map=self.chi_squared_map, mask=self.mask, xp=self._xp
            )
        return fit_util.chi_squared_from(chi_squared_map=self.chi_squared_map, xp=self._xp)

    @derived(travels=True)
    def reduced_chi_squared(self) -> Any:
        """The chi squared for each unmasked pixel."""
        return self.chi_squared / self.mask.pixels_in_mask

    @derived(travels=True)
    def noise_normalization(self) -> Any:
        """The sum over the data of ln(2 pi sigma^2)."""
        if self.use_mask_in_fit:
            return fit_util.noise_normalization_with_mask_from(noise_map=self.noise_map, mask=self.mask, xp=self._xp)
        return fit_util.noise_normalization_from(noise_map=self.noise_map, xp=self._xp)

    @derived(travels=True)
    def log_likelihood_with_regularization(self) -> Any:
        """The log likelihood with the regularization term of the inversion; None without an inversion."""
        if self.inversion is None:
            return None
        return fit_util.log_likelihood_with_regularization_from(
            chi_squared=self.chi_squared,
            regularization_term=self.inversion.regularization_term,
            noise_normalization=self.noise_normalization,
        )

    @derived(travels=True)
    def log_evidence(self) -> Any:
        """The log Bayesian evidence of the inversion; None without an inversion (see `fit_util.log_evidence_from`)."""
        if self.inversion is None:
            return None
        return fit_util.log_evidence_from(
            chi_squared=self.chi_squared,
            regularization_term=self.inversion.regularization_term,
            log_curvature_regularization_term=self.inversion.log_det_curvature_reg_matrix_term,
            log_regularization_term=self.inversion.log_det_regularization_matrix_term,
            noise_normalization=self.noise_normalization,
        )

    @property
    def figure_of_merit(self) -> Any:
        """The log evidence of a fit with an inversion, the log likelihood of one without."""
        return self.log_likelihood if self.inversion is None else self.log_evidence

    def _repr_parts(self) -> list[str]:
        return line.fit(self)

    def _html_rows(self) -> list[tuple[str, str]]:
        return table.fit(self)

    def _repr_html_(self) -> str:
        return table.table_of(self)
