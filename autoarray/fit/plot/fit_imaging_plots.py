"""The figure of a fit: data, model, residuals, and the reconstruction of the source."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray.plot import utils
from autoarray.plot.array import plot_array
from autoarray.plot.inversion import plot_inversion_reconstruction

UNIT = "e$^-$ s$^{-1}$"


def subplot_fit_imaging(
    fit: Any,
    output_path: Any = None,
    output_filename: str = "fit",
    output_format: str | None = None,
    colormap: Any = None,
    use_log10: bool = False,
    residuals_symmetric_cmap: bool = True,
    *,
    title: str = "",
    data_title: str = "Data",
    dpi: int | None = None,
) -> Any:
    """Draw a fit of an image in four panels.

    Data and model share their colours; the residuals are in units of the noise. A fit without an
    inversion has no source panel.

    Parameters
    ----------
    fit
        A `FitImaging`, on either backend.
    output_path, output_filename, output_format, dpi
        The folder, name, suffix and resolution of the file; nothing is written without a folder.
    colormap, use_log10
        The colour map of data, model and source, and whether the first two are logarithmic.
    residuals_symmetric_cmap
        Whether the residuals' colours are symmetric about zero.
    title, data_title
        A line above the panels, and the title of the first one.

    Returns
    -------
    The matplotlib figure.
    """
    mapper = _first_mapper_of(fit.inversion)
    fig = utils.new_figure((10.4, 8.6) if mapper is not None else (15.0, 4.4))
    panels = fig.subplots(2, 2).ravel() if mapper is not None else fig.subplots(1, 3)
    data, model, residuals = (_values(array) for array in (fit.data, fit.model_data, fit.normalized_residual_map))

    # The model sets the range, so that the noise and a few bad pixels don't wash it out.
    low, high = float(min(model.min(), 0.0)), float(max(model.max(), np.quantile(data, 0.999)))
    shared: dict[str, Any] = {
        "colormap": colormap or "magma",
        "vmin": low,
        "vmax": high,
        "use_log10": use_log10,
        "cb_unit": UNIT,
    }
    plot_array(fit.data, ax=panels[0], title=data_title, **shared)
    plot_array(fit.model_data, ax=panels[1], title="Model", **shared)
    limit = utils.symmetric_limit_from(residuals) if residuals_symmetric_cmap else None
    plot_array(
        fit.normalized_residual_map,
        ax=panels[2],
        title="Residuals / noise",
        colormap="RdBu_r",
        vmin=-limit if limit is not None else None,
        vmax=limit,
        cb_unit=r"$\sigma$",
    )
    if mapper is not None:
        plot_inversion_reconstruction(
            fit.inversion.reconstruction_dict[mapper]
            if len(fit.inversion.linear_obj_list) > 1
            else fit.inversion.reconstruction,
            mapper,
            ax=panels[3],
            title="Source reconstruction",
            colormap=colormap or "magma",
            cb_unit=UNIT,
        )
    if title:
        fig.suptitle(title, fontsize=12)
    if output_path is not None:
        utils.save_figure(fig, output_path, output_filename, output_format, dpi=dpi)
    return fig


def _values(array: Any) -> np.ndarray:
    return np.asarray(array.slim.array, dtype=float)


def _first_mapper_of(inversion: Any) -> Any:
    if inversion is None:
        return None
    return next((obj for obj in inversion.linear_obj_list if hasattr(obj, "mesh_geometry")), None)
