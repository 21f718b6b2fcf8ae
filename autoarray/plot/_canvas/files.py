# Matplotlib leaves the keyword arguments of its methods untyped.
# pyright: strict, reportUnknownMemberType=false
"""Figures as files: equal figures give equal bytes, and pixels are inches times dots per inch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autoarray import exc
from autoarray._files import replacing
from autoarray.plot._canvas.figures import DPI, matplotlib_module

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from autoarray.plot._canvas.arguments import Folder, Formats

FORMATS = ("png", "pdf", "svg")


def save_figure(fig: Figure, path: Folder, filename: str, format: str | None = None, dpi: int | None = None) -> Path:
    """Write a figure to `path/filename.format` and return that path; the format is "png" by default.

    The folder is made if it does not exist. Equal figures give equal bytes: no date is written, and settings of
    matplotlib that would change the size of the file's picture are not looked at.

    Parameters
    ----------
    fig
        The figure.
    path
        The folder.
    filename, format
        The name of the file and its suffix: "png", "pdf" or "svg"; png if None.
    dpi
        Dots per inch; those of the project's figures if None.
    """
    format = (format or "png").lower().lstrip(".")
    return write_figure(fig, Path(path) / f"{filename}.{format}", format, dpi)


def write_figure(fig: Figure, target: Path, format: str, dpi: int | None = None) -> Path:
    """Write a figure to the file `target`, whatever its suffix, as `save_figure` does, and return that path."""
    metadata = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(format)
    settings = {"savefig.bbox": "standard", "svg.hashsalt": "autoarray"}
    target.parent.mkdir(parents=True, exist_ok=True)
    with matplotlib_module().rc_context(settings), replacing(target) as file:
        fig.savefig(file, format=format, dpi=dpi or DPI, metadata=metadata)
    return target


def finish(
    fig: Figure,
    ax: Axes | None,
    output_path: Folder | None,
    output_filename: str,
    output_format: Formats | None,
    dpi: int | None = None,
) -> Figure:
    """End a plotting function: write its figure if there is a folder, and return it.

    Raises
    ------
    PlottingException
        If there is a folder, and the panel `ax` belongs to a figure of the caller.
    """
    if output_path is None or output_path == "":
        return fig
    if ax is not None:
        raise exc.PlottingException(
            "output_path: expected None where an ax was given, because the figure belongs to the caller; "
            f"found {output_path!r}"
        )
    for suffix in [output_format] if output_format is None or isinstance(output_format, str) else output_format:
        save_figure(fig, output_path, output_filename, suffix, dpi=dpi)
    return fig
