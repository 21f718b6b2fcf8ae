"""This release and the next one read each other's payloads, or say clearly why they don't, each in its own process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import archives
import next_release
import numpy as np
import problems
import pytest

import serialization
from serialization import NewerVersionError, SchemaError, UnknownTypeError
from serialization._payload import wire

# Every payload of this release whose objects have the type of which the next one changes the state.
FITS = [one for one in archives.payloads("autoarray-portable-*") if one.entry["kind"] == "fit"]
REGULARIZATION = "$._inversion.linear_obj_list[0].regularization"


def run(*arguments) -> str:
    done = subprocess.run([sys.executable, next_release.__file__, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    """What the next release writes."""
    folder = tmp_path_factory.mktemp("next")
    run("write", folder)
    return folder


def test_the_next_release_reads_what_this_one_wrote():
    found = json.loads(run("read", *(one.path for one in FITS)))
    for one in FITS:
        stored, computed, exponent = found[str(one.path)]
        assert stored == one.values["log_evidence"]
        np.testing.assert_allclose(computed, stored, rtol=1e-8)
        assert exponent == 2.0  # of the migration


def test_the_next_release_reads_pickles_of_this_one(tmp_path):
    import pickle

    fit = problems.fit_from(shape=(5, 5))
    path = tmp_path / "fit.pickle"
    path.write_bytes(pickle.dumps(fit))
    assert fit.log_evidence == pytest.approx(json.loads(run("read", path))[str(path)][0], rel=1e-12)


@pytest.mark.parametrize("name", ["dataset", "geometry"])
def test_what_has_not_changed_is_read(written, name):
    found = [serialization.load(written / f"{name}.aas"), serialization.load_pickle(written / f"{name}.pickle")]
    fit = problems.fit_from(shape=(5, 5), dataset=problems.dataset_from(radius=0.45))
    for one in found:
        if name == "dataset":
            assert np.array_equal(one.data.array, fit.dataset.data.array)
        else:
            geometry = fit.inversion.linear_obj_list[0].interpolator.mesh_geometry
            assert np.array_equal(one.areas_for_magnification, geometry.areas_for_magnification)
    info = serialization.inspect(written / f"{name}.aas")
    assert (info.writer, info.problems) == ((wire.WRITER[0], next_release.VERSION), ())


def test_a_newer_schema_is_refused(written):
    with pytest.raises(NewerVersionError) as error:
        serialization.load(written / "fit.aas")
    assert error.value.path == REGULARIZATION
    assert "expected schema version 1 to 1 of autoarray.reg.Constant, found 2" in str(error.value)
    assert f"written by autoarray-portable {next_release.VERSION}" in str(error.value)
    (problem,) = serialization.inspect(written / "fit.aas").problems
    assert "autoarray.reg.Constant" in problem


def test_a_newer_state_in_a_pickle_is_refused(written):
    """A pickle tells no version: its fields do."""
    with pytest.raises(SchemaError) as error:
        serialization.load_pickle(written / "fit.pickle")
    assert error.value.path == REGULARIZATION
    assert "found also exponent" in str(error.value)
    assert "newer release" in str(error.value)


@pytest.mark.parametrize("ending", ["aas", "pickle"])
def test_a_type_that_is_new_is_refused(written, ending):
    with pytest.raises(UnknownTypeError, match=r"Novel"):
        (serialization.load if ending == "aas" else serialization.load_pickle)(written / f"novel.{ending}")


def test_a_newer_wire_is_refused(written):
    with pytest.raises(NewerVersionError, match=f"found 3, written by autoarray-portable {next_release.VERSION}"):
        serialization.load(written / "wire.aas")
