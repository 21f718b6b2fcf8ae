"""Visibilities, transformers, datasets, operators, inversions and fits of interferometers."""

from __future__ import annotations

from serialization._schema.catalog.entry import Entry
from serialization._schema.catalog.inversion import INVERSION, PRELOADS

_ARRAY = ("_array", "_use_jax", "_is_transformed")
_TRANSFORMER = ("uv_wavelengths", "real_space_mask", "primary_beam_slim")
_SUMS = ("data_term", "noise_normalization", "hankel_operator")
_INVERSIONS = "autoarray.inversion.inversion.interferometer"

TYPES = (
    Entry("autoarray.Visibilities", "autoarray.structures.visibilities:Visibilities", _ARRAY),
    Entry("autoarray.VisibilitiesNoiseMap", "autoarray.structures.visibilities:VisibilitiesNoiseMap", _ARRAY),
    Entry("autoarray.TransformerDFT", "autoarray.operators.transformer:TransformerDFT", _TRANSFORMER),
    Entry(
        "autoarray.TransformerNUFFT",
        "autoarray.operators.transformer:TransformerNUFFT",
        (*_TRANSFORMER, "eps", "chunk_size"),
    ),
    Entry(
        "autoarray.Interferometer",
        "autoarray.dataset.interferometer.dataset:Interferometer",
        (
            "real_space_mask",
            "data",
            "noise_map",
            "noise_covariance_matrix",
            "uv_wavelengths",
            "over_sample_size_lp",
            "over_sample_size_pixelization",
            "primary_beam_slim",
            "transformer",
            "grids",
            "sparse_operator",
            "sparse_terms",
        ),
    ),
    Entry(
        "autoarray.SimulatorInterferometer",
        "autoarray.dataset.interferometer.simulator:SimulatorInterferometer",
        (
            "uv_wavelengths",
            "exposure_time",
            "_transformer_name",
            "noise_sigma",
            "noise_if_add_noise_false",
            "noise_seed",
            "primary_beam",
            "_use_jax",
        ),
    ),
    Entry(
        "autoarray.InterferometerSparseOperator",
        f"{_INVERSIONS}.inversion_interferometer_util:InterferometerSparseOperator",
        (
            "nufft_precision_operator",
            "dirty_image",
            "y_shape",
            "x_shape",
            "batch_size",
            *_SUMS,
            "primary_beam_slim",
        ),
    ),
    Entry(
        "autoarray.SparseTerms",
        f"{_INVERSIONS}.inversion_interferometer_util:SparseTerms",
        (
            "nufft_precision_operator",
            "dirty_image_native",
            "dirty_beam_native",
            "sum_weights",
            *_SUMS,
            "n_vis",
            "shape_native",
            "pixel_scales",
            "origin",
            "eps",
            "transformer_class_name",
            "phase_centre",
            "precision_operator_fine",
            "dirty_image_fine",
            "oversample",
            "oversample_pad",
        ),
    ),
    Entry(
        "autoarray.PreloadsInterferometer",
        "autoarray.preloads.interferometer:PreloadsInterferometer",
        PRELOADS,
    ),
    Entry(
        "autoarray.InversionInterferometerMapping", f"{_INVERSIONS}.mapping:InversionInterferometerMapping", INVERSION
    ),
    Entry("autoarray.InversionInterferometerSparse", f"{_INVERSIONS}.sparse:InversionInterferometerSparse", INVERSION),
    Entry(
        "autoarray.InversionInterferometerMatrixFree",
        f"{_INVERSIONS}.matrix_free:InversionInterferometerMatrixFree",
        INVERSION,
    ),
    Entry(
        "autoarray.InversionInterferometerSparseNumba",
        f"{_INVERSIONS}_numba.sparse:InversionInterferometerSparseNumba",
        INVERSION,
    ),
    Entry(
        "autoarray.FitInterferometer",
        "autoarray.fit.fit_interferometer:FitInterferometer",
        ("dataset", "use_mask_in_fit", "dataset_model", "_inversion", "_use_jax"),
    ),
)
