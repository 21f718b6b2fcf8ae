"""Which classes of autogalaxy and autolens the codec knows, and why it does not know the others."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("autolens")

import lens_classes

import serialization
from serialization._schema import registry

# Patterns of "module:class" that have no place in a payload, by the reason.
REASONS = {
    "bases and mix-ins, of which there are no objects": (
        r".*:Abstract\w+",
        r".*:_\w+",
        r".*:(SrcFactory|SolvedCentre|MassProfileAggregate|LensingCosmology)",
        r"autogalaxy\.operate\.image:.*",
        r"auto\w+\.analysis\.analysis\..*:\w+",
        r".*:(MassProfile\w*|LightProfile\w*|LightMassProfile\w*|StellarProfile|DarkProfile)",
    ),
    "doubles for tests": (r".*\.mock[.:].*", r".*\.mock_cosmology:\w+"),
    "exceptions and warnings, which pickle": (r"\w+\.exc:.*", r".*Warning"),
    "readers of results on disk": (r".*\.aggregator\..*",),
    "drawing": (r".*\.plotter:.*", r".*\.visualizer:.*", r".*\.plot\..*", r"autogalaxy\.gui\..*"),
    "results hold the search, its paths and its samples, which autofit stores itself": (
        r".*result:Result\w*",
        r".*:Subhalo\w+Result",
    ),
    "made and thrown away during one evaluation": (r".*to_inversion:\w+", r".*\.step:Step", r".*:MemoEntry"),
    "holds functions": (r".*:LensCalc", r".*:Latent\w+"),
    "holds a generator of random numbers, or the class of a transformer": (
        r".*:(LOSSampler|SimulatorShearYX|SimulatorInterferometer)",
    ),
    "keeps matrices and interpolators of SciPy as attributes": (
        r"autolens\.potential_correction\..*:\w*(FitDpsi|IterDpsi)\w+",
        r"autolens\.potential_correction\..*:Dpsi(\w*Analysis|LinearObj|MeshGrid)",
        r".*:(PairRegularDpsiMesh|PixSrcFactoryITP)",
        r".*:(InputDeflections|InputPotential|LinearNDInterpolatorExt)",
    ),
    "rows of tables of text": (r".*:(GalaxyModelRow|GalaxyModelTable|GalaxyTable)",),
}
LEFT_OUT = {pattern: reason for reason, patterns in REASONS.items() for pattern in patterns}


@pytest.fixture(scope="module")
def found():
    return lens_classes.classes()


def reason_of(target):
    return next((reason for pattern, reason in LEFT_OUT.items() if re.fullmatch(pattern, target)), None)


def test_each_class_is_covered_or_left_out_for_a_reason(found):
    assert len(found) > 350
    neither = [t for t, cls in found.items() if registry.schema_of(cls) is None and reason_of(t) is None]
    assert neither == []


def test_each_reason_stands_for_a_class(found):
    unknown = [target for target, cls in found.items() if registry.schema_of(cls) is None]
    for pattern in LEFT_OUT:
        assert any(re.fullmatch(pattern, target) for target in unknown), pattern


def test_each_table_names_a_class(found):
    for name in registry.names():
        if name.startswith(("autogalaxy.", "autolens.")):
            assert registry.find(name).target in found, name


@pytest.mark.parametrize("target", sorted(lens_classes.profiles()))
def test_a_profile_is_restored(target):
    cls, fields = lens_classes.profiles()[target]
    schema = registry.schema_of(cls)
    if schema is None:
        assert reason_of(target) is not None
        return
    assert schema.fields == fields
    for profile in lens_classes.instances(cls):
        vars(profile)["id"] = 3  # as a model numbers it
        again = serialization.loads(serialization.dumps({profile: profile}))
        ((key, value),) = again.items()
        assert key is value
        assert type(value) is cls
        assert set(vars(value)) == set(vars(profile)) - {"id"}
        assert serialization.dumps(value) == serialization.dumps(profile)
