"""The tables of docs/schemas.md, from the registry: `python -m serialization._legacy.schema_page > docs/schemas.md`."""

from __future__ import annotations

from collections.abc import Iterator

from serialization._legacy import releases, types
from serialization._schema import registry
from serialization._schema.schema import Schema

_HEAD = """\
# Schema versions

This page lists every type that payloads of `autoarray` hold, each version of its state, and the releases that wrote it.
`python -m serialization._legacy.schema_page` makes the page from the registry, and a test compares the two.

Meshes, interpolators and geometries have the versions 1 to 6 of PyAutoArray: each is the state that some of its
releases wrote, under the class name in the last column. `load_pickle` finds the version in the state itself. No release
wrote some of these versions: the type came later, had another name or was gone. Such a version only leads from one to
the next. Version 7 is the first of this project. It adds what no release stored, such as the order of the row weights.

All other types began with version 1. Their old states differ from today's in caches, or in attributes that came later,
and `load_pickle` turns them into version 1 directly, whichever release wrote them. Where one has a version 2, a release
of this project added to its fields.
"""
_FIELDS = """
## Fields

The record of an object holds the values of these fields, in this order, and then those of its results that are stored,
in the order of their names. A field is there in every record. [JSON Schemas](json_schemas.md) say what each holds, and
have the fields of the older versions too.

A flag, `_use_jax`, is a bool in every type that has it, and so is `_is_transformed`. A field that is named after a type
(`mask`, `mesh`, `psf`, `settings`, ...) holds an object of that type, or nil where there may be none. Grids, data and
weights are arrays, or objects that hold one. A loader refuses other values before it hands out the object.

Other packages register types of their own, under names that don't begin with `autoarray.`.
"""


def schema_page() -> str:
    """The page."""
    versions = ["| type | version | written by | class there |", "| --- | --- | --- | --- |", *_versions()]
    fields = ["| type | version | fields | results |", "| --- | --- | --- | --- |", *_fields()]
    return "\n".join([_HEAD, *versions, _FIELDS, *fields, ""])


def _schemas() -> Iterator[Schema]:
    for name in registry.names():
        if name.startswith("autoarray."):
            schema = registry.find(name)
            assert schema is not None
            yield schema


def _fields() -> Iterator[str]:
    for schema in _schemas():
        fields, results = (
            ", ".join(f"`{name}`" for name in names) for names in (schema.all_fields, sorted(schema.result_names))
        )
        yield f"| `{schema.name}` | {schema.version} | {fields} | {results} |"


def _versions() -> Iterator[str]:
    former: dict[tuple[str, int], list[str]] = {}
    for target, alternatives in types.FAMILY.items():
        for alternative in alternatives:
            for version in alternative.versions:
                former.setdefault((alternative.type, version), []).append(target.rpartition(":")[2])
    others = {rule.type: target.rpartition(":")[2] for target, rule in types.OTHERS.items()}
    others["autoarray.ImagingSparseOperator"] = "ImagingSparseOperator"  # of the dataset that has it
    for schema in _schemas():
        name = schema.name
        for version in schema.versions:
            classes = ", ".join(f"`{cls}`" for cls in former.get((name, version), []))
            writers = [_window(name, version)] if classes else []
            if name in others and version == schema.versions[0]:
                writers, classes = ["PyAutoArray (converted)"], f"`{others[name]}`"
            if version >= types.FIRST_OWN.get(schema.target, 1):
                writers.append("this project")
            yield f"| `{name}` | {version} | {'; '.join(writers) or 'no release'} | {classes} |"


# Types that came within the releases of one version.
_CAME = {"autoarray.mesh.DelaunayNN": (2026, 8, 14, 1), "autoarray.InterpolatorDelaunayNN": (2026, 8, 14, 1)}


def _window(name: str, version: int) -> str:
    low, high = releases.SCHEMAS[version]
    low, high = max(low, _CAME.get(name, low)), min(high, releases.LAST)
    return " to ".join(".".join(map(str, release)) for release in (low, high))


if __name__ == "__main__":
    import sys

    sys.stdout.write(schema_page())
