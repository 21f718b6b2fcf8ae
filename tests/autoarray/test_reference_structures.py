"""Masks, grids, over-sampling, convolution and noise scaling against numbers of PyAutoArray 2026.10.26.1."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

import autoarray as aa

FOLDER = Path(__file__).parents[1] / "data" / "reference"
FILES = sorted(path.stem.removeprefix("structures_") for path in FOLDER.glob("structures_*.npz"))
TOLERANCE = 1.0e-10  # relative to the largest absolute value of the array


@pytest.fixture(scope="module")
def structures():
    """What the script that made the files computes when it is given this library instead of the peer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        spec = importlib.util.spec_from_file_location("reference_structures", FOLDER / "reference_structures.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.structures(aa)


def test_there_are_reference_files(structures):
    assert len(FILES) >= 4
    assert set(FILES) == set(structures)


@pytest.mark.parametrize("name", FILES)
def test_structures_equal_reference(name, structures):
    expected = np.load(FOLDER / f"structures_{name}.npz", allow_pickle=False)
    inputs, outputs, about = structures[name]
    stored = json.loads(str(expected["about"]))
    assert {key: stored[key] for key in about} == about
    for key, value in inputs.items():
        np.testing.assert_allclose(value, expected[f"in/{key}"], rtol=1.0e-14, atol=1.0e-14)
    assert {f"out/{key}" for key in outputs} == {key for key in expected if key.startswith("out/")}
    wrong = {}
    for key, value in outputs.items():
        found, wanted = np.asarray(getattr(value, "array", value)), expected[f"out/{key}"]
        if found.shape != wanted.shape:
            wrong[key] = f"shape {found.shape}, expected {wanted.shape}"
        elif wanted.dtype.kind in "biu":
            if not np.array_equal(found, wanted):
                wrong[key] = f"{(found != wanted).sum()} of {wanted.size} differ"
        elif not np.abs(found - wanted).max() <= TOLERANCE * np.abs(wanted).max():
            wrong[key] = f"differs by {np.abs(found - wanted).max()}"
    assert wrong == {}
