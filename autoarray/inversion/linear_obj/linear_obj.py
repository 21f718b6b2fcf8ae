# pyright: strict, reportMissingTypeStubs=false
"""What an inversion needs of an object that it solves for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, get_origin

import numpy as np

from autoarray import exc
from autoarray._backend import Backend
from autoarray._state import derived
from autoarray._typing import Array, Matrix, Namespace
from autoarray._validation import check_instance, check_object

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from autoarray.inversion.linear_obj._neighbors import Neighbors
    from autoarray.inversion.linear_obj.unique_mappings import UniqueMappings
    from autoarray.inversion.mesh.interpolator.abstract import AbstractInterpolator
    from autoarray.inversion.regularization.abstract import AbstractRegularization
    from autoarray.structures.grids.irregular_2d import Grid2DIrregular


class LinearObj(Backend):
    """An object whose image is linear in its parameters, such as the pixels of a mesh.

    Parameters
    ----------
    regularization
        The scheme that smooths the parameters, or None.
    xp
        `numpy` or `jax.numpy`.

    Raises
    ------
    PixelizationException
        If the scheme is none.
    """

    if TYPE_CHECKING:  # what only a mapper has, for the schemes that smooth the pixels of a mesh
        interpolator: AbstractInterpolator

        @property
        def source_plane_mesh_grid(self) -> Grid2DIrregular: ...

    def __init__(self, regularization: AbstractRegularization | None, xp: Namespace = np) -> None:
        if get_origin(regularization) is not None:
            # A subclass of PyAutoGalaxy has an annotation, `Optional[...]`, as the default of this argument.
            regularization = None
        if regularization is not None:
            name = f"{type(self).__name__}.regularization"
            expected, error = "a regularization scheme or None", exc.PixelizationException
            check_object(regularization, "regularization_matrix_from", name, expected, error)
        self._set_backend(xp)
        self.regularization = regularization

    @property
    def params(self) -> int:
        """The number of parameters."""
        raise NotImplementedError(f"{type(self).__name__} does not say how many parameters it has")

    @property
    def mapping_matrix(self) -> Array:
        """The image of each parameter, of shape (data_pixels, params), before the PSF."""
        raise NotImplementedError(f"{type(self).__name__} has no mapping matrix")

    @property
    def mapping_matrix_sparse(self) -> csr_array:
        """`mapping_matrix` as a SciPy sparse array, which NumPy inversions compute with."""
        from scipy.sparse import csr_array

        return csr_array(self.mapping_matrix)

    @property
    def operated_mapping_matrix_override(self) -> Matrix | None:
        """The image of each parameter after the PSF, where the object convolves itself; else None."""
        return None

    @property
    def neighbors(self) -> Neighbors:
        """Which parameters are next to which."""
        raise NotImplementedError(f"{type(self).__name__} has no neighbors")

    @property
    def neighbor_pairs(self) -> tuple[Array, Array]:
        """Every directed pair of parameters that are next to each other, as two arrays of indexes of one length.

        An entry that is not in use, as there are where JAX traces the mesh, has `params` in both arrays: a JAX scatter
        with mode="drop" leaves it out.
        """
        return self.neighbors.pairs

    @property
    def unique_mappings(self) -> UniqueMappings:
        """The parameters that each data pixel maps to, each once, as `UniqueMappings`."""
        raise NotImplementedError(f"{type(self).__name__} has no unique mappings")

    def pixel_signals_from(self, signal_scale: float, xp: Namespace = np) -> Array:
        """The signal of each parameter, between 0 and 1, which adaptive regularizations follow, of shape (params,)."""
        raise NotImplementedError(f"{type(self).__name__} has no pixel signals")

    @derived
    def regularization_matrix(self) -> Array:
        """The regularization matrix of shape (params, params); zeros without regularization."""
        if self.regularization is None:
            return self._xp.zeros((self.params, self.params))
        return self.regularization.regularization_matrix_from(linear_obj=self, xp=self._xp)

    @derived
    def regularization_matrix_sparse(self) -> csr_array | None:
        """`regularization_matrix` as a SciPy sparse array, in NumPy mode and where its scheme knows that most is zero.

        None otherwise, and where a class, or the scheme at hand, has a regularization matrix of its own.
        """
        if self.use_jax or type(self).regularization_matrix is not LinearObj.regularization_matrix:
            return None
        sparse_from = getattr(self.regularization, "regularization_matrix_sparse_from", None)
        if sparse_from is None or "regularization_matrix_from" in vars(self.regularization):
            return None
        return sparse_from(linear_obj=self)


def linear_objects_from(linear_obj_list: Iterable[LinearObj], name: str) -> list[LinearObj]:
    """Linear objects as a list, or an `InversionException` if one is something else."""
    check_instance(linear_obj_list, Iterable, name, "a list of linear objects", exc.InversionException)
    linear_objects = list(linear_obj_list)
    for index, item in enumerate(linear_objects):
        expected = "a linear object, such as a Mapper"
        check_instance(item, LinearObj, f"{name}[{index}]", expected, exc.InversionException)
    return linear_objects


def param_ranges_from(linear_obj_list: Sequence[LinearObj]) -> list[tuple[int, int]]:
    """The first and one past the last parameter of each linear object, among those of all of them."""
    ends = np.cumsum([0, *(linear_obj.params for linear_obj in linear_obj_list)]).tolist()
    return list(pairwise(ends))
