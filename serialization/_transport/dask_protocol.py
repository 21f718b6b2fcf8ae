"""Payloads as the messages of Dask's `distributed`.

Dask asks for a header and frames of an object. The frames of ours are its payload, cut so that every large array is
a frame of its own, which nobody copies.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from serialization._transport.frames import digest_of, frames_of, from_frames, nbytes_of
from serialization.errors import SerializationError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

NAME = "autoarray-portable"
_known: set[type] = set()


def types_of(targets: Iterable[str]) -> list[type]:
    """The classes that "module:class" name; those that can't be imported here are left out."""
    types: list[type] = []
    for target in targets:
        module, _, qualname = target.partition(":")
        try:
            types.append(reduce(getattr, qualname.split("."), importlib.import_module(module)))
        except (ImportError, AttributeError):
            continue  # no object of it can arrive here, in whatever way
    return types


def register_types(types: Iterable[type]) -> None:
    """Tell the `distributed` of this process how to carry, measure and name objects of these types."""
    from dask.sizeof import sizeof
    from dask.tokenize import normalize_object, normalize_token
    from distributed.protocol.serialize import dask_deserialize, dask_serialize

    def token(obj: object) -> object:
        try:
            return NAME, digest_of(obj)
        except SerializationError:
            return normalize_object(obj)

    for cls in set(types) - _known:
        dask_serialize.register(cls, serialize)
        dask_deserialize.register(cls, deserialize)
        sizeof.register(cls, size_of)
        normalize_token.register(cls, token)
        _known.add(cls)


def serialize(obj: object) -> tuple[dict[str, Any], list[memoryview]]:
    """The header, which is empty, and the frames of an object.

    Raises
    ------
    NotImplementedError
        If a payload can't hold it, which tells Dask to pickle it.
    """
    try:
        return {}, frames_of(obj)
    except SerializationError as error:
        raise NotImplementedError(str(error)) from error


def deserialize(header: dict[str, Any], frames: Sequence[ReadableBuffer]) -> Any:
    """The object of a header and frames."""
    return from_frames(frames)


def size_of(obj: object) -> int:
    """The bytes of an object's payload, or what Python says of its size if a payload can't hold it."""
    try:
        return nbytes_of(obj)
    except SerializationError:
        return obj.__sizeof__()
