"""Figures of inversions: what one mapper reconstructs, and which parts of the image come from where."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from autoarray import exc
from autoarray._files import replacing
from autoarray.inversion.inversion.abstract import AbstractInversion
from autoarray.inversion.mappers.abstract import Mapper
from autoarray.inversion.mesh.mesh_geometry.cells import Extent
from autoarray.plot import utils
from autoarray.plot._canvas import scales
from autoarray.plot._canvas.arguments import Groups, Values
from autoarray.plot._canvas.host_arrays import UNIT, in_numpy, unmasked_of
from autoarray.plot.array import plot_array
from autoarray.plot.inversion import plot_inversion_reconstruction
from autoarray.structures.arrays.uniform_2d import Array2D

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure


def subplot_of_mapper(
    inversion: AbstractInversion,
    mapper_index: int = 0,
    output_path: str | Path | None = None,
    output_filename: str = "inversion",
    output_format: str | list[str] | None = None,
    colormap: str | Colormap | None = None,
    use_log10: bool = False,
    mesh_grid: Values | None = None,
    lines: Groups | None = None,
    grid: Values | None = None,
    positions: Groups | None = None,
    title_prefix: str | None = None,
) -> Figure:
    """Draw what one mapper of an inversion reconstructs, in nine panels.

    In the image plane the data without the other linear objects, the image of the mapper and the residuals; in the
    source plane the reconstruction, zoomed and whole with its mesh, its errors and signal to noise, the regularization
    weights, and how much of the data each mesh pixel maps to.

    Parameters
    ----------
    inversion
        The inversion.
    mapper_index
        Which of its mappers.
    output_path, output_filename, output_format
        The folder, name and suffix of the file, to whose name "_{mapper_index}" is added; nothing is written without a
        folder.
    colormap, use_log10
        The colour map and whether the colours of images and reconstruction are logarithmic.
    mesh_grid
        (y, x) points in the image plane to draw over the data, such as the vertices of the mesh there.
    lines
        (y, x) lines to draw over the reconstruction, such as caustics.
    grid, positions
        What to draw over the images, as in `autoarray.plot.array.plot_array`.
    title_prefix
        A text before the title of each panel.

    Returns
    -------
    The matplotlib figure.

    Raises
    ------
    InversionException
        If there is no such mapper.
    """
    mapper, values = _mapper_and_values(inversion, mapper_index)
    data, image = _images_from(inversion, mapper)
    residuals = (data - image) / in_numpy(inversion.noise_map)
    low, high = scales.image_limits_from(unmasked_of(data), unmasked_of(image))
    fig, axes = utils.panels_from(9, 3)
    prefix = f"{title_prefix} " if title_prefix else ""
    shared: dict[str, Any] = {
        "colormap": colormap,
        "vmin": None if use_log10 else low,
        "vmax": high,
        "use_log10": use_log10,
        "cb_unit": UNIT,
        "grid": grid,
        "positions": positions,
    }
    name = "Data" if len(inversion.linear_obj_list) == 1 else "Data without other light"
    plot_array(data, ax=axes[0], title=prefix + name, mesh_grid=mesh_grid, **shared)
    plot_array(image, ax=axes[1], title=f"{prefix}Reconstructed image", **shared)
    limit = scales.residual_limit_from(unmasked_of(residuals))
    plot_array(
        residuals,
        ax=axes[2],
        title=f"{prefix}Residuals / noise",
        colormap=utils.DIVERGING,
        vmin=-limit,
        vmax=limit,
        cb_unit=r"$\sigma$",
    )
    source: dict[str, Any] = {"colormap": colormap, "use_log10": use_log10, "cb_unit": UNIT, "lines": lines}
    plot_inversion_reconstruction(values, mapper, ax=axes[3], title=f"{prefix}Source reconstruction", **source)
    plot_inversion_reconstruction(
        values,
        mapper,
        ax=axes[4],
        title=f"{prefix}Source and mesh (whole)",
        zoom_to_brightest=False,
        style="cells",
        mesh_edges=True,
        **source,
    )
    errors = _errors_from(inversion, mapper)
    shown = axes[3].axis()
    visible = _inside(mapper, shown)
    quantities = (
        ("Source errors", errors, UNIT),
        ("Source signal to noise", None if errors is None else values / errors, r"$\sigma$"),
        ("Regularization weights", _weights_from(inversion, mapper), None),
        ("Image pixels of each mesh pixel", _pixel_counts_from(mapper), "pixels"),
    )
    for ax, (title, quantity, unit) in zip(axes[5:], quantities, strict=True):
        if quantity is None:
            _say(ax, prefix + title, "not defined:\nF + H is singular")
            continue
        finite = quantity[visible & np.isfinite(quantity)]
        plot_inversion_reconstruction(
            quantity,
            mapper,
            ax=ax,
            title=prefix + title,
            colormap="viridis",
            style="cells",
            vmin=0.0,
            vmax=float(np.quantile(finite, 0.99)) if finite.size else 1.0,
            cb_unit=unit,
            extent=shown,
        )
    return utils.finish(fig, None, output_path, f"{output_filename}_{mapper_index}", output_format)


def subplot_mappings(
    inversion: AbstractInversion,
    pixelization_index: int = 0,
    output_path: str | Path | None = None,
    output_filename: str = "mappings",
    output_format: str | list[str] | None = None,
    colormap: str | Colormap | None = None,
    use_log10: bool = False,
    mesh_grid: Values | None = None,
    lines: Groups | None = None,
    grid: Values | None = None,
    positions: Groups | None = None,
    threshold: float | None = None,
    min_pixels: int | None = None,
    total_clumps: int | None = None,
    pix_indexes: Sequence[Any] | None = None,
    weight_threshold: float = 0.0,
    region_alpha: float = 0.25,
) -> Figure:
    """Draw which parts of the image the brightest clumps of a reconstruction map to, in four panels.

    Each clump has one colour and one number in both planes.

    The arguments that are not listed, what is returned and what is raised are those of `subplot_of_mapper`.

    Parameters
    ----------
    inversion
        The inversion.
    pixelization_index
        Which of its mappers.
    threshold, min_pixels, total_clumps, pix_indexes
        See `InversionResults.source_clumps_from`; by default 0.5, 3 and 5.
    weight_threshold
        A data pixel belongs to a region if its mapping weights to the clump add up to more than this.
    region_alpha
        How opaque the fill of the regions is.
    """
    mapper, values = _mapper_and_values(inversion, pixelization_index)
    mappings = inversion.mappings_from(
        mapper_index=pixelization_index,
        weight_threshold=weight_threshold,
        threshold=0.5 if threshold is None else threshold,
        min_pixels=3 if min_pixels is None else min_pixels,
        total_clumps=5 if total_clumps is None else total_clumps,
        pix_indexes=pix_indexes,
    )
    data, image = _images_from(inversion, mapper)
    low, high = scales.image_limits_from(unmasked_of(data), unmasked_of(image))
    fig, axes = utils.panels_from(4, 2)
    marks: dict[str, Any] = {
        "region_alpha": region_alpha,
        "region_labels": [str(index + 1) for index in range(len(mappings))],
    }
    name = "Data" if len(inversion.linear_obj_list) == 1 else "Data without other light"
    for ax, title, array in ((axes[0], name, data), (axes[1], "Reconstructed image", image)):
        plot_array(
            array,
            ax=ax,
            title=title,
            colormap=colormap,
            vmin=None if use_log10 else low,
            vmax=high,
            use_log10=use_log10,
            cb_unit=UNIT,
            regions=[mapping.image_contours for mapping in mappings],
            grid=grid,
            positions=positions,
            mesh_grid=mesh_grid if ax is axes[0] else None,
            **marks,
        )
    for ax, zoom in ((axes[2], True), (axes[3], False)):
        plot_inversion_reconstruction(
            values,
            mapper,
            ax=ax,
            title="Source reconstruction" if zoom else "Source reconstruction (whole)",
            colormap=colormap,
            use_log10=use_log10,
            cb_unit=UNIT,
            zoom_to_brightest=zoom,
            lines=lines,
            style="cells",
            regions=[mapping.source_contours for mapping in mappings],
            **marks,
        )
    return utils.finish(fig, None, output_path, f"{output_filename}_{pixelization_index}", output_format)


def save_reconstruction_csv(inversion: AbstractInversion, output_path: str | Path) -> None:
    """Write the reconstruction of each mapper to `source_plane_reconstruction_{i}.csv`.

    The columns are y, x, reconstruction and noise_map. Where the errors are not defined, because F + H is singular,
    they are `nan`.
    """
    folder = Path(output_path)
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(len(_mappers_of(inversion))):
        mapper, values = _mapper_and_values(inversion, index)
        errors = _errors_from(inversion, mapper)
        errors = np.full(values.shape, np.nan) if errors is None else errors
        centres = utils.values_of(mapper.source_plane_mesh_grid)
        table = io.StringIO(newline="")
        writer = csv.writer(table)
        writer.writerow(("y", "x", "reconstruction", "noise_map"))
        writer.writerows(np.column_stack((centres, values, errors)).tolist())
        with replacing(folder / f"source_plane_reconstruction_{index}.csv") as file:
            file.write(table.getvalue().encode())


def _mappers_of(inversion: AbstractInversion) -> list[Mapper]:
    return [cast(Mapper, each) for each in inversion.linear_obj_list if hasattr(each, "mesh_geometry")]


def _mapper_and_values(inversion: AbstractInversion, index: int) -> tuple[Mapper, np.ndarray]:
    mappers = _mappers_of(inversion)
    if not 0 <= index < len(mappers):
        raise exc.InversionException(
            f"mapper_index: expected the index of one of the {len(mappers)} mappers of the inversion, found {index}"
        )
    mapper = mappers[index]
    return mapper, utils.values_of(inversion.reconstruction_dict[mapper])


def _images_from(inversion: AbstractInversion, mapper: Mapper) -> tuple[Array2D, Array2D]:
    """The data without the other linear objects, and the image of the mapper."""
    if len(inversion.linear_obj_list) == 1:
        return in_numpy(inversion.data), in_numpy(inversion.mapped_reconstructed_operated_data)
    images = {each: in_numpy(image) for each, image in inversion.mapped_reconstructed_operated_data_dict.items()}
    data = in_numpy(inversion.data)
    for other, image in images.items():
        data = data if other is mapper else data - image
    return data, images[mapper]


def _errors_from(inversion: AbstractInversion, mapper: Mapper) -> np.ndarray | None:
    """The standard deviation of each mesh pixel, or None where they are not defined."""
    try:
        errors = utils.values_of(inversion.reconstruction_noise_map_dict[mapper])
    except exc.InversionException:
        return None
    return errors if np.isfinite(errors).any() else None


def _weights_from(inversion: AbstractInversion, mapper: Mapper) -> np.ndarray:
    index = next(index for index, each in enumerate(inversion.linear_obj_list) if each is mapper)
    return np.broadcast_to(utils.values_of(inversion.regularization_weights_from(index=index)), (mapper.params,))


def _pixel_counts_from(mapper: Mapper) -> np.ndarray:
    """How many data pixels map to each mesh pixel, the shares of pixels added up."""
    matrix = mapper.mapping_matrix if mapper.use_jax else mapper.mapping_matrix_sparse
    return np.asarray(matrix.sum(axis=0)).ravel()


def _inside(mapper: Mapper, extent: Extent) -> np.ndarray:
    """Which mesh pixels have their centre in (x0, x1, y0, y1), of shape (pixels,)."""
    polygons = mapper.mesh_geometry.cells()
    y, x = np.array([polygon.mean(axis=0) if len(polygon) else (np.nan, np.nan) for polygon in polygons]).T
    return (x > extent[0]) & (x < extent[1]) & (y > extent[2]) & (y < extent[3])


def _say(ax: Axes, title: str, text: str) -> None:
    ax.set_axis_off()
    ax.set_title(title, fontsize=11, pad=7)
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", fontsize=9)
