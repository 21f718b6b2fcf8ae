# pyright: strict
"""The folder, name and formats of figures, in one object."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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
    ) -> None:
        self.path = path
        self.filename = filename
        self.prefix = prefix
        self.suffix = suffix
        self.format = format
        self.format_folder = format_folder
        self.bypass = bypass

    def _repr_parts(self) -> list[str]:
        return line.parts_of_fields(self, changed_only=True)

    def __repr__(self) -> str:
        return line.one_line(self)

    @property
    def format_list(self) -> list[str]:
        """The formats."""
        if self.format is None:
            return ["show" if self.path is None else "png"]
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
        return [
            utils.save_figure(fig, self.output_path_from(format), name, format)
            for format in self.format_list
            if format != "show"
        ]
