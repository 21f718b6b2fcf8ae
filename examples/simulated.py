"""A small simulated image, its lens, and the fit of its source, for all examples."""

import numpy as np

import autoarray as aa

EINSTEIN_RADIUS = 0.8
MESH = aa.mesh.RectangularBilinearAdaptDensity(shape=(12, 12))


def trace(grid, einstein_radius=EINSTEIN_RADIUS, xp=np):
    """Trace (N, 2) positions to the source plane of an isothermal sphere, slightly off the centre."""
    offset = grid - xp.asarray([0.011, 0.007])
    radius = xp.sqrt(xp.sum(offset**2, axis=1, keepdims=True))
    return grid - einstein_radius * offset / radius


def dataset():
    """A lensed Gaussian source with a PSF and noise, 56 x 56 pixels of 0.06 arcsec, masked."""
    grid = aa.Grid2D.uniform(shape_native=(56, 56), pixel_scales=0.06, over_sample_size=4)
    source = trace(grid.over_sampled.array) - np.array([0.05, -0.08])
    light = 2.0 * np.exp(-0.5 * (source**2).sum(axis=1) / 0.1**2)
    psf = aa.Convolver.from_gaussian(shape_native=(7, 7), sigma=0.08, pixel_scales=0.06, normalize=True)
    simulator = aa.SimulatorImaging(exposure_time=1000.0, background_sky_level=0.1, psf=psf, noise_seed=1)
    imaging = simulator.via_image_from(image=grid.over_sampler.binned_array_2d_from(array=light))
    mask = aa.Mask2D.circular(shape_native=(56, 56), pixel_scales=0.06, radius=1.35)
    return imaging.apply_over_sampling(over_sample_size_pixelization=2).apply_mask(mask=mask)


def fit_from(imaging, einstein_radius=EINSTEIN_RADIUS, xp=np, mesh=MESH):
    """The fit of the source behind a lens of an Einstein radius, on the backend `xp` and on a mesh."""
    grid = imaging.grids.pixelization
    source_plane_grid = aa.Grid2D(
        values=trace(xp.asarray(grid.array), einstein_radius, xp),
        mask=imaging.mask,
        over_sample_size=grid.over_sample_size,
        over_sampled=aa.Grid2DIrregular(trace(xp.asarray(grid.over_sampled.array), einstein_radius, xp), xp=xp),
        xp=xp,
    )
    interpolator = mesh.interpolator_from(
        source_plane_data_grid=source_plane_grid, border_relocator=imaging.grids.border_relocator, xp=xp
    )
    mapper = aa.Mapper(interpolator=interpolator, regularization=aa.reg.Constant(coefficient=1.0), xp=xp)
    inversion = aa.Inversion(dataset=imaging, linear_obj_list=[mapper], xp=xp)
    return aa.FitImaging(dataset=imaging, inversion=inversion, xp=xp)
