"""Changes of packed msgpack, object by object."""

from __future__ import annotations

import functools
import struct
from collections.abc import Sequence
from random import Random

import msgpack

from serialization._payload.forms import tokens

_POWERS = (5, 7, 8, 15, 16, 31, 32, 53, 63)
_EDGES = (0, 1, *(2**power - less for power in _POWERS for less in (0, 1)), 2**64 - 1)
_EDGES = (*_EDGES, -1, -2, -3, -4, *(-(2**power) - more for power in (5, 7, 15, 31) for more in (0, 1)), -(2**63))


def _ext(code: int, data: bytes) -> bytes:
    return msgpack.packb(msgpack.ExtType(code, data))


def _scalar(dtype: bytes, data: bytes) -> bytes:
    return _ext(3, bytes([len(dtype)]) + dtype + data)


# Packed values that a reader must tell apart, or refuse.
VALUES: tuple[bytes, ...] = (
    *(b"\xc0", b"\xc1", b"\xc2", b"\xc3", b"\x80", b"\x81\xa1a\x01", b"\x90", b"\x91\x90", b"\x92\x01\x02"),
    *(b"\xa0", b"\xa1\xff"),
    *(b"\xa2\xc3\xa9", b"\xc4\x00", b"\xc4\x02ab", b"\xd9\x01a", b"\xdc\x00\x00", b"\xdd\xff\xff\xff\xff"),
    b"\xcd\x00\x05",
    *(b"\xca\x3f\xc0\x00\x00", b"\xca\x7f\xc0\x00\x01", b"\xcf" + bytes(8), b"\xd3" + bytes(8), b"\xd1\xff\xff"),
    *map(msgpack.packb, _EDGES),
    *(b"\xcb" + struct.pack(">d", value) for value in (0.0, -0.0, 1.0, 1.5, 1e308, float("inf"), float("nan"), 5e-324)),
    *(b"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x01", b"\xcb\xff\xf0\x00\x00\x00\x00\x00\x01"),
    *(_ext(code, data) for code in (1, 2) for data in (b"", b"\0", b"\1", b"\2", b"\0\0", b"\1\0", bytes(4), b"\xff")),
    *(_ext(code, bytes(16)) for code in range(9)),
    *(b"\xd6\xff" + bytes(4), b"\xd7\xff" + bytes(8), b"\xc7\x0c\xff" + bytes(12), b"\xd4\x80\x00", b"\xc7\x00\x05"),
    *(_ext(4, struct.pack(">dd", *pair)) for pair in ((0.0, 0.0), (float("nan"), -0.0), (1.0, 0.0))),
    *(_ext(5, data + bytes(8)) for data in (b"\1", b"\0\1", b"\xfe", b"\xff")),
    *(_ext(5, data) for data in (b"", b"\0", b"\xff\x7f" + bytes(7))),
    *(_scalar(b"<f8", bytes(8)), _scalar(b">f8", bytes(8)), _scalar(b"<f8", bytes(7)), _scalar(b"|b1", b"\2")),
    *(_scalar(b"<M8[0s]", bytes(8)), _scalar(b"<M8[s]", bytes(8)), _scalar(b"<m8[1s]", bytes(8))),
    _scalar(b"<f2", b"\1\x7e"),
    *(_scalar(b"<M8[as]", b"\xff" * 7 + b"\x7f"), _scalar(b"<m8", bytes(7) + b"\x80"), _scalar(b"|O", bytes(8))),
    *(_scalar(b"<f16", bytes(16)), _scalar(b"<U1", bytes(4)), _scalar(b"\xff", b""), _ext(3, b"U"), _ext(3, b"U\xff")),
    *(_ext(3, b"Sabc\0"), _ext(3, b"S"), _ext(3, b"Utext")),
    *(_ext(6, data) for data in (b"", b"\x90", b"\x91\x01", b"\x92\x01\x01", b"\x92\x02\x01", b"\x90\x90")),
    _ext(6, b"\x91\xd4\x01\x00"),
    *(_ext(6, b"\x93\x01\xcb\x3f\xf0" + bytes(6) + b"\xc3"), _ext(6, b"\x91\xca" + bytes(4))),
    _ext(6, b"\x91\x91\x91\xa1a"),
    _ext(6, b"\x91" + _ext(6, b"\x90")),
    *(b"\x91" * depth + b"\xc0" for depth in (8, 300, 498, 511, 600, 1023, 1100, 5000)),
    *map(msgpack.packb, ("numpy", "jax", "mixed", "list", "array", "nil", "scalar", "tests.Part")),
    *map(msgpack.packb, ("_use_jax", "value", "total")),
)  # fmt: skip


@functools.lru_cache(maxsize=20_000)
def spans(packed: bytes) -> tuple[Sequence[tuple[int, int]], Sequence[int], Sequence[int]]:
    """Where each object in some msgpack begins and ends, where it ends without what stands in it, and its parent."""
    starts, heads, parents, left = [], [], [], []
    stack: list[int] = []
    for index, token in enumerate(tokens(packed)):
        while stack and not left[stack[-1]]:
            stack.pop()
        if stack:
            left[stack[-1]] -= 1
        parents.append(stack[-1] if stack else -1)
        starts.append(token.start)
        left.append(token.items)
        heads.append(token.byte)
        if token.items:
            stack.append(index)
    count = len(starts)
    ends = [0] * count
    bounds = [*starts, len(packed)]
    last = list(range(count))  # the last object inside of each
    for index in range(count - 1, -1, -1):
        ends[index] = bounds[last[index] + 1]
        if (parent := parents[index]) >= 0:
            last[parent] = max(last[parent], last[index])
    return list(zip(starts, ends, strict=True)), bounds[1:], parents


def changed(packed: bytes, random: Random, donor: bytes) -> bytes:
    """The same msgpack with one object, or a few, changed; `donor` is other msgpack to take objects from."""
    try:
        places, ends, parents = spans(packed)
    except IndexError:  # an earlier change left no valid msgpack
        return packed
    if not places:
        return random.choice(VALUES)
    edits: list[tuple[int, int, bytes]] = []
    for _ in range(1 if random.random() < 0.7 else random.randint(2, 4)):
        index = int(random.random() * len(places))
        start, stop = places[index]
        kind = random.random()
        if kind < 0.35:
            edits.append((start, ends[index], _nudged(packed[start : ends[index]], random)))
        elif kind < 0.60:
            edits.append((start, stop, random.choice(VALUES)))
        elif kind < 0.75:
            source = donor if random.random() < 0.5 else packed
            first, last = random.choice(spans(source)[0])
            edits.append((start, stop, source[first:last]))
        elif kind < 0.83:
            other = places[int(random.random() * len(places))]
            if other[0] >= stop or other[1] <= start:
                edits += [(start, stop, packed[slice(*other)]), (*other, packed[start:stop])]
        else:
            # Away, or twice; the array around it counts right, most of the time.
            twice = random.random() < 0.5
            edits.append((start, stop, 2 * packed[start:stop] if twice else b""))
            parent = parents[index]
            if parent >= 0 and random.random() < 0.8:
                at = places[parent][0]
                byte = packed[at] + (1 if twice else -1)
                if 0x90 <= packed[at] < 0xA0 and 0x90 <= byte < 0xA0:
                    edits.append((at, at + 1, bytes([byte])))
    return _apply(packed, edits)


def _apply(packed: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """The edits that do not overlap, the first of them first."""
    position, pieces = 0, []
    for start, stop, new in sorted(edits):
        if start >= position:
            pieces += [packed[position:start], new]
            position = stop
    return b"".join([*pieces, packed[position:]])


def _nudged(token: bytes, random: Random) -> bytes:
    """One object without what stands in it, a little different."""
    byte = token[0]
    if byte < 0x80 or byte >= 0xE0:
        value = byte if byte < 0x80 else byte - 256
        return msgpack.packb(
            value + random.choice((-1, 1, 1, 2, 128)) if random.random() < 0.7 else random.choice(_EDGES)
        )
    if len(token) == 1 or random.random() < 0.2:
        return bytes([byte ^ 1 << random.randrange(8)]) + token[1:]
    if byte in (0xC7, 0xC8, 0xC9, *range(0xD4, 0xD9)) and random.random() < 0.3:
        at = {0xC7: 2, 0xC8: 3, 0xC9: 5}.get(byte, 1)
        if at < len(token):
            return token[:at] + bytes([random.choice((0, 1, 2, 3, 4, 5, 6, 7, 127, 128, 255))]) + token[at + 1 :]
    at = random.randrange(1, len(token))
    new = token[at] ^ 1 << random.randrange(8) if random.random() < 0.6 else random.choice((0, 1, 2, 0x7F, 0x80, 0xFF))
    return token[:at] + bytes([new]) + token[at + 1 :]
