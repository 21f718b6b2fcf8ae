"""The inversion for a dataset."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray.inversion.inversion.imaging.mapping import InversionImagingMapping
from autoarray.inversion.inversion.imaging.sparse import InversionImagingSparse
from autoarray.inversion.linear_obj.linear_obj import LinearObj
from autoarray.inversion.mappers.abstract import Mapper
from autoarray.preloads.abstract import AbstractPreloads
from autoarray.settings import Settings


def inversion_from(
    dataset: Any,
    linear_obj_list: list[LinearObj],
    settings: Settings | None = None,
    xp: Any = np,
    preloads: AbstractPreloads | None = None,
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
    preloads
        What the caller has computed before, or None.

    Returns
    -------
    InversionImagingMapping
        An `InversionImagingSparse` if the dataset has a sparse operator and a linear object is a mapper.

    Examples
    --------
    >>> import autoarray as aa
    >>> import simulated  # examples/simulated.py
    >>> dataset = simulated.dataset()
    >>> mesh = aa.mesh.RectangularBilinearAdaptDensity(shape=(10, 10))
    >>> interpolator = mesh.interpolator_from(dataset.grids.pixelization)
    >>> constant = aa.reg.Constant(coefficient=1.0)
    >>> mapper = aa.Mapper(interpolator=interpolator, regularization=constant)
    >>> inversion = aa.Inversion(dataset=dataset, linear_obj_list=[mapper])
    >>> inversion.reconstruction.shape
    (100,)
    >>> inversion.curvature_matrix.shape
    (100, 100)
    """
    return inversion_imaging_from(
        dataset=dataset, linear_obj_list=linear_obj_list, settings=settings, xp=xp, preloads=preloads
    )


def inversion_imaging_from(
    dataset: Any,
    linear_obj_list: list[LinearObj],
    settings: Settings | None = None,
    xp: Any = np,
    preloads: AbstractPreloads | None = None,
) -> InversionImagingMapping:
    """The inversion that reconstructs imaging data; see `inversion_from`."""
    has_mapper = any(isinstance(linear_obj, Mapper) for linear_obj in linear_obj_list)
    is_sparse = has_mapper and dataset.sparse_operator is not None
    cls = InversionImagingSparse if is_sparse else InversionImagingMapping
    return cls(dataset=dataset, linear_obj_list=linear_obj_list, settings=settings, xp=xp, preloads=preloads)
