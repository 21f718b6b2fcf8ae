"""Live figures of PyAutoLens: its own subplots, from a process beside the search."""

from __future__ import annotations

import multiprocessing
from types import SimpleNamespace

import numpy as np
import pytest

af = pytest.importorskip("autofit")
al = pytest.importorskip("autolens")

from autoarray.plot import live  # noqa: E402
from autoarray.plot.live import LiveFigures  # noqa: E402

DEADLINE = 300.0
SHAPE, SCALE = (14, 14), 0.4


def analysis_of(use_jax):
    rng = np.random.default_rng(1)
    y, x = np.mgrid[2.6:-2.7:-0.4, -2.6:2.7:0.4]
    ring = np.exp(-0.5 * ((np.hypot(y, x) - 1.4) / 0.4) ** 2)

    def image(values):
        return al.Array2D.no_mask(values=values, pixel_scales=SCALE)

    dataset = al.Imaging(
        data=image(ring + 0.05 * rng.normal(size=SHAPE)),
        noise_map=image(np.full(SHAPE, 0.05)),
        psf=al.Convolver(kernel=image(np.array([[0.0, 0.1, 0.0], [0.1, 0.6, 0.1], [0.0, 0.1, 0.0]]))),
    )
    dataset = dataset.apply_mask(mask=al.Mask2D.circular(shape_native=SHAPE, pixel_scales=SCALE, radius=2.5))
    return al.AnalysisImaging(dataset=dataset, use_jax=use_jax, raise_inversion_positions_likelihood_exception=False)


def model():
    mesh = al.mesh.RectangularUniform(shape=(4, 4))
    pixelization = al.Pixelization(mesh=mesh, regularization=al.reg.Constant(coefficient=1.0))
    lens = af.Model(al.Galaxy, redshift=0.5, mass=al.mp.IsothermalSph)
    return af.Collection(
        galaxies=af.Collection(lens=lens, source=af.Model(al.Galaxy, redshift=1.0, pixelization=pixelization))
    )


@pytest.fixture(params=[False, True], ids=["numpy", "jax"])
def use_jax(request):
    if request.param:
        pytest.importorskip("jax")
    return request.param


def instance_of(use_jax, radius):
    if not use_jax:
        return model().instance_from_vector(vector=np.array([0.0, 0.0, radius]))
    import jax.numpy as jnp

    return model().instance_from_vector(vector=jnp.array([0.0, 0.0, radius]), xp=jnp)


def is_png(path):
    return path.read_bytes().startswith(b"\x89PNG")


def test_autolens_draws_its_own_subplot_in_the_process(tmp_path, use_jax):
    figures, analysis = LiveFigures(), analysis_of(use_jax)
    paths = SimpleNamespace(image_path=tmp_path / "image")
    figures.submit(analysis, paths, instance_of(use_jax, 1.4))
    assert figures.flush(DEADLINE)
    assert not figures.failures, figures.failures
    first = (paths.image_path / "fit.png").read_bytes()
    figures.submit(analysis, paths, instance_of(use_jax, 1.0))
    figures.shutdown(DEADLINE)
    assert figures.stats.drawn == 2
    assert is_png(paths.image_path / "fit.png")
    assert (paths.image_path / "fit.png").read_bytes() != first


@pytest.fixture
def updates(monkeypatch):
    from autofit import conf
    from autofit.non_linear import quick_update

    settings = conf.instance["general"]["updates"]
    before = dict(settings.items())
    monkeypatch.setattr(quick_update, "BackgroundQuickUpdate", quick_update.BackgroundQuickUpdate)
    yield settings
    for name, value in before.items():
        settings[name] = value


@pytest.mark.parametrize("cores", [1, 2])
def test_a_search_has_live_figures_after_one_line(tmp_path, updates, cores, monkeypatch):
    if cores > 1 and multiprocessing.get_start_method() != "fork":
        pytest.skip("PyAutoFit's pools fork")
    from autofit import conf

    monkeypatch.setattr(conf.instance, "output_path", str(tmp_path))
    # What a search does at its end is none of this test's: only the process that draws makes figures.
    monkeypatch.setattr(al.AnalysisImaging, "Visualizer", af.Visualizer)
    monkeypatch.setitem(conf.instance["output"], "latent_after_fit", False)
    live.use(iterations=10)
    made = []

    class Recorded(LiveFigures):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            made.append(self)

        def shutdown(self, timeout=10.0):
            super().shutdown(DEADLINE)

    monkeypatch.setattr("autofit.non_linear.quick_update.BackgroundQuickUpdate", Recorded)
    search = af.Nautilus(name="live", n_live=20, n_like_max=40, number_of_cores=cores, seed=1)
    search.fit(model=model(), analysis=analysis_of(use_jax=False))
    assert any(figures.stats.drawn for figures in made)
    assert not [failure for figures in made for failure in figures.failures]
    assert any(is_png(path) for path in tmp_path.rglob("image/fit.png"))


def test_a_notebook_shows_each_figure_in_one_cell(tmp_path, monkeypatch):
    """PyAutoFit's own display, in front of what it calls of IPython."""
    from autofit.non_linear import quick_update
    from IPython import display

    shown = []
    monkeypatch.setattr(quick_update, "_is_ipython_kernel", lambda: True)
    monkeypatch.delenv("PYAUTO_DISABLE_IPYTHON_DISPLAY", raising=False)
    monkeypatch.setattr(display, "display", lambda image, display_id: shown.append(("new", image.data, display_id)))
    monkeypatch.setattr(
        display, "update_display", lambda image, display_id: shown.append(("again", image.data, display_id))
    )
    figures, analysis = LiveFigures(live_visual_update=True, display_id="fit"), analysis_of(False)
    paths = SimpleNamespace(image_path=tmp_path / "image")
    files = []
    for radius in (1.4, 1.0):
        figures.submit(analysis, paths, instance_of(False, radius))
        assert figures.flush(DEADLINE)
        files.append((paths.image_path / "fit.png").read_bytes())
    figures.shutdown(DEADLINE)
    assert shown == [("new", files[0], "fit"), ("again", files[1], "fit")]
