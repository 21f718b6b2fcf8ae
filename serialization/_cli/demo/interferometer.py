"""The visibilities of the demonstration, from their simulation and their files to the fit of their source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import autoarray as aa
from autoarray.dataset.plot.interferometer_plots import fits_interferometer
from serialization._cli.demo import problem
from serialization._cli.demo.options import Options

if TYPE_CHECKING:
    from autoarray._typing import Namespace

FILES = ("visibilities.fits", "noise_map.fits", "uv_wavelengths.fits")
# An array in the southern hemisphere that follows a source across the meridian, as ALMA does.
ANTENNAS, LONGEST, WAVELENGTH = 43, 1200.0, 299792458.0 / 345e9  # metres
LATITUDE, DECLINATION, HOURS = np.radians(-23.0), np.radians(-30.0), 3.0
SEED = 11


def uv_from(count: int) -> np.ndarray:
    """(u, v) in wavelengths of every pair of antennas at as many times as visibilities are wanted, of shape (count, 2).

    The antennas stand on a spiral. See Thompson, Moran & Swenson (2017), chapter 4, for the projection.
    """
    turns = np.arange(ANTENNAS)
    radius = 0.5 * LONGEST * (turns / ANTENNAS) ** 1.3
    east, north = radius * np.cos(2.4 * turns), radius * np.sin(2.4 * turns)
    first, second = np.triu_indices(ANTENNAS, 1)
    east, north = east[first] - east[second], north[first] - north[second]
    times = -(-count // east.size)
    angle = np.radians(15.0 * np.linspace(-HOURS / 2.0, HOURS / 2.0, times))[:, None]
    x, z = -north * np.sin(LATITUDE), north * np.cos(LATITUDE)
    u = np.sin(angle) * x + np.cos(angle) * east
    v = np.sin(DECLINATION) * (np.sin(angle) * east - np.cos(angle) * x) + np.cos(DECLINATION) * z
    return np.stack((u.ravel(), v.ravel()), axis=1)[:count] / WAVELENGTH


def _mask_from(options: Options) -> aa.Mask2D:
    side = 2 * int(np.ceil(options.mask_radius / options.pixel_scales)) + 10
    return aa.Mask2D.circular(shape_native=(side, side), pixel_scales=options.pixel_scales, radius=options.mask_radius)


def simulate(folder: Path, options: Options) -> None:
    """Write visibilities of a lensed source, their noise and their frequencies, as an interferometer measures them."""
    mask = _mask_from(options)
    grid = aa.Grid2D.from_mask(mask=mask, over_sample_size=4)
    light = problem.source_from(np.asarray(options.lens.source_plane_grid_from(np.asarray(grid.over_sampled.array))))
    image = grid.over_sampler.binned_array_2d_from(array=light)
    uv = uv_from(options.visibilities)
    # A signal-to-noise of some thirty in the dirty image, whatever the number of visibilities.
    noise = float(np.asarray(image.array).sum()) * len(uv) ** 0.5 / 3e3
    simulator = aa.SimulatorInterferometer(
        uv_wavelengths=uv,
        exposure_time=3600.0 * HOURS,
        transformer_class=aa.TransformerNUFFT,
        noise_sigma=noise,
        noise_seed=SEED,
    )
    dataset = simulator.via_image_from(image=image)
    folder.mkdir(parents=True, exist_ok=True)
    data, noise_map, frequencies = (folder / name for name in FILES)
    fits_interferometer(
        dataset, data_path=data, noise_map_path=noise_map, uv_wavelengths_path=frequencies, overwrite=True
    )


def read(folder: Path, options: Options) -> aa.Interferometer:
    """The visibilities in a folder, on a mask.

    Raises
    ------
    FileNotFoundError
        If one of the three files is not there.
    """
    data, noise_map, frequencies = problem.paths_of(folder, FILES)
    return aa.Interferometer.from_fits(
        data_path=data,
        noise_map_path=noise_map,
        uv_wavelengths_path=frequencies,
        real_space_mask=_mask_from(options),
    )


def apply_mask(dataset: aa.Interferometer, options: Options) -> aa.Interferometer:
    """The dataset, which has its mask, with what its fits need of the visibilities summed once."""
    del options
    return dataset.apply_sparse_operator()


def fit_from(dataset: aa.Interferometer, options: Options, xp: Namespace) -> aa.FitInterferometer:
    """The fit of the source on a mesh, with nothing computed yet."""
    inversion: Any = problem.inversion_from(dataset, options, xp)
    return aa.FitInterferometer(dataset=dataset, inversion=inversion, xp=xp)
