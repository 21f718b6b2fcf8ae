"""`autoarray-state inspect`: what an .aas file or a pickle holds, without building anything from it."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path
from typing import TextIO

import numpy as np

import serialization
from serialization._cli.files import is_payload, print_json
from serialization._cli.table import print_table, printable
from serialization._legacy.inspect import PickleInfo, inspect_pickle
from serialization._payload.info import PayloadInfo, readable_bytes


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
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> bool:
    return inspect_file(arguments.file, arguments.json)


def inspect_file(path: Path, as_json: bool, stream: TextIO | None = None) -> bool:
    """Print what a payload or a pickle holds; whether it is intact and this reader could load it."""
    out: TextIO = stream or sys.stdout
    if not is_payload(path):
        return _inspect_pickle(path, as_json, out)
    info = serialization.inspect(path)
    if as_json:
        print_json(dataclasses.asdict(info), out)
    else:
        _print_tables(path, info, out)
    return info.intact is not False and not info.problems


def _print_tables(path: Path, info: PayloadInfo, stream: TextIO) -> None:
    writer = " ".join(info.writer) if info.writer else "unknown"
    intact = {True: "intact", False: "NOT INTACT: the digest disagrees with the bytes", None: "not checked"}
    body = readable_bytes(info.body_bytes) if info.body_bytes is not None else "unknown"
    lines = (
        ("file", str(path)),
        ("root", info.root or "unknown"),
        ("wire format", str(info.wire)),
        ("written by", writer),
        ("backend", info.backend or "unknown"),
        ("size", f"{readable_bytes(info.nbytes)} (arrays {readable_bytes(info.array_bytes)}, objects {body})"),
        ("compression", info.compression or "none"),
        ("bytes", intact[info.intact]),
    )
    for name, value in lines:
        stream.write(f"{name:<12}  {printable(value)}\n")
    for problem in info.problems:
        stream.write(f"{'problem':<12}  {printable(problem)}\n")
    if info.types:
        stream.write("\n")
        types = [
            [row.name, str(row.version), str(row.objects), str(len(row.fields)), str(len(row.results))]
            for row in info.types
        ]
        print_table(("type", "schema", "objects", "fields", "results"), types, stream=stream)
    if info.arrays:
        stream.write("\n")
        arrays = [
            [
                str(array.index),
                _dtype(array.dtype),
                " x ".join(map(str, array.shape)) or "scalar",
                array.order,
                "jax" if array.jax else "numpy",
                readable_bytes(array.nbytes),
            ]
            for array in info.arrays
        ]
        print_table(("array", "dtype", "shape", "order", "backend", "size"), arrays, left=(1, 2, 3, 4), stream=stream)


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
    lines = (
        ("file", str(path)),
        ("root", info.root),
        ("format", f"pickle protocol {info.protocol}" + f", by {info.library}" * (info.library != "pickle")),
        ("written by", _releases(info)),
        ("backend", info.backend or "no arrays"),
        ("size", f"{readable_bytes(info.nbytes)} (arrays {readable_bytes(info.array_bytes)})"),
        ("modules", ", ".join(info.modules) or "none"),
    )
    for name, value in lines:
        stream.write(f"{name:<12}  {printable(value)}\n")
    for problem in info.problems:
        stream.write(f"{'problem':<12}  {printable(problem)}\n")
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
    if info.arrays:
        stream.write("\n")
        arrays = [
            [
                array.path,
                _dtype(array.dtype),
                " x ".join(map(str, array.shape)) or "scalar",
                array.order,
                "jax" if array.jax else "numpy",
                readable_bytes(array.nbytes),
            ]
            for array in info.arrays
        ]
        print_table(
            ("array", "dtype", "shape", "order", "backend", "size"), arrays, left=(0, 1, 2, 3, 4), stream=stream
        )


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
