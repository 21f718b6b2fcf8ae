"""How the linear system of an inversion is formed: chosen here, once, from what the inversion is made of.

The system is D = B^T N^-1 d and F = B^T N^-1 B, with the data d, their noise N, and the mapping matrix A of all linear
objects convolved with the PSF P, B = P A. Every way gives the same D and F, to rounding. The first row that applies is
taken:

============= ======================================== ==================== ======================= ============= ======
backend       taken when                               class                forms                   time          memory
============= ======================================== ==================== ======================= ============= ======
NumPy         there are mappers, and every one is      ImageTiles           A sparse, B and F in    n (k w + t^2) 12 n w
              interpolated                                                  tiles
NumPy         otherwise                                MappingMatrices      B sparse or dense, by   n t^2         12 n b
                                                                            linear object
JAX           no mapper is interpolated, the PSF is    MappingMatrices      B dense                 n m^2         16 n m
              finer than the data, or the noise map
              is traced
JAX, a CPU    otherwise                                InterpolationWeights as ImageTiles           n (k w + t^2) 12 n w
JAX, a device there is a sparse operator               InterpolationWeights s columns of W A, then  n m (w+log n) 16 n s
                                                                            the next
JAX, a device otherwise                                InterpolationWeights B dense                 n m^2         16 n m
============= ======================================== ==================== ======================= ============= ======

Time is the number of operations and memory the bytes beside F itself (8 m^2), both to leading order. There are n data
pixels and m parameters. A row of A has w entries, one for each mesh pixel that its data pixel is interpolated from; a
row of B has b, one for each whose light reaches it through the PSF. A tile of the image receives light from t mesh
pixels, and from k data pixels, 784 for a PSF of 21 x 21. The batch size of the sparse operator, W = P^T N^-1 P, is s.

A mapper is interpolated if its image follows from interpolation weights and is not one that it gives itself
(`weights.is_interpolated`). All other linear objects are functions, such as light profiles. `MappingMatrices` has their
convolved images G as columns of B. The other two classes form the matrix of the mappers, and border it with
B^T N^-1 G and G^T N^-1 G (`mappers_and_functions.py`). In JAX one program forms all of it, with one derivative
(`programs_jax.py`): G is convolved once.

The sparse operator is for devices of little memory. In NumPy mode, and on a CPU, the tiles need no operator: the dense
blocks of W, which would be made once for a dataset, take 170 MB for an HST image and four times as long.

The platform of a JAX program is not known here but where it is compiled: `programs_jax.py` holds the programs of the
last three rows, of which JAX takes one. For a batch of models (`jax.vmap`) that of a CPU forms as many matrices at
once as there are cores, each with the memory of one, and those of a device form all at once.

`Settings.use_mixed_precision` forms F from B, or from its tiles, in float32; with the batches of a device it has no
effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from autoarray._backend import is_tracer
from autoarray._typing import Namespace
from autoarray.inversion.inversion._curvature.image_tiles import ImageTiles
from autoarray.inversion.inversion._curvature.interpolation_weights import InterpolationWeights
from autoarray.inversion.inversion._curvature.linear_system import LinearSystem
from autoarray.inversion.inversion._curvature.mapping_matrices import MappingMatrices
from autoarray.inversion.inversion._curvature.weights import is_interpolated
from autoarray.inversion.linear_obj.linear_obj import LinearObj
from autoarray.inversion.mappers.abstract import Mapper
from autoarray.settings import Settings

if TYPE_CHECKING:
    from autoarray.inversion.inversion.dataset_interface import ImagingDataset
    from autoarray.inversion.inversion.imaging.inversion_imaging_util import ImagingSparseOperator


def sparse_operator_for(dataset: ImagingDataset, linear_obj_list: Sequence[LinearObj]) -> ImagingSparseOperator | None:
    """The sparse operator of a dataset, if there is a mapper that it could serve, or None."""
    has_mapper = any(isinstance(linear_obj, Mapper) for linear_obj in linear_obj_list)
    return dataset.sparse_operator if has_mapper else None


def linear_system_from(
    dataset: ImagingDataset,
    linear_obj_list: list[LinearObj],
    settings: Settings,
    operator: ImagingSparseOperator | None = None,
    xp: Namespace = np,
) -> LinearSystem:
    """The linear system of an inversion, by the first row of the table that applies.

    Parameters
    ----------
    dataset, linear_obj_list, settings, xp
        As in `AbstractInversion`.
    operator
        The sparse operator that may be used, or None.
    """
    if xp is np:
        mappers = [linear_obj for linear_obj in linear_obj_list if isinstance(linear_obj, Mapper)]
        cls = ImageTiles if mappers and all(map(is_interpolated, mappers)) else MappingMatrices
        return cls(dataset, linear_obj_list, settings, xp)
    is_fine = dataset.psf is not None and dataset.psf.convolve_over_sample_size > 1
    if is_fine or is_tracer(dataset.noise_map.array) or not any(map(is_interpolated, linear_obj_list)):
        return MappingMatrices(dataset, linear_obj_list, settings, xp)
    batch_size = None if operator is None else operator.batch_size
    return InterpolationWeights(dataset, linear_obj_list, settings, batch_size, xp)
