"""The figure of a fit: data, model, residuals, and the reconstruction of the source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autoarray._typing import ArrayLike
from autoarray.plot import utils
from autoarray.plot._canvas import scales
from autoarray.plot._canvas.host_arrays import UNIT, in_numpy, unmasked_of
from autoarray.plot.array import plot_array
from autoarray.plot.inversion import plot_inversion_reconstruction

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.colors import Colormap

    from autoarray.fit.fit_imaging import FitImaging
    from autoarray.inversion.inversion.abstract import AbstractInversion


def subplot_fit_imaging(
    fit: FitImaging,
    output_path: Path | str | None = None,
    output_filename: str = "fit",
    output_format: str | list[str] | None = None,
    colormap: str | Colormap | None = None,
    use_log10: bool = False,
    residuals_symmetric_cmap: bool = True,
    grid: ArrayLike | None = None,
    positions: ArrayLike | None = None,
    lines: ArrayLike | None = None,
    *,
    title: str = "",
    data_title: str = "Data",
    mesh_edges: bool = False,
    dpi: int | None = None,
) -> Any:
    """Draw a fit of an image: data, model, residuals, and what the model is made of.

    Data and models share their colours; the residuals are in units of the noise. Each mapper of the inversion has a
    panel for its reconstruction. Where the inversion has other linear objects too, such as light profiles, there are
    panels for the image of those and for the image of the mappers. A fit without an inversion has three panels.

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
    grid, positions, lines
        What to draw over the images, as in `autoarray.plot.array.plot_array`.
    title, data_title
        A line above the panels, and the title of the first one.
    mesh_edges
        Draw the edges of the meshes over the reconstructions.

    Returns
    -------
    The matplotlib figure.
    """
    inversion: Any = fit.inversion
    objects = list(getattr(inversion, "linear_obj_list", []))
    mappers = [each for each in objects if hasattr(each, "mesh_geometry")]
    parts = _parts_from(inversion, mappers) if 0 < len(mappers) < len(objects) else {}
    total = 3 + len(parts) + len(mappers)
    fig, panels = utils.panels_from(total, {4: 2, 7: 4, 8: 4}.get(total, 3))
    data, model, residuals = (in_numpy(each) for each in (fit.data, fit.model_data, fit.normalized_residual_map))

    # The model sets the range, so that the noise and a few bad pixels don't wash it out.
    low, high = scales.image_limits_from(unmasked_of(data), unmasked_of(model))
    over: dict[str, Any] = {"grid": grid, "positions": positions, "lines": lines}
    shared: dict[str, Any] = {
        "colormap": colormap or utils.CMAP,
        "vmin": None if use_log10 else low,
        "vmax": high,
        "use_log10": use_log10,
        "cb_unit": UNIT,
        **over,
    }
    plot_array(data, ax=panels[0], title=data_title, **shared)
    plot_array(model, ax=panels[1], title="Model", **shared)
    limit = scales.residual_limit_from(unmasked_of(residuals)) if residuals_symmetric_cmap else None
    plot_array(
        residuals,
        ax=panels[2],
        title="Residuals / noise",
        colormap=utils.DIVERGING,
        vmin=-limit if limit is not None else None,
        vmax=limit,
        cb_unit=r"$\sigma$",
        **over,
    )
    for ax, (name, image) in zip(panels[3:], parts.items(), strict=False):
        plot_array(image, ax=ax, title=name, **shared)
    names = ["Source reconstruction" + f" {index + 1}" * (len(mappers) > 1) for index in range(len(mappers))]
    for ax, name, mapper in zip(panels[total - len(mappers) :], names, mappers, strict=True):
        plot_inversion_reconstruction(
            inversion.reconstruction_dict[mapper] if len(objects) > 1 else inversion.reconstruction,
            mapper,
            ax=ax,
            title=name,
            colormap=colormap or utils.CMAP,
            cb_unit=UNIT,
            mesh_edges=mesh_edges,
        )
    if title:
        fig.suptitle(title, fontsize=12)
    return utils.finish(fig, None, output_path, output_filename, output_format, dpi=dpi)


def _parts_from(inversion: AbstractInversion, mappers: list[Any]) -> dict[str, Any]:
    """The images of the linear objects that are no mappers, and of the mappers."""
    images = inversion.mapped_reconstructed_operated_data_dict
    chosen = {"Light profiles": [each for each in images if each not in mappers], "Lensed source": mappers}
    parts: dict[str, Any] = {}
    for name, objects in chosen.items():
        image = in_numpy(images[objects[0]])
        for each in objects[1:]:
            image = image + in_numpy(images[each])
        parts[name] = image
    return parts
