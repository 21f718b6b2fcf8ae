# pyright: strict
"""The functions on bare arrays behind the classes, each module under its short name."""

from autoarray.fit import fit_util as fit
from autoarray.geometry import geometry_util as geometry
from autoarray.inversion.inversion import inversion_util as inversion
from autoarray.inversion.mappers import mapper_util as mapper
from autoarray.inversion.regularization import regularization_util as regularization
from autoarray.mask import mask_2d_util as mask_2d
from autoarray.operators.over_sampling import over_sample_util as over_sample
from autoarray.structures.arrays import array_2d_util as array_2d
from autoarray.structures.grids import grid_2d_util as grid_2d
from autoarray.util import dataset_util, misc_util
from autoarray.util import dataset_util as dataset
from autoarray.util import misc_util as misc

__all__ = [
    "array_2d",
    "dataset",
    "dataset_util",
    "fit",
    "geometry",
    "grid_2d",
    "inversion",
    "mapper",
    "mask_2d",
    "misc",
    "misc_util",
    "over_sample",
    "regularization",
]
