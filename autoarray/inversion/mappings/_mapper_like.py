"""What the regions of a source and of an image are read off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from autoarray._typing import Array
from autoarray.inversion.mesh.mesh_geometry.abstract import AbstractMeshGeometry
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class MapperLike(Protocol):
    """The part of a `Mapper` that says which data pixels its mesh pixels map to, and where they are."""

    @property
    def use_jax(self) -> bool:
        """Whether it computes with JAX, where the mapping matrix is dense."""
        ...

    @property
    def mapping_matrix(self) -> Array:
        """The share of every mesh pixel in every data pixel, of shape (data_pixels, pixels)."""
        ...

    @property
    def mapping_matrix_sparse(self) -> csr_array:
        """The same as a SciPy sparse array, in NumPy mode."""
        ...

    @property
    def mask(self) -> Mask2D:
        """The mask of the data."""
        ...

    @property
    def source_plane_mesh_grid(self) -> Grid2DIrregular:
        """The (y, x) centres or vertices of the mesh pixels, of shape (pixels, 2), in arc-seconds."""
        ...

    @property
    def mesh_geometry(self) -> AbstractMeshGeometry:
        """The geometry of the mesh, which has the cells."""
        ...
