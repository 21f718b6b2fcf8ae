"""`autoarray-state inspect`: what an .aas file or a pickle holds, without building anything from it."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import serialization
from serialization._cli.files import is_payload, path_or_url
from serialization._cli.output import print_fields, print_json
from serialization._cli.table import print_table
from serialization._display import cut, text_of
from serialization._legacy.inspect import PickledArray, PickleInfo, inspect_pickle
from serialization._payload.info import PayloadInfo, readable_bytes, shape_text
from serialization._payload.tree import COLUMNS, LEFT, PayloadTree, readable_dtype

_WIDEST = 160  # characters of an entry that people are shown


def add_parser(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "inspect",
        parents=[shared],
        help="show what an .aas file or an old pickle holds, without loading it",
        description="Show the stored evidence, everything in an .aas file by its place, and the types and versions; or "
        "the classes and arrays of a pickle by pickle, cloudpickle or dill. Nothing is built from it, and nothing that "
        "it names is imported or run. Of a URL the header alone is read.",
    )
    parser.add_argument("file", type=path_or_url, metavar="FILE", help="the file, or the URL of an .aas file")
    parser.add_argument("--paths", action="store_true", help="print one line for each value of an .aas file: its path")
    parser.add_argument(
        "--identity",
        action="store_true",
        help="print only the identity of an .aas file: a SHA-256 that is the same for equal graphs, however they are "
        "compressed or annotated",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> bool:
    if arguments.identity:
        return _print_identity(arguments.file, arguments.json)
    return inspect_file(arguments.file, arguments.json, paths=arguments.paths)


def _print_identity(path: Path | str, as_json: bool) -> bool:
    if isinstance(path, str):
        raise ValueError(f"{path}: expected a local file, found a URL; an identity takes every byte")
    identity = serialization.identity(path)
    if as_json:
        print_json({"file": str(path), "identity": identity}, sys.stdout)
    else:
        print(identity)
    return True


def inspect_file(path: Path | str, as_json: bool, stream: TextIO | None = None, *, paths: bool = False) -> bool:
    """Print what a payload or a pickle holds; whether it is intact and this reader could load it."""
    out: TextIO = stream or sys.stdout
    if isinstance(path, Path) and not is_payload(path):
        return _inspect_pickle(path, as_json, out)
    if isinstance(path, Path):
        info = serialization.inspect(path)
    else:
        with serialization.open(path) as handle:
            info = handle.info
    if as_json:
        print_json(_document_of(info), out)
    elif paths:
        _print_paths(info.tree(), out)
    else:
        _print_payload(path, info, out)
    return info.intact is not False and not info.problems


def _document_of(info: PayloadInfo) -> dict[str, Any]:
    document = dataclasses.asdict(dataclasses.replace(info, graph=None))
    del document["graph"]
    results = {} if info.graph is None else info.graph.results
    places = [] if info.graph is None else [dataclasses.asdict(place) for place in info.graph]
    return document | {"results": results, "places": places}


def _print_payload(path: Path | str, info: PayloadInfo, stream: TextIO) -> None:
    writer = " ".join(info.writer) if info.writer else "unknown"
    intact = {True: "intact", False: "NOT INTACT: a digest disagrees with its bytes", None: "not checked"}
    body = readable_bytes(info.body_bytes) if info.body_bytes is not None else "unknown"
    fields = [
        ("file", str(path)),
        ("root", info.root or "unknown"),
        ("wire format", str(info.wire)),
        ("written by", writer),
        ("backend", info.backend or "unknown"),
        ("size", f"{readable_bytes(info.nbytes)} (arrays {readable_bytes(info.array_bytes)}, objects {body})"),
        ("compression", info.compression or "none"),
        ("bytes", intact[info.intact]),
    ]
    fields += [("problem", problem) for problem in info.problems]
    for name, entries in (("meta", info.meta), ("provenance", info.provenance)):
        fields += [(name, cut(f"{key} = {text_of(value)}", _WIDEST)) for key, value in entries.items()]
    print_fields(fields, stream)
    if info.graph is not None:
        if results := info.graph.results:
            stream.write("\n")
            print_table(("stored result", "value"), [[path, text] for path, text in results.items()], stream=stream)
        stream.write("\n")
        print_table(COLUMNS, list(info.graph.rows()), left=LEFT, stream=stream)
    if info.types:
        stream.write("\n")
        types = [
            [row.name, str(row.version), str(row.objects), str(len(row.fields)), str(len(row.results))]
            for row in info.types
        ]
        print_table(("type", "schema", "objects", "fields", "results"), types, stream=stream)


def _print_paths(tree: PayloadTree, stream: TextIO) -> None:
    rows = [
        [
            place.path,
            place.type,
            place.backend or "",
            readable_dtype(place.dtype),
            "" if place.shape is None else shape_text(place.shape),
            place.unit or "",
            readable_bytes(place.nbytes) if place.nbytes else "",
            f"= {place.same_as}" if place.same_as else place.value or "",
        ]
        for place in tree
    ]
    print_table(("path", *COLUMNS[1:-1], "value"), rows, left=LEFT, stream=stream)


def _inspect_pickle(path: Path, as_json: bool, out: TextIO) -> bool:
    try:
        info = inspect_pickle(path.read_bytes())
    except serialization.NotAPayloadError as error:
        message = error.message.replace("expected a pickle", "expected an .aas file or a pickle")
        raise serialization.NotAPayloadError(message, path=str(path)) from None
    if as_json:
        print_json(dataclasses.asdict(info), out)
    else:
        _print_pickle(path, info, out)
    return not info.problems


def _print_pickle(path: Path, info: PickleInfo, stream: TextIO) -> None:
    fields = (
        ("file", str(path)),
        ("root", info.root),
        ("format", f"pickle protocol {info.protocol}" + f", by {info.library}" * (info.library != "pickle")),
        ("written by", _releases(info)),
        ("backend", info.backend or "no arrays"),
        ("size", f"{readable_bytes(info.nbytes)} (arrays {readable_bytes(info.array_bytes)})"),
        ("modules", ", ".join(info.modules) or "none"),
    )
    print_fields([*fields, *(("problem", problem) for problem in info.problems)], stream)
    if info.types:
        stream.write("\n")
        types = [
            [
                f"{row.module}.{row.name}",
                row.type or "-",
                "-" if row.schema is None else str(row.schema),
                str(row.objects),
                str(len(row.fields)),
            ]
            for row in info.types
        ]
        print_table(("class", "type", "schema", "objects", "fields"), types, left=(0, 1), stream=stream)
    _print_arrays(info.arrays, stream)


def _print_arrays(arrays: Sequence[PickledArray], stream: TextIO) -> None:
    """Print a table of arrays, if there are any."""
    if not arrays:
        return
    stream.write("\n")
    rows = [
        [
            array.path,
            readable_dtype(array.dtype),
            shape_text(array.shape),
            array.order,
            "jax" if array.jax else "numpy",
            readable_bytes(array.nbytes),
        ]
        for array in arrays
    ]
    print_table(("array", "dtype", "shape", "order", "backend", "size"), rows, left=(0, 1, 2, 3, 4), stream=stream)


def _releases(info: PickleInfo) -> str:
    if info.releases is None:
        return "unknown"
    first, last = info.releases
    if last == "the newest":
        return f"release {first} or newer"
    return f"release {first}" if first == last else f"a release from {first} to {last}"
