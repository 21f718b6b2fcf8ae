"""Models of a lens whose evidence is compared with that of PyAutoArray: every mesh with every kind of light.

The data are an arc and a core with fixed noise, so that no model is the true one. All is made from a formula and one
seed, so that two environments have the same data to the bit.
"""

from __future__ import annotations

from typing import Any

import autolens as al
import numpy as np

LIGHTS = ("none", "sersic", "linear", "gaussians")
RECTANGULAR = (
    "RectangularUniform",
    "RectangularBilinearAdaptDensity",
    "RectangularBilinearAdaptImage",
    "RectangularRTUAdaptDensity",
    "RectangularRTUAdaptImage",
)
# Meshes of vertices. PyAutoArray finds the nearest ones wrongly if their number is no multiple of 128.
VERTICES = ("Delaunay", "DelaunayNN", "KNearestNeighbor", "KNNBarycentric")
SOURCES = ("nothing", "sersic", *RECTANGULAR, *VERTICES)
CASES = [f"{source}/{light}" for source in SOURCES for light in LIGHTS]

_SHAPE, _SCALE = (40, 40), 0.1


def _native() -> np.ndarray:
    y, x = np.meshgrid(np.linspace(1.95, -1.95, 40), np.linspace(-1.95, 1.95, 40), indexing="ij")
    radius = np.hypot(y / 1.1, x - 0.1)
    arc = 3.0 * np.exp(-5.0 * np.abs(radius - 1.0)) * (1.0 + 0.5 * np.cos(2.0 * np.arctan2(y, x)))
    return arc + 2.0 * np.exp(-2.0 * radius)


def _mask() -> Any:
    return al.Mask2D.circular(shape_native=_SHAPE, pixel_scales=_SCALE, radius=1.6)


def dataset() -> Any:
    """An image of 812 pixels with a PSF of 5 x 5 pixels that is not symmetric."""
    image = _native()
    y, x = np.meshgrid(np.linspace(-1.0, 1.0, 5), np.linspace(-1.0, 1.0, 5), indexing="ij")
    noise = np.random.default_rng(1).normal(0.0, 0.05, _SHAPE)
    whole = al.Imaging(
        data=al.Array2D.no_mask(image + noise, _SCALE),
        noise_map=al.Array2D.no_mask(0.05 + 0.02 * np.sqrt(image), _SCALE),
        psf=al.Convolver(kernel=al.Array2D.no_mask(np.exp(-2.0 * (y**2 + 1.3 * x**2) + 0.3 * x), _SCALE)),
        over_sample_size_lp=2,
        over_sample_size_pixelization=2,
    )
    return whole.apply_mask(mask=_mask())


def _light(kind: str) -> dict[str, Any]:
    shape: dict[str, Any] = {"centre": (0.0, 0.1), "ell_comps": (0.1, 0.05)}
    if kind == "none":
        return {}
    if kind == "sersic":
        return {"bulge": al.lp.Sersic(**shape, intensity=0.8, effective_radius=0.6, sersic_index=2.0)}
    if kind == "linear":
        return {"bulge": al.lp_linear.Sersic(**shape, effective_radius=0.6, sersic_index=2.0)}
    gaussians = [
        al.lp_linear.Gaussian(centre=(0.0, 0.1), ell_comps=ell_comps, sigma=sigma)
        for ell_comps in ((0.1, 0.05), (-0.05, 0.02))
        for sigma in np.logspace(-1.5, 0.3, 30)
    ]
    return {"bulge": al.lp_basis.Basis(profile_list=gaussians)}


def _source(kind: str) -> Any:
    if kind == "nothing":
        return al.Galaxy(redshift=1.0)
    if kind == "sersic":
        return al.Galaxy(redshift=1.0, bulge=al.lp.SersicCore(centre=(0.05, 0.1), effective_radius=0.2, intensity=1.0))
    arguments: dict[str, Any] = {"shape": (10, 10)} if kind in RECTANGULAR else {"pixels": 128}
    mesh = getattr(al.mesh, kind)(**arguments)
    regularization = al.reg.Constant(coefficient=1.0)
    if kind.endswith("Image"):
        regularization = al.reg.Adapt(inner_coefficient=0.5, outer_coefficient=2.0, signal_scale=1.0)
    return al.Galaxy(redshift=1.0, pixelization=al.Pixelization(mesh=mesh, regularization=regularization))


def fit(case: str, xp: Any = np, einstein_radius: Any = 1.0) -> Any:
    """The fit of one of `CASES`.

    Parameters
    ----------
    case
        The source and the light of the lens, such as "Delaunay/none".
    xp
        The array library.
    einstein_radius
        That of the lens in arc-seconds, which JAX may be tracing.
    """
    kind, light = case.split("/")
    data = dataset()
    lens = al.Galaxy(
        redshift=0.5,
        mass=al.mp.PowerLaw(centre=(0.02, 0.1), ell_comps=(0.05, -0.03), einstein_radius=einstein_radius, slope=2.1),
        shear=al.mp.ExternalShear(gamma_1=0.02, gamma_2=-0.03),
        **_light(light),
    )
    source = _source(kind)
    vertices = None
    if kind in VERTICES:
        overlay = al.image_mesh.Overlay(shape=(14, 14)).image_plane_mesh_grid_from(mask=data.mask)
        vertices = {source: al.Grid2DIrregular(np.asarray(overlay.array)[:128])}
    adapt_image = al.Array2D.no_mask(np.clip(_native(), 0.01, None), _SCALE).apply_mask(mask=data.mask)
    return al.FitImaging(
        dataset=data,
        tracer=al.Tracer(galaxies=[lens, source]),
        adapt_images=al.AdaptImages(
            galaxy_image_dict={source: adapt_image}, galaxy_image_plane_mesh_grid_dict=vertices
        ),
        xp=xp,
    )
