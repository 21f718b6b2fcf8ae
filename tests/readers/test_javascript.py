"""The reader in JavaScript, which was written from FORMAT.md alone: the vectors, and what this release writes.

It needs Node.js 20 or newer, and its packages: `npm ci` in `readers/javascript`, which `make install-dev` runs.
"""

import collections
import hashlib
import json
import shutil
from pathlib import Path

import catalog_cases
import graph
import jax
import mesh_fits
import numpy as np
import pytest
from javascript import PROGRAMS, READER, check, has_zstd, known_types, needs_node, node

import serialization

VECTORS = Path(__file__).parents[1] / "data" / "conformance" / "vectors.json"
RELEASED = Path(__file__).parents[1] / "data" / "released" / "0.1.0" / "cache" / "entries"
pytestmark = needs_node


@pytest.fixture(scope="module")
def types():
    return known_types()


def arrays_of(obj):
    """How often an object graph holds an array: by dtype, shape, backend, and the SHA-256 of its bytes."""
    arrays = collections.Counter()
    for _, value in graph.walk(obj):
        if isinstance(value, (np.ndarray, jax.Array)):
            array = np.asarray(value)
            data = hashlib.sha256(array.tobytes("A")).hexdigest()
            arrays[array.dtype.str, array.shape, isinstance(value, jax.Array), data] += 1
    return arrays


def arrays_in(summary):
    """The same of what the reader says of a payload."""
    rows = summary["arrays"]
    return collections.Counter((row["dtype"], tuple(row["shape"]), row["jax"], row["sha256"]) for row in rows)


def outcomes(summary):
    return [summary[program].get("rule", "") for program in PROGRAMS]


def test_the_tests_of_the_reader_pass():
    node("--test", *sorted((READER / "test").glob("*.test.mjs")))


@pytest.mark.parametrize("compression", [None, "zlib", "shuffle-lz4", "shuffle-zstd"])
@pytest.mark.parametrize("backend", ["numpy", "jax"])
def test_it_reads_a_fit_array_by_array(tmp_path, types, backend, compression):
    names = mesh_fits.MESHES if compression is None else ("adapt_density", "delaunay")
    fits = {name: mesh_fits.fit_on(name, backend) for name in names}
    paths = [serialization.save(fit, tmp_path / f"{name}.aas", compression=compression) for name, fit in fits.items()]
    if compression == "shuffle-zstd" and not has_zstd():
        summaries = check(*paths, types=types, refused=True)
        assert [outcomes(summary) for summary in summaries] == [["A7"] * 3] * len(paths)
        return
    summaries = check(*paths, types=types)
    for path, summary in zip(paths, summaries, strict=True):
        assert outcomes(summary) == ["", "", ""]
        assert (summary["root"], summary["wire"]) == ("autoarray.FitImaging", 2)
        assert summary["backend"] == serialization.inspect(path).backend
        assert arrays_in(summary) == arrays_of(serialization.load(path))
        assert len(summary["arrays"]) > 5


def test_it_reads_what_a_fit_was_before_it_was_written(tmp_path, types):
    fit = mesh_fits.fit_on("delaunay")
    (summary,) = check(serialization.save(fit, tmp_path / "fit.aas"), types=types)
    assert arrays_in(summary).keys() <= arrays_of(fit).keys()
    read = [(row["dtype"], tuple(row["shape"])) for row in summary["arrays"]]
    assert read == [(row.dtype, row.shape) for row in serialization.inspect(tmp_path / "fit.aas").arrays]


def test_it_gives_a_payload_the_same_identity(tmp_path):
    fit = mesh_fits.fit_on("delaunay")
    plain = serialization.save(fit, tmp_path / "plain.aas")
    noted = serialization.save(fit, tmp_path / "noted.aas", compression="zlib", meta={"note": "x"})
    lines = node("bin.mjs", "identity", plain, noted).splitlines()
    assert [line.split("  ")[0] for line in lines] == [serialization.identity(plain)] * 2


def test_it_reads_plain_values_and_graphs(tmp_path, types):
    values = {
        "tuple": (1, -1, 2**63, -(2**63), 2**200, -(2**200), 0.5, float("nan"), "λ", b"\0", True, None, 1j),
        "list": [[], {}, set(), frozenset({1, (2, "x")}), np.float32(1.5), np.str_("a\0"), np.datetime64(1, "s")],
        "dict": {1: "a", (1, 2): "b", "c": {"d": np.arange(6.0).reshape(2, 3).T}, np.int8(3): np.array(5)},
        "array": np.zeros(3, np.dtype([("x", "<f4"), ("on", "?")], align=True)),
        "nil": None, "bool": True, "int": 2**70, "float": 1.5, "str": "x" * 70000, "bytes": bytes(300),
        "set": {1, 2, "x"}, "frozenset": frozenset({b"x"}), "complex": 2j, "scalar": np.float64(1),
        "big": np.arange(300, dtype=">i2").reshape(2, 3, 50), "empty": np.empty((0, 4), "U3"),
    }  # fmt: skip
    roots = {"big": "array", "empty": "array"}
    paths = [serialization.save(value, tmp_path / f"{name}.aas") for name, value in values.items()]
    for name, summary in zip(values, check(*paths, types=types), strict=True):
        assert (outcomes(summary), summary["root"]) == (["", "", ""], roots.get(name, name))


def test_it_reads_every_type(tmp_path, types):
    paths = [serialization.save(make(), tmp_path / f"{name}.aas") for name, make in catalog_cases.CASES.items()]
    for name, summary in zip(catalog_cases.CASES, check(*paths, types=types), strict=True):
        assert (outcomes(summary), summary["root"]) == (["", "", ""], name)


def test_a_version_1_payload_is_refused_with_the_name_of_its_writer(tmp_path):
    paths = [Path(shutil.copy(path, tmp_path)) for path in sorted(RELEASED.glob("*.aas"))]
    summaries = check(*paths, types={}, refused=True)
    assert [outcomes(summary) for summary in summaries] == [["P3"] * 3] * 2
    assert all("autoarray-portable 0.1.0" in summary["inspector"]["message"] for summary in summaries)


def test_it_says_of_each_vector_what_the_page_asks_for(tmp_path):
    if not VECTORS.exists():
        pytest.skip("tests/data/conformance/vectors.json is not here")
    conformance = json.loads(VECTORS.read_text(encoding="utf-8"))
    vectors = conformance["vectors"]
    paths = [tmp_path / f"{number}.aas" for number in range(len(vectors))]
    for path, vector in zip(paths, vectors, strict=True):
        path.write_bytes(bytes.fromhex(vector["payload"]))
    summaries = check(*paths, types=types_of(conformance["registry"]), refused=True)
    assert len(vectors) > 500
    wrong = []
    zstd = has_zstd()
    for vector, summary in zip(vectors, summaries, strict=True):
        expected = expected_of(vector, zstd)
        wrong += [
            (vector["name"], program, outcome, summary[program])
            for program, outcome in expected.items()
            if outcome not in ("either", summary[program].get("rule", ""))
        ]
        if "names_writer" in vector:
            assert "some-writer 9.9" in summary["inspector" if vector["inspector"] == "refuse" else "loader"]["message"]
        if "arrays" in vector and not summary["inspector"].get("rule"):
            keys = ("dtype", "shape", "order", "jax", "sha256")
            assert [[row[key] for key in keys] for row in summary["arrays"]] == [
                [row[key] for key in keys] for row in vector["arrays"]
            ]
    assert wrong == []


def types_of(rows):
    """The registry of the vectors, as the reader takes it."""
    return {
        name: {**row.get("older", {}), str(row["version"]): row, "results": row["results"]}
        for name, row in rows.items()
    }


# Keys that are equal in JavaScript, which a loader may refuse by B8.
EQUAL_IN_JAVASCRIPT = {"keys-of-nan"}


def expected_of(vector, zstd):
    """For each program the rule by which it has to refuse a vector, "" where it has to accept it, or "either"."""
    names = {row.get("compression") for row in vector.get("arrays", ())}
    if not zstd and ("shuffle-zstd" in names or b"shuffle-zstd" in bytes.fromhex(vector["payload"])):
        return dict.fromkeys(PROGRAMS, "either" if vector["rule"] else "A7")
    meanings = {"accept": "", "refuse": vector["rule"], "either": "either"}
    expected = {program: meanings[vector[program]] for program in PROGRAMS}
    return expected | ({"loader": "either"} if vector["name"] in EQUAL_IN_JAVASCRIPT else {})
