"""Figures without a screen and without global state: matplotlib is imported by the first one drawn.

Every figure is a `matplotlib.figure.Figure` on the Agg canvas, so drawing one never opens a window
and never touches `pyplot`; a notebook shows it when a cell ends with it.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from autoarray import exc

DPI = 130


def matplotlib_module() -> ModuleType:
    """The module `matplotlib`.

    Raises
    ------
    ImportError
        If it is not installed; the message names the extra that brings it.
    """
    try:
        import matplotlib
    except ImportError as error:
        raise ImportError("figures need matplotlib: pip install autoarray-portable[plot]") from error
    return matplotlib


def new_figure(figsize: tuple[float, float]) -> Any:
    """An empty figure of `figsize` inches whose layout keeps labels apart."""
    matplotlib_module()
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    return Figure(figsize=figsize, layout=ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.1), facecolor="white")


def save_figure(
    fig: Any, path: str | os.PathLike[str], filename: str, format: str | None = None, dpi: int | None = None
) -> Path:
    """Write a figure to `path/filename.format` (png unless given) and return where it is.

    The folder is made if it does not exist. Equal figures give equal bytes: no date is written.
    """
    format = format or "png"
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{filename}.{format}"
    metadata = {"Software": None} if format == "png" else {"Date": None} if format == "svg" else None
    if format == "pdf":
        metadata = {"CreationDate": None}
    fig.savefig(target, format=format, dpi=dpi or DPI, metadata=metadata)
    return target


def finish(fig: Any, ax: Any, output_path: Any, output_filename: str, output_format: str | None) -> Any:
    """What every plotting function ends with: save the figure it made, if it made one and was asked to."""
    if output_path is not None:
        if ax is not None:
            raise exc.PlottingException(
                "output_path: expected None where an ax was given, because the figure belongs to the caller; "
                f"found {output_path!r}"
            )
        save_figure(fig, output_path, output_filename, output_format)
    return fig


def norm_from(values: Any, vmin: float | None, vmax: float | None, use_log10: bool) -> Any:
    """The map from values to colours, which does not fail on constant or empty arrays."""
    from matplotlib.colors import LogNorm, Normalize

    finite = np.asarray(values, dtype=float)
    finite = finite[np.isfinite(finite)]
    low = vmin if vmin is not None else (float(finite.min()) if finite.size else 0.0)
    high = vmax if vmax is not None else (float(finite.max()) if finite.size else 1.0)
    if not use_log10:
        return Normalize(low, high if high > low else low + 1.0)
    high = high if high > 0.0 else 1.0
    return LogNorm(max(low, 1e-4 * high), high, clip=True)


def symmetric_limit_from(values: Any) -> float:
    """The largest absolute finite value, so that a diverging colour map has its centre at zero."""
    finite = np.abs(np.asarray(values, dtype=float))
    finite = finite[np.isfinite(finite)]
    return float(finite.max()) if finite.size and finite.max() > 0.0 else 1.0


def dress(ax: Any, title: str, xlabel: str, ylabel: str) -> None:
    """Title, labels and quiet ticks of one panel."""
    ax.set_title(title, fontsize=11, pad=7)
    ax.set_xlabel(xlabel, fontsize=9)
    ax.set_ylabel(ylabel, fontsize=9)
    ax.tick_params(labelsize=8, length=3, width=0.6, direction="out")
    ax.locator_params(nbins=6, steps=[1, 2, 5, 10])
    ax.set_aspect("equal", adjustable="box")
    for spine in ax.spines.values():
        spine.set_linewidth(0.6)


def colorbar(mappable: Any, ax: Any, cb_unit: str | None) -> None:
    """A colour bar as tall as the panel, with its unit."""
    bar = ax.figure.colorbar(mappable, ax=ax, fraction=0.046, pad=0.03)
    bar.ax.tick_params(labelsize=8, length=2, width=0.6)
    bar.outline.set_linewidth(0.6)
    if cb_unit:
        bar.set_label(cb_unit, fontsize=9)
