"""Masks, arrays, grids, their geometry, their over-sampling, and the layout of CCDs."""

from __future__ import annotations

from serialization._schema.catalog.entry import Entry

_ARRAY = ("_array", "_use_jax", "_is_transformed")

TYPES = (
    Entry("autoarray.Mask2D", "autoarray.mask.mask_2d:Mask2D", (*_ARRAY, "pixel_scales", "origin")),
    Entry("autoarray.Array2D", "autoarray.structures.arrays.uniform_2d:Array2D", (*_ARRAY, "mask", "header")),
    Entry("autoarray.Array2DRGB", "autoarray.structures.arrays.rgb:Array2DRGB", (*_ARRAY, "mask", "header")),
    Entry("autoarray.Mask1D", "autoarray.mask.mask_1d:Mask1D", (*_ARRAY, "pixel_scales", "origin")),
    Entry("autoarray.Array1D", "autoarray.structures.arrays.uniform_1d:Array1D", (*_ARRAY, "mask", "header")),
    Entry("autoarray.Grid1D", "autoarray.structures.grids.uniform_1d:Grid1D", (*_ARRAY, "mask")),
    Entry("autoarray.ArrayIrregular", "autoarray.structures.arrays.irregular:ArrayIrregular", _ARRAY),
    Entry(
        "autoarray.Grid2D",
        "autoarray.structures.grids.uniform_2d:Grid2D",
        (*_ARRAY, "mask", "_over_sample_size", "_over_sampled"),
    ),
    Entry("autoarray.Grid2DIrregular", "autoarray.structures.grids.irregular_2d:Grid2DIrregular", _ARRAY),
    Entry("autoarray.VectorYX2D", "autoarray.structures.vectors.uniform:VectorYX2D", (*_ARRAY, "grid", "mask")),
    Entry(
        "autoarray.VectorYX2DIrregular", "autoarray.structures.vectors.irregular:VectorYX2DIrregular", (*_ARRAY, "grid")
    ),
    Entry("autoarray.Neighbors", "autoarray.inversion.linear_obj._neighbors:Neighbors", (*_ARRAY, "sizes")),
    Entry(
        "autoarray.Header",
        "autoarray.structures.header:Header",
        ("header_sci_obj", "header_hdu_obj", "original_roe_corner", "readout_offsets"),
    ),
    Entry(
        "autoarray.Geometry1D",
        "autoarray.geometry.geometry_1d:Geometry1D",
        ("shape_native", "pixel_scales", "origin"),
    ),
    Entry(
        "autoarray.Geometry2D",
        "autoarray.geometry.geometry_2d:Geometry2D",
        ("shape_native", "pixel_scales", "origin"),
    ),
    Entry(
        "autoarray.Geometry2DIrregular",
        "autoarray.geometry.geometry_2d_irregular:Geometry2DIrregular",
        ("shape_native_scaled", "scaled_maxima", "scaled_minima"),
    ),
    Entry("autoarray.Region1D", "autoarray.layout.region:Region1D", ("region",)),
    Entry("autoarray.Region2D", "autoarray.layout.region:Region2D", ("region",)),
    Entry("autoarray.Layout1D", "autoarray.layout.layout:Layout1D", ("shape_1d", "prescan", "overscan")),
    Entry(
        "autoarray.Layout2D",
        "autoarray.layout.layout:Layout2D",
        ("shape_2d", "original_roe_corner", "parallel_overscan", "serial_prescan", "serial_overscan"),
    ),
    Entry("autoarray.OverSampler", "autoarray.operators.over_sampling.over_sampler:OverSampler", ("mask", "sub_size")),
)
