"""Pickles written by hand: any global, called or built with anything, in any protocol."""

from __future__ import annotations

import dataclasses
import io
import pickle
import struct
from typing import Any

import numpy as np

from serialization._pickle.nodes import Foreign, JaxArray, ModuleReference, walk

INERT = {type(None), bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, np.ndarray}
INERT |= {Foreign, JaxArray, ModuleReference}


def is_inert(root: Any) -> bool:
    """Whether a graph that was read holds data alone."""
    return all(issubclass(kind, np.generic) for kind in {type(value) for _, value in walk(root)} - INERT)


@dataclasses.dataclass(eq=False)
class Name:
    """A global, which need not exist."""

    module: str
    name: str


@dataclasses.dataclass(eq=False)
class Call:
    """REDUCE: a global or anything else, called; then BUILD, if there is a state."""

    function: Any
    arguments: Any = ()
    state: Any = None


@dataclasses.dataclass(eq=False)
class New:
    """NEWOBJ: an object of a class; then BUILD, if there is a state."""

    cls: Any
    state: Any = None
    arguments: Any = ()


@dataclasses.dataclass(eq=False)
class Raw:
    """Opcodes as they stand, between what is saved before and after them."""

    parts: tuple[Any, ...]


class Op(bytes):
    """An opcode, in distinction to bytes that are data."""


def raw(*parts: Any) -> Raw:
    """Opcodes (as `Op`) and values, in turn."""
    return Raw(parts)


class _Assembler(pickle._Pickler):  # pyright: ignore[reportAttributeAccessIssue]
    def save(self, obj: Any, save_persistent_id: bool = True) -> None:
        known = self.memo.get(id(obj)) if isinstance(obj, (Name, Call, New)) else None
        if known is not None:
            self.write(self.get(known[0]))
        elif isinstance(obj, Name):
            if self.proto >= 4:
                self.save(obj.module)
                self.save(obj.name)
                self.write(pickle.STACK_GLOBAL)
            else:
                self.write(pickle.GLOBAL + f"{obj.module}\n{obj.name}\n".encode())
            self.memoize(obj)
        elif isinstance(obj, (Call, New)):
            self.save(obj.function if isinstance(obj, Call) else obj.cls)
            self.save(obj.arguments)
            self.write(pickle.REDUCE if isinstance(obj, Call) else pickle.NEWOBJ)
            self.memoize(obj)
            if obj.state is not None:
                self.save(obj.state)
                self.write(pickle.BUILD)
        elif isinstance(obj, Raw):
            for part in obj.parts:
                self.write(part) if isinstance(part, Op) else self.save(part)
        else:
            super().save(obj, save_persistent_id)


def assemble(value: Any, protocol: int = 4) -> bytes:
    """The pickle of a value that may hold `Name`, `Call`, `New` and `Raw`."""
    file = io.BytesIO()
    _Assembler(file, protocol).dump(value)
    return file.getvalue()


def opcodes(*parts: bytes) -> bytes:
    """A pickle of protocol 4 of the opcodes given, and STOP."""
    return b"\x80\x04" + b"".join(parts) + b"."


def text(value: str) -> bytes:
    """The opcode that pushes a short text."""
    return pickle.SHORT_BINUNICODE + struct.pack("<B", len(value.encode())) + value.encode()


NDARRAY = Name("numpy", "ndarray")
RECONSTRUCT = Name("numpy._core.multiarray", "_reconstruct")


def dtype(code: str, order: str = "<") -> Call:
    """A dtype as NumPy writes it."""
    return Call(Name("numpy", "dtype"), (code, False, True), (3, order, None, None, None, -1, -1, 0))


def array_state(shape: Any = (2,), code: Any = "f8", values: Any = bytes(16)) -> tuple[Any, ...]:
    """The state of an array as NumPy writes it."""
    return (1, shape, dtype(code) if isinstance(code, str) else code, False, values)


def array(shape: Any = (2,), code: Any = "f8", values: Any = bytes(16)) -> Call:
    """An array as NumPy writes it."""
    return Call(RECONSTRUCT, (NDARRAY, (0,), b"b"), array_state(shape, code, values))
