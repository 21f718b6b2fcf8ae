"""The image of the demonstration, from its simulation and its files to the fit of its source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import autoarray as aa
from autoarray.fitsable import write_images
from serialization._cli.demo.lens import Lens
from serialization._cli.demo.options import Options

if TYPE_CHECKING:
    from autoarray._typing import Array, Namespace

FILES = ("data.fits", "noise_map.fits", "psf.fits")
PSF_SHAPE = (21, 21)
PSF_SIGMA = 0.06
EXPOSURE_TIME = 2000.0
BACKGROUND_SKY_LEVEL = 0.1
SEED = 4

# The source: an inclined disc and two knots in it. Each is (centre y, x in arc-seconds from the
# source's own centre, width, axis ratio, position angle in degrees, peak in electrons per second).
SOURCE_CENTRE = (0.05, 0.09)
SOURCE_PARTS = (
    ((0.0, 0.0), 0.16, 0.55, 115.0, 1.4),
    ((0.17, -0.09), 0.045, 1.0, 0.0, 1.2),
    ((-0.13, 0.13), 0.06, 0.8, 60.0, 0.9),
)


def source_from(grid: np.ndarray) -> np.ndarray:
    """The surface brightness of the simulated source at (N, 2) source-plane positions, in electrons per second."""
    total = np.zeros(len(grid))
    for (centre_y, centre_x), width, axis_ratio, angle, peak in SOURCE_PARTS:
        y = grid[:, 0] - SOURCE_CENTRE[0] - centre_y
        x = grid[:, 1] - SOURCE_CENTRE[1] - centre_x
        cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        along, across = cos * x + sin * y, cos * y - sin * x
        total += peak * np.exp(-0.5 * (along**2 + (across / axis_ratio) ** 2) / width**2)
    return total


def simulate(folder: Path, options: Options) -> None:
    """Write `data.fits`, `noise_map.fits` and `psf.fits` of a lensed source, as a telescope would see it."""
    # An even number of pixels for the diameter of the mask, and a margin for the PSF.
    side = 2 * int(np.ceil(options.mask_radius / options.pixel_scales)) + 10
    grid = aa.Grid2D.uniform(shape_native=(side, side), pixel_scales=options.pixel_scales, over_sample_size=4)
    source_plane_grid = options.lens.source_plane_grid_from(np.asarray(grid.over_sampled.array))
    light = source_from(np.asarray(source_plane_grid))
    image = grid.over_sampler.binned_array_2d_from(array=light)
    psf = aa.Convolver.from_gaussian(
        shape_native=PSF_SHAPE, sigma=PSF_SIGMA, pixel_scales=options.pixel_scales, normalize=True
    )
    simulator = aa.SimulatorImaging(
        exposure_time=EXPOSURE_TIME, background_sky_level=BACKGROUND_SKY_LEVEL, psf=psf, noise_seed=SEED
    )
    dataset = simulator.via_image_from(image=image)
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in zip(FILES, (dataset.data, dataset.noise_map, psf.kernel), strict=True):
        write_images(folder / name, {None: array}, overwrite=True)


def paths_of(folder: Path, files: tuple[str, ...]) -> list[Path]:
    """Where the files of a dataset are.

    Raises
    ------
    FileNotFoundError
        If one of them is not in the folder.
    """
    missing = [name for name in files if not (folder / name).is_file()]
    if missing:
        raise FileNotFoundError(f"{folder}: expected {', '.join(files)}, found no {', '.join(missing)}")
    return [folder / name for name in files]


def read(folder: Path, options: Options) -> aa.Imaging:
    """The unmasked image in a folder.

    Raises
    ------
    FileNotFoundError
        If one of the three files is not there.
    """
    data, noise_map, psf = paths_of(folder, FILES)
    return aa.Imaging.from_fits(
        pixel_scales=options.pixel_scales,
        data_path=data,
        noise_map_path=noise_map,
        psf_path=psf,
        over_sample_size_lp=options.over_sampling,
        over_sample_size_pixelization=options.over_sampling,
    )


def apply_mask(dataset: aa.Imaging, options: Options) -> aa.Imaging:
    """The image inside the circular mask."""
    mask = aa.Mask2D.circular(
        shape_native=dataset.shape_native, pixel_scales=dataset.pixel_scales, radius=options.mask_radius
    )
    return dataset.apply_mask(mask=mask)


def fit_from(dataset: aa.Imaging, options: Options, xp: Namespace) -> aa.FitImaging:
    """The fit of the source on a mesh, with nothing computed yet."""
    return aa.FitImaging(dataset=dataset, inversion=inversion_from(dataset, options, xp), xp=xp)


def inversion_from(dataset: Any, options: Options, xp: Namespace) -> Any:
    """The inversion of a dataset on a mesh, with nothing computed yet."""
    grid = dataset.grids.pixelization
    over_sampled = aa.Grid2DIrregular(values=_trace(options.lens, grid.over_sampled, xp), xp=xp)
    source_plane_grid = aa.Grid2D(
        values=_trace(options.lens, grid, xp),
        mask=dataset.mask,
        over_sample_size=grid.over_sample_size,
        over_sampled=over_sampled,
        xp=xp,
    )
    mesh = (aa.mesh.RectangularBilinearAdaptDensity if options.mesh == "adaptive" else aa.mesh.RectangularUniform)(
        shape=options.mesh_shape
    )
    interpolator = mesh.interpolator_from(
        source_plane_data_grid=source_plane_grid, border_relocator=dataset.grids.border_relocator, xp=xp
    )
    mapper = aa.Mapper(
        interpolator=interpolator, regularization=aa.reg.Constant(coefficient=options.coefficient), xp=xp
    )
    return aa.Inversion(dataset=dataset, linear_obj_list=[mapper], xp=xp)


def _trace(lens: Lens, grid: aa.Grid2D | aa.Grid2DIrregular, xp: Namespace) -> Array:
    # Traced once, by NumPy, so that both backends fit the same positions. An adaptive mesh follows the order of
    # the positions, and where a lens is symmetric the last bit of a deflection decides which of two comes first.
    return xp.asarray(lens.source_plane_grid_from(np.asarray(grid.array)))
