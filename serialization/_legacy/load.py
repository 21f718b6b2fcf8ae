"""Old pickles, cloudpickles and dills: read without running anything of theirs, with the numbers that they had."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from serialization._autoarray import require_own
from serialization._graph.backend import check_backend, require_jax
from serialization._graph.move import move_to_jax
from serialization._legacy import prepare, releases
from serialization._legacy.build import Builder, Built
from serialization._legacy.interferometer import is_of_pynufft
from serialization._legacy.report import Convention, LegacyWarning, LoadReport
from serialization._legacy.verify import compare, row_weights_of
from serialization._magic import MAGIC
from serialization._pickle.check import path_of
from serialization._pickle.nodes import Foreign
from serialization._pickle.reader import read_pickle
from serialization._schema import live
from serialization._schema.schema import hooks_of
from serialization.errors import NotAPayloadError, UnsupportedValueError, VerificationError

_log = logging.getLogger("serialization")
# What a release computed with few digits, or wrongly, and the objects of which that holds.
_LOST: dict[str, Callable[[Built], bool]] = {
    "a spline transform that was fitted on JAX, by equations that lost most digits: what depends on it is as it was to "
    "about 1e-4 to 1e-2 only": lambda built: vars(built.shell).get("spline_fit") == "squares",
    "a NUFFT of pynufft, whose visibilities were off by 10 to 30 % of the largest, and whose dirty images had another "
    "scale: what it transforms from now on is right": lambda built: is_of_pynufft(built.node.state),
}


def load_pickle(
    source: object,
    *,
    backend: str | None = None,
    written_by: str | None = None,
    verify: bool = False,
    report: LoadReport | None = None,
) -> Any:
    """The object graph of a pickle that a release of PyAutoArray since 2026.5.1.4 wrote, or this project.

    Nothing that the pickle names is imported or called but the registered classes, whose constructors
    don't run; neither PyAutoArray nor dill, cloudpickle or jax need be installed. An old object has the
    numbers that it had: its transform, and the order of its row weights, are those of the release that
    wrote it. What a release cached is computed again when it is asked for.

    Parameters
    ----------
    source
        A path, bytes or any object with a contiguous buffer, or a binary file.
    backend
        None restores the graph onto the library that its root was written on, "numpy" or "jax" onto that
        one. JAX arrays are read without JAX, and moved there only if the graph is.
    written_by
        The release that wrote it, such as "2026.8.22.1", where that is known. States don't tell whether
        row weights are the exchanged ones of releases up to 2026.8.23.1, nor whether the areas of
        rectangular meshes are those of releases up to 2026.10.2.1. Without `written_by` they are decided
        by the other objects in the pickle, by a mapping that was cached, or else taken as corrected, with
        a `LegacyWarning`.
    verify
        Whether to recompute each reconstruction, mapping matrix and term of the evidence that the pickle
        stored.
    report
        A `LoadReport` to fill in: versions, conventions, what was left out, what was compared.

    Raises
    ------
    UnsafePickleError
        If the pickle calls a function or class that the reader does not know.
    UnknownTypeError
        If it holds an object of a class that is not registered; see `register`.
    SchemaError
        If a state is none that a release wrote, or not one of those that `written_by` wrote.
    VerificationError
        With `verify`, if a stored term or matrix differs by more than 1e-8, relative to the larger of 1
        and its largest entry, or a reconstruction by more than 1e-6: the evidence is greatest at the
        solution, and some releases stopped their solver that far from it.
    SerializationError
        Another of its subclasses, if the bytes are no whole pickle, or can't be had on the backend.
    """
    check_backend(backend)
    require_own("load_pickle")
    report = LoadReport() if report is None else report
    root = read_pickle(_bytes_of(source))
    prepared = _prepare(root, written_by)
    report.backend = "jax" if prepare.uses_jax(root) else "numpy"
    target = report.backend if backend is None else backend
    if target == "jax":
        require_jax("another release")
    builder = Builder(root, prepared)
    loaded = builder.build()
    _decide(builder, prepared)
    _describe(report, builder, prepared)
    if target == "jax":
        flagged = (built.shell for built in builder.objects if built.schema.has_flag)
        loaded = move_to_jax(loaded, flagged, hooks_of().announce_jax, copy=False)
    for built in builder.objects:
        if built.schema.loose:
            live.finish(built.schema, built.shell, target)
    if verify:
        _verify(builder, report)
    return loaded


def _bytes_of(source: Any) -> bytes:
    if isinstance(source, (str, os.PathLike)):
        data = Path(source).read_bytes()
    elif hasattr(source, "read"):
        data = source.read()
    else:
        data = source
    if isinstance(data, str):
        raise UnsupportedValueError("source: expected a file that was opened in binary mode, found one of text")
    try:
        data = bytes(memoryview(data))
    except TypeError:
        raise UnsupportedValueError(
            f"source: expected a path, bytes or a binary file, found {type(source).__name__}"
        ) from None
    if data.startswith(MAGIC):
        raise NotAPayloadError(
            "expected a pickle, found an .aas payload; read it with serialization.load (a file) or "
            "serialization.loads (bytes)"
        )
    return data


def _prepare(root: object, written_by: str | None) -> prepare.Prepared:
    try:
        return prepare.prepare(root, written_by)
    except prepare.StateError as error:
        error.path = path_of(root, error.node)
        raise


def _decide(builder: Builder, prepared: prepare.Prepared) -> None:
    """Settle by the mappings that a pickle cached what nothing else tells."""
    exchanged = False
    for choice in prepared.choices:
        if choice.field != "row_weights":
            continue
        shell = builder.shell_of(choice.node)
        cached = None if shell is None else row_weights_of(shell, choice.node.state)
        if cached is None:
            continue
        if choice.decided:
            if cached != choice.value:
                message = f"the cached mapping was computed with row_weights={cached!r}, though {choice.reason}"
                _warn(builder, choice.node, message)
            continue
        choice.value, choice.decided, choice.reason = cached, True, "the cached mapping was computed so"
        shell.__dict__["row_weights"] = cached
        exchanged = exchanged or cached == "exchanged"
    for choice in prepared.choices if exchanged else ():
        if choice.field == "area_convention" and not choice.decided:
            # Releases with exchanged row weights had areas of even cells.
            choice.value, choice.decided, choice.reason = "cells", True, "a cached mapping has exchanged row weights"
            _set_areas(builder, choice)
    for choice in prepared.choices:
        if not choice.decided:
            message = f"{choice.field} taken as {choice.value!r}: {choice.reason}"
            _warn(builder, choice.node, f"{message}; say written_by='...' to load_pickle if you know the release")
    for message, holds in _LOST.items():
        built = next((built for built in builder.objects if not built.own and holds(built)), None)
        if built is not None:
            _warn(builder, built.node, message)


def _set_areas(builder: Builder, choice: prepare.Choice) -> None:
    shell = builder.shell_of(choice.node)
    if shell is None:
        return
    if "area_convention" not in shell.__dict__:  # an interpolator, whose geometry is not made yet
        made = shell.mesh_geometry
        made.__dict__["area_convention"] = choice.value
    else:
        shell.__dict__["area_convention"] = choice.value


def _warn(builder: Builder, node: Foreign, message: str) -> None:
    warnings.warn(f"{builder.path_of(node)}: {message}", LegacyWarning, stacklevel=4)


def _describe(report: LoadReport, builder: Builder, prepared: prepare.Prepared) -> None:
    low, high = map(releases.release_name, prepared.window)
    report.releases = low, high
    for choice in prepared.choices:
        path = builder.path_of(choice.node) or "$"
        convention = Convention(path, choice.field, choice.value, choice.reason, choice.decided)
        report.conventions.append(convention)
        _log.info("%s", convention)
    for built in builder.objects:
        name = built.schema.name
        least, most = report.schemas.get(name, (built.version, built.version))
        report.schemas[name] = min(least, built.version), max(most, built.version)
        if built.left_out:
            cls = f"{built.node.module}.{built.node.name}"
            report.left_out[cls] = tuple(sorted({*report.left_out.get(cls, ()), *built.left_out}))


def _verify(builder: Builder, report: LoadReport) -> None:
    for built in builder.objects:
        report.compared.extend(compare(built, builder.path_of(built.node) or "$"))
    wrong = [each for each in report.compared if not each.delta <= each.limit]
    if wrong:
        worst = max(wrong, key=lambda each: each.delta / each.limit)
        raise VerificationError(
            f"{worst.name}: expected what the state gives, to {worst.limit:.0e}, found a stored value that "
            f"differs by {worst.delta:.2e} ({len(wrong)} of {len(report.compared)} stored values differ)",
            path=worst.path,
        )
