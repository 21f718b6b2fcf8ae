"""Three searches in a chain, in the manner of SLaM: a parametric source, a pixelized source, the mass of the lens.

Each is a few evaluations of a small image: what is tested is that one hands on to the next what it needs. The numbers
of PyAutoArray 2026.10.26.1 come from an environment that has it (`make autolens-suites` makes one):

    .venv-pyautoarray/bin/python tests/support/pipeline.py tests/autolens/data/pipeline.json
"""

from __future__ import annotations

import json
import sys
import tempfile
from importlib import metadata
from pathlib import Path

import lens

af, al = lens.af, lens.al


def search_from(name, likelihoods):
    """A search with a seed that ends after some evaluations."""
    return af.Nautilus(
        name=name,
        n_live=20,
        n_batch=10,
        n_like_max=likelihoods,
        seed=1,
        number_of_cores=1,
        iterations_per_quick_update=10**9,
        iterations_per_full_update=10**9,
    )


def narrow(value, width):
    """A prior about a value."""
    return af.UniformPrior(lower_limit=value - width, upper_limit=value + width)


def source_parametric(dataset, likelihoods):
    """The first search: the radius of the lens, and that of a parametric source."""
    mass = af.Model(al.mp.Isothermal, centre=(0.0, 0.0), ell_comps=(0.08, -0.04))
    mass.einstein_radius = narrow(1.2, 0.03)
    bulge = af.Model(
        al.lp_linear.SersicCore,
        centre=(0.08, 0.05),
        ell_comps=(0.1, 0.05),
        sersic_index=1.0,
        alpha=3.0,
        gamma=0.25,
        radius_break=0.025,
    )
    bulge.effective_radius = narrow(0.25, 0.05)
    model = af.Collection(
        galaxies=af.Collection(
            lens=af.Model(al.Galaxy, redshift=0.5, mass=mass, shear=al.mp.ExternalShear(gamma_1=0.03, gamma_2=-0.02)),
            source=af.Model(al.Galaxy, redshift=1.0, bulge=bulge),
        )
    )
    analysis = lens.analysis_from(dataset)
    return search_from("source_lp", likelihoods).fit(model=model, analysis=analysis)


def adapt_images_from(dataset, before):
    """What the result of a search gives the next: the image of each galaxy, and vertices that follow the source."""
    images = al.galaxy_name_image_dict_via_result_from(result=before)
    vertices = lens.mesh_grid_from(dataset, images[lens.SOURCE])
    return al.AdaptImages(galaxy_name_image_dict=images, galaxy_name_image_plane_mesh_grid_dict={lens.SOURCE: vertices})


def positions_from(before):
    """A likelihood of the positions of the multiple images, which the mass of a result gives."""
    return before.positions_likelihood_from(factor=3.0, minimum_threshold=0.2)


def source_pixelized(dataset, before, likelihoods):
    """The second search: the source on a Delaunay mesh with zeroed pixels; its adaptive scheme is free."""
    scheme = af.Model(al.reg.AdaptSplit, signal_scale=0.6)
    scheme.inner_coefficient, scheme.outer_coefficient = narrow(3.0, 1.0), narrow(0.8, 0.4)
    mesh = al.mesh.Delaunay(pixels=lens.VERTICES + lens.EDGE, zeroed_pixels=lens.EDGE)
    pixelization = af.Model(al.Pixelization, mesh=mesh, regularization=scheme)
    source = af.Model(al.Galaxy, redshift=1.0, pixelization=pixelization)
    model = af.Collection(galaxies=af.Collection(lens=before.instance.galaxies.lens, source=source))
    analysis = lens.analysis_from(
        dataset,
        adapt_images_from(dataset, before),
        positions_likelihood_list=[positions_from(before)],
        settings=al.Settings(use_border_relocator=True),
    )
    return search_from("source_pix", likelihoods).fit(model=model, analysis=analysis)


def mass_total(dataset, before, parametric, likelihoods):
    """The third search: a power law for the mass of the lens, and the source as the second left it."""
    mass = af.Model(al.mp.PowerLaw, centre=(0.0, 0.0), ell_comps=(0.08, -0.04))
    mass.einstein_radius, mass.slope = narrow(1.2, 0.03), narrow(2.0, 0.05)
    galaxy = af.Model(al.Galaxy, redshift=0.5, mass=mass, shear=al.mp.ExternalShear(gamma_1=0.03, gamma_2=-0.02))
    model = af.Collection(galaxies=af.Collection(lens=galaxy, source=before.instance.galaxies.source))
    analysis = lens.analysis_from(
        dataset,
        adapt_images_from(dataset, parametric),
        positions_likelihood_list=[positions_from(parametric)],
        settings=al.Settings(use_border_relocator=True),
        shared_preloads=True,
    )
    return search_from("mass_total", likelihoods).fit(model=model, analysis=analysis), analysis


def run(output, likelihoods=30):
    """All three, with the sparse operator of the dataset for the second and the third; the results and an analysis."""
    lens.silence(output)
    dataset = lens.dataset_from()
    parametric = source_parametric(dataset, likelihoods)
    sparse = dataset.apply_sparse_operator_cpu()
    pixelized = source_pixelized(sparse, parametric, likelihoods)
    total, analysis = mass_total(sparse, pixelized, parametric, likelihoods)
    return {"source_lp": parametric, "source_pix": pixelized, "mass_total": total}, analysis


def main(path):
    """Write the numbers of the `autoarray` of this interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        found, _ = run(folder)
    record = {
        "origin": {name: metadata.version(name) for name in ("autoarray", "autogalaxy", "autolens", "autofit")},
        "command": "python tests/support/pipeline.py tests/autolens/data/pipeline.json",
        "searches": {name: lens.summary_of(result) for name, result in found.items()},
    }
    Path(path).write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
