"""What `inspect` tells of a payload."""

# pyright: strict

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from serialization._display import columns_table, cut, pairs_table, text_of
from serialization._records import restore
from serialization.errors import CorruptError

if TYPE_CHECKING:
    from serialization._payload.tree import PayloadTree

_SHORT = 199


@dataclass(frozen=True, slots=True)
class TypeInfo:
    """A registered type that a payload uses, once for each set of fields and results that its objects have.

    Parameters
    ----------
    name, version
        The name of the type, and its schema version.
    fields, results
        The names of the state and of the stored results of its objects.
    objects
        The number of objects.
    """

    name: str
    version: int
    fields: tuple[str, ...]
    results: tuple[str, ...]
    objects: int

    def __repr__(self) -> str:
        counts = f"objects={self.objects}, fields={len(self.fields)}, results={len(self.results)}"
        return cut(f"TypeInfo({self.name}, version={self.version}, {counts})", _SHORT)


@dataclass(frozen=True, slots=True)
class ArrayInfo:
    """An array of a payload.

    Parameters
    ----------
    index
        Its number.
    dtype, shape, order
        The dtype as NumPy writes it, the shape, and "C" or "F".
    offset
        Where it begins, in bytes from the end of the header.
    nbytes
        Its size in bytes.
    jax
        Whether it was an array of JAX.
    compression, stored
        None or how it is compressed, and the bytes that it takes in the payload then.
    digest
        The XXH3 of its bytes, in hexadecimal; None in a payload of wire version 1.
    path
        The shortest path to it, such as `$.dataset.data._array`, of which only the end is told if it is very long; None
        where the graph can't be read, or its root does not lead there.
    """

    index: int
    dtype: str
    shape: tuple[int, ...]
    order: str
    offset: int
    nbytes: int
    jax: bool
    compression: str | None = None
    stored: int | None = None
    digest: str | None = None
    path: str | None = None

    __setstate__ = restore

    def __str__(self) -> str:
        jax = " jax" if self.jax else ""
        return f"{self.dtype} {self.shape} {self.order}{jax}, {readable_bytes(self.nbytes)}"

    def __repr__(self) -> str:
        return cut(f"ArrayInfo({cut(self.path or self.index, _SHORT // 2)}, {self})", _SHORT)


@dataclass(frozen=True)
class PayloadInfo:
    """The header of a payload, read without building anything.

    Parameters
    ----------
    wire
        The version of the wire format.
    writer
        The name and version of what wrote it.
    backend
        "numpy", "jax" or "mixed": whether its arrays are NumPy's, JAX's, or some of each.
    root
        The type name of the root object.
    compression
        None, or how arrays are compressed.
    nbytes
        The size of the payload.
    body_bytes
        The size of the object records.
    types, arrays, containers
        The registered types, the arrays, and the numbers of lists, dicts and sets.
    intact
        Whether all digests agree with the bytes; None where this reader can't tell, or did not read all of them.
    problems
        Why `loads` would refuse it here, as far as the header tells; empty if it would not.
    meta, provenance
        The notes of the user, and what made the payload; empty where there are none.
    graph
        What `tree` returns; None where the graph can't be read.
    """

    wire: int
    writer: tuple[str, str] | None
    backend: str | None
    root: str | None
    compression: str | None
    nbytes: int
    body_bytes: int | None
    types: tuple[TypeInfo, ...]
    arrays: tuple[ArrayInfo, ...]
    containers: dict[str, int] = field(default_factory=dict[str, int])
    intact: bool | None = None
    problems: tuple[str, ...] = ()
    meta: dict[str, Any] = field(default_factory=dict[str, Any])
    provenance: dict[str, Any] = field(default_factory=dict[str, Any])
    graph: PayloadTree | None = field(default=None, repr=False, compare=False)

    __setstate__ = restore

    def tree(self) -> PayloadTree:
        """Everything in the payload by its path: iterate over it, or print it.

        Raises
        ------
        CorruptError
            If the graph can't be read; `problems` says why.
        """
        if self.graph is None:
            raise CorruptError(
                f"payload: expected a graph that can be read, found {'; '.join(self.problems) or 'none'}"
            )
        return self.graph

    @property
    def schema_versions(self) -> dict[str, int]:
        """The schema version of each type."""
        return {row.name: row.version for row in self.types}

    @property
    def array_bytes(self) -> int:
        """The bytes of all arrays."""
        return sum(array.nbytes for array in self.arrays)

    def __repr__(self) -> str:
        writer = " ".join(self.writer) if self.writer else "unknown writer"
        objects = sum(row.objects for row in self.types) + sum(self.containers.values())
        problems = f", {len(self.problems)} problem{'s' * (len(self.problems) > 1)}" if self.problems else ""
        return cut(
            f"<PayloadInfo {self.root or '?'}, {readable_bytes(self.nbytes)}, wire {self.wire}, {writer}, "
            f"{self.backend or '?'}, {objects} objects, {len(self.arrays)} arrays{problems}>",
            _SHORT,
        )

    def _repr_html_(self) -> str:
        intact = {True: "intact", False: "NOT INTACT", None: "not checked"}[self.intact]
        rows = [
            ("wire format", str(self.wire)),
            ("written by", " ".join(self.writer) if self.writer else "unknown"),
            ("backend", self.backend or "unknown"),
            ("size", f"{readable_bytes(self.nbytes)}, arrays {readable_bytes(self.array_bytes)}"),
            ("compression", self.compression or "none"),
            ("bytes", intact),
            *(("problem", problem) for problem in self.problems[:10]),
        ]
        if len(self.problems) > 10:
            rows.append(("", f"and {len(self.problems) - 10} more problems"))
        types = [(row.name, str(row.version), str(row.objects), str(len(row.results))) for row in self.types]
        arrays = [
            (row.path or str(row.index), row.dtype, shape_text(row.shape), readable_bytes(row.nbytes))
            for row in self.arrays
        ]
        rows += [(f"meta {key}", text_of(value)) for key, value in list(self.meta.items())[:10]]
        return (
            pairs_table(f"PayloadInfo: {self.root or 'unknown'}", rows)
            + (self.graph.html() if self.graph is not None else "")
            + (columns_table(("type", "schema", "objects", "results"), types, 40) if types else "")
            + (columns_table(("array", "dtype", "shape", "size"), arrays, 20) if arrays and self.graph is None else "")
        )


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape for people."""
    return " x ".join(map(str, shape)) or "scalar"


def readable_bytes(count: int) -> str:
    """A number of bytes for people."""
    if count < 1000:
        return f"{count} B"
    power = min(int(math.log10(count)) // 3, 4)
    return f"{count / 1000**power:.1f} {'kMGT'[power - 1]}B"
