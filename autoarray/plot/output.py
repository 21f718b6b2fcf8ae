# pyright: strict
"""The folder, name and formats of figures, in one object."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from autoarray._display import line
from autoarray.plot import utils

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from autoarray.plot._canvas.arguments import Folder, Formats


class Output:
    """A folder, a name and formats for figures.

    Parameters
    ----------
    path
        The folder; no figure is written if None.
    filename
        The name of the file; the name of the figure if None.
    prefix, suffix
        Texts before and after the name.
    format
        The format or formats: "png" (by default), "pdf", "svg", or "show", which writes nothing.
    format_folder
        Whether each format has a folder of its name.
    bypass
        Whether to write nothing.
    bbox_inches
        What part of a figure of `pyplot` is written: "tight", what is drawn on, or None, all of it.
    """

    def __init__(
        self,
        path: Folder | None = None,
        filename: str | None = None,
        prefix: str | None = None,
        suffix: str | None = None,
        format: Formats | None = None,
        format_folder: bool = False,
        bypass: bool = False,
        bbox_inches: str | None = "tight",
    ) -> None:
        self.path = path
        self.filename = filename
        self.prefix = prefix
        self.suffix = suffix
        self._format = format
        self.format_folder = format_folder
        self.bypass = bypass
        self.bbox_inches = bbox_inches

    def _repr_parts(self) -> list[str]:
        parts = line.parts_of_fields(self, changed_only=True)
        return parts if self._format is None else [*parts, f"format={self._format!r}"]

    def __repr__(self) -> str:
        return line.one_line(self)

    @property
    def format(self) -> Formats:
        """The format or formats: without one "png", or "show" where there is no folder."""
        if self._format is None:
            return "show" if self.path is None else "png"
        return self._format

    @property
    def format_list(self) -> list[str]:
        """The formats, as a list."""
        return [self.format] if isinstance(self.format, str) else list(self.format)

    def filename_from(self, auto_filename: str) -> str:
        """The name of the file of a figure that is called `auto_filename`."""
        return f"{self.prefix or ''}{self.filename or auto_filename}{self.suffix or ''}"

    def output_path_from(self, format: str) -> Path:
        """The folder of the files of a format."""
        return Path(self.path or ".") / format if self.format_folder else Path(self.path or ".")

    def save(self, fig: Figure, auto_filename: str) -> list[Path]:
        """Write a figure in each format, and return the paths of the files."""
        if self.bypass:
            return []
        name = self.filename_from(auto_filename)
        formats = [format for format in self.format_list if format != "show"]
        paths = [utils.save_figure(fig, self.output_path_from(format), name, format) for format in formats]
        return [path for path in paths if path is not None]

    def to_figure(self, structure: object = None, auto_filename: str | None = None) -> None:
        """Write or show the figure that `pyplot` draws on now.

        Parameters
        ----------
        structure
            Not used: what is drawn is drawn already.
        auto_filename
            The name of the file where the output has none of its own.
        """
        self._save_current(auto_filename)

    def subplot_to_figure(self, auto_filename: str | None = None, also_show: bool = False) -> None:
        """Write or show the figure with several panels that `pyplot` draws on now, or write and show it."""
        self._save_current(auto_filename)
        if also_show and "show" not in self.format_list and not self.bypass:
            _pyplot().show()

    def savefig(self, filename: str, output_path: Folder, format: str) -> None:
        """Write the figure that `pyplot` draws on now to a file of this name and format in a folder, which is made."""
        folder = Path(output_path)
        folder.mkdir(parents=True, exist_ok=True)
        _pyplot().savefig(str(folder / f"{filename}.{format}"), bbox_inches=self.bbox_inches)

    def to_figure_output_mode(self, filename: str) -> None:
        """Write the figure that `pyplot` draws on now where the environment variable PYAUTO_OUTPUT_MODE is "1".

        See `autoarray.plot.utils.output_mode_save`.
        """
        utils.output_mode_save(_pyplot().gcf(), filename)

    def _save_current(self, auto_filename: str | None) -> None:
        pyplot = _pyplot()
        name = self.filename_from(auto_filename or "figure")
        if self.bypass or utils.output_mode_save(pyplot.gcf(), name):
            return
        for format in self.format_list:
            if format == "show":
                pyplot.show()
            else:
                self.savefig(name, self.output_path_from(format), format)


def _pyplot() -> Any:
    utils.matplotlib_module()
    from matplotlib import pyplot

    return pyplot
