"""Keys of one hash, which make each look-up in a table a walk through all of them."""

from __future__ import annotations

_MODULUS = 2**64
# The constants of the hash of a tuple (xxHash, as CPython has it).
_P1, _P2, _P5 = 11400714785074694791, 14029467366897019727, 2870177450012600261
_PRIME = 2**61 - 1  # of the hash of an int


def big_integers(count: int) -> list[int]:
    """Integers of more than 64 bits."""
    return [index * _PRIME + 1 for index in range(9, 9 + count)]


def pairs(count: int) -> list[tuple[int, int]]:
    """Tuples of two integers of 64 bits."""
    target = _mix(_mix(_P5, 1), 1)
    after = _unmix(target)
    out: list[tuple[int, int]] = []
    first = 1
    while len(out) < count:
        second = (after - _mix(_P5, first)) * pow(_P2, -1, _MODULUS) % _MODULUS
        second -= _MODULUS * (second >= 2**63)
        if abs(second) < _PRIME:
            out.append((first, second))
        first += 1
    assert len(set(map(hash, out))) == 1
    return out


def _mix(state: int, lane: int) -> int:
    state = (state + lane * _P2) % _MODULUS
    return (state << 31 | state >> 33) % _MODULUS * _P1 % _MODULUS


def _unmix(state: int) -> int:
    """The sum that `_mix` turned and multiplied."""
    state = state * pow(_P1, -1, _MODULUS) % _MODULUS
    return (state >> 31 | state << 33) % _MODULUS
