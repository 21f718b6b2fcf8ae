# Matplotlib leaves the keyword arguments of its methods untyped.
# pyright: strict, reportUnknownMemberType=false
"""The figure of a fit: data, model, residuals, and the reconstruction of the source."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, cast

from autoarray.fit.plot._residuals import plot_residuals
from autoarray.plot import utils
from autoarray.plot._canvas import scales
from autoarray.plot._canvas.host_arrays import UNIT, in_numpy, unmasked_of
from autoarray.plot.array import plot_array
from autoarray.plot.inversion import plot_inversion_reconstruction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from autoarray.fit.fit_imaging import FitImaging
    from autoarray.inversion.inversion.abstract import AbstractInversion
    from autoarray.inversion.linear_obj.linear_obj import LinearObj
    from autoarray.inversion.mappers.abstract import Mapper
    from autoarray.plot._canvas.arguments import ColorMap, Folder, Formats, Groups, Values
    from autoarray.structures.arrays.uniform_2d import Array2D


def subplot_fit_imaging(
    fit: FitImaging,
    output_path: Folder | None = None,
    output_filename: str = "fit",
    output_format: Formats | None = None,
    colormap: ColorMap | None = None,
    use_log10: bool = False,
    residuals_symmetric_cmap: bool = True,
    grid: Values | None = None,
    positions: Groups | None = None,
    lines: Groups | None = None,
    *,
    title: str = "",
    data_title: str = "Data",
    mesh_edges: bool = False,
    dpi: int | None = None,
) -> Figure:
    """Draw a fit of an image: data, model, residuals, and the parts of the model.

    Data and models share one colour scale. The residuals are in units of the noise. Each mapper of the inversion has a
    panel for its reconstruction. An inversion with other linear objects, such as light profiles, adds two panels: the
    image of these objects and the image of the mappers. A fit without an inversion has three panels.

    Parameters
    ----------
    fit
        A `FitImaging`, on either backend.
    output_path, output_filename, output_format, dpi
        The folder, name, suffix and resolution of the file; no file is written without a folder.
    colormap, use_log10
        The colour map of data, model and source; whether data and model have a logarithmic scale.
    residuals_symmetric_cmap
        Whether the colour scale of the residuals is symmetric about zero.
    grid, positions, lines
        Overlays on the images, as of `autoarray.plot.array.plot_array`.
    title, data_title
        The title of the figure, and the title of the panel of the data.
    mesh_edges
        Whether to draw the edges of the meshes over the reconstructions.

    Returns
    -------
    The matplotlib figure.
    """
    inversion: AbstractInversion | None = fit.inversion
    objects = [] if inversion is None else inversion.linear_obj_list
    mappers = [cast("Mapper", each) for each in objects if hasattr(each, "mesh_geometry")]
    parts = _parts_from(inversion, mappers) if inversion is not None and 0 < len(mappers) < len(objects) else {}
    total = 3 + len(parts) + len(mappers)
    fig, panels = utils.panels_from(total, {4: 2, 7: 4, 8: 4}.get(total, 3))
    data, model, residuals = (in_numpy(each) for each in (fit.data, fit.model_data, fit.normalized_residual_map))

    # The model sets the range, so that the noise and a few bad pixels don't wash it out.
    low, high = scales.image_limits_from(unmasked_of(data), unmasked_of(model))
    over: dict[str, Any] = {"grid": grid, "positions": positions, "lines": lines}
    shared: dict[str, Any] = {
        "colormap": utils.color_map(colormap),
        "vmin": None if use_log10 else low,
        "vmax": high,
        "use_log10": use_log10,
        "cb_unit": UNIT,
        **over,
    }
    plot_array(data, ax=panels[0], title=data_title, **shared)
    plot_array(model, ax=panels[1], title="Model", **shared)
    plot_residuals(residuals, panels[2], "Residuals / noise", residuals_symmetric_cmap, **over)
    for ax, (name, image) in zip(panels[3:], parts.items(), strict=False):
        plot_array(image, ax=ax, title=name, **shared)
    names = ["Source reconstruction" + f" {index + 1}" * (len(mappers) > 1) for index in range(len(mappers))]
    for ax, name, mapper in zip(panels[total - len(mappers) :], names, mappers, strict=True):
        assert inversion is not None  # it has the mapper
        plot_inversion_reconstruction(
            inversion.reconstruction_dict[mapper] if len(objects) > 1 else inversion.reconstruction,
            mapper,
            ax=ax,
            title=name,
            colormap=utils.color_map(colormap),
            cb_unit=UNIT,
            mesh_edges=mesh_edges,
        )
    if title:
        fig.suptitle(title, fontsize=12)
    return utils.finish(fig, None, output_path, output_filename, output_format, dpi=dpi)


def _parts_from(inversion: AbstractInversion, mappers: list[Mapper]) -> dict[str, Array2D]:
    """The image of the linear objects that are no mappers, and the image of the mappers."""
    images = inversion.mapped_reconstructed_operated_data_dict
    chosen: dict[str, Sequence[LinearObj]] = {
        "Light profiles": [each for each in images if each not in mappers],
        "Lensed source": mappers,
    }
    return {name: reduce(add, [in_numpy(images[each]) for each in objects]) for name, objects in chosen.items()}
