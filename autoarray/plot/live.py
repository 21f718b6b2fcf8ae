# Callers without type checks get an error for a wrong argument, too.
# pyright: strict, reportUnnecessaryIsInstance=false
"""Live figures of a search of PyAutoFit: another process computes and draws the best fit, while the search goes on.

One line of a script puts them in place:

    import autoarray.plot.live

    autoarray.plot.live.use()
"""

from __future__ import annotations

import importlib
import logging
import os
import threading
import warnings
import weakref
from pathlib import Path
from typing import Any

from autoarray import _configuration, exc
from autoarray.plot._background.engine import PlotFailure, PlotterStats, close_at_exit
from autoarray.plot._background.live import LiveEngine, copy_of, display_of, settings_for
from autoarray.plot._background.spool import Sender

__all__ = ["LiveFigures", "use"]

log = logging.getLogger("autoarray")

# PyAutoFit's word for never, and what `use` takes instead.
NEVER, OFTEN = 1e99, 500


class LiveFigures:
    """Has a process of its own compute and draw what a search of PyAutoFit found best so far.

    It has the methods of PyAutoFit's `BackgroundQuickUpdate`, which a search calls, and stands in its place after
    `use()`. The first `submit` has the process started, which gets the analysis once, then instances only. It calls the
    analysis's `perform_quick_update`, so that PyAutoLens draws its own subplots, and each file appears in the search's
    `image` folder when it is complete: `fit.png` is where PyAutoFit's display looks. If instances come faster than
    the process draws them, the newest one wins.

    A search never waits for a figure, and never gets an error from one. A figure that fails is a warning in the log
    (logger "autoarray") with the traceback of the process, is kept in `failures`, and `shutdown` warns of it.

    The process runs as that of `BackgroundPlotter` does, with NumPy and without an accelerator, for an analysis of JAX
    too. A worker of a pool, forked or with a pickled copy, leaves its instances to the process that made the object.
    Since each worker knows its own best fit only, such an instance is drawn if its likelihood is above that of the last
    one drawn.

    Parameters
    ----------
    convert_jax
        Not used: the arrays of JAX in an instance always become those of NumPy.
    live_visual_update
        Whether PyAutoFit displays each figure, in a notebook or in a window.
    display_id
        The name of the figure in a notebook.
    """

    def __init__(
        self,
        convert_jax: bool = False,
        live_visual_update: bool = False,
        display_id: str = "pyauto_fit_progress",
    ) -> None:
        self._pid = os.getpid()
        self._sender: Sender | None = None
        self._refused: list[PlotFailure] = []
        self._display = display_of(live_visual_update, display_id)
        self._engine = self._new_engine()

    def submit(self, analysis: Any, paths: Any, instance: Any) -> None:
        """Have the fit of an instance drawn; this only hands the instance to a thread, which copies it at its turn.

        Parameters
        ----------
        analysis
            The analysis of the search, with a method `perform_quick_update(paths, instance)`.
        paths
            The paths of the search; figures go to `paths.image_path`.
        instance
            The instance of the model. Leave it as it is afterwards: a search makes a new one for each fit.
        """
        if os.getpid() != self._pid:
            self._send(analysis, paths, instance)
            return
        try:
            self._engine_for(analysis, paths).hand_over(instance)
        except Exception as error:  # a figure is no reason to end a search
            self._refuse(error)

    def shutdown(self, timeout: float = 10.0) -> None:
        """End the process, after the figure that it draws and the one that waits.

        Parameters
        ----------
        timeout
            The seconds to wait for them.

        Warns
        -----
        RuntimeWarning
            If a figure failed; it has the traceback of the last one.
        """
        if os.getpid() != self._pid:
            return
        self._close(timeout)
        if self._display is not None:
            self._display.shutdown()
        if failures := self.failures:
            last = failures[-1]
            warnings.warn(
                f"live figures: {len(failures)} of them failed, the last one with {last.error}\n{last.traceback}",
                RuntimeWarning,
                stacklevel=2,
            )

    def flush(self, timeout: float | None = None) -> bool:
        """Wait for all that was submitted so far; return False if `timeout` seconds are over first."""
        return os.getpid() != self._pid or self._engine.flush(timeout)

    @property
    def stats(self) -> PlotterStats:
        """The numbers of instances submitted, drawn, dropped for newer ones, failed, abandoned and waiting."""
        return PlotterStats() if os.getpid() != self._pid else self._engine.stats()

    @property
    def failures(self) -> tuple[PlotFailure, ...]:
        """The figures that failed."""
        return (*self._refused, *self._engine.failures)

    def _send(self, analysis: Any, paths: Any, instance: Any) -> None:
        """Leave an instance to the process that draws, from a worker of a pool."""
        if self._sender is None or self._sender.pid != os.getpid():
            self._sender = Sender(self._folder, settings_for, copy_of, self._refuse)
        self._sender.send(analysis, paths, instance)

    def _refuse(self, error: Exception) -> None:
        failure = PlotFailure(None, "fit", f"{type(error).__name__}: {error}", "")
        self._refused.append(failure)
        log.warning("live figures: an instance can't be taken: %s", failure.error)

    def _engine_for(self, analysis: Any, paths: Any) -> LiveEngine:
        if not self._engine.draws(analysis, paths):
            self._replace_engine()
        self._engine.begin(analysis, paths)
        return self._engine

    def _replace_engine(self) -> None:
        """Draw for something else from now on; a thread waits for the end of the process before."""
        self._finalizer.detach()
        self._refused += self._engine.failures
        if not self._engine.closing:
            threading.Thread(target=self._engine.close, args=(0.0, False), name="LiveFigures end", daemon=True).start()
        self._engine = self._new_engine()

    def _new_engine(self) -> LiveEngine:
        display = self._display
        engine = LiveEngine((lambda _: None) if display is None else display.update)
        self._finalizer = weakref.finalize(self, close_at_exit, engine, self._pid)
        self._folder = engine.spool.folder
        return engine

    def _close(self, timeout: float) -> None:
        if not self._engine.closing:
            self._finalizer.detach()
            self._engine.close(timeout, drain=True)

    def __reduce__(self) -> tuple[Any, ...]:
        return _copy_without_process, (self._folder,)

    def __repr__(self) -> str:
        counts = ", ".join(f"{name}={value}" for name, value in vars(self.stats).items() if value)
        given = self._engine.given
        folder = "" if given is None else repr(str(given[1].image_path))
        return f"LiveFigures({', '.join(part for part in (folder, counts) if part)})"


def _copy_without_process(folder: Path) -> LiveFigures:
    """What a process that a search is sent to gets: it sends its instances back."""
    copy = LiveFigures()
    copy.shutdown()
    copy._pid, copy._folder = -1, folder  # pyright: ignore[reportPrivateUsage]
    return copy


def use(iterations: int | None = None) -> None:
    """Have the searches of PyAutoFit that are made from now on draw their figures in another process.

    This puts `LiveFigures` in the place of PyAutoFit's `BackgroundQuickUpdate`, and turns on
    `quick_update_background` of `config/general.yaml`, section `updates`, for this process. Call it after the import
    of PyAutoLens, and after the configuration is chosen where a script does that itself.

    Parameters
    ----------
    iterations
        The number of likelihoods from one figure to the next, where a search has no `iterations_per_quick_update` of
        its own. By default that of the user's configuration, and 500 if it says never.

    Raises
    ------
    ImportError
        If PyAutoFit is not installed.
    PlottingException
        If `iterations` is not a whole number of at least 1.
    """
    if iterations is not None and (not isinstance(iterations, int) or isinstance(iterations, bool) or iterations < 1):
        raise exc.PlottingException(f"iterations: expected a whole number of at least 1, found {iterations!r}")
    try:
        module: Any = importlib.import_module("autofit.non_linear.quick_update")
    except ModuleNotFoundError as error:
        raise ImportError(
            f"live figures are those of a search of PyAutoFit, which can't be imported ({error}): pip install autofit"
        ) from error
    module.BackgroundQuickUpdate = LiveFigures
    updates = _configuration.value("general", "updates", default=None)
    if updates is None:
        raise ImportError("PyAutoFit: expected a section updates in its config/general.yaml, found none")
    updates["quick_update_background"] = True
    found = _configuration.number("general", "updates", "iterations_per_quick_update", default=NEVER)
    if iterations is not None or found >= NEVER:
        updates["iterations_per_quick_update"] = OFTEN if iterations is None else iterations
