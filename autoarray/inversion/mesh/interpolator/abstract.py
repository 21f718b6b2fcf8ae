"""What every interpolator offers: which mesh pixels each traced coordinate is interpolated from, and how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._backend import Backend, numbers_from
from autoarray._display import line
from autoarray._state import derived
from autoarray._typing import Array, Namespace
from autoarray.abstract_ndarray import unwrap
from autoarray.inversion.mesh.mesh_geometry.abstract import AbstractMeshGeometry
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D

if TYPE_CHECKING:
    from autoarray.inversion.mesh.mesh.abstract import AbstractMesh


class AbstractInterpolator(Backend):
    """The link between the traced coordinates of the data and the pixels of a mesh.

    The interpolator of a mesh of your own has `interpolate`, and names its geometry in `geometry_cls`.

    Parameters
    ----------
    mesh
        The mesh.
    mesh_grid
        The (y, x) centres or vertices of its pixels, in arc-seconds.
    data_grid
        The (y, x) coordinates of the data traced to the source plane, with their over-sampled coordinates.
    adapt_data
        The image that adaptive meshes and regularizations follow.
    xp
        `numpy` or `jax.numpy`.
    """

    geometry_cls: type[AbstractMeshGeometry] = AbstractMeshGeometry
    """The class of the geometry of the mesh."""

    exclude_zero_weight_mappings: bool = False
    """Whether mappings with a weight of zero are left out of the signal of a mesh pixel."""

    is_continuous: bool = False
    """Whether what is interpolated changes continuously in the source plane, so that figures show it by default."""

    is_linear_in_triangles: bool = False
    """Whether it is linear in the triangles of the mesh's vertices, whose edges figures then show by default."""

    def __init__(
        self,
        mesh: AbstractMesh,
        mesh_grid: Grid2DIrregular,
        data_grid: Grid2D,
        adapt_data: Array2D | None = None,
        xp: Namespace = np,
    ) -> None:
        if adapt_data is not None:
            numbers_from(unwrap(adapt_data), f"{type(mesh).__name__}: adapt_data", exc.MeshException)
        self._set_backend(xp)
        self.mesh = mesh
        self.mesh_grid = mesh_grid
        self.data_grid = data_grid
        self.adapt_data = adapt_data

    @derived(travels=True)
    def mesh_geometry(self) -> AbstractMeshGeometry:
        """The geometry of the mesh, which shares the grids of the interpolator."""
        return self.geometry_cls(mesh=self.mesh, mesh_grid=self.mesh_grid, data_grid=self.data_grid, xp=self._xp)

    def interpolate(self) -> tuple[Array, Array, Array]:
        """The interpolation of every over-sampled coordinate, which `mappings`, `sizes` and `weights` keep.

        Returns
        -------
        tuple
            The mesh pixels of shape (sub_pixels, width), how many entries of each row are in use, of shape
            (sub_pixels,), and their weights of shape (sub_pixels, width).
        """
        raise NotImplementedError(f"{type(self).__name__} does not interpolate")

    @derived
    def _mappings_sizes_weights(self) -> tuple[Array, Array, Array]:
        return self.interpolate()

    @property
    def mappings(self) -> Array:
        """The mesh pixels that each over-sampled coordinate is interpolated from, of shape (sub_pixels, width)."""
        return self._mappings_sizes_weights[0]

    @property
    def sizes(self) -> Array:
        """How many entries of each row of `mappings` are in use, of shape (sub_pixels,)."""
        return self._mappings_sizes_weights[1]

    @property
    def weights(self) -> Array:
        """The interpolation weights of `mappings`, of the same shape.

        The weights in use of a row add up to 1, to rounding. `KNearestNeighbor` is the exception: it divides by the
        sum of the kernel plus 1e-10, and a row that its kernel does not reach is all zeros.
        """
        return self._mappings_sizes_weights[2]

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        return [
            line.backend(self),
            line.mesh(state["mesh"], state["mesh_grid"]),
            line.coordinates(state, "data_grid"),
        ]
