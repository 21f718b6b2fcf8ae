"""The meshes of nearest neighbors: what they hold, and what they refuse."""

import pytest

import autoarray as aa

MESHES = [aa.mesh.KNearestNeighbor, aa.mesh.KNNBarycentric]


@pytest.mark.parametrize("cls", MESHES)
def test_state(cls):
    mesh = cls(20, 4, 7, 1.3, 0.4, 3)
    assert vars(mesh) == {
        "pixels": 20,
        "zeroed_pixels": 4,
        "k_neighbors": 7,
        "radius_scale": 1.3,
        "areas_factor": 0.4,
        "split_neighbor_division": 3,
    }
    assert isinstance(mesh, aa.mesh.Delaunay)
    assert mesh.supports_split_regularization
    assert not mesh.skip_areas
    assert mesh.zeroed_pixels_from(pixels=24).tolist() == [20, 21, 22, 23]


@pytest.mark.parametrize("cls", MESHES)
def test_defaults(cls):
    mesh = cls(pixels=20)
    assert (mesh.zeroed_pixels, mesh.k_neighbors, mesh.radius_scale) == (0, 10, 1.5)
    assert (mesh.areas_factor, mesh.split_neighbor_division) == (0.5, 2)


@pytest.mark.parametrize("cls", MESHES)
@pytest.mark.parametrize("name", ["k_neighbors", "split_neighbor_division"])
@pytest.mark.parametrize("value", [0, -3, 2.5, None, float("nan"), "ten"])
def test_numbers_of_neighbors_are_whole_and_positive(cls, name, value):
    with pytest.raises(
        aa.exc.MeshException, match=rf"{cls.__name__}\.{name}: expected a whole number of at least .*, found"
    ):
        cls(pixels=20, **{name: value})


@pytest.mark.parametrize("cls", MESHES)
@pytest.mark.parametrize("value", [0.0, -1.5, float("nan"), float("inf")])
def test_the_radius_is_positive_and_finite(cls, value):
    with pytest.raises(aa.exc.MeshException, match=r"radius_scale: expected a positive, finite number, found"):
        cls(pixels=20, radius_scale=value)


def test_what_delaunay_refuses():
    with pytest.raises(aa.exc.MeshException, match=r"KNearestNeighbor\.pixels: expected a number of at least"):
        aa.mesh.KNearestNeighbor(pixels=-1)
