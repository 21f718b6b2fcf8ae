# pyright: strict
"""What the worker of live figures draws with, and the engine that gives it the analysis once."""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autoarray import _configuration
from autoarray.plot._background.engine import Engine, PlotFailure
from autoarray.plot._background.snapshot import snapshot_of

log = logging.getLogger("autoarray")


class WorkerPaths:
    """The folders of a search as the worker has them: whatever is written into them is moved to the search's own."""

    def __init__(self, directory: Path) -> None:
        self.image_path = self.output_path = directory

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"paths: expected image_path or output_path, which a live figure may use, found {name!r}; what else a "
            "search has stays in its own process"
        )


class Drawer:
    """Draws the fit of an instance, in the worker: it holds the analysis, and the folders of the configuration.

    Parameters
    ----------
    analysis
        The analysis: an object with `perform_quick_update(paths, instance)`.
    """

    def __init__(self, analysis: Any) -> None:
        self.folders = _configuration.folders()
        self.analysis = analysis

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        _configuration.use_folders(self.folders)
        # The worker has no accelerator, and one figure is not worth the compilation of a program.
        if getattr(self.analysis, "_use_jax", False):
            self.analysis._use_jax = False

    def __call__(self, instance: Any, directory: Path, name: str) -> None:
        self.analysis.perform_quick_update(WorkerPaths(directory), instance)
        if not any(directory.rglob("*")):
            raise FileNotFoundError(
                f"{type(self.analysis).__name__}.perform_quick_update: expected a figure in {directory}, found none"
            )


class LiveEngine(Engine):
    """An engine whose thread, not the search, makes the copy of the analysis that its worker gets.

    Parameters
    ----------
    settings
        Those of the worker, but for the function that draws.
    analysis
        The analysis.
    drawn
        Called in the thread of the engine after each figure.
    """

    def __init__(self, settings: Mapping[str, Any], analysis: Any, drawn: Callable[[], None]) -> None:
        self._analysis, self._drawn = analysis, drawn
        super().__init__(settings, maxsize=1)

    def _warm_up(self) -> None:
        try:
            draw = self._copy_of_analysis()
        except Exception as error:
            self._give_up(f"{type(error).__name__}: {error}", "")
            return
        self.settings = {**self.settings, "draw": draw}
        super()._warm_up()

    def _copy_of_analysis(self) -> bytes:
        for _ in range(10):
            try:
                return snapshot_of(Drawer(self._analysis))
            except Exception as error:
                # The search may have added something to a dictionary of the analysis meanwhile.
                if "changed size during iteration" not in str(error):
                    raise
        return snapshot_of(Drawer(self._analysis))

    def _settle(self, how: str, failure: PlotFailure | None = None) -> None:
        super()._settle(how, failure)
        if failure is not None and failure.traceback:
            log.warning("live figures: the traceback of the worker:\n%s", failure.traceback)
        if how == "drawn":
            try:
                self._drawn()
            except Exception:
                log.exception("live figures: the figure is drawn, and can't be shown")

    def _give_up(self, message: str, traceback: str) -> None:
        super()._give_up(message, traceback)
        if traceback:
            log.error("live figures: the traceback of the worker:\n%s", traceback)


def display_of(live_visual_update: bool, display_id: str) -> Any:
    """PyAutoFit's display of `fit.png`: in a notebook, or in a window of its own; None if nobody wants it."""
    if not live_visual_update:
        return None
    module: Any = sys.modules.get("autofit.non_linear.quick_update")
    module = module or importlib.import_module("autofit.non_linear.quick_update")
    return module.LiveDisplay(live_visual_update=True, display_id=display_id)
