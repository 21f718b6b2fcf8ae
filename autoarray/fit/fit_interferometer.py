"""The fit of a model to visibilities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, complex_from
from autoarray._state import derived
from autoarray._typing import Namespace
from autoarray._validation import check_object
from autoarray.abstract_ndarray import unwrap
from autoarray.dataset.dataset_model import DatasetModel
from autoarray.fit import fit_util
from autoarray.fit.fit_dataset import FitDataset
from autoarray.inversion.inversion.interferometer.inversion_interferometer_util import sparse_profile_terms_from
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.visibilities import VisibilitiesNoiseMap

if TYPE_CHECKING:
    from autoarray.dataset.interferometer.dataset import Interferometer
    from autoarray.mask.mask_2d import Mask2D


def dirty_model_image_natural_from(dataset: Interferometer, image: Array2D) -> Array2D:
    """The dirty image of a model image with natural weights, W i over the sum of the weights of the real parts.

    Parameters
    ----------
    dataset
        The dataset, with a sparse operator or visibilities.
    image
        The model image in the unmasked pixels of its real-space mask.

    Raises
    ------
    exc.DatasetException
        If the dataset has neither.
    """
    mask = dataset.real_space_mask
    operator: Any = dataset.sparse_operator
    if operator is None:
        if dataset.is_array_free:
            raise exc.DatasetException("dataset: expected visibilities or a sparse_operator, found neither")
        operator = dataset.apply_sparse_operator().sparse_operator
    applied = sparse_profile_terms_from(operator, image.slim, mask.extent_index_for_masked_pixel)[0]
    return Array2D(values=np.asarray(applied) / dataset.sum_weights, mask=mask)


class FitInterferometer(FitDataset):
    """The fit of an inversion, or of model visibilities, to an interferometer's dataset.

    A subclass that models more than the inversion overrides `model_data`, the visibilities of the whole model, and
    `inversion`. The log evidence needs neither visibilities nor a sum over them.

    Parameters
    ----------
    dataset
        The `Interferometer`.
    dataset_model
        Offsets of the dataset: its shift and rotation; none if None.
    use_mask_in_fit
        Has no effect: visibilities are not masked.
    xp
        `numpy` or `jax.numpy`, the same as the inversion's.
    inversion
        The inversion of the dataset, or None for a subclass that makes its own.

    Raises
    ------
    InversionException
        If the inversion computes with the other library.

    Examples
    --------
    >>> import numpy as np
    >>> import autoarray as aa
    >>> mask = aa.Mask2D.circular(shape_native=(20, 20), pixel_scales=0.1, radius=0.8)
    >>> uv = np.random.default_rng(1).normal(0.0, 2e5, size=(100, 2))
    >>> simulator = aa.SimulatorInterferometer(uv_wavelengths=uv, exposure_time=300.0, noise_seed=1)
    >>> dataset = simulator.via_image_from(aa.Array2D(values=np.ones(mask.pixels_in_mask), mask=mask))
    >>> interpolator = aa.mesh.RectangularUniform(shape=(6, 6)).interpolator_from(dataset.grids.pixelization)
    >>> mapper = aa.Mapper(interpolator=interpolator, regularization=aa.reg.Constant(coefficient=1.0))
    >>> inversion = aa.Inversion(dataset=dataset, linear_obj_list=[mapper])
    >>> fit = aa.FitInterferometer(dataset=dataset, inversion=inversion)
    >>> fit.residual_map.shape, bool(fit.log_evidence < fit.log_likelihood)
    ((100,), True)
    """

    def __init__(
        self,
        dataset: Interferometer,
        dataset_model: DatasetModel | None = None,
        use_mask_in_fit: bool = False,
        xp: Namespace = np,
        *,
        inversion: Any = None,
    ) -> None:
        super().__init__(dataset=dataset, dataset_model=dataset_model, use_mask_in_fit=use_mask_in_fit, xp=xp)
        if inversion is not None:
            for part in ("use_jax", "fast_chi_squared"):
                expected = "an inversion of visibilities or None"
                check_object(inversion, part, "FitInterferometer.inversion", expected, exc.InversionException)
            if inversion.use_jax != self.use_jax:
                raise exc.InversionException(
                    f"FitInterferometer.inversion: expected xp={self._xp_name} as the fit has, found "
                    f"xp={inversion._xp_name}"
                )
        self._inversion = inversion

    @property
    def inversion(self) -> Any:
        """The inversion of the dataset, or None."""
        return self._inversion

    @property
    def mask(self) -> np.ndarray:
        """No visibility is masked: False for each, of shape (visibilities,)."""
        self._check_visibilities("mask")
        return np.zeros(self.dataset.data.shape_slim, dtype=bool)

    @property
    def real_space_mask(self) -> Mask2D:
        """The mask of images."""
        return self.dataset.real_space_mask

    @property
    def transformer(self) -> Any:
        """The transformer of the dataset, or None if it keeps no visibilities."""
        return self.dataset.transformer

    def _check_visibilities(self, quantity: str) -> None:
        if self.dataset.data is None:
            raise exc.DatasetException(
                f"{type(self).__name__}.{quantity}: expected a dataset with visibilities, found one with their sums"
            )

    @property
    def model_data(self) -> Any:
        """The visibilities of the model: those of the inversion, unless a subclass has more.

        Raises
        ------
        exc.DatasetException
            If there is no inversion, or the dataset keeps no visibilities.
        """
        self._check_visibilities("model_data")
        if self.inversion is None:
            raise exc.DatasetException(
                f"{type(self).__name__}.model_data: expected an inversion, or a subclass that has model_data, found "
                "neither"
            )
        return self.inversion.mapped_reconstructed_operated_data

    # ------------------------------------------------------------------ maps of visibilities

    @derived
    def residual_map(self) -> Any:
        """The visibilities minus those of the model."""
        self._check_visibilities("residual_map")
        return fit_util.residual_map_from(data=self.data, model_data=self.model_data)

    @derived
    def normalized_residual_map(self) -> Any:
        """The residuals in standard deviations, of real and imaginary parts each by itself."""
        return fit_util.normalized_residual_map_complex_from(residual_map=self.residual_map, noise_map=self.noise_map)

    @derived
    def chi_squared_map(self) -> Any:
        """The squared residuals in standard deviations, of the real part + i that of the imaginary part."""
        return fit_util.chi_squared_map_complex_from(residual_map=self.residual_map, noise_map=self.noise_map)

    @derived
    def signal_to_noise_map(self) -> Any:
        """Real and imaginary parts in standard deviations, and zero where they are negative."""
        self._check_visibilities("signal_to_noise_map")
        data, noise, xp = self.data.array, self.noise_map.array, self._xp
        parts = (xp.maximum(data.real / noise.real, 0.0), xp.maximum(data.imag / noise.imag, 0.0))
        return self.data.with_new_array(complex_from(*parts, xp))

    # ------------------------------------------------------------------ numbers

    @property
    def sparse_chi_squared(self) -> Any:
        """The chi squared by the sums of a dataset that keeps no visibilities: that of the inversion.

        A subclass that models more overrides it.
        """
        return None if self.inversion is None else self.inversion.fast_chi_squared

    @derived(travels=True)
    def chi_squared(self) -> Any:
        """The sum of the squared residuals in standard deviations, over real and imaginary parts."""
        if self.dataset.data is None:
            found = self.sparse_chi_squared
            if found is None:
                self._check_visibilities("chi_squared")
            return found
        return fit_util.chi_squared_complex_from(chi_squared_map=self.chi_squared_map, xp=self._xp)

    @derived(travels=True)
    def reduced_chi_squared(self) -> Any:
        """The chi squared for each number that was measured: two for each visibility, its real and imaginary part.

        PyAutoArray 2026.10.26.1 divides by the number of visibilities, which is twice this.
        """
        count = self.dataset.sparse_terms.n_vis if self.dataset.data is None else self.dataset.data.shape_slim
        return self.chi_squared / (2 * count)

    @derived(travels=True)
    def noise_normalization(self) -> Any:
        """The sum of ln(2 pi sigma^2) over real and imaginary parts."""
        noise_map = self.noise_map
        operator = self.dataset.sparse_operator
        if noise_map is None or (
            noise_map is self.dataset.noise_map and operator is not None and operator.noise_normalization is not None
        ):
            return operator.noise_normalization
        if isinstance(noise_map, VisibilitiesNoiseMap):
            return noise_map.normalization
        return fit_util.noise_normalization_complex_from(noise_map=noise_map, xp=self._xp)

    @derived(travels=True)
    def log_evidence(self) -> Any:
        """The log evidence of the inversion, without a sum over visibilities; None without an inversion."""
        inversion = self.inversion
        if inversion is None:
            return None
        return fit_util.log_evidence_from(
            chi_squared=inversion.fast_chi_squared,
            regularization_term=inversion.regularization_term,
            log_curvature_regularization_term=inversion.log_det_curvature_reg_matrix_term,
            log_regularization_term=inversion.log_det_regularization_matrix_term,
            noise_normalization=self.noise_normalization,
        )

    # ------------------------------------------------------------------ images

    def _dirty(self, visibilities: Any, quantity: str) -> Array2D:
        self._check_visibilities(quantity)
        values = as_array(unwrap(visibilities), self._xp)
        return self.transformer.image_from(visibilities=self.data.with_new_array(values), xp=self._xp)

    @property
    def dirty_image(self) -> Array2D:
        """The real part of F^H d, not normalized."""
        return self._dirty(self.data, "dirty_image")

    @property
    def dirty_noise_map(self) -> Array2D:
        """The real part of F^H of the noise map, not normalized."""
        return self._dirty(self.noise_map, "dirty_noise_map")

    @property
    def dirty_signal_to_noise_map(self) -> Array2D:
        """The real part of F^H of the signal-to-noise map, not normalized."""
        return self._dirty(self.signal_to_noise_map, "dirty_signal_to_noise_map")

    @property
    def dirty_model_image(self) -> Array2D:
        """The real part of F^H of the model's visibilities, not normalized."""
        return self._dirty(self.model_data, "dirty_model_image")

    @property
    def dirty_residual_map(self) -> Array2D:
        """The real part of F^H of the residuals, not normalized."""
        return self._dirty(self.residual_map, "dirty_residual_map")

    @property
    def dirty_normalized_residual_map(self) -> Array2D:
        """The real part of F^H of the residuals in standard deviations, not normalized."""
        return self._dirty(self.normalized_residual_map, "dirty_normalized_residual_map")

    @property
    def dirty_chi_squared_map(self) -> Array2D:
        """The real part of F^H of the chi-squared map, not normalized."""
        return self._dirty(self.chi_squared_map, "dirty_chi_squared_map")
