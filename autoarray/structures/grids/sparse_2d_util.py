"""Grids along a space-filling curve, and positions on it at even steps of a distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray._backend import numbers_from
from autoarray._typing import ArrayLike, PixelScales, Values
from autoarray._validation import check_number, check_object, whole_from
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.grids._hilbert_curve import gilbert2d
from autoarray.structures.grids.uniform_2d import Grid2D

__all__ = ["create_grid_hb_order", "create_img_and_grid_hb_order", "inverse_transform_sampling_interpolated"]

# The quantile of the last position. It is below 1, which rounding may keep the last value of a distribution from.
LAST_QUANTILE = 0.99999999


def create_grid_hb_order(length: int, mask_radius: float) -> tuple[np.ndarray, np.ndarray]:
    """The coordinates of a square grid around the origin, in the order of a Hilbert curve.

    Parameters
    ----------
    length
        The number of rows and columns.
    mask_radius
        Half the side of the square, in scaled units; the coordinates start at its edge.

    Returns
    -------
    tuple
        x and y, each of shape (length**2,).
    """
    whole_from(length, "length", 1, exc.GridException)
    check_number(mask_radius, "mask_radius", "a radius above 0", above=0.0, error=exc.GridException)
    steps = np.array(list(gilbert2d(length, length)))
    x, y = (steps * (2.0 * mask_radius / length) - mask_radius).T
    return x, y


def create_img_and_grid_hb_order(
    img_2d: Values,
    mask: Mask2D,
    mask_radius: float,
    pixel_scales: PixelScales,
    length_hb: int,
    mask_centre: tuple[float, float] = (0.0, 0.0),
) -> tuple[np.ndarray, np.ndarray]:
    """An image along the part of a Hilbert curve that lies in a disc.

    Parameters
    ----------
    img_2d
        The image: an `Array2D`, of which masked pixels count as 0, or values of the shape of the mask.
    mask
        Its mask, whose origin the coordinates of its pixels have.
    mask_radius, mask_centre
        The disc, in scaled units.
    pixel_scales
        The size of the pixels of the image, in scaled units.
    length_hb
        The side of the square that the curve fills, in steps of the curve.

    Returns
    -------
    tuple
        The image, interpolated linearly on the triangles between the centres of pixels, of shape (N,), and the (y, x)
        coordinates along the curve, of shape (N, 2), in scaled units.

    Raises
    ------
    GridException
        If the image has another shape than its mask.
    """
    from scipy import interpolate

    check_object(mask, "shape_native", "mask", "a Mask2D", exc.GridException)
    image = getattr(img_2d, "native", img_2d)
    native = np.asarray(numbers_from(getattr(image, "array", image), "img_2d", exc.GridException))
    if native.shape != tuple(mask.shape_native):
        raise exc.GridException(
            f"img_2d: expected an image of shape {tuple(mask.shape_native)}, that of its mask, found {native.shape}"
        )
    x, y = create_grid_hb_order(length=length_hb, mask_radius=mask_radius)
    coordinates = np.stack((y, x), axis=1)
    inside = (coordinates**2).sum(axis=1) <= mask_radius**2
    grid = coordinates[inside] + np.asarray(mask_centre)
    points = Grid2D.uniform(shape_native=native.shape, pixel_scales=pixel_scales, origin=mask.origin)
    griddata: Any = interpolate.griddata  # SciPy has no types
    values: np.ndarray = griddata(
        points=np.asarray(points.array), values=native.ravel(), xi=grid, fill_value=0.0, method="linear"
    )
    return values, grid


def inverse_transform_sampling_interpolated(
    probabilities: ArrayLike, n_samples: int, gridx: ArrayLike, gridy: ArrayLike
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Positions along a curve at evenly spaced quantiles of a distribution on it.

    Parameters
    ----------
    probabilities
        The probability of each position on the curve, of shape (N,), adding up to 1. The first is taken to be 0.
    n_samples
        How many positions.
    gridx, gridy
        The coordinates of the curve, each of shape (N,).

    Returns
    -------
    tuple
        The positions as (fractional) indexes and as the two coordinates, each of shape (n_samples,).

    Raises
    ------
    PixelizationException
        If the probabilities don't add up to 1.
    """
    distribution = np.cumsum(probabilities)
    if not distribution.size or not distribution[-1] >= LAST_QUANTILE:
        total = distribution[-1] if distribution.size else 0.0
        raise exc.PixelizationException(f"probabilities: expected numbers that add up to 1, found a sum of {total}")
    distribution[0] = 0.0
    index = np.interp(np.linspace(0.0, LAST_QUANTILE, n_samples), distribution, np.arange(len(distribution)))
    x, y = np.asarray(gridx), np.asarray(gridy)
    return index, np.interp(index, np.arange(len(x)), x), np.interp(index, np.arange(len(y)), y)
