"""The look of figures: ticks, corners, colour maps, and what the user's configuration says of them."""

from __future__ import annotations

import sys
import types

import numpy as np
import pytest

import autoarray as aa
import autoarray.plot as aplt
from autoarray import exc
from autoarray.plot import segmentdata, utils
from autoarray.plot.array import _zoom_array_2d
from autoarray.plot.output import Output

matplotlib = pytest.importorskip("matplotlib")


@pytest.fixture
def general(monkeypatch):
    """The file visualize/general.yaml of a configuration in use; its figures are those of pyplot."""
    from matplotlib import pyplot

    conf = types.ModuleType("autonerves.conf")
    found = {}
    conf.instance = {"visualize": {"general": found}}
    monkeypatch.setitem(sys.modules, conf.__name__, conf)
    yield found
    pyplot.close("all")


def panel():
    return utils.subplots(1, 1)[1]


def texts(labels):
    return [label.get_text() for label in labels]


def test_few_ticks_in_arc_seconds():
    ax = panel()
    utils.apply_extent(ax, (-3.0, 3.0, -2.0, 2.0))
    assert (ax.get_xlim(), ax.get_ylim()) == ((-3.0, 3.0), (-2.0, 2.0))
    np.testing.assert_allclose(ax.get_xticks(), [-2.2, 0.0, 2.2])  # two digits of the distance
    assert texts(ax.get_yticklabels()) == ['-1.5"', '0.0"', '1.5"']
    assert utils.arcsec_labels([-1.5, 0.0, 1.25], True) == ["-1.″5", "0.″0", "1.″25"]


@pytest.mark.parametrize("name", sorted({*aplt._HELPERS, *aplt._SECOND_NAMES}))
def test_names_of_pyautoarray_are_there_too(name):
    assert callable(getattr(aplt, name))


def test_points_on_an_image_that_is_upside_down():
    extent, points = (-3.0, 3.0, -1.0, 2.0), np.array([[1.0, 2.0], [0.0, -1.0]])
    # The numbers are those of PyAutoArray 2026.10.26.1.
    np.testing.assert_array_equal(utils._overlay_yx_for_origin(points, extent, "lower"), [[0.0, 2.0], [1.0, -1.0]])
    np.testing.assert_array_equal(
        utils._vector_yx_for_origin(np.array([[1.0, 2.0, 3.0, 4.0]]), extent, "lower"), [[0.0, 2.0, -3.0, 4.0]]
    )
    assert utils._overlay_yx_for_origin(points, extent, "upper") is points
    assert utils._overlay_yx_for_origin(None, extent, "lower") is None


def test_an_image_from_its_bottom_row():
    image = aa.Array2D.no_mask(np.arange(12.0).reshape(3, 4), pixel_scales=1.0)
    ax = panel()
    aplt.plot_array(
        image, ax=ax, grid=np.array([[1.0, 0.5]]), lines=[np.array([[1.0, 0.0], [-1.0, 1.0]])], origin_imshow="lower"
    )
    (drawn,) = ax.get_images()
    assert drawn.origin == "lower"
    assert drawn.get_extent() == [-2.0, 2.0, -1.5, 1.5]
    np.testing.assert_array_equal(ax.collections[0].get_offsets(), [[0.5, -1.0]])
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), [-1.0, 1.0])
    with pytest.raises(exc.PlottingException, match=r"origin_imshow: expected one of .*, found 'left'"):
        aplt.plot_array(image, origin_imshow="left")


def test_types_of_axes():
    for kind, scales, points in (("scatter", ("linear", "linear"), 1), ("semilogy", ("linear", "log"), 0)):
        ax = panel()
        aplt.plot_yx(np.array([1.0, 2.0]), ax=ax, plot_axis_type=kind)
        assert ((ax.get_xscale(), ax.get_yscale()), len(ax.collections), len(ax.lines)) == (scales, points, 1 - points)


def test_the_colour_map_of_a_name():
    segmentdata.register()
    segmentdata.register()
    assert utils.get_cmap("autoarray").name == "autoarray"
    assert utils.get_cmap().name == utils._default_colormap() == utils.CMAP
    with pytest.raises(exc.PlottingException, match="found 'no such map'"):
        utils.get_cmap("no such map")


def test_the_configuration_has_a_say(general):
    general |= {
        "colormap": "autoarray",
        "general": {"imshow_origin": "lower", "log10_min_value": 1e-3, "output_format": ["pdf", "png"], "dpi": 50},
        "mat_plot": {
            "figure": {"figsize": "(3, 2)", "subplot_shape_to_figsize_factor": "(4, 5)"},
            "title": {"fontsize": 17},
            "title_subplot": {"fontsize": 13},
        },
        "ticks": {"number_of_ticks_2d": 5, "symbol_over_decimal": True},
    }
    assert utils.conf_figsize() == (3.0, 2.0)
    assert utils.conf_subplot_figsize(2, 3) == (12.0, 10.0)
    assert utils._conf_imshow_origin() == "lower"
    assert utils._conf_output_format() == "pdf"
    assert utils._conf_ticks("number_of_ticks_2d", 3) == 5
    assert utils.conf_mat_plot_fontsize("yticks", 22) == 22
    assert utils.norm_from(np.array([0.0, 1.0]), use_log10=True).vmin == 1e-3
    fig = aplt.plot_array(aa.Array2D.no_mask(np.eye(4), pixel_scales=1.0), title="one")
    assert fig.axes[0].title.get_fontsize() == 17
    assert fig.axes[0].get_images()[0].get_cmap().name == "autoarray"
    assert texts(fig.axes[0].get_xticklabels())[0] == "-1.″5"
    assert tuple(fig.get_size_inches()) == (3.0, 2.0)


def contours_of(fig):
    found = [each for each in fig.axes[0].collections if type(each).__name__ == "QuadContourSet"]
    return len(found[0].levels) if found else 0


@pytest.mark.parametrize("has_values", [True, False])
def test_the_contours_of_logarithmic_images(general, has_values):
    general["contour"] = {"total_contours": 4, "include_values": has_values}
    y, x = np.mgrid[-20:21, -20:21] / 10.0
    image = np.exp(-(y**2) - x**2)
    fig = aplt.plot_array(image, use_log10=True)
    assert contours_of(fig) == 4
    assert bool(fig.axes[0].texts) == has_values
    assert contours_of(aplt.plot_array(image, use_log10=True, contours=2)) == 2
    assert contours_of(aplt.plot_array(image, use_log10=True, contours=0)) == 0
    assert contours_of(aplt.plot_array(image)) == 0


def test_logarithmic_images_have_no_contours_without_a_configuration():
    assert contours_of(aplt.plot_array(np.eye(5) + 0.1, use_log10=True)) == 0


def test_a_wrong_value_of_the_configuration_names_its_key(general):
    general["mat_plot"] = {"figure": {"figsize": "seven"}}
    with pytest.raises(ValueError, match=r"config/visualize/general.yaml, mat_plot.figure.figsize: expected"):
        utils.conf_figsize()


def test_figures_of_pyplot_are_closed_when_they_are_written(general, tmp_path):
    from matplotlib import pyplot

    pyplot.close("all")
    fig, _ = utils.subplots(1, 2)
    assert pyplot.get_fignums() == [fig.number]
    utils.save_figure(fig, tmp_path, "both", ["png", "pdf"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["both.pdf", "both.png"]
    assert pyplot.get_fignums() == []
    utils.save_figure(utils.subplots(1, 1)[0], None, "shown")
    assert pyplot.get_fignums() == []


def test_output_writes_what_pyplot_draws_on(tmp_path):
    from matplotlib import pyplot

    pyplot.figure()
    Output(path=tmp_path, prefix="p_", format=["png", "pdf"], bbox_inches=None).to_figure(None, "auto")
    Output(path=tmp_path, filename="sub").subplot_to_figure("auto")
    Output(path=tmp_path, bypass=True).to_figure(None, "never")
    pyplot.close("all")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p_auto.pdf", "p_auto.png", "sub.png"]


def test_output_writes_a_file_of_the_name_that_is_asked_for(tmp_path):
    from matplotlib import pyplot

    pyplot.figure()
    Output(path=tmp_path, prefix="p_").savefig("plain", tmp_path / "new", "svg")
    pyplot.close("all")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["plain.svg"]


def test_output_writes_the_figures_of_a_script_where_the_environment_asks_for_them(tmp_path, monkeypatch):
    from matplotlib import pyplot

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["/scripts/fit.py"])
    pyplot.figure()
    Output().to_figure_output_mode("a")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv("PYAUTO_OUTPUT_MODE", "1")
    Output().to_figure_output_mode("a")
    pyplot.close("all")
    assert [path.name for path in (tmp_path / "output_mode" / "fit").iterdir()] == ["0_a.png"]


def test_all_figures_of_a_script_in_one_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fig, _ = utils.subplots(1, 1)
    assert utils._output_mode_save(fig, "a") is False
    monkeypatch.setenv("PYAUTO_OUTPUT_MODE", "1")
    monkeypatch.setattr(sys, "argv", ["/scripts/fit.py"])
    assert utils._output_mode_save(fig, "a")
    assert utils._output_mode_save(fig, "b")
    assert sorted(path.name for path in (tmp_path / "output_mode" / "fit").iterdir()) == ["0_a.png", "1_b.png"]


def test_the_zoom_that_clients_import():
    mask = aa.Mask2D.circular(shape_native=(9, 9), pixel_scales=0.1, radius=0.2)
    assert _zoom_array_2d(aa.Array2D(np.ones(mask.pixels_in_mask), mask=mask)).shape_native == (5, 5)
