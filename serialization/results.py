"""Fits that a search of PyAutoFit keeps beside its other results, and that are read again without solving.

One line of a script keeps them:

    analysis = serialization.results.keep_fit(al.AnalysisImaging(dataset=dataset))
    result = search.fit(model=model, analysis=analysis)

The search then writes `files/fit.aas` when it ends: its fit of the greatest likelihood, with its evidence and its
reconstruction. `StoredFits` lists the results below a folder, also those that PyAutoFit packed into a `.zip`, and opens
each fit:

    for stored in serialization.results.StoredFits("output"):
        print(stored.name, stored.load().log_evidence)

`StoredFits.of` finds the fit of a row of an aggregator of PyAutoFit, also of one that reads a database.

Nothing is solved again: a result without a stored fit is an error when its fit is asked for.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import os
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, overload

from serialization._payload.codec import load, loads, save
from serialization._payload.info import PayloadInfo
from serialization._payload.inspect import inspect
from serialization._schema import registry
from serialization._zipped import has_member, names_below, read_member
from serialization.errors import CorruptError, MissingFitError, NotMappableError, UnsupportedValueError

__all__ = ["FILE", "MissingFitError", "StoredFit", "StoredFits", "keep_fit"]

FILE = "fit.aas"
_FOLDER = "files"
_IDENTIFIER = ".identifier"
_SIGNS = frozenset({FILE, "model.json", "search.json", "samples.csv", "samples_summary.json"})
_log = logging.getLogger("serialization")
A = TypeVar("A")


def keep_fit(analysis: A) -> A:
    """Have the search that runs an analysis keep its fit of the greatest likelihood, as `files/fit.aas`.

    Parameters
    ----------
    analysis
        An analysis of PyAutoFit, such as `al.AnalysisImaging`. Its class becomes a subclass of what it was, with the
        same name, which writes the fit after everything else that `save_results` writes. It stays picklable. A payload
        of it is one of its class, and what is loaded from that keeps no fit before it is given to `keep_fit` again.

    Returns
    -------
    A
        The same analysis.

    Raises
    ------
    UnsupportedValueError
        If it has no `save_results`.

    Notes
    -----
    The fit is `result.max_log_likelihood_fit`. It is evaluated before it is written, if it was not yet. A fit that
    can't be made or written ends no search: the reason is logged.
    """
    cls: Any = type(analysis)
    if not callable(getattr(cls, "save_results", None)):
        raise UnsupportedValueError(f"analysis: expected one with save_results, found {cls.__name__}")
    if not getattr(cls, "_keeps_fit", False):
        analysis.__class__ = _keeping(cls)
    return analysis


@functools.cache
def _keeping(cls: Any) -> Any:
    """The subclass of the class of an analysis that keeps the fit."""

    def save_results(self: Any, paths: Any, result: Any) -> None:
        cls.save_results(self, paths=paths, result=result)
        _write(paths, result)

    def reduce_ex(self: Any, protocol: int) -> tuple[Any, ...]:
        return _restored, (cls, vars(self).copy())

    names = {
        "save_results": save_results,
        "__reduce_ex__": reduce_ex,
        "_keeps_fit": True,
        "__doc__": cls.__doc__,
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
    }
    keeping = type(cls)(cls.__name__, (cls,), names)
    registry.write_as(keeping, cls)
    return keeping


def _restored(cls: Any, state: dict[str, Any]) -> Any:
    analysis = object.__new__(_keeping(cls))
    analysis.__dict__.update(state)
    return analysis


def _write(paths: Any, result: Any) -> None:
    folder = Path(paths.output_path) / _FOLDER
    try:
        fit = result.max_log_likelihood_fit
        _ = fit.figure_of_merit if hasattr(type(fit), "figure_of_merit") else None
        folder.mkdir(parents=True, exist_ok=True)
        save(fit, folder / FILE)
        # A search that writes to a database makes no `.zip` of its folder before it removes it.
        if getattr(paths, "session", None) is not None and getattr(paths, "remove_files", False):
            _log.warning(
                "%s: the fit is kept no longer than its folder, which a search with session=... removes at its end as "
                "the configuration says: expected remove_files: false",
                folder / FILE,
            )
    except Exception as error:  # whatever fails here, the search has ended and its results count
        _log.warning("%s: the fit could not be kept: %s: %s", folder / FILE, type(error).__name__, error)


@dataclass(frozen=True, slots=True)
class StoredFit:
    """One result of a search, by its folder or its `.zip`.

    Parameters
    ----------
    folder
        The folder of the result, which has the folder `files` in it; where it would be, if it is packed.
    name
        Its path below the folder that was listed, without the `.zip`.
    archive
        The `.zip` that holds it, or None. It is read where it is, and nothing is unpacked.
    inner
        The folder of the result in the `.zip`; "" if the `.zip` is this result alone.
    """

    folder: Path
    name: str
    archive: Path | None = None
    inner: str = ""

    @property
    def path(self) -> Path:
        """Where its fit is, if there is one: a file, or a name in the `.zip`."""
        return (self.folder if self.archive is None else self.archive / self.inner) / _FOLDER / FILE

    @property
    def identifier(self) -> str:
        """What PyAutoFit calls the result, by its search, its model and its tag: the `id` of a row of an aggregator.

        Raises
        ------
        CorruptError
            If its `.zip` can't be read.
        """
        if self.archive is None:
            file = self.folder / _IDENTIFIER
            text = file.read_bytes() if file.is_file() else b""
        else:
            member = self._member(_IDENTIFIER)
            text = read_member(self.archive, member) if has_member(self.archive, member) else b""
        # The file has a line for each part of what the identifier is the hash of. Without it, the folder has its name.
        parts = text.replace(b"\r\n", b"\n").split(b"\n")
        return hashlib.md5(b".".join(parts), usedforsecurity=False).hexdigest() if text else self.folder.name

    def _member(self, *names: str) -> str:
        return "/".join(filter(None, (self.inner, *names)))

    @property
    def exists(self) -> bool:
        """Whether a fit is stored."""
        return self.path.is_file() if self.archive is None else has_member(self.archive, self._member(_FOLDER, FILE))

    def load(self, *, backend: str | None = None, mmap: bool = False) -> Any:
        """The fit, with the results that it had.

        Parameters
        ----------
        backend, mmap
            As `serialization.load` takes them.

        Raises
        ------
        MissingFitError
            If none is stored.
        NotMappableError
            If `mmap` is true and the fit is in a `.zip`.
        SerializationError
            If the file can't be read.
        """
        self._check()
        if self.archive is None:
            return load(self.path, backend=backend, mmap=mmap)
        if mmap:
            raise NotMappableError(
                f"mmap=True: expected a fit in a file of its own, found {self.path}; unpack it first"
            )
        return loads(read_member(self.archive, self._member(_FOLDER, FILE)), backend=backend)

    def inspect(self) -> PayloadInfo:
        """What the file of the fit holds; nothing is built.

        Raises
        ------
        MissingFitError
            If none is stored.
        """
        self._check()
        if self.archive is None:
            return inspect(self.path)
        return inspect(read_member(self.archive, self._member(_FOLDER, FILE)))

    def _check(self) -> None:
        if not self.exists:
            raise MissingFitError(
                f"{self.archive or self.folder}: expected the fit as {_FOLDER}/{FILE}, found none: its search ran "
                "without serialization.results.keep_fit(analysis), or could not write it. Nothing is solved "
                "again here; fit the stored model once more with the release that you want its numbers from"
            )


class StoredFits(Sequence[StoredFit]):
    """The results below a folder, such as the `output` of PyAutoFit, in the order of their paths.

    A result is a folder, or a `.zip` of one. Where both are there, it is listed once, and the folder is read, unless
    only the `.zip` has the fit. Nothing of the fits is read before it is asked for.

    Parameters
    ----------
    folder
        The folder.
    stored_only
        Whether to list only results that have a stored fit. Otherwise one without it is listed too, and its
        `StoredFit.load` raises `MissingFitError`.

    Raises
    ------
    UnsupportedValueError
        If there is no such folder.
    """

    def __init__(self, folder: str | os.PathLike[str], *, stored_only: bool = False) -> None:
        self._root = Path(folder)
        if not self._root.is_dir():
            raise UnsupportedValueError(f"folder: expected a folder, found none at {self._root}")
        found = _results_below(str(self._root))
        self._items = tuple(
            StoredFit(Path(folder), os.path.relpath(folder, self._root), Path(archive) if archive else None, inner)
            for folder, (archive, inner, stored) in sorted(found.items())
            if stored or not stored_only
        )

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> StoredFit: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[StoredFit]: ...
    def __getitem__(self, index: int | slice) -> StoredFit | Sequence[StoredFit]:
        return self._items[index]

    def __repr__(self) -> str:
        return f"<StoredFits {self._root}, {len(self)} results>"

    def of(self, row: Any) -> StoredFit:
        """The result that a row of an aggregator is about, found by its identifier.

        Parameters
        ----------
        row
            What an aggregator of PyAutoFit lists, of a folder (`SearchOutput`) or of a database (`Fit`), or the
            identifier alone.

        Raises
        ------
        UnsupportedValueError
            If it has no identifier, or more than one result here has that one.
        MissingFitError
            If no result here has it.
        """
        identifier = getattr(row, "id", row)
        if not isinstance(identifier, str):
            raise UnsupportedValueError(f"row: expected one of an aggregator, with an id, found {type(row).__name__}")
        found = self._by_identifier.get(identifier, [])
        if not found:
            raise MissingFitError(
                f"row: expected the identifier of one of the {len(self)} results below {self._root}, found {identifier}"
            )
        if len(found) > 1:
            raise UnsupportedValueError(
                f"row: expected the identifier of one result below {self._root}, found {identifier}, which "
                f"{len(found)} have: {', '.join(each.name for each in found)}; list a folder that has one of them"
            )
        return found[0]

    @functools.cached_property
    def _by_identifier(self) -> dict[str, list[StoredFit]]:
        found: dict[str, list[StoredFit]] = {}
        for stored in self._items:
            found.setdefault(stored.identifier, []).append(stored)
        return found

    def fits(self, *, backend: str | None = None) -> Iterator[Any]:
        """Each fit in turn, one in memory at a time.

        Raises
        ------
        MissingFitError
            At the first result that has none.
        """
        return (stored.load(backend=backend) for stored in self._items)


# The `.zip` of a result, or None, its folder in there, and whether it has a fit.
_Found = tuple[str | None, str, bool]


def _results_below(root: str) -> dict[str, _Found]:
    """The folders of results: those that have a folder `files` in which a search writes, here or in a `.zip`."""
    found: dict[str, _Found] = {}
    archives: list[str] = []
    pending = [root]
    while pending:
        folder = pending.pop()
        with os.scandir(folder) as entries:
            here = list(entries)
        folders = [entry.path for entry in here if entry.is_dir(follow_symlinks=False)]
        files = next((path for path in folders if os.path.basename(path) == _FOLDER), None)
        if files is not None:
            with os.scandir(files) as entries:
                names = {entry.name for entry in entries}
            if _is_result(names):
                found[folder] = (None, "", FILE in names)
                continue
        pending.extend(folders)
        archives.extend(entry.path for entry in here if entry.name.endswith(".zip") and entry.is_file())
    for archive in archives:
        _add_archive(archive, found)
    return found


def _add_archive(archive: str, found: dict[str, _Found]) -> None:
    """Add the results in a `.zip` that are not there already with their fits."""
    folder = archive.removesuffix(".zip")
    if found.get(folder, (None, "", False))[2]:
        return
    try:
        results = names_below(archive, _FOLDER)
    except (CorruptError, OSError) as error:  # it may be anything, also what a search is about to write
        _log.warning("%s: not listed: %s", archive, error)
        return
    for inner, names in results.items():
        path = os.path.join(folder, *inner.split("/")) if inner else folder
        if _is_result(names) and (path not in found or (FILE in names and not found[path][2])):
            found[path] = (archive, inner, FILE in names)


def _is_result(names: Set[str]) -> bool:
    return not _SIGNS.isdisjoint(names)
