"""`autoarray-state` on files that real releases of PyAutoArray wrote."""

from __future__ import annotations

import contextlib
import json
import warnings

import archives
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pickles import is_inert

import serialization
from serialization import SerializationError
from serialization.__main__ import OK, main
from serialization._legacy.inspect import inspect_pickle
from serialization._legacy.releases import release_from
from serialization._pickle.reader import read_pickle

PAYLOADS = list(archives.payloads())
WARM = [payload for payload in PAYLOADS if payload.is_warm and payload.name == "chain_delaunay"]
# One of each release, and of both backends.
CHAINS = [*{payload.release: payload for payload in WARM if payload.backend == "numpy"}.values(), WARM[-1]]
SMALLEST = min(PAYLOADS, key=lambda payload: payload.path.stat().st_size).data()


def test_there_are_archives():
    assert len(PAYLOADS) > 300
    assert len({payload.release for payload in CHAINS}) >= 4
    assert {payload.backend for payload in CHAINS} == {"numpy", "jax"}
    assert len(CHAINS) == len(set(map(str, CHAINS)))


@pytest.mark.parametrize("release", archives.releases())
def test_every_payload_can_be_inspected(release):
    kinds = set()
    for payload in PAYLOADS:
        if payload.release != release:
            continue
        info = inspect_pickle(payload.data())
        assert info.problems == (), str(payload)
        library = payload.file.removesuffix(".xz").rpartition(".")[2]
        # A cloudpickle that needs nothing of cloudpickle's is a pickle.
        assert info.library == (library if f"{library}.".encode() in payload.data() else "pickle"), str(payload)
        kinds.add(info.backend)
        first, last = info.releases
        last = archives.releases()[-1] if last == "the newest" else last
        assert release_from(first) <= release_from(release) <= release_from(last), str(payload)
    assert kinds == {"numpy", "mixed"}


def test_convert_and_verify(tmp_path, capsys):
    folder = tmp_path / "old"
    folder.mkdir()
    for payload in CHAINS:
        path = folder / f"{payload.release}-{payload.backend}-{payload.file.removesuffix('.xz')}"
        path.write_bytes(payload.data())
    old = sorted(folder.iterdir())
    before = [path.read_bytes() for path in old]
    out = tmp_path / "new"

    assert main(["convert", *map(str, old), "--out", str(out), "--backend", "numpy", "--verify", "--json"]) == OK
    report = json.loads(capsys.readouterr().out)
    assert [row["error"] for row in report] == [None] * len(old)
    assert {row["type"] for row in report} == {"dict"}
    assert [path.read_bytes() for path in old] == before
    for row, path in zip(report, old, strict=True):
        info = serialization.inspect(row["output"])
        assert (info.problems, info.intact, info.backend) == ((), True, "numpy")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", serialization.LegacyWarning)
            expected = serialization.load_pickle(path, backend="numpy")
        found = serialization.load(row["output"])
        for name in ("reconstruction", "regularization_term", "log_det_curvature_reg_matrix_term"):
            one, other = (np.asarray(getattr(graph["inversion"], name)) for graph in (found, expected))
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)

    assert main(["verify", *map(str, old[:2]), *(row["output"] for row in report), "--backend", "numpy"]) == OK
    assert "FAILED" not in capsys.readouterr().out


@given(flips=st.lists(st.tuples(st.integers(0, len(SMALLEST) - 1), st.integers(1, 255)), min_size=1, max_size=3))
@settings(max_examples=200)
def test_a_real_payload_with_flipped_bytes_is_an_error_or_data(flips):
    changed = bytearray(SMALLEST)
    for at, mask in flips:
        changed[at] ^= mask
    with contextlib.suppress(SerializationError):
        assert is_inert(read_pickle(bytes(changed)))
