"""`autoarray-state get`: one array, value or object of an .aas file, near or far, by its path."""

from __future__ import annotations

import argparse
import io
import os
import sys
from pathlib import Path
from typing import Any, TextIO

import numpy as np

import serialization
from serialization import PayloadHandle, UnknownPathError
from serialization._cli.files import path_or_url
from serialization._cli.output import print_fields, print_json
from serialization._payload.files import atomic_write
from serialization._payload.info import readable_bytes, shape_text
from serialization._payload.tree import readable_dtype


def add_parser(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "get",
        parents=[shared],
        help="get one array, value or object of an .aas file by its path",
        description="Read what stands at a path of an .aas file, and nothing else of it; `inspect --paths` lists the "
        "paths. An array is described, and written by --out to an .npy file. An object goes to an .aas file. The "
        "digest of each array is verified.",
    )
    parser.add_argument("file", type=path_or_url, metavar="FILE", help="the file, or its URL")
    parser.add_argument("path", metavar="PATH", help="such as inversion.reconstruction or linear_obj_list[0]")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="where to write it: .npy for an array, .aas for any part"
    )
    parser.add_argument(
        "--backend", choices=("numpy", "jax"), help="the backend of an object (default: the one it was written on)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON, with the values of an array")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> bool:
    return get_part(arguments.file, arguments.path, arguments.out, arguments.json, arguments.backend)


def get_part(
    file: Path | str,
    path: str,
    target: Path | None,
    as_json: bool,
    backend: str | None = None,
    stream: TextIO | None = None,
) -> bool:
    """Print what stands at a path, and write it to a file if there is one.

    Raises
    ------
    ValueError
        If the suffix of `target` is neither .npy nor .aas.
    UnknownPathError
        If there is no such thing, or an object without a file to write it to.
    """
    out: TextIO = stream or sys.stdout
    if target is not None and target.suffix not in (".npy", ".aas"):
        raise ValueError(f"{target}: expected the suffix .npy, or .aas for an object, found {target.suffix or 'none'}")
    document: dict[str, Any] = {}
    with serialization.open(file) as handle:
        if target is not None and target.suffix == ".aas":
            os.environ.setdefault("JAX_ENABLE_X64", "1")  # before JAX is imported
            part = handle.load(path, backend=backend)
            serialization.save(part, target)
            document = {"type": type(part).__name__}
        else:
            value = _value_at(handle, path)
            if target is not None:
                atomic_write(target, [_npy(value)])
            document = _document_of(value, as_json)
    written = None if target is None else str(target)
    if as_json:
        print_json({"file": str(file), "path": path, **document, "out": written}, out)
    else:
        fields = {"path": path, **document} | ({} if written is None else {"written": written})
        print_fields([(name, str(text)) for name, text in fields.items()], out)
    return True


def _value_at(handle: PayloadHandle, path: str) -> Any:
    try:
        return handle[path]
    except UnknownPathError as error:
        if path not in handle:
            raise
        what = error.message.partition(";")[0]
        raise UnknownPathError(f"{what}; write it to a file of its own by --out FILE.aas", path=error.path) from None


def _npy(value: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(value), allow_pickle=False)
    return buffer.getvalue()


def _document_of(value: Any, as_json: bool) -> dict[str, Any]:
    """What is told of an array or a plain value: to people the range of an array, in JSON its values."""
    if not isinstance(value, np.ndarray):
        plain = value.item() if isinstance(value, np.generic) else value
        shown = plain if isinstance(plain, (bool, int, float, str, tuple, type(None))) else repr(plain)
        return {"type": type(value).__name__, "value": shown}
    if as_json:
        values = value if value.dtype.kind in "biufU" else value.astype(str)
        return {"type": "array", "dtype": value.dtype.str, "shape": list(value.shape), "value": values.tolist()}
    text = {
        "type": "array",
        "dtype": readable_dtype(value.dtype.str),
        "shape": shape_text(value.shape),
        "size": readable_bytes(value.nbytes),
    }
    if value.size and value.dtype.kind in "iuf":
        text |= {"least": value.min(), "greatest": value.max()}
    return text
