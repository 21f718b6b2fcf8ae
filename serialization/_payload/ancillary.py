"""What a payload holds beside its graph: notes of the user, which a reader may ignore."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from serialization.errors import LimitError, UnsupportedValueError

_MOST_DEEP = 100
_PLAIN = (bool, float, str, bytes, type(None))


def check_meta(meta: object) -> dict[str, Any]:
    """The user's notes; raises unless they are a dict of plain values, with text as the keys of each dict.

    Raises
    ------
    UnsupportedValueError
        If something else is among them; the message starts with its place.
    LimitError
        If they are nested more than 100 deep.
    """
    if not isinstance(meta, Mapping):
        raise UnsupportedValueError(f"expected a dict, found {type(meta).__name__}", path="meta")
    return _plain(meta, "meta", 0)


def _plain(value: Any, path: str, depth: int) -> Any:
    if depth > _MOST_DEEP:
        raise LimitError(f"expected values nested at most {_MOST_DEEP} deep, found more", path=path)
    if type(value) in _PLAIN:
        if type(value) is str:
            _check_text(value, path)
        return value
    if type(value) is int:
        if not -(2**63) <= value < 2**64:
            raise UnsupportedValueError(
                f"expected an integer of 64 bits, found one of {value.bit_length()} bits", path=path
            )
        return value
    if isinstance(value, Mapping):
        out = {}
        for key, item in value.items():
            if type(key) is not str:
                raise UnsupportedValueError(f"expected text as keys, found {key!r:.80}", path=path)
            _check_text(key, path)
            out[key] = _plain(item, f"{path}[{key!r:.80}]", depth + 1)
        return out
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{path}[{index}]", depth + 1) for index, item in enumerate(value)]
    hint = " (convert it first: a number by float(), a date by isoformat(), an array by tolist())"
    raise UnsupportedValueError(
        f"expected None, a bool, a number, text, bytes, a list or a dict, found {type(value).__name__}{hint}", path=path
    )


def _check_text(text: str, path: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnsupportedValueError("expected text that UTF-8 can hold, found a lone surrogate", path=path) from None
