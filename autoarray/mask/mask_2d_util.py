"""Functions of plain 2D arrays of bools, where False is an unmasked pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._backend import numbers_from
from autoarray._typing import ArrayLike, Namespace
from autoarray._validation import check_memory, check_number, check_numbers, shown, squared, whole_from
from autoarray.geometry.geometry_util import convert_shape_native_2d

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D


def native_index_for_slim_index_2d_from(mask_2d: np.ndarray, xp: Namespace = np) -> Any:
    """The (y, x) indexes of the unmasked pixels, of shape (pixels, 2), in row-major order."""
    return xp.asarray(np.argwhere(~_bools(mask_2d)))


def same_mask(a: Mask2D, b: Mask2D) -> bool:
    """Whether two masks mask the same pixels of arrays of one shape.

    Parameters
    ----------
    a, b
        The masks.
    """
    return a is b or bool(np.array_equal(a.array, b.array))


def mask_2d_centres_from(
    shape_native: tuple[int, int], pixel_scales: tuple[float, float], centre: tuple[float, float]
) -> tuple[float, float]:
    """The (y, x) pixel coordinate of a scaled coordinate, in an array centred on (0.0, 0.0)."""
    return (
        (shape_native[0] - 1) / 2 - centre[0] / pixel_scales[0],
        (shape_native[1] - 1) / 2 + centre[1] / pixel_scales[1],
    )


def mask_2d_circular_from(
    shape_native: tuple[int, int],
    pixel_scales: tuple[float, float],
    radius: float,
    centre: tuple[float, float] = (0.0, 0.0),
) -> np.ndarray:
    """A mask whose unmasked pixels have their centres less than `radius` scaled units from `centre`.

    Raises
    ------
    exc.MaskException
        If the radius is negative or NaN, or the centre is not finite.
    """
    _check_radius(radius, "radius")
    y, x = _offsets_from(shape_native, pixel_scales, centre)
    return x**2 + y**2 >= squared(radius)


def mask_2d_circular_annular_from(
    shape_native: tuple[int, int],
    pixel_scales: tuple[float, float],
    inner_radius: float,
    outer_radius: float,
    centre: tuple[float, float] = (0.0, 0.0),
) -> np.ndarray:
    """A mask whose unmasked pixels have their centres between two radii (scaled units) around `centre`.

    Raises
    ------
    exc.MaskException
        If a radius is negative or NaN, the inner one is greater than the outer one, or the centre is not finite.
    """
    _check_radius(inner_radius, "inner_radius")
    _check_radius(outer_radius, "outer_radius")
    if inner_radius > outer_radius:
        raise exc.MaskException(f"inner_radius: expected at most outer_radius={outer_radius!r}, found {inner_radius!r}")
    y, x = _offsets_from(shape_native, pixel_scales, centre)
    distances = x**2 + y**2
    return ~((distances >= squared(inner_radius)) & (distances <= squared(outer_radius)))


def mask_2d_elliptical_from(
    shape_native: tuple[int, int],
    pixel_scales: tuple[float, float],
    major_axis_radius: float,
    axis_ratio: float,
    angle: float,
    centre: tuple[float, float] = (0.0, 0.0),
) -> np.ndarray:
    """A mask whose unmasked pixels have their centres inside an ellipse.

    Parameters
    ----------
    shape_native
        The (y, x) shape of the mask in pixels.
    pixel_scales
        The (y, x) scaled units per pixel.
    major_axis_radius
        The major axis in scaled units.
    axis_ratio
        Minor axis over major axis.
    angle
        The angle of the major axis in degrees, counter-clockwise from the positive x-axis.
    centre
        The (y, x) centre of the ellipse in scaled units, relative to the centre of the array.

    Raises
    ------
    exc.MaskException
        If the axis is negative or NaN, the axis ratio not positive, or the angle or the centre not finite.
    """
    _check_radius(major_axis_radius, "major_axis_radius")
    _check_ellipse(axis_ratio, "axis_ratio", angle, "angle")
    radii = _elliptical_radii_from(shape_native, pixel_scales, angle, axis_ratio, centre)
    return ~(radii <= major_axis_radius)


def mask_2d_elliptical_annular_from(
    shape_native: tuple[int, int],
    pixel_scales: tuple[float, float],
    inner_major_axis_radius: float,
    inner_axis_ratio: float,
    inner_phi: float,
    outer_major_axis_radius: float,
    outer_axis_ratio: float,
    outer_phi: float,
    centre: tuple[float, float] = (0.0, 0.0),
) -> np.ndarray:
    """A mask whose unmasked pixels have their centres outside an inner and inside an outer ellipse.

    The arguments of each ellipse, and what is refused, are those of `mask_2d_elliptical_from`.
    """
    _check_radius(inner_major_axis_radius, "inner_major_axis_radius")
    _check_radius(outer_major_axis_radius, "outer_major_axis_radius")
    _check_ellipse(inner_axis_ratio, "inner_axis_ratio", inner_phi, "inner_phi")
    _check_ellipse(outer_axis_ratio, "outer_axis_ratio", outer_phi, "outer_phi")
    inner = _elliptical_radii_from(shape_native, pixel_scales, inner_phi, inner_axis_ratio, centre)
    outer = _elliptical_radii_from(shape_native, pixel_scales, outer_phi, outer_axis_ratio, centre)
    return ~((inner >= inner_major_axis_radius) & (outer <= outer_major_axis_radius))


def mask_2d_via_pixel_coordinates_from(
    shape_native: tuple[int, int], pixel_coordinates: ArrayLike, buffer: int = 0
) -> np.ndarray:
    """A mask that is unmasked at the pixels (y, x) of a list, and `buffer` pixels around each.

    Raises
    ------
    exc.MaskException
        If a pixel is not two whole numbers or lies outside the mask, or the buffer is not a whole number of at least 0.
    """
    buffer = whole_from(buffer, "buffer", 0, exc.MaskException)
    given = numbers_from(pixel_coordinates, "pixel_coordinates", exc.MaskException)
    if given.size and (given.ndim > 2 or given.shape[-1:] != (2,) or not np.array_equal(given, np.trunc(given))):
        raise exc.MaskException(
            f"pixel_coordinates: expected pixels (y, x) as whole numbers, of shape (N, 2), found {shown(given)}"
        )
    pixels = given.astype(int).reshape(-1, 2)
    outside = ((pixels < 0) | (pixels >= np.asarray(shape_native))).any(axis=1)
    if outside.any():
        raise exc.MaskException(
            f"pixel_coordinates: expected pixels (y, x) inside a mask of shape {tuple(shape_native)}, "
            f"found {tuple(int(v) for v in pixels[outside][0])}"
        )
    mask_2d = np.full(shape_native, True)
    mask_2d[pixels[:, 0], pixels[:, 1]] = False
    return buffed_mask_2d_from(mask_2d, buffer) if buffer else mask_2d


def unmasked_region_from(mask_2d: np.ndarray) -> tuple[int, int, int, int]:
    """The bounding box (y0, y1, x0, x1) of the unmasked pixels, where y1 and x1 are one past the last pixel.

    Raises
    ------
    exc.MaskException
        If no pixel is unmasked.
    """
    mask_2d = _bools(mask_2d)
    rows, columns = np.flatnonzero((~mask_2d).any(axis=1)), np.flatnonzero((~mask_2d).any(axis=0))
    if rows.size == 0:
        raise exc.MaskException(
            f"mask: expected at least one unmasked pixel, found a mask of shape {mask_2d.shape} whose "
            f"{mask_2d.size} pixels are all masked"
        )
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def min_false_distance_to_edge(mask: np.ndarray) -> tuple[int, int]:
    """The smallest number of pixels in y and in x between an unmasked pixel and the edge of the array."""
    y0, y1, x0, x1 = unmasked_region_from(mask)
    return min(y0, np.shape(mask)[0] - y1), min(x0, np.shape(mask)[1] - x1)


def required_shape_for_kernel(mask_2d: np.ndarray, kernel_shape_native: tuple[int, int]) -> tuple[int, int]:
    """The shape that a mask must be padded to for a kernel to stay inside the array at every unmasked pixel.

    Rows and columns are added in pairs, one on each side, so the centre of the mask stays where it is.
    """
    distances = min_false_distance_to_edge(mask_2d)
    missing = [max(0, size // 2 - distance) for size, distance in zip(kernel_shape_native, distances, strict=True)]
    return np.shape(mask_2d)[0] + 2 * missing[0], np.shape(mask_2d)[1] + 2 * missing[1]


def blurring_mask_2d_from(
    mask_2d: np.ndarray, kernel_shape_native: tuple[int, int], allow_padding: bool = False
) -> np.ndarray:
    """The mask of the masked pixels whose light a kernel of a shape carries into unmasked pixels.

    Parameters
    ----------
    mask_2d
        The mask, of shape (y, x).
    kernel_shape_native
        The (y, x) shape of the kernel in pixels.
    allow_padding
        Whether a mask that is too small for the kernel is padded with masked pixels
        (`required_shape_for_kernel`), so that the result has a larger shape.

    Raises
    ------
    exc.MaskException
        If the kernel reaches past the edge of the array, and `allow_padding` is False.
    """
    mask_2d = _bools(mask_2d)
    kernel_shape_native = convert_shape_native_2d(kernel_shape_native, "kernel_shape_native")
    required = required_shape_for_kernel(mask_2d, kernel_shape_native)
    if required != mask_2d.shape:
        if not allow_padding:
            raise exc.MaskException(
                f"mask: its unmasked pixels lie {min_false_distance_to_edge(mask_2d)} pixels (y, x) from the edge of "
                f"an array of shape {mask_2d.shape}, and a kernel of shape {tuple(kernel_shape_native)} reaches past "
                f"it; the mask needs at least shape {required} (allow_padding=True pads it)"
            )
        pad = [((new - old) // 2,) * 2 for new, old in zip(required, mask_2d.shape, strict=True)]
        mask_2d = np.pad(mask_2d, pad, constant_values=True)
    return ~(_dilate(~mask_2d, kernel_shape_native) & mask_2d)


def mask_slim_indexes_from(mask_2d: np.ndarray, return_masked_indexes: bool = True) -> np.ndarray:
    """The flat, row-major indexes of all masked (or unmasked) pixels of a mask."""
    mask_2d = _bools(mask_2d)
    return np.flatnonzero(mask_2d if return_masked_indexes else ~mask_2d)


def edge_1d_indexes_from(mask_2d: np.ndarray) -> np.ndarray:
    """The slim indexes of the edge: unmasked pixels with a masked pixel, or the array's edge, among 8 neighbors."""
    unmasked = ~_bools(mask_2d)
    interior = _erode(unmasked)
    return np.flatnonzero(~interior[unmasked])


def border_slim_indexes_from(mask_2d: np.ndarray) -> np.ndarray:
    """The slim indexes of the border: the edge pixels on the outside of the mask.

    From such a pixel the array's edge is in sight up, down, left or right, without another
    unmasked pixel in between. The inner ring of an annulus is part of its edge, not of its border.
    """
    unmasked = ~_bools(mask_2d)
    outermost = np.zeros_like(unmasked)
    for axis in (0, 1):
        count = np.cumsum(unmasked, axis=axis)
        total = count[-1:, :] if axis == 0 else count[:, -1:]
        outermost |= unmasked & ((count == 1) | (count == total))
    edge = ~_erode(unmasked)
    return np.flatnonzero((outermost & edge)[unmasked])


def buffed_mask_2d_from(mask_2d: np.ndarray, buffer: int = 1) -> np.ndarray:
    """The mask with all pixels up to `buffer` pixels from an unmasked one, diagonals included, unmasked too.

    Raises
    ------
    exc.MaskException
        If the buffer is not a whole number of at least 0.
    """
    # Beyond the size of the array nothing is left to unmask.
    buffer = min(whole_from(buffer, "buffer", 0, exc.MaskException), max(np.shape(mask_2d)))
    return ~_dilate(~_bools(mask_2d), (2 * buffer + 1, 2 * buffer + 1))


def rescaled_mask_2d_from(mask_2d: np.ndarray, rescale_factor: float) -> np.ndarray:
    """The mask enlarged or shrunk by a factor, each pixel as the nearest old one, with its outermost pixels masked.

    Raises
    ------
    exc.MaskException
        If the factor is not a positive, finite number.
    """
    check_number(rescale_factor, "rescale_factor", "a positive, finite number", error=exc.MaskException, above=0.0)
    values = _bools(mask_2d)
    check_memory(values.size * squared(rescale_factor), 8, "rescale_factor", "a mask", exc.MaskException)
    for axis in (0, 1):
        size = int(values.shape[axis])
        new = max(1, int(np.round(size * rescale_factor)))
        nearest = np.floor((np.arange(new) + 0.5) * (size / new)).astype(int)
        values = np.take(values, np.clip(nearest, 0, size - 1), axis=axis)
    values[[0, -1], :] = True
    values[:, [0, -1]] = True
    return values


def is_disc(mask_2d: np.ndarray) -> bool:
    """Whether the unmasked pixels form a filled disc, up to how a circle falls onto pixels."""
    mask_2d = _bools(mask_2d)
    y0, y1, x0, x1 = unmasked_region_from(mask_2d)
    sizes = (y1 - y0, x1 - x0)
    if abs(sizes[0] - sizes[1]) > (1 if max(sizes) > 2 else 0):
        return False
    centre = ((y0 + y1 - 1) / 2, (x0 + x1 - 1) / 2)
    if mask_2d[int(centre[0]), int(centre[1])]:
        return False
    y, x = np.ogrid[: mask_2d.shape[0], : mask_2d.shape[1]]
    total = np.count_nonzero(~mask_2d)
    disc = (y - centre[0]) ** 2 + (x - centre[1]) ** 2 < total / np.pi
    # A tenth of the pixels lets rims through wherever the centre lies; a square differs in more.
    return bool(np.count_nonzero(disc == mask_2d) <= max(2.0, 0.1 * total))


def _check_radius(radius: float, name: str) -> None:
    check_number(
        radius, name, "a number of at least 0 (scaled units)", error=exc.MaskException, least=0.0, infinite=True
    )


def _check_ellipse(axis_ratio: float, axis_ratio_name: str, angle: float, angle_name: str) -> None:
    check_number(axis_ratio, axis_ratio_name, "a positive, finite number", error=exc.MaskException, above=0.0)
    check_number(angle, angle_name, "a finite number of degrees", error=exc.MaskException)


def _bools(mask_2d: ArrayLike) -> np.ndarray:
    return np.asarray(mask_2d, dtype=bool)


def _offsets_from(
    shape_native: tuple[int, int], pixel_scales: tuple[float, float], centre: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray]:
    """The (y, x) scaled offsets of all pixel centres from a centre, y counted downwards."""
    check_numbers(centre, "centre", "a scaled coordinate (y, x)", 2, error=exc.MaskException)
    centre_y, centre_x = mask_2d_centres_from(shape_native, pixel_scales, centre)
    y = (np.arange(shape_native[0]) - centre_y) * pixel_scales[0]
    x = (np.arange(shape_native[1]) - centre_x) * pixel_scales[1]
    return y[:, None], x[None, :]


def _elliptical_radii_from(
    shape_native: tuple[int, int],
    pixel_scales: tuple[float, float],
    angle: float,
    axis_ratio: float,
    centre: tuple[float, float],
) -> np.ndarray:
    """The major axis of the ellipse through each pixel centre, in scaled units."""
    y, x = _offsets_from(shape_native, pixel_scales, centre)
    r = np.sqrt(x**2 + y**2)
    theta = np.arctan2(y, x) + np.radians(angle)
    return np.sqrt((r * np.cos(theta)) ** 2 + (r * np.sin(theta) / axis_ratio) ** 2)


def _dilate(unmasked: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """True wherever a rectangle around a True reaches, one axis after the other; an even one reaches further up."""
    for axis, size in enumerate(shape):
        before, after = size // 2, size - 1 - size // 2
        moved = np.pad(np.moveaxis(unmasked, axis, 0), ((after + 1, before), (0, 0)))
        count = np.cumsum(moved, axis=0)
        unmasked = np.moveaxis(count[size:] > count[:-size], 0, axis)
    return unmasked


def _erode(unmasked: np.ndarray) -> np.ndarray:
    """True wherever a pixel and all of its 8 neighbors are True; outside the array is False."""
    padded = np.pad(unmasked, 1)
    rows = padded[:-2] & padded[1:-1] & padded[2:]
    return rows[:, :-2] & rows[:, 1:-1] & rows[:, 2:]
