"""Figures of bare arrays: what is drawn, where, and how it fails."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autoarray as aa
from autoarray import exc
from autoarray.plot import plot_array, utils

pytest.importorskip("matplotlib")


def test_a_bare_array_is_drawn_on_pixel_numbers():
    values = np.arange(12.0).reshape(3, 4)
    fig = plot_array(values, title="title", cb_unit="unit")
    panel, bar = fig.axes

    np.testing.assert_array_equal(panel.images[0].get_array(), values)
    assert panel.get_title() == "title"
    assert panel.get_xlim() == (-0.5, 3.5)
    assert panel.get_ylim() == (2.5, -0.5)
    assert panel.get_aspect() == 1.0
    assert bar.get_ylabel() == "unit"


def test_nan_and_masked_values_are_left_out():
    values = np.ma.array([[1.0, np.nan], [3.0, 4.0]], mask=[[False, False], [True, False]])
    image = plot_array(values).axes[0].images[0]

    assert image.get_array().mask.tolist() == [[False, True], [True, False]]
    assert image.get_clim() == (1.0, 4.0)


@pytest.mark.parametrize("values", [np.zeros((2, 2)), np.full((2, 2), np.nan), np.array([[1.0, np.inf], [2.0, 0.0]])])
@pytest.mark.parametrize("use_log10", [False, True])
def test_values_without_a_range_still_draw(values, use_log10, tmp_path):
    plot_array(values, use_log10=use_log10, output_path=tmp_path)

    assert (tmp_path / "array.png").stat().st_size > 1000


@pytest.mark.parametrize("opacity", [False, True])
def test_a_colour_image_keeps_its_colours(opacity, tmp_path):
    values = np.random.default_rng(1).uniform(size=(3, 5, 4 if opacity else 3))
    image = aa.Array2DRGB.no_mask(values, pixel_scales=0.5)
    fig = plot_array(image, title="title", use_log10=True, output_path=tmp_path)

    assert len(fig.axes) == 1  # no colour bar
    np.testing.assert_array_equal(fig.axes[0].images[0].get_array(), values)
    assert fig.axes[0].images[0].get_extent() == [-1.25, 1.25, -0.75, 0.75]
    assert (tmp_path / "array.png").stat().st_size > 1000


def test_a_colour_image_has_no_contours():
    image = aa.Array2DRGB.no_mask(np.zeros((3, 5, 3)), pixel_scales=0.5)
    with pytest.raises(exc.PlottingException, match="contours: expected none for an Array2DRGB, found 3"):
        plot_array(image, contours=3)


@pytest.mark.parametrize("values", [np.zeros(3), np.zeros((2, 2, 2))])
def test_other_dimensions_are_refused(values):
    with pytest.raises(exc.PlottingException, match=r"array: expected 2 dimensions, found shape \("):
        plot_array(values)


def test_drawing_on_given_axes_saves_nothing(tmp_path):
    fig = utils.new_figure((3, 3))
    ax = fig.add_subplot()

    assert plot_array(np.eye(3), ax=ax) is fig
    with pytest.raises(exc.PlottingException, match="output_path: expected None where an ax was given"):
        plot_array(np.eye(3), ax=ax, output_path=tmp_path)


@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
def test_equal_figures_are_equal_files(suffix, tmp_path):
    pytest.importorskip("matplotlib").rcParams["svg.hashsalt"] = "fixed"
    for name in ("one", "two"):
        plot_array(np.eye(3), output_path=tmp_path / "new", output_filename=name, output_format=suffix)

    assert (tmp_path / "new" / f"one.{suffix}").read_bytes() == (tmp_path / "new" / f"two.{suffix}").read_bytes()


def test_symmetric_limit():
    assert utils.symmetric_limit_from([-3.0, 2.0, np.nan]) == 3.0
    assert utils.symmetric_limit_from([0.0]) == 1.0
    assert utils.symmetric_limit_from([]) == 1.0


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    with pytest.raises(ImportError, match=r"pip install autoarray-portable\[plot\]"):
        plot_array(np.eye(2))


def test_importing_the_plots_imports_no_matplotlib():
    code = "import autoarray.plot, sys; print('matplotlib' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=Path(__file__).parents[3],
    )

    assert result.stdout == "False\n"


@pytest.mark.parametrize("channels", [3, 4])
def test_a_colour_image_is_drawn_in_its_own_colours(tmp_path, channels):
    rng = np.random.default_rng(1)
    image = aa.Array2DRGB.no_mask(rng.uniform(size=(4, 5, channels)), pixel_scales=0.5)
    fig = plot_array(image, title="colours", output_path=tmp_path)
    (panel,) = fig.axes  # no colour bar
    np.testing.assert_array_equal(panel.images[0].get_array(), image.array)
    assert tuple(panel.images[0].get_extent()) == (-1.25, 1.25, -1.0, 1.0)
    assert (tmp_path / "array.png").exists()
    with pytest.raises(exc.PlottingException, match="contours: expected none for an Array2DRGB, found 3"):
        plot_array(image, contours=3)


def test_points_of_several_grids_are_drawn_as_one_kind():
    grids = [aa.Grid2DIrregular([(0.0, 1.0)]), aa.Grid2DIrregular([(1.0, 1.0), (1.0, 0.0)])]
    panel = plot_array(np.arange(12.0).reshape(3, 4), origin=grids).axes[0]
    (points,) = panel.collections
    np.testing.assert_array_equal(points.get_offsets(), [(1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])
