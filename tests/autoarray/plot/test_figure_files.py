"""Figures as files: their size in pixels, their bytes, and where they go; scales of colours."""

import pickle
import struct

import numpy as np
import pytest
from mesh_fits import fit_on

from autoarray.plot import Output, plot_array, subplot_fit_imaging, utils

matplotlib = pytest.importorskip("matplotlib")


def pixels_of(path) -> tuple[int, int]:
    """The width and height that a PNG file says it has."""
    content = path.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", content[16:24])


@pytest.mark.parametrize("settings", [{}, {"savefig.bbox": "tight", "savefig.dpi": 40, "figure.dpi": 50}])
def test_the_size_in_pixels_is_that_of_the_figure(settings, tmp_path):
    long = "a title that is far too long for its panel, so that a tight box would be wider"
    with matplotlib.rc_context(settings):
        fig = plot_array(np.eye(3), title=long, figsize=(4.0, 3.0), output_path=tmp_path)
        utils.save_figure(fig, tmp_path, "large", dpi=200)

    assert pixels_of(tmp_path / "array.png") == (4 * utils.DPI, 3 * utils.DPI)
    assert pixels_of(tmp_path / "large.png") == (800, 600)


def test_the_figure_of_a_fit_has_one_size_for_every_fit(tmp_path):
    for name in ("uniform", "delaunay"):
        subplot_fit_imaging(fit_on(name), tmp_path, name)

    assert pixels_of(tmp_path / "uniform.png") == pixels_of(tmp_path / "delaunay.png") == (1352, 1118)


@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
@pytest.mark.parametrize("name", ["adapt_density", "delaunay", "knn"])
def test_two_drawings_of_one_fit_are_equal_bytes(name, suffix, tmp_path):
    for filename in ("one", "two"):
        subplot_fit_imaging(fit_on(name), tmp_path, filename, suffix, mesh_edges=True)

    assert (tmp_path / f"one.{suffix}").read_bytes() == (tmp_path / f"two.{suffix}").read_bytes()


def test_a_figure_that_is_written_twice_is_the_same_file(tmp_path):
    fig = subplot_fit_imaging(fit_on("uniform"))
    content = [utils.save_figure(fig, tmp_path, name).read_bytes() for name in ("one", "two", "three")]

    assert content[0] == content[1] == content[2]


def test_several_formats_at_once(tmp_path):
    plot_array(np.eye(3), output_path=tmp_path, output_format=["png", "pdf"])

    assert sorted(path.name for path in tmp_path.iterdir()) == ["array.pdf", "array.png"]
    assert (tmp_path / "array.pdf").read_bytes()[:5] == b"%PDF-"


def test_a_notebook_shows_what_a_file_would_hold(tmp_path):
    fig = plot_array(np.eye(3), output_path=tmp_path)

    assert fig._repr_png_() == (tmp_path / "array.png").read_bytes()
    assert pickle.loads(pickle.dumps(fig))._repr_png_() == fig._repr_png_()


def test_an_empty_folder_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plot_array(np.eye(3), output_path="")

    assert not list(tmp_path.iterdir())


def test_output_names_files(tmp_path):
    fig = plot_array(np.eye(3))
    output = Output(path=tmp_path, prefix="a_", suffix="_z", format=["png", "svg", "show"], format_folder=True)

    saved = output.save(fig, "image")

    assert saved == [tmp_path / "png" / "a_image_z.png", tmp_path / "svg" / "a_image_z.svg"]
    assert all(path.exists() for path in saved)
    assert Output(path=tmp_path, bypass=True).save(fig, "image") == []
    assert Output().save(fig, "image") == []
    assert (Output().format, Output(path=tmp_path).format, Output(format="pdf").format) == ("show", "png", "pdf")
    assert repr(Output(format="pdf")).endswith("format='pdf')")
    assert Output(path=tmp_path, filename="other").save(fig, "image") == [tmp_path / "other.png"]


def test_drawing_changes_nothing_in_matplotlib(tmp_path):
    import sys

    before = dict(matplotlib.rcParams)
    shown = "matplotlib.pyplot" in sys.modules
    subplot_fit_imaging(fit_on("uniform"), tmp_path)

    assert dict(matplotlib.rcParams) == before
    assert ("matplotlib.pyplot" in sys.modules) == shown


def test_norms():
    values = np.array([[-1.0, 0.0], [np.nan, 100.0]])

    assert (utils.norm_from(values).vmin, utils.norm_from(values).vmax) == (-1.0, 100.0)
    log = utils.norm_from(values, use_log10=True)
    assert (log.vmin, log.vmax) == (0.01, 100.0)
    assert utils.norm_from(values, use_log10=True, vmin=1e-5).vmin == 1e-5
    assert utils.norm_from(values, use_log10=True, vmin=-2.0).vmin == 0.01
    assert utils.symmetric_vmin_vmax(values) == (-100.0, 100.0)
    assert (utils.symmetric_cmap_from(values).vmin, utils.symmetric_cmap_from(values, 3.0).vmax) == (-100.0, 3.0)


def test_a_cosmic_ray_does_not_decide_the_colours():
    rng = np.random.default_rng(0)
    residuals = rng.normal(size=20_000)
    spoiled = residuals.copy()
    spoiled[:5] = 400.0

    assert 3.0 <= utils.residual_limit_from(residuals) < 3.6
    assert utils.residual_limit_from(spoiled) < 4.0
    assert utils.residual_limit_from(0.01 * residuals) == 3.0
    assert utils.residual_limit_from([]) == 3.0
    assert utils.image_limits_from(spoiled, np.full(5, 2.0))[1] < 4.0
    assert utils.image_limits_from(np.zeros(4), np.full(5, -2.0)) == (-2.0, 0.0)


@pytest.mark.parametrize(
    ("vmin", "vmax", "extend"), [(None, None, "neither"), (0.0, 5.0, "max"), (3.0, 12.0, "min"), (3.0, 5.0, "both")]
)
def test_the_colour_bar_says_where_values_lie_beyond_it(vmin, vmax, extend):
    image = plot_array(np.arange(12.0).reshape(3, 4), vmin=vmin, vmax=vmax).axes[0].images[0]

    assert image.colorbar.extend == extend


def test_panels_that_are_not_used_are_hidden():
    fig, axes = utils.subplots(2, 2)
    plot_array(np.eye(2), ax=axes[0, 0])
    utils.hide_unused_axes(axes)
    utils.tight_layout()

    assert [ax.axison for ax in axes.ravel()] == [True, False, False, False]
    np.testing.assert_allclose(fig.get_size_inches(), utils.conf_subplot_figsize(2, 2))
