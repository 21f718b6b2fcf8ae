"""The types of `autoarray` that payloads hold. No other module of this package names them.

The list is the compatibility matrix: a name that payloads use for ever, where its class is now, its
schema version, and the fields of that version. The recipe for raising a version is at the top of
`registry.py`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from serialization._schema import registry

_ARRAY = ("_array", "_use_jax", "_is_transformed")
_INTERPOLATOR = ("mesh", "mesh_grid", "data_grid", "adapt_data", "mesh_weight_map")
_RECTANGULAR = ("bandwidth", "n_knots", "transform", "row_weights", "spline_deg", "spline_fit", "_use_jax")
_RECTANGULAR_GEOMETRY = (
    "mesh",
    "mesh_grid",
    "data_grid",
    "mesh_weight_map",
    "kernel_bandwidth",
    "kernel_knots",
    "transform",
    "spline_deg",
    "spline_fit",
    "edge_convention",
    "area_convention",
    "_use_jax",
)
_ROTATION = ("rotation_matrix", "rotation_centroid")
_ADAPT = ("inner_coefficient", "outer_coefficient", "signal_scale")
_PRELOADS = ("curvature_matrix", "mapper_galaxy_dict", "source_plane_mesh_grid", "image_plane_mesh_grid")
_INVERSION = ("dataset", "linear_obj_list", "settings", "preloads", "_use_jax")
_KERNEL = ("coefficient", "scale", "jitter", "jitter_relative")
_OVER_SAMPLING = ("over_sample_size_lp", "over_sample_size_pixelization")

# (name, class, schema version, fields)
TYPES: tuple[tuple[str, str, int, tuple[str, ...]], ...] = (
    ("autoarray.Mask2D", "autoarray.mask.mask_2d:Mask2D", 1, (*_ARRAY, "pixel_scales", "origin")),
    ("autoarray.Array2D", "autoarray.structures.arrays.uniform_2d:Array2D", 1, (*_ARRAY, "mask", "header")),
    ("autoarray.ArrayIrregular", "autoarray.structures.arrays.irregular:ArrayIrregular", 1, _ARRAY),
    (
        "autoarray.Grid2D",
        "autoarray.structures.grids.uniform_2d:Grid2D",
        1,
        (*_ARRAY, "mask", "_over_sample_size", "_over_sampled"),
    ),
    ("autoarray.Grid2DIrregular", "autoarray.structures.grids.irregular_2d:Grid2DIrregular", 1, _ARRAY),
    (
        "autoarray.Header",
        "autoarray.structures.header:Header",
        1,
        ("header_sci_obj", "header_hdu_obj", "original_roe_corner", "readout_offsets"),
    ),
    (
        "autoarray.Geometry2D",
        "autoarray.geometry.geometry_2d:Geometry2D",
        1,
        ("shape_native", "pixel_scales", "origin"),
    ),
    (
        "autoarray.Geometry2DIrregular",
        "autoarray.geometry.geometry_2d_irregular:Geometry2DIrregular",
        1,
        ("shape_native_scaled", "scaled_maxima", "scaled_minima"),
    ),
    ("autoarray.OverSampler", "autoarray.operators.over_sampling.over_sampler:OverSampler", 1, ("mask", "sub_size")),
    (
        "autoarray.Convolver",
        "autoarray.operators.convolver:Convolver",
        1,
        ("kernel", "_use_fft", "convolve_over_sample_size", "_state"),
    ),
    (
        "autoarray.ConvolverState",
        "autoarray.operators.convolver:ConvolverState",
        1,
        ("kernel", "mask", "convolve_over_sample_size", "blurring_mask"),
    ),
    (
        "autoarray.Imaging",
        "autoarray.dataset.imaging.dataset:Imaging",
        1,
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
    ("autoarray.GridsDataset", "autoarray.dataset.grids:GridsDataset", 1, ("mask", *_OVER_SAMPLING, "psf")),
    (
        "autoarray.GridsInterface",
        "autoarray.dataset.grids:GridsInterface",
        1,
        ("lp", "pixelization", "blurring", "border_relocator"),
    ),
    (
        "autoarray.DatasetModel",
        "autoarray.dataset.dataset_model:DatasetModel",
        1,
        ("background_sky_level", "grid_offset", "grid_rotation_angle"),
    ),
    (
        "autoarray.SimulatorImaging",
        "autoarray.dataset.imaging.simulator:SimulatorImaging",
        1,
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
    ("autoarray.BorderRelocator", "autoarray.inversion.mesh.border_relocator:BorderRelocator", 1, ("mask", "sub_size")),
    (
        "autoarray.Settings",
        "autoarray.settings:Settings",
        1,
        (
            "use_mixed_precision",
            "use_positive_only_solver",
            "use_edge_zeroed_pixels",
            "use_border_relocator",
            "no_regularization_add_to_curvature_diag_value",
            "nnls_solver_tol",
            "nnls_max_iter",
            "log_det_method",
            "regularization_term_method",
        ),
    ),
    (
        "autoarray.mesh.RectangularUniform",
        "autoarray.inversion.mesh.mesh.rectangular_uniform:RectangularUniform",
        7,
        ("shape", "bandwidth", "n_knots"),
    ),
    (
        "autoarray.mesh.RectangularBilinearAdaptDensity",
        "autoarray.inversion.mesh.mesh.rectangular_bilinear_adapt_density:RectangularBilinearAdaptDensity",
        7,
        ("shape",),
    ),
    (
        "autoarray.mesh.RectangularBilinearAdaptImage",
        "autoarray.inversion.mesh.mesh.rectangular_bilinear_adapt_image:RectangularBilinearAdaptImage",
        7,
        ("shape", "weight_power", "weight_floor"),
    ),
    (
        "autoarray.mesh.RectangularRTUAdaptDensity",
        "autoarray.inversion.mesh.mesh.rectangular_rtu_adapt_density:RectangularRTUAdaptDensity",
        7,
        ("shape", "bandwidth", "n_knots"),
    ),
    (
        "autoarray.mesh.RectangularRTUAdaptImage",
        "autoarray.inversion.mesh.mesh.rectangular_rtu_adapt_image:RectangularRTUAdaptImage",
        7,
        ("shape", "weight_power", "weight_floor", "bandwidth", "n_knots"),
    ),
    (
        "autoarray.mesh.RectangularSplineAdaptDensity",
        "autoarray.inversion.mesh.mesh.rectangular_spline_adapt_density:RectangularSplineAdaptDensity",
        7,
        ("shape", "spline_deg"),
    ),
    (
        "autoarray.mesh.RectangularSplineAdaptImage",
        "autoarray.inversion.mesh.mesh.rectangular_spline_adapt_image:RectangularSplineAdaptImage",
        7,
        ("shape", "weight_power", "weight_floor", "spline_deg"),
    ),
    (
        "autoarray.mesh.RectangularRotatedAdaptImage",
        "autoarray.inversion.mesh.mesh.rectangular_rotated_adapt_image:RectangularRotatedAdaptImage",
        7,
        ("shape", "weight_power", "weight_floor", "spline_deg"),
    ),
    (
        "autoarray.mesh.Delaunay",
        "autoarray.inversion.mesh.mesh.delaunay:Delaunay",
        6,
        ("pixels", "areas_factor", "zeroed_pixels"),
    ),
    (
        "autoarray.InterpolatorDelaunay",
        "autoarray.inversion.mesh.interpolator.delaunay:InterpolatorDelaunay",
        7,
        ("mesh", "mesh_grid", "data_grid", "adapt_data", "_use_jax"),
    ),
    (
        "autoarray.mesh.KNearestNeighbor",
        "autoarray.inversion.mesh.mesh.knn:KNearestNeighbor",
        6,
        ("pixels", "areas_factor", "zeroed_pixels", "k_neighbors", "split_neighbor_division", "radius_scale"),
    ),
    (
        "autoarray.mesh.KNNBarycentric",
        "autoarray.inversion.mesh.mesh.knn:KNNBarycentric",
        6,
        ("pixels", "areas_factor", "zeroed_pixels", "k_neighbors", "split_neighbor_division", "radius_scale"),
    ),
    (
        "autoarray.InterpolatorKNearestNeighbor",
        "autoarray.inversion.mesh.interpolator.knn:InterpolatorKNearestNeighbor",
        7,
        ("mesh", "mesh_grid", "data_grid", "adapt_data", "_use_jax"),
    ),
    (
        "autoarray.InterpolatorKNNBarycentric",
        "autoarray.inversion.mesh.interpolator.knn:InterpolatorKNNBarycentric",
        7,
        ("mesh", "mesh_grid", "data_grid", "adapt_data", "_use_jax"),
    ),
    (
        "autoarray.DelaunayInterface",
        "autoarray.inversion.mesh.interpolator.delaunay:DelaunayInterface",
        1,
        ("points", "simplices", "mappings", "split_points", "splitted_mappings", "dual_areas", "_use_jax"),
    ),
    (
        "autoarray.mesh.DelaunayNN",
        "autoarray.inversion.mesh.mesh.delaunay_nn:DelaunayNN",
        6,
        ("pixels", "areas_factor", "zeroed_pixels"),
    ),
    (
        "autoarray.InterpolatorDelaunayNN",
        "autoarray.inversion.mesh.interpolator.sibson:InterpolatorDelaunayNN",
        7,
        ("mesh", "mesh_grid", "data_grid", "adapt_data", "_use_jax"),
    ),
    (
        "autoarray.DelaunayNNInterface",
        "autoarray.inversion.mesh.interpolator.sibson:DelaunayNNInterface",
        1,
        (
            "points",
            "simplices",
            "mappings",
            "split_points",
            "splitted_mappings",
            "dual_areas",
            "weights",
            "splitted_weights",
            "cavity_sizes",
            "overflow",
            "degenerate",
            "split_cavity_sizes",
            "split_overflow",
            "split_degenerate",
            "_use_jax",
        ),
    ),
    (
        "autoarray.MeshGeometryDelaunay",
        "autoarray.inversion.mesh.mesh_geometry.delaunay:MeshGeometryDelaunay",
        7,
        (
            "mesh",
            "mesh_grid",
            "data_grid",
            "mesh_weight_map",
            "kernel_bandwidth",
            "kernel_knots",
            "transform",
            "_dual_areas",
            "area_convention",
            "_use_jax",
        ),
    ),
    (
        "autoarray.InterpolatorRectangular",
        "autoarray.inversion.mesh.interpolator.rectangular:InterpolatorRectangular",
        7,
        (*_INTERPOLATOR, *_RECTANGULAR),
    ),
    (
        "autoarray.InterpolatorRectangularRotatedSpline",
        "autoarray.inversion.mesh.interpolator.rectangular_rotated_spline:InterpolatorRectangularRotatedSpline",
        7,
        (*_INTERPOLATOR, *_RECTANGULAR, *_ROTATION),
    ),
    (
        "autoarray.InterpolatorRectangularUniform",
        "autoarray.inversion.mesh.interpolator.rectangular_uniform:InterpolatorRectangularUniform",
        7,
        (*_INTERPOLATOR, "_use_jax"),
    ),
    (
        "autoarray.MeshGeometryRectangular",
        "autoarray.inversion.mesh.mesh_geometry.rectangular:MeshGeometryRectangular",
        7,
        _RECTANGULAR_GEOMETRY,
    ),
    (
        "autoarray.MeshGeometryRectangularRotated",
        "autoarray.inversion.mesh.mesh_geometry.rectangular_rotated:MeshGeometryRectangularRotated",
        7,
        (*_RECTANGULAR_GEOMETRY, *_ROTATION),
    ),
    ("autoarray.Neighbors", "autoarray.inversion.linear_obj.neighbors:Neighbors", 1, (*_ARRAY, "sizes")),
    ("autoarray.image_mesh.Overlay", "autoarray.inversion.mesh.image_mesh.overlay:Overlay", 1, ("shape",)),
    (
        "autoarray.image_mesh.Hilbert",
        "autoarray.inversion.mesh.image_mesh.hilbert:Hilbert",
        1,
        ("pixels", "weight_floor", "weight_power"),
    ),
    (
        "autoarray.image_mesh.KMeans",
        "autoarray.inversion.mesh.image_mesh.kmeans:KMeans",
        1,
        ("pixels", "weight_floor", "weight_power"),
    ),
    (
        "autoarray.UniqueMappings",
        "autoarray.inversion.linear_obj.unique_mappings:UniqueMappings",
        1,
        ("data_to_pix_unique", "data_weights", "pix_lengths"),
    ),
    (
        "autoarray.ImageRegion",
        "autoarray.inversion.mappings.mapping:ImageRegion",
        1,
        ("slim_indexes", "mask", "contours", "centre"),
    ),
    (
        "autoarray.Mapping",
        "autoarray.inversion.mappings.mapping:Mapping",
        1,
        ("pix_indexes", "source_contours", "source_centre", "image_regions", "peak_value"),
    ),
    (
        "autoarray.Mapper",
        "autoarray.inversion.mappers.abstract:Mapper",
        1,
        ("regularization", "interpolator", "settings", "image_plane_mesh_grid", "_use_jax"),
    ),
    ("autoarray.reg.Adapt", "autoarray.inversion.regularization.adapt:Adapt", 1, _ADAPT),
    ("autoarray.reg.AdaptPower", "autoarray.inversion.regularization.adapt_power:AdaptPower", 1, (*_ADAPT, "power")),
    ("autoarray.reg.AdaptSplit", "autoarray.inversion.regularization.adapt_split:AdaptSplit", 1, _ADAPT),
    (
        "autoarray.reg.AdaptSplitPower",
        "autoarray.inversion.regularization.adapt_split_power:AdaptSplitPower",
        1,
        (*_ADAPT, "power"),
    ),
    (
        "autoarray.reg.AdaptSplitZeroth",
        "autoarray.inversion.regularization.adapt_split_zeroth:AdaptSplitZeroth",
        1,
        ("zeroth_coefficient", "zeroth_signal_scale", *_ADAPT),
    ),
    (
        "autoarray.reg.AdaptSplitZerothPower",
        "autoarray.inversion.regularization.adapt_split_zeroth_power:AdaptSplitZerothPower",
        1,
        ("zeroth_coefficient", "zeroth_signal_scale", *_ADAPT, "power"),
    ),
    (
        "autoarray.reg.BrightnessZeroth",
        "autoarray.inversion.regularization.brightness_zeroth:BrightnessZeroth",
        1,
        ("coefficient", "signal_scale"),
    ),
    ("autoarray.reg.Constant", "autoarray.inversion.regularization.constant:Constant", 1, ("coefficient",)),
    (
        "autoarray.reg.ConstantSplit",
        "autoarray.inversion.regularization.constant_split:ConstantSplit",
        1,
        ("coefficient",),
    ),
    (
        "autoarray.reg.ConstantZeroth",
        "autoarray.inversion.regularization.constant_zeroth:ConstantZeroth",
        1,
        ("coefficient_neighbor", "coefficient_zeroth"),
    ),
    (
        "autoarray.reg.CurvatureMask",
        "autoarray.inversion.regularization.curvature_mask:CurvatureMask",
        1,
        ("coefficient",),
    ),
    (
        "autoarray.reg.ExponentialKernel",
        "autoarray.inversion.regularization.exponential_kernel:ExponentialKernel",
        1,
        _KERNEL,
    ),
    (
        "autoarray.reg.FourthOrderMask",
        "autoarray.inversion.regularization.fourth_order_mask:FourthOrderMask",
        1,
        ("coefficient",),
    ),
    (
        "autoarray.reg.GaussianKernel",
        "autoarray.inversion.regularization.gaussian_kernel:GaussianKernel",
        1,
        _KERNEL,
    ),
    (
        "autoarray.reg.MaternAdaptKernel",
        "autoarray.inversion.regularization.matern_adapt_kernel:MaternAdaptKernel",
        1,
        (*_KERNEL, "nu", *_ADAPT),
    ),
    (
        "autoarray.reg.MaternAdaptPowerKernel",
        "autoarray.inversion.regularization.matern_adapt_power_kernel:MaternAdaptPowerKernel",
        1,
        (*_KERNEL, "nu", *_ADAPT, "power"),
    ),
    (
        "autoarray.reg.MaternKernel",
        "autoarray.inversion.regularization.matern_kernel:MaternKernel",
        1,
        (*_KERNEL, "nu"),
    ),
    (
        "autoarray.reg.MaternSparse",
        "autoarray.inversion.regularization.matern_sparse:MaternSparse",
        1,
        ("coefficient", "scale", "nu", "weights"),
    ),
    ("autoarray.reg.Zeroth", "autoarray.inversion.regularization.zeroth:Zeroth", 1, ("coefficient",)),
    ("autoarray.Pixelization", "autoarray.inversion.pixelization:Pixelization", 1, ("mesh", "regularization")),
    (
        "autoarray.DatasetInterface",
        "autoarray.inversion.inversion.dataset_interface:DatasetInterface",
        1,
        ("data", "noise_map", "grids", "psf", "sparse_operator", "noise_covariance_matrix"),
    ),
    (
        "autoarray.ImagingSparseOperator",
        "autoarray.inversion.inversion.imaging.inversion_imaging_util:ImagingSparseOperator",
        1,
        ("data", "noise_map", "psf", "batch_size"),
    ),
    ("autoarray.AbstractPreloads", "autoarray.preloads.abstract:AbstractPreloads", 1, _PRELOADS),
    ("autoarray.PreloadsImaging", "autoarray.preloads.imaging:PreloadsImaging", 1, _PRELOADS),
    (
        "autoarray.InversionImagingMapping",
        "autoarray.inversion.inversion.imaging.mapping:InversionImagingMapping",
        1,
        _INVERSION,
    ),
    (
        "autoarray.InversionImagingSparse",
        "autoarray.inversion.inversion.imaging.sparse:InversionImagingSparse",
        1,
        _INVERSION,
    ),
    (
        "autoarray.FitImaging",
        "autoarray.fit.fit_imaging:FitImaging",
        1,
        ("dataset", "use_mask_in_fit", "dataset_model", "_inversion", "_use_jax"),
    ),
)


def declare_all(migrations: Mapping[str, Mapping[int, registry.Migration]]) -> None:
    """Register every type, without importing one.

    The meshes and what belongs to them have version 7, or 6 where their state is the last that PyAutoArray wrote;
    `migrations.py` tells why.
    """
    for name, target, version, fields in TYPES:
        older = migrations.get(name)
        since = min(older, default=version) if older else version
        registry.declare(name, target, fields, version=version, migrations=older, since=since)
    registry.set_hooks(registry.Hooks(_result_names, _derived_values, _announce_jax))


@functools.cache
def _result_names(cls: type) -> frozenset[str]:
    from autoarray._state import derived_names

    return derived_names(cls, travels=True)


@functools.cache
def _derived_values() -> type[Any]:
    from autoarray._state import DerivedValues

    return DerivedValues


def _announce_jax(cls: type) -> None:
    # Its objects may be handed to a jitted function before they compute anything themselves.
    from autoarray import _pytree

    _pytree.register(cls)
