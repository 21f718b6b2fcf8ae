"""One case: parts of the corpus, changed."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import msgpack

from serialization import SerializationError
from serialization._payload.compress import COMPRESSIONS, compress
from serialization._payload.dtypes import dtype_from
from tests.fuzz.corpus import Corpus
from tests.fuzz.parts import ENTRIES, Parts, Stored, digest_of, nbytes_of, put_together
from tests.fuzz.tokens import changed

_OF_LARGE = 0.01  # the share of the cases that large payloads get
_COUNTS = (0, 1, 2, 3, 4, 5, 7, 8, 63, 64, 65, *(2**power - less for power in (16, 31, 32, 62, 63) for less in (0, 1)))
_ODD = (-1, -(2**63), 1.0, -0.0, 2.5, True, False, None, "1", b"1", [], [1], {})
_DTYPES = (
    *("|b1", "|i1", "|u1", "<i2", ">i2", "<i4", "<u4", ">u4", "<i8", "<u8", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"),
    *("<c8", ">c8", "<c16", "|S1", "|S8", "<U1", "<U2", ">U2", "<M8[s]", ">M8[25us]", "<m8", "<m8[as]", "<M8[Y]"),
    *("<M8[0s]", "<M8[1s]", "<m8[generic]", "|O", "|V8", "<f16", "<g", "<c32", "<i1", "|i2", "f8", "=f8"),
    *("float64", ""),
    *("<U0", "|S0", "|S999999999", "<U999999999", "|S9999999999", "<M8[s", "<M8[s]]", "<f8\n", " <f8"),
    *("<f8\0", "i4,i4", "<M"),
    *([8, [["a", "<f4", 0], ["b", "<f4", 4]]], [8, [["a", "<f4", 0], ["a", "<f4", 4]]]),
    *([8, [["a", "<f8", 1]]], [8, []]),
    *([3, [["a", "|u1", 2]]], [0, []], [-1, []], [8, [["", "|O", 0]]], [2**31 - 1, [["a", "|b1", 0]]]),
    *([2**40, []], [8]),
    *([4, [["a", "<i4", 0], ["b", "<i4", 0]]], [8, [["a", [4, []], 0]]], 8, None, [8.0, [["a", "<f8", 0]]], {}, True),
)  # fmt: skip


class Case(NamedTuple):
    """A payload, and the backend that it is loaded onto."""

    payload: bytes
    backend: str | None


def case_of(corpus: Corpus, seed: int, number: int, backends: bool) -> Case:
    """The case of a number; `backends` says whether JAX is there."""
    random = Random(seed << 40 | number)
    group = corpus.large if corpus.large and random.random() < _OF_LARGE else corpus.small
    parts = random.choice(group).copy()
    donor = random.choice(corpus.small)
    for _ in range(1 if random.random() < 0.85 else 2):
        _choose(_CHANGES, random)(parts, random, donor)
    payload = put_together(parts)
    if random.random() < 0.01:
        at = random.randrange(len(payload))
        payload = payload[:at] + bytes([payload[at] ^ 1 << random.randrange(8)]) + payload[at + 1 :]
    backend = "numpy" if not backends or random.random() < 0.95 else random.choice((None, "jax"))
    return Case(payload, backend)


def _choose(weights: dict[Any, float], random: Random) -> Any:
    at = random.random() * _TOTAL
    for change, weight in weights.items():
        at -= weight
        if at < 0:
            return change
    return change


def _change_body(parts: Parts, random: Random, donor: Parts) -> None:
    parts.body = changed(parts.body, random, donor.body)


def _change_entry(parts: Parts, random: Random, donor: Parts) -> None:
    name = random.choice(list(parts.entries))
    parts.entries[name] = changed(parts.entries[name], random, donor.entries.get(name, b"\x80"))


def _change_structure(parts: Parts, random: Random, donor: Parts) -> None:
    """The kinds of the objects, or the rows of the types."""
    name = random.choice(("types", "objects"))
    parts.entries[name] = changed(parts.entries[name], random, donor.entries[name])


def _take_entry(parts: Parts, random: Random, donor: Parts) -> None:
    name = random.choice(ENTRIES)
    parts.entries[name] = donor.entries[name]


def _take_body(parts: Parts, random: Random, donor: Parts) -> None:
    parts.body = donor.body
    if random.random() < 0.8:
        for name in ("root", "types", "objects"):
            parts.entries[name] = donor.entries[name]


def _take_arrays(parts: Parts, random: Random, donor: Parts) -> None:
    """Arrays of another payload in the place of some of these, or all of them in another order."""
    if random.random() < 0.2 or not donor.arrays:
        random.shuffle(parts.arrays)
        return
    for index in range(len(parts.arrays)):
        if random.random() < 0.6:
            one = random.choice(donor.arrays)
            if parts.wire == 1 and len(one.row) == 6:
                return
            parts.arrays[index] = one if one.digest else Stored(one.row, one.data, digest_of(one.data))


def _add_or_drop_array(parts: Parts, random: Random, donor: Parts) -> None:
    if parts.arrays and random.random() < 0.5:
        del parts.arrays[random.randrange(len(parts.arrays))]
    else:
        data = bytes(8)
        parts.arrays.insert(random.randint(0, len(parts.arrays)), Stored(["<f8", [1], 0, 0], data, digest_of(data)))


def _change_row(parts: Parts, random: Random, donor: Parts) -> None:
    """A row whose bytes stay as they are."""
    if not parts.arrays:
        return _change_body(parts, random, donor)
    index = random.randrange(len(parts.arrays))
    one = parts.arrays[index]
    row = list(one.row)
    place = random.choice((0, 0, 1, 1, 1, 2, 3, *range(4, len(row)), len(row)))
    if place == 0:
        row[0] = random.choice(_DTYPES)
    elif place == 1:
        row[1] = _shape(row[1] if type(row[1]) is list else [], random)
    elif place == len(row):
        row = random.choice((row[:-1], [*row, 0], [*row, "zlib", len(one.data)], [*row, *row], [], row[:3]))
    else:
        row[place] = random.choice((*_COUNTS, *_ODD, *COMPRESSIONS, "lz4"))
    if place == 3:
        parts.lay_out = False
    if random.random() < 0.05:
        parts.rows = changed(msgpack.packb([other.row for other in parts.arrays]), random, b"\x90")
    if len(row) < 4 or type(row) is not list:
        parts.rows = msgpack.packb([*(other.row for other in parts.arrays[:index]), row])
        return None
    parts.arrays[index] = Stored(row, one.data, one.digest)
    return None


def _shape(shape: list[Any], random: Random) -> Any:
    shape = list(shape)
    kind = random.random()
    if kind < 0.25:
        return random.choice(([], [0], [1] * 64, [1] * 65, [0, 2**63 - 1], [2**32, 2**32], [0] * 70, *_ODD))
    if kind < 0.5 and shape:
        return [*shape[1:], shape[0]]
    if kind < 0.6:
        return [*shape, 1]
    if kind < 0.7:
        return [math.prod(shape)] if all(type(length) is int for length in shape) else shape
    if not shape:
        return [random.choice((*_COUNTS, *_ODD))]
    shape[random.randrange(len(shape))] = random.choice((*_COUNTS, *_ODD))
    return shape


def _fit_array(parts: Parts, random: Random, donor: Parts) -> None:
    """Another dtype, shape or order, and as many bytes as they need."""
    if not parts.arrays:
        return _change_body(parts, random, donor)
    index = random.randrange(len(parts.arrays))
    row = list(parts.arrays[index].row[:4])
    kind = random.random()
    if kind < 0.5:
        row[0] = random.choice(_DTYPES[:29])
    elif kind < 0.8:
        row[1] = [random.choice((0, 1, 2, 3, 5)) for _ in range(random.randrange(5))]
    else:
        row[2] = random.randrange(4)
    size = nbytes_of(row)
    if size is None or size > 4096:
        return None
    data = (parts.arrays[index].data * (size // max(len(parts.arrays[index].data), 1) + 1))[:size]
    data = data if len(data) == size and random.random() < 0.7 else random.randbytes(size)
    parts.arrays[index] = Stored(row, data, digest_of(data))
    return None


def _change_bytes(parts: Parts, random: Random, donor: Parts) -> None:
    """Bytes of an array, whose digest agrees most of the time."""
    choices = [index for index, one in enumerate(parts.arrays) if one.data]
    if not choices:
        return _change_body(parts, random, donor)
    index = random.choice(choices)
    one = parts.arrays[index]
    kind, at = random.random(), random.randrange(len(one.data))
    if kind < 0.6:
        data = one.data[:at] + bytes([random.choice((0, 1, 2, 0x7F, 0xFF, random.randrange(256)))]) + one.data[at + 1 :]
    elif kind < 0.8:
        data = one.data[:at] + random.randbytes(min(8, len(one.data) - at)) + one.data[at + 8 :]
    else:
        data = one.data[:at] if kind < 0.9 else one.data + one.data[: at % 16]
    digest = one.digest if len(one.row) == 6 or random.random() < 0.1 else digest_of(data)
    row = [*one.row[:5], len(data)] if len(one.row) == 6 and random.random() < 0.8 else one.row
    parts.arrays[index] = Stored(row, data, digest)
    return None


def _compress_array(parts: Parts, random: Random, donor: Parts) -> None:
    """An array that is compressed well, or as another one is, or to too little."""
    choices = [index for index, one in enumerate(parts.arrays) if _is_good(one)]
    if parts.wire == 1 or not choices:
        parts.compression = random.choice((None, "zlib", "lz4")) if parts.wire == 1 and random.random() < 0.3 else None
        return _change_body(parts, random, donor)
    index = random.choice(choices)
    one = parts.arrays[index]
    name = random.choice(COMPRESSIONS)
    packed = compress(name, dtype_from(one.row[0]), one.data)
    name, data = packed or ("zlib", zlib.compress(one.data, random.choice((0, 1, 9))))
    if random.random() < 0.2:
        name = random.choice(COMPRESSIONS)
    if random.random() < 0.2:
        data += random.choice((b"\0", data))
    parts.arrays[index] = Stored([*one.row[:4], name, len(data)], data, one.digest)
    return None


def _is_good(one: Stored) -> bool:
    """Whether an array is not compressed, and no earlier change left a row that describes none."""
    try:
        dtype_from(one.row[0])
    except SerializationError:
        return False
    return len(one.row) == 4 and len(one.data) == nbytes_of(one.row)


def _claim(parts: Parts, random: Random, donor: Parts) -> None:
    """A length, a digest or a padding that is not the right one."""
    near = random.choice((-64, -1, 1, 2, 64))
    body = len(parts.body)
    name = random.choice(("size", "head", "pad", "digest", "tail", "body", "digests", "gaps", "end", "add"))
    size = len(put_together(parts))
    parts.claims[name] = {
        "size": lambda: random.choice((size + near, *_COUNTS)),
        "head": lambda: random.choice((64, 128, size // 64 * 64, near, *_COUNTS)),
        "pad": lambda: random.choice((b"", b"\1", bytes(64), bytes(range(100)), bytes(255))),
        "digest": lambda: 1 << random.randrange(8),
        "tail": lambda: max(0, random.choice((size, body + near, *_COUNTS))),
        "body": lambda: max(0, random.choice((body + near, 0, 2**31))) & 2**32 - 1,
        "digests": lambda: random.choice(
            (b"", bytes(16), b"".join(one.digest for one in parts.arrays)[:-1], bytes(1000))
        ),
        "gaps": lambda: random.choice((0, 1, 0xC0)),
        "end": lambda: random.choice((b"\0", bytes(64), b"\xc0", bytes(1000))),
        "add": lambda: random.choice((-1, 1, 2)),
    }[name]()


def _leave(parts: Parts, random: Random, donor: Parts) -> None:
    """Nothing is changed."""


_CHANGES: dict[Callable[[Parts, Random, Parts], None], float] = {
    _change_body: 40,
    _change_structure: 8,
    _change_entry: 6,
    _take_entry: 3,
    _take_body: 3,
    _take_arrays: 5,
    _add_or_drop_array: 2,
    _change_row: 12,
    _fit_array: 8,
    _change_bytes: 6,
    _compress_array: 5,
    _claim: 4,
    _leave: 1,
}
_TOTAL = sum(_CHANGES.values())
