"""The cells and edges that are drawn are those of the mesh."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mesh_fits import MESHES, VERTICES, fit_on, mapper_of

from autoarray import exc
from autoarray.inversion.mesh.mesh_geometry import cells
from autoarray.plot import plot_mesh

RECTANGULAR = [name for name in MESHES if name not in VERTICES]


def geometry_on(name, backend="numpy"):
    return mapper_of(fit_on(name, backend)).mesh_geometry


@pytest.mark.parametrize("name", [name for name in RECTANGULAR if name != "uniform"])
def test_the_corners_of_rectangles_are_at_the_edges_of_the_geometry(name):
    geometry = geometry_on(name)
    rows, columns = geometry.shape
    edges = np.asarray(geometry.edges_transformed)
    corners = geometry.corners()

    assert corners.shape == (rows + 1, columns + 1, 2)
    if name == "rotated":
        # Turned back into its own frame.
        corners = (corners - geometry.rotation_centroid) @ geometry.rotation_matrix.T
    np.testing.assert_allclose(corners[:, 0, 0], edges[: rows + 1, 0], atol=1e-12)
    np.testing.assert_allclose(corners[0, :, 1], edges[: columns + 1, 1], atol=1e-12)


@pytest.mark.parametrize("name", [name for name in RECTANGULAR if name != "uniform"])
def test_the_areas_of_drawn_rectangles_are_those_of_the_geometry(name):
    geometry = geometry_on(name)

    areas = cells.polygon_areas_from(geometry.cells())

    np.testing.assert_allclose(areas, geometry.areas_transformed, rtol=1e-9, atol=1e-14)


def test_the_cells_of_a_uniform_mesh_are_around_its_centres():
    geometry = geometry_on("uniform")
    polygons = geometry.cells()

    np.testing.assert_allclose([polygon.mean(axis=0) for polygon in polygons], geometry.mesh_grid.array, atol=1e-12)
    np.testing.assert_allclose(cells.polygon_areas_from(polygons), np.prod(geometry.pixel_scales), rtol=1e-9)


@pytest.mark.parametrize("name", VERTICES)
def test_the_areas_of_drawn_voronoi_cells_are_those_of_the_geometry(name):
    geometry = geometry_on(name)
    points = geometry.vertices()
    x0, x1, y0, y1 = cells.extent_of(points)
    voronoi = geometry.voronoi
    whole = []
    for index, region in enumerate(voronoi.point_region):
        corners = voronoi.regions[region]
        if -1 in corners:
            continue
        y, x = voronoi.vertices[corners].T
        if y.min() >= y0 and y.max() <= y1 and x.min() >= x0 and x.max() <= x1:
            whole.append(index)

    areas = cells.polygon_areas_from(geometry.cells())

    # Those that the rectangle around the vertices does not cut; all of them together fill it.
    assert len(whole) >= 5
    np.testing.assert_allclose(areas[whole], geometry.voronoi_areas[whole], rtol=1e-9)
    np.testing.assert_allclose(areas.sum(), (x1 - x0) * (y1 - y0), rtol=1e-9)


@given(st.integers(0, 10_000), st.integers(3, 40), st.floats(1e-3, 1e3))
def test_voronoi_cells_fill_any_rectangle_and_hold_what_is_nearest(seed, total, scale):
    rng = np.random.default_rng(seed)
    points = scale * rng.normal(size=(total, 2))
    extent = (-0.7 * scale, 1.3 * scale, -scale, 0.9 * scale)
    polygons = cells.voronoi_cells_from(points, extent)

    np.testing.assert_allclose(cells.polygon_areas_from(polygons).sum(), 2.0 * 1.9 * scale**2, rtol=1e-7)
    for index, polygon in enumerate(polygons):
        if len(polygon):
            middle = polygon.mean(axis=0)
            assert np.argmin(((points - middle) ** 2).sum(axis=1)) == index


def test_a_vertex_at_the_place_of_another_has_no_cell():
    points = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 1.0]])

    areas = cells.polygon_areas_from(cells.voronoi_cells_from(points))

    np.testing.assert_allclose(areas, [0.25, 0.25, 0.25, 0.25, 0.0])


def test_polygons_are_cut_off_at_a_rectangle():
    triangle = np.array([[0.0, 0.0], [0.0, 4.0], [4.0, 0.0]])

    cut = cells.clip(triangle, (1.0, 2.0, -1.0, 1.0))

    assert sorted(map(tuple, cut)) == [(0.0, 1.0), (0.0, 2.0), (1.0, 1.0), (1.0, 2.0)]
    assert cells.clip(triangle, (5.0, 6.0, 0.0, 1.0)).shape == (0, 2)
    np.testing.assert_array_equal(cells.clip(triangle, (-1.0, 5.0, -1.0, 5.0)), triangle)


def test_the_lines_of_a_rectangular_mesh_are_its_rows_and_columns():
    geometry = geometry_on("adapt_density")
    rows, columns = geometry.shape
    edges_y, edges_x = geometry.cell_edges()
    lines = geometry.edges()

    assert len(lines) == rows + 1 + columns + 1
    np.testing.assert_array_equal([line[0, 0] for line in lines[: rows + 1]], edges_y)
    np.testing.assert_array_equal([line[0, 1] for line in lines[rows + 1 :]], edges_x)


def test_the_lines_of_a_triangulation_are_its_edges_and_those_of_others_voronoi_cells():
    delaunay, knn = geometry_on("delaunay"), geometry_on("knn")
    edges = {frozenset(map(tuple, line)) for line in delaunay.edges()}
    rows, columns = delaunay.neighbors.pairs
    points = delaunay.vertices()

    assert edges == {frozenset((tuple(points[i]), tuple(points[j]))) for i, j in zip(rows, columns, strict=True)}
    voronoi = np.array(knn.edges())
    np.testing.assert_allclose(voronoi, delaunay.edges(voronoi=True))
    # Each line once: inside the rectangle it is as far from two vertices, and no vertex is closer.
    middle = voronoi.mean(axis=1)
    x0, x1, y0, y1 = cells.extent_of(points)
    inside = (np.abs(middle - [y0, x0]) > 1e-9).all(axis=1) & (np.abs(middle - [y1, x1]) > 1e-9).all(axis=1)
    distances = np.sort(np.linalg.norm(middle[inside][:, None] - points, axis=2), axis=1)
    np.testing.assert_allclose(distances[:, 0], distances[:, 1], rtol=1e-7)
    assert len({tuple(np.round(each, 9)) for each in middle}) == len(middle)


def test_other_objects_are_no_mesh():
    pytest.importorskip("matplotlib")
    with pytest.raises(exc.MeshException, match="mesh_geometry: expected the geometry of a mesh, found Mapper"):
        plot_mesh(mapper_of(fit_on("uniform")))


@pytest.mark.parametrize("name", ["uniform", "adapt_density", "rotated", "delaunay"])
def test_the_cells_are_the_same_on_jax(name):
    pytest.importorskip("jax")
    one, other = (geometry_on(name, backend).cells() for backend in ("numpy", "jax"))

    for polygon, same in zip(one, other, strict=True):
        assert isinstance(same, np.ndarray)
        np.testing.assert_allclose(same, polygon, atol=1e-9)
