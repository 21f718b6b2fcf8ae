# Matplotlib leaves the keyword arguments of its methods untyped.
# pyright: strict, reportUnknownMemberType=false
"""Figures as files: equal figures give equal bytes, and pixels are inches times dots per inch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from autoarray import exc
from autoarray._files import replacing
from autoarray.plot._canvas import look, showing
from autoarray.plot._canvas.figures import matplotlib_module

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from autoarray.plot._canvas.arguments import Folder, Formats

FORMATS = ("png", "pdf", "svg")


def save_figure(
    fig: Figure, path: Folder | None, filename: str, format: Formats | None = None, dpi: int | None = None
) -> Path | None:
    """Write a figure to `path/filename.format` and return that path, the first one of several formats.

    The format is that of the user's configuration, and "png" without one. Without a folder, or with the format "show",
    the figure is shown instead. Where PyAutoLens is in use it is one of `pyplot`, which forgets it then.

    The folder is made if it does not exist. Equal figures give equal bytes: no date is written, and settings of
    matplotlib that would change the size of the file's picture are not looked at.

    Parameters
    ----------
    fig
        The figure.
    path
        The folder.
    filename, format
        The name of the file and its suffix or suffixes: "png", "pdf" or "svg".
    dpi
        Dots per inch; those of the user's configuration, or of the project's figures, if None.
    """
    written: list[Path] = []
    if not showing.output_mode_save(fig, filename) and not showing.FAST_PLOTS:
        for suffix in _suffixes_from(path, format):
            if path is None or path == "" or suffix == "show":
                showing.show_figure(fig)
            else:
                written.append(write_figure(fig, Path(path) / f"{filename}.{suffix}", suffix, dpi))
    showing.close_figure(fig)
    return written[0] if written else None


def _suffixes_from(path: Folder | None, format: Formats | None) -> list[str]:
    if path is None or path == "":
        return ["show"]
    if format is None:
        format = look.output_format()
        format = "png" if format == "show" else format  # who names a folder wants a file
    return [each.lower().lstrip(".") for each in ([format] if isinstance(format, str) else format)]


def write_figure(fig: Figure, target: Path, format: str, dpi: int | None = None) -> Path:
    """Write a figure to the file `target`, whatever its suffix, as `save_figure` does, and return that path."""
    metadata = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(format)
    settings = {"savefig.bbox": "standard", "svg.hashsalt": "autoarray"}
    target.parent.mkdir(parents=True, exist_ok=True)
    how: dict[str, Any] = {"format": format, "dpi": dpi or look.dots_per_inch(), "metadata": metadata}
    with matplotlib_module().rc_context(settings):
        if look.is_configured():
            # By its path as a text, which programs of PyAutoLens's users see when they watch what `savefig` is told.
            fig.savefig(str(target), **how)
            return target
        with replacing(target) as file:
            fig.savefig(file, **how)
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

    Where PyAutoLens is in use, a figure without a folder is shown, unless its panel is of a figure of the caller.

    Raises
    ------
    PlottingException
        If there is a folder, and the panel `ax` belongs to a figure of the caller.
    """
    if output_path is None or output_path == "":
        if ax is None and showing.shows_without_folder():
            save_figure(fig, None, output_filename)
        return fig
    if ax is not None:
        raise exc.PlottingException(
            "output_path: expected None where an ax was given, because the figure belongs to the caller; "
            f"found {output_path!r}"
        )
    save_figure(fig, output_path, output_filename, output_format, dpi=dpi)
    return fig
