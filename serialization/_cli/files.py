"""The files of `autoarray-state`: which kind one is of, and how it is loaded."""

from __future__ import annotations

import argparse
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import serialization
from serialization import LoadReport
from serialization._cli.output import one_line
from serialization._magic import MAGIC


@dataclass(frozen=True, slots=True)
class Options:
    """How files are loaded: the arguments of `load` and `load_pickle`."""

    backend: str | None = None
    written_by: str | None = None
    verify: bool = False


def is_payload(path: Path) -> bool:
    """Whether a file begins as an .aas file does; its name does not matter."""
    with open(path, "rb") as file:
        start = file.read(len(MAGIC))
    # A file that ends within the magic string is a payload that was cut.
    return bool(start) and MAGIC.startswith(start)


def path_or_url(text: str) -> Path | str:
    """A path, or the text of a URL as it is: what an argument names."""
    return text if "://" in text else Path(text)


def load_any(path: Path, options: Options) -> tuple[Any, list[str], LoadReport | None]:
    """The object in a file of either kind, what the loader warned of, and its report if it is a pickle."""
    report = None
    # The fits of this project need 64 bits. It has to be asked for before JAX is imported.
    os.environ.setdefault("JAX_ENABLE_X64", "1")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if is_payload(path):
            loaded = serialization.load(path, backend=options.backend)
        else:
            report = LoadReport()
            loaded = serialization.load_pickle(
                path, backend=options.backend, written_by=options.written_by, verify=options.verify, report=report
            )
    return loaded, [one_line(str(warning.message)) for warning in caught], report


def type_name(value: object) -> str:
    """The class of an object, for people."""
    return type(value).__name__


def add_loading(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments that become `Options`, and `--json`."""
    parser.add_argument(
        "--backend", choices=("numpy", "jax"), help="restore onto this backend (default: the one it was written on)"
    )
    parser.add_argument(
        "--written-by",
        metavar="RELEASE",
        help="the release of PyAutoArray that wrote the pickles, such as 2026.8.22.1, where they do not tell",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def options_from(arguments: argparse.Namespace, verify: bool) -> Options:
    """The options that a command line asks for."""
    return Options(backend=arguments.backend, written_by=arguments.written_by, verify=verify)
