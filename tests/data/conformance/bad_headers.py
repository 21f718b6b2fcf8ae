"""Payloads that break a rule of the prelude or the header: P1 to P6, H1 to H12."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import xxhash
from assemble import ENTRIES, MAGIC, WRITER, Array, Edit, Parts, arr, ext, obj, pack, prelude, sealed, with_bytes
from good import star
from vectors import Vector, writer_named

NIL = Parts(None)
_PLAIN = NIL.payload()
_STAR = star().payload()
_HEAD = int.from_bytes(_STAR[60:64], "big")


def change(**values: bytes) -> Edit:
    """Other packed values of some entries."""
    return lambda entries: {**entries, **values}


def rename(old: str, new: Any) -> Edit:
    """Another key of an entry; bytes are a packed key."""
    return lambda entries: {new if key == old else key: value for key, value in entries.items()}


def reorder(*keys: str) -> Edit:
    """The entries in another order."""
    return lambda entries: {key: entries[key] for key in keys}


# ------------------------------------------------------------------ the prelude


def of_prelude() -> Iterator[Vector]:
    """P1 to P6."""
    for name, data in {
        "nothing": b"",
        "pickle": b"\x80\x05N.",
        "zip": b"PK\x03\x04" + bytes(60),
        "first-bytes": MAGIC[:5],
        "lower-case": with_bytes(_PLAIN, 1, b"aastate"),
        "other-string": with_bytes(_PLAIN, 7, b"F"),
        "other-form": b"\xd9\x07" + _PLAIN[1:],
        "byte-before": b"\0" + _PLAIN,
    }.items():
        yield Vector(f"P1-{name}", "P1", "I", "It doesn't begin with the magic string.", data)
    for size in (8, 9, 39, 63):
        yield Vector(
            f"P2-{size}-bytes", "P2", "I", f"It ends after {size} of the 64 bytes of the prelude.", _PLAIN[:size]
        )
    for name, at, new in [
        ("map-of-9", 8, b"\x89"),
        ("map-of-11", 8, b"\x8b"),
        ("map-of-14", 8, b"\x8e"),
        ("array", 8, b"\x9a"),
        ("map16", 8, b"\xde"),
        ("digest-key", 10, b"D"),
        ("digest-str", 16, b"\xd9"),
        ("digest-15-bytes", 17, b"\x0f"),
        ("wire-key", 35, b"W"),
        ("wire-0", 39, b"\0"),
        ("wire-128", 39, b"\x80"),
        ("wire-negative", 39, b"\xff"),
        ("size-key", 41, b"S"),
        ("size-32-bits", 45, b"\xce"),
        ("size-signed", 45, b"\xd3"),
        ("head-key", 55, b"H"),
        ("head-float", 59, b"\xca"),
        ("head-signed", 59, b"\xd2"),
    ]:
        yield Vector(
            f"P2-{name}", "P2", "I", f"Byte {at} is none that the prelude may have.", with_bytes(_PLAIN, at, new)
        )
    for wire, entries in ((3, 0x8A), (3, 0x80), (127, 0x8F)):
        data = with_bytes(with_bytes(_PLAIN, 39, bytes([wire])), 8, bytes([entries]))
        vector = Vector(f"P3-{wire}-{entries:x}", "P3", "I", f"No reader of this page knows wire version {wire}.", data)
        # Whether the writer can be told depends on the header, which is a whole map only where it has 10 entries.
        yield from writer_named(vector) if entries == 0x8A else [vector]
    sizes = {"0": 0, "less": len(_STAR) - 1, "more": len(_STAR) + 1, "most": 2**64 - 1, "top-bit": 2**63 + len(_STAR)}
    for name, size in sizes.items():
        yield Vector(
            f"P4-size-{name}",
            "P4",
            "I",
            "It has not as many bytes as `size` says.",
            with_bytes(_STAR, 46, size.to_bytes(8, "big")),
        )
    for name, data in {
        "byte-less": _STAR[:-1],
        "byte-more": _STAR + b"\0",
        "no-arrays": _STAR[:_HEAD],
        "half": _STAR[: _HEAD // 2],
        "only-prelude": _STAR[:64],
        "twice": _STAR * 2,
    }.items():
        yield Vector(f"P4-{name}", "P4", "I", "It has not as many bytes as `size` says.", data)
    for head in (0, 32, 63, 65, _HEAD - 1, _HEAD + 32, _HEAD + 64, 2**32 - 64):
        data = _STAR[:60] + head.to_bytes(4, "big") + _STAR[64:]
        yield Vector(f"P5-head-{head}", "P5", "I", f"`head` is {head}, of {len(_STAR)} bytes.", sealed(data))
    yield from _of_digest()


def _of_digest() -> Iterator[Vector]:
    places = {"digest": 18, "key": 68, "body": 76, "pad": _HEAD - 1, "digests": _STAR.index(b"digests") + 13}
    for key in ("writer", "critical", "ancillary"):
        places[key] = _STAR.index(key.encode()) + 1
    for name, at in places.items():
        data = with_bytes(_STAR, at, bytes([_STAR[at] ^ 1]), seal=False)
        yield Vector(f"P6-changed-{name}", "P6", "I", f"A bit of byte {at} was changed.", data)
    blank = _STAR[:18] + bytes(16) + _STAR[34:]
    for name, why, digest in [
        ("of-all", "The digest is that of the whole payload.", xxhash.xxh3_128_digest(blank)),
        ("little-endian", "The digest has another byte order.", xxhash.xxh3_128_digest(blank[:_HEAD])[::-1]),
        ("seed", "The digest has seed 1.", xxhash.xxh3_128_digest(blank[:_HEAD], seed=1)),
        ("64-bits", "The digest is the 64-bit one, twice.", xxhash.xxh3_64_digest(blank[:_HEAD]) * 2),
        ("not-blank", "The digest's own bytes were not zeros.", xxhash.xxh3_128_digest(_STAR[:_HEAD])),
        ("without", "The digest's own bytes were left out.", xxhash.xxh3_128_digest(_STAR[:18] + _STAR[34:_HEAD])),
        ("zeros", "The digest is zeros.", bytes(16)),
    ]:
        yield Vector(f"P6-{name}", "P6", "I", why, _STAR[:18] + digest + _STAR[34:])


# ------------------------------------------------------------------ the header map


def with_head(packed: bytes, tail: bytes = b"") -> bytes:
    """A payload whose header is these bytes behind the prelude, with zeros up to the next multiple of 64."""
    packed += bytes(-len(packed) % 64)
    return sealed(prelude(64 + len(packed) + len(tail), 64 + len(packed)) + packed + tail)


def of_map() -> Iterator[Vector]:
    """H1 to H3."""
    packed = _PLAIN[64:]
    for name, why, data in [
        ("none", "The prelude is all that there is of the map.", with_head(b"")),
        ("nine-entries", "The map has one entry less than it says.", with_head(packed[: packed.index(b"\xa3pad")])),
        ("bytes-behind", "Zeros follow the map.", with_head(packed + bytes(64))),
        ("no-msgpack", "The byte c1 is no msgpack.", Parts(None, ancillary=b"\x81\xa1a\xc1").payload()),
        (
            "pad-too-long",
            "The padding is longer than the header.",
            with_head(packed[: packed.index(b"\xa3pad") + 5] + b"\xff"),
        ),
        ("body-too-long", "The body is longer than the header.", with_bytes(_PLAIN, 70, b"\xff\xff\xff\xff")),
        (
            "array-too-long",
            "An array claims 2^32 - 1 items.",
            Parts(None, ancillary=b"\x81\xa1a\xdd\xff\xff\xff\xff").payload(),
        ),
        ("map-too-long", "A map claims 2^32 - 1 entries.", Parts(None, ancillary=b"\xdf\xff\xff\xff\xff").payload()),
        (
            "head-64-less",
            "`head` ends inside the map.",
            sealed(_STAR[:60] + (_HEAD - 64).to_bytes(4, "big") + _STAR[64:]),
        ),
    ]:
        yield Vector(f"H1-{name}", "H1", "I", why, data)
    for key in ENTRIES[:-1]:
        yield Vector(
            f"H2-no-{key}",
            "H2",
            "I",
            f"A key stands where {key} should.",
            Parts(None, entries=rename(key, key.upper())),
        )
    yield Vector("H2-no-pad", "H2", "I", "A key stands where pad should.", Parts(None, fill=b"\xa3PAD\xc4"))
    yield Vector("H2-bin-key", "H2", "I", "A key is a bin.", Parts(None, entries=rename("writer", b"\xc4\x06writer")))
    for one, other in (("body", "digests"), ("digests", "writer"), ("writer", "critical"), ("critical", "ancillary")):
        keys = [{one: other, other: one}.get(key, key) for key in ENTRIES[:-1]]
        yield Vector(
            f"H2-{other}-first", "H2", "I", f"{other} stands before {one}.", Parts(None, entries=reorder(*keys))
        )
    body = NIL.body_bytes()
    forms = [
        ("body", "bin8", b"\xc4\x02" + body),
        ("body", "bin16", b"\xc5\0\x02" + body),
        ("body", "str", b"\xdb\0\0\0\2ab"),
        ("body", "array", body),
        ("body", "ext", b"\xc9\0\0\0\x02\x01" + body),
        ("body", "nil", b"\xc0"),
        ("digests", "bin8", b"\xc4\0"),
        ("digests", "str", b"\xdb\0\0\0\0"),
        ("digests", "array", b"\x90"),
        ("digests", "nil", b"\xc0"),
        ("writer", "str", pack("me")),
        ("writer", "one", pack(["me"])),
        ("writer", "three", pack(["me", "1", "2"])),
        ("writer", "number", pack(["me", 1])),
        ("writer", "bin", pack(["me", b"1"])),
        ("writer", "map", pack({"me": "1"})),
        ("writer", "nil", b"\xc0"),
        ("critical", "nil", b"\xc0"),
        ("critical", "array", b"\x90"),
        ("ancillary", "nil", b"\xc0"),
        ("ancillary", "array", b"\x90"),
        ("ancillary", "false", b"\xc2"),
    ]
    for key, name, value in forms:
        yield Vector(
            f"H2-{key}-{name}",
            "H2",
            "I",
            f"{key} has another form: {name}.",
            Parts(None, entries=change(**{key: value})),
        )
    start = packed[: packed.index(b"\xa3pad") + 4]
    for name, why, fill in [
        ("nil", "pad is nil.", b"\xc0"),
        ("number", "pad is a number.", b"\0"),
        ("str", "pad is a string.", b"\xd9"),
        ("bin16", "pad has a length of two bytes.", b"\xc5"),
    ]:
        rest = -(len(start) + 1) % 64
        width = {"str": 1, "bin16": 2}.get(name, 0)
        length = (rest - width) if width else 0
        data = start + fill + (length.to_bytes(width, "big") if width else b"") + bytes(length)
        if not width:  # so that the header ends with it
            data = _ends_with(fill)
        yield Vector(f"H2-pad-{name}", "H2", "I", why, with_head(data))
    zeros = packed[: packed.index(b"\xa3pad") + 5]
    long = -(len(zeros) + 1) % 64 + 64
    yield Vector(
        "H2-pad-of-more", "H2", "I", "pad has more than 63 bytes.", with_head(zeros + bytes([long]) + bytes(long))
    )
    yield Vector("H2-pad-not-zeros", "H2", "I", "The last byte of pad is not zero.", with_bytes(_PLAIN, -1, b"\1"))
    yield from _of_keys()
    yield from _of_lengths()


def _of_lengths() -> Iterator[Vector]:
    """Forms that are not the shortest, where the tables of the page leave several."""
    long_writer = b"\xdc\x00\x02" + b"".join(map(pack, WRITER))
    row = b"\x91\x94\xa3<f8\x91\xcc\x01\x00\x00"
    one = Array("<f8", [1], bytes(8))
    for name, parts in {
        "key": Parts(None, entries=rename("writer", b"\xd9\x06writer")),
        "writer-array16": Parts(None, entries=change(writer=long_writer)),
        "writer-str8": Parts(None, entries=change(writer=b"\x92\xd9\x01a\xa1b")),
        "critical-map16": Parts(None, entries=lambda entries: _with_critical(entries, b"\xde\x00\x05")),
        "critical-key": Parts(None, critical=rename("root", b"\xd9\x04root")),
        "backend-str8": Parts(None, critical=change(backend=b"\xd9\x05numpy")),
        "types-array16": Parts(None, critical=change(types=b"\xdc\x00\x00")),
        "objects-i8": Parts(obj(0), [[]], critical=change(objects=b"\x91\xd0\xff"), root="list"),
        "objects-array32": Parts(obj(0), [[]], critical=change(objects=b"\xdd\x00\x00\x00\x01\xff"), root="list"),
        "arrays-u8": Parts(arr(0), arrays=[one], critical=change(arrays=row), root="array"),
        "ancillary-map16": Parts(None, ancillary=b"\xde\x00\x00"),
        "ancillary-key": Parts(None, ancillary=b"\x81\xd9\x01a\xc0"),
        "ancillary-i16": Parts(None, ancillary=b"\x81\xa1a\xd1\x00\x05"),
    }.items():
        why = f"A number or a length in the header has not its shortest form: {name}."
        yield Vector(f"H2-long-{name}", "H2", "C", why, parts)


def _with_critical(entries: dict[str, bytes], start: bytes) -> dict[str, bytes]:
    return {**entries, "critical": start + entries["critical"][1:]}


def _ends_with(fill: bytes) -> bytes:
    """The header's bytes with a pad that is one byte, in a header that needs no other."""
    for length in range(64):
        payload = Parts(None, writer=("w" * length, "1")).payload()[64:]
        packed = payload[: payload.index(b"\xa3pad") + 4] + fill
        if len(packed) % 64 == 0:
            return packed
    raise AssertionError


def _of_keys() -> Iterator[Vector]:
    for name, why, ancillary in [
        ("integer", "A key of ancillary is an integer.", b"\x81\x01\xc0"),
        ("nil", "A key of ancillary is nil.", b"\x81\xc0\xc0"),
        ("bin", "A key of ancillary is a bin.", b"\x81\xc4\x01a\xc0"),
        ("array", "A key of ancillary is an array.", b"\x81\x90\xc0"),
        ("float", "A key of a map in ancillary is a float.", b"\x81\xa4meta\x81" + pack(1.5) + b"\xc0"),
        ("twice", "A key of ancillary stands twice.", b"\x82\xa1a\x01\xa1a\x02"),
        ("twice-other-form", "A key stands twice, in two forms.", b"\x82\xa1a\x01\xd9\x01a\x02"),
        (
            "twice-inside",
            "A key of a map in an array in ancillary stands twice.",
            b"\x81\xa1a\x91\x82\xa1b\x01\xa1b\x01",
        ),
        ("ext", "ancillary has an ext type.", b"\x81\xa1a\xd4\x05\x00"),
        ("ext-inside", "A map in ancillary has an ext type.", b"\x81\xa4meta\x81\xa1a\x91\xd4\x2a\x00"),
        ("timestamp", "ancillary has a timestamp of msgpack.", b"\x81\xa1a\xd6\xff\0\0\0\0"),
        ("text", "A string of ancillary is not UTF-8.", b"\x81\xa1a\xa1\xff"),
        ("text-key", "A key of ancillary is not UTF-8.", b"\x81\xa1\xff\xc0"),
    ]:
        yield Vector(f"H3-{name}", "H3", "I", why, Parts(None, ancillary=ancillary))
    double = {**dict.fromkeys(("backend", "root", "types", "objects", "arrays"), b""), b"\xa4root": pack("nil")}
    yield Vector(
        "H3-critical-twice",
        "H3",
        "I",
        "A key of critical stands twice.",
        Parts(None, critical=lambda entries: {key: entries.get(key, value) for key, value in double.items()}),
    )
    yield Vector(
        "H3-critical-integer",
        "H3",
        "I",
        "A key of critical is an integer.",
        Parts(None, critical=lambda entries: {**entries, b"\x01": b"\xc0"}),
    )
    yield Vector(
        "H3-ext-in-objects",
        "H3",
        "I",
        "objects has an ext type.",
        Parts(obj(0), [[]], objects=[ext(1, b"\0")], root="list"),
    )
    yield Vector(
        "H3-ext-in-arrays",
        "H3",
        "I",
        "A shape has an ext type.",
        Parts(arr(0), arrays=[["<f8", [ext(5, b"\0")], 0, 0]], root="array"),
    )
    yield Vector(
        "H3-writer-text",
        "H3",
        "I",
        "The writer is not UTF-8.",
        Parts(None, entries=change(writer=b"\x92\xa1\xff\xa1a")),
    )


def vectors() -> Iterator[Vector]:
    """All of them."""
    yield from of_prelude()
    yield from of_map()
