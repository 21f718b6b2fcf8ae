"""Fits drawn in another process: what is drawn, what is counted, and that nothing of it reaches the search."""

from __future__ import annotations

import copy
import json
import logging
import os
import pickle
import signal
import time
from pathlib import Path

import drawings
import numpy as np
import problems
import pytest

import serialization
from autoarray import exc
from autoarray.plot import BackgroundPlotter, subplot_fit_imaging
from autoarray.plot.background import PlotterStats

pytest.importorskip("matplotlib")

DEADLINE = 60.0


@pytest.fixture(scope="module")
def fit():
    return problems.evaluated_fit_from()


def wait_until(condition):
    """Poll until a condition holds."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def names_of(folder):
    return sorted(path.name for path in Path(folder).iterdir())


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Gates:
    """Drawings that begin and end when the test says."""

    def __init__(self, folder):
        self.folder = folder

    def drawing(self, number):
        return {"number": number, "begun": str(self.folder / f"begun_{number}"), "gate": str(self.folder / "gate")}

    def begun(self, number):
        path = self.folder / f"begun_{number}"
        wait_until(lambda: path.exists() and path.read_text())
        return int(path.read_text())

    def open(self):
        (self.folder / "gate").touch()


@pytest.fixture
def gates(tmp_path_factory):
    return Gates(tmp_path_factory.mktemp("gates"))


def test_the_figure_is_that_of_the_foreground(fit, tmp_path, capfd):
    """The same bytes, in a process that has neither jax nor serialization nor a screen, from either backend."""
    pytest.importorskip("jax")
    # Equal to a fit that was computed there, which takes many seconds to compile.
    on_jax = serialization.loads(serialization.dumps(fit), backend="jax")
    for name, one in (("numpy", fit), ("jax", on_jax)):
        subplot_fit_imaging(one, output_path=tmp_path / "here", output_filename=name)
    with BackgroundPlotter(tmp_path / "there", draw=drawings.figure_and_report) as plotter:
        for name, one in (("numpy", fit), ("jax", on_jax)):
            assert plotter.submit(one, name=name) == name
        assert plotter.flush(DEADLINE)
        assert plotter.stats == PlotterStats(submitted=2, drawn=2), plotter.failures
    assert names_of(tmp_path / "there") == ["jax.json", "jax.png", "numpy.json", "numpy.png"]
    for name, one in (("numpy", fit), ("jax", on_jax)):
        assert (tmp_path / "here" / f"{name}.png").read_bytes() == (tmp_path / "there" / f"{name}.png").read_bytes()
        report = json.loads((tmp_path / "there" / f"{name}.json").read_text())
        assert report.pop("log_evidence") == float(one.log_evidence)
        assert report == {
            "jax": [],
            "serialization": False,
            "pyplot": False,
            "use_jax": [False] * 4,
            "numpy": True,
            "environment": {"JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": "", "MPLBACKEND": "Agg"},
            "stdin": "",
        }
    assert on_jax.use_jax  # what was handed over is a copy
    assert on_jax.inversion.use_jax
    assert capfd.readouterr() == ("", "")


def test_the_default_is_the_newest_fit_in_one_figure(fit, tmp_path, monkeypatch):
    """Drawn with the style that matplotlib has here."""
    import matplotlib

    monkeypatch.setitem(matplotlib.rcParams, "axes.titlesize", 20.0)
    monkeypatch.setitem(matplotlib.rcParams, "font.family", ["serif"])
    other = problems.evaluated_fit_from(einstein=0.4)
    subplot_fit_imaging(other, output_path=tmp_path, output_filename="expected", output_format="png")
    with BackgroundPlotter(tmp_path / "figures") as plotter:
        assert plotter.submit(fit) == "fit"
        assert plotter.flush(DEADLINE)
        assert plotter.submit(other) == "fit"
    assert plotter.stats == PlotterStats(submitted=2, drawn=2)
    assert names_of(tmp_path / "figures") == ["fit.png"]
    assert (tmp_path / "figures" / "fit.png").read_bytes() == (tmp_path / "expected.png").read_bytes()


def test_numbers_go_on_after_those_that_are_there(tmp_path):
    for name in ("fit_0007.png", "fit_x.png", "other_0009.png"):
        (tmp_path / name).touch()
    with BackgroundPlotter(tmp_path, draw=drawings.text, overwrite=False, maxsize=5) as plotter:
        assert [plotter.submit(index) for index in range(3)] == ["fit_0008", "fit_0009", "fit_0010"]
    assert [(tmp_path / f"fit_{number:04d}.txt").read_text() for number in (8, 9, 10)] == ["0", "1", "2"]


def test_files_appear_when_they_are_complete(tmp_path, gates):
    with BackgroundPlotter(tmp_path, draw=drawings.two_files) as plotter:
        plotter.submit(None)
        assert plotter.flush(DEADLINE)
        assert names_of(tmp_path) == ["fit.txt", "more"]
        assert (tmp_path / "more" / "fit.txt").read_text() == "two"
    with BackgroundPlotter(tmp_path / "halves", draw=drawings.endless) as plotter:
        plotter.submit(str(gates.folder / "begun_1"))
        gates.begun(1)
        assert [name for name in names_of(tmp_path / "halves") if not name.startswith(".")] == []
        plotter.close(drain=False)
    assert names_of(tmp_path / "halves") == []


def test_the_newest_win_and_submit_never_waits(tmp_path, gates):
    with BackgroundPlotter(tmp_path, draw=drawings.gated, overwrite=False, maxsize=2) as plotter:
        plotter.submit(gates.drawing(1))
        gates.begun(1)
        for number in range(2, 52):
            plotter.submit(gates.drawing(number))
        assert plotter.stats == PlotterStats(submitted=51, dropped=48, waiting=3)
        assert not plotter.flush(0.01)
        gates.open()
        assert plotter.flush(DEADLINE)
        assert plotter.stats == PlotterStats(submitted=51, drawn=3, dropped=48)
    assert names_of(tmp_path) == ["fit_0001.txt", "fit_0050.txt", "fit_0051.txt"]
    assert (tmp_path / "fit_0051.txt").read_text() == "51"


def test_a_snapshot_is_taken_at_once(tmp_path):
    values = np.zeros(2)
    with BackgroundPlotter(tmp_path, draw=drawings.text) as plotter:
        plotter.submit([values])
        values += 1.0
    assert (tmp_path / "fit.txt").read_text() == repr([np.zeros(2)])


def test_jax_arrays_arrive_shared_and_writeable(tmp_path):
    jnp = pytest.importorskip("jax.numpy")
    array = jnp.asarray(np.array([1.0, 2.0]))
    with BackgroundPlotter(tmp_path, draw=drawings.arrays) as plotter:
        plotter.submit([array, array])
    assert not plotter.failures
    assert (tmp_path / "fit.txt").read_text() == "('ndarray', True, 'float64', [2.0, 3.0])"


def test_tracers_are_refused(tmp_path):
    jax = pytest.importorskip("jax")
    import autoarray as aa

    with BackgroundPlotter(tmp_path, draw=drawings.text) as plotter:

        def search(values):
            plotter.submit([aa.Grid2DIrregular(values, xp=jax.numpy)])
            return values.sum()

        with pytest.raises(exc.PlottingException, match=r"list: .* tracing in \[0\]\.array \(float64\[3,2\]\); submit"):
            jax.jit(search)(np.zeros((3, 2)))
        assert plotter.stats == PlotterStats()


def test_a_failing_plot_is_reported_and_the_next_one_is_drawn(tmp_path, caplog):
    with BackgroundPlotter(tmp_path, draw=drawings.choosy, overwrite=False, maxsize=5) as plotter:
        for obj in ("good", "fail", "exit", "better"):
            plotter.submit(obj)
        assert plotter.flush(DEADLINE)
    assert plotter.stats == PlotterStats(submitted=4, drawn=2, failed=2)
    assert [str(failure) for failure in plotter.failures] == [
        "fit 2 ('fit_0002') was not drawn: ValueError: a bad fit",
        "fit 3 ('fit_0003') was not drawn: SystemExit: of its own",
    ]
    assert 'raise ValueError("a bad fit")' in plotter.failures[0].traceback
    assert [(record.name, record.levelno, record.getMessage()) for record in caplog.records] == [
        ("autoarray", logging.WARNING, f"BackgroundPlotter: {failure}") for failure in plotter.failures
    ]
    assert names_of(tmp_path) == ["fit_0001.txt", "fit_0004.txt"]


def test_a_killed_worker_is_reported_once_and_replaced(tmp_path, gates, caplog):
    with BackgroundPlotter(tmp_path, draw=drawings.gated) as plotter:
        plotter.submit(gates.drawing(1))
        first = gates.begun(1)
        os.kill(first, signal.SIGINT)  # Ctrl-C is not for it
        (gates.folder / "begun_1").unlink()
        os.kill(first, signal.SIGKILL)
        second = gates.begun(1)  # the plot is tried once more
        gates.open()
        assert plotter.flush(DEADLINE)
        assert plotter.stats == PlotterStats(submitted=1, drawn=1)
        assert second != first
        os.kill(second, signal.SIGKILL)  # while nothing is drawn
        plotter.submit(gates.drawing(2))
        assert plotter.flush(DEADLINE)
        third = gates.begun(2)
    assert plotter.stats == PlotterStats(submitted=2, drawn=2)
    messages = [record.getMessage() for record in caplog.records]
    assert messages == [
        f"BackgroundPlotter: the worker process ended before it had drawn fit {number} ('fit') (SIGKILL); "
        "another one is started"
        for number in (1, 2)
    ]
    assert not any(is_alive(pid) for pid in (first, second, third))
    assert names_of(tmp_path) == ["fit.txt"]


def test_a_plot_that_kills_its_process_is_given_up(tmp_path, caplog):
    with BackgroundPlotter(tmp_path, draw=drawings.choosy, maxsize=5) as plotter:
        plotter.submit("die")
        plotter.submit("good")
        assert plotter.flush(DEADLINE)
        assert plotter.stats == PlotterStats(submitted=2, drawn=1, failed=1)
        assert "SIGKILL" in plotter.failures[0].error
        assert "the last words" in plotter.failures[0].error
        for _ in range(2):
            plotter.submit("die")
        assert plotter.flush(DEADLINE)
        assert plotter.stats == PlotterStats(submitted=4, drawn=1, failed=3)
        plotter.submit("good")  # counted, and nothing else
        assert plotter.stats == PlotterStats(submitted=5, drawn=1, failed=3, dropped=1)
        assert repr(plotter) == (
            f"BackgroundPlotter({str(tmp_path)!r}, submitted=5, drawn=1, dropped=1, failed=3, given up)"
        )
    assert [record.levelname for record in caplog.records].count("ERROR") == 1
    assert str(plotter.failures[-1]).startswith("nothing is drawn any more: the worker process ended 3 times in a row")


def test_close_drains(tmp_path, gates):
    plotter = BackgroundPlotter(tmp_path, draw=drawings.gated, overwrite=False)
    for number in (1, 2):
        plotter.submit(gates.drawing(number))
    gates.open()
    assert plotter.close(DEADLINE) == 0
    assert plotter.stats == PlotterStats(submitted=2, drawn=2)
    assert plotter.close() == 0
    assert repr(plotter) == f"BackgroundPlotter({str(tmp_path)!r}, submitted=2, drawn=2, closed)"
    with pytest.raises(exc.PlottingException, match="closed"):
        plotter.submit(None)
    assert names_of(tmp_path) == ["fit_0001.txt", "fit_0002.txt"]


@pytest.mark.parametrize("options", [{"timeout": 0.2}, {"drain": False}], ids=str)
def test_close_abandons(tmp_path, gates, options):
    plotter = BackgroundPlotter(tmp_path, draw=drawings.endless, timeout=DEADLINE)
    plotter.submit(str(gates.folder / "begun_1"))
    worker = gates.begun(1)
    for _ in range(2):
        plotter.submit(str(gates.folder / "begun_1"))
    start = time.monotonic()
    assert plotter.close(**options) == 3
    assert time.monotonic() - start < DEADLINE  # of the plotter, which `close` was told not to wait for
    assert plotter.stats == PlotterStats(submitted=3, abandoned=3)
    assert not is_alive(worker)
    assert names_of(tmp_path) == []


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_leaving_the_block_by_an_error(tmp_path, error):
    """What was submitted before an error of the search is drawn; Ctrl-C waits for nothing."""
    with pytest.raises(error), BackgroundPlotter(tmp_path, draw=drawings.text) as plotter:  # noqa: PT012
        plotter.submit(1)
        raise error
    assert plotter.stats == PlotterStats(submitted=1, drawn=error is ValueError, abandoned=error is not ValueError)
    assert names_of(tmp_path) == (["fit.txt"] if error is ValueError else [])


def test_a_function_that_cannot_be_imported_there(tmp_path, caplog, monkeypatch):
    """The other process can't draw at all: said once, and the search goes on."""
    import types

    module = types.ModuleType("only_here")
    exec("def draw(obj, directory, name): pass", vars(module))
    monkeypatch.setitem(__import__("sys").modules, "only_here", module)
    with BackgroundPlotter(tmp_path, draw=module.draw) as plotter:
        plotter.submit(1)
        assert plotter.flush(DEADLINE)
        wait_until(lambda: plotter.failures)
        assert plotter.stats.drawn == 0
        assert "No module named 'only_here'" in str(plotter.failures[0])
    assert len(caplog.records) == 1


def test_what_it_refuses(tmp_path, monkeypatch):
    for options, message in (
        ({"maxsize": 0}, "maxsize: expected an int of at least 1, found 0"),
        ({"filename": "a/b"}, "filename: expected the name of a file without folder and suffix, found 'a/b'"),
        ({"draw": 3}, "draw: expected a function, found int"),
        ({"draw": lambda obj, directory, name: None}, "function: can't be handed to another process"),
    ):
        with pytest.raises(exc.PlottingException, match=message):
            BackgroundPlotter(tmp_path, **options)
    with BackgroundPlotter(tmp_path, draw=drawings.text) as plotter:
        for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(pickle.PicklingError, match="belongs to the process that made it"):
                attempt(plotter)
        with pytest.raises(exc.PlottingException, match="list: can't be handed to another process"):
            plotter.submit([(index for index in range(3))])
        with pytest.raises(exc.PlottingException, match="name: expected"):
            plotter.submit(1, name="../up")
        with monkeypatch.context() as patch:
            patch.setattr(os, "getpid", lambda: -1)
            with pytest.raises(exc.PlottingException, match="make one in each process"):
                plotter.submit(1)
            assert plotter.close() == 0
        assert plotter.stats == PlotterStats()
