"""What every regularization scheme computes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from autoarray._state import State
from autoarray._typing import Array, Namespace
from autoarray.inversion.linear_obj._neighbors import Neighbors
from autoarray.inversion.mesh.interpolator.abstract import AbstractInterpolator
from autoarray.structures.grids.irregular_2d import Grid2DIrregular

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class Smoothable(Protocol):
    """What the schemes read of the object that they smooth.

    Every `LinearObj` has parameters, neighbors and signals. Only a `Mapper` has a mesh: schemes that need its grid or
    its interpolator smooth nothing else.
    """

    @property
    def params(self) -> int:
        """The number of parameters."""
        ...

    @property
    def neighbors(self) -> Neighbors:
        """Which parameters are next to which."""
        ...

    @property
    def neighbor_pairs(self) -> tuple[Array, Array]:
        """Every directed pair of neighbors; see `LinearObj.neighbor_pairs`."""
        ...

    def pixel_signals_from(self, signal_scale: float, xp: Namespace = np) -> Array:
        """The signal of each parameter, between 0 and 1, of shape (params,)."""
        ...

    @property
    def source_plane_mesh_grid(self) -> Grid2DIrregular:
        """The (y, x) centres or vertices of the mesh pixels, of shape (params, 2), in arc-seconds."""
        ...

    @property
    def interpolator(self) -> AbstractInterpolator:
        """The interpolator of the mesh, which has the mesh, and split points where there are any."""
        ...


class AbstractRegularization(State):
    """A prior on a reconstruction s: its term in the log evidence is -s^T H s / 2 (Warren & Dye 2003, eq. 13).

    H is the regularization matrix, which is positive definite.
    """

    # Whether the scheme smooths at four points around each mesh pixel, which the mesh has to interpolate to.
    is_split_regularization: bool = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # A class that forms the matrix in its own way does not inherit how another one forms it.
        if "regularization_matrix_from" in vars(cls) and "regularization_matrix_sparse_from" not in vars(cls):
            cls.regularization_matrix_sparse_from = AbstractRegularization.regularization_matrix_sparse_from

    def regularization_weights_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        """How strongly each parameter is smoothed, of shape (params,)."""
        raise NotImplementedError(f"{type(self).__name__} has no regularization weights")

    def regularization_matrix_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        """The regularization matrix H, of shape (params, params)."""
        raise NotImplementedError(f"{type(self).__name__} has no regularization matrix")

    def regularization_matrix_sparse_from(self, linear_obj: Smoothable) -> csr_array | None:
        """H as a SciPy sparse array (NumPy mode), or None where most of its entries are not zero.

        A class that has its own `regularization_matrix_from` has its own of this too, or gets None.
        """
        return None

    def regularization_term_from(
        self, linear_obj: Smoothable, reconstruction: Array, xp: Namespace = np
    ) -> Array | None:
        """The term s^T H s computed without forming H, or None where the scheme knows no other way.

        An inversion asks for it where `Settings.regularization_term_method` is "cho_solve".
        """
        return None

    def log_det_regularization_matrix_term_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array | None:
        """The term ln det H computed without forming H, or None where the scheme knows no other way.

        An inversion asks for it where `Settings.log_det_method` is "slogdet".
        """
        return None
