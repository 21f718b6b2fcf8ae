"""What the fields of the types of `autoarray` hold, and their units. A field has one kind in all types that have it.

Fields that are not listed hold settings: numbers, text, tuples, None. The arrays of a mask, an array, a grid or
neighbors have as many dimensions as these have on either backend, and one more where JAX maps over a batch of them.
"""

# pyright: strict

from __future__ import annotations

from collections.abc import Iterable

from serialization._schema.kinds import BOOL, NONE, Kind, array, objects_of

_INVERSION = "autoarray.inversion."
_ARRAY = array()
_STRUCTURE = objects_of("autoarray.abstract_ndarray:AbstractNDArray")
_DATA = _ARRAY | _STRUCTURE | NONE
_NUMBER = objects_of("builtins:int", "builtins:float", "numpy:generic")
_SIZES = _ARRAY | objects_of("autoarray.structures.arrays.uniform_2d:Array2D") | _NUMBER | NONE
_MASK = objects_of("autoarray.mask.mask_2d:Mask2D") | NONE
_MASK_1D = objects_of("autoarray.mask.mask_1d:Mask1D") | NONE
_PSF = objects_of("autoarray.operators.convolver:Convolver") | NONE

_REGION_2D = objects_of("autoarray.layout.region:Region2D") | NONE

_KINDS: dict[str, Kind] = {
    "_array": _ARRAY,
    "_contour_array": _ARRAY | NONE,
    "_indices": _ARRAY,
    "_is_transformed": BOOL,
    "_dual_areas": _DATA,
    "_inversion": objects_of(f"{_INVERSION}inversion.abstract:AbstractInversion") | NONE,
    "_over_sample_size": _SIZES,
    "_over_sampled": _ARRAY | NONE | objects_of("autoarray.structures.grids.irregular_2d:Grid2DIrregular"),
    "_vertices": _ARRAY,
    "adapt_data": _DATA,
    "blurring": _DATA,
    "blurring_mask": _MASK,
    "border_relocator": objects_of(f"{_INVERSION}mesh.border_relocator:BorderRelocator") | NONE,
    "coordinates": _ARRAY,
    "curvature_matrix": _DATA,
    "data": _DATA,
    "data_grid": _DATA,
    "dataset_model": objects_of("autoarray.dataset.dataset_model:DatasetModel") | NONE,
    "grid": objects_of(
        "autoarray.structures.grids.irregular_2d:Grid2DIrregular", "autoarray.structures.grids.uniform_2d:Grid2D"
    ),
    "header": objects_of("autoarray.structures.header:Header") | NONE,
    "image_plane_mesh_grid": _DATA,
    "interpolator": objects_of(f"{_INVERSION}mesh.interpolator.abstract:AbstractInterpolator"),
    "kernel": _DATA,
    "linear_obj_galaxy_dict": objects_of("builtins:dict") | NONE,
    "linear_obj_list": objects_of("builtins:list", "builtins:tuple"),
    "lp": _DATA,
    "mask": _MASK,
    "mesh": objects_of(f"{_INVERSION}mesh.mesh.abstract:AbstractMesh") | NONE,
    "mesh_grid": _DATA,
    "mesh_weight_map": _DATA,
    "noise_covariance_matrix": _DATA,
    "noise_map": _DATA,
    "over_sample_size_lp": _SIZES,
    "over_sample_size_pixelization": _SIZES,
    "pixelization": _DATA,
    "preloads": objects_of("autoarray.preloads.abstract:AbstractPreloads") | NONE,
    "psf": _PSF,
    "real_space_mask": _MASK,
    "uv_wavelengths": _DATA,
    "nufft_precision_operator": _ARRAY,
    "hankel_operator": _DATA,
    "regularization": objects_of(f"{_INVERSION}regularization.abstract:AbstractRegularization") | NONE,
    "settings": objects_of("autoarray.settings:Settings") | NONE,
    "overscan": objects_of("autoarray.layout.region:Region1D") | NONE,
    "parallel_overscan": _REGION_2D,
    "prescan": objects_of("autoarray.layout.region:Region1D") | NONE,
    "serial_overscan": _REGION_2D,
    "serial_prescan": _REGION_2D,
    "sizes": _ARRAY,
    "source_plane_mesh_grid": _DATA,
    "step0_layout": objects_of("autoarray.structures.triangles.array:Step0Layout") | NONE,
    "sub_size": _SIZES,
}
# Those whose mask is a 1D one.
_OF_LINES = ("autoarray.Array1D", "autoarray.Grid1D")
_ARRAYS = {
    "autoarray.Mask1D": array(1),
    "autoarray.Mask2D": array(2),
    "autoarray.Array1D": array(1, 2),
    "autoarray.Array2DRGB": array(3, 4),
    "autoarray.Grid1D": array(1, 2),
    "autoarray.Array2D": array(1, 2, 3),
    "autoarray.Grid2D": array(2, 3, 4),
    "autoarray.Neighbors": array(2, 3),
    "autoarray.VectorYX2D": array(2, 3, 4),
    "autoarray.VectorYX2DIrregular": array(2, 3),
}
# The kinds of dtypes (`dtype.kind`) of arrays that are never of others, whatever a user gives.
_DTYPES = {("autoarray.Mask1D", "_array"): "b", ("autoarray.Mask2D", "_array"): "b"}


def dtypes_of(name: str, field: str) -> str:
    """The kinds of dtypes that the arrays of a field have, one letter each; nothing if they may have any."""
    return _DTYPES.get((name, field), "")


def kinds_of(name: str, fields: Iterable[str]) -> dict[str, Kind]:
    """The kinds of those fields of a type that have one."""
    kinds = {field: _KINDS[field] for field in fields if field in _KINDS}
    if name == "autoarray.Step0Layout":
        del kinds["grid"]  # how the corners of a tiling stand: a tuple, no grid of coordinates
    if name in _OF_LINES:
        kinds["mask"] = _MASK_1D
    if name in _ARRAYS:
        kinds["_array"] = _ARRAYS[name]
    return kinds


# What an array or a number is measured in, where that is certain: the unit of data is that of the telescope.
_UNITS = {
    "_dual_areas": "arcsec^2",
    "_vertices": "arcsec",
    "blurring": "arcsec",
    "centre": "arcsec",
    "contours": "arcsec",
    "data_grid": "arcsec",
    "dual_areas": "arcsec^2",
    "grid_offset": "arcsec",
    "image_plane_mesh_grid": "arcsec",
    "lp": "arcsec",
    "mesh_grid": "arcsec",
    "origin": "arcsec",
    "pixel_scales": "arcsec",
    "pixelization": "arcsec",
    "points": "arcsec",
    "radius": "arcsec",
    "scaled_maxima": "arcsec",
    "scaled_minima": "arcsec",
    "shape_native_scaled": "arcsec",
    "side_length": "arcsec",
    "source_centre": "arcsec",
    "source_contours": "arcsec",
    "source_plane_mesh_grid": "arcsec",
    "split_points": "arcsec",
    "x_offset": "arcsec",
    "y_offset": "arcsec",
}
_GRIDS = ("autoarray.Grid1D", "autoarray.Grid2D", "autoarray.Grid2DIrregular")


def units_of(name: str, fields: Iterable[str]) -> dict[str, str]:
    """The units of those fields of a type that have one."""
    units = {field: _UNITS[field] for field in fields if field in _UNITS}
    if name in _GRIDS:
        units["_array"] = "arcsec"
    return units
