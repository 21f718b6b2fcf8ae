"""The functions on bare arrays behind the classes, each module under its short name."""

from importlib import import_module as _import_module
from typing import Any as _Any

from autoarray.fit import fit_util as fit
from autoarray.geometry import geometry_util as geometry
from autoarray.inversion.inversion import inversion_util as inversion
from autoarray.inversion.mappers import mapper_util as mapper
from autoarray.inversion.regularization import regularization_util as regularization
from autoarray.layout import layout_util as layout
from autoarray.mask import mask_1d_util as mask_1d
from autoarray.mask import mask_2d_util as mask_2d
from autoarray.operators.over_sampling import over_sample_util as over_sample
from autoarray.structures.arrays import array_1d_util as array_1d
from autoarray.structures.arrays import array_2d_util as array_2d
from autoarray.structures.grids import grid_1d_util as grid_1d
from autoarray.structures.grids import grid_2d_util as grid_2d
from autoarray.util import dataset_util, misc_util
from autoarray.util import dataset_util as dataset
from autoarray.util import misc_util as misc

__all__ = [
    "array_1d",
    "array_2d",
    "dataset",
    "dataset_util",
    "fit",
    "geometry",
    "grid_1d",
    "grid_2d",
    "inversion",
    "layout",
    "mapper",
    "mask_1d",
    "mask_2d",
    "misc",
    "misc_util",
    "over_sample",
    "regularization",
]

# Modules that few need, imported when they are asked for.
_LATER = {
    "coarse_interp": "autoarray.operators.coarse_interp_util",
    "derivative": "autoarray.operators.derivative_util",
    "inversion_imaging": "autoarray.inversion.inversion.imaging.inversion_imaging_util",
    "inversion_interferometer": "autoarray.inversion.inversion.interferometer.inversion_interferometer_util",
    "numba": "autoarray.numba_util",
    "sparse": "autoarray.structures.grids.sparse_2d_util",
    "transformer": "autoarray.operators.transformer_util",
}


def __getattr__(name: str) -> _Any:
    if name in _LATER:
        return _import_module(_LATER[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
