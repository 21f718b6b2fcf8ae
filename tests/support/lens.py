"""Fits and a search of PyAutoLens on a small image, written as its users write them, for either `autoarray`.

The numbers of PyAutoArray that the tests compare with come from an environment with PyAutoLens and PyAutoArray
2026.10.26.1 (`make autolens-suites` makes one):

    .venv-pyautoarray/bin/python tests/support/lens.py tests/autolens/reference.json
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from importlib import metadata
from pathlib import Path

# Before JAX is imported. autonerves sets it too.
os.environ.setdefault("JAX_ENABLE_X64", "True")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
# What a search does beside searching: figures, and quantities derived from its samples.
os.environ |= {"PYAUTO_SKIP_VISUALIZATION": "1", "PYAUTO_SKIP_LATENTS": "1"}

import autofit as af
import autolens as al
import numpy as np
from autonerves import conf

RADIUS, SCALE = 2.4, 0.1
EDGE = 20  # vertices around the mask, whose pixels are zero
# A multiple of 128: PyAutoArray's search for nearest vertices is wrong for others.
VERTICES = 128 - EDGE
MESHES = {
    "RectangularUniform": {"shape": (12, 12)},
    "RectangularBilinearAdaptDensity": {"shape": (12, 12)},
    "RectangularBilinearAdaptImage": {"shape": (12, 12), "weight_power": 1.3},
    "RectangularRTUAdaptDensity": {"shape": (12, 12)},
    "RectangularRTUAdaptImage": {"shape": (12, 12), "weight_power": 1.3},
    "Delaunay": {},
    "DelaunayNN": {},
    "KNearestNeighbor": {},
    "KNNBarycentric": {},
}
SOURCE = str(("galaxies", "source"))  # the path of the source galaxy in a model
LIGHTS = ("none", "sersic", "gaussians")


def silence(output):
    """Write what PyAutoFit writes into a folder."""
    config = Path(output) / "config"
    config.mkdir(exist_ok=True)
    (config / "general.yaml").write_text("output:\n  log_to_file: false\n")
    conf.instance.push(new_path=str(config), output_path=str(Path(output) / "output"))


def tracer_from(light="none"):
    """The lens that was observed."""
    bulge = None if light == "none" else al.lp.Sersic(ell_comps=(0.05, 0.02), intensity=1.5, effective_radius=0.6)
    lens = al.Galaxy(
        redshift=0.5,
        bulge=bulge,
        mass=al.mp.Isothermal(einstein_radius=1.2, ell_comps=(0.08, -0.04)),
        shear=al.mp.ExternalShear(gamma_1=0.03, gamma_2=-0.02),
    )
    source = al.Galaxy(
        redshift=1.0,
        bulge=al.lp.SersicCore(
            centre=(0.08, 0.05), ell_comps=(0.1, 0.05), intensity=3.0, effective_radius=0.25, sersic_index=1.0
        ),
    )
    return al.Tracer(galaxies=[lens, source])


def dataset_from(light="none", sub_size=2):
    """An image of 56 x 56 pixels, masked."""
    grid = al.Grid2D.uniform(shape_native=(56, 56), pixel_scales=SCALE, over_sample_size=4)
    simulator = al.SimulatorImaging(
        exposure_time=300.0,
        psf=al.Convolver.from_gaussian(shape_native=(7, 7), sigma=0.12, pixel_scales=SCALE),
        background_sky_level=0.1,
        add_poisson_noise_to_data=True,
        noise_seed=1,
    )
    dataset = simulator.via_tracer_from(tracer=tracer_from(light), grid=grid)
    mask = al.Mask2D.circular(shape_native=dataset.shape_native, pixel_scales=SCALE, radius=RADIUS)
    dataset = dataset.apply_mask(mask=mask)
    return dataset.apply_over_sampling(over_sample_size_lp=sub_size, over_sample_size_pixelization=sub_size)


def adapt_image_from(dataset):
    """The lensed source without noise: what a search before would have given."""
    tracer = tracer_from()
    image = tracer.blurred_image_2d_from(grid=dataset.grids.lp, psf=dataset.psf, blurring_grid=dataset.grids.blurring)
    return al.Array2D(values=np.array(image), mask=dataset.mask)


def mesh_grid_from(dataset, adapt_image):
    """The vertices of a mesh in the image plane, those of its edge last."""
    grid = al.image_mesh.Hilbert(pixels=VERTICES, weight_floor=0.1, weight_power=1.5).image_plane_mesh_grid_from(
        mask=dataset.mask, adapt_data=adapt_image
    )
    return al.image_mesh.append_with_circle_edge_points(
        image_plane_mesh_grid=grid, centre=(0.0, 0.0), radius=RADIUS + SCALE / 2.0, n_points=EDGE
    )


def adapt_images_from(dataset):
    """What adaptive meshes and schemes of regularization need, by the path of the source galaxy."""
    image = adapt_image_from(dataset)
    return al.AdaptImages(
        galaxy_name_image_dict={SOURCE: image},
        galaxy_name_image_plane_mesh_grid_dict={SOURCE: mesh_grid_from(dataset, image)},
    )


def pixelization_from(mesh):
    """A pixelization; vertices have split regularization, of the adaptive scheme on the Delaunay meshes."""
    if mesh.startswith("Rectangular"):
        scheme = al.reg.Constant(coefficient=2.0)
        return al.Pixelization(mesh=getattr(al.mesh, mesh)(**MESHES[mesh]), regularization=scheme)
    adaptive = al.reg.AdaptSplit(inner_coefficient=3.0, outer_coefficient=0.8, signal_scale=0.6)
    scheme = adaptive if mesh.startswith("Delaunay") else al.reg.ConstantSplit(coefficient=2.0)
    return al.Pixelization(
        mesh=getattr(al.mesh, mesh)(pixels=VERTICES + EDGE, zeroed_pixels=EDGE), regularization=scheme
    )


def gaussians(number=20):
    """The light of a lens as linear Gaussians."""
    widths = np.geomspace(0.03, RADIUS, number)
    profiles = [
        al.lp_linear.Gaussian(centre=(0.01, -0.01), ell_comps=(0.05, 0.02), sigma=float(width)) for width in widths
    ]
    return al.lp_basis.Basis(profile_list=profiles)


def model_from(mesh, light="none", einstein_radius=1.21):
    """A model of the lens, nearly as it was, and a source on a mesh; free is at most the radius of the lens."""
    bulges = {
        "none": None,
        "sersic": al.lp_linear.Sersic(ell_comps=(0.05, 0.02), effective_radius=0.6),
        "gaussians": gaussians(),
    }
    lens = af.Model(
        al.Galaxy,
        redshift=0.5,
        bulge=bulges[light],
        mass=af.Model(al.mp.Isothermal, centre=(0.0, 0.0), ell_comps=(0.08, -0.03), einstein_radius=einstein_radius),
        shear=al.mp.ExternalShear(gamma_1=0.03, gamma_2=-0.02),
    )
    source = af.Model(al.Galaxy, redshift=1.0, pixelization=pixelization_from(mesh))
    return af.Collection(galaxies=af.Collection(lens=lens, source=source))


def analysis_from(dataset, adapt_images=None, use_jax=False, **more):
    """The analysis of a dataset."""
    return al.AnalysisImaging(dataset=dataset, adapt_images=adapt_images, use_jax=use_jax, **more)


def log_likelihoods(light):
    """The log likelihood (of an inversion, its evidence) of each mesh, on NumPy."""
    dataset = dataset_from(light)
    analysis = analysis_from(dataset, adapt_images_from(dataset))
    return {
        mesh: float(analysis.log_likelihood_function(model_from(mesh, light).instance_from_prior_medians()))
        for mesh in MESHES
    }


def search_result(output, likelihoods=300):
    """A short Nautilus search with a seed: a lens of one free radius and a source of two free coordinates."""
    silence(output)
    mass = af.Model(al.mp.Isothermal, centre=(0.0, 0.0), ell_comps=(0.08, -0.04))
    mass.einstein_radius = af.UniformPrior(lower_limit=1.0, upper_limit=1.4)
    lens = af.Model(al.Galaxy, redshift=0.5, mass=mass, shear=al.mp.ExternalShear(gamma_1=0.03, gamma_2=-0.02))
    bulge = af.Model(al.lp_linear.SersicCore, ell_comps=(0.1, 0.05), sersic_index=1.0, effective_radius=0.25)
    bulge.centre.centre_0 = af.UniformPrior(lower_limit=-0.2, upper_limit=0.3)
    bulge.centre.centre_1 = af.UniformPrior(lower_limit=-0.2, upper_limit=0.3)
    for name in ("alpha", "gamma", "radius_break"):
        prior = getattr(bulge, name, None)
        if prior is not None and not isinstance(prior, (int, float)):
            setattr(bulge, name, {"alpha": 3.0, "gamma": 0.25, "radius_break": 0.025}[name])
    source = af.Model(al.Galaxy, redshift=1.0, bulge=bulge)
    model = af.Collection(galaxies=af.Collection(lens=lens, source=source))
    search = af.Nautilus(
        name="search",
        n_live=50,
        n_batch=25,
        n_like_max=likelihoods,
        seed=1,
        number_of_cores=1,
        iterations_per_quick_update=10**9,
        iterations_per_full_update=10**9,
    )
    return search.fit(model=model, analysis=analysis_from(dataset_from()))


def summary_of(result):
    """The numbers of a search that another run with the same seed has too."""
    samples = result.samples
    return {
        "max_log_likelihood": float(max(samples.log_likelihood_list)),
        "parameters": [float(value) for value in samples.max_log_likelihood(as_instance=False)],
        "samples": len(samples.log_likelihood_list),
        "log_evidence": float(samples.log_evidence),
    }


def main(path):
    """Write the numbers of the `autoarray` of this interpreter."""
    record = {
        "origin": {name: metadata.version(name) for name in ("autoarray", "autogalaxy", "autolens", "autofit")},
        "command": "python tests/support/lens.py tests/autolens/reference.json",
        "data": float(np.sum(np.array(dataset_from("sersic").data) ** 2)),
        "log_likelihood": {light: log_likelihoods(light) for light in LIGHTS},
    }
    with tempfile.TemporaryDirectory() as output:
        record["search"] = summary_of(search_result(output))
    Path(path).write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
