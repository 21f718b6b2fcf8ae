"""The curvature of a correction on the pixels of an image."""

from __future__ import annotations

import numpy as np

from autoarray._typing import Array
from autoarray.inversion.regularization._mask_differences import (
    AbstractMaskDifferences,
    difference_matrix_via_mask_from,
)


def curvature_reg_matrix_via_mask_from(mask: Array, pixel_scale: float = 1.0) -> np.ndarray:
    """The matrix of `CurvatureMask(1.0)`; see `mask_differences.difference_matrix_via_mask_from`."""
    return difference_matrix_via_mask_from(mask, order=2, pixel_scale=pixel_scale)


class CurvatureMask(AbstractMaskDifferences):
    """Penalises the curvature of parameters that are the unmasked pixels of an image (Cao et al. 2025).

    For pixelized corrections of a lensing potential: the linear object has a `mask` with as many unmasked pixels as it
    has parameters.

    Parameters
    ----------
    coefficient
        What the matrix is multiplied with.
    """

    _order = 2
