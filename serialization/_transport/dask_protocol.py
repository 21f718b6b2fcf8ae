"""Payloads as the messages of Dask's `distributed`.

Dask asks for a header and frames of an object. The frames of ours are its payload, cut so that every large array is
a frame of its own, which nobody copies.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

from serialization._transport import frames as _frames
from serialization.errors import SerializationError

NAME = "autoarray-portable"
_known: set[type] = set()


def types_of(targets: Iterable[str]) -> list[type]:
    """The classes that "module:class" name; those that can't be imported here are left out."""
    found = []
    for target in targets:
        module, _, qualname = target.partition(":")
        try:
            found.append(reduce(getattr, qualname.split("."), importlib.import_module(module)))
        except (ImportError, AttributeError):
            continue  # no object of it can arrive here, in whatever way
    return found


def register_types(types: Iterable[type]) -> None:
    """Tell the `distributed` of this process how to carry, measure and name objects of these types."""
    from dask.sizeof import sizeof
    from dask.tokenize import normalize_object, normalize_token
    from distributed.protocol.serialize import dask_deserialize, dask_serialize

    def token(obj: Any) -> Any:
        try:
            return NAME, _frames.digest_of(obj)
        except SerializationError:
            return normalize_object(obj)

    for cls in set(types) - _known:
        dask_serialize.register(cls, to_frames)
        dask_deserialize.register(cls, from_frames)
        sizeof.register(cls, nbytes_of)
        normalize_token.register(cls, token)
        _known.add(cls)


def to_frames(obj: Any) -> tuple[dict[str, Any], list[memoryview]]:
    """The header and the frames of an object.

    Raises
    ------
    NotImplementedError
        If a payload can't hold it, which tells Dask to pickle it.
    """
    try:
        return {}, _frames.frames_of(obj)
    except SerializationError as error:
        raise NotImplementedError(str(error)) from error


def from_frames(header: dict[str, Any], frames: Sequence[Any]) -> Any:
    """The object of a header and frames."""
    return _frames.from_frames(frames)


def nbytes_of(obj: Any) -> int:
    """The size of an object's payload, or Python's own notion of its size if it can't be one."""
    try:
        return _frames.nbytes_of(obj)
    except SerializationError:
        return obj.__sizeof__()
