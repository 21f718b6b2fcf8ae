# Matplotlib leaves the keyword arguments of its methods untyped.
# pyright: strict, reportUnknownMemberType=false
"""The figure of a fit to visibilities: their residuals, and dirty images of data, model and residuals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from autoarray import exc
from autoarray.fit.fit_interferometer import dirty_model_image_natural_from
from autoarray.fit.plot._residuals import plot_residuals
from autoarray.plot import utils
from autoarray.plot._canvas import scales
from autoarray.plot._canvas.host_arrays import in_numpy, unmasked_of
from autoarray.plot._canvas.inputs import values_of
from autoarray.plot._canvas.visibilities import BEAM_UNIT, UV_DISTANCE, marks, step_of
from autoarray.plot.array import plot_array
from autoarray.plot.inversion import plot_inversion_reconstruction
from autoarray.structures.arrays.uniform_2d import Array2D

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from autoarray.fit.fit_interferometer import FitInterferometer
    from autoarray.inversion.mappers.abstract import Mapper
    from autoarray.plot._canvas.arguments import ColorMap, Folder, Formats


def subplot_fit_interferometer(
    fit: FitInterferometer,
    output_path: Folder | None = None,
    output_filename: str = "fit",
    output_format: Formats | None = None,
    colormap: ColorMap | None = None,
    use_log10: bool = False,
    residuals_symmetric_cmap: bool = True,
    model_image: Any = None,
) -> Figure:
    """Draw a fit of visibilities: residuals by baseline, dirty images, and the reconstruction of each mapper.

    Of a dataset that keeps no visibilities the panels are dirty images and reconstructions alone. Dirty images are of
    natural weights, over the sum of the weights.

    Parameters
    ----------
    fit
        A `FitInterferometer`, on either backend.
    output_path, output_filename, output_format
        The folder, name and suffix of the file; no file is written without a folder.
    colormap, use_log10
        The colour map of data and model; whether they have a logarithmic scale.
    residuals_symmetric_cmap
        Whether the colour scale of the residuals is symmetric about zero.
    model_image
        The model image in the unmasked pixels of the real-space mask; that of the inversion if None.

    Returns
    -------
    The matplotlib figure.

    Raises
    ------
    exc.PlottingException
        If there is neither an inversion nor a model image.
    """
    mappers = _mappers_of(fit)
    by_baseline = 0 if fit.dataset.is_array_free else 3
    total = by_baseline + 3 + len(mappers)
    fig, panels = utils.panels_from(total, {4: 2}.get(total, 3))
    if by_baseline:
        _draw_residuals(fit, panels[:3])
    _draw_dirty(fit, model_image, panels[by_baseline:], colormap, use_log10, residuals_symmetric_cmap)
    for ax, mapper in zip(panels[by_baseline + 3 :], mappers, strict=True):
        reconstruction = fit.inversion.reconstruction_dict[mapper]
        plot_inversion_reconstruction(reconstruction, mapper, ax=ax, title="Source reconstruction", colormap=colormap)
    return utils.finish(fig, None, output_path, output_filename, output_format)


def subplot_fit_interferometer_dirty_images(
    fit: FitInterferometer,
    output_path: Folder | None = None,
    output_filename: str = "fit_dirty_images",
    output_format: Formats | None = None,
    colormap: ColorMap | None = None,
    use_log10: bool = False,
    residuals_symmetric_cmap: bool = True,
    model_image: Any = None,
) -> Figure:
    """Draw the dirty images of data, model and residuals, as in `subplot_fit_interferometer`.

    Parameters
    ----------
    fit, model_image
        The `FitInterferometer`, and a model image in place of that of its inversion.
    output_path, output_filename, output_format
        The folder, name and suffix of the file.
    colormap, use_log10, residuals_symmetric_cmap
        As in `subplot_fit_interferometer`.
    """
    fig, panels = utils.panels_from(3, 3)
    _draw_dirty(fit, model_image, panels, colormap, use_log10, residuals_symmetric_cmap)
    return utils.finish(fig, None, output_path, output_filename, output_format)


def _mappers_of(fit: FitInterferometer) -> list[Mapper]:
    objects: list[Any] = [] if fit.inversion is None else fit.inversion.linear_obj_list
    return [cast("Mapper", each) for each in objects if hasattr(each, "mesh_geometry")]


def _model_image_of(fit: FitInterferometer, model_image: Any) -> Array2D:
    if model_image is not None:
        return in_numpy(model_image)
    if fit.inversion is None:
        raise exc.PlottingException("fit: expected an inversion, or a model_image, found neither")
    return in_numpy(fit.inversion.mapped_reconstructed_data)


def _draw_dirty(
    fit: FitInterferometer,
    model_image: Any,
    panels: list[Axes],
    colormap: ColorMap | None,
    use_log10: bool,
    symmetric: bool,
) -> None:
    dataset: Any = fit.dataset
    data = in_numpy(dataset.dirty_image_natural)
    if dataset.is_array_free or model_image is not None:
        model = dirty_model_image_natural_from(dataset, _model_image_of(fit, model_image))
    else:
        noise = values_of(fit.noise_map)
        visibilities = values_of(fit.model_data)
        weighted = np.real(visibilities) / np.real(noise) ** 2 + 1j * np.imag(visibilities) / np.imag(noise) ** 2
        image = fit.transformer.image_from(visibilities=fit.dataset.data.with_new_array(weighted))
        model = in_numpy(image) / dataset.sum_weights
    low, high = scales.image_limits_from(unmasked_of(data), unmasked_of(model))
    shared: dict[str, Any] = {
        "colormap": colormap or utils.CMAP,
        "vmin": None if use_log10 else low,
        "vmax": high,
        "use_log10": use_log10,
        "cb_unit": BEAM_UNIT,
    }
    plot_array(data, ax=panels[0], title="Dirty image", **shared)
    plot_array(model, ax=panels[1], title="Dirty model", **shared)
    residuals = (data - model) / dataset.sum_weights**-0.5
    plot_residuals(residuals, panels[2], "Dirty residuals / noise", symmetric)


def _draw_residuals(fit: FitInterferometer, panels: list[Axes]) -> None:
    dataset = fit.dataset
    step = step_of(len(dataset.uv_wavelengths))
    distances = np.hypot(*dataset.uv_wavelengths[::step].T) / 1e3
    residuals = values_of(fit.normalized_residual_map)[::step]
    data, model = (np.abs(values_of(each)[::step]) for each in (fit.data, fit.model_data))
    style = marks(len(distances))
    panels[0].scatter(distances, data, color="k", label="data", **style)
    panels[0].scatter(distances, model, color="#d55e00", label="model", **style)
    panels[0].legend(frameon=False)
    utils.dress(panels[0], "Amplitudes", UV_DISTANCE, "Jy", aspect=None)
    for ax, name, values in (
        (panels[1], "real parts", np.real(residuals)),
        (panels[2], "imaginary parts", np.imag(residuals)),
    ):
        ax.scatter(distances, values, color="k", **style)
        ax.axhline(0.0, color="0.6", lw=0.6)
        utils.dress(ax, f"Residuals of {name}", UV_DISTANCE, r"$\sigma$", aspect=None)
