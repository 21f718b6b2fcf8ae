"""What old pickles call the types of `autoarray`, and how their states become those of today.

Two tables. `FAMILY` has the meshes and what belongs to them: their states have schema versions, and the
migrations do the rest. `OTHERS` has everything around them: attributes that were renamed, are no longer
stored, or came later and need the value that stands for their absence.

To add a class that a release had: add its name, as "module:class", to the table that fits, with every
attribute that real pickles hold of it; what is in neither raises an error that names it.
"""

# pyright: strict

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from serialization._legacy import interferometer
from serialization._legacy.rule import Rule, State
from serialization._pickle.nodes import JaxArray, ModuleReference
from serialization._schema import registry
from serialization.errors import SchemaError


@dataclasses.dataclass(frozen=True, slots=True)
class Alternative:
    """A type that objects of an old class can be: the schema versions, and optional fields that they have."""

    type: str
    versions: tuple[int, ...]
    extra: tuple[str, ...] = ()


_GEOMETRY = "autoarray.inversion.mesh.mesh_geometry."
_INTERPOLATOR = "autoarray.inversion.mesh.interpolator."
_MESH = "autoarray.inversion.mesh.mesh."
_ALL = (1, 2, 3, 4, 5, 6)


def _renamed_meshes(kind: str, module: str) -> dict[str, tuple[Alternative, ...]]:
    """The adaptive rectangular meshes: what follows the density of the coordinates, or an image."""
    rank, kernel = f"autoarray.mesh.RectangularBilinear{kind}", f"autoarray.mesh.RectangularRTU{kind}"
    return {
        # One name for two meshes: the state has a bandwidth or it has not.
        f"{_MESH}rectangular_{module}:Rectangular{kind}": (Alternative(rank, (1, 2, 3)), Alternative(kernel, (4,))),
        f"{_MESH}rectangular_kernel_{module}:RectangularKernel{kind}": (Alternative(kernel, (3,)),),
        f"{_MESH}rectangular_bilinear_{module}:RectangularBilinear{kind}": (Alternative(rank, (5, 6)),),
        f"{_MESH}rectangular_rtu_{module}:RectangularRTU{kind}": (Alternative(kernel, (5, 6)),),
        f"{_MESH}rectangular_spline_{module}:RectangularSpline{kind}": (
            Alternative(f"autoarray.mesh.RectangularSpline{kind}", (1, 2, 3)),
        ),
    }


FAMILY: Mapping[str, tuple[Alternative, ...]] = {
    f"{_GEOMETRY}rectangular:MeshGeometryRectangular": (Alternative("autoarray.MeshGeometryRectangular", _ALL),),
    f"{_GEOMETRY}rectangular_rotated:MeshGeometryRectangularRotated": (
        Alternative("autoarray.MeshGeometryRectangularRotated", (2, 3)),
    ),
    f"{_GEOMETRY}delaunay:MeshGeometryDelaunay": (Alternative("autoarray.MeshGeometryDelaunay", _ALL),),
    f"{_INTERPOLATOR}rectangular:InterpolatorRectangular": (Alternative("autoarray.InterpolatorRectangular", _ALL),),
    f"{_INTERPOLATOR}rectangular_spline:InterpolatorRectangularSpline": (
        Alternative("autoarray.InterpolatorRectangular", (1, 2, 3), ("spline_deg",)),
    ),
    f"{_INTERPOLATOR}rectangular_kernel:InterpolatorRectangularKernel": (
        Alternative("autoarray.InterpolatorRectangular", (3,), ("bandwidth", "n_knots")),
    ),
    f"{_INTERPOLATOR}rectangular_rotated_spline:InterpolatorRectangularRotatedSpline": (
        Alternative("autoarray.InterpolatorRectangularRotatedSpline", (2, 3)),
    ),
    f"{_INTERPOLATOR}rectangular_uniform:InterpolatorRectangularUniform": (
        Alternative("autoarray.InterpolatorRectangularUniform", _ALL),
    ),
    f"{_INTERPOLATOR}delaunay:InterpolatorDelaunay": (Alternative("autoarray.InterpolatorDelaunay", _ALL),),
    f"{_INTERPOLATOR}sibson:InterpolatorDelaunayNN": (Alternative("autoarray.InterpolatorDelaunayNN", (4, 5, 6)),),
    f"{_INTERPOLATOR}knn:InterpolatorKNearestNeighbor": (Alternative("autoarray.InterpolatorKNearestNeighbor", _ALL),),
    f"{_INTERPOLATOR}knn:InterpolatorKNNBarycentric": (
        Alternative("autoarray.InterpolatorKNNBarycentric", (2, 3, 4, 5, 6)),
    ),
    f"{_MESH}rectangular_uniform:RectangularUniform": (Alternative("autoarray.mesh.RectangularUniform", _ALL),),
    **_renamed_meshes("AdaptDensity", "adapt_density"),
    **_renamed_meshes("AdaptImage", "adapt_image"),
    f"{_MESH}rectangular_rotated_adapt_image:RectangularRotatedAdaptImage": (
        Alternative("autoarray.mesh.RectangularRotatedAdaptImage", (2, 3)),
    ),
    f"{_MESH}delaunay:Delaunay": (Alternative("autoarray.mesh.Delaunay", _ALL),),
    f"{_MESH}delaunay_nn:DelaunayNN": (Alternative("autoarray.mesh.DelaunayNN", (4, 5, 6)),),
    f"{_MESH}knn:KNearestNeighbor": (Alternative("autoarray.mesh.KNearestNeighbor", _ALL),),
    f"{_MESH}knn:KNNBarycentric": (Alternative("autoarray.mesh.KNNBarycentric", (2, 3, 4, 5, 6)),),
}

_VERTEX_MESHES = ("delaunay:Delaunay", "delaunay_nn:DelaunayNN", "knn:KNearestNeighbor", "knn:KNNBarycentric")
# By the class of each of these types, the first schema version that this project wrote; of all others it is 1.
FIRST_OWN: Mapping[str, int] = {
    **dict.fromkeys(FAMILY, 7),
    **dict.fromkeys((f"{_MESH}{mesh}" for mesh in _VERTEX_MESHES), 6),
}

# What releases cached on objects of the above and is computed again, where no attribute of today's class has its name.
CACHED = frozenset(
    {
        *("_mappings_sizes_weights", "_mappings_sizes_weights_split", "mappings", "sizes", "weights"),
        *("delaunay", "distance_to_self", "mesh_grid_xy", "neighbors", "voronoi", "mesh_geometry"),
    }
)


def _flag_of_module(state: State) -> State:
    module = state.pop("xp", None)
    return state if module is None else {**state, "_use_jax": _is_jax(module)}


def _is_jax(module: object) -> bool:
    if type(module) is not ModuleReference:
        raise SchemaError(f"expected a reference to the module numpy or jax.numpy, found {module!r:.80}")
    return module.name == "jax.numpy"


def _settings(state: State) -> State:
    """The values that were set, and for the others those of the configuration here, as PyAutoArray reads them.

    Without a configuration they are those of all releases.
    """
    defaults = {
        "use_positive_only_solver": True,
        "use_edge_zeroed_pixels": True,
        "use_border_relocator": False,
        "no_regularization_add_to_curvature_diag_value": 1e-3,
        "nnls_solver_tol": 1e-12,
        "nnls_max_iter": None,
        "log_det_method": "cholesky",
        "regularization_term_method": "matmul",
    }
    settings = registry.find("autoarray.Settings")
    made: Any = None if settings is None else settings.resolve()()
    configured: State = {} if made is None else cast("State", vars(made))
    out = {"use_mixed_precision": state.pop("use_mixed_precision", False)}
    for name, default in defaults.items():
        value = state.pop(f"_{name}", state.pop(name, None))
        out[name] = configured.get(name, default) if value is None else value
    return {**out, **state}


def _kernel(state: State) -> State:
    jitter = state.pop("jitter", None)
    return {"jitter_relative": False, **state, "jitter": 1e-8 if jitter is None else jitter}


def _neighbors(state: State) -> State:
    if "array" not in state:  # release 0.1.0 of this project pickled the present state by this name
        return state
    values = state.pop("array")
    values = np.asarray(values.values if type(values) is JaxArray else values)
    state.pop("sizes", None)  # which pickle and cloudpickle lose; entries that are not used are -1
    return {**state, "_array": values, "_use_jax": False, "_is_transformed": False, "sizes": (values >= 0).sum(axis=1)}


def _inversion(state: State) -> State:
    return {"_preloads": None, **state}


def _interface(state: State) -> State:
    """What an interface to visibilities alone has is left out where it has none."""
    own = ("transformer", "sparse_dirty_image", "data_term")
    return {name: value for name, value in state.items() if name not in own or value is not None}


_FLAG = {"use_jax": "_use_jax"}
_INVERSION = Rule(
    "autoarray.InversionImagingMapping",
    {**_FLAG, "_preloads": "preloads"},
    frozenset(
        {
            *("operated_mapping_matrix", "operated_mapping_matrix_list", "data_vector", "psf_weighted_data"),
            *("curvature_matrix", "curvature_reg_matrix", "curvature_reg_matrix_reduced", "regularization_matrix"),
            *("regularization_matrix_reduced", "reconstruction", "reconstruction_reduced", "zeroed_ids_to_keep"),
            *("_curvature_reg_matrix_cho_factor", "_nnls_factor", "_nnls_factor_ids", "linear_obj_galaxy_dict"),
            *("mapped_reconstructed_data", "mapped_reconstructed_operated_data", "solve_ids_to_keep"),
        }
    ),
    convert=_inversion,
)
_SPARSE = dataclasses.replace(_INVERSION, type="autoarray.InversionImagingSparse")
_REGULARIZATIONS = {
    "adapt": "Adapt",
    "adapt_power": "AdaptPower",
    "adapt_split": "AdaptSplit",
    "adapt_split_power": "AdaptSplitPower",
    "adapt_split_zeroth": "AdaptSplitZeroth",
    "adapt_split_zeroth_power": "AdaptSplitZerothPower",
    "brightness_zeroth": "BrightnessZeroth",
    "constant": "Constant",
    "constant_split": "ConstantSplit",
    "constant_zeroth": "ConstantZeroth",
    "curvature_mask": "CurvatureMask",
    "exponential_kernel": "ExponentialKernel",
    "fourth_order_mask": "FourthOrderMask",
    "gaussian_kernel": "GaussianKernel",
    "matern_adapt_kernel": "MaternAdaptKernel",
    "matern_adapt_power_kernel": "MaternAdaptPowerKernel",
    "matern_kernel": "MaternKernel",
    "matern_sparse": "MaternSparse",
    "zeroth": "Zeroth",
}

OTHERS: Mapping[str, Rule] = {
    **interferometer.RULES,
    "autoarray.mask.mask_2d:Mask2D": Rule(
        "autoarray.Mask2D",
        _FLAG,
        frozenset({"slim_to_native_tuple", "fft_index_for_masked_pixel", "extent_index_for_masked_pixel"}),
    ),
    "autoarray.structures.arrays.uniform_2d:Array2D": Rule("autoarray.Array2D", _FLAG, defaults={"header": None}),
    "autoarray.structures.arrays.irregular:ArrayIrregular": Rule("autoarray.ArrayIrregular", _FLAG),
    "autoarray.structures.grids.uniform_2d:Grid2D": Rule("autoarray.Grid2D", _FLAG, frozenset({"_over_sampler"})),
    "autoarray.structures.grids.irregular_2d:Grid2DIrregular": Rule("autoarray.Grid2DIrregular", _FLAG),
    "autoarray.operators.over_sampling.over_sampler:OverSampler": Rule(
        "autoarray.OverSampler",
        left_out=frozenset(
            {"segment_ids", "split_indices", "start_indices", "sub_fraction", "sub_length", "sub_total"}
        ),
    ),
    "autoarray.operators.convolver:Convolver": Rule("autoarray.Convolver", defaults={"convolve_over_sample_size": 1}),
    "autoarray.operators.convolver:ConvolverState": Rule(
        "autoarray.ConvolverState",
        left_out=frozenset(
            {
                *("fft_kernel", "fft_kernel_c64", "fft_kernel_mapping", "fft_shape", "image_mask", "source_mask"),
                *("sub_slim_to_fine_slim", "blurring_sub_slim_to_fine_slim"),
            }
        ),
        defaults={"convolve_over_sample_size": 1},
    ),
    "autoarray.dataset.imaging.dataset:Imaging": Rule(
        "autoarray.Imaging",
        defaults={"convolve_over_sample_size_lp": 1, "convolve_over_sample_size_pixelization": 1},
    ),
    "autoarray.dataset.grids:GridsDataset": Rule(
        "autoarray.GridsDataset", left_out=frozenset({"_lp", "_pixelization", "_blurring", "_border_relocator"})
    ),
    "autoarray.dataset.grids:GridsInterface": Rule("autoarray.GridsInterface"),
    "autoarray.dataset.dataset_model:DatasetModel": Rule(
        "autoarray.DatasetModel", defaults={"grid_rotation_angle": 0.0}
    ),
    "autoarray.inversion.inversion.dataset_interface:DatasetInterface": Rule(
        "autoarray.DatasetInterface", convert=_interface
    ),
    "autoarray.inversion.mesh.border_relocator:BorderRelocator": Rule(
        "autoarray.BorderRelocator",
        left_out=frozenset({"border_grid", "border_slim", "sub_border_grid", "sub_border_slim"}),
    ),
    "autoarray.settings:Settings": Rule(
        "autoarray.Settings",
        left_out=frozenset(
            {
                *("_certified_fallback", "_certified_pass_budget", "_certified_tau_rel", "_positive_only_solver"),
                *("_interferometer_direct_conv_symmetric_max_work_fraction", "_interferometer_route"),
                *("_interferometer_numba_nnz_per_source_max", "_nnls_preconditioning_no_mapper"),
                *("_nnls_warm_start_error_tolerance", "_nnls_warm_start_memo"),
            }
        ),
        convert=_settings,
    ),
    "autoarray.inversion.pixelization:Pixelization": Rule("autoarray.Pixelization"),
    "autoarray.inversion.mappers.abstract:Mapper": Rule(
        "autoarray.Mapper",
        _FLAG,
        frozenset(
            {
                *("mapping_matrix", "mapping_matrix_over_sampled", "unique_mappings"),
                *("sparse_triplets_data", "sparse_triplets_curvature"),
            }
        ),
    ),
    "autoarray.inversion.linear_obj.neighbors:Neighbors": Rule("autoarray.Neighbors", convert=_neighbors),
    "autoarray.inversion.mesh.interpolator.delaunay:DelaunayInterface": Rule(
        "autoarray.DelaunayInterface",
        left_out=frozenset({"sizes", "splitted_sizes"}),
        defaults={"dual_areas": None},
        convert=_flag_of_module,
    ),
    "autoarray.inversion.mesh.interpolator.sibson:DelaunayNNInterface": Rule(
        "autoarray.DelaunayNNInterface",
        left_out=frozenset({"sizes", "splitted_sizes", "_sizes", "_splitted_sizes"}),
        convert=_flag_of_module,
    ),
    "autoarray.preloads.abstract:AbstractPreloads": Rule("autoarray.AbstractPreloads"),
    "autoarray.preloads.imaging:PreloadsImaging": Rule("autoarray.PreloadsImaging"),
    "autoarray.inversion.inversion.imaging.mapping:InversionImagingMapping": _INVERSION,
    "autoarray.inversion.inversion.imaging.sparse:InversionImagingSparse": _SPARSE,
    **{
        f"autoarray.inversion.regularization.{module}:{name}": Rule(
            f"autoarray.reg.{name}", convert=_kernel if name.endswith("Kernel") else (lambda state: state)
        )
        for module, name in _REGULARIZATIONS.items()
    },
}
