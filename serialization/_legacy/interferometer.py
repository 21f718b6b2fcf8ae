"""What old pickles call the types of interferometers, and how their states become those of today.

The releases had two transformers and an operator whose states changed from line to line: the NUFFT derived from
pynufft's, then kept angles of its own; the operator kept the transform of its kernel, and later the kernel. What is not
the user's own is computed again here, so that all of them are the same few arrays.
"""

# pyright: strict

from __future__ import annotations

from typing import Any

import numpy as np

from serialization._legacy.rule import Rule, State
from serialization._pickle.nodes import JaxArray

_FLAG = {"use_jax": "_use_jax"}
_INVERSIONS = "autoarray.inversion.inversion.interferometer"
_UTIL = f"{_INVERSIONS}.inversion_interferometer_util"
_OF_TRANSFORMER = ("uv_wavelengths", "real_space_mask", "primary_beam_slim")
_CACHED = frozenset(
    {
        *("operated_mapping_matrix", "operated_mapping_matrix_list", "data_vector", "curvature_matrix"),
        *("curvature_matrix_diag", "curvature_reg_matrix", "curvature_reg_matrix_reduced", "regularization_matrix"),
        *("regularization_matrix_reduced", "reconstruction", "reconstruction_reduced", "zeroed_ids_to_keep"),
        *("_curvature_reg_matrix_cho_factor", "_nnls_factor", "_nnls_factor_ids", "linear_obj_galaxy_dict"),
        *("mapped_reconstructed_data", "mapped_reconstructed_operated_data", "solve_ids_to_keep"),
        *("kernel_index_arrays", "symmetric_restriction_inputs", "operator", "regularization_matrix_sparse"),
        *("regularization_factor_sparse", "log_det_curvature_reg_matrix_term", "log_det_regularization_matrix_term"),
    }
)


def _transformer(state: State) -> State:
    """The frequencies, the mask and the primary beam; lattices, angles and plans are computed again."""
    return {name: state.get(name) for name in _OF_TRANSFORMER}


def _transformer_nufft(state: State) -> State:
    return {**_transformer(state), "eps": state.get("eps", 1e-12), "chunk_size": state.get("chunk_size")}


def is_of_pynufft(state: State) -> bool:
    """Whether a state is of a transformer that derived from pynufft's plan, by the matrices of its interpolation."""
    return "spH" in state and "multi_prodKd" in state


def _plain(value: Any) -> Any:
    return np.asarray(value.values) if type(value) is JaxArray else value


def _operator(state: State) -> State:
    """The kernel, of which releases up to 2026.9.4.1 kept the transform alone."""
    kept = {name: state.get(name) for name in ("data_term", "noise_normalization", "primary_beam_slim")}
    shape = int(state["y_shape"]), int(state["x_shape"])
    kernel: Any = _plain(state.get("nufft_precision_operator"))
    if kernel is None:
        kernel = np.fft.irfft2(_plain(state["Khat"]), s=(2 * shape[0], 2 * shape[1]))
    return {
        **kept,
        "nufft_precision_operator": np.asarray(kernel, dtype=float),
        "dirty_image": _plain(state["dirty_image"]),
        "y_shape": shape[0],
        "x_shape": shape[1],
        "batch_size": int(state.get("batch_size", 128)),
        "hankel_operator": None,
    }


def _inversion(state: State) -> State:
    return {"_preloads": None, **state}


def _inversion_rule(name: str) -> Rule:
    renamed = {**_FLAG, "_preloads": "preloads"}
    return Rule(
        f"autoarray.InversionInterferometer{name}", renamed, _CACHED, {"linear_obj_galaxy_dict": None}, _inversion
    )


RULES: dict[str, Rule] = {
    "autoarray.structures.visibilities:Visibilities": Rule("autoarray.Visibilities", _FLAG),
    "autoarray.structures.visibilities:VisibilitiesNoiseMap": Rule(
        "autoarray.VisibilitiesNoiseMap", _FLAG, frozenset({"ordered_1d", "weight_list_ordered_1d"})
    ),
    "autoarray.operators.transformer:TransformerDFT": Rule("autoarray.TransformerDFT", convert=_transformer),
    "autoarray.operators.transformer:TransformerNUFFT": Rule("autoarray.TransformerNUFFT", convert=_transformer_nufft),
    "autoarray.operators.transformer:TransformerNUFFTPyNUFFT": Rule(
        "autoarray.TransformerNUFFT", convert=_transformer_nufft
    ),
    "autoarray.dataset.interferometer.dataset:Interferometer": Rule(
        "autoarray.Interferometer",
        left_out=frozenset({"primary_beam"}),
        defaults={
            "primary_beam_slim": None,
            "sparse_terms": None,
            "sparse_operator": None,
            "noise_covariance_matrix": None,
        },
    ),
    f"{_UTIL}:InterferometerSparseOperator": Rule("autoarray.InterferometerSparseOperator", convert=_operator),
    f"{_UTIL}:SparseTerms": Rule("autoarray.SparseTerms", defaults={"hankel_operator": None}),
    "autoarray.preloads.interferometer:PreloadsInterferometer": Rule("autoarray.PreloadsInterferometer"),
    f"{_INVERSIONS}.mapping:InversionInterferometerMapping": _inversion_rule("Mapping"),
    f"{_INVERSIONS}.sparse:InversionInterferometerSparse": _inversion_rule("Sparse"),
    f"{_INVERSIONS}.matrix_free:InversionInterferometerMatrixFree": _inversion_rule("MatrixFree"),
    f"{_INVERSIONS}_numba.sparse:InversionInterferometerSparseNumba": _inversion_rule("SparseNumba"),
}
