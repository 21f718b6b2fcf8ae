# pyright: strict
"""Figures of arrays, grids, meshes, reconstructions, datasets and fits; importing this imports no matplotlib.

Every function returns a `matplotlib.figure.Figure`, which a notebook shows. It writes the figure to a file if the
caller gives a folder. The figures need no screen and no `matplotlib.pyplot`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autoarray.plot.array import plot_array
from autoarray.plot.grid import plot_grid
from autoarray.plot.inversion import plot_inversion_reconstruction
from autoarray.plot.mesh import plot_mesh
from autoarray.plot.output import Output
from autoarray.plot.utils import (
    apply_extent,
    apply_labels,
    auto_mask_edge,
    conf_figsize,
    conf_mat_plot_fontsize,
    conf_subplot_figsize,
    numpy_grid,
    numpy_lines,
    numpy_positions,
    plot_regions,
    plot_visibilities_1d,
    save_figure,
    set_with_color_values,
    subplot_save,
    symmetric_cmap_from,
    symmetric_vmin_vmax,
    tight_layout,
    zoom_array,
)
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

# Names that PyAutoArray has for the same.
plot_array_2d, plot_grid_2d, plot_yx_1d = plot_array, plot_grid, plot_yx

# Their modules import this package, or start a process.
_ELSEWHERE = {
    "BackgroundPlotter": "autoarray.plot.background",
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
    "Output",
    "apply_extent",
    "apply_labels",
    "auto_mask_edge",
    "conf_figsize",
    "conf_mat_plot_fontsize",
    "conf_subplot_figsize",
    "fits_interferometer",
    "numpy_grid",
    "numpy_lines",
    "numpy_positions",
    "plot_array",
    "plot_array_2d",
    "plot_grid",
    "plot_grid_2d",
    "plot_inversion_reconstruction",
    "plot_mapper",
    "plot_mesh",
    "plot_regions",
    "plot_visibilities_1d",
    "plot_yx",
    "plot_yx_1d",
    "save_figure",
    "set_with_color_values",
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
    "subplot_save",
    "symmetric_cmap_from",
    "symmetric_vmin_vmax",
    "tight_layout",
    "zoom_array",
]


def __getattr__(name: str) -> Any:
    if name in _ELSEWHERE:
        return getattr(import_module(_ELSEWHERE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
