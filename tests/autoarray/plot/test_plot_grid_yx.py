"""Figures of coordinates, and of one quantity against another."""

import numpy as np
import pytest

import autoarray as aa
from autoarray import exc
from autoarray.plot import plot_grid, plot_yx

pytest.importorskip("matplotlib")

GRID = aa.Grid2DIrregular([(0.5, 1.0), (-0.25, -0.75), (0.0, 0.25)])


def test_the_points_of_a_grid_are_at_their_coordinates(tmp_path):
    panel = plot_grid(GRID, title="A grid", output_path=tmp_path).axes[0]

    np.testing.assert_array_equal(panel.collections[0].get_offsets(), GRID.array[:, ::-1])
    # As far to both sides of the origin, and a tenth of the width more.
    np.testing.assert_allclose(panel.get_xlim(), (-1.1, 1.1))
    np.testing.assert_allclose(panel.get_ylim(), (-0.6, 0.6))
    assert panel.get_aspect() == 1.0
    assert (tmp_path / "grid.png").exists()


def test_grids_of_both_backends(xp):
    grid = aa.Grid2DIrregular(xp.asarray(GRID.array), xp=xp)

    assert plot_grid(grid).axes[0].collections[0].get_offsets().tolist() == GRID.array[:, ::-1].tolist()


def test_colours_errors_groups_and_lines():
    fig = plot_grid(
        GRID,
        y_errors=[0.1, 0.1, 0.2],
        color_array=[1.0, 2.0, 3.0],
        indexes=[[0, 2], [1]],
        lines=[GRID],
        extent=(-2.0, 2.0, -1.0, 1.0),
        cb_unit="mag",
    )
    panel, bar = fig.axes
    points = next(each for each in panel.collections if each.get_array() is not None)

    assert points.get_array().tolist() == [1.0, 2.0, 3.0]
    assert bar.get_ylabel() == "mag"
    assert panel.axis() == (-2.0, 2.0, -1.0, 1.0)
    dots = [each for each in panel.collections if type(each).__name__ == "PathCollection"]
    groups = ([0, 1, 2], [0, 2], [1])
    assert [each.get_offsets().tolist() for each in dots] == [GRID.array[rows, ::-1].tolist() for rows in groups]


@pytest.mark.parametrize(
    ("grid", "reach"),
    [(np.zeros((0, 2)), 1.0), (np.full((3, 2), np.nan), 1.0), (np.zeros((4, 2)), 0.05), (None, 1.0)],
    ids=["empty", "nan", "at the origin", "none"],
)
def test_grids_without_an_extent(grid, reach, tmp_path):
    panel = plot_grid(grid, output_path=tmp_path).axes[0]

    assert len(panel.collections[0].get_offsets()) == (0 if grid is None else len(grid))
    assert panel.axis() == (-reach, reach, -reach, reach)
    assert (tmp_path / "grid.png").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"color_array": [1.0]}, "color_array: expected one value for each of 3 points, found 1"),
        ({"x_errors": np.zeros(4)}, "x_errors: expected one value for each of 3 points, found 4"),
        ({"indexes": [[3]]}, r"indexes: expected indexes of 3 points, found \[3\]"),
    ],
)
def test_grids_that_can_not_be_drawn(arguments, message):
    with pytest.raises(exc.PlottingException, match=message):
        plot_grid(GRID, **arguments)


def test_a_line_of_y_against_x(tmp_path):
    panel = plot_yx([1.0, 4.0, 9.0], [1.0, 2.0, 3.0], label="squares", output_path=tmp_path).axes[0]

    np.testing.assert_array_equal(panel.lines[0].get_xydata(), [(1.0, 1.0), (2.0, 4.0), (3.0, 9.0)])
    assert panel.get_legend().get_texts()[0].get_text() == "squares"
    assert plot_yx([5.0, 6.0]).axes[0].lines[0].get_xdata().tolist() == [0, 1]
    assert (tmp_path / "yx.png").exists()


@pytest.mark.parametrize(
    ("kind", "scales"),
    [
        ("linear", ("linear", "linear")),
        ("log", ("linear", "log")),
        ("loglog", ("log", "log")),
        ("symlog", ("linear", "symlog")),
    ],
)
def test_the_types_of_axes(kind, scales):
    panel = plot_yx([1.0, 10.0], [1.0, 2.0], plot_axis_type=kind).axes[0]

    assert (panel.get_xscale(), panel.get_yscale()) == scales


def test_errors_a_second_line_a_region_and_ticks():
    fig = plot_yx(
        np.array([1.0, 2.0]),
        y_errors=[0.1, 0.2],
        y_extra=[2.0, 3.0],
        shaded_region=([0.5, 1.0], [1.5, 2.5]),
        xtick_suffix='"',
    )
    fig.canvas.draw()
    panel = fig.axes[0]

    assert len(panel.containers) == 1
    assert panel.get_xticklabels()[1].get_text().endswith('"')
    assert any(line.get_ydata().tolist() == [2.0, 3.0] for line in panel.lines)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"y": np.zeros((2, 2))}, r"of one shape \(N,\), found shapes \(2, 2\) and \(4,\)"),
        ({"y": [1.0], "x": [1.0, 2.0]}, r"found shapes \(1,\) and \(2,\)"),
        ({"y": [1.0], "plot_axis_type": "cubic"}, "plot_axis_type: expected one of .* found 'cubic'"),
    ],
)
def test_lines_that_can_not_be_drawn(arguments, message):
    with pytest.raises(exc.PlottingException, match=message):
        plot_yx(**arguments)
