"""Payloads that keep every rule: values, objects, backends and headers. Those of arrays are in `good_arrays.py`."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from assemble import DICT, JAX, LIST, SET, Array, Parts, arr, big, cplx, ext, frozen, in_order, obj, scalar
from vectors import EMPTY, FLAG, PAIR, STAR, Vector, good

HALF, MINUS = struct.pack("<d", 0.5), struct.pack("<d", -1.5)
POSITION = Array("<f8", [2], HALF + MINUS)
NAN, OTHER_NAN = (struct.unpack(">d", bytes.fromhex(bits))[0] for bits in ("7ff8000000000000", "fff8000000000001"))
SCALARS = [
    scalar("|b1", b"\1"),
    scalar("|i1", b"\x80"),
    scalar("|u1", b"\xff"),
    *(scalar(f"<{kind}{size}", bytes(range(1, size + 1))) for kind in "iu" for size in (2, 4, 8)),
    *(scalar(f"<f{size}", bytes(size - 1) + b"\xbc") for size in (2, 4, 8)),
    scalar("<f8", bytes.fromhex("010000000000f87f")),
    scalar("<c8", struct.pack("<ff", 1.5, -0.0)),
    scalar("<c16", struct.pack("<dd", float("inf"), 2.5)),
    scalar("<M8", struct.pack("<q", -(2**63))),
    scalar("<M8[s]", struct.pack("<q", 1)),
    scalar("<M8[25ns]", struct.pack("<q", 1)),
    scalar("<m8[D]", struct.pack("<q", -1)),
    ext(3, "Uné\U0001f600".encode()),
    ext(3, b"U"),
    ext(3, b"Sab\0\xff\0"),
    ext(3, b"S"),
]
NUMBERS = [0, 1, 127, 128, 255, 256, 2**16 - 1, 2**16, 2**32 - 1, 2**32, 2**63, 2**64 - 1]
NUMBERS += [-1, -32, -33, -128, -129, -(2**15), -(2**15) - 1, -(2**31), -(2**31) - 1, -(2**63)]
BIG = [big(number) for number in (2**64, -(2**63) - 1, 2**71 - 1, 2**71, -(2**71), 10**30, -(10**40), 2**2047)]
FLOATS = [0.0, -0.0, 1.5, 5e-324, 1.7976931348623157e308, float("inf"), float("-inf"), NAN, OTHER_NAN]
TEXTS = ["", "a", "é", "日本語", "\U0001f600", "e\u0301", "\0", "x" * 31, "x" * 32, "x" * 256]
BYTES = [b"", b"\0", b"\xff" * 31, bytes(256)]
_STAR = Parts(
    obj(0), [[obj(1), arr(0)], ["Vega", arr(0)]], objects=[LIST, 0], types=[STAR], arrays=[POSITION], root="list"
)


def star() -> Parts:
    """The list of a star and of its position."""
    return Parts(**vars(_STAR))


def nested(depth: int, inner: object = 7) -> list:
    """Tuples, `depth` of them, one inside the other."""
    value = inner
    for _ in range(depth):
        value = [value]
    return value


def of_values() -> Iterator[Vector]:
    """Plain values as roots and in tuples."""
    roots = {
        "nil": None,
        "bool": True,
        "int": -5,
        "float": 0.1,
        "str": "text",
        "bytes": b"\0\1",
        "tuple": [1, "two", [3.0, []]],
        "frozenset": frozen(1, 2),
        "complex": cplx(1.5, -2.5),
        "scalar": scalar("<f4", struct.pack("<f", 0.5)),
    }
    for root, value in roots.items():
        yield good(f"root-{root}", f"The root is a plain value: {root}.", Parts(value, root=root))
    yield good("root-false", "The root is false.", Parts(False, root="bool"))
    yield good("root-big-int", "A big integer is an int.", Parts(big(2**64), root="int"))
    yield good("integers", "Integers at the ends of each form.", Parts(NUMBERS, root="tuple"))
    yield good("big-integers", "Integers beyond 64 bits, of each sign.", Parts(BIG, root="tuple"))
    yield good("floats", "Zeros, infinities, the smallest, and NaN with different bits.", Parts(FLOATS, root="tuple"))
    yield good("strings", "Strings of each form, composed and decomposed.", Parts(TEXTS, root="tuple"))
    yield good("bins", "Bins of each short form.", Parts(BYTES, root="tuple"))
    yield good("scalars", "A scalar of each dtype.", Parts(SCALARS, root="tuple"))
    yield good("complex", "Complex numbers with NaN and signed zeros.", Parts([cplx(NAN, -0.0)], root="tuple"))
    plain = in_order(None, True, 2, 2.5, "a", b"a", big(2**64), cplx(0, 1), scalar("<i8", bytes(8)), [3, [4]])
    yield good("frozenset-elements", "Each kind of element of a frozenset.", Parts(frozen(*plain), root="frozenset"))
    yield good("frozenset-empty", "An empty frozenset.", Parts(frozen(), root="frozenset"))
    yield good(
        "depth-500",
        "The innermost of these tuples is at depth 500, where the body is depth 1.",
        Parts(nested(499), root="tuple"),
        graph=False,
    )
    yield good(
        "depth-500-frozenset",
        "The data of a frozenset begins at depth 1 again.",
        Parts(nested(498, frozen(nested(499))), root="tuple"),
        graph=False,
    )


def of_objects() -> Iterator[Vector]:
    """Lists, dicts, sets and objects of types: sharing, cycles, keys."""
    yield good("star", "A list of a star and its position, which is written once.", star())
    yield good("list-empty", "An empty list.", Parts(obj(0), [[]], root="list"))
    yield good("dict-empty", "An empty dict.", Parts(obj(0), [[]], objects=[DICT], root="dict"))
    yield good("set-empty", "An empty set.", Parts(obj(0), [[]], objects=[SET], root="set"))
    yield good(
        "object-empty",
        "An object of a type without fields.",
        Parts(obj(0), [[]], objects=[0], types=[EMPTY], root="vector.Empty"),
    )
    yield good("list-in-tuple", "A list and a tuple are told apart.", Parts([obj(0), [1]], [[1]], root="tuple"))
    yield good("dict-order", "A dict keeps its order.", Parts(obj(0), [["b", 1, "a", 2]], objects=[DICT], root="dict"))
    yield good("cycle-list", "A list that holds itself.", Parts(obj(0), [[obj(0), obj(0)]], root="list"))
    yield good(
        "cycle-objects",
        "Two objects refer to each other, through a list and a dict.",
        Parts(
            obj(0),
            [[obj(1), obj(2)], [obj(0)], ["back", obj(3)], [obj(2), None]],
            objects=[0, LIST, DICT, 0],
            types=[PAIR],
            root="vector.Pair",
        ),
    )
    yield good(
        "shared-twelve-times",
        "One object stands twelve times, once inside a tuple.",
        Parts(obj(0), [[obj(1)] * 11 + [[obj(1)]], [None, None]], objects=[LIST, 0], types=[PAIR], root="list"),
    )
    many = 257
    yield good(
        "objects-257",
        "A reference to object 256 has two bytes.",
        Parts(obj(0), [[obj(each) for each in range(1, many)], *([] for _ in range(many - 1))], root="list"),
    )
    keys = [
        None,
        False,
        7,
        2.5,
        "k",
        b"k",
        big(2**64),
        cplx(1, 2),
        scalar("<M8[s]", bytes(8)),
        frozen(1),
        [1, [2, "x"]],
    ]
    pairs = [item for number, key in enumerate(keys) for item in (key, number)]
    yield good("keys", "Each kind of plain key.", Parts(obj(0), [pairs], objects=[DICT], root="dict"))
    yield good(
        "keys-objects",
        "Objects of types as keys, told apart by identity.",
        Parts(obj(0), [[obj(1), "a", obj(2), "b"], [], []], objects=[DICT, 0, 0], types=[EMPTY], root="dict"),
    )
    elements = in_order(*keys)
    yield good("elements", "Each kind of element of a set.", Parts(obj(0), [elements], objects=[SET], root="set"))
    ordered = in_order("b", "aa", "", 1000, 2, -1, -200)
    yield good(
        "elements-order",
        "Elements are in the order of their packed bytes: b stands before aa, and 1000 before -1.",
        Parts(obj(0), [ordered], objects=[SET], root="set"),
    )
    yield good(
        "keys-of-nan",
        "Two NaN of different bits are two keys, unless a language does not tell them apart.",
        Parts(obj(0), [[NAN, 1, OTHER_NAN, 2]], objects=[DICT], root="dict"),
        "may",
    )
    for name, one, other in [
        ("int-float", 1, 1.0),
        ("int-bool", 1, True),
        ("zeros", 0.0, -0.0),
        ("text", "a", ext(3, b"Ua")),
    ]:
        yield good(
            f"keys-equal-{name}",
            "A loader may refuse keys that are equal in its language.",
            Parts(obj(0), [[one, 1, other, 2]], objects=[DICT], root="dict"),
            "may",
        )
    note = ["vector.Note", 1, ["text"], []]
    yield good(
        "optional-fields",
        "Optional fields may be missing: each set of fields has a row.",
        Parts(
            [obj(0), obj(1), obj(2), obj(3)],
            [["a"], ["b", "c"], ["d"], ["e", "f", "g"]],
            objects=[0, 1, 0, 2],
            types=[note, [*note[:2], ["text", "place"], []], [*note[:2], ["text", "author", "place"], []]],
            root="tuple",
        ),
    )
    row = ["vector.Sum", 1, ["values"]]
    yield good(
        "results",
        "Results follow the fields; one object has both, one has one, and one has none.",
        Parts(
            [obj(0), obj(1), obj(2)],
            [[[1, 2], 1.5, 3], [[1, 2], 3], [[]]],
            objects=[0, 1, 2],
            types=[[*row, ["mean", "total"]], [*row, ["total"]], [*row, []]],
            root="tuple",
        ),
    )
    yield good(
        "older-schema",
        "An object of schema version 1 of a type beside one of version 2.",
        Parts(
            [obj(0), obj(1)],
            [[5.0], [2.5]],
            objects=[0, 1],
            types=[["vector.Circle", 1, ["diameter"], []], ["vector.Circle", 2, ["radius"], []]],
            root="tuple",
        ),
    )


def of_backends() -> Iterator[Vector]:
    """What `backend` says."""
    numpy, jax = (Array("<f4", [1], struct.pack("<f", 2.5), flags) for flags in (0, JAX))
    flag = {"objects": [0], "types": [FLAG], "root": "vector.Flag"}
    yield good("backend-array", "One array, which was JAX's.", Parts(arr(0), arrays=[jax], root="array", backend="jax"))
    yield good(
        "backend-mixed",
        "One array was JAX's, and one NumPy's.",
        Parts([arr(0), arr(1)], arrays=[numpy, jax], root="tuple", backend="mixed"),
    )
    yield good("backend-flag", "A flag alone makes it jax.", Parts(obj(0), [[None, True]], backend="jax", **flag))
    yield good("backend-flag-false", "A flag that is not set.", Parts(obj(0), [[None, False]], **flag))
    yield good(
        "backend-flag-and-array",
        "A flag is set, and an array is NumPy's: mixed.",
        Parts(obj(0), [[arr(0), True]], arrays=[numpy], backend="mixed", **flag),
    )
    yield good(
        "backend-jax-without-flag",
        "A flag that is not set, and an array of JAX: jax.",
        Parts(obj(0), [[arr(0), False]], arrays=[jax], backend="jax", **flag),
    )


def of_headers() -> Iterator[Vector]:
    """Writers, padding and what is ancillary."""
    yield good("writer-empty", "Two empty strings.", Parts(None, writer=("", "")))
    yield good("writer-unicode", "The writer's name is any text.", Parts(None, writer=("écrivain", "1.0-β")))
    by_pad = {_pad_of(payload): name for name in range(128) if (payload := _with_name(name).payload())}
    yield good("pad-0", "The header needs no padding.", _with_name(by_pad[0]))
    yield good("pad-63", "The header needs 63 bytes of padding.", _with_name(by_pad[63]))
    ancillary = {
        "aardvark": [1, -2, 2.5, None, True, "text", b"\0", {"inner": {}}],
        "meta": {"exposure": 1200, "note": "é", "of": ["a", {"b": None}]},
        "provenance": {
            "command": ["fit", "--fast"],
            "git": {"clean": True, "commit": "0" * 40},
            "inputs": [{"path": "image.fits", "sha256": "0" * 64, "size": 2880}],
            "packages": {"numpy": "2.4.6"},
            "platform": "Linux",
            "python": "3.13.1",
            "time": "2026-11-26T10:00:00+00:00",
        },
        "zebra": "unknown too",
    }
    yield good("ancillary", "Meta, provenance, and keys that no reader knows.", Parts(None, ancillary=ancillary))
    yield good(
        "ancillary-odd",
        "The value of a known key is never refused.",
        Parts(None, ancillary={"meta": 5, "provenance": None}),
    )
    order = ["", "A", "a", "aa", "b", "é", "\uff5e", "\U00010000"]
    yield good(
        "ancillary-order",
        "Keys are in the order of their UTF-8 bytes.",
        Parts(None, ancillary=dict.fromkeys(order)),
    )
    yield good("ancillary-large", "A map of 300 keys.", Parts(None, ancillary={f"{key:03}": key for key in range(300)}))


def _with_name(length: int) -> Parts:
    return Parts(None, writer=("w" * length, "1"))


def _pad_of(payload: bytes) -> int:
    end = int.from_bytes(payload[60:64], "big")
    return next(pad for pad in range(64) if payload[: end - pad].endswith(b"\xa3pad\xc4" + bytes([pad])))


def vectors() -> Iterator[Vector]:
    """All of them."""
    yield from of_values()
    yield from of_objects()
    yield from of_backends()
    yield from of_headers()
