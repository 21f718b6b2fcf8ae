"""A class of your own around a fit: in files, after a change of its state, and from old pickles.

python examples/own_types.py
"""

import pickle
import sys
import types

import simulated

import serialization


class Galaxy:
    """A lens galaxy and the fit of the source behind it. Until last year it was `Lens`, with its radius in pixels."""

    def __init__(self, name, einstein_radius, fit):
        self.name = name
        self.einstein_radius = einstein_radius  # arc-seconds
        self.fit = fit


def arcsec_from_pixels(state):
    """From version 1 of the state to version 2: from a plain dict to a plain dict."""
    return {"name": state["name"], "einstein_radius": 0.06 * state["radius_in_pixels"], "fit": state["fit"]}


serialization.register(
    Galaxy,
    name="survey.Galaxy",  # its name in files, for ever
    version=2,
    fields=["name", "einstein_radius", "fit"],
    migrations={1: serialization.Migration(("name", "radius_in_pixels", "fit"), arcsec_from_pixels)},
    pickled_as=["survey.models:Lens"],  # its names in old pickles
    left_out=["deflection_map"],  # its cached values
)


def old_pickle(fit):
    """A pickle of last year's code, whose module no longer exists."""
    module = types.ModuleType("survey.models")
    cls = type("Lens", (), {"__module__": "survey.models"})
    vars(module)["Lens"] = cls
    lens = cls()
    vars(lens).update(name="J0946", radius_in_pixels=13.3, fit=fit, deflection_map=[0.0] * 10)
    sys.modules |= {"survey": types.ModuleType("survey"), "survey.models": module}
    try:
        return pickle.dumps([lens])
    finally:
        del sys.modules["survey.models"], sys.modules["survey"]


def main():
    fit = simulated.fit_from(simulated.dataset())
    evidence = fit.log_evidence

    report = serialization.LoadReport()
    (galaxy,) = serialization.load_pickle(old_pickle(fit), report=report)
    print(f"{galaxy.name}: {type(galaxy).__name__}, einstein_radius={galaxy.einstein_radius:.3f} arcsec")
    print("read as schema version", *report.schemas["survey.Galaxy"], "without", *report.left_out["survey.models.Lens"])

    restored = serialization.loads(serialization.dumps(galaxy))
    print("difference after a round trip:", restored.fit.log_evidence - evidence)


if __name__ == "__main__":
    main()
