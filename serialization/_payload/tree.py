"""The tree of a payload: everything in it by its path, told without building anything."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from serialization._display import collapsible_tree, cut, pairs_table, printable, table_from, text_of
from serialization._payload import wire
from serialization._payload.header import Header, TypeRow
from serialization._payload.info import ArrayInfo, readable_bytes, shape_text
from serialization._payload.outline import Outline
from serialization._schema import registry

_DEEPEST = 64  # of the lines that are drawn
_MOST_LINES = 100  # in a notebook
_MOST_HELD = 12  # plain values in a line
_LONGEST, _LONGEST_PATH = 80, 2000
# The stored results that come first; the others follow in the order of the graph.
_EVIDENCE = (
    "log_evidence",
    "log_likelihood",
    "chi_squared",
    "noise_normalization",
    "regularization_term",
    "log_det_curvature_reg_matrix_term",
    "log_det_regularization_matrix_term",
)
COLUMNS = ("place", "type", "backend", "dtype", "shape", "unit", "size", "holds")
LEFT = (0, 1, 2, 3, 4, 5, 7)


@dataclass(frozen=True, slots=True)
class PlaceInfo:
    """One place of a payload.

    Parameters
    ----------
    path
        Its path, such as `$.dataset.data`; of a place that is more than 64 steps down, the end of it.
    depth
        The number of steps to it.
    type
        The registered type of the object there, or "list", "dict", "set", "tuple", "array", "float" and so on.
    backend
        "numpy" or "jax", of an array and of an object that computes; None of others.
    dtype, shape
        Those of an array, and of an object that is an array with more to it; None of others.
    unit
        What its numbers are measured in, where that is certain.
    nbytes
        The bytes of the arrays here and below, each counted where it stands first; None of plain values.
    references
        How often the payload refers to the object or the array.
    value
        A plain value as text, which may be cut.
    same_as
        The path where the object or the array stands first, if that is another one; what it holds is told there.
    """

    path: str
    depth: int
    type: str
    backend: str | None = None
    dtype: str | None = None
    shape: tuple[int, ...] | None = None
    unit: str | None = None
    nbytes: int | None = None
    references: int = 1
    value: str | None = None
    same_as: str | None = None

    def __repr__(self) -> str:
        what = [self.type, self.backend, self.dtype, self.shape and str(self.shape), self.unit, self.value]
        return cut(f"PlaceInfo({self.path}, {', '.join(filter(None, what))})", 199)


class _Step(NamedTuple):
    """A value, its path, the last step of it, and its place: the number of that which holds it, and the steps there."""

    path: str
    name: str
    owner: int
    steps: str
    value: Any
    unit: str | None


class PayloadTree:
    """Everything in a payload by its path; `print` draws it, and a notebook shows it to open and close.

    Parameters
    ----------
    outline
        The graph in outline.
    arrays
        Its arrays.
    scalars
        The values of arrays without dimensions, by their numbers, as far as they were read.
    """

    def __init__(self, outline: Outline, arrays: Sequence[ArrayInfo], scalars: Mapping[int, Any]) -> None:
        self._outline, self._arrays, self._scalars = outline, arrays, scalars
        self._sizes: list[int] = []

    def __reduce__(self) -> tuple[Any, ...]:
        outline = self._outline
        header = dataclasses.asdict(outline.header)  # so that a pickle names no private class
        return PayloadTree._of, (header, outline.jax, outline.body, self._arrays, self._scalars)

    @classmethod
    def _of(
        cls,
        header: dict[str, Any],
        jax: tuple[bool, ...],
        body: bytes,
        arrays: Sequence[ArrayInfo],
        scalars: dict[int, Any],
    ) -> PayloadTree:
        types = tuple(TypeRow(**row) for row in header["types"])
        fields = {field.name: header[field.name] for field in dataclasses.fields(Header)}
        return cls(Outline(Header(**{**fields, "types": types}), jax, body), arrays, scalars)

    def __iter__(self) -> Iterator[PlaceInfo]:
        """Each place, depth first: an object before what it holds."""
        return (self._info(*visit) for visit in self._walk(drawn=False))

    def _walk(self, *, drawn: bool) -> Iterator[tuple[_Step, int, int | None, bool]]:
        """Each place with its depth, the number of what is there, and whether that stands there first.

        Those that are `drawn` are no plain values, and not too far down.
        """
        outline = self._outline
        stack: list[Iterator[_Step]] = [iter([_Step("$", "$", -1, "$", outline.values[0], None)])]
        while stack:
            step = next(stack[-1], None)
            if step is None:
                stack.pop()
                continue
            number = 0 if step.owner < 0 else outline.first_of(step.value)
            first = None if number is None else outline.places[number]
            here = first is None or (first.parent, first.steps) == (step.owner, step.steps)
            yield step, len(stack) - 1, number, here
            if here and _holds_references(outline, step.value) and not (drawn and len(stack) > _DEEPEST):
                below = self._below(step, number)
                stack.append((one for one in below if _holds_references(outline, one.value)) if drawn else below)

    def _below(self, step: _Step, number: int | None) -> Iterator[_Step]:
        """What an object or a tuple holds, but for what is told with it."""
        outline, value = self._outline, step.value
        index = outline.object_of(value)
        kind = -1 if index is None else outline.header.objects[index]
        units = _units_of(outline.type_of(index)) if index is not None and kind >= 0 else None
        for number_of_child, (name, child) in enumerate(outline.children_of(value)):
            if kind == wire.DICT and number_of_child % 2 == 0 and not _holds_references(outline, child):
                continue  # a plain key, which is the step to its value
            if units is not None and name == "._use_jax" and type(child) is bool:
                continue
            if units is not None and name == "._array" and number is not None and self._first_is(child, number, name):
                continue
            unit = step.unit if units is None else units.get(name[1:])
            path = step.path + name
            if len(path) > _LONGEST_PATH:
                path = "..." + path[-_LONGEST_PATH + 3 :]
            owner, steps = (number, name) if number is not None else (step.owner, step.steps + name)
            yield _Step(path, name, owner, steps, child, unit)

    def _first_is(self, value: object, parent: int, steps: str) -> bool:
        number = self._outline.first_of(value)
        return number is not None and self._outline.places[number][:2] == (parent, steps)

    def _info(self, step: _Step, depth: int, number: int | None, here: bool) -> PlaceInfo:
        outline, value = self._outline, step.value
        index, array = outline.object_of(value), outline.array_of(value)
        backend, unit, size = None, step.unit, None
        if index is not None:
            name = outline.type_of(index)
            if outline.header.objects[index] >= 0:
                held = dict(zip(outline.names_of(index), outline.record_of(index), strict=True))
                flag, array = held.get("_use_jax"), outline.array_of(held.get("_array"))
                backend = {True: "jax", False: "numpy"}.get(flag) if type(flag) is bool else None
                unit = unit or (_units_of(name).get("_array") if array is not None else None)
        else:
            name = "array" if array is not None else type(value).__name__
        text = None
        if array is not None:
            backend = "jax" if self._arrays[array].jax else "numpy"
            text = None if array not in self._scalars else _short(self._scalars[array])
        elif index is None and not _holds_references(outline, value):
            text = _short(value)
        if here and number is not None and (index is not None or array is not None):
            size = self._size_of(number)
        return PlaceInfo(
            path=step.path,
            depth=depth,
            type=name,
            backend=backend,
            dtype=None if array is None else self._arrays[array].dtype,
            shape=None if array is None else self._arrays[array].shape,
            unit=unit,
            nbytes=size,
            references=max(outline.count_of(value), 1),
            value=text,
            same_as=None if here or number is None else outline.path_of(number),
        )

    def _size_of(self, number: int) -> int:
        """The bytes of the arrays that stand first at a place or below it."""
        if not self._sizes:
            places = self._outline.places
            sizes = [0 if place.array is None else self._arrays[place.array].nbytes for place in places]
            for below in range(len(places) - 1, 0, -1):  # what a place holds comes behind it
                sizes[places[below].parent] += sizes[below]
            self._sizes = sizes
        return self._sizes[number]

    @property
    def results(self) -> dict[str, str]:
        """The stored results that are numbers, as text by their paths: the evidence and its terms first."""
        outline = self._outline
        rows: list[tuple[int, str, str]] = []
        for number, place in enumerate(outline.places):
            if place.object is None or (kind := outline.header.objects[place.object]) < 0:
                continue
            row, record = outline.header.types[kind], outline.record_of(place.object)
            for name, value in zip(row.results, record[len(row.fields) :], strict=True):
                array = outline.array_of(value)
                if array is not None and self._arrays[array].shape == ():
                    text = _short(self._scalars[array]) if array in self._scalars else "not read"
                elif isinstance(value, (int, float, complex, np.number)):
                    text = _short(value)
                else:
                    continue
                rank = _EVIDENCE.index(name) if name in _EVIDENCE else len(_EVIDENCE)
                rows.append((rank, f"{outline.path_of(number)}.{name}", text))
        return {path: text for _, path, text in sorted(rows, key=lambda row: row[0])}

    def _lines(self) -> Iterator[tuple[PlaceInfo, str, str]]:
        """The root and each object and array, its last step, and what is said of it, with the plain values in it."""
        for step, depth, number, here in self._walk(drawn=True):
            info = self._info(step, depth, number, here)
            yield info, step.name, _said_of(info, self._plain_in(step, number) if here else iter(()))

    def _plain_in(self, step: _Step, number: int | None) -> Iterator[str]:
        """The plain values of an object, without its stored results and what is None."""
        outline = self._outline
        index = outline.object_of(step.value)
        results = frozenset[str]() if index is None else outline.results_of(index)
        for below in self._below(step, number) if index is not None else ():
            name, value = below.name.removeprefix("."), below.value
            if value is not None and not _holds_references(outline, value) and name not in results:
                yield f"{name}={_short(value)}" + (f" {below.unit}" if below.unit else "")

    def rows(self) -> Iterator[list[str]]:
        """The lines as cells of a table with `COLUMNS`."""
        for info, step, said in self._lines():
            shape, size = _shape_of(info), readable_bytes(info.nbytes) if info.nbytes else ""
            cells = [info.type, info.backend or "", readable_dtype(info.dtype), shape, info.unit or "", size, said]
            yield ["  " * info.depth + cut(step, _LONGEST), *(cut(cell, _LONGEST) for cell in cells)]

    def __str__(self) -> str:
        results = [printable(cut(f"{path} = {text}")) for path, text in self.results.items()]
        table = table_from(COLUMNS, [[printable(cell) for cell in row] for row in self.rows()], LEFT)
        return "\n".join([*results, *([""] if results else []), table])

    def __repr__(self) -> str:
        header = self._outline.header
        objects, arrays = len(header.objects), len(header.arrays)
        return cut(f"<PayloadTree {header.root}, {objects} objects, {arrays} arrays>", 199)

    def _repr_html_(self) -> str:
        return self.html()

    def html(self) -> str:
        """The tree for a notebook, to open and close."""
        results = pairs_table("stored results", list(self.results.items())[:_MOST_LINES]) if self.results else ""
        lines = ((info.depth, step, ", ".join(_words_of(info, said))) for info, step, said in self._lines())
        return results + collapsible_tree(self._outline.header.root, lines, _MOST_LINES)


def readable_dtype(code: str | None) -> str:
    """A NumPy type string for people: `float64` for `<f8`; `>f8` where the bytes are not in this machine's order."""
    try:
        dtype = np.dtype(code or "V")
    except (TypeError, ValueError, SyntaxError):  # a record, of which the text is not its description
        return code or ""
    return "" if code is None else dtype.name if dtype.isnative else code


def _shape_of(info: PlaceInfo) -> str:
    return "" if info.shape is None else shape_text(info.shape)


def _words_of(info: PlaceInfo, said: str) -> Iterator[str]:
    """What a line of a notebook tells of a place."""
    size = readable_bytes(info.nbytes) if info.nbytes else ""
    words = (info.type, info.backend or "", readable_dtype(info.dtype), _shape_of(info), info.unit or "", size, said)
    return (word for word in words if word)


def _said_of(info: PlaceInfo, plain: Iterator[str]) -> str:
    """What the last column tells of a place: where else it is told, how often it is shared, and plain values."""
    if info.same_as is not None:
        return f"= {info.same_as}"
    shared = [f"shared by {info.references}"] if info.references > 1 else []
    value = [] if info.value is None else [info.value]
    held = list(itertools.islice(plain, _MOST_HELD + 1))
    more = ["..."] if len(held) > _MOST_HELD else []
    return ", ".join([*shared, *value, *held[:_MOST_HELD], *more])


def _short(value: object) -> str:
    return cut(value if isinstance(value, (np.number, np.bool_)) else text_of(value), _LONGEST)


def _holds_references(outline: Outline, value: object) -> bool:
    """Whether a value is an object, an array or a tuple with one of them in it."""
    if type(value) is tuple:
        return next(outline.references_in(value), None) is not None
    return outline.object_of(value) is not None or outline.array_of(value) is not None


def _units_of(name: str) -> Mapping[str, str]:
    """The units of the fields of a type."""
    schema = registry.find(name)
    return {} if schema is None else schema.units
