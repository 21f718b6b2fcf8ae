"""The meshes of vertices that interpolate between nearest neighbors."""

from __future__ import annotations

from autoarray import exc
from autoarray._backend import is_tracer
from autoarray._validation import check_number, count_from, number_from, shown
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
        How many vertices each coordinate is interpolated from; all of them if the mesh has fewer. A fraction, as a
        model draws it, is cut off.
    radius_scale
        The radius of the kernel in units of the distance of the last of those vertices. More than 1, or the kernel may
        not reach any of them, and a coordinate is mapped to nothing.
    areas_factor
        Has no effect on this mesh, whose split regularizations measure distances, not areas.
    split_neighbor_division
        The crosses of split regularizations reach half way to the vertex's neighbor number `k_neighbors` //
        `split_neighbor_division` (the first one at least, the last one at most). It need not be a whole number: of 10
        neighbors, 2.7 takes the third.

    Raises
    ------
    MeshException
        If `k_neighbors` is not a number of at least 1, `split_neighbor_division` or `radius_scale` is not positive and
        finite, or the others are as `Delaunay` can't use them.
    """

    def __init__(
        self,
        pixels: int,
        zeroed_pixels: int | None = 0,
        k_neighbors: int = 10,
        radius_scale: float = 1.5,
        areas_factor: float = 0.5,
        split_neighbor_division: float = 2,
    ) -> None:
        super().__init__(pixels=pixels, zeroed_pixels=zeroed_pixels, areas_factor=areas_factor)
        name = type(self).__name__
        self.k_neighbors = count_from(k_neighbors, f"{name}.k_neighbors", 1, exc.MeshException)
        self.split_neighbor_division = _division_from(split_neighbor_division, f"{name}.split_neighbor_division")
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


def _division_from(value: float, name: str) -> float:
    """A number above 0; an int if it is whole, so that 2 and 2.0 are one state."""
    expected = "a positive, finite number"
    if is_tracer(value):
        raise exc.MeshException(f"{name}: expected {expected}, found {shown(value)}: it can't be traced by JAX")
    division = number_from(value, name, expected, error=exc.MeshException, above=0.0)
    return int(division) if division.is_integer() else division
