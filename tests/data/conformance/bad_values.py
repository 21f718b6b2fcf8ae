"""Payloads that break a rule of the values in the body: B7 to B12."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from assemble import DICT, JAX, LIST, SET, Array, Parts, arr, big, cplx, ext, frozen, obj, pack, scalar
from bad_bodies import ONE, OTHER, keyed, raw
from good import NAN
from vectors import EMPTY, FLAG, Vector


def element(*record: Any, records: tuple[Any, ...] = (), objects: tuple[int, ...] = (), **more: Any) -> Parts:
    """A payload whose root is a set, with more records."""
    return Parts(obj(0), [list(record), *records], objects=[SET, *objects], root="set", **more)


# ------------------------------------------------------------------ keys and elements


def of_keys() -> Iterator[Vector]:
    """B7 and B8."""
    for name, kind in {"list": LIST, "dict": DICT, "set": SET}.items():
        yield Vector(
            f"B7-key-{name}", "B7", "L", f"A key is a {name}.", keyed(obj(1), 1, records=([],), objects=(kind,))
        )
        yield Vector(
            f"B7-element-{name}", "B7", "L", f"An element is a {name}.", element(obj(1), records=([],), objects=(kind,))
        )
    typed = {"records": ([],), "objects": (0,), "types": [EMPTY]}
    for name, why, parts in [
        ("key-array", "A key is an array.", keyed(arr(0), 1, arrays=[ONE])),
        ("key-tuple-of-array", "A key is a tuple of an array.", keyed([arr(0)], 1, arrays=[ONE])),
        ("key-tuple-of-list", "A key is a tuple of a list.", keyed([1, obj(1)], 1, records=([],), objects=(LIST,))),
        ("key-tuple-of-object", "A key is a tuple of an object of a type.", keyed([obj(1)], 1, **typed)),
        ("key-tuple-of-tuple", "A key is a tuple of a tuple of an object.", keyed([[obj(1)]], 1, **typed)),
        ("key-itself", "A dict is its own key.", keyed(obj(0), 1)),
        ("element-array", "An element is an array.", element(arr(0), arrays=[ONE])),
        ("element-object", "An element is an object of a type.", element(obj(1), **typed)),
        ("element-tuple-of-object", "An element is a tuple of an object.", element([obj(1)], **typed)),
        ("element-tuple-of-array", "An element is a tuple of an array.", element([arr(0)], arrays=[ONE])),
        ("element-itself", "A set is its own element.", element(obj(0))),
        (
            "frozenset-of-frozenset",
            "An element of a frozenset is a frozenset.",
            Parts(frozen(frozen()), root="frozenset"),
        ),
        (
            "frozenset-in-tuple",
            "An element of a frozenset is a tuple of a frozenset.",
            Parts(frozen([frozen()]), root="frozenset"),
        ),
        (
            "frozenset-of-list",
            "An element of a frozenset is a list.",
            Parts([obj(0), frozen(obj(0))], [[]], root="tuple"),
        ),
        (
            "frozenset-of-object",
            "An element of a frozenset is an object.",
            Parts([obj(0), frozen(obj(0))], [[]], objects=[0], types=[EMPTY], root="tuple"),
        ),
        (
            "frozenset-of-array",
            "An element of a frozenset is an array.",
            Parts([arr(0), frozen(arr(0))], arrays=[ONE], root="tuple"),
        ),
    ]:
        yield Vector(f"B7-{name}", "B7", "L", why, parts)
    for name, items in {
        "numbers": (2, 1),
        "letters": ("b", "a"),
        "longer-first": ("aa", "b"),
        "number-order": (-1, 1000),
        "types": ("a", 1),
        "bins": (b"b", b"a"),
        "tuples": ([2], [1]),
        "scalars": (scalar("|u1", b"\2"), scalar("|u1", b"\1")),
    }.items():
        why = f"The elements are in another order than their bytes: {name}."
        yield Vector(f"B7-set-order-{name}", "B7", "C", why, element(*items))
        yield Vector(f"B7-frozenset-order-{name}", "B7", "C", why, Parts(frozen(*items), root="frozenset"))
    for name, item in {
        "int": 7,
        "text": "key",
        "bytes": b"key",
        "nil": None,
        "float": 0.5,
        "nan": NAN,
        "big-int": big(2**64),
        "complex": cplx(1, 2),
        "scalar": scalar("<i8", bytes(8)),
        "not-a-time": scalar("<M8[s]", struct.pack("<q", -(2**63))),
        "tuple": [1, [2]],
        "tuple-of-nan": [NAN],
    }.items():
        yield Vector(f"B8-key-{name}", "B8", "L", f"A key stands twice: {name}.", keyed(item, 1, item, 2))
        yield Vector(f"B8-element-{name}", "B8", "L", f"An element of a set stands twice: {name}.", element(item, item))
        yield Vector(
            f"B8-frozenset-{name}",
            "B8",
            "L",
            f"An element of a frozenset stands twice: {name}.",
            Parts(frozen(item, item), root="frozenset"),
        )
    yield Vector("B8-key-object", "B8", "L", "An object is a key twice.", keyed(obj(1), 1, obj(1), 2, **typed))
    yield Vector(
        "B8-key-frozenset", "B8", "L", "A key that is a frozenset stands twice.", keyed(frozen(1), 1, frozen(1), 2)
    )
    yield Vector("B8-key-apart", "B8", "L", "Two equal keys stand apart.", keyed("a", 1, "b", 2, "c", 3, "a", 4))


# ------------------------------------------------------------------ root and backend


def of_root_and_backend() -> Iterator[Vector]:
    """B9 and B10."""
    values: list[tuple[str, Any, list[str]]] = [
        ("nil", None, ["None", "NoneType", "", "list"]),
        ("bool", True, ["int", "nil"]),
        ("int", 1, ["bool", "float", "Integer"]),
        ("big-int", big(2**64), ["bigint", "big integer"]),
        ("float", 1.0, ["int", "float64"]),
        ("str", "a", ["bytes", "string"]),
        ("bytes", b"a", ["str", "bin"]),
        ("tuple", [1], ["list", "array"]),
        ("frozenset", frozen(1), ["set", "tuple"]),
        ("complex", cplx(1, 2), ["complex128", "float"]),
        ("scalar", scalar("<f8", bytes(8)), ["float64", "float", "array"]),
        ("text-scalar", ext(3, b"Ua"), ["str", "str_"]),
    ]
    for what, value, roots in values:
        for root in roots:
            yield Vector(
                f"B9-{what}-{root or 'empty'}",
                "B9",
                "L",
                f"The root is {what}, and `root` is {root!r}.",
                Parts(value, root=root),
            )
    for root in ("ndarray", "ArrayImpl", "scalar", "nil"):
        yield Vector(
            f"B9-array-{root}",
            "B9",
            "L",
            f"The root is an array, and `root` is {root!r}.",
            Parts(arr(0), arrays=[ONE], root=root),
        )
    for what, kind, roots in (
        ("list", LIST, ["tuple", "dict", "vector.Empty"]),
        ("dict", DICT, ["map", "set"]),
        ("set", SET, ["frozenset", "list"]),
    ):
        for root in roots:
            yield Vector(
                f"B9-{what}-{root}",
                "B9",
                "L",
                f"The root is a {what}, and `root` is {root!r}.",
                Parts(obj(0), [[]], objects=[kind], root=root),
            )
    for root in ("list", "vector.Pair", "Empty", "object"):
        yield Vector(
            f"B9-object-{root}",
            "B9",
            "L",
            f"The root is a vector.Empty, and `root` is {root!r}.",
            Parts(obj(0), [[]], objects=[0], types=[EMPTY], root=root),
        )
    jax = Array("<f4", [1], bytes(4), JAX)
    for name, why, backend, arrays, flag in [
        ("jax-array", "An array was JAX's.", "numpy", [jax], None),
        ("mixed-arrays", "One of two arrays was JAX's.", "numpy", [jax, ONE], None),
        ("flag", "A flag is set.", "numpy", [], True),
        ("flag-and-array", "A flag is set, and an array is NumPy's.", "numpy", [ONE], True),
        ("nothing", "There is neither a flag nor an array.", "jax", [], None),
        ("numpy-array", "The array is NumPy's.", "jax", [ONE], None),
        ("flag-false", "The flag is not set.", "jax", [], False),
        ("one-of-two", "One of two arrays is NumPy's.", "jax", [jax, ONE], None),
        ("flag-and-one-of-two", "A flag is set, and an array is NumPy's.", "jax", [ONE], True),
        ("neither", "There is neither a flag nor an array.", "mixed", [], None),
        ("all-jax", "All arrays were JAX's.", "mixed", [jax, jax], None),
        ("all-numpy", "All arrays are NumPy's.", "mixed", [ONE, OTHER], None),
        ("flag-alone", "A flag is set, and there is no array.", "mixed", [], True),
    ]:
        value = [arr(index) for index in range(len(arrays))]
        more: dict[str, Any] = {"arrays": arrays, "root": "tuple", "backend": backend}
        if flag is not None:
            more |= {"objects": [0], "types": [FLAG], "records": [[None, flag]]}
            value.append(obj(0))
        yield Vector(f"B10-{backend}-{name}", "B10", "L", f"backend is {backend}. {why}", Parts(value, **more))


# ------------------------------------------------------------------ ext types and depth


def of_ext() -> Iterator[Vector]:
    """B11 and B12."""
    for name, why, data in [
        ("empty", "A scalar has no data.", b""),
        ("length-0", "A scalar has no dtype.", b"\0"),
        ("no-dtype", "A dtype is longer than the data.", b"\x03<f"),
        ("longest", "A dtype claims 255 bytes.", b"\xff<f8" + bytes(8)),
        ("big-endian", "A scalar has the byte order >.", b"\x03>f8" + bytes(8)),
        ("native-order", "A scalar has the byte order =.", b"\x03=f8" + bytes(8)),
        ("no-order", "A dtype has no byte order.", b"\x02f8" + bytes(8)),
        ("object", "A scalar is a Python object.", b"\x02|O" + bytes(8)),
        ("void", "A scalar has raw bytes.", b"\x03|V8" + bytes(8)),
        ("long-double", "A scalar is a long double.", b"\x04<f16" + bytes(16)),
        ("text-dtype", "Text has no dtype.", b"\x03<U1" + bytes(4)),
        ("bytes-dtype", "Bytes have no dtype.", b"\x03|S1a"),
        ("byte-less", "A scalar has a byte less than its dtype.", b"\x03<f8" + bytes(7)),
        ("byte-more", "A scalar has a byte more than its dtype.", b"\x03<f8" + bytes(9)),
        ("no-value", "A scalar has no value.", b"\x03<f8"),
        ("unit-0", "A date counts 0 seconds.", b"\x07<M8[0s]" + bytes(8)),
        ("unknown-unit", "A date has no such unit.", b"\x06<M8[x]" + bytes(8)),
        ("dtype-no-ascii", "A dtype is no ASCII.", b"\x03\xff\xfe8" + bytes(8)),
        ("lower-case-text", "Text is told by U alone.", b"ua"),
    ]:
        yield Vector(f"B11-scalar-{name}", "B11", "L", why, Parts(ext(3, data), root="scalar"))
    for size in (0, 8, 15, 17, 32):
        yield Vector(
            f"B11-complex-{size}",
            "B11",
            "L",
            f"A complex number has {size} bytes.",
            Parts(ext(4, bytes(size)), root="complex"),
        )
    for name, why, data in [
        ("empty", "A big integer has no bytes.", b""),
        ("1", "64 bits hold 1.", b"\x01"),
        ("most-unsigned", "64 bits hold 2^64 - 1.", b"\0" + b"\xff" * 8),
        ("least-signed", "64 bits hold -2^63.", b"\x80" + bytes(7)),
        ("minus-1", "64 bits hold -1, however long it is written.", b"\xff" * 9),
        ("zeros-before", "A byte of zeros could go.", b"\0\x01" + bytes(8)),
        ("ones-before", "A byte of ones could go.", b"\xff\x80" + bytes(8)),
    ]:
        yield Vector(f"B11-big-{name}", "B11", "L", why, Parts(ext(5, data), root="int"))
    for name, why, data in [
        ("empty", "A frozenset has no data.", b""),
        ("nil", "The data of a frozenset is nil.", b"\xc0"),
        ("number", "The data of a frozenset is a number.", b"\x01"),
        ("bytes-behind", "A byte follows the array of a frozenset.", b"\x90\xc0"),
        ("cut-off", "The array of a frozenset is cut off.", b"\x92\x01"),
        ("too-long", "The array of a frozenset claims 2^32 - 1 items.", b"\xdd\xff\xff\xff\xff"),
        ("no-msgpack", "The byte c1 is no msgpack.", b"\x91\xc1"),
    ]:
        yield Vector(f"B11-frozenset-{name}", "B11", "L", why, Parts(ext(6, data), root="frozenset"))
    inside = [("scalar", ext(3, b"\x03>f8" + bytes(8))), ("complex", ext(4, b"\0")), ("big", ext(5, b"\1"))]
    for name, value in inside:
        yield Vector(
            f"B11-{name}-in-frozenset",
            "B11",
            "L",
            f"An element of a frozenset is no {name}.",
            Parts(frozen(value), root="frozenset"),
        )
        yield Vector(f"B11-{name}-as-key", "B11", "L", f"A key is no {name}.", keyed(value, 1))
    yield Vector("B11-bool-2", "B11", "C", "The byte of a bool is 2.", Parts(scalar("|b1", b"\2"), root="scalar"))
    yield Vector(
        "B11-unit-1",
        "B11",
        "C",
        "The multiple 1 of a unit is written.",
        Parts(scalar("<M8[1s]", bytes(8)), root="scalar"),
    )
    for depth, letter in ((501, "may, C"), (1024, "may, C"), (1025, "L"), (3000, "L")):
        body = b"\x92" + pack(obj(0)) + _deep(depth - 1)
        for name, parts in {
            "": raw(_deep(depth - 1)),
            "-record": Parts(body=body, objects=[LIST], root="list"),
            "-frozenset": Parts(ext(6, _deep(depth)), root="frozenset"),
        }.items():
            yield Vector(f"B12-{depth}{name}", "B12", letter, f"Arrays stand {depth} deep.", parts, graph=False)


def _deep(count: int) -> bytes:
    """So many arrays, one inside the other, around a number."""
    return b"\x91" * count + b"\x07"


def vectors() -> Iterator[Vector]:
    """All of them."""
    yield from of_keys()
    yield from of_root_and_backend()
    yield from of_ext()
