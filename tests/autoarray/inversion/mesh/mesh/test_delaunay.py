"""The Delaunay mesh: what it holds, and which vertices it takes."""

import numpy as np
import problems
import pytest
import vertex_problems

import autoarray as aa


def test_numbers_of_vertices():
    mesh = aa.mesh.Delaunay(pixels=20, zeroed_pixels=5, areas_factor=0.4)
    assert vars(mesh) == {"pixels": 20, "areas_factor": 0.4, "zeroed_pixels": 5}
    assert mesh.total_pixels == 25
    assert mesh.zeroed_pixels_from(pixels=30).tolist() == [25, 26, 27, 28, 29]
    assert not mesh.skip_areas
    assert repr(mesh) == "Delaunay(pixels=20, areas_factor=0.4, zeroed_pixels=5)"


@pytest.mark.parametrize("zeroed", [0, None])
def test_no_vertex_is_zeroed_by_default(zeroed):
    mesh = aa.mesh.Delaunay(pixels=20, zeroed_pixels=zeroed)
    assert mesh.zeroed_pixels == 0
    assert mesh.zeroed_pixels_from(pixels=20).tolist() == []


@pytest.mark.parametrize(
    "mesh", [aa.mesh.Delaunay, aa.mesh.DelaunayNN, aa.mesh.KNearestNeighbor, aa.mesh.KNNBarycentric]
)
def test_fractions_of_pixels_are_cut_off(mesh):
    """As PyAutoArray 2026.10.26.1 does, for models that draw these numbers."""
    made = mesh(pixels=33.7, zeroed_pixels=3.5)
    assert (made.pixels, made.zeroed_pixels) == (33, 3)
    assert type(made.pixels) is type(made.zeroed_pixels) is int


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pixels": -1}, r"Delaunay\.pixels: expected a number of at least 0, found -1"),
        ({"pixels": float("inf")}, "pixels: expected a number of at least 0, found inf"),
        ({"pixels": "many"}, "pixels: expected a number of at least 0, found 'many'"),
        ({"pixels": 9, "zeroed_pixels": -2}, "zeroed_pixels: expected a number of at least 0, found -2"),
        ({"pixels": 9, "areas_factor": 0.0}, r"areas_factor: expected a positive number, found 0\.0"),
        ({"pixels": 9, "areas_factor": float("nan")}, "areas_factor: expected a positive number, found nan"),
    ],
)
def test_numbers_that_mean_nothing_are_errors(options, message):
    with pytest.raises(aa.exc.MeshException, match=message):
        aa.mesh.Delaunay(**options)


def interpolator_of(vertices, mesh=None, xp=np):
    return (mesh or aa.mesh.Delaunay(pixels=5)).interpolator_from(
        source_plane_data_grid=problems.traced_from(vertex_problems.dataset(), xp=xp),
        source_plane_mesh_grid=vertices,
        xp=xp,
    )


WRONG = {
    "none": (None, "source_plane_mesh_grid: expected the .* vertices of the mesh.*, found None"),
    "two": (np.zeros((2, 2)), "source_plane_mesh_grid: expected at least 3 vertices, found 2"),
    "empty": (np.zeros((0, 2)), "expected at least 3 vertices, found 0"),
    "nan": (np.array([[0.0, 1.0], [np.nan, 1.0], [2.0, np.inf]]), "expected finite coordinates, found 2 of 3 vertices"),
}


@pytest.mark.parametrize("name", WRONG)
def test_vertices_that_are_no_mesh_are_errors(name, xp):
    values, message = WRONG[name]
    vertices = None if values is None else aa.Grid2DIrregular(xp.asarray(values), xp=xp)
    with pytest.raises(aa.exc.MeshException, match=message):
        interpolator_of(vertices, xp=xp)


def test_more_zeroed_vertices_than_vertices_are_an_error():
    mesh = aa.mesh.Delaunay(pixels=4, zeroed_pixels=30)
    with pytest.raises(aa.exc.MeshException, match=r"zeroed_pixels: expected fewer than 24, .*, found 30"):
        interpolator_of(vertex_problems.vertices_from(), mesh)


@pytest.mark.parametrize("pixels", [18, 24])
def test_the_number_of_vertices_is_with_or_without_those_at_the_edge(pixels):
    interpolator = interpolator_of(vertex_problems.vertices_from(), aa.mesh.Delaunay(pixels=pixels, zeroed_pixels=6))
    mapper = aa.Mapper(interpolator=interpolator)
    assert mapper.params == 24
    assert mapper.zeroed_pixels.tolist() == [18, 19, 20, 21, 22, 23]


def test_coordinates_and_vertices_are_brought_inside_the_border():
    relocated = vertex_problems.interpolator_from(relocate=True)
    as_they_are = vertex_problems.interpolator_from(relocate=False)
    relocator = vertex_problems.dataset().grids.border_relocator
    grid, vertices = problems.traced_from(vertex_problems.dataset()), vertex_problems.vertices_from()
    np.testing.assert_array_equal(as_they_are.mesh_grid.array, vertices.array)
    np.testing.assert_array_equal(as_they_are.data_grid.over_sampled.array, grid.over_sampled.array)
    np.testing.assert_array_equal(
        relocated.mesh_grid.array, relocator.relocated_mesh_grid_from(grid=grid, mesh_grid=vertices).array
    )
    np.testing.assert_array_equal(
        relocated.data_grid.over_sampled.array, relocator.relocated_grid_from(grid=grid).over_sampled.array
    )
    assert not np.array_equal(relocated.mesh_grid.array, as_they_are.mesh_grid.array)
