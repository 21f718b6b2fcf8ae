"""Pixelizations, mappers, mappings, preloads and inversions."""

from __future__ import annotations

from serialization._schema.catalog.entry import Entry

_INVERSION = ("dataset", "linear_obj_list", "settings", "preloads", "_use_jax")
_PRELOADS = ("curvature_matrix", "mapper_galaxy_dict", "source_plane_mesh_grid", "image_plane_mesh_grid")

TYPES = (
    Entry("autoarray.Pixelization", "autoarray.inversion.pixelization:Pixelization", ("mesh", "regularization")),
    Entry(
        "autoarray.Mapper",
        "autoarray.inversion.mappers.abstract:Mapper",
        ("regularization", "interpolator", "settings", "image_plane_mesh_grid", "_use_jax"),
    ),
    Entry(
        "autoarray.UniqueMappings",
        "autoarray.inversion.linear_obj.unique_mappings:UniqueMappings",
        ("data_to_pix_unique", "data_weights", "pix_lengths"),
    ),
    Entry(
        "autoarray.ImageRegion",
        "autoarray.inversion.mappings.mapping:ImageRegion",
        ("slim_indexes", "mask", "contours", "centre"),
    ),
    Entry(
        "autoarray.Mapping",
        "autoarray.inversion.mappings.mapping:Mapping",
        ("pix_indexes", "source_contours", "source_centre", "image_regions", "peak_value"),
    ),
    Entry(
        "autoarray.DatasetInterface",
        "autoarray.inversion.inversion.dataset_interface:DatasetInterface",
        ("data", "noise_map", "grids", "psf", "sparse_operator", "noise_covariance_matrix"),
    ),
    Entry(
        "autoarray.ImagingSparseOperator",
        "autoarray.inversion.inversion.imaging.inversion_imaging_util:ImagingSparseOperator",
        ("data", "noise_map", "psf", "batch_size"),
    ),
    Entry("autoarray.AbstractPreloads", "autoarray.preloads.abstract:AbstractPreloads", _PRELOADS),
    Entry("autoarray.PreloadsImaging", "autoarray.preloads.imaging:PreloadsImaging", _PRELOADS),
    Entry(
        "autoarray.InversionImagingMapping",
        "autoarray.inversion.inversion.imaging.mapping:InversionImagingMapping",
        _INVERSION,
    ),
    Entry(
        "autoarray.InversionImagingSparse",
        "autoarray.inversion.inversion.imaging.sparse:InversionImagingSparse",
        _INVERSION,
    ),
)
