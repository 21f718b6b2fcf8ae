"""The mapper: the pixels of a mesh as a linear object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._backend import numbers_from
from autoarray._display import line, table
from autoarray._state import derived
from autoarray._typing import Array, Namespace
from autoarray._validation import check_object
from autoarray.abstract_ndarray import unwrap
from autoarray.inversion.linear_obj._neighbors import Neighbors
from autoarray.inversion.linear_obj.linear_obj import LinearObj
from autoarray.inversion.mappers import mapper_util
from autoarray.inversion.mappers._relations import MapperRelations
from autoarray.inversion.mesh.interpolator.abstract import AbstractInterpolator
from autoarray.inversion.mesh.mesh.abstract import AbstractMesh
from autoarray.inversion.mesh.mesh_geometry.abstract import AbstractMeshGeometry
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.over_sampling.over_sampler import OverSampler
from autoarray.settings import Settings, settings_from
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from autoarray.inversion.regularization.abstract import AbstractRegularization


class Mapper(MapperRelations, LinearObj):
    """Maps every pixel of a mesh to the pixels of the data, through the interpolation of their traced coordinates.

    Parameters
    ----------
    interpolator
        The interpolator of a mesh over the traced coordinates of the data.
    regularization
        The scheme that smooths the reconstruction, or None.
    settings
        How the inversion is solved; the defaults if None.
    image_plane_mesh_grid
        The (y, x) vertices of the mesh in the image plane, for meshes that are defined there.
    xp
        `numpy` or `jax.numpy`, the same as the interpolator's.

    Raises
    ------
    InversionException
        If the interpolator computes with the other library, or `image_plane_mesh_grid` has not the vertices of its
        mesh.

    Examples
    --------
    >>> import autoarray as aa
    >>> import simulated  # examples/simulated.py
    >>> dataset = simulated.dataset()
    >>> mesh = aa.mesh.RectangularBilinearAdaptDensity(shape=(10, 10))
    >>> interpolator = mesh.interpolator_from(dataset.grids.pixelization)
    >>> constant = aa.reg.Constant(coefficient=1.0)
    >>> mapper = aa.Mapper(interpolator=interpolator, regularization=constant)
    >>> mapper.mapping_matrix.shape  # 1576 pixels of the data, 100 of the mesh
    (1576, 100)
    """

    def __init__(
        self,
        interpolator: AbstractInterpolator,
        regularization: AbstractRegularization | None = None,
        settings: Settings | None = None,
        image_plane_mesh_grid: Grid2DIrregular | None = None,
        xp: Namespace = np,
    ) -> None:
        super().__init__(regularization=regularization, xp=xp)
        expected, error = "an interpolator, such as a mesh's interpolator_from gives", exc.InversionException
        check_object(interpolator, "mesh_grid", "Mapper.interpolator", expected, error)
        if image_plane_mesh_grid is not None:
            expected = "a Grid2DIrregular or None"
            check_object(image_plane_mesh_grid, "shape", "Mapper.image_plane_mesh_grid", expected, error)
        if interpolator.use_jax != self.use_jax:
            raise exc.InversionException(
                f"Mapper: expected an interpolator with the mapper's xp={self._xp_name}, found one with "
                f"xp={interpolator._xp_name}"
            )
        # A rectangular mesh has a shape and no vertices: PyAutoGalaxy hands over those that another mesh had.
        vertices = None if hasattr(interpolator.mesh, "shape") else image_plane_mesh_grid
        if vertices is not None and vertices.shape[0] != interpolator.mesh_grid.shape[0]:
            raise exc.InversionException(
                f"Mapper.image_plane_mesh_grid: expected the {interpolator.mesh_grid.shape[0]} vertices of the "
                f"interpolator's mesh, found {vertices.shape[0]}"
            )
        self.interpolator = interpolator
        self.settings = settings_from(settings, f"{type(self).__name__}.settings")
        self.image_plane_mesh_grid = image_plane_mesh_grid

    @property
    def params(self) -> int:
        """The number of mesh pixels."""
        return self.source_plane_mesh_grid.shape[0]

    @property
    def pixels(self) -> int:
        """The number of mesh pixels."""
        return self.params

    @property
    def mesh(self) -> AbstractMesh:
        """The mesh."""
        return self.interpolator.mesh

    @property
    def mesh_geometry(self) -> AbstractMeshGeometry:
        """The geometry of the mesh over the traced coordinates of the data."""
        return self.interpolator.mesh_geometry

    @property
    def mask(self) -> Mask2D:
        """The mask of the data."""
        return self.source_plane_data_grid.mask

    @property
    def source_plane_data_grid(self) -> Grid2D:
        """The (y, x) coordinates of the data traced to the source plane, in arc-seconds."""
        return self.interpolator.data_grid

    @property
    def source_plane_mesh_grid(self) -> Grid2DIrregular:
        """The (y, x) centres or vertices of the mesh in the source plane, in arc-seconds."""
        return self.interpolator.mesh_grid

    @property
    def image_plane_data_grid(self) -> Grid2D:
        """The (y, x) coordinates of the data pixels in the image plane, in arc-seconds."""
        return self.mask.derive_grid.unmasked

    @property
    def adapt_data(self) -> Array2D | None:
        """The image that adaptive meshes and regularizations follow, or None."""
        return self.interpolator.adapt_data

    @property
    def neighbors(self) -> Neighbors:
        """Which mesh pixels are next to which."""
        return self.mesh_geometry.neighbors

    @property
    def neighbor_pairs(self) -> tuple[Array, Array]:
        return self.mesh_geometry.neighbor_pairs

    @property
    def over_sampler(self) -> OverSampler:
        """The over-sampling of the data pixels."""
        return self.source_plane_data_grid.over_sampler

    @property
    def zeroed_pixels(self) -> np.ndarray:
        """The indexes of the mesh pixels that the positive-only solver fixes to zero."""
        return self.mesh.zeroed_pixels_from(pixels=self.params)

    @property
    def slim_index_for_sub_slim_index(self) -> np.ndarray:
        """The data pixel of each sub-pixel, of shape (sub_pixels,)."""
        return self.over_sampler.slim_for_sub_slim

    @property
    def pix_indexes_for_sub_slim_index(self) -> Array:
        """The mesh pixels that each sub-pixel maps to, of shape (sub_pixels, width)."""
        return self.interpolator.mappings

    @property
    def pix_sizes_for_sub_slim_index(self) -> Array:
        """How many mesh pixels each sub-pixel maps to, of shape (sub_pixels,)."""
        return self.interpolator.sizes

    @property
    def pix_weights_for_sub_slim_index(self) -> Array:
        """The weights of `pix_indexes_for_sub_slim_index`, of the same shape."""
        return self.interpolator.weights

    def _mapping_arguments(self) -> dict[str, Any]:
        return {
            "pix_indexes_for_sub_slim_index": self.pix_indexes_for_sub_slim_index,
            "pix_size_for_sub_slim_index": self.pix_sizes_for_sub_slim_index,
            "pix_weights_for_sub_slim_index": self.pix_weights_for_sub_slim_index,
            "pixels": self.params,
            "total_mask_pixels": self.mask.pixels_in_mask,
            "slim_index_for_sub_slim_index": self.slim_index_for_sub_slim_index,
            "sub_fraction": np.asarray(self.over_sampler.sub_fraction),
        }

    @derived
    def mapping_matrix(self) -> Array:
        """The share of every mesh pixel in every data pixel before the PSF, of shape (data_pixels, pixels)."""
        if not self.use_jax:
            return self.mapping_matrix_sparse.toarray()
        return mapper_util.mapping_matrix_from(**self._mapping_arguments(), xp=self._xp)

    @derived
    def mapping_matrix_sparse(self) -> csr_array:
        """`mapping_matrix` as a SciPy sparse array, which the NumPy inversion computes with.

        Raises
        ------
        InversionException
            In JAX mode, where the matrix is dense.
        """
        if self.use_jax:
            raise exc.InversionException("Mapper.mapping_matrix_sparse: exists in NumPy mode only, found xp=jax.numpy")
        return mapper_util.mapping_matrix_sparse_from(**self._mapping_arguments())

    def pixel_signals_from(self, signal_scale: float, xp: Namespace = np) -> Array:
        """The signal of every mesh pixel in the image that is adapted to, between 0 and 1, of shape (pixels,).

        Raises
        ------
        PixelizationException
            If the interpolator was built without `adapt_data`.
        InversionException
            If that image has another number of pixels than the data, or a value that is not finite.
        """
        if self.adapt_data is None:
            raise exc.PixelizationException(
                f"{type(self.regularization).__name__}: expected a mapper with adapt_data, the image that sets the "
                "signal of every mesh pixel, found None; pass adapt_data to the mesh's interpolator_from"
            )
        name = "Mapper.adapt_data"
        adapt_data = np.asarray(numbers_from(unwrap(self.adapt_data), name, exc.InversionException))
        if adapt_data.shape != (self.mask.pixels_in_mask,):
            raise exc.InversionException(
                f"{name}: expected an image on the {self.mask.pixels_in_mask} unmasked pixels of the data, "
                f"found one of shape {adapt_data.shape}"
            )
        bad = np.flatnonzero(~np.isfinite(adapt_data))
        if bad.size:
            raise exc.InversionException(
                f"{name}: expected finite values, found {bad.size} that are not, the first in data pixel {bad[0]}"
            )
        return mapper_util.adaptive_pixel_signals_from(
            pixels=self.params,
            pixel_weights=self.pix_weights_for_sub_slim_index,
            signal_scale=signal_scale,
            pix_indexes_for_sub_slim_index=self.pix_indexes_for_sub_slim_index,
            pix_size_for_sub_slim_index=self.pix_sizes_for_sub_slim_index,
            slim_index_for_sub_slim_index=self.slim_index_for_sub_slim_index,
            adapt_data=adapt_data,
            exclude_zero_weight_mappings=self.interpolator.exclude_zero_weight_mappings,
            xp=xp,
        )

    def _repr_parts(self) -> list[str]:
        data_grid = line.coordinates(vars(vars(self)["interpolator"]), "data_grid")
        return [line.backend(self), line.linear_object(self), data_grid]

    def _html_rows(self) -> list[tuple[str, str]]:
        return table.mapper(self)

    def _repr_html_(self) -> str:
        return table.table_of(self)
