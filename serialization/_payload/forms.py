"""The msgpack objects of some bytes, one after the other, and whether each has its shortest form."""

# pyright: strict

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

FLOAT_32, FLOAT_64 = 0xCA, 0xCB
# For each first byte with a length behind it: the bytes of that length, those of a code, and whether it counts bytes.
_SIZED = {
    0xC4: (1, 0, True), 0xC5: (2, 0, True), 0xC6: (4, 0, True),  # bin
    0xC7: (1, 1, True), 0xC8: (2, 1, True), 0xC9: (4, 1, True),  # ext
    0xD9: (1, 0, True), 0xDA: (2, 0, True), 0xDB: (4, 0, True),  # str
    0xDC: (2, 0, False), 0xDD: (4, 0, False), 0xDE: (2, 0, False), 0xDF: (4, 0, False),  # arrays, maps
}  # fmt: skip
_NUMBERS = {0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8, 0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8}
_FIXEXT = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}
_CONTAINERS = {*range(0x80, 0xA0), *range(0xDC, 0xE0)}
# The smallest length that needs each form.
_LEAST = {
    0xC4: 0, 0xC5: 2**8, 0xC6: 2**16, 0xC7: 0, 0xC8: 2**8, 0xC9: 2**16, 0xD9: 32, 0xDA: 2**8, 0xDB: 2**16,
    0xDC: 16, 0xDD: 2**16, 0xDE: 16, 0xDF: 2**16,
}  # fmt: skip
_LEAST_UNSIGNED = {0xCC: 2**7, 0xCD: 2**8, 0xCE: 2**16, 0xCF: 2**32}
_GREATEST_SIGNED = {0xD0: -33, 0xD1: -(2**7) - 1, 0xD2: -(2**15) - 1, 0xD3: -(2**31) - 1}


class Token(NamedTuple):
    """One msgpack object, without the items of an array or a map: where it begins, its first byte, and its form.

    `items` counts the objects that stand in an array or a map. `data` is what follows an ext type's code, `code` that
    code; both are empty for the others.
    """

    start: int
    byte: int
    shortest: bool
    items: int
    code: int
    data: bytes


def tokens(packed: bytes) -> Iterator[Token]:
    """The objects in valid msgpack; those in arrays and maps follow them."""
    at, size = 0, len(packed)
    while at < size:
        start, byte = at, packed[at]
        at += 1
        shortest, items, code, data = True, 0, 0, b""
        if byte in _NUMBERS:
            width = _NUMBERS[byte]
            bits = packed[at : at + width]
            at += width
            if byte in _LEAST_UNSIGNED:
                shortest = int.from_bytes(bits, "big") >= _LEAST_UNSIGNED[byte]
            elif byte in _GREATEST_SIGNED:
                shortest = int.from_bytes(bits, "big", signed=True) <= _GREATEST_SIGNED[byte]
        elif byte in _SIZED:
            width, extra, counts_bytes = _SIZED[byte]
            length = int.from_bytes(packed[at : at + width], "big")
            at += width
            shortest = length >= _LEAST[byte] and not (byte == 0xC7 and length in _FIXEXT.values())
            if extra:
                code, data = packed[at], packed[at + 1 : at + 1 + length]
                at += 1
            if counts_bytes:
                at += length
            else:
                items = length if byte < 0xDE else 2 * length
        elif byte in _FIXEXT:
            code, data = packed[at], packed[at + 1 : at + 1 + _FIXEXT[byte]]
            at += 1 + _FIXEXT[byte]
        elif 0xA0 <= byte < 0xC0:  # a short string
            at += byte - 0xA0
        elif 0x90 <= byte < 0xA0:  # a short array
            items = byte - 0x90
        elif 0x80 <= byte < 0x90:  # a short map
            items = 2 * (byte - 0x80)
        yield Token(start, byte, shortest, items, code, data)


def depth_of(packed: bytes) -> int:
    """How many arrays and maps stand in each other at most."""
    most, left = 0, list[int]()
    for token in tokens(packed):
        while left and not left[-1]:
            left.pop()
        if left:
            left[-1] -= 1
        if token.byte in _CONTAINERS:
            left.append(token.items)
            most = max(most, len(left))
    return most
