"""Which functions a pickle may name, and what stands in for each.

A pickle names a global and calls it. The name is looked up in `CALLS`, exactly as it stands, and the
stand-in found there is called instead: a function of this package that builds plain data from checked
arguments. What is not in the table is refused. There is no prefix, no pattern, and no way to let a
file choose for itself.

To add an entry:

1. find the name and the arguments in real files, with `python -m pickletools FILE`;
2. write a stand-in that takes them as they are (globals arrive as `GlobalReference`, dtypes as
   `arrays.DType`), checks the type and size of each before it uses it, and returns one of the
   values that `nodes.py` lists. It must not import, call or look up anything by a name that came
   from the file, nor allocate more than a small multiple of the bytes that it is given;
3. add it here, with each module path under which releases have written it;
4. add a payload that needs it to the archives, and hostile arguments for it to the tests.

A class needs no entry: an object that is made without arguments (NEWOBJ) and gets a state (BUILD)
becomes a `Foreign`, whatever its class.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from serialization._keys import check_hashes
from serialization._pickle import arrays
from serialization._pickle.nodes import Foreign, GlobalReference, ModuleReference
from serialization._pickle.refuse import describe, unsafe
from serialization.errors import CorruptError, UnsupportedValueError

MODULES = ("numpy", "jax.numpy")
_BUILTINS = ("builtins", "__builtin__")
_OBJECTS = tuple((module, "object") for module in _BUILTINS)
_DERIVED = ("autoarray._state", "DerivedValues")
_RANGE = re.compile(r"range\((-?\d{1,18}), (-?\d{1,18})(?:, (-?\d{1,18}))?\)")
_PATHS = ("PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath")


def _module(name: object, safe: object = False) -> ModuleReference:
    """`cloudpickle.cloudpickle.subimport` and `dill._dill._import_module`: a name, never an import."""
    if type(name) is not str or name not in MODULES:
        raise unsafe("a reference to the module numpy or jax.numpy", describe(name), advise=True)
    return ModuleReference(name)


def _encode(text: object, encoding: object) -> bytes:
    """`_codecs.encode`, by which protocols 0 to 2 write bytes."""
    if type(text) is not str or type(encoding) is not str or encoding != "latin1":
        raise unsafe("_codecs.encode of text as latin1", describe((text, encoding)))
    try:
        return text.encode("latin1")
    except UnicodeEncodeError:
        raise CorruptError("expected bytes written as latin1, found other text") from None


def _object(cls: object, base: object, state: object) -> Foreign:
    """`copyreg._reconstructor`, by which protocols 0 and 1 make an object."""
    if type(cls) is not GlobalReference or type(base) is not GlobalReference:
        raise CorruptError(f"expected a class and its base, found {describe((cls, base))}")
    if base.key not in _OBJECTS or state is not None:
        raise UnsupportedValueError(f"expected a plain class, found {cls}, a subclass of {base}")
    return new_object(cls)


def _bytes(values: object = b"") -> bytes:
    """`bytes` and `bytearray`, for which a payload has one type."""
    if type(values) is not bytes:
        raise CorruptError(f"expected bytes, found {describe(values)}")
    return values


def _complex(real: object, imag: object) -> complex:
    if type(real) is not float or type(imag) is not float:
        raise CorruptError(f"expected two floats, found {describe((real, imag))}")
    return complex(real, imag)


def _set(items: object = ()) -> set[Any]:
    return set(_elements(items))


def _frozenset(items: object = ()) -> frozenset[Any]:
    return frozenset(_elements(items))


def _elements(items: Any) -> Iterable[Any]:
    if type(items) not in (list, tuple):
        raise CorruptError(f"expected a list of elements, found {describe(items)}")
    for item in items:
        check_key(item)
    check_hashes(items)
    return items


def _new_derived_values() -> Foreign:
    """The container of the stored results of this project's objects, which its pickles make by a call."""
    return Foreign(*_DERIVED)


def _range(*bounds: object) -> Foreign:
    """`range`, which is in the plans of pynufft; it stays a name, as an instance of a class of nobody's does."""
    if not 1 <= len(bounds) <= 3 or not all(type(bound) is int for bound in bounds):
        raise CorruptError(f"expected the bounds of a range, found {describe(bounds)}")
    return Foreign("builtins", "range", {"bounds": bounds})


def _range_of_dill(text: object) -> Foreign:
    """`dill._dill._eval_repr`, by which dill writes a range as the text of an expression. Nothing is evaluated."""
    found = _RANGE.fullmatch(text) if type(text) is str else None
    if found is None:
        raise unsafe("the text of a range", describe(text), advise=True)
    return _range(*(int(bound) for bound in found.groups() if bound is not None))


def _path_of(name: str) -> Callable[..., Foreign]:
    def path(*parts: object) -> Foreign:
        if not all(type(part) is str for part in parts):
            raise CorruptError(f"expected the parts of a path, found {describe(parts)}")
        return Foreign("pathlib", name, {"parts": parts})

    return path


CALLS: dict[tuple[str, str], Callable[..., Any]] = {
    ("numpy", "dtype"): arrays.dtype,
    **dict.fromkeys(arrays.RECONSTRUCT, arrays.reconstruct),
    ("numpy._core.multiarray", "scalar"): arrays.scalar,
    ("numpy.core.multiarray", "scalar"): arrays.scalar,
    ("numpy._core.numeric", "_frombuffer"): arrays.from_buffer,
    ("numpy.core.numeric", "_frombuffer"): arrays.from_buffer,
    ("jax._src.array", "_reconstruct_array"): arrays.jax_array,
    ("dill._dill", "_create_array"): arrays.dill_array,
    ("dill._dill", "_import_module"): _module,
    ("cloudpickle.cloudpickle", "subimport"): _module,
    _DERIVED: _new_derived_values,
    ("_codecs", "encode"): _encode,
    ("copyreg", "_reconstructor"): _object,
    ("copy_reg", "_reconstructor"): _object,
    **{(module, name): _bytes for module in _BUILTINS for name in ("bytes", "bytearray")},
    **{(module, "complex"): _complex for module in _BUILTINS},
    **{(module, name): _range for module in _BUILTINS for name in ("range", "xrange")},
    ("dill._dill", "_eval_repr"): _range_of_dill,
    **{(module, "set"): _set for module in _BUILTINS},
    **{(module, "frozenset"): _frozenset for module in _BUILTINS},
    **{(module, name): _path_of(name) for module in ("pathlib", "pathlib._local") for name in _PATHS},
}
# Those whose results get their state by BUILD.
BUILT_LATER = {("numpy", "dtype"), _DERIVED, ("copyreg", "_reconstructor"), ("copy_reg", "_reconstructor")}
# Classes that only stand as arguments of the above.
_ARGUMENTS = {arrays.NDARRAY, *_OBJECTS}
_MAX_NAME = 500
_MAX_KEY = 256


def reference(module: object, name: object) -> GlobalReference:
    """The name of a global, if it can be one of a Python module."""
    if type(module) is not str or type(name) is not str or len(module) + len(name) > _MAX_NAME:
        found = describe((module, name))
        raise CorruptError(f"expected the module and name of a global, found {found}")
    if not all(part.isidentifier() for text in (module, name) for part in text.split(".")):
        raise CorruptError(f"expected the name of a global, found {module[:40]!r} and {name[:40]!r}")
    return GlobalReference(module, name)


def call(function: object, arguments: object) -> Any:
    """What a pickle gets for calling a global.

    Raises
    ------
    UnsafePickleError
        If the global is not in the table.
    """
    if type(function) is not GlobalReference or type(arguments) is not tuple:
        raise CorruptError(f"expected a global and its arguments, found {describe(function)} and {describe(arguments)}")
    stand_in = CALLS.get(function.key)
    if stand_in is None:
        found = f"{function}, which the file calls with {describe(arguments)}"
        raise unsafe("a function that this reader knows", found, advise=True)
    try:
        return stand_in(*arguments)
    except TypeError:
        raise CorruptError(f"expected the arguments of {function}, found {describe(arguments)}") from None


def new_object(cls: object, arguments: object = (), keywords: object = None) -> Foreign:
    """An object of a class that stays a name.

    Raises
    ------
    UnsafePickleError
        If its constructor is to be called with arguments, or it can be no plain class.
    """
    if type(cls) is not GlobalReference or type(keywords) not in (dict, type(None)):
        raise CorruptError(f"expected a class, found {describe(cls)}")
    if cls.key in CALLS or cls.key in _ARGUMENTS:
        raise unsafe("a class with a state of its own", str(cls))
    if type(arguments) is not tuple or arguments or keywords:
        raise unsafe("a class that is made without arguments", f"{cls} of {describe(arguments)}", advise=True)
    return Foreign(cls.module, cls.name)


def check_key(value: object) -> None:
    """Raise unless `value` can be hashed, and that quickly: the hash of a tuple is one of all that it holds."""
    queue: list[Any] = [value]
    seen = 0
    for item in queue:
        kind, seen = type(item), seen + 1
        if kind is tuple:
            queue.extend(item[:_MAX_KEY])
        elif kind is int:
            if item.bit_length() > 64:
                raise UnsupportedValueError("expected a key of at most 64 bits, found a larger int")
        elif kind not in (type(None), bool, float, str, bytes, Foreign):
            _check_scalar_key(item)
        if seen > _MAX_KEY:
            raise UnsupportedValueError(f"expected a key of at most {_MAX_KEY} values, found a larger tuple")


def _check_scalar_key(item: object) -> None:
    import numpy as np

    if not isinstance(item, np.generic) or item.dtype.kind not in "biufSU":
        raise UnsupportedValueError(f"expected a plain value as key or element of a set, found {describe(item)}")
