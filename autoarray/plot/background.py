"""Drawing while a search runs: figures made in another process, from snapshots of the fits."""

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

    `submit` takes a snapshot of the fit and returns, in well under a millisecond for a fit of a Hubble Space Telescope
    image. Where fits come faster than they are drawn the newest ones win: the oldest that waits makes room and is
    counted in `stats.dropped`. What goes wrong in the other process is logged (logger "autoarray"), kept in
    `failures` and never raised: a plot that fails does not end the process; a process that ends is started again,
    and the plot it was at tried once more; after three ends in a row nothing is drawn any more and `submit` does
    nothing but count.

    The process is a fresh interpreter that runs at a low priority with one thread, without a screen and without an
    accelerator. It does not run the user's script, so scripts need no `if __name__ == "__main__"`, and notebooks
    work. Fits that were computed with JAX arrive on NumPy: it imports no jax. It takes the style of matplotlib
    (`rcParams`) that this process has when the plotter is made. Files appear at once, under their final names, when
    they are complete.

    Parameters
    ----------
    directory
        The folder of the figures, which is made if it does not exist.
    draw
        A function `draw(obj, directory, name)` of a module that can be imported, which writes files whose names begin
        with `name` into the `directory` that it is given (one of its own; every file is moved from there). By default
        `subplot_fit_imaging`.
    filename
        The name of the figure, without a suffix.
    output_format
        The suffix and format of the default figure: "png", "pdf" or "svg".
    overwrite
        Whether there is one figure, which is always the newest, or one for each fit: `fit_0001.png`, ... by the
        order of submission, after those that the folder has already. The numbers of fits that were not drawn are
        left out.
    maxsize
        The number of snapshots that may wait (about 2 MB each for a Hubble Space Telescope image).
    timeout
        The seconds that leaving the `with` block waits for what is not drawn yet; None is for ever.

    Raises
    ------
    PlottingException
        If an option or `draw` can't be used.
    ImportError
        If matplotlib is not installed; the message names the extra that brings it.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        *,
        draw: Callable[[Any, Path, str], Any] | None = None,
        filename: str = "fit",
        output_format: str = "png",
        overwrite: bool = True,
        maxsize: int = 2,
        timeout: float | None = 30.0,
    ) -> None:
        if not isinstance(maxsize, int) or maxsize < 1:
            raise exc.PlottingException(f"maxsize: expected an int of at least 1, found {maxsize!r}")
        self._filename = _checked_name("filename", filename)
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

    def submit(self, fit: Any, name: str | None = None) -> str:
        """Have a fit drawn as it is now; later changes of it don't count.

        Never waits for the process that draws, and never raises because of it.

        Parameters
        ----------
        fit
            A `FitImaging`, or whatever `draw` takes.
        name
            The name of its figure, instead of the one that `filename` and `overwrite` give.

        Returns
        -------
        The name of the figure, without a suffix.

        Raises
        ------
        PlottingException
            If the fit can't be handed over (it is being traced by JAX, say), or the plotter is closed or another
            process's.
        """
        self._check_usable()
        if name is not None:
            _checked_name("name", name)
        return self._engine.put(name, self._filename, self._offset, snapshot_of(fit))

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until all that was submitted is drawn, dropped or failed; False if `timeout` seconds are over first."""
        self._check_usable()
        return self._engine.flush(timeout)

    def close(self, timeout: float | None = None, *, drain: bool = True) -> int:
        """End the process, after what waits has been drawn or without that.

        Parameters
        ----------
        timeout
            The seconds to wait for what is not drawn yet, by default those of the constructor. What is not drawn
            then is abandoned.
        drain
            If False nothing is waited for, and a plot that is being drawn is abandoned too.

        Returns
        -------
        The number of plots that were abandoned. A second call does nothing and returns 0.
        """
        if os.getpid() != self._pid or self._engine.closing:
            return 0
        self._finalizer.detach()
        return self._engine.close(self._timeout if timeout is None else timeout, drain)

    @property
    def stats(self) -> PlotterStats:
        """How many fits were submitted, drawn, dropped, failed and abandoned, and how many are waiting."""
        return self._engine.stats()

    @property
    def failures(self) -> tuple[PlotFailure, ...]:
        """The plots that failed, the last 100 of them, with their tracebacks."""
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
        # An error of the search leaves time to draw what led to it; Ctrl-C and exit() want an end.
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


def _checked_name(what: str, name: Any) -> str:
    if not isinstance(name, str) or not name or name != Path(name).name or name.startswith("."):
        raise exc.PlottingException(f"{what}: expected the name of a file without folder and suffix, found {name!r}")
    return name


def _highest_number(directory: Path, stem: str) -> int:
    pattern = re.compile(re.escape(stem) + r"_(\d+)\.[^.]+")
    found = (pattern.fullmatch(path.name) for path in directory.iterdir())
    return max((int(match[1]) for match in found if match), default=0)
