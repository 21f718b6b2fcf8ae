"""Index and coordinate arithmetic of sub-grids, and rules that choose their sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, numbers_from
from autoarray._typing import ArrayLike, Namespace
from autoarray._validation import check_memory, check_number, check_numbers, check_object, shown, whole_from
from autoarray.abstract_ndarray import unwrap

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D
    from autoarray.structures.arrays.uniform_2d import Array2D
    from autoarray.structures.grids.uniform_2d import Grid2D


def _plain(values: ArrayLike) -> np.ndarray:
    return np.asarray(getattr(values, "array", values))


def is_size(value: object) -> TypeGuard[int]:
    """Whether a value is one integer of at least 1, which divides a pixel: Python's or NumPy's, and no bool.

    Parameters
    ----------
    value
        What is looked at.
    """
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool) and bool(value >= 1)


def over_sample_size_convert_to_array_2d_from(over_sample_size: ArrayLike, mask: Mask2D) -> Array2D:
    """Sub sizes as an `Array2D` of ints that shares the given mask object.

    Parameters
    ----------
    over_sample_size
        One size for every pixel, or one size for each unmasked pixel (slim or native).
    mask
        The mask whose unmasked pixels are divided.

    Raises
    ------
    exc.ArrayException
        If the number of sizes is not the number of unmasked pixels.
    exc.GridException
        If a size is not an integer of at least 1, or the coordinates of all sub-pixels don't fit into memory.
    """
    from autoarray.structures.arrays.uniform_2d import Array2D

    sizes = numbers_from(unwrap(over_sample_size), "over_sample_size", exc.GridException, real=False)
    sizes = np.asarray(sizes)
    native = _plain(mask)
    pixels = int(np.count_nonzero(~native))
    if sizes.ndim == 0:
        slim = np.broadcast_to(sizes, (pixels,))
    elif sizes.shape == native.shape:
        slim = sizes[~native]
    elif sizes.shape == (pixels,):
        slim = sizes
    else:
        raise exc.ArrayException(
            f"over_sample_size: expected one integer, or an array of shape ({pixels},) or {native.shape} for a mask "
            f"with {pixels} unmasked pixels, found shape {sizes.shape}"
        )
    if slim.dtype.kind not in "iuf":
        raise exc.GridException(f"over_sample_size: expected integers of at least 1, found {slim.dtype}")
    wrong = ~((slim >= 1) & (slim < np.inf) & (slim == np.trunc(slim)))
    if wrong.any():
        raise exc.GridException(
            f"over_sample_size: expected integers of at least 1, found {np.unique(slim[wrong])[:5]}"
        )
    # As floats, because squares of large sizes leave the range of int64.
    check_memory(
        float(np.square(slim, dtype=float).sum()),
        16,
        "over_sample_size",
        "coordinates of sub-pixels",
        exc.GridException,
    )
    usable = sizes.dtype == np.int64 and sizes.ndim == 1
    if usable and isinstance(over_sample_size, Array2D) and over_sample_size.mask is mask:
        return over_sample_size
    return Array2D(values=slim.astype(np.int64), mask=mask)


def total_sub_pixels_2d_from(sub_size: ArrayLike) -> int:
    """The number of sub-pixels of all unmasked pixels, given the sub size of each."""
    return int(np.sum(_plain(sub_size).astype(np.int64) ** 2))


def _sizes_for(mask_2d: ArrayLike, sub_size: ArrayLike) -> np.ndarray:
    pixels = int(np.count_nonzero(~_plain(mask_2d)))
    return np.broadcast_to(_plain(sub_size).astype(np.int64), (pixels,))


def slim_index_for_sub_slim_index_via_mask_2d_from(mask_2d: ArrayLike, sub_size: ArrayLike) -> np.ndarray:
    """The slim index of the pixel that each sub-pixel lies in, of shape (total_sub_pixels,)."""
    sizes = _sizes_for(mask_2d, sub_size)
    return np.repeat(np.arange(sizes.size), sizes**2)


def grid_2d_slim_over_sampled_via_mask_from(
    mask_2d: ArrayLike,
    pixel_scales: tuple[float, float],
    sub_size: ArrayLike,
    origin: tuple[float, float] = (0.0, 0.0),
) -> np.ndarray:
    """The (y, x) centres in arc-seconds of the sub-pixels of all unmasked pixels.

    Parameters
    ----------
    mask_2d
        The native mask, True where a pixel is masked.
    pixel_scales
        The (y, x) size of a pixel in arc-seconds.
    sub_size
        The sub size of each unmasked pixel, or one for all; a pixel of size 0 has no sub-pixels.
    origin
        The (y, x) centre of the array in arc-seconds.

    Returns
    -------
    np.ndarray
        Coordinates of shape (total_sub_pixels, 2), pixel by pixel, and from the top left to the
        bottom right inside a pixel.
    """
    native = _plain(mask_2d)
    sizes = _sizes_for(mask_2d, sub_size)
    rows, columns = np.nonzero(~native)
    y_scale, x_scale = pixel_scales
    y = ((native.shape[0] - 1) / 2.0 - rows) * y_scale + origin[0]
    x = (columns - (native.shape[1] - 1) / 2.0) * x_scale + origin[1]

    lengths = sizes**2
    starts = np.cumsum(lengths) - lengths
    grid = np.empty((int(lengths.sum()), 2))
    for size in map(int, np.unique(sizes)):
        pixels = np.flatnonzero(sizes == size)
        steps = (np.arange(size) + 0.5) / max(size, 1) - 0.5
        sub = (starts[pixels, None] + np.arange(size**2)).reshape(pixels.size, size, size)
        grid[sub, 0] = y[pixels, None, None] - (steps * y_scale)[:, None]
        grid[sub, 1] = x[pixels, None, None] + steps * x_scale
    return grid


def mask_2d_upscaled_from(mask_2d: Mask2D, over_sample_size: int) -> Mask2D:
    """The mask with every pixel replaced by `over_sample_size x over_sample_size` finer pixels.

    Its pixels are the sub-pixels of a uniform sub-grid of the mask: their centres coincide.
    """
    from autoarray.mask.mask_2d import Mask2D

    fine = np.repeat(np.repeat(_plain(mask_2d), over_sample_size, axis=0), over_sample_size, axis=1)
    y_scale, x_scale = mask_2d.pixel_scales
    return Mask2D(
        mask=fine,
        pixel_scales=(y_scale / over_sample_size, x_scale / over_sample_size),
        origin=mask_2d.origin,
    )


def sub_slim_to_fine_slim_from(mask_2d: ArrayLike, over_sample_size: int) -> np.ndarray:
    """The slim index on the upscaled mask of each sub-pixel of a uniform sub-grid.

    Sub-pixels are ordered pixel by pixel, the upscaled mask row by row over the whole array, so
    `fine[index] = sub` scatters the one into the other and `fine[index]` gathers it back.
    """
    native = _plain(mask_2d)
    size = over_sample_size
    fine = np.repeat(np.repeat(~native, size, axis=0), size, axis=1)
    slim = np.where(fine, np.cumsum(fine).reshape(fine.shape) - 1, -1)
    blocks = slim.reshape(native.shape[0], size, native.shape[1], size).transpose(0, 2, 1, 3)
    return blocks[~native].reshape(-1)


def convolve_bin_segment_ids_from(sub_size: ArrayLike, convolve_over_sample_size: int) -> np.ndarray:
    """The cell of a uniform finer grid that each sub-pixel of an adaptive sub-grid lies in.

    Parameters
    ----------
    sub_size
        The sub size of each unmasked pixel, each a multiple of `convolve_over_sample_size`.
    convolve_over_sample_size
        The number of cells per pixel and direction of the uniform finer grid.

    Raises
    ------
    exc.GridException
        If a sub size is not such a multiple.
    """
    sizes = _plain(sub_size).astype(np.int64)
    fine = convolve_over_sample_size
    if np.any(sizes % fine):
        raise exc.GridException(
            f"sub_size: expected multiples of convolve_over_sample_size={fine}, so that sub-pixels can be averaged "
            f"in the pixels of the finer PSF, found {np.unique(sizes[sizes % fine != 0]).tolist()}"
        )
    lengths = sizes**2
    starts = np.cumsum(lengths) - lengths
    segments = np.empty(int(lengths.sum()), dtype=np.int64)
    for size in map(int, np.unique(sizes)):
        pixels = np.flatnonzero(sizes == size)
        cell = np.arange(size) // (size // fine)
        within = (cell[:, None] * fine + cell).reshape(-1)
        segments[starts[pixels, None] + np.arange(size**2)] = pixels[:, None] * fine**2 + within
    return segments


def binned_to_convolve_size_from(
    values: ArrayLike, sub_size: ArrayLike, convolve_over_sample_size: int, xp: Namespace = np
) -> Any:
    """The means of sub-pixel values over the cells of the uniform grid that a finer PSF needs.

    Parameters
    ----------
    values
        One row for each sub-pixel, of shape (total_sub_pixels, ...).
    sub_size
        The sub size of each unmasked pixel, each a multiple of `convolve_over_sample_size`.

    Returns
    -------
    Means of shape (total_pixels * convolve_over_sample_size**2, ...); `values` itself if the
    sub-grid is the finer grid.
    """
    sizes = _plain(sub_size).astype(np.int64)
    if np.all(sizes == convolve_over_sample_size):
        return values
    segments = convolve_bin_segment_ids_from(sizes, convolve_over_sample_size)
    plain = as_array(getattr(values, "array", values), xp)
    if plain.shape[:1] != segments.shape:
        raise exc.GridException(
            f"values: expected one row for each of the {segments.size} sub-pixels, found shape {plain.shape}"
        )
    cells = sizes.size * convolve_over_sample_size**2
    shape: tuple[int, ...] = (cells, *[1] * (plain.ndim - 1))
    counts = np.bincount(segments, minlength=cells).reshape(shape)
    sums: Any
    if xp is np:
        sums = np.zeros((cells, *plain.shape[1:]), dtype=np.result_type(plain.dtype, np.float64))
        np.add.at(sums, segments, plain)
    else:
        sums = xp.zeros((cells, *plain.shape[1:]), dtype=plain.dtype).at[segments].add(plain)
        counts = xp.asarray(counts, dtype=plain.dtype)
    return sums / counts


def sub_size_radial_bins_from(radial_grid: ArrayLike, sub_size_list: ArrayLike, radial_list: ArrayLike) -> np.ndarray:
    """The sub size of each pixel from its distance to a centre.

    A pixel at a distance of at most `radial_list[i]`, and more than `radial_list[i - 1]`, has the
    size `sub_size_list[i]`; beyond the last radius it has the last size.

    Raises
    ------
    exc.GridException
        If the radii don't rise from at least 0, or there is not a size for each, and at most one more.
    """
    sizes = numbers_from(sub_size_list, "sub_size_list", exc.GridException)
    radii = numbers_from(radial_list, "radial_list", exc.GridException)
    if radii.ndim != 1 or not (np.all(radii >= 0.0) and np.all(np.diff(radii) > 0.0)):
        raise exc.GridException(f"radial_list: expected radii that rise from at least 0, found {radii.tolist()}")
    if sizes.ndim != 1 or not 0 <= sizes.size - radii.size <= 1 or not sizes.size:
        raise exc.GridException(
            f"sub_size_list: expected a size for each of the {radii.size} radii of radial_list, or one more, for what "
            f"lies beyond the last one, found {sizes.tolist()}"
        )
    index = np.searchsorted(radii, _plain(radial_grid), side="left")
    return sizes[np.minimum(index, sizes.size - 1)]


def over_sample_size_via_radial_bins_from(
    grid: Grid2D,
    sub_size_list: Sequence[int],
    radial_list: Sequence[float],
    centre_list: Sequence[tuple[float, float]] | None = None,
) -> Array2D:
    """Sub sizes that fall with the distance to one or more centres.

    Parameters
    ----------
    grid
        The grid of pixel centres in arc-seconds.
    sub_size_list, radial_list
        The size within each radius in arc-seconds; see `sub_size_radial_bins_from`.
    centre_list
        The (y, x) centres in arc-seconds: by default the centre of the grid's mask. Of several
        centres, the one that asks for the largest size counts.
    """
    check_object(grid, "mask", "grid", "a Grid2D", exc.GridException)
    centres = [grid.mask.mask_centre] if centre_list is None else centre_list
    if not isinstance(centres, (tuple, list, np.ndarray)) or not len(centres):
        raise exc.GridException(
            f"centre_list: expected a list of at least one centre (y, x), or None, found {shown(centres)}"
        )
    for index, centre in enumerate(centres):
        check_numbers(centre, f"centre_list[{index}]", "a scaled coordinate (y, x)", 2, error=exc.GridException)
    coordinates = _plain(grid)
    sizes = [
        sub_size_radial_bins_from(np.hypot(*(coordinates - np.asarray(centre)).T), sub_size_list, radial_list)
        for centre in centres
    ]
    return over_sample_size_convert_to_array_2d_from(np.max(sizes, axis=0), grid.mask)


def _check_rule(signal_to_noise_cut: float, sub_size_lower: int, sub_size_upper: int) -> None:
    check_number(signal_to_noise_cut, "signal_to_noise_cut", error=exc.GridException)
    whole_from(sub_size_lower, "sub_size_lower", 1, exc.GridException)
    whole_from(sub_size_upper, "sub_size_upper", 1, exc.GridException)


def over_sample_size_via_snr_from(
    signal_to_noise_map: Array2D,
    signal_to_noise_cut: float = 3.0,
    sub_size_lower: int = 2,
    sub_size_upper: int = 4,
) -> Array2D:
    """Sub sizes of `sub_size_upper` where the signal-to-noise exceeds the cut, else `sub_size_lower`."""
    check_object(signal_to_noise_map, "pixel_scales", "signal_to_noise_map", "an Array2D", exc.GridException)
    _check_rule(signal_to_noise_cut, sub_size_lower, sub_size_upper)
    above = _plain(signal_to_noise_map) > signal_to_noise_cut
    sizes = np.where(above, sub_size_upper, sub_size_lower)
    return over_sample_size_convert_to_array_2d_from(sizes, signal_to_noise_map.mask)


def over_sample_size_via_adapt_from(
    data: Array2D,
    noise_map: Array2D,
    signal_to_noise_cut: float = 5.0,
    sub_size_lower: int = 2,
    sub_size_upper: int = 4,
) -> Array2D:
    """Sub sizes of `sub_size_upper` where the data's signal-to-noise exceeds the cut, else `sub_size_lower`.

    Of data whose maximum is below twice the cut, half that maximum is the cut instead, so that
    the brightest parts of faint data are over-sampled too.
    """
    for name, array in (("data", data), ("noise_map", noise_map)):
        check_object(array, "pixel_scales", name, "an Array2D", exc.GridException)
    _check_rule(signal_to_noise_cut, sub_size_lower, sub_size_upper)
    signal_to_noise = _plain(data) / _plain(noise_map)
    cut = min(signal_to_noise_cut, float(np.max(signal_to_noise)) / 2.0)
    sizes = np.where(signal_to_noise > cut, sub_size_upper, sub_size_lower)
    return over_sample_size_convert_to_array_2d_from(sizes, data.mask)
