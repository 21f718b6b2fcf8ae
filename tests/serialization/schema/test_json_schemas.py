"""The JSON Schemas in docs/schemas: what they admit is what is written, and what the loader takes.

`test_recipe.py` compares the files with the registry.
"""

from __future__ import annotations

import json
import lzma
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from catalog_cases import CASES
from json_schemas import FOLDER, Validator, schema_file
from renderings import Rendering

import serialization
from serialization._schema import registry

ROOT = Path(__file__).parents[3]
VECTORS = json.loads((ROOT / "tests" / "data" / "conformance" / "vectors.json").read_text())["vectors"]
ARCHIVES = sorted((ROOT / "tests" / "data" / "archives").glob("autoarray-portable-*/numpy/*.aas.xz"))
NAMES = [name for name in registry.names() if name.startswith("autoarray.")]


def misfits(root: object) -> list[Any]:
    """The records of a graph that do not fit the schemas of their types."""
    rendering = Rendering(root)
    objects = rendering.graph["objects"]
    validator = Validator(objects, rendering.rows)
    assert validator.fits("values.json", {**rendering.graph, "arrays": rendering.rows})
    typed = [record for record in objects if record.get("type", "").startswith("autoarray.")]
    return [record for record in typed if not validator.fits(f"{record['type']}.json", record)]


@pytest.mark.parametrize("name", NAMES)
def test_an_object_of_each_type_fits(name):
    value = CASES[name]()
    assert misfits(value) == []
    assert Rendering(value).graph["objects"][0]["type"] == name


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.name)
def test_what_releases_wrote_fits(path):
    assert misfits(serialization.loads(lzma.decompress(path.read_bytes()), backend="numpy")) == []


def test_there_are_archives():
    assert len(ARCHIVES) >= 5


# Values of each kind: what the loader says of them, the schemas say too.
VALUES: list[Any] = [None, True, 5, 2.5, "text", b"bytes", 1j, (1,), [], {}, set(), frozenset()]
VALUES += [np.float64(1.0), np.int32(1), np.True_, np.datetime64(1, "s")]
VALUES += [np.zeros((1,) * dimensions, bool) for dimensions in range(6)]


def objects_of_all_types() -> list[Any]:
    classes = [registry.find(name).resolve() for name in NAMES]
    return [object.__new__(cls) for cls in classes]


@pytest.mark.parametrize("name", NAMES)
def test_a_field_admits_what_the_loader_admits(name):
    schema = registry.find(name)
    file = f"{name}.json"
    fields = schema_file(file)["$defs"][str(schema.version)]["properties"]["fields"]["properties"]
    assert tuple(fields) == schema.all_fields
    for value in [*VALUES, *objects_of_all_types()]:
        rendering = Rendering(value)
        validator = Validator(rendering.graph["objects"], rendering.rows)
        for field, rule in fields.items():
            kind = schema.kinds.get(field)
            admitted = kind is None or kind.fits(value)
            assert validator.fits_schema(rule, rendering.graph["root"], file) == admitted, (field, value)


def test_other_records_do_not_fit():
    record = Rendering(CASES["autoarray.mesh.Delaunay"]()).graph["objects"][0]
    fits = Validator([record], []).fits
    file = "autoarray.mesh.Delaunay.json"
    assert fits(file, record)
    fields = record["fields"]
    without = {name: fields[name] for name in list(fields)[1:]}
    for other in (
        {**record, "version": 5},
        {**record, "version": 7},
        {**record, "type": "autoarray.mesh.DelaunayNN"},
        {**record, "fields": without},
        {**record, "fields": {**fields, "more": None}},
        {**record, "results": {"total": None}},
        {**record, "more": None},
        {name: record[name] for name in ("type", "version", "fields")},
    ):
        assert not fits(file, other)


def test_older_versions_have_their_fields():
    for name in NAMES:
        schema = registry.find(name)
        versions = schema_file(f"{name}.json")["$defs"]
        assert list(versions) == [str(version) for version in reversed(schema.versions)]
        for version in schema.versions:
            fields, optional = schema.fields_at(version)
            told = versions[str(version)]["properties"]["fields"]
            assert (tuple(told["properties"]), tuple(told["required"])) == ((*fields, *optional), fields)


def test_a_mask_of_numbers_does_not_fit():
    rendering = Rendering(CASES["autoarray.Mask2D"]())
    (record,), (row,) = rendering.graph["objects"], rendering.rows
    assert Validator([record], [row]).fits("autoarray.Mask2D.json", record)
    assert not Validator([record], [{**row, "dtype": "<f8"}]).fits("autoarray.Mask2D.json", record)
    assert not Validator([record], [{**row, "shape": [3]}]).fits("autoarray.Mask2D.json", record)


# ------------------------------------------------------------------ values.json


@pytest.mark.parametrize(
    "vector", [vector for vector in VECTORS if "graph" in vector], ids=lambda vector: vector["name"]
)
def test_the_graphs_of_the_vectors_fit(vector):
    payload = {**vector["graph"], "arrays": vector["arrays"]}
    assert Validator(payload["objects"], payload["arrays"]).fits("values.json", payload)


@pytest.mark.parametrize(
    "value", [1, 1.5, [], {}, {"int": 5}, {"int": "05"}, {"int": "-0"}, {"float": "00"}, {"list": []}]
)
def test_what_is_no_value_does_not_fit(value):
    assert not Validator([], []).fits("values.json", {"root": value, "objects": [], "arrays": []})


def test_a_dtype_is_what_the_format_says():
    (pattern,) = re.findall(r"^ *(\\\|\[biu\]1.*)$", (ROOT / "FORMAT.md").read_text(), re.MULTILINE)
    assert schema_file("values.json")["$defs"]["dtype"]["pattern"] == f"^({pattern})$"


def test_every_file_is_json_schema():
    for path in FOLDER.glob("*.json"):
        assert schema_file(path.name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema_file(path.name)["$id"] == path.name
