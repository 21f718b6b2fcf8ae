"""What is wrong with the header or the body of a payload in the same way in every wire version."""

from __future__ import annotations

from collections.abc import Callable

import msgpack
from payloads import ext, ref

from serialization import (
    CorruptError,
    LimitError,
    NewerVersionError,
    SchemaError,
    UnknownCodeError,
    UnknownTypeError,
)

PART = ["tests.Part", 1, ["value", "other"], []]
COMPUTES = ["tests.Computes", 1, ["values", "inside", "_use_jax"], ["total"]]
NEWER = ", written by some-writer 9.9; read it with that release or a newer one"

# A payload, its error, the path of the error, and the end of its message.
Case = tuple[bytes, type[Exception], str | None, str | None]


def cases_of(payload: Callable[..., bytes]) -> dict[str, Case]:
    """The cases, made by the function that assembles payloads of a wire version."""
    return {
        "writer": (payload(writer="me"), CorruptError, None, "expected writer to be a name and a version, found 'me'"),
        "backend": (payload(backend="cupy"), CorruptError, None, "to be numpy, jax or mixed, found 'cupy'"),
        "root": (payload(root=1), CorruptError, None, "expected root to be a string, found 1"),
        "types": (payload(types=[["name", 1, []]]), CorruptError, None, "found ('name', 1, ())"),
        "type version": (payload(types=[["name", True, [], []]]), CorruptError, None, "found ('name', True, (), ())"),
        "type of maps": (payload(types=[[{}, 1, [], []]]), CorruptError, None, "found ({}, 1, (), ())"),
        "types of no rows": (payload(types=7), CorruptError, None, "found 7"),
        "field twice": (
            payload(types=[["name", 1, ["a", "a"], []]]),
            CorruptError,
            None,
            "found ('name', 1, ('a', 'a'), ())",
        ),
        "objects": (
            payload(objects=[0]),
            CorruptError,
            None,
            "expected objects to be numbers from -3 to -1, found (0,)",
        ),
        "object of no number": (payload(objects=[None]), CorruptError, None, "found (None,)"),
        "arrays": (payload(arrays=[1]), CorruptError, None, "expected arrays to be rows, found (1,)"),
        "ext in header": (
            payload(root=ext(1, b"")),
            UnknownCodeError,
            None,
            "no ext type, found code 1" + NEWER.replace("some-writer 9.9", "an unknown writer"),
        ),
        "more objects than bytes": (payload(objects=[-1] * 2), CorruptError, None, "expected 2 records, found 2 bytes"),
        "fewer records": (payload("text", objects=[-1]), CorruptError, None, "a root and 1 records, found 1 values"),
        "no body": (payload(body=b""), CorruptError, None, "found OutOfData: No more data to unpack."),
        "two bodies": (payload(body=b"\x91\xc0\xc0"), CorruptError, None, "of 3 bytes, found one of 2"),
        "body of no array": (payload(body=b"\xc0"), CorruptError, None, "a root and 0 records, found NoneType"),
        "byte c1": (payload(body=b"\x91\xc1"), CorruptError, None, "found FormatError: "),
        "text of no UTF-8": (payload(body=b"\x91\xa1\xff"), CorruptError, None, "invalid start byte"),
        "map in body": (payload({}), CorruptError, None, "expected no map, found one"),
        "array bomb": (
            payload(body=b"\x91\xdd\xff\xff\xff\xff"),
            CorruptError,
            None,
            "OutOfData: No more data to unpack.",
        ),
        "bytes bomb": (
            payload(body=b"\x91\xc6\xff\xff\xff\xff"),
            CorruptError,
            None,
            "OutOfData: No more data to unpack.",
        ),
        "ext bomb": (payload(body=b"\x91\xc9\xff\xff\xff\xff\x01"), CorruptError, None, "of 7 bytes, found one of 6"),
        "deep body": (payload(body=b"\x91" * 100_000 + b"\xc0"), LimitError, None, "its arrays are nested too deeply"),
        "unknown ext code": (
            payload([ext(9, b"ab")]),
            UnknownCodeError,
            "$[0]",
            "expected ext codes 1 to 6, found code 9" + NEWER,
        ),
        "timestamp": (payload(["a", msgpack.Timestamp(1)]), UnknownCodeError, "$[1]", "1 to 6, found code -1" + NEWER),
        "object that is none": (payload([ref(7)], [[]]), CorruptError, "$[0]", "object 0 to 0, found the reference 07"),
        "array that is none": (payload([ext(2, b"\0")]), CorruptError, "$[0]", "array 0 to -1, found the reference 00"),
        "long reference": (payload([ext(1, b"\0\0")], [[]]), CorruptError, "$[0]", "found the reference 0000"),
        "reference to none": (payload([ext(1, b"")], [[]]), CorruptError, "$[0]", "found the reference to none"),
        "scalar of objects": (
            payload([ext(3, b"\x02|O" + bytes(8))]),
            CorruptError,
            "$[0]",
            "found 02 7c 4f" + 8 * " 00",
        ),
        "scalar of text": (
            payload([ext(3, b"\x03<U1" + bytes(4))]),
            CorruptError,
            "$[0]",
            "found 03 3c 55 31 00 00 00 00",
        ),
        "short scalar": (
            payload([ext(3, b"\x03<f8" + bytes(7))]),
            CorruptError,
            "$[0]",
            "found 03 3c 66 38" + 7 * " 00",
        ),
        "negative ext code": (
            payload(body=b"\x91\x91\xd4\x81\x00"),
            UnknownCodeError,
            "$[0]",
            "expected ext codes 1 to 6, found code -127" + NEWER,
        ),
        "empty scalar": (
            payload([ext(3, b"")]),
            CorruptError,
            "$[0]",
            "expected a value of ext code 3, found no bytes",
        ),
        "text scalar": (
            payload([ext(3, b"U\xff")]),
            CorruptError,
            "$[0]",
            "expected a value of ext code 3, found 55 ff",
        ),
        "complex": (payload([ext(4, b"1")]), CorruptError, "$[0]", "expected a value of ext code 4, found 31"),
        "int that is not big": (payload([ext(5, b"\x01")]), CorruptError, "$[0]", "a value of ext code 5, found 01"),
        "int that is longer than it must be": (
            payload([ext(5, b"\xff\x80" + bytes(15))]),
            CorruptError,
            "$[0]",
            "a value of ext code 5, found ff 80" + 15 * " 00",
        ),
        "int with zeros before it": (payload([ext(5, bytes(2) + b"\x01" * 9)]), CorruptError, "$[0]", 9 * " 01"),
        "frozenset of no array": (payload([ext(6, b"\xc0")]), CorruptError, "$[0]", "a value of ext code 6, found c0"),
        "frozenset with doubles": (
            payload([ext(6, b"\x92\x01\x01")]),
            CorruptError,
            "$[0]",
            "ext code 6, found 92 01 01",
        ),
        "frozenset of objects": (payload([ext(6, b"\x91\xd4\x01\0")]), CorruptError, "$[0]", "6, found 91 d4 01 00"),
        "frozenset in itself": (payload([ext(6, b"\x91\xd4\x06\x90")]), CorruptError, "$[0]", "6, found 91 d4 06 90"),
        "record of no array": (payload(ref(0), ["abc"]), CorruptError, "$", "expected a record, found str"),
        "key without value": (
            payload(ref(0), [["k"]], objects=[-2]),
            CorruptError,
            "$",
            "zip() argument 2 is shorter than argument 1",
        ),
        "key twice": (
            payload(ref(0), [["k", 1, "k", 2]], objects=[-2]),
            CorruptError,
            "$",
            "distinct keys, found one twice",
        ),
        "list as key": (
            payload(ref(0), [[ref(1), 2], []], objects=[-2, -1]),
            CorruptError,
            "$",
            "unhashable type: 'list'",
        ),
        "element twice": (
            payload(ref(0), [[1, 1]], objects=[-3]),
            CorruptError,
            "$",
            "distinct elements, found one twice",
        ),
        "list as element": (
            payload(ref(0), [[ref(1)], []], objects=[-3, -1]),
            CorruptError,
            "$",
            "unhashable type: 'list'",
        ),
        "unknown type": (
            payload([ref(0)], [[1]], objects=[0], types=[["other.Type", 1, ["a"], []]]),
            UnknownTypeError,
            "$[0]",
            "expected a registered type, found 'other.Type', written by some-writer 9.9; import the package that "
            "registers it, or register its class with serialization.register",
        ),
        "newer schema": (
            payload([ref(0)], [[1, 2]], objects=[0], types=[["tests.Part", 2, ["value", "other"], []]]),
            NewerVersionError,
            "$[0]",
            "expected schema version 1 to 1 of tests.Part, found 2, written by some-writer 9.9; read it with that "
            "release or a newer one",
        ),
        "field missing": (
            payload([ref(0)], [[1]], objects=[0], types=[["tests.Part", 1, ["value"], []]]),
            SchemaError,
            "$[0]",
            "expected the fields of tests.Part, schema version 1 (value, other), found no other",
        ),
        "field too many": (
            payload([ref(0)], [[1, 2, 3]], objects=[0], types=[["tests.Part", 1, ["value", "other", "new"], []]]),
            SchemaError,
            "$[0]",
            "found also new",
        ),
        "unknown result": (
            payload([ref(0)], [[1, 2, 3]], objects=[0], types=[["tests.Part", 1, ["value", "other"], ["sum"]]]),
            SchemaError,
            "$[0]",
            "expected results that tests.Part declares, found sum",
        ),
        "short record": (payload([ref(0)], [[1]], objects=[0], types=[PART]), CorruptError, "$[0]", "found 1 values"),
        "long record": (
            payload([ref(0)], [[1, 2, 3]], objects=[0], types=[PART]),
            CorruptError,
            "$[0]",
            "found 3 values",
        ),
        "record without results": (
            payload(ref(0), [[ref(1), 2], [1, 2, False]], objects=[0, 1], types=[PART, COMPUTES]),
            CorruptError,
            "$.value",
            "expected a record of 3 fields and 1 results, found 3 values",
        ),
    }
