"""What earlier versions of this project wrote is read by this one."""

from __future__ import annotations

import archives
import pytest

import autoarray as aa
import serialization
from serialization._legacy.types import FIRST_OWN
from serialization._schema import registry

PATTERN = "autoarray-portable-*"
PAYLOADS = archives.payloads(PATTERN)
FITS = [one for one in PAYLOADS if one.entry["kind"] == "fit"]
PRESENT = f"autoarray-portable-{aa.__version__}"


def own_types():
    return {name: registry.find(name).version for name in registry.names() if name.startswith("autoarray.")}


def test_there_are_archives_of_both_backends():
    assert archives.releases(PATTERN)
    for release in archives.releases(PATTERN):
        for backend in ("numpy", "jax"):
            assert (archives.FOLDER / release / backend / "expected.json").is_file(), (release, backend)


def test_the_archives_cover_every_type_at_its_present_version():
    """Who changes a schema raises the version of the project, and writes its archive when it is released."""
    if PRESENT not in archives.releases(PATTERN):
        pytest.fail(f"no archive of {PRESENT}: run tests/data/archives/make_own_payloads.py")
    for backend in ("numpy", "jax"):
        found = archives.described(PRESENT, backend)["objects"]["types"]["types"]
        assert found == own_types(), backend


def test_the_names_of_fields_tell_the_version_of_a_pickle():
    """Of the states that releases of this project wrote; those of PyAutoArray end at version 6."""
    for name in registry.names():
        schema = registry.find(name)
        own = [version for version in schema.versions if version >= FIRST_OWN.get(schema.target, 1)]
        states = {frozenset(schema.fields_at(version)[0]) for version in own}
        assert len(states) == len(own), name


@pytest.mark.parametrize("payload", PAYLOADS, ids=str)
def test_no_archive_is_newer_than_the_registry(payload):
    info = serialization.inspect(payload.data())
    assert info.problems == ()
    for row in info.types:
        assert row.version <= registry.find(row.name).version, row.name
    assert {row.name: row.version for row in info.types} == payload.entry["types"]


@pytest.mark.parametrize("payload", FITS, ids=str)
def test_numbers_on_numpy(payload):
    fit = serialization.loads(payload.data(), backend="numpy")
    assert fit._xp.__name__ == "numpy"
    assert archives.failed(archives.compare_own(fit, payload.values)) == []
    again = aa.FitImaging(dataset=fit.dataset, inversion=fit.inversion._with())
    assert archives.failed(archives.compare_own(again, payload.values)) == []


@pytest.mark.parametrize("payload", PAYLOADS, ids=str)
def test_it_restores_as_written(payload):
    if payload.backend == "jax":
        pytest.importorskip("jax")
    root = serialization.loads(payload.data())
    if payload.entry["kind"] == "fit":
        assert root.use_jax is (payload.backend == "jax")
        # What travels is exactly what it was.
        assert float(root.log_evidence) - payload.values["log_evidence"] == 0.0
    else:
        assert set(root) == set(payload.entry["types"])
        assert all(name.rpartition(".")[2] == type(value).__name__ for name, value in root.items())
