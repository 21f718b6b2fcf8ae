"""Pixelizations, mappers, mappings, preloads and inversions."""

from __future__ import annotations

from serialization._schema.catalog.entry import Entry, State, keep
from serialization._schema.schema import Migration

_INVERSION_1 = ("dataset", "linear_obj_list", "settings", "preloads", "_use_jax")
# What all inversions store, and all preloads.
INVERSION = (*_INVERSION_1, "linear_obj_galaxy_dict")
PRELOADS = ("curvature_matrix", "mapper_galaxy_dict", "source_plane_mesh_grid", "image_plane_mesh_grid")


def _1_to_2_galaxies(state: State) -> State:
    """Version 2 knows the galaxy behind each linear object; no inversion of version 1 had any."""
    return {**state, "linear_obj_galaxy_dict": None}


_INVERSION_MIGRATIONS = {1: Migration(_INVERSION_1, _1_to_2_galaxies)}

_OF_VISIBILITIES = ("transformer", "sparse_dirty_image", "data_term")
_INTERFACE = ("data", "noise_map", "grids", "psf", "sparse_operator", "noise_covariance_matrix")

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
        _INTERFACE,
        version=2,
        # An interface to visibilities has these as well.
        optional=_OF_VISIBILITIES,
        migrations={1: Migration(_INTERFACE, keep)},
    ),
    Entry(
        "autoarray.ImagingSparseOperator",
        "autoarray.inversion.inversion.imaging.inversion_imaging_util:ImagingSparseOperator",
        ("data", "noise_map", "psf", "batch_size"),
    ),
    Entry("autoarray.AbstractPreloads", "autoarray.preloads.abstract:AbstractPreloads", PRELOADS),
    Entry("autoarray.PreloadsImaging", "autoarray.preloads.imaging:PreloadsImaging", PRELOADS),
    Entry(
        "autoarray.InversionImagingMapping",
        "autoarray.inversion.inversion.imaging.mapping:InversionImagingMapping",
        INVERSION,
        version=2,
        migrations=_INVERSION_MIGRATIONS,
    ),
    Entry(
        "autoarray.InversionImagingSparse",
        "autoarray.inversion.inversion.imaging.sparse:InversionImagingSparse",
        INVERSION,
        version=2,
        migrations=_INVERSION_MIGRATIONS,
    ),
)
