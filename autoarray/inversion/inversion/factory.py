"""The inversion for a dataset."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray.inversion.inversion.imaging.mapping import InversionImagingMapping
from autoarray.inversion.linear_obj.linear_obj import LinearObj
from autoarray.settings import Settings


def inversion_from(
    dataset: Any, linear_obj_list: list[LinearObj], settings: Settings | None = None, xp: Any = np
) -> InversionImagingMapping:
    """The inversion that reconstructs a dataset with linear objects.

    Parameters
    ----------
    dataset
        The `Imaging` dataset, or a `DatasetInterface`.
    linear_obj_list
        The linear objects, such as mappers, whose parameters are solved for together.
    settings
        How the inversion is solved; the defaults if None.
    xp
        `numpy` or `jax.numpy`, the same as that of the linear objects.
    """
    return inversion_imaging_from(dataset=dataset, linear_obj_list=linear_obj_list, settings=settings, xp=xp)


def inversion_imaging_from(
    dataset: Any, linear_obj_list: list[LinearObj], settings: Settings | None = None, xp: Any = np
) -> InversionImagingMapping:
    """The inversion that reconstructs imaging data by mapping matrices; see `inversion_from`."""
    return InversionImagingMapping(dataset=dataset, linear_obj_list=linear_obj_list, settings=settings, xp=xp)
