"""Which regions of the image a region of the source maps to."""

from autoarray.inversion.mappings.mapping import (
    ImageRegion,
    Mapping,
    connected_components_from,
    contours_from_bool_native,
    image_regions_from,
    image_regions_from_slim_mask,
    mappings_from,
    source_contours_from,
)

__all__ = [
    "ImageRegion",
    "Mapping",
    "connected_components_from",
    "contours_from_bool_native",
    "image_regions_from",
    "image_regions_from_slim_mask",
    "mappings_from",
    "source_contours_from",
]
