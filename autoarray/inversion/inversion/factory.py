# pyright: strict, reportMissingTypeStubs=false
"""The inversion for a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._typing import Namespace
from autoarray.inversion.inversion._curvature.strategy import sparse_operator_for
from autoarray.inversion.inversion.abstract import check_dataset
from autoarray.inversion.inversion.imaging.mapping import InversionImagingMapping
from autoarray.inversion.inversion.imaging.sparse import InversionImagingSparse
from autoarray.inversion.linear_obj.linear_obj import LinearObj, linear_objects_from
from autoarray.preloads.abstract import AbstractPreloads
from autoarray.settings import Settings

if TYPE_CHECKING:
    from autoarray.inversion.inversion.dataset_interface import ImagingDataset


def inversion_from(
    dataset: ImagingDataset,
    linear_obj_list: list[LinearObj],
    settings: Settings | None = None,
    xp: Namespace = np,
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
    dataset: ImagingDataset,
    linear_obj_list: list[LinearObj],
    settings: Settings | None = None,
    xp: Namespace = np,
    preloads: AbstractPreloads | None = None,
) -> InversionImagingMapping:
    """The inversion that reconstructs imaging data; see `inversion_from`."""
    check_dataset(dataset, "Inversion.dataset")
    linear_obj_list = linear_objects_from(linear_obj_list, "Inversion.linear_obj_list")
    has_operator = sparse_operator_for(dataset, linear_obj_list) is not None
    cls = InversionImagingSparse if has_operator else InversionImagingMapping
    return cls(dataset=dataset, linear_obj_list=linear_obj_list, settings=settings, xp=xp, preloads=preloads)
