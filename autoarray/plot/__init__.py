"""Figures of arrays, reconstructions and fits; importing this imports no matplotlib."""

from autoarray.fit.plot.fit_imaging_plots import subplot_fit_imaging
from autoarray.plot.array import plot_array
from autoarray.plot.inversion import plot_inversion_reconstruction
from autoarray.plot.utils import save_figure

__all__ = ["plot_array", "plot_inversion_reconstruction", "save_figure", "subplot_fit_imaging"]
