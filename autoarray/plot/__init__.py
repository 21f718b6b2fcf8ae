"""Figures of arrays, reconstructions and fits; importing this imports no matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autoarray.plot.array import plot_array
from autoarray.plot.inversion import plot_inversion_reconstruction
from autoarray.plot.utils import save_figure

if TYPE_CHECKING:
    from autoarray.fit.plot.fit_imaging_plots import subplot_fit_imaging

__all__ = ["plot_array", "plot_inversion_reconstruction", "save_figure", "subplot_fit_imaging"]


def __getattr__(name: str) -> Any:
    # The figure of a fit is drawn with the two above, so its module imports this package.
    if name == "subplot_fit_imaging":
        from autoarray.fit.plot.fit_imaging_plots import subplot_fit_imaging

        return subplot_fit_imaging
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
