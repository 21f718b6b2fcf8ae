"""Sums of squared forward differences on the unmasked pixels of an image."""

from __future__ import annotations

from math import comb

import numpy as np

from autoarray import exc
from autoarray._backend import as_array
from autoarray._typing import Array, Namespace
from autoarray._validation import check_power
from autoarray.abstract_ndarray import unwrap
from autoarray.inversion.regularization.abstract import AbstractRegularization, Smoothable


def difference_matrix_via_mask_from(mask: Array, order: int, pixel_scale: float = 1.0) -> np.ndarray:
    """The matrix of the sum over all unmasked pixels, and both axes, of their squared forward difference.

    The difference of order n of a pixel runs over the n pixels after it. Where the mask or the edge of the image cuts
    them off after k, it is that of order k, down to the value of the pixel itself.

    Parameters
    ----------
    mask
        True where masked, of shape (y, x).
    order
        The order of the difference.
    pixel_scale
        The distance between two pixels, in arc-seconds, by which each order divides.

    Returns
    -------
    ndarray
        Of shape (unmasked_pixels, unmasked_pixels).
    """
    from scipy.sparse import coo_array

    unmasked = ~np.asarray(mask, dtype=bool)
    total = int(unmasked.sum())
    index = np.full(unmasked.shape, -1)
    index[unmasked] = np.arange(total)
    matrix = np.zeros((total, total))
    for axis in (0, 1):
        # The pixel n steps ahead of each pixel, or -1 from the first masked one on.
        ahead = [index[unmasked]]
        padding = [(0, 0), (0, 0)]
        padding[axis] = (0, order)
        padded = np.pad(index, padding, constant_values=-1)
        for step in range(1, order + 1):
            shifted = np.take(padded, np.arange(unmasked.shape[axis]) + step, axis=axis)[unmasked]
            ahead.append(np.where(ahead[-1] >= 0, shifted, -1))
        reached = (np.stack(ahead) >= 0).sum(axis=0) - 1
        rows, columns, values = [], [], []
        for reach in range(order + 1):
            (pixels,) = np.nonzero(reached == reach)
            for step in range(reach + 1):
                rows.append(pixels)
                columns.append(ahead[step][pixels])
                values.append(np.full(pixels.size, (-1.0) ** step * comb(reach, step) / pixel_scale**reach))
        entries = np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))
        differences = coo_array(entries, shape=(total, total)).tocsr()
        matrix += (differences.T @ differences).toarray()
    return matrix


class AbstractMaskDifferences(AbstractRegularization):
    """Base of the schemes whose parameters are the unmasked pixels of an image.

    Parameters
    ----------
    coefficient
        What the matrix is multiplied with.
    """

    # The order of the differences.
    _order: int

    def __init__(self, coefficient: float = 1.0) -> None:
        check_power(coefficient, f"{type(self).__name__}.coefficient", 1.0)
        self.coefficient = coefficient

    def regularization_weights_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        return self.coefficient * xp.ones(linear_obj.params)

    def regularization_matrix_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        """The matrix H, of shape (params, params).

        Raises
        ------
        PixelizationException
            If the linear object has no mask, or one whose unmasked pixels are not as many as its parameters.
        """
        mask = unwrap(getattr(linear_obj, "mask", None))
        pixels = None if mask is None else int(np.count_nonzero(~np.asarray(mask, dtype=bool)))
        if mask is None or pixels != linear_obj.params:
            raise exc.PixelizationException(
                f"{type(self).__name__}: expected a parameter for each unmasked pixel of the linear object's mask, "
                f"found {linear_obj.params} parameters and {'no mask' if mask is None else f'{pixels} pixels'}"
            )
        matrix = difference_matrix_via_mask_from(mask, self._order)
        return self.coefficient * as_array(matrix, xp)
