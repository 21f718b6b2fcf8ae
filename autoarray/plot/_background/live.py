# pyright: strict
"""What the worker of live figures draws with, and the engine that gives it the analysis once."""

from __future__ import annotations

import importlib
import logging
import os
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autoarray import _configuration
from autoarray.plot._background.engine import Engine, Job, PlotFailure
from autoarray.plot._background.snapshot import snapshot_of, style_of_this_process

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
    """An engine that is told later for what it draws, and whose thread then prepares all that its worker gets.

    So the search does not wait while the analysis or an instance is copied, nor for a thread to start. The payload of a
    job is the instance itself, up to its turn.

    Parameters
    ----------
    drawn
        Called with the paths of the search, in the thread of the engine, after each figure.
    """

    def __init__(self, drawn: Callable[[Any], None]) -> None:
        self._drawn = drawn
        self.given: tuple[Any, Any] | None = None  # the analysis and the paths
        super().__init__({"workshop": os.path.join(os.devnull, "none")}, maxsize=1)

    def begin(self, analysis: Any, paths: Any) -> None:
        """Say for what the engine draws, before the first instance is put; only the first call counts."""
        # Without the lock, which `put` takes to wake the thread: a search that waits for it twice gives the thread a
        # turn of Python's own lock in between, which is milliseconds.
        if self.given is None:
            self.given = (analysis, paths)

    def draws(self, analysis: Any, paths: Any) -> bool:
        """Whether the engine may draw for an analysis, into the folder of these paths."""
        if self.given is None or self.closing:
            return not self.closing
        its_analysis, its_paths = self.given
        # To ask for the folder may make it on the disk.
        return its_analysis is analysis and (its_paths is paths or its_paths.image_path == paths.image_path)

    def _warm_up(self) -> None:
        with self.condition:
            self.condition.wait_for(lambda: self.given is not None or self.closing)
        if self.given is None:
            return
        try:
            self.settings = self._settings_for(*self.given)
        except Exception as error:
            self._give_up(f"{type(error).__name__}: {error}", "")
            return
        super()._warm_up()

    def _prepare(self, job: Job) -> None:
        job.payload = _copy_of(job.payload)

    def _settings_for(self, analysis: Any, paths: Any) -> dict[str, Any]:
        directory = Path(paths.image_path).absolute()
        directory.mkdir(parents=True, exist_ok=True)
        return {
            "directory": str(directory),
            # On the file system of the directory, so that files can be moved from it at once.
            "workshop": str(directory / f".drawing-{uuid.uuid4().hex}"),
            "draw": _copy_of(Drawer(analysis)),
            "format": "png",
            "style": style_of_this_process(),
        }

    def _settle(self, how: str, failure: PlotFailure | None = None) -> None:
        super()._settle(how, failure)
        if failure is not None and failure.traceback:
            log.warning("live figures: the traceback of the worker:\n%s", failure.traceback)
        if how == "drawn":
            try:
                assert self.given is not None
                self._drawn(self.given[1])
            except Exception:
                log.exception("live figures: the figure is drawn, and can't be shown")

    def _give_up(self, message: str, traceback: str) -> None:
        super()._give_up(message, traceback)
        if traceback:
            log.error("live figures: the traceback of the worker:\n%s", traceback)


def _copy_of(obj: object) -> bytes:
    for _ in range(10):
        try:
            return snapshot_of(obj)
        except Exception as error:
            # The search may have added something to a dictionary of the analysis or the instance meanwhile.
            if "changed size during iteration" not in str(error):
                raise
    return snapshot_of(obj)


def display_of(live_visual_update: bool, display_id: str) -> Any:
    """PyAutoFit's display of `fit.png`: in a notebook, or in a window of its own; None if nobody wants it."""
    if not live_visual_update:
        return None
    module: Any = sys.modules.get("autofit.non_linear.quick_update")
    module = module or importlib.import_module("autofit.non_linear.quick_update")
    return module.LiveDisplay(live_visual_update=True, display_id=display_id)
