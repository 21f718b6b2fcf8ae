"""What `autoarray-state inspect` tells of a pickle: its inert graph is read, and nothing is built from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from serialization._pickle_nodes import Foreign, JaxArray, ModuleReference, walk
from serialization._pickle_reader import read_pickle

_LIBRARIES = ((b"dill._dill", "dill"), (b"cloudpickle.cloudpickle", "cloudpickle"))


@dataclass(frozen=True, slots=True)
class PickledType:
    """A class that a pickle names: `fields` are the attributes of its objects, `objects` is their number.

    A class appears once for each set of attributes that its objects have. `schema` is the schema version
    that these are of, or None where the class has none or is not known here.
    """

    module: str
    name: str
    fields: tuple[str, ...]
    objects: int
    schema: int | None = None


@dataclass(frozen=True, slots=True)
class PickledArray:
    """An array of a pickle, and the first place where its graph holds it."""

    path: str
    dtype: str
    shape: tuple[int, ...]
    order: str
    nbytes: int
    jax: bool


@dataclass(frozen=True, slots=True)
class PickleInfo:
    """What a pickle holds.

    Parameters
    ----------
    protocol
        The pickle protocol; 0 stands for 0 and 1.
    library
        "pickle", or "dill" or "cloudpickle" where the pickle calls functions of theirs.
    backend
        "numpy", "jax" or "mixed": whether its arrays are NumPy's, JAX's, or some of each; None without.
    root
        The class, or the plain type, of the root object.
    modules
        The array modules that its objects hold.
    nbytes
        The size of the pickle.
    """

    protocol: int
    library: str
    backend: str | None
    root: str
    modules: tuple[str, ...]
    nbytes: int
    types: tuple[PickledType, ...]
    arrays: tuple[PickledArray, ...]

    @property
    def array_bytes(self) -> int:
        """The bytes of all arrays."""
        return sum(array.nbytes for array in self.arrays)


def inspect_pickle(data: bytes) -> PickleInfo:
    """What a pickle holds; imports and runs nothing of it.

    Raises
    ------
    SerializationError
        As `_pickle_reader.read_pickle` does.
    """
    root = read_pickle(data)
    types: dict[tuple[str, str, tuple[str, ...]], int] = {}
    arrays: list[PickledArray] = []
    modules: set[str] = set()
    for path, value in walk(root):
        if type(value) is Foreign:
            key = value.module, value.name, tuple(sorted(value.state))
            types[key] = types.get(key, 0) + 1
        elif type(value) is ModuleReference:
            modules.add(value.name)
        elif isinstance(value, (np.ndarray, JaxArray)):
            arrays.append(_array(path(), value))
    kinds = {array.jax for array in arrays}
    return PickleInfo(
        protocol=data[1] if data[:1] == b"\x80" else 0,
        library=next((name for mark, name in _LIBRARIES if mark in data), "pickle"),
        backend=None if not kinds else "mixed" if len(kinds) > 1 else "jax" if True in kinds else "numpy",
        root=f"{root.module}.{root.name}" if isinstance(root, Foreign) else type(root).__name__,
        modules=tuple(sorted(modules)),
        nbytes=len(data),
        types=tuple(PickledType(*key, objects) for key, objects in sorted(types.items())),
        arrays=tuple(arrays),
    )


def _array(path: str, value: np.ndarray | JaxArray) -> PickledArray:
    array = value.values if isinstance(value, JaxArray) else value
    order = "C" if array.flags.c_contiguous else "F" if array.flags.f_contiguous else "-"
    return PickledArray(path, array.dtype.str, array.shape, order, array.nbytes, isinstance(value, JaxArray))
