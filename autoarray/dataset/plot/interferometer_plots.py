# Matplotlib leaves the keyword arguments of its methods untyped.
# pyright: strict, reportUnknownMemberType=false
"""Figures of interferometer datasets, and their FITS files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray.dataset.plot._fits_files import write_together_or_apart
from autoarray.fitsable import write_arrays
from autoarray.plot import utils
from autoarray.plot._canvas.figures import prefixed
from autoarray.plot._canvas.host_arrays import in_numpy
from autoarray.plot._canvas.inputs import values_of
from autoarray.plot._canvas.visibilities import BEAM_UNIT, UV_DISTANCE, marks, step_of
from autoarray.plot.array import plot_array

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from autoarray.dataset.interferometer.dataset import Interferometer
    from autoarray.plot._canvas.arguments import ColorMap, Folder, Formats
    from autoarray.structures.arrays.uniform_2d import Array2D


def subplot_interferometer_dataset(
    dataset: Interferometer,
    output_path: Folder | None = None,
    output_filename: str = "dataset",
    output_format: Formats | None = None,
    colormap: ColorMap | None = None,
    use_log10: bool = False,
    title_prefix: str | None = None,
) -> Figure:
    """Draw an `Interferometer` dataset: uv coverage, amplitudes, phases, dirty image, dirty beam and signal to noise.

    Of a dataset that keeps no visibilities there are the three panels of images alone. Dirty images are of natural
    weights, over the sum of the weights.

    Parameters
    ----------
    dataset
        The dataset.
    output_path, output_filename, output_format
        The folder, name and suffix of the file; no file is written without a folder.
    colormap
        The colour map.
    use_log10
        Whether the colours of dirty images are logarithmic.
    title_prefix
        A text before the title of each panel.

    Returns
    -------
    The matplotlib figure.
    """
    images = _images_of(dataset)
    is_array_free = dataset.is_array_free
    fig, panels = utils.panels_from(len(images) if is_array_free else 3 + len(images), 3)
    if not is_array_free:
        _draw_visibilities(dataset, panels[:3], title_prefix)
    for ax, (title, image, unit) in zip(panels[-len(images) :], images, strict=True):
        arguments: dict[str, Any] = {"colormap": colormap, "use_log10": use_log10, "cb_unit": unit}
        plot_array(image, ax=ax, title=prefixed(title_prefix, title), **arguments)
    return utils.finish(fig, None, output_path, output_filename, output_format)


def subplot_interferometer_dirty_images(
    dataset: Interferometer,
    output_path: Folder | None = None,
    output_filename: str = "dirty_images",
    output_format: Formats | None = None,
    colormap: ColorMap | None = None,
    use_log10: bool = False,
) -> Figure:
    """Draw the dirty image, the dirty noise map and the dirty signal-to-noise map, none of which is normalized.

    Of a dataset that keeps no visibilities the panels are those of `subplot_interferometer_dataset`.

    Parameters
    ----------
    dataset
        The dataset.
    output_path, output_filename, output_format
        The folder, name and suffix of the file; no file is written without a folder.
    colormap, use_log10
        The colour map, and whether its scale is logarithmic.
    """
    if dataset.is_array_free:
        return subplot_interferometer_dataset(
            dataset, output_path, output_filename, output_format, colormap=colormap, use_log10=use_log10
        )
    panels = (
        ("Dirty image", dataset.dirty_image),
        ("Dirty noise map", dataset.dirty_noise_map),
        ("Dirty signal to noise", dataset.dirty_signal_to_noise_map),
    )
    fig, axes = utils.panels_from(3, 3)
    for ax, (title, image) in zip(axes, panels, strict=True):
        plot_array(in_numpy(image), ax=ax, title=title, colormap=colormap, use_log10=use_log10)
    return utils.finish(fig, None, output_path, output_filename, output_format)


def fits_interferometer(
    dataset: Interferometer,
    file_path: Path | str | None = None,
    data_path: Path | str | None = None,
    noise_map_path: Path | str | None = None,
    uv_wavelengths_path: Path | str | None = None,
    overwrite: bool = False,
) -> None:
    """Write an `Interferometer` dataset to FITS files, as images of shape (visibilities, 2).

    Parameters
    ----------
    dataset
        The dataset, with visibilities.
    file_path
        One file with the header data units DATA, NOISE_MAP and UV_WAVELENGTHS.
    data_path, noise_map_path, uv_wavelengths_path
        One file for each instead; what has no path is not written.
    overwrite
        Whether to replace existing files.

    Raises
    ------
    FileExistsError
        If a file exists and `overwrite` is False.
    ImportError
        If astropy is not installed.
    exc.DatasetException
        If the dataset keeps no visibilities.
    """
    dataset.check_has("fits_interferometer", "data")
    arrays = {
        "data": values_of(dataset.data.in_array),
        "noise_map": values_of(dataset.noise_map.in_array),
        "uv_wavelengths": dataset.uv_wavelengths,
    }
    paths = {"data": data_path, "noise_map": noise_map_path, "uv_wavelengths": uv_wavelengths_path}
    write_together_or_apart(write_arrays, arrays, file_path, paths, overwrite)


def _images_of(dataset: Interferometer) -> list[tuple[str, Array2D, str]]:
    image, beam = in_numpy(dataset.dirty_image_natural), in_numpy(dataset.dirty_beam)
    # Of sum_k w (Re d cos + Im d sin) over sum_k w the variance is 1 / sum_k w, the same in every pixel.
    noise = dataset.sum_weights**-0.5
    return [
        ("Dirty image", image, BEAM_UNIT),
        ("Dirty beam", beam, ""),
        ("Dirty image / noise", image / noise, r"$\sigma$"),
    ]


def _draw_visibilities(dataset: Interferometer, panels: list[Axes], prefix: str | None) -> None:
    step = step_of(len(dataset.uv_wavelengths))
    uv = dataset.uv_wavelengths[::step] / 1e3
    distances = np.hypot(*uv.T)
    values = values_of(dataset.data)[::step]
    style: dict[str, Any] = {"color": "k", **marks(len(uv))}
    coverage, amplitudes, phases = panels
    coverage.scatter(*uv.T, **style)
    # The visibility of the opposite baseline is the conjugate one.
    coverage.scatter(*-uv.T, **(style | {"color": "0.6"}))
    utils.dress(coverage, prefixed(prefix, "uv coverage"), r"u (k$\lambda$)", r"v (k$\lambda$)")
    amplitudes.scatter(distances, np.abs(values), **style)
    utils.dress(amplitudes, prefixed(prefix, "Amplitudes"), UV_DISTANCE, "Jy", aspect=None)
    phases.scatter(distances, np.degrees(np.angle(values)), **style)
    utils.dress(phases, prefixed(prefix, "Phases"), UV_DISTANCE, "degrees", aspect=None)
