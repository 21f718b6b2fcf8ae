"""`autoarray-state inspect`: what an .aas file or a pickle holds, without building anything from it."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import numpy as np

import serialization
from serialization._cli.files import is_payload
from serialization._cli.output import print_fields, print_json
from serialization._cli.table import print_table
from serialization._display import cut
from serialization._legacy.inspect import PickledArray, PickleInfo, inspect_pickle
from serialization._payload.info import ArrayInfo, PayloadInfo, readable_bytes

_WIDEST = 160  # characters of an entry that people are shown


def add_parser(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "inspect",
        parents=[shared],
        help="show what an .aas file or an old pickle holds, without loading it",
        description="Show the types, versions and arrays of an .aas file, or of a pickle by pickle, cloudpickle or "
        "dill. Nothing is built from it, and nothing that it names is imported or run.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the file")
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
    return inspect_file(arguments.file, arguments.json)


def _print_identity(path: Path, as_json: bool) -> bool:
    identity = serialization.identity(path)
    if as_json:
        print_json({"file": str(path), "identity": identity}, sys.stdout)
    else:
        print(identity)
    return True


def inspect_file(path: Path, as_json: bool, stream: TextIO | None = None) -> bool:
    """Print what a payload or a pickle holds; whether it is intact and this reader could load it."""
    out: TextIO = stream or sys.stdout
    if not is_payload(path):
        return _inspect_pickle(path, as_json, out)
    info = serialization.inspect(path)
    if as_json:
        print_json(dataclasses.asdict(info), out)
    else:
        _print_payload(path, info, out)
    return info.intact is not False and not info.problems


def _print_payload(path: Path, info: PayloadInfo, stream: TextIO) -> None:
    writer = " ".join(info.writer) if info.writer else "unknown"
    intact = {True: "intact", False: "NOT INTACT: the digest disagrees with the bytes", None: "not checked"}
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
        fields += [(name, cut(f"{key} = {value!r}", _WIDEST)) for key, value in entries.items()]
    print_fields(fields, stream)
    if info.types:
        stream.write("\n")
        types = [
            [row.name, str(row.version), str(row.objects), str(len(row.fields)), str(len(row.results))]
            for row in info.types
        ]
        print_table(("type", "schema", "objects", "fields", "results"), types, stream=stream)
    _print_arrays([str(array.index) for array in info.arrays], info.arrays, (1, 2, 3, 4), stream)


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
    _print_arrays([array.path for array in info.arrays], info.arrays, (0, 1, 2, 3, 4), stream)


def _print_arrays(
    labels: Sequence[str], arrays: Sequence[ArrayInfo | PickledArray], left: Sequence[int], stream: TextIO
) -> None:
    """Print a table of arrays, if there are any, under their labels."""
    if not arrays:
        return
    stream.write("\n")
    rows = [
        [
            label,
            _dtype(array.dtype),
            " x ".join(map(str, array.shape)) or "scalar",
            array.order,
            "jax" if array.jax else "numpy",
            readable_bytes(array.nbytes),
        ]
        for label, array in zip(labels, arrays, strict=True)
    ]
    print_table(("array", "dtype", "shape", "order", "backend", "size"), rows, left=left, stream=stream)


def _releases(info: PickleInfo) -> str:
    if info.releases is None:
        return "unknown"
    first, last = info.releases
    if last == "the newest":
        return f"release {first} or newer"
    return f"release {first}" if first == last else f"a release from {first} to {last}"


def _dtype(code: str) -> str:
    """A NumPy type string for people: `float64` for `<f8`; `>f8` where the bytes are not in this machine's order."""
    dtype = np.dtype(code)
    return dtype.name if dtype.isnative else code
