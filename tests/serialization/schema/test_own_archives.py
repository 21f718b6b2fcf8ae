"""What earlier versions of this project wrote is read by this one."""

from __future__ import annotations

import archives
import pytest

import autoarray as aa
import serialization
from serialization._schema import registry

PATTERN = "autoarray-portable-*"
PAYLOADS = archives.payloads(PATTERN)
FITS = [one for one in PAYLOADS if one.entry["kind"] == "fit"]
PRESENT = f"autoarray-portable-{aa.__version__}"


def test_there_are_archives_of_both_backends():
    assert archives.releases(PATTERN)
    for release in archives.releases(PATTERN):
        for backend in ("numpy", "jax"):
            assert (archives.FOLDER / release / backend / "expected.json").is_file(), (release, backend)


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
