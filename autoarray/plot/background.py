# Callers without type checks get an error for a wrong argument, too.
# pyright: strict, reportUnnecessaryIsInstance=false
"""Figures while a search runs: another process draws them from snapshots of the fits."""

from __future__ import annotations

import os
import pickle
import re
import uuid
import weakref
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

from autoarray import exc
from autoarray.plot._background.engine import Engine, PlotFailure, PlotterStats, close_at_exit
from autoarray.plot._background.snapshot import snapshot_of, style_of_this_process


class BackgroundPlotter:
    """Draws fits in a process of its own, while the search goes on.

        with BackgroundPlotter("output") as plotter:
            for model in search:
                fit = ...
                plotter.submit(fit)

    `submit` takes a snapshot of the fit and returns. This takes well under a millisecond for a fit of a Hubble Space
    Telescope image. If fits come faster than the process draws them, the newest ones win: the oldest fit in the queue
    makes room, and `stats.dropped` counts it.

    Errors of the other process go to the log (logger "autoarray") and to `failures`; the search never sees them as an
    exception. A plot that fails does not end the process. A process that ends is started again, and tries its plot once
    more. After three ends in a row the plotter gives up, and `submit` only counts.

    The process is a fresh interpreter that runs at a low priority with one thread, without a screen and without an
    accelerator. It does not run the user's script, so scripts need no `if __name__ == "__main__"`, and notebooks
    work. It imports no jax: fits of JAX arrive on NumPy. It takes over the style of matplotlib (`rcParams`) that this
    process has when it makes the plotter. A file appears under its final name when it is complete.

    Parameters
    ----------
    directory
        The folder of the figures; the plotter makes it if it does not exist.
    draw
        A function `draw(obj, directory, name)` of a module that can be imported; `subplot_fit_imaging` by default. It
        writes files into `directory`, a temporary folder, whose names begin with `name`. The plotter moves every file
        from there.
    filename
        The name of the figure, without a suffix.
    output_format
        The suffix and format of the default figure: "png", "pdf" or "svg".
    overwrite
        True keeps one figure, the newest. False keeps one for each fit: `fit_0001.png`, ... in the order of submission,
        after the figures that the folder holds already. A fit that is not drawn leaves its number out.
    maxsize
        The number of snapshots that may wait (about 2 MB each for a Hubble Space Telescope image).
    timeout
        The seconds that the end of the `with` block waits for the remaining plots; None waits for ever.

    Raises
    ------
    PlottingException
        If an argument is not valid, or `draw` can't reach the other process.
    ImportError
        If matplotlib is not installed; the message names the extra that brings it.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        *,
        draw: Callable[[Any, Path, str], object] | None = None,
        filename: str = "fit",
        output_format: str = "png",
        overwrite: bool = True,
        maxsize: int = 2,
        timeout: float | None = 30.0,
    ) -> None:
        if not isinstance(maxsize, int) or maxsize < 1:
            raise exc.PlottingException(f"maxsize: expected an int of at least 1, found {maxsize!r}")
        self._filename = _check_name("filename", filename)
        self._timeout = timeout
        if draw is None and find_spec("matplotlib") is None:
            raise ImportError("figures need matplotlib: pip install autoarray-portable[plot]")
        if draw is not None and not callable(draw):
            raise exc.PlottingException(f"draw: expected a function, found {type(draw).__name__}")
        self.directory = Path(directory).absolute()
        self.directory.mkdir(parents=True, exist_ok=True)
        self._offset = None if overwrite else _highest_number(self.directory, filename)
        settings = {
            "directory": str(self.directory),
            # On the file system of the directory, so that files can be moved from it at once.
            "workshop": str(self.directory / f".drawing-{uuid.uuid4().hex}"),
            "draw": snapshot_of(draw),
            "format": output_format,
            "style": style_of_this_process(),
        }
        self._pid = os.getpid()
        self._engine = Engine(settings, maxsize)
        self._finalizer = weakref.finalize(self, close_at_exit, self._engine, self._pid)

    def submit(self, fit: object, name: str | None = None) -> str:
        """Queue a fit to be drawn as it is now; later changes of the fit don't count.

        This never waits for the other process, and never raises an error of it. Several threads may call it, and others
        may evaluate the fit meanwhile.

        Parameters
        ----------
        fit
            A `FitImaging`, or an object for `draw`.
        name
            The name of its figure; `filename` and `overwrite` give it by default.

        Returns
        -------
        The name of the figure, without a suffix.

        Raises
        ------
        PlottingException
            If the fit can't be pickled or holds values that JAX is tracing, or if the plotter is closed or belongs to
            another process.
        """
        self._check_usable()
        if name is not None:
            _check_name("name", name)
        return self._engine.put(name, self._filename, self._offset, snapshot_of(fit))

    def flush(self, timeout: float | None = None) -> bool:
        """Wait for all fits submitted so far; return False if `timeout` seconds are over first."""
        self._check_usable()
        return self._engine.flush(timeout)

    def close(self, timeout: float | None = None, *, drain: bool = True) -> int:
        """End the process, by default after the plots that wait.

        Parameters
        ----------
        timeout
            The seconds to wait for the remaining plots, by default the `timeout` of the constructor. Later plots are
            abandoned.
        drain
            False abandons all remaining plots at once.

        Returns
        -------
        The number of abandoned plots. A second call does nothing and returns 0.
        """
        if os.getpid() != self._pid or self._engine.closing:
            return 0
        self._finalizer.detach()
        return self._engine.close(self._timeout if timeout is None else timeout, drain)

    @property
    def stats(self) -> PlotterStats:
        """The numbers of fits submitted, drawn, dropped, failed, abandoned and waiting."""
        return self._engine.stats()

    @property
    def failures(self) -> tuple[PlotFailure, ...]:
        """The last 100 plots that failed, with their tracebacks."""
        with self._engine.condition:
            return tuple(self._engine.failures)

    def _check_usable(self) -> None:
        if os.getpid() != self._pid:
            raise exc.PlottingException(
                f"BackgroundPlotter: expected to be used in process {self._pid}, which made it, found process "
                f"{os.getpid()}; make one in each process"
            )
        if self._engine.closing:
            raise exc.PlottingException("BackgroundPlotter: expected an open plotter, found that it is closed")

    def __enter__(self) -> Self:
        self._check_usable()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # The plots that wait may explain an error of the search; Ctrl-C and exit() want an end.
        self.close(drain=error is None or isinstance(error, Exception))

    def __reduce__(self) -> NoReturn:
        raise pickle.PicklingError(
            "BackgroundPlotter can't be pickled or copied: it belongs to the process that made it; make one in each "
            "process, or send the fits to the one that has it"
        )

    def __repr__(self) -> str:
        stats = self.stats
        counts = ", ".join(f"{name}={value}" for name, value in vars(stats).items() if value or name == "submitted")
        state = ", closed" if self._engine.closing else ", given up" if self._engine.gave_up else ""
        return f"BackgroundPlotter({str(self.directory)!r}, {counts}{state})"


def _check_name(what: str, name: object) -> str:
    if not isinstance(name, str) or not name or name != Path(name).name or name.startswith("."):
        raise exc.PlottingException(f"{what}: expected the name of a file without folder and suffix, found {name!r}")
    return name


def _highest_number(directory: Path, stem: str) -> int:
    pattern = re.compile(re.escape(stem) + r"_(\d+)\.[^.]+")
    matches = (pattern.fullmatch(path.name) for path in directory.iterdir())
    return max((int(match[1]) for match in matches if match), default=0)
