# pyright: strict, reportMissingTypeStubs=false
"""The inversion for a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._typing import Namespace
from autoarray._validation import check_object
from autoarray.inversion.inversion._curvature.strategy import sparse_operator_for
from autoarray.inversion.inversion.abstract import check_dataset
from autoarray.inversion.inversion.imaging.mapping import InversionImagingMapping
from autoarray.inversion.inversion.imaging.sparse import InversionImagingSparse
from autoarray.inversion.inversion.interferometer.abstract import AbstractInversionInterferometer
from autoarray.inversion.inversion.interferometer.mapping import InversionInterferometerMapping
from autoarray.inversion.inversion.interferometer.matrix_free import InversionInterferometerMatrixFree
from autoarray.inversion.inversion.interferometer.sparse import InversionInterferometerSparse
from autoarray.inversion.inversion.interferometer_numba.sparse import InversionInterferometerSparseNumba
from autoarray.inversion.linear_obj.linear_obj import LinearObj, linear_objects_from
from autoarray.preloads.abstract import AbstractPreloads
from autoarray.settings import Settings, settings_from
from autoarray.structures.visibilities import AbstractVisibilities

if TYPE_CHECKING:
    from autoarray.inversion.inversion.dataset_interface import ImagingDataset


def inversion_from(
    dataset: Any,
    linear_obj_list: list[LinearObj],
    settings: Settings | None = None,
    xp: Namespace = np,
    preloads: AbstractPreloads | None = None,
) -> InversionImagingMapping | AbstractInversionInterferometer:
    """The inversion that reconstructs a dataset with linear objects.

    Parameters
    ----------
    dataset
        The `Imaging` or `Interferometer` dataset, or a `DatasetInterface`.
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
    AbstractInversion
        Of an image, an `InversionImagingSparse` if the dataset has a sparse operator and a linear object is a mapper,
        and otherwise an `InversionImagingMapping`; of visibilities, see `inversion_interferometer_from`.

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
    check_dataset(dataset, "Inversion.dataset")
    is_of_visibilities = dataset.data is None or isinstance(dataset.data, AbstractVisibilities)
    inversion_of = inversion_interferometer_from if is_of_visibilities else inversion_imaging_from
    return inversion_of(dataset=dataset, linear_obj_list=linear_obj_list, settings=settings, xp=xp, preloads=preloads)


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


def primary_beam_is_trivial(primary_beam_slim: np.ndarray | None) -> bool:
    """Whether a primary beam is none, or 1 everywhere."""
    return primary_beam_slim is None or bool(np.all(np.asarray(primary_beam_slim) == 1.0))


def inversion_interferometer_from(
    dataset: Any,
    linear_obj_list: list[LinearObj],
    settings: Settings | None = None,
    xp: Namespace = np,
    preloads: AbstractPreloads | None = None,
) -> AbstractInversionInterferometer:
    """The inversion that reconstructs visibilities; see `inversion_from`.

    Returns
    -------
    AbstractInversionInterferometer
        An `InversionInterferometerMapping` of a dataset without a sparse operator. Of one with it, for
        `Settings.interferometer_route` None or "fft" an `InversionInterferometerSparse`, for "numba" an
        `InversionInterferometerSparseNumba`; all three form the same system in the same way. For "matrix_free" an
        `InversionInterferometerMatrixFree`, which forms none.
    """
    check_dataset(dataset, "Inversion.dataset")
    check_object(
        dataset, "transformer", "Inversion.dataset", "an Interferometer or a DatasetInterface", exc.InversionException
    )
    linear_obj_list = linear_objects_from(linear_obj_list, "Inversion.linear_obj_list")
    settings = settings_from(settings, "Inversion.settings")
    cls: type[AbstractInversionInterferometer] = InversionInterferometerMapping
    if dataset.sparse_operator is not None:
        routes = {"numba": InversionInterferometerSparseNumba, "matrix_free": InversionInterferometerMatrixFree}
        cls = routes.get(settings.interferometer_route or "", InversionInterferometerSparse)
    return cls(dataset=dataset, linear_obj_list=linear_obj_list, settings=settings, xp=xp, preloads=preloads)
