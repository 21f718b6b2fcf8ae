"""Payloads that break a rule of what is critical, of the registry, or of the order of what is ancillary: H4 to H12."""

from __future__ import annotations

from collections.abc import Iterator

from assemble import LIST, Parts, obj, pack
from bad_headers import change, reorder
from vectors import EMPTY, PAIR, STAR, Vector, writer_named


def of_critical() -> Iterator[Vector]:
    """H4, H5, H7 to H9, and H12."""
    keys = ("backend", "root", "types", "objects", "arrays")
    for key in keys:
        yield Vector(
            f"H4-no-{key}",
            "H4",
            "I",
            f"critical has no {key}.",
            Parts(None, critical=lambda entries, key=key: {other: entries[other] for other in keys if other != key}),
        )
    yield Vector("H4-empty", "H4", "I", "critical is empty.", Parts(None, critical=lambda _: {}))
    for key in ("types", "objects", "arrays"):
        for name, value in (("nil", b"\xc0"), ("map", b"\x80"), ("bin", b"\xc4\0")):
            yield Vector(
                f"H4-{key}-{name}", "H4", "I", f"{key} is no array.", Parts(None, critical=change(**{key: value}))
            )
    for name, order in {
        "root-first": (1, 0, 2, 3, 4),
        "reverse": (4, 3, 2, 1, 0),
        "arrays-before-objects": (0, 1, 2, 4, 3),
    }.items():
        yield Vector(
            f"H4-{name}",
            "H4",
            "C",
            "critical has its keys in another order.",
            Parts(None, critical=reorder(*(keys[place] for place in order))),
        )
    for name, edit in {
        "behind": lambda entries: {**entries, "chunks": b"\xc0"},
        "before": lambda entries: {"chunks": b"\xc0", **entries},
        "upper-case": lambda entries: {**entries, "Backend": pack("numpy")},
        "of-version-1": lambda entries: {**entries, "compression": b"\xc0"},
        "empty": lambda entries: {**entries, "": b"\xc0"},
        "meta": lambda entries: {**entries, "meta": b"\x80"},
    }.items():
        yield from writer_named(
            Vector(
                f"H5-{name}",
                "H5",
                "I",
                "critical has a key that no reader of this page knows.",
                Parts(None, critical=edit),
            )
        )
    for name, value in {
        "other": "cupy",
        "upper-case": "NumPy",
        "empty": "",
        "nil": None,
        "bin": b"numpy",
        "array": ["numpy"],
    }.items():
        yield Vector(f"H7-backend-{name}", "H7", "I", "backend is not numpy, jax or mixed.", Parts(None, backend=value))
    for name, value in {"nil": None, "integer": 1, "bin": b"nil", "array": ["nil"]}.items():
        yield Vector(f"H7-root-{name}", "H7", "I", "root is no string.", Parts(None, root=value))
    yield from _of_type_rows()
    yield from _of_objects()
    for name, entries in {
        "letters": ("b", "a"),
        "longer-first": ("aa", "a"),
        "shorter-first": ("b", "aa"),
        "lower-case-first": ("a", "A"),
        "utf-16": ("\U00010000", "\uff5e"),
    }.items():
        yield Vector(
            f"H12-{name}",
            "H12",
            "C",
            "Keys of ancillary are in another order.",
            Parts(None, ancillary=dict.fromkeys(entries)),
        )


def _of_type_rows() -> Iterator[Vector]:
    name, version, fields, results = STAR
    for what, row in {
        "nil": None,
        "name-alone": name,
        "no-results": [name, version, fields],
        "five": [name, version, fields, results, []],
        "name-nil": [None, version, fields, results],
        "name-bin": [name.encode(), version, fields, results],
        "version-0": [name, 0, fields, results],
        "version-negative": [name, -1, fields, results],
        "version-float": [name, 1.0, fields, results],
        "version-bool": [name, True, fields, results],
        "version-text": [name, "1", fields, results],
        "fields-nil": [name, version, None, results],
        "fields-text": [name, version, "ab", results],
        "field-integer": [name, version, ["name", 1], results],
        "field-bin": [name, version, ["name", b"position"], results],
        "field-twice": [name, version, ["name", "name"], results],
        "results-nil": [name, version, fields, None],
        "result-integer": [name, version, fields, [1]],
        "result-twice": [name, version, fields, ["total", "total"]],
        "field-and-result": [name, version, fields, ["name"]],
    }.items():
        values = [None] * (len(fields) if what != "field-and-result" and "result-" not in what else 4)
        parts = Parts(obj(0), [values], objects=[0], types=[row], root=name)
        yield Vector(f"H8-{what}", "H8", "I", f"A row of types is not as it should be: {what}.", parts)


def _of_objects() -> Iterator[Vector]:
    for name, value in {
        "-4": -4,
        "least": -(2**63),
        "1": 1,
        "most": 2**64 - 1,
        "true": True,
        "float": 0.0,
        "nil": None,
        "text": "0",
        "array": [0],
    }.items():
        parts = Parts(obj(0), [[]], objects=[value], types=[EMPTY], root="vector.Empty")
        yield Vector(f"H9-{name}", "H9", "I", "An item of objects is no object of the rows.", parts)
    yield Vector(
        "H9-no-rows",
        "H9",
        "I",
        "An object has a row, and there is none.",
        Parts(obj(0), [[]], objects=[0], root="list"),
    )


# ------------------------------------------------------------------ the registry


def of_registry() -> Iterator[Vector]:
    """H10 and H11."""
    unused = Parts(obj(0), [[]], objects=[LIST], types=[EMPTY], root="list")
    yield Vector("H10-unused", "H10", "L, seen", "A row of types is not in use.", unused)
    behind = Parts(obj(0), [[]], objects=[0], types=[EMPTY, PAIR], root="vector.Empty")
    yield Vector("H10-unused-behind", "H10", "L, seen", "The last row of types is not in use.", behind)
    before = Parts(obj(0), [[]], objects=[1], types=[PAIR, EMPTY], root="vector.Empty")
    yield Vector("H10-unused-before", "H10", "L, seen", "The first row of types is not in use.", before)
    two = Parts([obj(0), obj(1)], [[], []], objects=[0, 1], types=[EMPTY, EMPTY], root="tuple")
    yield Vector("H10-twice", "H10", "L, seen", "Two rows of types are equal.", two)
    other = Parts([obj(0), obj(1)], [[None, None], []], objects=[1, 0], types=[EMPTY, PAIR], root="tuple")
    yield Vector("H10-order", "H10", "L, seen", "The rows are not in the order in which objects names them.", other)
    for name, why, row in [
        ("unknown-type", "No reader knows the type.", ["vector.Unknown", 1, [], []]),
        ("empty-name", "No type has an empty name.", ["", 1, [], []]),
        ("other-case", "Names of types differ by case.", ["vector.empty", 1, [], []]),
        ("import-path", "A name is no import path.", ["builtins.object", 1, [], []]),
        ("list", "No type has the name of a list.", ["list", 1, [], []]),
        ("newer", "The schema version is newer than that of the reader.", ["vector.Empty", 2, [], []]),
        ("newest", "The schema version is the greatest integer.", ["vector.Empty", 2**64 - 1, [], []]),
        ("no-field", "A field is missing.", ["vector.Star", 1, ["name"], []]),
        ("no-fields", "All fields are missing.", ["vector.Star", 1, [], []]),
        ("other-field", "A field has another name.", ["vector.Star", 1, ["name", "place"], []]),
        ("more-fields", "There is a field too many.", ["vector.Star", 1, ["name", "position", "mass"], []]),
        ("optional-alone", "An optional field stands without the others.", ["vector.Note", 1, ["author"], []]),
        ("fields-of-newer", "The fields are those of version 2.", ["vector.Circle", 1, ["radius"], []]),
        ("fields-of-older", "The fields are those of version 1.", ["vector.Circle", 2, ["diameter"], []]),
        ("result", "The type declares no such result.", ["vector.Sum", 1, ["values"], ["median"]]),
        ("result-of-other", "A type without results has one.", ["vector.Star", 1, ["name", "position"], ["total"]]),
    ]:
        count = len(row[2]) + len(row[3])
        yield Vector(
            f"H11-{name}", "H11", "L", why, Parts(obj(0), [[None] * count], objects=[0], types=[row], root=row[0])
        )
    for name, why, row in [
        (
            "results-order",
            "The results are not in the order of their names.",
            ["vector.Sum", 1, ["values"], ["total", "mean"]],
        ),
        (
            "fields-order",
            "The fields are not in the order of the schema.",
            ["vector.Star", 1, ["position", "name"], []],
        ),
        ("optional-first", "An optional field stands before the others.", ["vector.Note", 1, ["author", "text"], []]),
    ]:
        count = len(row[2]) + len(row[3])
        yield Vector(
            f"H11-{name}", "H11", "C", why, Parts(obj(0), [[None] * count], objects=[0], types=[row], root=row[0])
        )


def vectors() -> Iterator[Vector]:
    """All of them."""
    yield from of_critical()
    yield from of_registry()
