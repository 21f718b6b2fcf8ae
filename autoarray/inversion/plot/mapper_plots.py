"""Figures of mappers: their meshes in the source plane, next to the image that they map to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autoarray._typing import Array
from autoarray.inversion.mappers.abstract import Mapper
from autoarray.inversion.mappings.mapping import Mapping
from autoarray.plot import utils
from autoarray.plot._canvas import overlays
from autoarray.plot._canvas.arguments import Color, Groups, Regions, Values
from autoarray.plot._canvas.host_arrays import UNIT, in_numpy
from autoarray.plot.array import plot_array
from autoarray.plot.inversion import plot_inversion_reconstruction
from autoarray.plot.mesh import plot_mesh
from autoarray.structures.arrays.uniform_2d import Array2D

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

TITLE = "Pixelization mesh (source plane)"


def plot_mapper(
    mapper: Mapper,
    solution_vector: Array | None = None,
    output_path: str | Path | None = None,
    output_filename: str = "mapper",
    output_format: str | list[str] | None = None,
    colormap: str | Colormap | None = None,
    use_log10: bool = False,
    vmin: float | None = None,
    vmax: float | None = None,
    mesh_grid: Values | None = None,
    lines: Groups | None = None,
    line_colors: Sequence[Color] | None = None,
    regions: Regions | None = None,
    region_colors: Sequence[Color] | None = None,
    region_alpha: float = 0.25,
    region_labels: Sequence[str] | None = None,
    title: str = TITLE,
    zoom_to_brightest: bool = True,
    zoom_extent_scale: float = 1.0,
    ax: Axes | None = None,
    *,
    cb_unit: str | None = None,
    style: str | None = None,
    mesh_edges: bool = True,
) -> Figure:
    """Draw the mesh of a mapper in the source plane, with the values of its pixels if they are given.

    The arguments that are not listed, what is returned and what is raised are those of
    `plot_inversion_reconstruction`.

    Parameters
    ----------
    mapper
        The mapper.
    solution_vector
        One value for each mesh pixel; without them the edges of the mesh are drawn alone.
    mesh_grid
        (y, x) points to draw, such as the centres of the mesh pixels.
    mesh_edges
        Whether the edges are drawn over the values.
    """
    if solution_vector is None:
        fig = plot_mesh(
            mapper.mesh_geometry, ax=ax, mesh_grid=mesh_grid, lines=lines, line_colors=line_colors, title=title
        )
    else:
        fig = plot_inversion_reconstruction(
            solution_vector,
            mapper,
            ax=ax,
            title=title,
            colormap=colormap,
            vmin=vmin,
            vmax=vmax,
            use_log10=use_log10,
            zoom_to_brightest=zoom_to_brightest,
            zoom_extent_scale=zoom_extent_scale,
            lines=lines,
            line_colors=line_colors,
            grid=mesh_grid,
            cb_unit=cb_unit,
            style=style,
            mesh_edges=mesh_edges,
        )
    panel = fig.axes[0] if ax is None else ax
    shown = panel.axis()
    utils.plot_regions(panel, regions, region_colors, region_alpha, region_labels)
    utils.show(panel, shown)
    return utils.finish(fig, ax, output_path, output_filename, output_format)


def subplot_image_and_mapper(
    mapper: Mapper,
    image: Array2D,
    output_path: str | Path | None = None,
    output_filename: str = "image_and_mapper",
    output_format: str | list[str] | None = None,
    colormap: str | Colormap | None = None,
    use_log10: bool = False,
    mesh_grid: Values | None = None,
    lines: Groups | None = None,
    regions: Sequence[Mapping] | None = None,
    region_colors: Sequence[Color] | None = None,
    region_labels: Sequence[str] | None = None,
) -> Figure:
    """Draw an image and, next to it, the mesh of a mapper.

    The arguments that are not listed and what is returned are those of `subplot_fit_imaging`.

    Parameters
    ----------
    mapper
        The mapper.
    image
        The `Array2D` in the image plane.
    mesh_grid
        (y, x) points to draw in the source plane.
    lines
        (y, x) lines to draw in both.
    regions
        `Mapping` objects, as from `mapper.mappings_from(pix_indexes)`: each is drawn in one colour in both planes.
    region_colors, region_labels
        See `autoarray.plot.utils.plot_regions`.
    """
    fig, (left, right) = utils.panels_from(2, 2)
    same: dict[str, Any] = {"region_colors": region_colors, "region_labels": region_labels, "lines": lines}
    plot_array(
        in_numpy(image),
        ax=left,
        title="Image",
        colormap=colormap,
        use_log10=use_log10,
        cb_unit=UNIT,
        regions=None if regions is None else [mapping.image_contours for mapping in regions],
        **same,
    )
    plot_mapper(
        mapper,
        mesh_grid=mesh_grid,
        regions=None if regions is None else [mapping.source_contours for mapping in regions],
        region_alpha=0.5,
        ax=right,
        **same,
    )
    overlays.draw_points(right, mapper.source_plane_data_grid, "#0072b2", size=0.6, marker=".")
    return utils.finish(fig, None, output_path, output_filename, output_format)
