# pyright: strict
"""Figures of imaging datasets, and their FITS files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from autoarray import exc
from autoarray.dataset.plot._fits_files import write_together_or_apart
from autoarray.fitsable import write_images
from autoarray.plot import utils
from autoarray.plot._canvas import scales
from autoarray.plot._canvas.figures import prefixed
from autoarray.plot._canvas.host_arrays import UNIT, in_numpy, unmasked_of
from autoarray.plot.array import plot_array

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

    from autoarray.dataset.imaging.dataset import Imaging
    from autoarray.plot._canvas.arguments import ColorMap, Folder, Formats, Groups, Values
    from autoarray.structures.arrays.uniform_2d import Array2D

    # The title of a panel, its array, and the arguments of `plot_array`.
    PanelOfArray: TypeAlias = tuple[str, Array2D, dict[str, Any]]


def subplot_imaging_dataset(
    dataset: Imaging,
    output_path: Folder | None = None,
    output_filename: str = "dataset",
    output_format: Formats | None = None,
    colormap: ColorMap | None = None,
    use_log10: bool = False,
    grid: Values | None = None,
    positions: Groups | None = None,
    lines: Groups | None = None,
    title_prefix: str | None = None,
) -> Figure:
    """Draw an `Imaging` dataset: data, noise, signal to noise, the PSF, and the over-sampling where it varies.

    Parameters
    ----------
    dataset
        The dataset.
    output_path, output_filename, output_format
        The folder, name and suffix of the file; no file is written without a folder.
    colormap
        The colour map.
    use_log10
        Whether the colours of data, noise and signal to noise are logarithmic.
    grid, positions, lines
        Overlays on the images, as of `autoarray.plot.array.plot_array`.
    title_prefix
        A text before the title of each panel.

    Returns
    -------
    The matplotlib figure.
    """
    panels = [*_images_of(dataset, use_log10), *_psfs_of(dataset), *_over_sampling_of(dataset)]
    fig, axes = utils.panels_from(len(panels), 3 if len(panels) != 4 else 2)
    over: dict[str, Any] = {"grid": grid, "positions": positions, "lines": lines}
    for ax, (title, array, arguments) in zip(axes, panels, strict=True):
        overlays = {} if title.startswith("PSF") else over
        plot_array(array, ax=ax, title=prefixed(title_prefix, title), colormap=colormap, **arguments, **overlays)
    return utils.finish(fig, None, output_path, output_filename, output_format)


def subplot_imaging_dataset_list(
    dataset_list: Sequence[Imaging],
    output_path: Folder | None = None,
    output_filename: str = "dataset_combined",
    output_format: Formats | None = None,
    title_prefix: str | None = None,
) -> Figure:
    """Draw data, noise and signal to noise of several `Imaging` datasets, a row for each dataset.

    Parameters
    ----------
    dataset_list
        The datasets.
    output_path, output_filename, output_format, title_prefix
        As in `subplot_imaging_dataset`.

    Raises
    ------
    PlottingException
        If there is no dataset.
    """
    if not len(dataset_list):
        raise exc.PlottingException("dataset_list: expected at least one dataset, found none")
    fig, axes = utils.panels_from(3 * len(dataset_list), 3)
    for row, dataset in enumerate(dataset_list):
        rows = [panel for panel in _images_of(dataset, False) if "log" not in panel[0]]
        for ax, (title, array, arguments) in zip(axes[3 * row :], rows, strict=False):
            plot_array(array, ax=ax, title=prefixed(title_prefix, f"{title} {row + 1}"), **arguments)
    return utils.finish(fig, None, output_path, output_filename, output_format)


def _images_of(dataset: Imaging, use_log10: bool) -> list[PanelOfArray]:
    data, noise = in_numpy(dataset.data), in_numpy(dataset.noise_map)
    values, sigma = unmasked_of(data), unmasked_of(noise)
    high = scales.image_limits_from(values)[1]
    low = float(np.quantile(values[np.isfinite(values)], 0.001)) if np.isfinite(values).any() else 0.0
    faintest = float(np.nanmedian(sigma))
    linear = {"vmin": low, "vmax": high, "cb_unit": UNIT}
    # A logarithm of values below the noise shows nothing but noise.
    logarithmic = {"vmin": min(faintest, 0.1 * high), "vmax": high, "cb_unit": UNIT, "use_log10": True}
    # A user may give pixels that the fit must ignore a noise of any size.
    noise_high = min(float(np.quantile(sigma, 0.999)), 50.0 * faintest)
    ratio = in_numpy(dataset.signal_to_noise_map)
    return [
        ("Data", data, logarithmic if use_log10 else linear),
        ("Data (log)", data, logarithmic),
        ("Noise map", noise, {"vmax": noise_high, "cb_unit": UNIT, "use_log10": use_log10}),
        (
            "Signal to noise",
            ratio,
            {
                "vmin": 1.0 if use_log10 else 0.0,
                "vmax": max(float(np.quantile(unmasked_of(ratio), 0.999)), 1.5),
                "cb_unit": r"$\sigma$",
                "use_log10": use_log10,
            },
        ),
    ]


def _psfs_of(dataset: Imaging) -> list[PanelOfArray]:
    if dataset.psf is None:
        return []
    kernel = in_numpy(dataset.psf.kernel)
    return [("PSF", kernel, {"vmin": 0.0}), ("PSF (log)", kernel, {"use_log10": True})]


def _over_sampling_of(dataset: Imaging) -> list[PanelOfArray]:
    panels: list[PanelOfArray] = []
    for title, grid in (
        ("Over-sampling of light profiles", dataset.grids.lp),
        ("Over-sampling of pixelizations", dataset.grids.pixelization),
    ):
        sizes = in_numpy(grid.over_sample_size)
        if np.ptp(unmasked_of(sizes)) > 0:
            panels.append((title, sizes, {"cb_unit": "sub-pixels along a side"}))
    return panels


def fits_imaging(
    dataset: Imaging,
    file_path: Path | str | None = None,
    data_path: Path | str | None = None,
    psf_path: Path | str | None = None,
    noise_map_path: Path | str | None = None,
    overwrite: bool = False,
) -> None:
    """Write an `Imaging` dataset to FITS files, with zeros where it is masked.

    Parameters
    ----------
    dataset
        The dataset.
    file_path
        One file with the header data units MASK, DATA, PSF and NOISE_MAP; PSF is absent if the dataset has none.
    data_path, psf_path, noise_map_path
        One file for each instead; an image without a path is not written.
    overwrite
        Whether to replace existing files.

    Raises
    ------
    FileExistsError
        If a file exists and `overwrite` is False.
    ImportError
        If astropy is not installed.
    """
    images = {
        "mask": dataset.mask,
        "data": dataset.data,
        "psf": dataset.psf and dataset.psf.kernel,
        "noise_map": dataset.noise_map,
    }
    images = {name: image for name, image in images.items() if image is not None}
    paths = {"data": data_path, "psf": psf_path, "noise_map": noise_map_path}
    write_together_or_apart(write_images, images, file_path, paths, overwrite)
