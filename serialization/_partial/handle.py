"""`open`: a handle of a payload, of which arrays and objects are read by their paths."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, Self

import numpy as np

from serialization._display import cut
from serialization._graph.backend import check_backend
from serialization._partial.part import part_of, raw_values
from serialization._partial.paths import Location, description_of, locate
from serialization._partial.source import Source, source_of
from serialization._partial.stored import stored_in
from serialization._payload.info import ArrayInfo, PayloadInfo, readable_bytes
from serialization._payload.inspect import arrays_of, compressions_of, fields_of, map_in, problems_of
from serialization._payload.outline import Outline
from serialization._payload.restore import restore
from serialization._payload.tree import PayloadTree
from serialization.errors import SerializationError, UnknownPathError


def open(path_or_url: Any, **options: Any) -> PayloadHandle:
    """Open a payload to read parts of it: no array is read before it is asked for.

    Parameters
    ----------
    path_or_url
        A path; a URL that fsspec knows, such as `https://...`, `s3://...` or `zip://fit.aas::https://...` (the extra
        `remote`); or an object with a contiguous buffer.
    options
        What fsspec needs to know of the file system of a URL.

    Raises
    ------
    SerializationError
        If there is no payload, or its header is not what was written.
    NotPartialError
        If a server hands out no ranges of bytes, or the payload is far away and of wire version 1.
    OSError
        If it can't be read.
    ModuleNotFoundError
        If a package is missing that a URL needs; the message names the extra.
    """
    source = source_of(path_or_url, options)
    try:
        return PayloadHandle(source, options)
    except BaseException:
        source.close()
        raise


class PayloadHandle:
    """An open payload; `serialization.open` makes it, `with` or `close` ends it.

    `handle["inversion.reconstruction"]` is an array, `handle.load("inversion.linear_obj_list[0]")` an object.
    Its pickle holds the path or URL with the options, and opens it again.

    Parameters
    ----------
    source
        Where the payload is.
    options
        Those that `open` was given.
    """

    def __init__(self, source: Source, options: Mapping[str, Any]) -> None:
        self._source, self._options, self._closed = source, dict(options), False
        self._stored = stored_in(source)
        self._outline: Outline | None = None
        self._raw: tuple[Any, ...] | None = None
        self._arrays: tuple[ArrayInfo, ...] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what the header tells can still be asked for."""
        self._closed = True
        self._source.close()

    @property
    def closed(self) -> bool:
        """Whether no array can be read any more."""
        return self._closed

    @property
    def info(self) -> PayloadInfo:
        """What the header tells, as `serialization.inspect` does; `intact` is None, as no array was looked at."""
        stored, problem = self._stored, None
        header = stored.plan.header
        try:
            arrays, graph = self._array_infos, self.tree()
        except SerializationError as error:
            problem, graph = str(error), None
            arrays = arrays_of(header, stored.rows, stored.digests, None)
        compression = getattr(header, "compression", None) or compressions_of(stored.rows)
        return PayloadInfo(
            **fields_of(header, stored.nbytes, len(stored.body), compression),
            arrays=arrays,
            intact=stored.intact,
            problems=(*([problem] if problem else []), *problems_of(header)),
            graph=graph,
        )

    @property
    def meta(self) -> dict[str, Any]:
        """The notes of the user."""
        return map_in(self._stored.plan.header.ancillary, "meta")

    @property
    def provenance(self) -> dict[str, Any]:
        """What made the payload, if that was asked for when it was saved."""
        return map_in(self._stored.plan.header.ancillary, "provenance")

    def tree(self) -> PayloadTree:
        """Everything in the payload by its path: iterate over it, or print it."""
        return PayloadTree(self._graph, self._array_infos, {})

    def arrays(self) -> Mapping[str, ArrayInfo]:
        """The arrays by their paths; reads none of them."""
        return _Arrays(self._graph, self._array_infos)

    def __getitem__(self, path: str) -> Any:
        """An array, in NumPy and writeable, or a plain value.

        Parameters
        ----------
        path
            Its path, such as `inversion.reconstruction`, `['key'][0]` or `$.dataset.data`: an object that is an array
            with more to it, such as an Array2D, stands for its array. Leading underscores may be left out.

        Raises
        ------
        UnknownPathError
            If there is no such thing; the message says what there is.
        CorruptError, TruncatedError
            If the bytes of the array are not those that were written.
        """
        location = locate(self._graph, path)
        index = _array_at(self._graph, location)
        if index is not None:
            return self._read([index])[0]
        if (
            self._graph.object_of(location.value) is None
            and next(self._graph.references_in(location.value), None) is None
        ):
            return location.value
        raise UnknownPathError(
            f"expected an array or a plain value, found {description_of(self._graph, location.value)}; get it by "
            f"load({location.path!r})",
            path=location.path,
        )

    def __contains__(self, path: object) -> bool:
        try:
            locate(self._graph, path)  # pyright: ignore[reportArgumentType] - raises for what is no text
        except UnknownPathError:
            return False
        return True

    def __iter__(self) -> Iterator[str]:
        """The paths of the arrays."""
        return iter(self.arrays())

    def load(self, path: str = "$", *, backend: str | None = None) -> Any:
        """The object, the array or the value at a path, with all that it refers to; nothing else is read.

        What is shared inside of the part is one object. The kinds of all its fields are checked.

        Parameters
        ----------
        path
            As in `handle[path]`; without one, everything.
        backend
            As in `serialization.load`.

        Raises
        ------
        UnknownPathError
            If there is nothing at the path.
        SerializationError
            As `serialization.load` does, for this part.
        """
        check_backend(backend)
        location = locate(self._graph, path)
        stored = self._stored
        plan, body, indices = stored.plan, stored.body, range(len(stored.rows))
        if location.path != "$":
            if self._raw is None:
                self._raw = raw_values(stored.body)
            part = part_of(self._graph, self._raw, location)
            plan, body, indices = part.plan, part.body, part.arrays
        views = self._read(indices)
        try:
            return restore(stored.head, len(stored.head), plan, backend, body, views, shared=False)
        except SerializationError as error:
            if error.path is not None:  # in the part
                error.path = location.path + error.path.removeprefix("$")
            raise

    def __repr__(self) -> str:
        header = self._stored.plan.header
        counts = f"{len(header.objects)} objects, {len(header.arrays)} arrays{', closed' * self._closed}"
        size = readable_bytes(self._stored.nbytes)
        return cut(f"<PayloadHandle {cut(self._source.name, 80)}, {cut(header.root, 60)}, {size}, {counts}>", 199)

    def _repr_html_(self) -> str:
        return self.info._repr_html_()

    def __reduce__(self) -> tuple[Any, ...]:
        target = self._source.target
        return functools.partial(open, target if isinstance(target, str) else bytes(target), **self._options), ()

    @property
    def _graph(self) -> Outline:
        if self._outline is None:
            stored = self._stored
            self._outline = Outline(stored.plan.header, tuple(stored.plan.layout.jax), stored.body)
        return self._outline

    @property
    def _array_infos(self) -> tuple[ArrayInfo, ...]:
        if self._arrays is None:
            stored = self._stored
            self._arrays = arrays_of(stored.plan.header, stored.rows, stored.digests, self._graph)
        return self._arrays

    def _read(self, indices: Any) -> list[np.ndarray]:
        if self._closed:
            raise ValueError(f"{self._source.name}: expected an open payload, found one that was closed")
        return self._stored.arrays(indices, self._graph.path_of_array)


class _Arrays(Mapping[str, ArrayInfo]):
    """The arrays of a payload by their paths, which are put together one by one."""

    def __init__(self, outline: Outline, arrays: tuple[ArrayInfo, ...]) -> None:
        self._outline, self._arrays = outline, arrays

    def __getitem__(self, path: str) -> ArrayInfo:
        location = locate(self._outline, path)
        index = _array_at(self._outline, location)
        if index is None:
            found = description_of(self._outline, location.value)
            raise UnknownPathError(f"expected an array, found {found}", path=location.path)
        return self._arrays[index]

    def __iter__(self) -> Iterator[str]:
        paths = (self._outline.path_of_array(index, whole=True) for index in range(len(self._arrays)))
        return (path for path in paths if path is not None)  # the root need not lead to all of them

    def __len__(self) -> int:
        return sum(place.array is not None for place in self._outline.places)

    def __repr__(self) -> str:
        return "\n".join(f"{path}: {self[path]}" for path in self)


def _array_at(outline: Outline, location: Location) -> int | None:
    """The number of the array at a location, or of that of the structure there."""
    index = outline.object_of(location.value)
    if index is None:
        return outline.array_of(location.value)
    held = dict(zip(outline.names_of(index), outline.record_of(index), strict=False))
    return outline.array_of(held.get("_array"))
