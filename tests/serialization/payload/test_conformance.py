"""Our inspector, loader and canonical checker on the vectors in `tests/data/conformance`, made from FORMAT.md alone."""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from renderings import Rendering

import serialization
from autoarray._state import State, derived
from serialization import Migration, SerializationError
from serialization._payload import codec, wire
from serialization._payload.canonical import check_canonical
from serialization._payload.identity import identity
from serialization._schema import registry

FOLDER = Path(__file__).parents[2] / "data" / "conformance"
FILE = json.loads((FOLDER / "vectors.json").read_text())
VECTORS = {vector["name"]: vector for vector in FILE["vectors"]}
LOADED = [name for name, vector in VECTORS.items() if vector["loader"] == "accept"]
HAS_JAX = importlib.util.find_spec("jax") is not None
WRITER = "some-writer 9.9"


class Empty:
    """No state."""


class Star:
    """Of a name and a position."""


class Pair:
    """Of two values."""


class Note:
    """Of a text, and maybe more."""


class Flag(State):
    """With the flag of its backend."""


class Sum(State):
    """With results."""

    @derived(travels=True)
    def mean(self):
        """Never computed here."""

    @derived(travels=True)
    def total(self):
        """Never computed here."""


class Circle:
    """Whose state was the diameter once."""


def _1_to_2_radius(state):
    return {"radius": state["diameter"] / 2}


OLDER = {"vector.Circle": {1: Migration(("diameter",), _1_to_2_radius)}}
for _cls in (Empty, Star, Pair, Note, Flag, Sum, Circle):
    _row = FILE["registry"][f"vector.{_cls.__name__}"]
    serialization.register(
        _cls,
        name=f"vector.{_cls.__name__}",
        version=_row["version"],
        fields=_row["fields"],
        optional=_row["optional"],
        migrations=OLDER.get(f"vector.{_cls.__name__}"),
    )


def payload_of(name: str) -> bytes:
    return bytes.fromhex(VECTORS[name]["payload"])


def load(name: str) -> Any:
    return serialization.loads(payload_of(name), backend=None if HAS_JAX else "numpy")


# ------------------------------------------------------------------ the vectors themselves


def test_the_script_makes_the_same_bytes(tmp_path):
    subprocess.run([sys.executable, FOLDER / "make_vectors.py", tmp_path / "vectors.json"], check=True)
    assert (tmp_path / "vectors.json").read_bytes() == (FOLDER / "vectors.json").read_bytes()


def test_the_script_knows_nothing_of_the_project():
    text = "".join(path.read_text() for path in FOLDER.glob("*.py"))
    assert "import serialization" not in text
    assert "from serialization" not in text
    assert "autoarray" not in text


def test_each_rule_is_broken():
    page = (FOLDER.parents[2] / "FORMAT.md").read_text()
    rules = set(re.findall(r"\*\*([PHBA]\d+)\*\*", page))
    own = {vector["rule"] for vector in VECTORS.values()} - {None}
    assert len(rules) == 6 + 12 + 12 + 10
    assert rules - own == {"H6"}  # which names A6 and A7
    assert len(VECTORS) == len(FILE["vectors"])


def test_the_types_are_those_of_the_file():
    for name, row in FILE["registry"].items():
        schema = registry.find(name)
        assert (schema.version, list(schema.fields), list(schema.optional)) == (
            row["version"],
            row["fields"],
            row["optional"],
        )
        assert sorted(schema.result_names) == row["results"]
        assert {str(version): list(each.fields) for version, each in schema.migrations.items()} == {
            version: each["fields"] for version, each in row.get("older", {}).items()
        }


# ------------------------------------------------------------------ what each program says


def check(name: str, program: str, run: Callable[[], object]) -> None:
    """Whether a program does what a vector says; it raises to refuse."""
    vector = VECTORS[name]
    refusal = None
    try:
        run()
    except SerializationError as error:
        refusal = str(error)
    if refusal is None:
        assert vector[program] != "refuse", vector["why"]
    else:
        assert vector[program] != "accept", refusal
        assert not vector.get("names_writer") or WRITER in refusal


def inspect(data: bytes) -> serialization.PayloadInfo:
    """What an inspector tells, or its refusal: `serialization.inspect` describes what it refuses as far as it can."""
    info = serialization.inspect(data)
    unknown = [problem for problem in info.problems if "expected" in problem]
    if unknown:
        raise SerializationError(f"{unknown[0]}, written by {' '.join(info.writer or ())}")
    if info.intact is False:
        raise SerializationError("the digests do not agree with the bytes")
    return info


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("name", VECTORS)
def test_loader(name, known):
    codec._plans.clear()
    if known:  # the headers that many vectors have, but for what is wrong with them
        load("root-nil")
        load("star")
    check(name, "loader", lambda: load(name))


@pytest.mark.parametrize("name", VECTORS)
def test_inspector(name):
    data = payload_of(name)
    vector = VECTORS[name]
    if vector["rule"] is not None and vector["inspector"] == "accept":
        # `inspect` looks into the body too, for the paths, and tells what an inspector need not look for.
        assert serialization.inspect(data).nbytes == len(data)
    else:
        check(name, "inspector", lambda: inspect(data))
    if "array" in VECTORS[name]:  # the header is told all the same
        info = serialization.inspect(data)
        assert info.intact is False
        assert len(info.arrays) > VECTORS[name]["array"]


@pytest.mark.parametrize("name", VECTORS)
def test_canonical_checker(name):
    check(name, "canonical", lambda: check_canonical(payload_of(name)))


# ------------------------------------------------------------------ what a payload holds


def without_order(value: Any) -> Any:
    """Sets in an order of their own, whatever the order in which they were told."""
    if isinstance(value, dict):
        value = {key: without_order(each) for key, each in value.items()}
        return {
            key: sorted(each, key=json.dumps) if key in ("set", "frozenset") else each for key, each in value.items()
        }
    return list(map(without_order, value)) if isinstance(value, list) else value


def with_flags_off(graph: dict[str, Any]) -> dict[str, Any]:
    graph = copy.deepcopy(graph)
    for each in graph["objects"]:
        if each.get("fields", {}).get("_use_jax"):
            each["fields"]["_use_jax"] = False
    return graph


def has_older(vector: dict[str, Any]) -> bool:
    versions = {name: row["version"] for name, row in FILE["registry"].items()}
    objects = vector.get("graph", {"objects": []})["objects"]
    return any("type" in each and each["version"] != versions[each["type"]] for each in objects)


@pytest.mark.parametrize("name", LOADED)
def test_what_is_loaded(name):
    vector = VECTORS[name]
    root = load(name)
    if "graph" not in vector:  # too deep to render
        return
    rendering = Rendering(root)
    rows = vector["arrays"]
    for array, told, row in zip(rendering.arrays, rendering.rows, rows, strict=True):
        assert told["shape"] == row["shape"]
        assert told["jax"] == (row["jax"] and HAS_JAX)
        assert told["jax"] or array.flags[f"{row['order']}_CONTIGUOUS"]
        assert hashlib.sha256(np.asarray(array).tobytes(row["order"])).hexdigest() == row["sha256"]
    if vector["canonical"] == "accept":  # NumPy itself has one form of what others have several
        assert [told["dtype"] for told in rendering.rows] == [row["dtype"] for row in rows]
        if not has_older(vector):
            graph = vector["graph"] if HAS_JAX else with_flags_off(vector["graph"])
            assert without_order(rendering.graph) == without_order(graph)


def test_an_older_schema_is_brought_to_the_newest():
    old, new = load("older-schema")
    assert (type(old), vars(old), vars(new)) == (Circle, {"radius": 2.5}, {"radius": 2.5})


@pytest.mark.parametrize("name", [name for name in LOADED if VECTORS[name]["arrays"]])
def test_what_an_inspector_tells_of_arrays(name):
    info = inspect(payload_of(name))
    for array, row in zip(info.arrays, VECTORS[name]["arrays"], strict=True):
        told = (list(array.shape), array.order, array.jax, array.compression)
        assert told == (row["shape"], row["order"], row["jax"], row["compression"])
        assert not isinstance(row["dtype"], str) or array.dtype == row["dtype"]


@pytest.mark.parametrize("name", [name for name in VECTORS if "identity" in VECTORS[name]])
def test_identity(name):
    assert identity(payload_of(name)) == VECTORS[name]["identity"]


def is_written_alike(vector: dict[str, Any]) -> bool:
    """Whether it is written as it was read: JAX keeps no order, and a tuple may be too deep for the writer."""
    in_other_order = any(row["jax"] and row["order"] == "F" for row in vector["arrays"])
    return "identity" in vector and "graph" in vector and not has_older(vector) and not in_other_order


IDENTIFIED = [name for name in LOADED if is_written_alike(VECTORS[name])]


@pytest.mark.parametrize("name", IDENTIFIED if HAS_JAX else [])
def test_the_same_bytes_are_written(name, monkeypatch):
    """What is loaded is written with the bytes that the page prescribes, which the identity is made of."""
    monkeypatch.setattr(wire, "WRITER", ("", ""))
    written = serialization.dumps(load(name))
    assert f"aas:sha256:{hashlib.sha256(written).hexdigest()}" == VECTORS[name]["identity"]
