"""What is drawn over an image: outlines, points, lines, arrows, contours and regions."""

import numpy as np
import pytest
from problems import dataset_from

import autoarray as aa
from autoarray import exc
from autoarray.plot import plot_array, utils
from autoarray.plot._canvas import overlays

Circle = pytest.importorskip("matplotlib.patches").Circle

SQUARE = np.array([(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)])


@pytest.fixture(scope="module")
def data():
    return dataset_from().data


def test_the_outline_of_a_mask_is_that_of_its_pixels(data):
    panel = plot_array(data, mask=data.mask).axes[0]
    (outline,) = panel.lines
    x, y = outline.get_data()

    # A closed loop along the edges of pixels, which encloses the area of the unmasked ones.
    area = abs(np.sum(y[:-1] * np.diff(x)))
    np.testing.assert_allclose(area, data.mask.pixels_in_mask * 0.01)


def test_points_are_where_they_are_said_to_be(data):
    grid = aa.Grid2DIrregular([(0.1, -0.2), (0.3, 0.4)])
    for name in ("border", "grid", "mesh_grid", "origin", "mask"):
        panel = plot_array(data, **{name: np.asarray(grid.array)}).axes[0]
        np.testing.assert_allclose(panel.collections[0].get_offsets(), grid.array[:, ::-1])
    assert plot_array(data, origin=(0.0, 0.0)).axes[0].collections[0].get_offsets().tolist() == [[0.0, 0.0]]


def test_groups_of_positions_have_colours_of_their_own(data):
    groups = [aa.Grid2DIrregular([(0.1, 0.2)]), [(0.3, 0.1), (0.2, 0.2)]]
    panel = plot_array(data, positions=groups).axes[0]

    assert [len(each.get_offsets()) for each in panel.collections] == [1, 2]
    colors = [tuple(each.get_facecolor()[0]) for each in panel.collections]
    assert colors[0] != colors[1]
    assert len(plot_array(data, positions=aa.Grid2DIrregular([(0.1, 0.2), (0.0, 0.1)])).axes[0].collections) == 1


def test_lines_and_their_colours(data):
    lines = [np.array([(0.0, 0.1), (0.2, 0.3)]), aa.Grid2DIrregular([(0.5, 0.1), (0.2, 0.3)])]
    drawn = plot_array(data, lines=lines, line_colors=["r", "g"]).axes[0].lines

    assert [line.get_color() for line in drawn] == ["r", "g"]
    np.testing.assert_array_equal(drawn[0].get_xdata(), [0.1, 0.3])
    np.testing.assert_array_equal(drawn[1].get_ydata(), [0.5, 0.2])


def test_arrows_patches_and_a_second_array(data):
    fig = plot_array(
        data,
        vector_yx=np.array([(0.1, 0.2, 1.0, 2.0)]),
        patches=[Circle((0.0, 0.0), 0.3)],
        array_overlay=data,
        fill_region=[[(0.1, 0.0), (0.1, 0.3)], [(0.2, 0.0), (0.2, 0.3)]],
    )
    panel = fig.axes[0]
    arrows = next(each for each in panel.collections if type(each).__name__ == "Quiver")

    assert (arrows.X[0], arrows.Y[0], arrows.U[0], arrows.V[0]) == (0.2, 0.1, 2.0, 1.0)
    assert len(panel.images) == 2
    assert panel.images[1].get_alpha() == 0.5
    assert len(panel.patches) == 1
    # What is drawn over the image does not change what is shown.
    assert panel.axis() == plot_array(data).axes[0].axis()


@pytest.mark.parametrize("use_log10", [False, True])
def test_contours_are_at_values_of_the_image(use_log10):
    y, x = np.mgrid[50:-51:-1, -50:51:1] / 25.0
    array = aa.Array2D.no_mask(values=np.exp(-(y**2) - x**2), pixel_scales=0.04)
    panel = plot_array(array, contours=3, use_log10=use_log10, vmin=0.01, vmax=1.0).axes[0]
    contour = next(each for each in panel.collections if type(each).__name__ == "QuadContourSet")

    expected = np.geomspace(0.01, 1.0, 5)[1:-1] if use_log10 else np.linspace(0.01, 1.0, 5)[1:-1]
    np.testing.assert_allclose(contour.levels, expected)
    # The image is round, so that each of them is a circle of a known radius.
    for level, path in zip(contour.levels, contour.get_paths(), strict=True):
        np.testing.assert_allclose(np.hypot(*path.vertices.T), np.sqrt(-np.log(level)), atol=0.01)


def test_an_image_without_a_range_has_no_contours():
    assert not plot_array(np.ones((4, 4)), contours=3).axes[0].collections


def test_regions_have_one_outline_and_a_label_inside_each_part():
    beside, apart = SQUARE + np.array([0.0, 1.0]), SQUARE + np.array([5.0, 0.0])
    _, ax = utils.subplots()
    utils.plot_regions(ax, [[SQUARE, beside, apart]], region_colors=["b"], region_labels=["one"])

    # Two squares side by side share an edge, which is not drawn: 6 + 4 lines.
    assert len(ax.lines) == 10
    places = [text.get_position() for text in ax.texts]
    assert [text.get_text() for text in ax.texts] == ["one", "one"]
    assert sum(0.0 < x < 2.0 and 0.0 < y < 1.0 for x, y in places) == 1
    assert sum(0.0 < x < 1.0 and 5.0 < y < 6.0 for x, y in places) == 1
    assert ax.patches[0].get_alpha() == 0.25


def test_the_label_of_a_ring_is_not_in_its_hole():
    hole = 0.5 + 0.8 * (SQUARE[::-1] - 0.5)
    _, ax = utils.subplots()
    utils.plot_regions(ax, [[SQUARE, hole]], region_labels=["ring"])

    (text,) = ax.texts
    x, y = text.get_position()
    assert 0.0 < x < 1.0
    assert 0.0 < y < 1.0
    assert not (0.1 < x < 0.9 and 0.1 < y < 0.9)
    assert len(ax.lines) == 8  # the edges of both squares
    # Drawn alone, the fill covers the ring and leaves the hole white.
    ax.set_axis_off()
    text.set_visible(False)
    ax.figure.canvas.draw()
    pixels = np.asarray(ax.figure.canvas.buffer_rgba())[::-1]
    (column, row), (hole_column, hole_row) = ax.transData.transform([(x, y), (0.5, 0.5)]).astype(int)
    assert pixels[hole_row, hole_column].tolist() == [255, 255, 255, 255]
    assert pixels[row, column].tolist() != [255, 255, 255, 255]


def test_a_single_loop_is_a_region_and_no_regions_are_nothing():
    _, ax = utils.subplots()
    utils.plot_regions(ax, None)
    utils.plot_regions(ax, [])
    assert not ax.patches
    utils.plot_regions(ax, [SQUARE, []])
    assert len(ax.patches) == 1


def test_outlines_do_not_depend_on_directions():
    assert len(overlays.outline_of([SQUARE, SQUARE[::-1] + np.array([0.0, 1.0])])) == 6


def test_inputs_as_arrays():
    grid = aa.Grid2D.uniform(shape_native=(2, 3), pixel_scales=1.0)

    assert utils.numpy_grid(None) is utils.numpy_lines(None) is utils.numpy_positions([]) is None
    assert utils.numpy_grid(grid).shape == utils.numpy_grid(grid.native).shape == (6, 2)
    several = [aa.Grid2DIrregular([(0.1, 0.2), (0.3, 0.4)]), aa.Grid2DIrregular([(0.5, 0.6)])]
    assert utils.numpy_grid(several).tolist() == [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]
    assert [line.shape for line in utils.numpy_lines(grid)] == [(6, 2)]
    assert [group.shape for group in utils.numpy_positions([(0, 1), (2, 3)])] == [(2, 2)]
    assert [group.shape for group in utils.numpy_positions(np.zeros((3, 4, 2)))] == [(4, 2)] * 3
    assert [line.shape for line in utils.numpy_lines([[(0, 1), (2, 3)], [(1, 1)]])] == [(2, 2), (1, 2)]


@pytest.mark.parametrize("name", ["grid", "border", "lines", "positions"])
def test_coordinates_of_another_shape_are_refused(name, data):
    with pytest.raises(exc.PlottingException, match=r"coordinates of shape \(N, 2\), found shape \(4, 3\)"):
        plot_array(data, **{name: np.zeros((4, 3))})


def test_the_edge_of_a_mask_and_the_part_around_it(data):
    whole = aa.Array2D.no_mask(values=np.eye(3), pixel_scales=1.0)

    np.testing.assert_array_equal(utils.auto_mask_edge(data), data.mask.derive_grid.edge.array)
    assert utils.auto_mask_edge(whole) is utils.auto_mask_edge(np.eye(2)) is None
    assert utils.zoom_array(whole) is whole
    zoomed = utils.zoom_array(data)
    assert zoomed.shape_native[0] < data.shape_native[0] + 2
    np.testing.assert_allclose(np.nansum(zoomed.native.array), data.array.sum())
