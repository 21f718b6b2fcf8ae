"""Our inspector, loader and canonical checker on the vectors in `tests/data/conformance`, made from FORMAT.md alone."""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import json
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import serialization
from autoarray._state import State, derived
from serialization import Migration, SerializationError
from serialization._payload import canonical, codec, wire
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
    check(name, "inspector", lambda: inspect(data))
    if "array" in VECTORS[name]:  # the header is told all the same
        info = serialization.inspect(data)
        assert info.intact is False
        assert len(info.arrays) > VECTORS[name]["array"]


@pytest.mark.parametrize("name", VECTORS)
def test_canonical_checker(name):
    check(name, "canonical", lambda: canonical.check(payload_of(name)))


# ------------------------------------------------------------------ what a payload holds


class Rendering:
    """A graph as README.md of the vectors renders it."""

    def __init__(self, root: object) -> None:
        self._numbers: dict[int, int] = {}
        self._objects: list[Any] = []
        self.arrays: list[Any] = []
        value = self.value(root)
        records = [self._record(each) for each in self._objects]  # grows meanwhile
        self.graph = {"root": value, "objects": records}

    def value(self, value: Any) -> Any:
        kind = type(value)
        if isinstance(value, np.generic):
            return {"scalar": self._scalar(value)}
        if value is None or kind in (bool, str):
            return value
        if kind is int:
            return {"int": str(value)}
        if kind is float:
            return {"float": struct.pack(">d", value).hex()}
        if kind is bytes:
            return {"bytes": value.hex()}
        if kind is complex:
            return {"complex": [struct.pack(">d", part).hex() for part in (value.real, value.imag)]}
        if kind is tuple:
            return {"tuple": list(map(self.value, value))}
        if kind is frozenset:
            return {"frozenset": list(map(self.value, value))}
        is_array = isinstance(value, np.ndarray) or kind.__module__.startswith("jax")
        seen = self.arrays if is_array else self._objects
        if id(value) not in self._numbers:
            self._numbers[id(value)] = len(seen)
            seen.append(value)
        return {"array" if is_array else "object": self._numbers[id(value)]}

    @staticmethod
    def _scalar(value: np.generic) -> list[str]:
        if isinstance(value, np.str_):
            return ["U", str(value)]
        if isinstance(value, np.bytes_):
            return ["S", bytes(value).hex()]
        return [value.dtype.str, np.asarray(value).tobytes().hex()]

    def _record(self, value: Any) -> dict[str, Any]:
        kind = type(value)
        if kind in (list, set):
            return {kind.__name__: list(map(self.value, value))}
        if kind is dict:
            return {"dict": [[self.value(key), self.value(item)] for key, item in value.items()]}
        schema = registry.schema_of(kind)
        state = {name: each for name, each in vars(value).items() if name != "_derived"}
        stored = vars(value)["_derived"].results if "_derived" in vars(value) else {}
        return {
            "type": schema.name,
            "version": schema.version,
            "fields": {name: self.value(each) for name, each in state.items()},
            "results": {name: self.value(each) for name, each in stored.items()},
        }


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


def array_of(array: Any, order: str) -> dict[str, Any]:
    host = np.asarray(array)
    assert array is not host or host.flags[f"{order}_CONTIGUOUS"]
    names = host.dtype.names
    fields = [[name, *(host.dtype.fields[name][place] for place in (0, 1))] for name in names or ()]
    dtype = [host.dtype.itemsize, [[name, inner.str, offset] for name, inner, offset in fields]]
    return {
        "dtype": dtype if names else host.dtype.str,
        "shape": list(host.shape),
        "jax": array is not host,
        "sha256": hashlib.sha256(host.tobytes(order)).hexdigest(),
    }


@pytest.mark.parametrize("name", LOADED)
def test_what_is_loaded(name):
    vector = VECTORS[name]
    root = load(name)
    if "graph" not in vector:  # too deep to render
        return
    rendering = Rendering(root)
    rows = vector["arrays"]
    actual = [array_of(array, row["order"]) for array, row in zip(rendering.arrays, rows, strict=True)]
    for row, array in zip(rows, actual, strict=True):
        assert array["shape"] == row["shape"]
        assert array["sha256"] == row["sha256"]
        assert array["jax"] == (row["jax"] and HAS_JAX)
    if vector["canonical"] == "accept":  # NumPy itself has one form of what others have several
        assert [array["dtype"] for array in actual] == [row["dtype"] for row in rows]
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
