"""The response of antennas across the sky, on the pixels of a mask."""

from __future__ import annotations

import numpy as np

from autoarray import exc
from autoarray._backend import numbers_from
from autoarray._typing import ArrayLike
from autoarray.abstract_ndarray import unwrap
from autoarray.mask.mask_2d import Mask2D
from autoarray.mask.mask_2d_util import same_mask
from autoarray.structures.arrays.uniform_2d import Array2D


def primary_beam_slim_from(primary_beam: ArrayLike, mask: Mask2D) -> np.ndarray:
    """The primary beam in the unmasked pixels of a mask, of shape (pixels,).

    Parameters
    ----------
    primary_beam
        An `Array2D` whose mask has the same shape, or an array in slim or native form.
    mask
        The real-space mask.

    Raises
    ------
    exc.DatasetException
        If it has another shape, or a value is negative or not finite.
    """
    name = "primary_beam"
    if isinstance(primary_beam, Array2D) and not same_mask(primary_beam.mask, mask):
        primary_beam = primary_beam.native
    values = np.asarray(numbers_from(unwrap(primary_beam), name, exc.DatasetException), dtype=float)
    if values.shape == mask.shape_native:
        values = values[mask.slim_to_native_tuple]
    if values.shape != (mask.pixels_in_mask,):
        raise exc.DatasetException(
            f"{name}: expected the shape {mask.shape_native} of the real-space mask, or ({mask.pixels_in_mask},), one "
            f"for each unmasked pixel, found {values.shape}"
        )
    wrong = ~np.isfinite(values) | (values < 0.0)
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise exc.DatasetException(
            f"{name}: expected finite values of at least 0, found {values[first]} in unmasked pixel {first}"
        )
    return values
