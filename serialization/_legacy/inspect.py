"""What `autoarray-state inspect` tells of a pickle: its inert graph is read, and nothing is built from it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from serialization._display import cut
from serialization._legacy import prepare
from serialization._legacy.releases import ANY, release_name
from serialization._legacy.types import OTHERS
from serialization._pickle.check import path_of
from serialization._pickle.nodes import Foreign, JaxArray, ModuleReference, walk
from serialization._pickle.reader import read_pickle
from serialization._schema import registry
from serialization.errors import SerializationError

_LONGEST = 400  # of paths: those of arrays far down can be far longer than the pickle
_LIBRARIES = ((b"dill._dill", "dill"), (b"cloudpickle.cloudpickle", "cloudpickle"))


@dataclass(frozen=True, slots=True)
class PickledType:
    """A class that a pickle names: `fields` are the attributes of its objects, `objects` is their number.

    A class appears once for each set of attributes that its objects have. `type` is the registered type that
    its objects become, or None where `load_pickle` makes nothing of them; `schema` is the schema version of their
    state, or None where there is but one.
    """

    module: str
    name: str
    fields: tuple[str, ...]
    objects: int
    type: str | None = None
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
    releases
        The first and last release of PyAutoArray that can have written it; None where its states don't tell.
    modules
        The array modules that its objects hold.
    nbytes
        The size of the pickle.
    problems
        Why `load_pickle` would refuse it, as far as its states tell; empty if it would not.
    """

    protocol: int
    library: str
    backend: str | None
    root: str
    releases: tuple[str, str] | None
    modules: tuple[str, ...]
    nbytes: int
    types: tuple[PickledType, ...]
    arrays: tuple[PickledArray, ...]
    problems: tuple[str, ...]

    @property
    def array_bytes(self) -> int:
        """The bytes of all arrays."""
        return sum(array.nbytes for array in self.arrays)


def inspect_pickle(data: bytes) -> PickleInfo:
    """What a pickle holds; imports and runs nothing of it.

    Raises
    ------
    SerializationError
        As `_pickle.reader.read_pickle` does.
    """
    root = read_pickle(data)
    objects: list[tuple[Foreign, tuple[str, str, tuple[str, ...]]]] = []
    arrays: list[PickledArray] = []
    modules: set[str] = set()
    for path, value in walk(root):
        if type(value) is Foreign:
            objects.append((value, (value.module, value.name, tuple(sorted(value.state)))))
        elif type(value) is ModuleReference:
            modules.add(value.name)
        elif isinstance(value, (np.ndarray, JaxArray)):
            arrays.append(_array(path(), value))
    kinds = {array.jax for array in arrays}
    name = f"{root.module}.{root.name}" if isinstance(root, Foreign) else type(root).__name__
    prepared, problems = _try_to_prepare(root)  # which may change what the objects hold
    return PickleInfo(
        protocol=data[1] if data[:1] == b"\x80" else 0,
        library=next((library for mark, library in _LIBRARIES if mark in data), "pickle"),
        backend=None if not kinds else "mixed" if len(kinds) > 1 else "jax" if True in kinds else "numpy",
        root=name,
        releases=_releases(prepared),
        modules=tuple(sorted(modules)),
        nbytes=len(data),
        types=_types(objects, prepared),
        arrays=tuple(arrays),
        problems=problems,
    )


def _try_to_prepare(root: object) -> tuple[prepare.Prepared | None, tuple[str, ...]]:
    try:
        return prepare.prepare(root, None), ()
    except SerializationError as error:
        node = getattr(error, "node", None)
        if node is not None and error.path is None:
            error.path = path_of(root, node)
        return None, (str(error),)


def _releases(prepared: prepare.Prepared | None) -> tuple[str, str] | None:
    if prepared is None or prepared.window == ANY:
        return None
    first, last = map(release_name, prepared.window)
    return first, last


def _types(
    objects: list[tuple[Foreign, tuple[str, str, tuple[str, ...]]]], prepared: prepare.Prepared | None
) -> tuple[PickledType, ...]:
    counts = Counter((key, _schema(node, prepared)) for node, key in objects)
    rows = sorted(counts.items(), key=lambda item: (item[0][0], str(item[0][1])))
    return tuple(PickledType(*key, objects=count, type=name, schema=version) for (key, (name, version)), count in rows)


def _schema(node: Foreign, prepared: prepare.Prepared | None) -> tuple[str | None, int | None]:
    """The registered type that an object becomes, and the schema version of its state."""
    if prepared is not None and id(node) in prepared.versions:
        return prepared.version_of(node)
    rule = OTHERS.get(node.target)
    version = prepare.own_version(node)
    if rule is not None and version is None:
        return rule.type, None
    schema = registry.schema_pickled_as(node.target)
    if schema is None:
        return None, None
    return schema.name, version


def _array(path: str, value: np.ndarray | JaxArray) -> PickledArray:
    array = value.values if isinstance(value, JaxArray) else value
    order = "C" if array.flags.c_contiguous else "F" if array.flags.f_contiguous else "-"
    return PickledArray(
        cut(path, _LONGEST), array.dtype.str, array.shape, order, array.nbytes, isinstance(value, JaxArray)
    )
