"""The meshes of vertices that interpolate between nearest neighbors."""

from __future__ import annotations

from autoarray import exc
from autoarray._validation import check_number, whole_from
from autoarray.inversion.mesh.interpolator.knn import InterpolatorKNearestNeighbor, InterpolatorKNNBarycentric
from autoarray.inversion.mesh.mesh.delaunay import Delaunay


class KNearestNeighbor(Delaunay):
    """Vertices that are traced from the image plane, between which a source is interpolated with a kernel.

    A coordinate is interpolated from the vertices nearest to it, with a Wendland C4 kernel whose radius follows their
    distances. Areas and neighbors are those of the vertices' Delaunay triangulation.

    Parameters
    ----------
    pixels, zeroed_pixels
        See `Delaunay`.
    k_neighbors
        How many vertices each coordinate is interpolated from; all of them if the mesh has fewer.
    radius_scale
        The radius of the kernel in units of the distance of the last of those vertices. More than 1, or the kernel may
        not reach any of them, and a coordinate is mapped to nothing.
    areas_factor
        Has no effect on this mesh, whose split regularizations measure distances, not areas.
    split_neighbor_division
        The crosses of split regularizations reach half way to the vertex's neighbor number `k_neighbors` //
        `split_neighbor_division` (the first one at least, the last one at most).

    Raises
    ------
    MeshException
        If `k_neighbors` or `split_neighbor_division` is not a whole number of at least 1, `radius_scale` is not
        positive and finite, or the others are as `Delaunay` can't use them.
    """

    def __init__(
        self,
        pixels: int,
        zeroed_pixels: int | None = 0,
        k_neighbors: int = 10,
        radius_scale: float = 1.5,
        areas_factor: float = 0.5,
        split_neighbor_division: int = 2,
    ) -> None:
        super().__init__(pixels=pixels, zeroed_pixels=zeroed_pixels, areas_factor=areas_factor)
        name = type(self).__name__
        self.k_neighbors = whole_from(k_neighbors, f"{name}.k_neighbors", 1, exc.MeshException)
        self.split_neighbor_division = whole_from(
            split_neighbor_division, f"{name}.split_neighbor_division", 1, exc.MeshException
        )
        check_number(
            radius_scale, f"{name}.radius_scale", "a positive, finite number", error=exc.MeshException, above=0.0
        )
        self.radius_scale = radius_scale

    @property
    def interpolator_cls(self) -> type[InterpolatorKNearestNeighbor]:
        """The class of the interpolators of this mesh."""
        return InterpolatorKNearestNeighbor


class KNNBarycentric(KNearestNeighbor):
    """Vertices that are traced from the image plane, with linear interpolation between the nearest three.

    It comes close to `Delaunay` without a triangulation, and is not continuous: where another vertex comes to be among
    the nearest three, the source jumps. A vertex may be among the nearest three of no coordinate at all.

    Parameters
    ----------
    pixels, zeroed_pixels, k_neighbors, radius_scale, areas_factor, split_neighbor_division
        See `KNearestNeighbor`. `k_neighbors` and `split_neighbor_division` only decide how far the crosses of split
        regularizations reach; `radius_scale` and `areas_factor` have no effect.
    """

    @property
    def interpolator_cls(self) -> type[InterpolatorKNNBarycentric]:
        """The class of the interpolators of this mesh."""
        return InterpolatorKNNBarycentric
