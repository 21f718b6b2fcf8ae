"""Old pickles as inert graphs: nothing that a file names is imported or called.

This is a pickle machine of its own. `pickletools` of the standard library takes the bytes apart; what
an opcode does is decided here, on values that `nodes.py` lists and that have no code of the file's
in them. So no attribute is looked up or set for a file, and a name is a name: `allowed.py` holds
the few functions that a file may call, and what is called instead.
"""

from __future__ import annotations

import io
import pickletools
from collections.abc import Callable
from typing import Any

from serialization._keys import Tables, check_hashes
from serialization._magic import MAGIC
from serialization._pickle import allowed
from serialization._pickle.arrays import DType, Pending
from serialization._pickle.budget import Budget
from serialization._pickle.check import check_graph
from serialization._pickle.nodes import Foreign, GlobalReference
from serialization._pickle.refuse import describe, unsafe
from serialization.errors import (
    CorruptError,
    NewerVersionError,
    NotAPayloadError,
    SerializationError,
    TruncatedError,
    UnsupportedValueError,
)

MAX_PROTOCOL = 5
_OTHER_FILES = {
    MAGIC: "an .aas payload; load it with serialization.load",
    b"\x1f\x8b": "data compressed by gzip; decompress it first",
    b"BZh": "data compressed by bzip2; decompress it first",
    b"\xfd7zXZ": "data compressed by xz; decompress it first",
    b"x\x9c": "data compressed by zlib; decompress it first",
    b"PK\x03\x04": "a zip archive; extract it first",
    b"\x93NUMPY": "an .npy file; load it with numpy.load",
}


def read_pickle(data: Any) -> object:
    """The graph of one pickle, by pickle, cloudpickle or dill, of protocol 0 to 5.

    Parameters
    ----------
    data
        Bytes, or any object with a contiguous buffer.

    Returns
    -------
    The root of a graph of plain values and the nodes of `nodes.py`.

    Raises
    ------
    UnsafePickleError
        If the pickle calls a function, or a class, that this reader does not know.
    UnsupportedValueError
        If it holds what this reader does not take, such as an array of Python objects.
    NotAPayloadError, CorruptError, TruncatedError, LimitError, NewerVersionError
        If it is no whole pickle, or a deeper one, or of a newer protocol, than this reader takes.
    """
    data = data if type(data) is bytes else bytes(memoryview(data).cast("B"))
    for start, other in _OTHER_FILES.items():
        if data.startswith(start):
            raise NotAPayloadError(f"expected a pickle, found {other}")
    machine = _Machine(len(data))
    end = _run(machine, data)
    if end != len(data):
        raise CorruptError(
            f"expected one pickle of {end} bytes, found {len(data) - end} bytes after it; split a file of several "
            "pickles first"
        )
    root = machine.result()
    check_graph(root)
    return root


def _run(machine: _Machine, data: bytes) -> int:
    """Run the opcodes of a pickle, and return where they end."""
    stream = io.BytesIO(data)
    opcodes = pickletools.genops(stream)
    at, first = 0, True
    try:
        while True:
            at = stream.tell()
            try:
                opcode, argument, _ = next(opcodes)
            except Exception as error:  # pickletools and what it calls have no common error of their own
                raise _undecodable(error, first, stream.tell() == len(data)) from None
            first = False
            if opcode.name == "STOP":
                return stream.tell()
            action = _ACTIONS.get(opcode.name)
            if action is None:
                raise _refusal_of(opcode.name, argument)
            try:
                action(machine, argument)
            except (IndexError, KeyError, TypeError, ValueError):
                raise CorruptError(f"expected the operands of {opcode.name}, found others") from None
    except SerializationError as error:
        if at == 0 and type(error) is CorruptError:
            error = NotAPayloadError(f"expected a pickle, found other data: {error.message}")
        if error.path is None:
            error.path = f"byte {at}"
        raise error from None


def _undecodable(error: Exception, first: bool, at_end: bool) -> SerializationError:
    text = f"{error}" if isinstance(error, ValueError) else type(error).__name__
    if first:
        return NotAPayloadError(f"expected a pickle, found {text[:200]}")
    return (TruncatedError if at_end else CorruptError)(f"expected a whole pickle, found {text[:200]}")


def _refusal_of(opcode: str, argument: object) -> SerializationError:
    outside = {
        **dict.fromkeys(("PERSID", "BINPERSID"), "a persistent id"),
        **dict.fromkeys(("NEXT_BUFFER", "READONLY_BUFFER"), "an out-of-band buffer"),
    }
    if opcode in outside:
        return UnsupportedValueError(f"expected a pickle that is whole by itself, found {outside[opcode]}")
    if opcode.startswith("EXT"):
        return unsafe("globals by their names", f"extension code {argument} of copyreg")
    return UnsupportedValueError(f"expected a pickle of Python 3, found the opcode {opcode} of Python 2")


class _Machine:
    """The stack and memo of a pickle that is being read."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.stack: list[Any] = []
        self.outer: list[list[Any]] = []  # the stacks below each mark
        self.memo: dict[int, Any] = {}
        self.tables = Tables()
        self.budget = Budget(size)
        # What can still get a state by BUILD; kept alive, so that nothing else gets its id.
        self.open: dict[int, Any] = {}

    def result(self) -> Any:
        """The only value on the stack."""
        if len(self.stack) != 1 or self.outer:
            raise CorruptError(f"expected one value at the end of a pickle, found {len(self.stack)}")
        return self.stack[0]

    def pop_to_mark(self) -> list[Any]:
        """The values above the last mark, which is removed."""
        if not self.outer:
            raise CorruptError("expected a mark on the stack, found none")
        items, self.stack = self.stack, self.outer.pop()
        return items

    def proto(self, number: int) -> None:
        if number > MAX_PROTOCOL:
            raise NewerVersionError(f"expected pickle protocol 0 to {MAX_PROTOCOL}, found {number}")

    def frame(self, length: int) -> None:
        if length > self.size:
            raise TruncatedError(f"expected a frame of {length} bytes, found a pickle of {self.size}")

    def mark(self, _: object) -> None:
        self.outer.append(self.stack)
        self.stack = []

    def pop(self, _: object) -> None:
        if self.stack:
            self.stack.pop()
        else:
            self.pop_to_mark()

    def pop_mark(self, _: object) -> None:
        self.pop_to_mark()

    def dup(self, _: object) -> None:
        self.stack.append(self.stack[-1])

    def push(self, value: object) -> None:
        self.stack.append(value)

    def push_bytes(self, value: bytearray) -> None:
        self.stack.append(bytes(value))

    def memoize(self, _: object) -> None:
        self.put(len(self.memo))

    def put(self, index: int) -> None:
        value = self.memo[index] = self.stack[-1]
        if type(value) is Pending:
            value.memos.append(index)

    def get(self, index: int) -> None:
        self.stack.append(self.memo[index])

    def tuple_of(self, count: int) -> None:
        if len(self.stack) < count:
            raise IndexError(count)
        items = tuple(self.stack[-count:])
        del self.stack[-count:]
        self.stack.append(items)

    def tuple_from_mark(self, _: object) -> None:
        items = tuple(self.pop_to_mark())
        self.stack.append(items)

    def list_from_mark(self, _: object) -> None:
        items = self.pop_to_mark()
        self.stack.append(items)

    def dict_from_mark(self, _: object) -> None:
        items = self.pop_to_mark()
        self.stack.append({})
        self._set_items(items)

    def frozenset_from_mark(self, _: object) -> None:
        items = self.pop_to_mark()
        self._check_keys(items)
        check_hashes(items)
        self.stack.append(frozenset(items))

    def append(self, _: object) -> None:
        value = self.stack.pop()
        self._target(list).append(value)

    def appends(self, _: object) -> None:
        items = self.pop_to_mark()
        self._target(list).extend(items)

    def add_items(self, _: object) -> None:
        items = self.pop_to_mark()
        target = self._target(set)
        self._check_keys(items, target)
        target.update(items)

    def set_item(self, _: object) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self._set_items([key, value])

    def set_items(self, _: object) -> None:
        self._set_items(self.pop_to_mark())

    def _set_items(self, items: list[Any]) -> None:
        target = self._target(dict)
        if len(items) % 2:
            raise CorruptError("expected a value for each key, found a key without")
        self._check_keys(items[::2], target)
        target.update(zip(items[::2], items[1::2], strict=True))

    def _check_keys(self, keys: list[Any], table: object = None) -> None:
        for key in keys:
            if type(key) is not str:
                allowed.check_key(key)
                if table is not None:
                    self.tables.add(table, key)

    def _target(self, kind: type) -> Any:
        value = self.stack[-1]
        if type(value) is not kind:
            if type(value) is Foreign:
                if kind is list and id(value) in self.open:  # a subclass, which the registry may know as one
                    value.items = [] if value.items is None else value.items
                    return value.items
                raise UnsupportedValueError(
                    f"expected a plain class, found {value.module}.{value.name}, which holds items as a {kind.__name__}"
                )
            raise CorruptError(f"expected a {kind.__name__}, found {describe(value)}")
        return value

    def global_of_text(self, text: str) -> None:
        module, _, name = text.partition(" ")
        self.stack.append(allowed.reference(module, name))

    def stack_global(self, _: object) -> None:
        name, module = self.stack.pop(), self.stack.pop()
        self.stack.append(allowed.reference(module, name))

    def reduce(self, _: object) -> None:
        arguments, function = self.stack.pop(), self.stack.pop()
        self.budget.spend(arguments)
        value = allowed.call(function, arguments)
        if type(function) is GlobalReference and function.key in allowed.BUILT_LATER:
            self.open[id(value)] = value
        self.stack.append(value)

    def new_object(self, _: object) -> None:
        arguments, cls = self.stack.pop(), self.stack.pop()
        self._new(cls, arguments)

    def new_object_of_keywords(self, _: object) -> None:
        keywords, arguments, cls = self.stack.pop(), self.stack.pop(), self.stack.pop()
        self._new(cls, arguments, keywords)

    def instance(self, text: str) -> None:
        module, _, name = text.partition(" ")
        cls, arguments = allowed.reference(module, name), tuple(self.pop_to_mark())
        self._new(cls, arguments)

    def instance_of_stack(self, _: object) -> None:
        cls, *arguments = self.pop_to_mark()
        self._new(cls, tuple(arguments))

    def _new(self, cls: object, arguments: object, keywords: object = None) -> None:
        value = allowed.new_object(cls, arguments, keywords)
        self.open[id(value)] = value
        self.stack.append(value)

    def build(self, _: object) -> None:
        state, value = self.stack.pop(), self.stack[-1]
        self.budget.spend(state)
        if type(value) is Pending:
            made = self.stack[-1] = value.build(state)
            for index in value.memos:
                self.memo[index] = made
        elif self.open.pop(id(value), None) is None:
            raise CorruptError(f"expected an object that has no state yet, found {describe(value)}")
        elif type(value) is DType:
            value.build(state)
        else:
            value.state.update(_state_of(value, state))


def _state_of(value: Foreign, state: object) -> dict[str, Any]:
    """The attributes in a state: a dict, or a pair of one and of the values of slots."""
    parts = state if type(state) is tuple and len(state) == 2 else (state, None)
    merged: dict[str, Any] = {}
    for part in parts:
        if part is None:
            continue
        if type(part) is not dict or not all(type(name) is str for name in part):
            raise UnsupportedValueError(
                f"expected the attributes of {value.module}.{value.name} as a dict, found {describe(state)}"
            )
        for name in part:
            if name.startswith("__") and name.endswith("__"):
                raise unsafe(f"attributes in the state of {value.module}.{value.name}", name[:40])
        merged.update(part)
    return merged


def _constant(make: Callable[[], Any]) -> Callable[[_Machine, Any], None]:
    return lambda machine, _: machine.stack.append(make())


def _tuple(count: int) -> Callable[[_Machine, Any], None]:
    return lambda machine, _: machine.tuple_of(count)


_ACTIONS: dict[str, Callable[[_Machine, Any], None]] = {
    "PROTO": _Machine.proto,
    "FRAME": _Machine.frame,
    **dict.fromkeys(("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4"), _Machine.push),
    **dict.fromkeys(("FLOAT", "BINFLOAT"), _Machine.push),
    **dict.fromkeys(("UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"), _Machine.push),
    **dict.fromkeys(("SHORT_BINBYTES", "BINBYTES", "BINBYTES8"), _Machine.push),
    "BYTEARRAY8": _Machine.push_bytes,
    "NONE": _constant(lambda: None),
    "NEWTRUE": _constant(lambda: True),
    "NEWFALSE": _constant(lambda: False),
    "EMPTY_LIST": _constant(list),
    "EMPTY_TUPLE": _constant(tuple),
    "EMPTY_DICT": _constant(dict),
    "EMPTY_SET": _constant(set),
    "TUPLE1": _tuple(1),
    "TUPLE2": _tuple(2),
    "TUPLE3": _tuple(3),
    "TUPLE": _Machine.tuple_from_mark,
    "LIST": _Machine.list_from_mark,
    "DICT": _Machine.dict_from_mark,
    "FROZENSET": _Machine.frozenset_from_mark,
    "APPEND": _Machine.append,
    "APPENDS": _Machine.appends,
    "ADDITEMS": _Machine.add_items,
    "SETITEM": _Machine.set_item,
    "SETITEMS": _Machine.set_items,
    "MARK": _Machine.mark,
    "POP": _Machine.pop,
    "POP_MARK": _Machine.pop_mark,
    "DUP": _Machine.dup,
    "MEMOIZE": _Machine.memoize,
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), _Machine.put),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), _Machine.get),
    "GLOBAL": _Machine.global_of_text,
    "STACK_GLOBAL": _Machine.stack_global,
    "REDUCE": _Machine.reduce,
    "NEWOBJ": _Machine.new_object,
    "NEWOBJ_EX": _Machine.new_object_of_keywords,
    "INST": _Machine.instance,
    "OBJ": _Machine.instance_of_stack,
    "BUILD": _Machine.build,
}
