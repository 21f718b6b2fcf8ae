"""A region of the source, the regions of the image that it maps to, and how to find both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autoarray import exc
from autoarray._display import line
from autoarray._state import State
from autoarray._typing import Array
from autoarray.inversion.linear_obj._neighbors import Neighbors
from autoarray.inversion.mappings._mapper_like import MapperLike
from autoarray.inversion.mappings.outlines import contours_from_bool_native, source_contours_from
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays.uniform_2d import Array2D

__all__ = [
    "ImageRegion",
    "Mapping",
    "connected_components_from",
    "contours_from_bool_native",
    "image_regions_from",
    "image_regions_from_slim_mask",
    "mapping_from",
    "pix_index_groups_from",
    "source_contours_from",
]


class ImageRegion(State):
    """A connected region of the image that a region of the source maps to, such as one of its lensed images.

    Parameters
    ----------
    slim_indexes
        The data pixels in the region, in rising order.
    mask
        A mask of the image in which the pixels of the region are the unmasked ones.
    contours
        Its outlines: closed loops of (y, x) corners of shape (N, 2), in arc-seconds, whose last entry is their first.
        A region with a hole has one more loop.
    centre
        The mean (y, x) of the centres of its pixels, in arc-seconds.
    """

    def __init__(
        self, slim_indexes: np.ndarray, mask: Mask2D, contours: list[np.ndarray], centre: tuple[float, float]
    ) -> None:
        self.slim_indexes = slim_indexes
        self.mask = mask
        self.contours = contours
        self.centre = centre

    @property
    def pixel_coordinates(self) -> np.ndarray:
        """The (row, column) of each pixel, of shape (N, 2)."""
        return self.mask.derive_indexes.native_for_slim

    @property
    def scaled_coordinates(self) -> np.ndarray:
        """The (y, x) centre of each pixel, of shape (N, 2), in arc-seconds."""
        return np.asarray(self.mask.derive_grid.unmasked.array)

    def area(self) -> float:
        """The area in square arc-seconds."""
        return float(len(self.slim_indexes) * self.mask.pixel_scales[0] * self.mask.pixel_scales[1])

    def values_from(self, array: Array | Array2D) -> np.ndarray:
        """The values of an image in the region, of shape (N,).

        Parameters
        ----------
        array
            An `Array2D`, or an array of the shape of the image.

        Raises
        ------
        ArrayException
            If it has another shape than the image that the region is in.
        """
        values = getattr(array, "native", array)
        values = np.asarray(getattr(values, "array", values))
        if values.shape != self.mask.shape_native:
            raise exc.ArrayException(
                f"array: expected an Array2D or a native array of shape {self.mask.shape_native}, the shape of the "
                f"image that the region is in, found shape {values.shape}"
            )
        return values[~np.asarray(self.mask.array)]

    def flux_from(self, array: Array | Array2D) -> float:
        """The sum of an image over the region."""
        return float(np.sum(self.values_from(array)))

    def centroid_from(self, array: Array | Array2D) -> tuple[float, float]:
        """The mean (y, x) of the pixels weighted by an image, in arc-seconds; unweighted where the image sums to 0."""
        values = self.values_from(array)
        total = values.sum()
        if total == 0.0:
            return self.centre
        y, x = values @ self.scaled_coordinates / total
        return float(y), float(x)

    def brightest_coordinate_from(self, array: Array | Array2D) -> tuple[float, float]:
        """The (y, x) centre of the pixel in which an image is brightest, in arc-seconds."""
        y, x = self.scaled_coordinates[np.argmax(self.values_from(array))]
        return float(y), float(x)

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        return [f"pixels={len(state['slim_indexes'])}", f"centre={line.value(state['centre'])} arcsec"]


class Mapping(State):
    """A region of the source and the regions of the image that it maps to.

    Parameters
    ----------
    pix_indexes
        The mesh pixels of the region.
    source_contours
        Their outlines: one closed loop of (y, x) corners of shape (N, 2) for each mesh pixel, in arc-seconds. Vertices
        whose Voronoi cell has no end have none.
    source_centre
        The mean (y, x) of their centres, in arc-seconds.
    image_regions
        The regions of the image, the largest first.
    peak_value
        The greatest value of the reconstruction in the region, or None if it is not of an inversion.
    """

    def __init__(
        self,
        pix_indexes: np.ndarray,
        source_contours: list[np.ndarray],
        source_centre: tuple[float, float],
        image_regions: list[ImageRegion],
        peak_value: float | None = None,
    ) -> None:
        self.pix_indexes = pix_indexes
        self.source_contours = source_contours
        self.source_centre = source_centre
        self.image_regions = image_regions
        self.peak_value = peak_value

    @property
    def image_contours(self) -> list[np.ndarray]:
        """The outlines of all regions of the image."""
        return [contour for region in self.image_regions for contour in region.contours]

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        return [
            f"mesh_pixels={len(state['pix_indexes'])}",
            f"source_centre={line.value(state['source_centre'])} arcsec",
            f"image_regions={len(state['image_regions'])}",
        ]


def pix_index_groups_from(pix_indexes: Sequence[Any], pixels: int | None = None) -> list[np.ndarray]:
    """Groups of mesh pixels from a flat sequence of indexes, which is one group, or a sequence of sequences.

    Raises
    ------
    InversionException
        If an index is not a whole number, or not one of the `pixels` of the mesh, if their number is given; or if a
        group is empty.
    """
    entries = list(pix_indexes)
    if not entries:
        return []
    nested = [np.ndim(entry) > 0 for entry in entries]
    groups = (
        [np.asarray(entry) for entry in entries] if all(nested) else [np.asarray(entries)] if not any(nested) else []
    )
    expected = "whole numbers" if pixels is None else f"whole numbers from 0 to {pixels - 1}"
    if not groups:
        raise exc.InversionException(f"pix_indexes: expected indexes, or groups of them, found both: {pix_indexes!r}")
    for group in groups:
        if group.ndim != 1 or not group.size or group.dtype.kind not in "iu":
            raise exc.InversionException(f"pix_indexes: expected a group of {expected}, found {group!r}")
        if group.min() < 0 or (pixels is not None and group.max() >= pixels):
            raise exc.InversionException(f"pix_indexes: expected {expected}, found {group.tolist()}")
    return groups


def connected_components_from(indexes: Array | Sequence[int], neighbors: Neighbors) -> list[np.ndarray]:
    """Groups of mesh pixels that are connected through neighbors among them.

    Parameters
    ----------
    indexes
        The mesh pixels to group.
    neighbors
        The neighbors of every mesh pixel.

    Returns
    -------
    list
        The groups, each in rising order, in the order in which the first of their pixels is found in `indexes`.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    indexes = np.asarray(indexes)
    if not indexes.size:
        return []
    chosen = np.zeros(neighbors.shape[0], dtype=bool)
    chosen[indexes] = True
    rows, columns = neighbors.pairs
    inside = chosen[rows] & chosen[columns]
    links = coo_array((np.ones(inside.sum()), (rows[inside], columns[inside])), shape=(chosen.size, chosen.size))
    _, labels = connected_components(links, directed=False)
    group = labels[indexes]
    _, first = np.unique(group, return_index=True)
    return [np.unique(indexes[group == group[i]]) for i in np.sort(first)]


def image_regions_from_slim_mask(
    mask: Mask2D, slim_bool: Array | Sequence[bool], min_pixels: int = 1
) -> list[ImageRegion]:
    """The connected regions of flagged data pixels; pixels that touch at a corner are connected.

    Parameters
    ----------
    mask
        The mask of the data.
    slim_bool
        Which data pixels are flagged, of shape (data_pixels,).
    min_pixels
        Smaller regions are left out.

    Returns
    -------
    list
        The regions, the largest first.
    """
    from scipy.ndimage import label

    unmasked = ~np.asarray(mask.array)
    flagged = np.zeros(mask.shape_native, dtype=bool)
    flagged[unmasked] = np.asarray(slim_bool)
    labels = np.zeros(mask.shape_native, dtype=np.int32)
    label(flagged, structure=np.ones((3, 3)), output=labels)
    slim_labels = labels[unmasked]
    sizes = np.bincount(slim_labels)[1:]
    regions = []
    for i in np.argsort(-sizes, kind="stable"):
        if sizes[i] < min_pixels:
            continue
        inside = labels == i + 1
        region_mask = Mask2D(mask=~inside, pixel_scales=mask.pixel_scales, origin=mask.origin)
        y, x = np.asarray(region_mask.derive_grid.unmasked.array).mean(axis=0)
        regions.append(
            ImageRegion(
                slim_indexes=np.flatnonzero(slim_labels == i + 1),
                mask=region_mask,
                contours=contours_from_bool_native(inside, mask.geometry),
                centre=(float(y), float(x)),
            )
        )
    return regions


def image_regions_from(
    mapper: MapperLike, pix_indexes: Array | Sequence[int], weight_threshold: float = 0.0, min_pixels: int = 1
) -> list[ImageRegion]:
    """The connected regions of the image that a group of mesh pixels maps to.

    Parameters
    ----------
    mapper
        The mapper.
    pix_indexes
        The mesh pixels.
    weight_threshold
        A data pixel belongs to a region if its mapping weights to the group add up to more than this.
    min_pixels
        Smaller regions are left out.

    Returns
    -------
    list
        The regions, the largest first.
    """
    matrix = mapper.mapping_matrix if mapper.use_jax else mapper.mapping_matrix_sparse
    weights = np.asarray(matrix[:, np.asarray(pix_indexes)].sum(axis=1))
    return image_regions_from_slim_mask(mapper.mask, weights > weight_threshold, min_pixels=min_pixels)


def mapping_from(
    mapper: MapperLike,
    pix_indexes: np.ndarray,
    weight_threshold: float = 0.0,
    min_pixels: int = 1,
    peak_value: float | None = None,
) -> Mapping:
    """The `Mapping` of one group of mesh pixels; see `image_regions_from` for the parameters."""
    y, x = np.asarray(mapper.source_plane_mesh_grid.array)[pix_indexes].mean(axis=0)
    return Mapping(
        pix_indexes=pix_indexes,
        source_contours=source_contours_from(mapper, pix_indexes),
        source_centre=(float(y), float(x)),
        image_regions=image_regions_from(mapper, pix_indexes, weight_threshold, min_pixels),
        peak_value=peak_value,
    )


def mappings_from(
    mapper: MapperLike,
    pix_indexes: Sequence[Any],
    weight_threshold: float = 0.0,
    min_pixels: int = 1,
    peak_values: Sequence[float] | None = None,
) -> list[Mapping]:
    """The `Mapping` of each group of mesh pixels.

    Parameters
    ----------
    mapper
        The mapper.
    pix_indexes
        The mesh pixels: one group, or a list of groups.
    weight_threshold, min_pixels
        See `image_regions_from`.
    peak_values
        The peak value of each group, or None.

    Raises
    ------
    InversionException
        If an index is no mesh pixel, a group is empty, or there is not one peak value for each group.
    """
    groups = pix_index_groups_from(pix_indexes, pixels=mapper.source_plane_mesh_grid.shape[0])
    peaks: list[float | None] = [None] * len(groups) if peak_values is None else list(peak_values)
    if len(peaks) != len(groups):
        raise exc.InversionException(
            f"peak_values: expected one for each of the {len(groups)} groups of mesh pixels, found {len(peaks)}"
        )
    return [
        mapping_from(mapper, group, weight_threshold, min_pixels, peak_value=peak)
        for group, peak in zip(groups, peaks, strict=True)
    ]
