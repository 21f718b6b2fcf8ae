"""Reconstructions on every mesh: each value on its cell, or between its vertices, in its colour."""

import numpy as np
import pytest
from mesh_fits import MESHES, VERTICES, fit_on, mapper_of

import autoarray as aa
from autoarray import exc
from autoarray.plot import plot_inversion_reconstruction, plot_mapper, plot_mesh, utils
from autoarray.plot._canvas.zoom import zoomed_extent_of_cells_from

pytest.importorskip("matplotlib")


def values_for(mapper):
    return 1.0 + np.arange(mapper.params) % 7


@pytest.mark.parametrize("name", MESHES)
def test_every_mesh_is_drawn_on_both_backends(name, backend, tmp_path):
    fit = fit_on(name, backend)
    reconstruction = np.asarray(fit.inversion.reconstruction)

    fig = plot_mapper(mapper_of(fit), fit.inversion.reconstruction, tmp_path)

    panel, _ = fig.axes
    drawn = panel.images[0] if panel.images else panel.collections[0]
    assert drawn.get_clim() == (reconstruction.min(), reconstruction.max())
    assert (tmp_path / "mapper.png").stat().st_size > 5000
    assert panel.get_aspect() == 1.0
    left, right = panel.get_xlim()
    bottom, top = panel.get_ylim()
    np.testing.assert_allclose(right - left, top - bottom)
    brightest = np.asarray(mapper_of(fit).source_plane_mesh_grid.array)[reconstruction.argmax()]
    if name != "rotated":  # whose grid is in its own frame
        assert bottom <= brightest[0] <= top
        assert left <= brightest[1] <= right


@pytest.mark.parametrize("name", MESHES)
def test_the_colour_under_a_source_position_is_that_of_its_cell(name):
    mapper = mapper_of(fit_on(name))
    values = values_for(mapper)
    fig = plot_inversion_reconstruction(values, mapper, zoom_to_brightest=False, style="cells", figsize=(6.0, 6.0))
    fig.canvas.draw()
    panel = fig.axes[0]
    pixels = np.asarray(fig.canvas.buffer_rgba())
    colors = panel.collections[0].cmap(panel.collections[0].norm(values))[:, :3]
    polygons = mapper.mesh_geometry.cells()
    checked = 0
    for polygon, color in zip(polygons, colors, strict=True):
        corners = panel.transData.transform(polygon[:, ::-1]) if len(polygon) else np.zeros((1, 2))
        middle = corners.mean(axis=0)
        along = np.roll(corners, -1, axis=0) - corners
        lengths = np.linalg.norm(along, axis=1)
        away = np.abs(along[:, 0] * (middle - corners)[:, 1] - along[:, 1] * (middle - corners)[:, 0])
        # Thin cells have no pixel of their own.
        if len(polygon) < 3 or (away <= 3.0 * lengths).any():
            continue
        found = pixels[pixels.shape[0] - 1 - int(middle[1]), int(middle[0]), :3] / 255.0
        np.testing.assert_allclose(found, color, atol=0.01)
        checked += 1
    assert checked >= 5


@pytest.mark.parametrize("name", VERTICES)
def test_what_is_interpolated_is_what_the_mesh_interpolates(name):
    mapper = mapper_of(fit_on(name))
    values = values_for(mapper)
    positions = mapper.source_plane_data_grid.over_sampled.array

    found = mapper.mesh_geometry.interpolation_from(values, positions)

    # The mapping matrix takes the mean over the sub-pixels of a pixel.
    image = np.bincount(mapper.slim_index_for_sub_slim_index, weights=found) / 4.0
    np.testing.assert_allclose(image, mapper.mapping_matrix @ values, rtol=1e-10)


@pytest.mark.parametrize("name", ["delaunay", "delaunay_nn"])
def test_at_a_vertex_the_drawn_source_has_its_value(name):
    mapper = mapper_of(fit_on(name))
    values = values_for(mapper)
    panel = plot_inversion_reconstruction(values, mapper, zoom_to_brightest=False).axes[0]
    image = panel.images[0]
    left, right, bottom, top = image.get_extent()
    side = image.get_array().shape[0]
    inner = mapper.source_plane_mesh_grid.array[:18]
    rows = ((top - inner[:, 0]) / (top - bottom) * side).astype(int)
    columns = ((inner[:, 1] - left) / (right - left) * side).astype(int)
    shown = np.asarray(image.get_array())[rows, columns]

    # Half a pixel away from the vertex.
    assert np.median(np.abs(shown - values[:18])) < 0.1
    # Nothing is drawn beyond the triangles: the corners of the panel.
    assert image.get_array().mask[0, 0]
    assert image.get_array().mask[-1, -1]


def test_the_default_styles():
    drawn = {}
    for name in ("uniform", "rotated", "delaunay", "delaunay_nn", "knn", "knn_barycentric"):
        mapper = mapper_of(fit_on(name))
        panel = plot_inversion_reconstruction(values_for(mapper), mapper).axes[0]
        drawn[name] = "interpolated" if panel.images else type(panel.collections[0]).__name__

    assert drawn == {
        "uniform": "QuadMesh",
        "rotated": "QuadMesh",
        "delaunay": "interpolated",
        "delaunay_nn": "interpolated",
        "knn": "PolyCollection",
        "knn_barycentric": "PolyCollection",
    }


def test_the_limits_of_the_colours_and_the_unit():
    mapper = mapper_of(fit_on("knn"))
    fig = plot_inversion_reconstruction(
        values_for(mapper), mapper, vmin=2.0, vmax=5.0, use_log10=True, cb_unit="Jy", extent=(-1.0, 1.0, -2.0, 0.0)
    )
    drawn = fig.axes[0].collections[0]

    assert drawn.get_clim() == (2.0, 5.0)
    assert type(drawn.norm).__name__ == "LogNorm"
    assert drawn.colorbar.extend == "max"
    assert fig.axes[1].get_ylabel() == "Jy"
    assert fig.axes[0].get_xlim() == (-1.0, 1.0)
    assert fig.axes[0].get_ylim() == (-2.0, 0.0)


def test_a_mesh_alone_is_drawn_with_its_edges():
    mapper = mapper_of(fit_on("delaunay"))
    panel = plot_mapper(mapper, mesh_grid=mapper.source_plane_mesh_grid).axes[0]
    lines, points = panel.collections

    assert len(lines.get_segments()) == len(mapper.mesh_geometry.edges())
    np.testing.assert_array_equal(points.get_offsets()[:, ::-1], mapper.source_plane_mesh_grid.array)
    whole = plot_mesh(mapper.mesh_geometry, voronoi=True).axes[0].collections[0]
    assert len(whole.get_segments()) == len(mapper.mesh_geometry.edges(voronoi=True))


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("knn", {"values": np.zeros(23)}, r"expected 24 values for a mesh of 24 vertices, found shape \(23,\)"),
        ("uniform", {"values": np.zeros(29)}, r"expected 30 values for a mesh of shape \(6, 5\), found shape \(29,\)"),
        ("uniform", {"style": "interpolated"}, "expected 'cells' for a rectangular mesh, found 'interpolated'"),
        ("delaunay", {"style": "triangles"}, "style: expected one of .* found 'triangles'"),
    ],
)
def test_what_can_not_be_drawn_is_refused(name, arguments, message):
    mapper = mapper_of(fit_on(name))
    values = arguments.pop("values", np.zeros(mapper.params)) if "values" in arguments else np.zeros(mapper.params)

    with pytest.raises(exc.PlottingException, match=message):
        plot_inversion_reconstruction(values, mapper, **{k: v for k, v in arguments.items() if k != "values"})


@pytest.mark.parametrize("name", ["uniform", "rotated", "delaunay", "knn"])
@pytest.mark.parametrize("value", [0.0, 3.0, -1.0])
def test_a_constant_source_is_drawn_whole(name, value):
    mapper = mapper_of(fit_on(name))
    panel = plot_inversion_reconstruction(np.full(mapper.params, value), mapper).axes[0]
    corners = np.concatenate(mapper.mesh_geometry.cells())

    assert panel.get_ylim()[0] <= corners[:, 0].min()
    assert panel.get_xlim()[1] >= corners[:, 1].max()


def test_zoom_of_cells_leaves_out_a_faint_one_far_away():
    squares = [
        np.array([[y, x], [y, x + 1], [y + 1, x + 1], [y + 1, x]], dtype=float) for y in range(9) for x in range(9)
    ]
    values = np.zeros(81)
    values[[40, 41, 49, 50]] = 1.0
    values[8] = 0.06

    near = zoomed_extent_of_cells_from(values, squares)
    far = zoomed_extent_of_cells_from(values, squares, zoom_to_brightest=False)
    twice = zoomed_extent_of_cells_from(values, squares, zoom_extent_scale=2.0)

    # Four cells from 4 to 6, and a tenth more on each side; or all of them and a little more.
    np.testing.assert_allclose(near, (3.8, 6.2, 3.8, 6.2))
    np.testing.assert_allclose(far, (4.5 - 4.68, 4.5 + 4.68) * 2)
    np.testing.assert_allclose(twice, (2.6, 7.4, 2.6, 7.4))


def test_edges_far_beyond_the_data_do_not_decide_what_is_shown():
    geometry = mapper_of(fit_on("spline_density")).mesh_geometry._with(edge_convention="extrapolated")
    reach = np.abs(geometry.data_grid.over_sampled.array).max()
    panel = plot_inversion_reconstruction(np.ones(30), geometry).axes[0]

    assert np.abs([*panel.get_xlim(), *panel.get_ylim()]).max() < 2.0 * reach


def test_overlays_keep_to_what_is_shown():
    mapper = mapper_of(fit_on("uniform"))
    plain = plot_inversion_reconstruction(values_for(mapper), mapper).axes[0]
    drawn = plot_inversion_reconstruction(
        values_for(mapper),
        mapper,
        mesh_edges=True,
        grid=aa.Grid2DIrregular([(0.0, 0.0), (50.0, 50.0)]),
        lines=[np.array([(0.0, 0.0), (30.0, 0.0)])],
        regions=[[np.array([(0.0, 0.0), (0.0, 0.1), (0.1, 0.1), (0.0, 0.0)])]],
        region_labels=["a"],
    ).axes[0]

    assert plain.axis() == drawn.axis()
    assert [text.get_text() for text in drawn.texts] == ["a"]
    assert utils.REGION_COLORS[0] in [line.get_color() for line in drawn.lines]


def test_the_edges_of_a_mesh_are_read_from_its_backend_once(monkeypatch):
    geometry = mapper_of(fit_on("adapt_density")).mesh_geometry
    edges, reads = geometry.edges_transformed, []
    monkeypatch.setattr(type(geometry), "edges_transformed", property(lambda self: reads.append(1) or edges))
    plot_inversion_reconstruction(np.ones(30), geometry)

    assert len(reads) == 1
