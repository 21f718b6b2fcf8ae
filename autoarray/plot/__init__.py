# pyright: strict
"""Figures of arrays, grids, meshes, reconstructions, datasets and fits; importing this imports no matplotlib.

Every function returns a `matplotlib.figure.Figure`, which a notebook shows. It writes the figure to a file if the
caller gives a folder. The figures need no screen and no `matplotlib.pyplot`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autoarray.plot import utils
from autoarray.plot.array import plot_array
from autoarray.plot.grid import plot_grid
from autoarray.plot.inversion import plot_inversion_reconstruction
from autoarray.plot.mesh import plot_mesh
from autoarray.plot.output import Output
from autoarray.plot.utils import plot_regions, save_figure
from autoarray.plot.yx import plot_yx

if TYPE_CHECKING:
    from autoarray.dataset.plot.imaging_plots import subplot_imaging_dataset, subplot_imaging_dataset_list
    from autoarray.dataset.plot.interferometer_plots import (
        fits_interferometer,
        subplot_interferometer_dataset,
        subplot_interferometer_dirty_images,
    )
    from autoarray.fit.plot.fit_imaging_plots import subplot_fit_imaging
    from autoarray.fit.plot.fit_interferometer_plots import (
        subplot_fit_interferometer,
        subplot_fit_interferometer_dirty_images,
    )
    from autoarray.inversion.plot.inversion_plots import subplot_mappings, subplot_of_mapper
    from autoarray.inversion.plot.mapper_plots import plot_mapper, subplot_image_and_mapper
    from autoarray.plot.background import BackgroundPlotter
    from autoarray.plot.live import LiveFigures

# Names that PyAutoArray has here too: helpers of `autoarray.plot.utils`, and second names of what is here.
_HELPERS = frozenset(
    {
        "apply_extent",
        "apply_labels",
        "auto_mask_edge",
        "conf_figsize",
        "conf_mat_plot_fontsize",
        "conf_subplot_figsize",
        "numpy_grid",
        "numpy_lines",
        "numpy_positions",
        "plot_visibilities_1d",
        "set_with_color_values",
        "subplot_save",
        "symmetric_cmap_from",
        "symmetric_vmin_vmax",
        "tight_layout",
        "zoom_array",
    }
)
_SECOND_NAMES = {"plot_array_2d": plot_array, "plot_grid_2d": plot_grid, "plot_yx_1d": plot_yx}

# Their modules import this package, or start a process.
_ELSEWHERE = {
    "BackgroundPlotter": "autoarray.plot.background",
    "LiveFigures": "autoarray.plot.live",
    "plot_mapper": "autoarray.inversion.plot.mapper_plots",
    "fits_interferometer": "autoarray.dataset.plot.interferometer_plots",
    "subplot_fit_imaging": "autoarray.fit.plot.fit_imaging_plots",
    "subplot_fit_interferometer": "autoarray.fit.plot.fit_interferometer_plots",
    "subplot_fit_interferometer_dirty_images": "autoarray.fit.plot.fit_interferometer_plots",
    "subplot_image_and_mapper": "autoarray.inversion.plot.mapper_plots",
    "subplot_imaging_dataset": "autoarray.dataset.plot.imaging_plots",
    "subplot_imaging_dataset_list": "autoarray.dataset.plot.imaging_plots",
    "subplot_interferometer_dataset": "autoarray.dataset.plot.interferometer_plots",
    "subplot_interferometer_dirty_images": "autoarray.dataset.plot.interferometer_plots",
    "subplot_mappings": "autoarray.inversion.plot.inversion_plots",
    "subplot_of_mapper": "autoarray.inversion.plot.inversion_plots",
}

__all__ = [
    "BackgroundPlotter",
    "LiveFigures",
    "Output",
    "fits_interferometer",
    "plot_array",
    "plot_grid",
    "plot_inversion_reconstruction",
    "plot_mapper",
    "plot_mesh",
    "plot_regions",
    "plot_yx",
    "save_figure",
    "subplot_fit_imaging",
    "subplot_fit_interferometer",
    "subplot_fit_interferometer_dirty_images",
    "subplot_image_and_mapper",
    "subplot_imaging_dataset",
    "subplot_imaging_dataset_list",
    "subplot_interferometer_dataset",
    "subplot_interferometer_dirty_images",
    "subplot_mappings",
    "subplot_of_mapper",
]


def __getattr__(name: str) -> Any:
    if name in _HELPERS:
        return getattr(utils, name)
    if name in _SECOND_NAMES:
        return _SECOND_NAMES[name]
    if name in _ELSEWHERE:
        return getattr(import_module(_ELSEWHERE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
