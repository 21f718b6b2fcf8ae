"""The meshes of nearest neighbors: what they hold, and what they refuse."""

import numpy as np
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
@pytest.mark.parametrize("value", [0, 0.5, -3, None, float("nan"), float("inf"), "ten"])
def test_there_is_one_neighbor_at_least(cls, value):
    expected = rf"{cls.__name__}\.k_neighbors: expected a number of at least 1, found"
    with pytest.raises(aa.exc.MeshException, match=expected):
        cls(pixels=20, k_neighbors=value)


@pytest.mark.parametrize("cls", MESHES)
@pytest.mark.parametrize("value", [0, -0.3, -3, None, float("nan"), float("inf"), "ten"])
def test_the_division_of_neighbors_is_positive(cls, value):
    expected = rf"{cls.__name__}\.split_neighbor_division: expected a positive, finite number, found"
    with pytest.raises(aa.exc.MeshException, match=expected):
        cls(pixels=20, split_neighbor_division=value)


@pytest.mark.parametrize("cls", MESHES)
@pytest.mark.parametrize(("value", "neighbors"), [(10.0, 10), (7.3, 7), (7.9, 7), (np.float64(10.0), 10), (1.5, 1)])
def test_a_number_of_neighbors_that_a_model_drew_is_cut_off(cls, value, neighbors):
    """As PyAutoArray 2026.10.26.1 does: its interpolations of 7, 7.3 and 7.9 are the same."""
    mesh = cls(pixels=20, k_neighbors=value)
    assert (mesh.k_neighbors, type(mesh.k_neighbors)) == (neighbors, int)


@pytest.mark.parametrize("cls", MESHES)
@pytest.mark.parametrize(("value", "stored"), [(2.0, 2), (np.int64(3), 3), (np.float64(2.7), 2.7), (0.5, 0.5)])
def test_a_division_is_an_int_if_it_is_whole(cls, value, stored):
    mesh = cls(pixels=20, split_neighbor_division=value)
    assert (mesh.split_neighbor_division, type(mesh.split_neighbor_division)) == (stored, type(stored))


def test_jax_can_not_trace_the_numbers_of_neighbors():
    jax = pytest.importorskip("jax")
    for name in ("k_neighbors", "split_neighbor_division"):
        made = jax.jit(lambda value, name=name: aa.mesh.KNearestNeighbor(20, **{name: value}).radius_scale)
        with pytest.raises(aa.exc.MeshException, match=rf"{name}: expected a .*number.*, found"):
            made(2.0)


@pytest.mark.parametrize("cls", MESHES)
@pytest.mark.parametrize("value", [0.0, -1.5, float("nan"), float("inf")])
def test_the_radius_is_positive_and_finite(cls, value):
    with pytest.raises(aa.exc.MeshException, match=r"radius_scale: expected a positive, finite number, found"):
        cls(pixels=20, radius_scale=value)


def test_what_delaunay_refuses():
    with pytest.raises(aa.exc.MeshException, match=r"KNearestNeighbor\.pixels: expected a number of at least"):
        aa.mesh.KNearestNeighbor(pixels=-1)
