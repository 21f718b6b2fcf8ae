"""Small lens problems: a dataset, fits of every mesh and light, points and shear."""

from __future__ import annotations

import functools
import sys

import autofit as af
import autolens as al
import numpy as np

LIGHTS = ("none", "sersic", "linear", "mge")
MESHES = tuple(
    name
    for name in dir(al.mesh)
    if isinstance(getattr(al.mesh, name), type) and name not in ("AbstractMesh", "Mesh") and "Split" not in name
)


@functools.cache
def dataset(pixels=24):
    """A masked image of noise with a bright middle."""
    mask = al.Mask2D.circular(shape_native=(pixels, pixels), pixel_scales=0.15, radius=1.5)
    noise = np.random.default_rng(1).normal(0.0, 0.3, (pixels, pixels))
    y, x = np.indices((pixels, pixels)) - (pixels - 1) / 2
    kernel = np.exp(-0.5 * ((np.indices((5, 5)) - 2) ** 2).sum(0) / 1.2**2)
    data = noise + 3.0 * np.exp(-(((x - 3) ** 2 + (y - 2) ** 2) / 18.0))
    imaging = al.Imaging(
        data=al.Array2D.no_mask(data, pixel_scales=0.15),
        noise_map=al.Array2D.no_mask(np.full((pixels, pixels), 0.3), pixel_scales=0.15),
        psf=al.Convolver(kernel=al.Array2D.no_mask(kernel / kernel.sum(), pixel_scales=0.15)),
    )
    masked = imaging.apply_mask(mask=mask)
    return masked.apply_over_sampling(over_sample_size_lp=2, over_sample_size_pixelization=2)


def lights(kind):
    """The profiles of a kind of light of the lens."""
    if kind == "sersic":
        return {"bulge": al.lp.Sersic(intensity=0.3)}
    if kind == "linear":
        return {"bulge": al.lp_linear.Sersic(centre=(0.01, 0.02))}
    if kind == "mge":
        return {"bulge": al.lp_basis.Basis(profile_list=[al.lp_linear.Gaussian(sigma=s) for s in (0.1, 0.3, 1.0)])}
    return {}


def fit_from(mesh, light, xp=np):
    """The fit of a lens with some light and of a source on a mesh."""
    data = dataset()
    cls = getattr(al.mesh, mesh)
    rectangular = "Rectangular" in mesh
    made = cls(shape=(6, 6)) if rectangular else cls(pixels=40, zeroed_pixels=0)
    mass = al.mp.Isothermal(einstein_radius=0.9, ell_comps=(0.05, 0.02))
    lens = al.Galaxy(redshift=0.5, mass=mass, shear=al.mp.ExternalShear(gamma_1=0.02), **lights(light))
    pixelization = al.Pixelization(mesh=made, regularization=al.reg.Constant(coefficient=1.0))
    source = al.Galaxy(redshift=1.0, pixelization=pixelization)
    adapt = None
    if not rectangular:
        points = al.Grid2DIrregular(np.random.default_rng(0).uniform(-1.4, 1.4, (40, 2)))
        adapt = al.AdaptImages(galaxy_image_plane_mesh_grid_dict={source: points})
    elif "AdaptImage" in mesh:
        adapt = al.AdaptImages(galaxy_image_dict={source: data.data})
    return al.FitImaging(dataset=data, tracer=al.Tracer(galaxies=[lens, source]), adapt_images=adapt, xp=xp)


def model():
    """A model of a lens and a source, as a search has it."""
    lens = af.Model(
        al.Galaxy,
        redshift=0.5,
        mass=al.mp.Isothermal,
        bulge=af.Model(al.lp_basis.Basis, profile_list=[af.Model(al.lp_linear.Gaussian)]),
    )
    mesh = af.Model(al.mesh.RectangularUniform, shape=(4, 4))
    source = af.Model(
        al.Galaxy, redshift=1.0, pixelization=af.Model(al.Pixelization, mesh=mesh, regularization=al.reg.Constant)
    )
    galaxies = af.Collection(lens=lens, source=source)
    return af.Collection(galaxies=galaxies, dataset_model=af.Model(al.DatasetModel))


@functools.cache
def visibilities():
    """A masked dataset of visibilities."""
    rng = np.random.default_rng(3)
    return al.Interferometer(
        data=al.Visibilities(rng.normal(size=60) + 1j * rng.normal(size=60)),
        noise_map=al.VisibilitiesNoiseMap(np.full(60, 1.0 + 1.0j)),
        uv_wavelengths=rng.normal(0.0, 2e5, (60, 2)),
        real_space_mask=al.Mask2D.circular(shape_native=(24, 24), pixel_scales=0.15, radius=1.5),
        transformer_class=al.TransformerDFT,
    )


def points():
    """A dataset of point sources, a tracer and a solver."""
    data = al.PointDataset(name="point_0", positions=[(0.0, 1.0), (0.0, -1.0)], positions_noise_map=[0.1, 0.1])
    grid = al.Grid2D.uniform(shape_native=(30, 30), pixel_scales=0.1)
    solver = al.PointSolver.for_grid(grid=grid, pixel_scale_precision=0.01)
    lens = al.Galaxy(redshift=0.5, mass=al.mp.Isothermal(einstein_radius=1.0))
    return data, al.Tracer(galaxies=[lens, al.Galaxy(redshift=1.0, point_0=al.ps.Point(centre=(0.01, 0.02)))]), solver


def shear():
    """A catalogue of shears and a tracer."""
    from autogalaxy.util.shear_field import ShearYX2DIrregular

    values = ShearYX2DIrregular(values=[(0.1, 0.2), (0.2, 0.1)], grid=[(1.0, 0.0), (0.0, 1.0)])
    data = al.WeakDataset(shear_yx=values, noise_map=al.ArrayIrregular([0.1, 0.1]), name="field")
    return data, points()[1]


def solvers(name):
    """The modules that hold a function of this name."""
    return [module for key, module in list(sys.modules.items()) if key.startswith("auto") and name in vars(module)]


def no_solving(*args, **kwargs):
    """What stands in for a solver that must not run."""
    raise AssertionError("expected the stored solution, found that it is solved for again")
