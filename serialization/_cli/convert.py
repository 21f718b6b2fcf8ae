"""`autoarray-state convert`: old files of either kind as .aas files of the newest version."""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import serialization
from serialization._cli.files import Options, add_loading, is_payload, load_any, options_from, type_name
from serialization._cli.output import error_in, print_json, print_remarks
from serialization._cli.progress import draws_bars, progress
from serialization._cli.table import print_table
from serialization._display import printable
from serialization._graph.recompute import differences_from
from serialization._payload.codec import ancillary_of, save_with
from serialization._payload.compress import COMPRESSIONS
from serialization._payload.info import readable_bytes

_SUFFIXES = (".pickle", ".pkl", ".p", ".cloudpickle", ".dill", ".aas")


def add_parser(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "convert",
        parents=[shared],
        help="write old pickles, or old .aas files, as .aas files of today",
        description="Read pickles of earlier releases (by pickle, cloudpickle or dill), or older .aas files, and write "
        "each as an .aas file of the newest version. The inputs are left as they are; a file that can't be read does "
        "not stop the rest.",
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="OLD", help="a file to convert")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write to; made if need be")
    parser.add_argument("--force", action="store_true", help="overwrite files that are there already")
    parser.add_argument(
        "--verify", action="store_true", help="compute the stored results again, and refuse a file that disagrees"
    )
    parser.add_argument(
        "--compression", choices=COMPRESSIONS, help="compress the arrays (shuffle-...: needs the extra compress)"
    )
    parser.add_argument(
        "--meta",
        type=note_from,
        action="append",
        default=[],
        metavar="KEY=TEXT",
        help="add a note to each file, beside those that the old file has; again for more notes",
    )
    parser.add_argument(
        "--provenance",
        action="store_true",
        help="add what makes the files: this command line, the time, the packages of the environment, the git commit. "
        "Everyone who gets a file reads it, and a password on the command line too",
    )
    add_loading(parser)
    parser.set_defaults(run=_run)


def note_from(text: str) -> tuple[str, str]:
    """The name and the text of a note."""
    key, equals, note = text.partition("=")
    if not key or not equals:
        raise argparse.ArgumentTypeError(f"expected KEY=TEXT, found {text!r}")
    return key, note


@dataclasses.dataclass(frozen=True, slots=True)
class Writing:
    """How files are written: compressed, with notes beside the old file's, with new provenance or the old file's."""

    compression: str | None = None
    meta: dict[str, str] = dataclasses.field(default_factory=dict)
    provenance: bool = False


def _run(arguments: argparse.Namespace) -> bool:
    return convert_files(
        arguments.files,
        arguments.out,
        options_from(arguments, arguments.verify),
        Writing(arguments.compression, dict(arguments.meta), arguments.provenance),
        force=arguments.force,
        as_json=arguments.json,
        debug=arguments.debug,
    )


@dataclasses.dataclass(slots=True)
class Conversion:
    """What became of one file."""

    file: str
    output: str
    format: str = "unknown"
    type: str | None = None
    bytes_before: int | None = None
    bytes_after: int | None = None
    seconds: float | None = None
    notes: list[str] = dataclasses.field(default_factory=list)
    error: str | None = None


def outputs_for(files: Sequence[Path], folder: Path) -> list[Path]:
    """Where each file goes: its name with the suffix .aas, behind its own where two would be the same.

    Raises
    ------
    ValueError
        If two files have the same name.
    """
    short = [file.name.removesuffix(file.suffix) if file.suffix in _SUFFIXES else file.name for file in files]
    counts = Counter(short)
    names = [name if counts[name] == 1 else file.name for name, file in zip(short, files, strict=True)]
    outputs = [folder / f"{name.removesuffix('.aas')}.aas" for name in names]
    for output, count in Counter(outputs).items():
        if count > 1:
            same = ", ".join(str(file) for file, other in zip(files, outputs, strict=True) if other == output)
            raise ValueError(f"expected files of distinct names, found {same}; convert them to folders of their own")
    return outputs


def convert_files(
    files: Sequence[Path],
    folder: Path,
    options: Options,
    writing: Writing | None = None,
    *,
    force: bool = False,
    as_json: bool = False,
    debug: bool = False,
    stream: TextIO | None = None,
) -> bool:
    """Convert each file, print a report, and return whether all were converted.

    Standard error tells the progress, by a bar on a terminal and by one line for each file elsewhere. A file that
    can't be converted leaves nothing in the folder, and does not stop the rest.
    """
    out: TextIO = stream or sys.stdout
    outputs = outputs_for(files, folder)
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    numbered = list(enumerate(zip(files, outputs, strict=True), start=1))
    for number, (file, output) in progress(numbered, "convert", unit="files"):
        row = Conversion(str(file), str(output))
        start = time.perf_counter()
        with error_in(row, debug):
            _convert(file, output, options, writing or Writing(), force, row)
        row.seconds = round(time.perf_counter() - start, 3)
        rows.append(row)
        result = "FAILED" if row.error else f"-> {output.name}"
        if not draws_bars():
            line = f"[{number:{len(str(len(files)))}}/{len(files)}] {file} {result}"
            print(printable(line), file=sys.stderr, flush=True)
    if as_json:
        print_json([dataclasses.asdict(row) for row in rows], out)
    else:
        _print(rows, out)
    return not any(row.error for row in rows)


def _convert(file: Path, output: Path, options: Options, writing: Writing, force: bool, row: Conversion) -> None:
    row.bytes_before = file.stat().st_size
    if output.exists():
        if output.samefile(file):
            raise ValueError(f"{output}: expected another file than the input; choose another folder with --out")
        if not force:
            raise FileExistsError(f"{output}: expected no such file, found one; overwrite it with --force")
    payload = is_payload(file)
    row.format = "aas" if payload else "pickle"
    loaded, row.notes, _ = load_any(file, options)
    row.type = type_name(loaded)
    if payload and options.verify:  # the loader of pickles compares by itself
        for difference in differences_from(loaded, load_any(file, options)[0]):
            if not difference.passed:
                raise ValueError(
                    f"{difference.path}: expected what the state gives, found a difference of {difference.delta}"
                )
    if options.verify:  # what is about to be written can be read
        serialization.loads(serialization.dumps(loaded))
    old = serialization.inspect(file) if payload else None
    ancillary = ancillary_of(
        loaded,
        ((old.meta if old else {}) | writing.meta) or None,
        writing.provenance or (old.provenance if old else {}),
    )
    save_with(loaded, output, writing.compression, ancillary)
    row.bytes_after = output.stat().st_size


def _print(rows: Sequence[Conversion], out: TextIO) -> None:
    table = [
        [
            row.file,
            row.format,
            row.type or "",
            "" if row.bytes_before is None else readable_bytes(row.bytes_before),
            "" if row.bytes_after is None else readable_bytes(row.bytes_after),
            "FAILED" if row.error else Path(row.output).name,
        ]
        for row in rows
    ]
    print_table(("file", "format", "type", "before", "after", "result"), table, left=(0, 1, 2, 5), stream=out)
    print_remarks(rows, out)
    failed = sum(1 for row in rows if row.error)
    out.write(f"{len(rows) - failed} converted, {failed} failed\n")
