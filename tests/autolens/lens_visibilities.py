"""Lenses of PyAutoLens fitted to visibilities; the same code runs on PyAutoArray and on this project."""

from __future__ import annotations

import functools
from typing import Any

import autolens as al
import numpy as np

DATASETS = ("plain", "operator", "stream", "beam")
SOURCES = ("sersic", "rectangular", "rectangular_with_light")
CASES = [f"{dataset}/{source}" for dataset in DATASETS for source in SOURCES]


def lens(einstein_radius: Any = 1.0, **light: Any) -> Any:
    """An isothermal ellipsoid, and its light if there is any."""
    mass = al.mp.Isothermal(einstein_radius=einstein_radius, centre=(0.013, -0.021), ell_comps=(0.1, 0.05))
    return al.Galaxy(redshift=0.5, mass=mass, **light)


def sersic() -> Any:
    """A source that is no mesh."""
    light = al.lp.SersicCore(intensity=0.3, effective_radius=0.2, centre=(0.05, 0.1))
    return al.Galaxy(redshift=1.0, light=light)


@functools.cache
def datasets() -> dict[str, Any]:
    """One set of visibilities in each form."""
    mask = al.Mask2D.circular(shape_native=(40, 40), pixel_scales=0.1, radius=1.8)
    uv = np.random.default_rng(1).uniform(-4e5, 4e5, size=(500, 2))
    simulator = al.SimulatorInterferometer(uv_wavelengths=uv, exposure_time=300.0, noise_sigma=0.5, noise_seed=2)
    grid = al.Grid2D.from_mask(mask, over_sample_size=1)
    plain = simulator.via_tracer_from(tracer=al.Tracer(galaxies=[lens(), sersic()]), grid=grid)
    parts = [slice(0, 200), slice(200, 500)]
    chunks = [(uv[part], plain.data[part], plain.noise_map[part]) for part in parts]
    beam = np.linspace(0.6, 1.0, int(mask.pixels_in_mask))
    return {
        "plain": plain,
        "operator": plain.apply_sparse_operator(),
        "stream": al.Interferometer.from_stream(chunks, mask),
        "beam": al.Interferometer(plain.data, plain.noise_map, uv, mask, primary_beam=beam),
    }


def fit(case: str, xp: Any = np, einstein_radius: Any = 1.0) -> Any:
    """The fit of one dataset with one source."""
    dataset, source = case.split("/")
    light = {}
    galaxy = sersic()
    if source != "sersic":
        mesh = al.mesh.RectangularUniform(shape=(10, 10))
        galaxy = al.Galaxy(redshift=1.0, pixelization=al.Pixelization(mesh=mesh, regularization=al.reg.Constant(1.0)))
    if source == "rectangular_with_light":
        light = {"disk": al.lp.Exponential(intensity=0.1, effective_radius=0.3)}
    tracer = al.Tracer(galaxies=[lens(einstein_radius, **light), galaxy])
    return al.FitInterferometer(dataset=datasets()[dataset], tracer=tracer, xp=xp)
