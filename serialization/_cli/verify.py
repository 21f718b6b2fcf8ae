"""`autoarray-state verify`: is each file intact, and do its numbers follow from its state?"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from serialization._cli.files import Options, add_loading, is_payload, load_any, message_of, options_from, print_json
from serialization._cli.progress import progress
from serialization._cli.table import print_table, printable
from serialization._graph.recompute import differences_from


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
    add_loading(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> bool:
    return verify_files(arguments.files, options_from(arguments, True), arguments.json, arguments.debug)


@dataclasses.dataclass(slots=True)
class Verified:
    """What was found of one file: `checked` values were recomputed, and differed by `delta` at most."""

    file: str
    format: str = "unknown"
    checked: int | None = None
    delta: float | None = None
    notes: list[str] = dataclasses.field(default_factory=list)
    error: str | None = None


def verify_files(
    files: Sequence[Path], options: Options, as_json: bool, debug: bool = False, stream: TextIO | None = None
) -> bool:
    """Check each file, print what was found, and return whether all of them passed."""
    out: TextIO = stream or sys.stdout
    rows = []
    for file in progress(files, "verify", unit="files"):
        row = Verified(str(file))
        try:
            _verify(file, options, row)
        except Exception as error:
            if debug:
                raise
            row.error = message_of(error)
        rows.append(row)
    if as_json:
        print_json([dataclasses.asdict(row) for row in rows], out)
    else:
        _print(rows, out)
    return not any(row.error for row in rows)


def _verify(file: Path, options: Options, row: Verified) -> None:
    row.format = "aas" if is_payload(file) else "pickle"
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


def _print(rows: Sequence[Verified], out: TextIO) -> None:
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
    for row in rows:
        for note in row.notes:
            out.write(printable(f"{row.file}: note: {note}") + "\n")
        if row.error:
            out.write(printable(f"{row.file}: FAILED: {row.error}") + "\n")
