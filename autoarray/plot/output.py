"""Where figures go, for those who keep that in one object."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autoarray._display import line
from autoarray.plot import utils


class Output:
    """A folder, a name and formats for figures.

    Parameters
    ----------
    path
        The folder; figures are not written if None.
    filename
        The name of the file; that of the figure if None.
    prefix, suffix
        Texts before and after the name.
    format
        The format or formats: "png" (by default), "pdf", "svg", or "show", which writes nothing.
    format_folder
        Whether the files go to a folder of the name of their format.
    bypass
        Whether nothing is written at all.
    """

    def __init__(
        self,
        path: Any = None,
        filename: str | None = None,
        prefix: str | None = None,
        suffix: str | None = None,
        format: str | list[str] | None = None,
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

    def save(self, fig: Any, auto_filename: str) -> list[Path]:
        """Write a figure in each format, and return where the files are."""
        if self.bypass:
            return []
        name = self.filename_from(auto_filename)
        return [
            utils.save_figure(fig, self.output_path_from(format), name, format)
            for format in self.format_list
            if format != "show"
        ]
