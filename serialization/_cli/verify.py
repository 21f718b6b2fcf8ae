"""`autoarray-state verify`: is each file intact, and do its numbers follow from its state?"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from serialization._cli.files import Options, add_loading, is_payload, load_any, options_from
from serialization._cli.output import error_in, print_json, print_remarks
from serialization._cli.progress import progress
from serialization._cli.table import print_table
from serialization._graph.recompute import differences_from
from serialization._payload.canonical import check_canonical


def add_parser(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "verify",
        parents=[shared],
        help="check that files are intact, and that their stored results can be computed again",
        description="Check the digest of each .aas file, load it, and compute its stored results again; load each "
        "pickle, and compare the terms of the evidence that it stored with what its state gives. A term that differs "
        "by more than 1e-8 of its size fails.",
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="a file to check")
    parser.add_argument(
        "--canonical",
        action="store_true",
        help="also refuse an .aas file whose bytes are not those that FORMAT.md prescribes for its graph",
    )
    add_loading(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> bool:
    return verify_files(
        arguments.files,
        options_from(arguments, True),
        arguments.json,
        arguments.debug,
        canonical=arguments.canonical,
    )


@dataclasses.dataclass(slots=True)
class Verification:
    """The check of one file: `checked` values were recomputed, and differed by `delta` at most."""

    file: str
    format: str = "unknown"
    checked: int | None = None
    delta: float | None = None
    notes: list[str] = dataclasses.field(default_factory=list)
    error: str | None = None


def verify_files(
    files: Sequence[Path],
    options: Options,
    as_json: bool,
    debug: bool = False,
    stream: TextIO | None = None,
    *,
    canonical: bool = False,
) -> bool:
    """Check each file, print a report, and return whether all of them passed; `canonical` asks for canonical bytes."""
    out: TextIO = stream or sys.stdout
    rows = []
    for file in progress(files, "verify", unit="files"):
        row = Verification(str(file))
        with error_in(row, debug):
            _verify(file, options, canonical, row)
        rows.append(row)
    if as_json:
        print_json([dataclasses.asdict(row) for row in rows], out)
    else:
        _print(rows, out)
    return not any(row.error for row in rows)


def _verify(file: Path, options: Options, canonical: bool, row: Verification) -> None:
    row.format = "aas" if is_payload(file) else "pickle"
    if canonical:
        if row.format == "pickle":
            raise ValueError("expected an .aas file, found a pickle, which has no canonical form")
        check_canonical(file.read_bytes())
    if row.format == "pickle":  # its loader compares what the pickle stored
        _, row.notes, report = load_any(file, dataclasses.replace(options, verify=True))
        assert report is not None
        row.checked = len(report.compared)
        row.delta = max((compared.delta for compared in report.compared), default=0.0)
        return
    stored, row.notes, _ = load_any(file, options)
    fresh, _, _ = load_any(file, options)
    differences = differences_from(stored, fresh)
    row.checked = len(differences)
    row.delta = max((difference.delta for difference in differences), default=0.0)
    failed = [difference for difference in differences if not difference.passed]
    if failed:
        worst = max(failed, key=lambda difference: difference.delta / difference.limit)
        row.error = (
            f"{len(failed)} of {len(differences)} stored values differ from what the state gives, most of all "
            f"{worst.path} by {worst.delta:.2e}, more than {worst.limit:.0e}"
        )


def _print(rows: Sequence[Verification], out: TextIO) -> None:
    table = [
        [
            row.file,
            row.format,
            "" if row.checked is None else str(row.checked),
            "" if row.delta is None else f"{row.delta:.1e}",
            "FAILED" if row.error else "verified",
        ]
        for row in rows
    ]
    print_table(("file", "format", "values", "largest delta", "result"), table, left=(0, 1, 4), stream=out)
    print_remarks(rows, out)
