"""Live figures of a search: what its process draws, and that nothing of it reaches the search."""

from __future__ import annotations

import logging
import os
import pickle
import sys
import time
import types

import numpy as np
import pytest
from live_analysis import Analysis

from autoarray import exc
from autoarray.plot import live
from autoarray.plot.background import PlotterStats
from autoarray.plot.live import LiveFigures

DEADLINE = 60.0


def paths_of(folder):
    return types.SimpleNamespace(image_path=folder / "image")


@pytest.fixture
def figures():
    made = LiveFigures()
    yield made
    made.shutdown(timeout=0.0)


def test_a_figure_is_where_the_search_has_its_own(figures, tmp_path):
    analysis, paths = Analysis(), paths_of(tmp_path)
    for number in (1, 2, 3):
        figures.submit(analysis, paths, {"number": number})
        assert figures.flush(DEADLINE)
        # The analysis came with the first one only.
        assert (paths.image_path / "fit.png").read_text() == f"{number} sent 1 jax False 3.0"
    assert figures.stats == PlotterStats(submitted=3, drawn=3)
    assert [path.name for path in paths.image_path.iterdir()] == ["fit.png"]
    assert "submitted=3" in repr(figures)


def test_the_newest_instance_wins(figures, tmp_path):
    paths = paths_of(tmp_path)
    gate, begun = tmp_path / "gate", tmp_path / "begun"
    analysis = Analysis()
    figures.submit(analysis, paths, {"number": 0, "gate": gate, "begun": begun})
    end = time.monotonic() + DEADLINE
    while not begun.exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    for number in range(1, 6):
        figures.submit(analysis, paths, {"number": number})
    gate.touch()
    assert figures.flush(DEADLINE)
    assert figures.stats == PlotterStats(submitted=6, drawn=2, dropped=4)
    assert (paths.image_path / "fit.png").read_text().startswith("5 ")


def test_a_failure_is_a_warning_with_the_traceback(tmp_path, caplog):
    figures, analysis, paths = LiveFigures(), Analysis(), paths_of(tmp_path)
    figures.submit(analysis, paths, {"error": ValueError("no such mass")})
    assert figures.flush(DEADLINE)
    figures.submit(analysis, paths, {"number": 1})
    assert figures.flush(DEADLINE)
    assert figures.stats == PlotterStats(submitted=2, drawn=1, failed=1)
    (failure,) = figures.failures
    assert failure.error == "ValueError: no such mass"
    text = "\n".join(record.getMessage() for record in caplog.records if record.levelno == logging.WARNING)
    assert 'raise instance["error"]' in text
    with pytest.warns(RuntimeWarning, match=r"(?s)1 of them failed, .*ValueError: no such mass.*live_analysis.py"):
        figures.shutdown(DEADLINE)


@pytest.mark.parametrize(
    ("instance", "expected"),
    [
        ({"nothing": True}, "FileNotFoundError: Analysis.perform_quick_update: expected a figure in "),
        ({"elsewhere": True}, "AttributeError: paths: expected image_path or output_path, "),
    ],
)
def test_an_analysis_that_draws_nothing_says_so(tmp_path, instance, expected):
    figures = LiveFigures()
    figures.submit(Analysis(), paths_of(tmp_path), instance)
    assert figures.flush(DEADLINE)
    assert figures.failures[0].error.startswith(expected)
    with pytest.warns(RuntimeWarning, match="1 of them failed"):
        figures.shutdown()


def test_what_can_not_be_handed_over_is_a_failure_too(tmp_path):
    figures, paths = LiveFigures(), paths_of(tmp_path)
    figures.submit(Analysis(), paths, {"number": 1, "model": lambda: 1})
    assert figures.flush(DEADLINE)
    assert figures.stats == PlotterStats(submitted=1, failed=1)
    assert "can't be handed to another process" in figures.failures[0].error
    unable = Analysis()
    unable.prior = lambda: 1
    figures.submit(unable, paths, {"number": 2})
    assert figures.flush(DEADLINE)
    assert "can't be handed to another process" in figures.failures[1].error
    with pytest.warns(RuntimeWarning, match="2 of them failed"):
        figures.shutdown()


def test_another_analysis_or_folder_begins_again(figures, tmp_path):
    first, second = paths_of(tmp_path / "first"), paths_of(tmp_path / "second")
    analysis = Analysis()
    figures.submit(analysis, first, {"number": 1})
    assert figures.flush(DEADLINE)
    figures.submit(analysis, second, {"number": 2})
    assert figures.flush(DEADLINE)
    assert (first.image_path / "fit.png").read_text().startswith("1 ")
    assert (second.image_path / "fit.png").read_text().startswith("2 ")


def test_jax_stays_in_the_search(figures, tmp_path, xp):
    """Values of JAX arrive on NumPy, and the analysis computes with NumPy there."""
    paths, analysis = paths_of(tmp_path), Analysis(use_jax=xp is not np)
    figures.submit(analysis, paths, {"number": xp.asarray(3.0)})
    assert figures.flush(DEADLINE)
    assert (paths.image_path / "fit.png").read_text() == "3.0 sent 1 jax False 3.0"
    assert analysis._use_jax is (xp is not np)


def wait_until(condition):
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def in_a_child(function):
    child = os.fork()
    if child == 0:
        code = 1
        try:
            function()
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a pool of forked processes")
@pytest.mark.filterwarnings("ignore:os.fork", "ignore:This process")  # of JAX and of Python 3.12
def test_the_best_fit_of_the_forked_workers_of_a_pool_is_drawn(figures, tmp_path):
    """The process that made the figures submits nothing itself, as in a search of PyAutoFit with a pool."""
    analysis, paths = Analysis(), paths_of(tmp_path)
    drawn = paths.image_path / "fit.png"
    for number, count, text in ((3, 1, "3 sent 1"), (2, 2, "3 sent 1"), (5, 3, "5 sent 1")):

        def work(number=number):
            figures.submit(analysis, paths, {"number": number})
            wait_until(lambda: figures._sender.sent == 1)
            figures.shutdown()
            assert figures.flush()
            assert figures.stats == PlotterStats()

        in_a_child(work)
        wait_until(lambda count=count: figures.stats.drawn + figures.stats.dropped == count)
        assert drawn.read_text().startswith(text)
    assert figures.stats == PlotterStats(submitted=3, drawn=2, dropped=1)
    assert not figures.failures
    # The search's own process may go on.
    figures.submit(analysis, paths, {"number": 1})
    assert figures.flush(DEADLINE)
    assert drawn.read_text().startswith("1 sent 1")


def test_a_copy_that_was_sent_with_a_search_sends_back(figures, tmp_path):
    copy = pickle.loads(pickle.dumps(figures))
    paths = paths_of(tmp_path)
    copy.submit(Analysis(), paths, {"number": 1})
    copy.shutdown()
    assert copy.stats == PlotterStats()
    wait_until(lambda: figures.stats.drawn == 1)
    assert (paths.image_path / "fit.png").read_text().startswith("1 ")


def test_what_a_copy_sends_after_the_end_is_no_error(tmp_path):
    figures = LiveFigures()
    copy = pickle.loads(pickle.dumps(figures))
    figures.shutdown()
    assert not copy._folder.exists()
    copy.submit(Analysis(), paths_of(tmp_path), {"number": 1})
    assert not copy.failures
    assert not (tmp_path / "image").exists()


def test_what_a_copy_can_not_send_is_a_failure(figures, tmp_path):
    copy = pickle.loads(pickle.dumps(figures))
    copy.submit(Analysis(), paths_of(tmp_path), {"number": lambda: 1})
    wait_until(lambda: copy.failures)
    assert "can't be handed to another process" in copy.failures[0].error


def test_shutdown_waits_for_the_last_figure_and_may_be_repeated(tmp_path):
    figures, paths = LiveFigures(), paths_of(tmp_path)
    figures.submit(Analysis(), paths, {"number": 7})
    figures.shutdown(DEADLINE)
    figures.shutdown()
    assert (paths.image_path / "fit.png").read_text().startswith("7 ")


def test_nothing_is_started_before_the_first_instance():
    figures = LiveFigures()
    assert figures._engine.worker is None
    figures.shutdown()


class Display:
    """As PyAutoFit's `LiveDisplay`."""

    made = ()

    def __init__(self, live_visual_update, display_id):
        self.shown, self.ended = [], False
        Display.made = (*Display.made, self)

    def update(self, paths):
        self.shown.append((paths.image_path / "fit.png").read_text())

    def shutdown(self):
        self.ended = True


@pytest.fixture
def autofit(monkeypatch):
    """A PyAutoFit with no more than `use` changes."""
    module = types.ModuleType("autofit.non_linear.quick_update")
    module.BackgroundQuickUpdate, module.LiveDisplay = object, Display
    packages = {"autofit": types.ModuleType("autofit"), "autofit.non_linear": types.ModuleType("autofit.non_linear")}
    conf = types.ModuleType("autonerves.conf")
    conf.instance = {"general": {"updates": {"iterations_per_quick_update": 1e99, "quick_update_background": False}}}
    for name, each in {**packages, module.__name__: module, conf.__name__: conf}.items():
        monkeypatch.setitem(sys.modules, name, each)
    return types.SimpleNamespace(module=module, updates=conf.instance["general"]["updates"])


@pytest.mark.parametrize(
    ("configured", "given", "expected"), [(1e99, None, 500), (200.0, None, 200.0), (200.0, 50, 50), ("1e99", 50, 50)]
)
def test_one_line_puts_them_in_place(autofit, configured, given, expected):
    autofit.updates["iterations_per_quick_update"] = configured
    live.use(given)
    assert autofit.module.BackgroundQuickUpdate is LiveFigures
    assert autofit.updates == {"iterations_per_quick_update": expected, "quick_update_background": True}


def test_each_figure_is_displayed_when_it_is_there(autofit, tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "autonerves.conf")
    figures = LiveFigures(live_visual_update=True)
    figures.submit(Analysis(), paths_of(tmp_path), {"number": 1})
    figures.shutdown(DEADLINE)
    (display,) = Display.made
    assert display.shown == ["1 sent 1 jax False 3.0"]
    assert display.ended


def test_use_refuses_what_it_can_not_do(autofit, monkeypatch):
    with pytest.raises(exc.PlottingException, match="iterations: expected a whole number of at least 1, found 0"):
        live.use(0)
    monkeypatch.setitem(sys.modules, "autofit.non_linear.quick_update", None)
    with pytest.raises(ImportError, match="pip install autofit"):
        live.use()
