"""`autoarray-state inspect`: what a file holds, without building anything from it."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import TextIO

import numpy as np

import serialization
from serialization._info import PayloadInfo, readable_bytes
from serialization._table import print_table


def inspect_file(path: Path, as_json: bool, stream: TextIO | None = None) -> bool:
    """Print what a payload holds; whether it is intact and this reader could load it."""
    out: TextIO = stream or sys.stdout
    info = serialization.inspect(path)
    if as_json:
        json.dump(dataclasses.asdict(info), out, indent=2)
        out.write("\n")
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
        stream.write(f"{name:<12}  {value}\n")
    for problem in info.problems:
        stream.write(f"{'problem':<12}  {problem}\n")
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


def _dtype(code: str) -> str:
    """A NumPy type string for people: `float64` for `<f8`; `>f8` where the bytes are not in this machine's order."""
    dtype = np.dtype(code)
    return dtype.name if dtype.isnative else code
