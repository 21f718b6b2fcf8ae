"""Small fits for the tests: a ring-shaped image, its source, and everything between them."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

import autoarray as aa

SHAPE, SCALE, EINSTEIN = (17, 16), 0.1, 0.35

MESHES = {
    "uniform": aa.mesh.RectangularUniform,
    "adapt_density": aa.mesh.RectangularBilinearAdaptDensity,
}

# The other rectangular meshes, which only the tests of rectangular meshes go through one by one.
RECTANGULAR = MESHES | {
    "adapt_image": aa.mesh.RectangularBilinearAdaptImage,
    "rtu_density": aa.mesh.RectangularRTUAdaptDensity,
    "rtu_image": aa.mesh.RectangularRTUAdaptImage,
    "spline_density": aa.mesh.RectangularSplineAdaptDensity,
    "spline_image": aa.mesh.RectangularSplineAdaptImage,
    "rotated": aa.mesh.RectangularRotatedAdaptImage,
}


def xp_from(backend: str):
    """The module of a backend's name."""
    if backend == "numpy":
        return np
    import jax.numpy as jnp

    return jnp


def dataset_from(sub_size=2, psf: bool = True, radius: float = 0.7) -> aa.Imaging:
    """A masked dataset of a noisy ring."""
    rng = np.random.default_rng(11)
    y, x = (np.indices(SHAPE) - (np.array(SHAPE)[:, None, None] - 1) / 2) * SCALE
    ring = np.exp(-(((np.hypot(y + 0.03, x - 0.02) - EINSTEIN) / 0.1) ** 2))
    kernel = np.array([[0.02, 0.1, 0.04], [0.12, 0.4, 0.13], [0.03, 0.11, 0.05]])
    dataset = aa.Imaging(
        data=aa.Array2D.no_mask(values=ring + rng.normal(0.0, 0.05, SHAPE), pixel_scales=SCALE),
        noise_map=aa.Array2D.no_mask(values=0.05 * (1.0 + 0.3 * np.abs(np.sin(3 * y + 2 * x))), pixel_scales=SCALE),
        psf=aa.Convolver(kernel=aa.Array2D.no_mask(values=kernel, pixel_scales=SCALE), normalize=True) if psf else None,
        over_sample_size_lp=sub_size,
        over_sample_size_pixelization=sub_size,
    )
    return dataset.apply_mask(aa.Mask2D.circular(shape_native=SHAPE, pixel_scales=SCALE, radius=radius))


def deflected(grid, einstein=EINSTEIN, xp=np):
    """Coordinates traced through an off-centre isothermal sphere with shear, so that nothing is symmetric."""
    offset = grid - xp.asarray(np.array([0.0173, -0.0231]))
    radius = xp.sqrt((offset**2).sum(axis=1) + 1e-8)
    shear = xp.asarray(np.array([[0.031, 0.052], [0.019, -0.043]]))
    return grid - einstein * offset / radius[:, None] + grid @ shear


def traced_from(dataset, einstein=EINSTEIN, xp=np) -> aa.Grid2D:
    """The over-sampled grid of a dataset traced to the source plane."""
    grid = dataset.grids.pixelization
    return aa.Grid2D(
        values=deflected(xp.asarray(grid.array), einstein, xp),
        mask=dataset.mask,
        over_sample_size=grid.over_sample_size,
        over_sampled=aa.Grid2DIrregular(deflected(xp.asarray(grid.over_sampled.array), einstein, xp), xp=xp),
        xp=xp,
    )


def adapt_data_from(dataset) -> aa.Array2D:
    """An image of the source, for the meshes that adapt to one."""
    y, x = (dataset.grids.pixelization.array - [-0.03, 0.02]).T
    return aa.Array2D(values=0.05 + np.exp(-(((np.hypot(y, 0.8 * x) - EINSTEIN) / 0.12) ** 2)), mask=dataset.mask)


def fit_from(
    backend: str = "numpy",
    mesh: str = "adapt_density",
    shape=(8, 8),
    coefficient=1.0,
    relocate: bool = True,
    settings=None,
    dataset=None,
    einstein=EINSTEIN,
) -> aa.FitImaging:
    """A fit that nothing has been computed of yet."""
    xp = xp_from(backend)
    dataset = dataset or dataset_from()
    model = RECTANGULAR[mesh](shape=shape)
    interpolator = model.interpolator_from(
        source_plane_data_grid=traced_from(dataset, einstein, xp),
        source_plane_mesh_grid=None,
        border_relocator=dataset.grids.border_relocator if relocate else None,
        adapt_data=adapt_data_from(dataset) if hasattr(model, "weight_power") else None,
        xp=xp,
    )
    mapper = aa.Mapper(interpolator=interpolator, regularization=aa.reg.Constant(coefficient=coefficient), xp=xp)
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=[mapper], settings=settings, xp=xp)
    return aa.FitImaging(dataset=dataset, inversion=inversion, xp=xp)


def evaluated_fit_from(backend: str = "numpy", mesh: str = "adapt_density", **kwargs) -> aa.FitImaging:
    """A fit whose results, and the geometry of whose mesh, have been computed."""
    fit = fit_from(backend, mesh, **kwargs)
    fit.log_likelihood, fit.log_evidence  # noqa: B018
    geometry = fit.inversion.linear_obj_list[0].mesh_geometry
    geometry.areas_for_magnification, geometry.neighbors  # noqa: B018
    return fit


def sparse_from(rng, shape, density):
    """A random sparse matrix. SciPy's own `random_array` takes its generator by other names in other releases."""
    return csr_array(np.where(rng.random(shape) < density, rng.random(shape), 0.0))
