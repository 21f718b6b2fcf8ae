"""The geometry of rectangular meshes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray._backend import as_array
from autoarray._state import derived
from autoarray._typing import Array, Namespace
from autoarray.geometry.geometry_2d import Geometry2D
from autoarray.inversion.linear_obj._neighbors import Neighbors
from autoarray.inversion.mesh._transform.cdf import BANDWIDTH, CDF, KNOTS, SPLINE_DEGREE
from autoarray.inversion.mesh.mesh_geometry.abstract import AbstractMeshGeometry
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D

if TYPE_CHECKING:
    from autoarray.inversion.mesh.mesh.abstract_rectangular import AbstractMeshRectangular


def rectangular_neighbors_from(shape_native: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """The pixels above, left, right and below each pixel of a rectangular mesh.

    Returns
    -------
    tuple
        The neighbors of shape (pixels, 4), in rising order and padded with -1, and how many of them there are.
    """
    rows, columns = shape_native
    pixels = rows * columns
    index = np.arange(pixels)
    row, column = np.divmod(index, columns)
    candidates = np.stack((index - columns, index - 1, index + 1, index + columns), axis=1)
    inside = np.stack((row > 0, column > 0, column < columns - 1, row < rows - 1), axis=1)
    # A stable sort of the flags moves the neighbors in use to the front and keeps their order.
    order = np.argsort(~inside, axis=1, kind="stable")
    neighbors = np.take_along_axis(np.where(inside, candidates, -1), order, axis=1)
    return neighbors, inside.sum(axis=1)


def rectangular_edge_pixel_list_from(shape_native: tuple[int, int]) -> list[int]:
    """The indexes of the pixels at the edge of a rectangular mesh, in rising order."""
    rows, columns = shape_native
    edge = np.ones((rows, columns), dtype=bool)
    edge[1:-1, 1:-1] = False
    return np.flatnonzero(edge).tolist()


# Between which places a mesh pixel reaches: half-way to the nodes of the bilinear interpolation around it ("nodes"), or
# from one to the next of evenly spaced fractions of the transformed coordinates ("cells"), as PyAutoArray had it:
# its edges up to release 2026.7.9.1, its areas up to 2026.10.2.1.
CONVENTIONS = ("nodes", "cells")
# "extrapolated" is "nodes" without the limits of the coordinates: the polynomial of the spline transform goes on beyond
# them, to very large values. So PyAutoArray had it in its releases 2026.7.15.1 to 2026.7.23.1.
EDGE_CONVENTIONS = (*CONVENTIONS, "extrapolated")


class MeshGeometryRectangular(AbstractMeshGeometry):
    """The geometry of a rectangular mesh, uniform or adaptive.

    The areas and edges are those of the mesh after the same transform that maps coordinates onto it. Of a uniform mesh,
    which maps without one, they follow the density of the coordinates likewise, as in PyAutoArray.

    Parameters
    ----------
    mesh, mesh_grid, data_grid, mesh_weight_map, kernel_bandwidth, kernel_knots, transform, xp
        See `AbstractMeshGeometry`.
    spline_deg
        The degree of the polynomial of the "spline" transform, or None for the default of 11.
    spline_fit
        What the density of the coordinates weighs in the fit of that polynomial; see `cdf.CDF`.
    edge_convention, area_convention
        "nodes", or "cells" (edges also "extrapolated") to reproduce the edges and areas of earlier releases of
        PyAutoArray. Those areas follow the over-sampled coordinates, unless there are weights, which these don't have.

    Raises
    ------
    ValueError
        If a convention is unknown.
    """

    mesh: AbstractMeshRectangular

    kind = "rectangular mesh"
    is_aligned = True

    def __init__(
        self,
        mesh: AbstractMeshRectangular,
        mesh_grid: Grid2DIrregular,
        data_grid: Grid2D,
        mesh_weight_map: Array | None = None,
        kernel_bandwidth: float | None = None,
        kernel_knots: int | None = None,
        transform: str = "kernel",
        xp: Namespace = np,
        *,
        spline_deg: int | None = None,
        edge_convention: str = "nodes",
        area_convention: str = "nodes",
        spline_fit: str = "residuals",
    ) -> None:
        super().__init__(
            mesh=mesh,
            mesh_grid=mesh_grid,
            data_grid=data_grid,
            mesh_weight_map=mesh_weight_map,
            kernel_bandwidth=kernel_bandwidth,
            kernel_knots=kernel_knots,
            transform=transform,
            xp=xp,
        )
        for name, value, known in (
            ("edge_convention", edge_convention, EDGE_CONVENTIONS),
            ("area_convention", area_convention, CONVENTIONS),
        ):
            if value not in known:
                raise ValueError(f"{type(self).__name__}.{name}: expected one of {known}, found {value!r}")
        self.spline_deg = spline_deg
        self.spline_fit = spline_fit
        self.edge_convention = edge_convention
        self.area_convention = area_convention

    @property
    def shape(self) -> tuple[int, int]:
        """The number of mesh pixels along (y, x)."""
        return self.mesh.shape

    @property
    def shape_native(self) -> tuple[int, int]:
        """The number of mesh pixels along (y, x)."""
        return self.shape

    @property
    def pixel_scales(self) -> tuple[Any, Any]:
        """The size of the pixels of `mesh_grid` along (y, x), in arc-seconds."""
        grid = self.mesh_grid.array
        rows, columns = self.shape
        return (grid[0, 0] - grid[-1, 0]) / (rows - 1), (grid[columns - 1, 1] - grid[0, 1]) / (columns - 1)

    @property
    def origin(self) -> tuple[Any, Any]:
        """The (y, x) centre of `mesh_grid`, in arc-seconds."""
        grid = self.mesh_grid.array
        return (grid[0, 0] + grid[-1, 0]) / 2.0, (grid[0, 1] + grid[-1, 1]) / 2.0

    @property
    def geometry(self) -> Geometry2D:
        """The uniform grid of pixels that `mesh_grid` is."""
        return Geometry2D(shape_native=self.shape, pixel_scales=self.pixel_scales, origin=self.origin)

    @property
    def size_text(self) -> str:
        return f"mesh of shape {self.shape}"

    def cell_edges(self) -> tuple[np.ndarray, np.ndarray]:
        """The edges of the cells that figures draw: falling y of the rows, rising x of the columns, in arc-seconds.

        They are `edges_transformed`, in the mesh's own frame, but for a uniform mesh: that one's areas follow the
        density of the data, and its cells are those of the uniform grid.
        """
        rows, columns = self.shape
        if self.mesh.is_uniform:
            (scale_y, scale_x), (origin_y, origin_x) = self.pixel_scales, self.origin
            edges_y = float(origin_y) + float(scale_y) * (rows / 2.0 - np.arange(rows + 1))
            edges_x = float(origin_x) + float(scale_x) * (np.arange(columns + 1) - columns / 2.0)
            return edges_y, edges_x
        edges = np.asarray(self.edges_transformed, dtype=float)
        return edges[: rows + 1, 0], edges[: columns + 1, 1]

    def corners(self) -> np.ndarray:
        edges_y, edges_x = self.cell_edges()
        return np.stack(np.meshgrid(edges_y, edges_x, indexing="ij"), axis=-1)

    @property
    def reaches_beyond_data(self) -> bool:
        return self.edge_convention == "extrapolated"

    @derived
    def neighbors(self) -> Neighbors:
        """The mesh pixels next to each mesh pixel; those of a rectangular mesh depend on its shape alone."""
        neighbors, sizes = rectangular_neighbors_from(shape_native=self.shape)
        return Neighbors(arr=neighbors, sizes=sizes)

    @derived
    def cdf(self) -> CDF:
        """The transform between the source plane and the unit square in which the mesh is uniform.

        It follows the coordinates of the data. The interpolator maps them with the same object.
        """
        return self._cdf_of(self.data_grid)

    def _cdf_of(self, grid: Grid2D | Grid2DIrregular) -> CDF:
        """The transform that follows the coordinates of a grid."""
        return CDF(
            transform=self.transform,
            points=as_array(grid.array, self._xp),
            mesh_pixels=self.shape,
            weights=self.mesh_weight_map,
            bandwidth=BANDWIDTH if self.kernel_bandwidth is None else self.kernel_bandwidth,
            n_knots=KNOTS if self.kernel_knots is None else self.kernel_knots,
            spline_deg=SPLINE_DEGREE if self.spline_deg is None else self.spline_deg,
            spline_fit=self.spline_fit,
            xp=self._xp,
        )

    @derived
    def _node_edges(self) -> tuple[Array, Array]:
        """The source-plane edges of the rows (falling y) and of the columns (rising x), in arc-seconds.

        A pixel reaches half-way to the nodes around it, on the mesh where the nodes are evenly spaced.
        """
        return self._node_edges_by(self.cdf.inverse)

    def _node_edges_by(self, inverse: Callable[..., Array]) -> tuple[Array, Array]:
        xp = self._xp
        rows, columns = self.shape

        def unit(position: np.ndarray, pixels: int) -> Array:
            # With three pixels along an axis there is one node: its neighbors count as one unit away.
            return as_array(position / max(pixels - 3, 1), xp)

        edges_y = inverse(unit(rows - (np.arange(rows + 1) - 0.5) - 1.0, rows), axis=0)
        edges_x = inverse(unit((np.arange(columns + 1) - 0.5) - 1.0, columns), axis=1)
        return edges_y, edges_x

    def _even_edges_by(self, cdf: CDF) -> tuple[Array, Array]:
        """As `_node_edges`, of even cells of the coordinates that a transform follows."""
        rows, columns = self.shape
        falling, rising = 1.0 - np.arange(rows + 1) / rows, np.arange(columns + 1) / columns
        return cdf.quantiles(as_array(falling, self._xp), axis=0), cdf.quantiles(as_array(rising, self._xp), axis=1)

    @derived
    def _axis_edges(self) -> tuple[Array, Array]:
        if self.edge_convention == "cells":
            return self._even_edges_by(self.cdf)
        if self.edge_convention == "extrapolated":
            return self._node_edges_by(self.cdf.quantiles)
        return self._node_edges

    @derived
    def _axis_edges_of_areas(self) -> tuple[Array, Array]:
        if self.area_convention == "nodes":
            return self._node_edges
        if self.mesh_weight_map is not None:
            return self._even_edges_by(self.cdf)
        return self._even_edges_by(self._cdf_of(self.data_grid.over_sampled))

    @property
    def edges_transformed(self) -> Array:
        """The source-plane edges of the rows and columns, of shape (n + 1, 2), in arc-seconds.

        Column 0 holds the falling y of the edges between rows, column 1 the rising x of those between columns. Of a
        mesh that is not square the shorter axis is padded with NaN.
        """
        xp = self._xp
        edges_y, edges_x = self._axis_edges
        length = max(edges_y.shape[0], edges_x.shape[0])

        def pad(edges: Array) -> Array:
            return xp.concatenate((edges, xp.full(length - edges.shape[0], xp.nan)))

        return xp.stack((pad(edges_y), pad(edges_x)), axis=1)

    @property
    def areas_transformed(self) -> Array:
        """The source-plane area of each mesh pixel, of shape (pixels,), in square arc-seconds."""
        edges_y, edges_x = self._axis_edges_of_areas
        xp = self._xp
        return (xp.abs(xp.diff(edges_y))[:, None] * xp.abs(xp.diff(edges_x))[None, :]).reshape(-1)

    @property
    def areas_for_magnification(self) -> Array:
        """The areas that turn a reconstruction into a flux, of shape (pixels,), in square arc-seconds."""
        return self.areas_transformed
