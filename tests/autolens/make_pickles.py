"""Write `tests/autolens/data`: what autofit's `save_object` and its database hold, on the real PyAutoArray.

    python tests/autolens/make_pickles.py

It runs in an environment with autolens and autoarray 2026.10.26.1, the release of PyAutoArray that wrote the files.
"""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import autolens as al
import dill
import lens_problems

OUT = Path(__file__).parent / "data"


def main() -> None:
    # Whichever of the two is imported first decides the configuration; here it is that of autolens.
    import autogalaxy as ag

    OUT.mkdir(exist_ok=True)
    fit = lens_problems.fit_from("RectangularUniform", "linear")
    galaxies = [ag.Galaxy(redshift=0.5, bulge=ag.lp_linear.Sersic()), ag.Galaxy(redshift=0.5, disk=ag.lp.Exponential())]
    of_galaxies = ag.FitImaging(dataset=lens_problems.dataset(), galaxies=galaxies)
    values = {
        "fit-cold.dill": fit,
        "fit-galaxies.dill": of_galaxies,
        "tracer.dill": fit.tracer,
        "tracer.pickle": fit.tracer,
        "instance.dill": lens_problems.model().instance_from_prior_medians(),
        "analysis.dill": al.AnalysisImaging(dataset=lens_problems.dataset(), use_jax=False),
        "adapt.pickle": lens_problems.fit_from("KNearestNeighbor", "none").adapt_images,
    }
    expected = {name: {"class": type(value).__name__} for name, value in values.items()}
    for name, value in values.items():
        (OUT / name).write_bytes((dill if name.endswith(".dill") else pickle).dumps(value))
    expected["fit-cold.dill"]["log_evidence"] = float(fit.log_evidence)
    expected["fit-galaxies.dill"]["log_evidence"] = float(of_galaxies.log_evidence)
    for name in ("tracer.dill", "tracer.pickle"):
        expected[name]["einstein_radius"] = 0.9
    (OUT / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
