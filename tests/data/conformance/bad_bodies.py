"""Payloads that break a rule of the body as a whole: B1 to B6."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from assemble import DICT, LIST, SET, Array, Parts, arr, ext, frozen, obj, pack
from vectors import EMPTY, STAR, Vector, writer_named

ONE = Array("<f8", [1], struct.pack("<d", 0.5))
OTHER = Array("<i2", [1], b"\1\2")
BAD_TEXTS = {
    "byte-ff": b"\xff",
    "cut-off": b"\xc3",
    "too-long": b"\xc0\x80",
    "surrogate": b"\xed\xa0\x80",
    "beyond-unicode": b"\xf4\x90\x80\x80",
    "latin-1": b"caf\xe9",
}


def raw(value: bytes, root: str = "tuple") -> Parts:
    """A payload whose root is packed already."""
    return Parts(body=b"\x91" + value, root=root)


def tuple_of(value: bytes) -> Parts:
    """A payload whose root is a tuple of one value, which is packed already."""
    return raw(b"\x91" + value)


def listed(*records: Any, **more: Any) -> Parts:
    """A payload whose root is the first of some lists."""
    return Parts(obj(0), list(records), root="list", **more)


def keyed(*record: Any, records: tuple[Any, ...] = (), objects: tuple[int, ...] = (), **more: Any) -> Parts:
    """A payload whose root is a dict, with more records."""
    return Parts(obj(0), [list(record), *records], objects=[DICT, *objects], root="dict", **more)


# ------------------------------------------------------------------ the form of the body


def of_form() -> Iterator[Vector]:
    """B1 to B4."""
    empty = obj(0)
    for name, why, parts in [
        ("empty", "The body has no bytes.", Parts(body=b"")),
        ("two", "A second object follows the array.", Parts(body=b"\x91\xc0\xc0")),
        ("cut-off", "The array has one item less than it says.", Parts(body=b"\x92\xc0", objects=[LIST])),
        ("nil", "The body is nil.", Parts(body=b"\xc0")),
        ("bin", "The body is a bin.", Parts(body=b"\xc4\x01\x00")),
        ("no-root", "The array has no item.", Parts(body=b"\x90")),
        ("no-record", "There is one record less than objects.", Parts(obj(0), objects=[LIST], root="list")),
        ("record-more", "There is one record more than objects.", Parts(None, [[]], objects=[])),
        ("objects-more", "There are more objects than bytes.", Parts(obj(0), [[]], objects=[LIST] * 1000, root="list")),
        ("record-nil", "A record is nil.", listed(None)),
        ("record-number", "A record is a number.", listed(0)),
        ("record-text", "A record is a string.", listed("text")),
        ("record-bin", "A record is a bin.", listed(b"bin")),
        ("record-reference", "A record is a reference to itself.", listed(obj(0))),
        (
            "record-frozenset",
            "The record of a set is a frozenset.",
            Parts(obj(0), [frozen(1)], objects=[SET], root="set"),
        ),
        (
            "short-record",
            "A record has one value less than its row.",
            Parts(obj(0), [["Vega"]], objects=[0], types=[STAR], root="vector.Star"),
        ),
        (
            "long-record",
            "A record has one value more than its row.",
            Parts(obj(0), [["Vega", 1, 2]], objects=[0], types=[STAR], root="vector.Star"),
        ),
        (
            "record-of-no-field",
            "A record has a value, and its row has none.",
            Parts(obj(0), [[1]], objects=[0], types=[EMPTY], root="vector.Empty"),
        ),
        (
            "no-result",
            "A record lacks its result.",
            Parts(obj(0), [[[1]]], objects=[0], types=[["vector.Sum", 1, ["values"], ["total"]]], root="vector.Sum"),
        ),
        ("odd-dict", "A key has no value.", keyed("a", 1, "b")),
        ("array-too-long", "An array claims 2^32 - 1 items.", raw(b"\xdd\xff\xff\xff\xff")),
        ("array16-too-long", "An array claims 65,535 items.", tuple_of(b"\xdc\xff\xff")),
        ("map-too-long", "A map claims 2^32 - 1 entries.", raw(b"\xdf\xff\xff\xff\xff", "dict")),
        ("bin-too-long", "A bin claims 2^32 - 1 bytes.", raw(b"\xc6\xff\xff\xff\xff", "bytes")),
        ("str-too-long", "A string claims 31 bytes.", raw(b"\xbf", "str")),
        ("ext-too-long", "An ext type claims 2^32 - 1 bytes.", raw(b"\xc9\xff\xff\xff\xff\x04", "complex")),
        ("float-cut-off", "A float has three bytes.", raw(b"\xcb\x3f\xf8\x00", "float")),
        ("no-msgpack", "The byte c1 is no msgpack.", raw(b"\xc1", "nil")),
    ]:
        yield Vector(f"B1-{name}", "B1", "L", why, parts)
    for name, parts in {
        "root": raw(b"\x80", "dict"),
        "value": listed({"a": 1}),
        "tuple": raw(b"\x91\x80"),
        "key": keyed({}, 1),
        "frozenset": Parts(ext(6, b"\x91\x80"), root="frozenset"),
        "record": Parts(empty, [{"a": 1}], objects=[DICT], root="dict"),
    }.items():
        yield Vector(f"B2-map-{name}", "B2", "L", f"There is a map: {name}.", parts)
    for name, text in BAD_TEXTS.items():
        yield Vector(
            f"B2-text-{name}",
            "B2",
            "L",
            f"A string is not UTF-8: {name}.",
            raw(bytes([0xA0 | len(text)]) + text, "str"),
        )
    bad = b"\xa1\xff"
    yield Vector(
        "B2-text-key",
        "B2",
        "L",
        "A key is not UTF-8.",
        Parts(body=b"\x92" + pack(obj(0)) + b"\x92" + bad + b"\x01", objects=[DICT], root="dict"),
    )
    yield Vector(
        "B2-text-frozenset",
        "B2",
        "L",
        "An element of a frozenset is not UTF-8.",
        Parts(ext(6, b"\x91" + bad), root="frozenset"),
    )
    yield Vector("B2-text-scalar", "B2", "L", "A scalar of text is not UTF-8.", Parts(ext(3, b"U\xff"), root="scalar"))
    for code in (0, 7, 42, 127, -1, -128):
        yield from writer_named(
            Vector(
                f"B3-{code}",
                "B3",
                "L",
                f"No reader of this page knows ext code {code}.",
                tuple_of(b"\xd6" + code.to_bytes(1, "big", signed=True) + b"\0\0\0\1"),
            )
        )
    yield from writer_named(
        Vector("B3-timestamp-64", "B3", "L", "A timestamp of 64 bits.", tuple_of(b"\xd7\xff" + bytes(7) + b"\1")),
        Vector("B3-timestamp-96", "B3", "L", "A timestamp of 96 bits.", tuple_of(b"\xc7\x0c\xff" + bytes(11) + b"\1")),
        Vector("B3-timestamp-3", "B3", "L", "A timestamp of 3 bytes.", tuple_of(b"\xc7\x03\xff\0\0\1")),
        Vector("B3-key", "B3", "L", "A key has an unknown ext code.", keyed(ext(7, b"a"), 1)),
        Vector("B3-empty", "B3", "L", "An ext type without data has an unknown code.", tuple_of(b"\xc7\x00\x07")),
        Vector(
            "B3-frozenset",
            "B3",
            "L",
            "An element of a frozenset has an unknown ext code.",
            Parts(frozen(ext(7, b"a")), root="frozenset"),
        ),
    )
    half = b"\xca\x3f\x00\x00\x00"
    yield Vector("B4-float32", "B4", "L", "A float of 32 bits.", raw(half, "float"))
    yield Vector("B4-float32-inside", "B4", "L", "A float of 32 bits in a tuple.", tuple_of(half))
    yield Vector("B4-float32-nan", "B4", "L", "A NaN of 32 bits.", tuple_of(b"\xca\x7f\xc0\x00\x00"))
    yield Vector(
        "B4-float32-key",
        "B4",
        "L",
        "A key is a float of 32 bits.",
        Parts(body=b"\x92" + pack(obj(0)) + b"\x92" + half + b"\x01", objects=[DICT], root="dict"),
    )
    yield Vector(
        "B4-float32-frozenset",
        "B4",
        "L",
        "An element of a frozenset is a float of 32 bits.",
        Parts(ext(6, b"\x91" + half), root="frozenset"),
    )
    yield from _of_lengths()


def _of_lengths() -> Iterator[Vector]:
    for name, packed in {
        "1-as-u8": b"\xcc\x01",
        "1-as-u16": b"\xcd\x00\x01",
        "1-as-u32": b"\xce\x00\x00\x00\x01",
        "1-as-u64": b"\xcf" + bytes(7) + b"\x01",
        "1-as-i8": b"\xd0\x01",
        "1-as-i64": b"\xd3" + bytes(7) + b"\x01",
        "minus-1-as-i8": b"\xd0\xff",
        "minus-1-as-i64": b"\xd3" + b"\xff" * 8,
        "minus-33-as-i16": b"\xd1\xff\xdf",
        "200-as-i16": b"\xd1\x00\xc8",
        "1000-as-i16": b"\xd1\x03\xe8",
        "70000-as-i32": b"\xd2\x00\x01\x11\x70",
        "2-32-as-i64": b"\xd3\x00\x00\x00\x01\x00\x00\x00\x00",
        "str8": b"\xd9\x01a",
        "str16": b"\xda\x00\x01a",
        "str32": b"\xdb\x00\x00\x00\x01a",
        "bin16": b"\xc5\x00\x01a",
        "bin32": b"\xc6\x00\x00\x00\x01a",
        "array16": b"\xdc\x00\x01\x01",
        "array32": b"\xdd\x00\x00\x00\x01\x01",
        "ext8": b"\xc7\x10\x04" + bytes(16),
        "ext16": b"\xc8\x00\x10\x04" + bytes(16),
        "ext32": b"\xc9\x00\x00\x00\x10\x04" + bytes(16),
        "frozenset": pack(ext(6, b"\x91\xcc\x01")),
        "frozenset-array": pack(ext(6, b"\xdc\x00\x01\x01")),
    }.items():
        yield Vector(
            f"B4-{name}", "B4", "C", f"A value or a length has not its shortest form: {name}.", tuple_of(packed)
        )
    yield Vector("B4-body", "B4", "C", "The body is an array of a long form.", Parts(body=b"\xdc\x00\x01\xc0"))


# ------------------------------------------------------------------ references


def of_references() -> Iterator[Vector]:
    """B5 and B6."""
    for name, data in {
        "none": b"",
        "two-bytes": b"\0\0",
        "three-bytes": b"\0\0\0",
        "four-bytes": bytes(4),
        "eight-bytes": bytes(8),
    }.items():
        yield Vector(
            f"B5-object-{name}",
            "B5",
            "L",
            f"A reference to object 0 has {len(data)} bytes.",
            Parts(body=pack([ext(1, data), []]), objects=[LIST], root="list"),
        )
        yield Vector(
            f"B5-array-{name}",
            "B5",
            "L",
            f"A reference to array 0 has {len(data)} bytes.",
            Parts(ext(2, data), arrays=[ONE], root="array"),
        )
    for index in (1, 255, 256, 2**16, 2**32 - 1):
        yield Vector(f"B5-object-{index}", "B5", "L", f"There is no object {index}.", listed([obj(index)]))
        yield Vector(
            f"B5-array-{index}",
            "B5",
            "L",
            f"There is no array {index}.",
            Parts([arr(0), arr(index)], arrays=[ONE], root="tuple"),
        )
    yield Vector("B5-no-objects", "B5", "L", "There are no objects.", Parts([obj(0)], root="tuple"))
    yield Vector("B5-no-arrays", "B5", "L", "There are no arrays.", Parts([arr(0)], root="tuple"))
    two = [ONE, OTHER]
    for name, why, parts in [
        ("objects-exchanged", "Object 1 stands before object 0.", Parts([obj(1), obj(0)], [[1], [2]], root="tuple")),
        ("root-is-1", "The root is object 1.", Parts(obj(1), [[], [obj(0)]], root="list")),
        ("object-unused", "Nothing refers to the last object.", Parts(obj(0), [[], []], root="list")),
        ("object-0-unused", "Nothing refers to object 0.", Parts(None, [[]])),
        ("object-skipped", "Object 2 stands before object 1.", Parts(obj(0), [[obj(2), obj(1)], [], []], root="list")),
        (
            "depth-first",
            "The objects are numbered depth first.",
            Parts(obj(0), [[obj(1), obj(3)], [obj(2)], [], []], root="list"),
        ),
        ("arrays-exchanged", "Array 1 stands before array 0.", Parts([arr(1), arr(0)], arrays=two, root="tuple")),
        ("array-unused", "Nothing refers to the last array.", Parts(arr(0), arrays=two, root="array")),
        ("array-0-unused", "Nothing refers to array 0.", Parts(arr(1), arrays=two, root="array")),
        (
            "arrays-of-records",
            "Array 1 stands in the first record, array 0 in the second.",
            Parts([obj(0), obj(1)], [[arr(1)], [arr(0)]], arrays=two, root="tuple"),
        ),
        (
            "root-comes-first",
            "Array 1 stands in the root, array 0 in a record.",
            Parts([arr(1), obj(0)], [[arr(0)]], arrays=two, root="tuple"),
        ),
        (
            "circle-apart",
            "Two objects are referred to by each other alone.",
            Parts(obj(0), [[], [obj(2)], [obj(1)]], root="list"),
        ),
    ]:
        yield Vector(f"B6-{name}", "B6", "L", why, parts)
    for name, why, parts in [
        ("own-reference", "An object is referred to by itself alone.", Parts(None, [[obj(0)]])),
        ("later-record", "An object first stands in its own record.", Parts(obj(0), [[], [obj(1)]], root="list")),
        ("own-records", "Two objects first stand in their own records.", Parts(None, [[obj(0), obj(1)], [obj(1)]])),
    ]:
        yield Vector(f"B6-{name}", "B6", "C", why, parts)


def vectors() -> Iterator[Vector]:
    """All of them."""
    yield from of_form()
    yield from of_references()
