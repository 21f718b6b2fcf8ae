"""Finite differences on the unmasked pixels of a mask, as sparse matrices.

A derivative in a pixel is taken from the pixel and its two neighbors along an axis, or from the pixel and two neighbors
on one side of it. A mask is clean where every unmasked pixel has them along both axes. The first derivatives have an
error of second order in the pixel scale where both neighbors are there, and of first order at an edge; the second
derivative at an edge is that of the next pixel.

The matrices multiply values of the unmasked pixels in slim order. They follow from the mask alone, and are made with
NumPy once: JAX may multiply with them (`matrix.toarray()`, or its triplets).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray._backend import numbers_from
from autoarray._typing import Values
from autoarray._validation import check_number, whole_from

__all__ = [
    "clean_mask_iteration_from",
    "cleaned_mask_from",
    "derivative_1st_operators_from",
    "derivative_1st_triplets_from",
    "derivative_2nd_operators_from",
    "derivative_2nd_triplets_from",
    "forward_difference_operators_from",
    "forward_difference_reg_matrix_from",
    "forward_difference_triplets_from",
]

Triplets = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]

# From which pixels along an axis the derivative of a pixel is taken: which neighbors, and with which weights. Along y
# the rows of an array go down while y goes up, so that weights of odd derivatives change their sign there.
_NONE, _BACKWARD, _CENTRAL, _FORWARD = -1, 0, 1, 2
_FIRST = {_BACKWARD: ((-1, -1.0), (0, 1.0)), _CENTRAL: ((-1, -0.5), (1, 0.5)), _FORWARD: ((0, -1.0), (1, 1.0))}
_SECOND = {
    _BACKWARD: ((-2, 1.0), (-1, -2.0), (0, 1.0)),
    _CENTRAL: ((-1, 1.0), (0, -2.0), (1, 1.0)),
    _FORWARD: ((0, 1.0), (1, -2.0), (2, 1.0)),
}
# The weights of forward differences of the orders 0 to 4: binomial coefficients with alternating signs.
_DIFFERENCES = ((1.0,), (-1.0, 1.0), (1.0, -2.0, 1.0), (-1.0, 3.0, -3.0, 1.0), (1.0, -4.0, 6.0, -4.0, 1.0))


def clean_mask_iteration_from(mask: Values) -> tuple[np.ndarray, np.ndarray]:
    """A mask without the pixels that have too few neighbors for a derivative, and how the others take theirs.

    Parameters
    ----------
    mask
        The mask of shape (y, x), in which True is masked.

    Returns
    -------
    tuple
        The new mask, which may have such pixels again, and for each pixel of the old one how the derivatives along y
        and x are taken, of shape (y, x, 2): 0 from the two pixels before it in the array, 1 from both sides, 2 from the
        two pixels behind it, -1 for not at all.
    """
    masked = _mask_from(mask)
    types = np.stack([_types_along(masked, axis) for axis in (0, 1)], axis=-1)
    return masked | (types == _NONE).any(axis=-1), types


def cleaned_mask_from(mask: Values, max_iter: int = 50) -> tuple[np.ndarray, np.ndarray]:
    """A mask whose unmasked pixels all have a derivative along both axes.

    Parameters
    ----------
    mask
        The mask of shape (y, x), in which True is masked.
    max_iter
        How often pixels may be masked.

    Returns
    -------
    tuple
        The mask, which may have no unmasked pixel left, and how the derivatives are taken; see
        `clean_mask_iteration_from`.

    Raises
    ------
    MaskException
        If there are still such pixels then.
    """
    masked = _mask_from(mask)
    for _ in range(whole_from(max_iter, "max_iter", 0, exc.MaskException)):
        new, types = clean_mask_iteration_from(masked)
        if np.array_equal(new, masked):
            return new, types
        masked = new
    raise exc.MaskException(
        f"mask: expected one that is clean after {max_iter} iterations, found a mask of shape {masked.shape} of which "
        f"{np.count_nonzero(~masked)} unmasked pixels are left and are not clean; raise max_iter"
    )


def derivative_1st_triplets_from(mask: Values, diff_types: np.ndarray, dpix: float = 1.0) -> Triplets:
    """The entries of the matrices of first derivatives.

    Parameters
    ----------
    mask
        A clean mask of shape (y, x), in which True is masked.
    diff_types
        How the derivatives are taken; see `clean_mask_iteration_from`.
    dpix
        The size of a pixel, in scaled units.

    Returns
    -------
    tuple
        Rows, columns and values of the entries of d/dx, then those of d/dy.
    """
    return _triplets_from(mask, diff_types, _FIRST, dpix, 1)


def derivative_1st_operators_from(mask: Values, pixel_scale: float = 1.0) -> tuple[Any, Any]:
    """The matrices that make the derivatives d/dy and d/dx of values in the unmasked pixels.

    Parameters
    ----------
    mask
        A clean mask of shape (y, x), in which True is masked.
    pixel_scale
        The size of a pixel, in scaled units.

    Returns
    -------
    tuple
        Two SciPy sparse matrices of shape (pixels, pixels).

    Raises
    ------
    MaskException
        If the mask is not clean; see `cleaned_mask_from`.
    """
    return _matrices_from(mask, derivative_1st_triplets_from(mask, _types_of_clean(mask), pixel_scale))


def derivative_2nd_triplets_from(mask: Values, diff_types: np.ndarray, dpix: float = 1.0) -> Triplets:
    """The entries of the matrices of second derivatives; see `derivative_1st_triplets_from`.

    Parameters
    ----------
    mask, diff_types, dpix
        See `derivative_1st_triplets_from`.

    Returns
    -------
    tuple
        Rows, columns and values of the entries of d2/dx2, then those of d2/dy2.
    """
    return _triplets_from(mask, diff_types, _SECOND, dpix, 2)


def derivative_2nd_operators_from(mask: Values, pixel_scale: float = 1.0) -> tuple[Any, Any]:
    """The matrices that make the derivatives d2/dy2 and d2/dx2; see `derivative_1st_operators_from`.

    Parameters
    ----------
    mask, pixel_scale
        See `derivative_1st_operators_from`.

    Returns
    -------
    tuple
        Two SciPy sparse matrices of shape (pixels, pixels).

    Raises
    ------
    MaskException
        If the mask is not clean; see `cleaned_mask_from`.
    """
    return _matrices_from(mask, derivative_2nd_triplets_from(mask, _types_of_clean(mask), pixel_scale))


def forward_difference_triplets_from(mask: Values, dpix: float = 1.0, max_order: int = 2) -> Triplets:
    """The entries of the matrices of forward differences.

    A pixel has the difference of the greatest order, up to `max_order`, for which the pixels behind it are unmasked: of
    order 0, its own value, if the next one is masked. So no combination of values has differences of zero everywhere.

    Parameters
    ----------
    mask
        A mask of shape (y, x), in which True is masked.
    dpix
        The size of a pixel, in scaled units.
    max_order
        The greatest order, from 1 to 4.

    Returns
    -------
    tuple
        Rows, columns and values of the entries along x, then those along y.

    Raises
    ------
    ValueError
        If the order is another.
    """
    unmasked = ~_mask_from(mask)
    _check_pixel(dpix)
    if whole_from(max_order, "max_order", 1) > 4:
        raise ValueError(f"max_order: expected an order from 1 to 4, found {max_order}")
    triplets = []
    for axis in (1, 0):
        order = np.zeros(unmasked.shape, dtype=int)
        reaches = unmasked
        for step in range(1, max_order + 1):
            reaches = reaches & _shifted(unmasked, step, axis)
            order[reaches] = step
        sign = -1.0 if axis == 0 else 1.0
        stencils = {
            number: tuple((step, sign**number * weight) for step, weight in enumerate(_DIFFERENCES[number]))
            for number in range(max_order + 1)
        }
        triplets += _entries_from(unmasked, order, stencils, {n: dpix**-n for n in stencils}, axis)
    return tuple(triplets)  # type: ignore[return-value]


def forward_difference_operators_from(mask: Values, pixel_scale: float = 1.0, max_order: int = 2) -> tuple[Any, Any]:
    """The matrices of forward differences along y and x; see `forward_difference_triplets_from`.

    Parameters
    ----------
    mask, max_order
        See `forward_difference_triplets_from`.
    pixel_scale
        The size of a pixel, in scaled units.

    Returns
    -------
    tuple
        Two SciPy sparse matrices of shape (pixels, pixels).
    """
    return _matrices_from(mask, forward_difference_triplets_from(mask, pixel_scale, max_order))


def forward_difference_reg_matrix_from(mask: Values, pixel_scale: float = 1.0, max_order: int = 2) -> Any:
    """The regularization matrix whose quadratic form is the sum of squares of the forward differences.

    Parameters
    ----------
    mask, pixel_scale, max_order
        See `forward_difference_operators_from`.

    Returns
    -------
    csr_matrix
        A symmetric and positive definite SciPy sparse matrix of shape (pixels, pixels).
    """
    along_y, along_x = forward_difference_operators_from(mask, pixel_scale, max_order)
    return (along_y.T @ along_y + along_x.T @ along_x).tocsr()


def _mask_from(mask: Values) -> np.ndarray:
    masked = np.asarray(numbers_from(getattr(mask, "array", mask), "mask", exc.MaskException))
    if masked.ndim != 2:
        raise exc.MaskException(f"mask: expected a mask of shape (y, x), found shape {masked.shape}")
    return masked.astype(bool)


def _check_pixel(dpix: float) -> None:
    check_number(dpix, "the pixel scale", "a number above 0", above=0.0)


def _shifted(unmasked: np.ndarray, step: int, axis: int) -> np.ndarray:
    """Whether the pixel that is some steps further along an axis is unmasked; none is beyond the edge."""
    result = np.zeros_like(unmasked)
    if abs(step) < unmasked.shape[axis]:
        here, there = [slice(None)] * 2, [slice(None)] * 2
        here[axis] = slice(max(0, -step), unmasked.shape[axis] - max(0, step))
        there[axis] = slice(max(0, step), unmasked.shape[axis] + min(0, step))
        result[tuple(here)] = unmasked[tuple(there)]
    return result


def _types_along(masked: np.ndarray, axis: int) -> np.ndarray:
    near = {step: _shifted(~masked, step, axis) for step in (-2, -1, 1, 2)}
    types = np.full(masked.shape, _NONE)
    types[near[-1] & near[-2]] = _BACKWARD
    types[near[1] & near[2]] = _FORWARD
    types[near[-1] & near[1]] = _CENTRAL
    types[masked] = _NONE
    return types


def _types_of_clean(mask: Values) -> np.ndarray:
    masked = _mask_from(mask)
    new, types = clean_mask_iteration_from(masked)
    short = new & ~masked
    if short.any():
        y, x = (int(index) for index in np.argwhere(short)[0])
        raise exc.MaskException(
            f"mask: expected unmasked pixels with two neighbors along each axis, found {np.count_nonzero(short)} "
            f"without, the first at {(y, x)}; clean it with cleaned_mask_from(mask) first"
        )
    return types


def _triplets_from(mask: Values, diff_types: np.ndarray, stencils: Any, dpix: float, order: int) -> Triplets:
    unmasked = ~_mask_from(mask)
    _check_pixel(dpix)
    types = np.asarray(diff_types)
    if types.shape != (*unmasked.shape, 2):
        raise exc.MaskException(
            f"diff_types: expected shape {(*unmasked.shape, 2)}, a number per pixel and axis, found {types.shape}"
        )
    triplets = []
    for axis in (1, 0):
        sign = (-1.0) ** order if axis == 0 else 1.0
        factor = dict.fromkeys(stencils, sign * dpix**-order)
        triplets += _entries_from(unmasked, types[..., axis], stencils, factor, axis)
    return tuple(triplets)  # type: ignore[return-value]


def _entries_from(
    unmasked: np.ndarray, types: np.ndarray, stencils: Any, factors: dict[int, float], axis: int
) -> list[np.ndarray]:
    """Rows, columns and values of a matrix whose rows have the stencils of the types of the unmasked pixels."""
    slim = np.full(unmasked.shape, -1)
    slim[unmasked] = np.arange(np.count_nonzero(unmasked))
    rows, columns, values = [], [], []
    for number, stencil in stencils.items():
        pixels = np.argwhere(unmasked & (types == number))
        for step, weight in stencil:
            near = pixels.copy()
            near[:, axis] += step
            rows.append(slim[tuple(pixels.T)])
            columns.append(slim[tuple(near.T)])
            values.append(np.full(len(pixels), weight * factors[number]))
    row, column = np.concatenate(rows), np.concatenate(columns)
    order = np.lexsort((column, row))
    return [row[order], column[order], np.concatenate(values)[order]]


def _matrices_from(mask: Values, triplets: Triplets) -> tuple[Any, Any]:
    # A matrix, not SciPy's newer array: callers multiply with `*` too.
    from scipy.sparse import csr_matrix

    pixels = int(np.count_nonzero(~_mask_from(mask)))
    along_x, along_y = (
        csr_matrix((values, (rows, columns)), shape=(pixels, pixels))
        for rows, columns, values in (triplets[:3], triplets[3:])
    )
    return along_y, along_x
