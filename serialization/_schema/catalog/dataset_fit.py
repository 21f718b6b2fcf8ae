"""Datasets, the PSF, the simulator, the settings, and the fit."""

from __future__ import annotations

from serialization._schema.catalog.entry import Entry, State
from serialization._schema.schema import Migration

_OVER_SAMPLING = ("over_sample_size_lp", "over_sample_size_pixelization")
_SETTINGS_1 = (
    "use_mixed_precision",
    "use_positive_only_solver",
    "use_edge_zeroed_pixels",
    "use_border_relocator",
    "no_regularization_add_to_curvature_diag_value",
    "nnls_solver_tol",
    "nnls_max_iter",
    "log_det_method",
    "regularization_term_method",
)
_INTERFEROMETER = (
    "interferometer_numba_nnz_per_source_max",
    "interferometer_route",
    "interferometer_direct_conv_symmetric_max_work_fraction",
)
_NO_EFFECT = (
    "nnls_warm_start_memo",
    "nnls_warm_start_error_tolerance",
    "positive_only_solver",
    "certified_pass_budget",
    "certified_fallback",
    "certified_tau_rel",
    "nnls_preconditioning_no_mapper",
)


def _1_to_2_arguments_of_stored_settings(state: State) -> State:
    """What nobody could ask for: nothing, and the limit that held for all."""
    return {
        **state,
        "interferometer_numba_nnz_per_source_max": None,
        "interferometer_route": None,
        "interferometer_direct_conv_symmetric_max_work_fraction": 0.7,
        "nnls_warm_start_memo": None,
        "nnls_warm_start_error_tolerance": None,
        "positive_only_solver": None,
        "certified_pass_budget": None,
        "certified_fallback": None,
        "certified_tau_rel": None,
        "nnls_preconditioning_no_mapper": None,
    }


TYPES = (
    Entry(
        "autoarray.Imaging",
        "autoarray.dataset.imaging.dataset:Imaging",
        (
            "data",
            "noise_map",
            "noise_covariance_matrix",
            *_OVER_SAMPLING,
            "convolve_over_sample_size_lp",
            "convolve_over_sample_size_pixelization",
            "psf",
            "grids",
            "sparse_operator",
        ),
    ),
    Entry("autoarray.GridsDataset", "autoarray.dataset.grids:GridsDataset", ("mask", *_OVER_SAMPLING, "psf")),
    Entry(
        "autoarray.GridsInterface",
        "autoarray.dataset.grids:GridsInterface",
        ("lp", "pixelization", "blurring", "border_relocator"),
    ),
    Entry(
        "autoarray.DatasetModel",
        "autoarray.dataset.dataset_model:DatasetModel",
        ("background_sky_level", "grid_offset", "grid_rotation_angle"),
    ),
    Entry(
        "autoarray.SimulatorImaging",
        "autoarray.dataset.imaging.simulator:SimulatorImaging",
        (
            "exposure_time",
            "background_sky_level",
            "subtract_background_sky",
            "psf",
            "use_real_space_convolution",
            "normalize_psf",
            "add_poisson_noise_to_data",
            "include_poisson_noise_in_noise_map",
            "noise_if_add_noise_false",
            "noise_seed",
            "_use_jax",
        ),
    ),
    Entry(
        "autoarray.Convolver",
        "autoarray.operators.convolver:Convolver",
        ("kernel", "_use_fft", "convolve_over_sample_size", "_state"),
    ),
    Entry(
        "autoarray.ConvolverState",
        "autoarray.operators.convolver:ConvolverState",
        ("kernel", "mask", "convolve_over_sample_size", "blurring_mask"),
    ),
    Entry(
        "autoarray.Settings",
        "autoarray.settings:Settings",
        (*_SETTINGS_1, *_INTERFEROMETER, *_NO_EFFECT),
        version=2,
        migrations={1: Migration(_SETTINGS_1, _1_to_2_arguments_of_stored_settings)},
    ),
    Entry(
        "autoarray.FitImaging",
        "autoarray.fit.fit_imaging:FitImaging",
        ("dataset", "use_mask_in_fit", "dataset_model", "_inversion", "_use_jax"),
    ),
)
