"""What the commands of `autoarray-state` print: JSON, aligned fields, and what is said of each file."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Generator, Iterable
from typing import Protocol, TextIO

from serialization._display import printable


class FileReport(Protocol):
    """What a command says of one file: what its loader warned of, and why it failed, if it did."""

    file: str
    notes: list[str]
    error: str | None


@contextlib.contextmanager
def error_in(report: FileReport, debug: bool) -> Generator[None, None, None]:
    """Put an error into the report of a file, so that it does not stop the rest; `debug` lets it through."""
    try:
        yield
    except Exception as error:
        if debug:
            raise
        report.error = message_of(error)


def print_remarks(reports: Iterable[FileReport], stream: TextIO) -> None:
    """Print the notes and the error of each file."""
    for report in reports:
        for note in report.notes:
            stream.write(printable(f"{report.file}: note: {note}") + "\n")
        if report.error:
            stream.write(printable(f"{report.file}: FAILED: {report.error}") + "\n")


def print_fields(fields: Iterable[tuple[str, str]], stream: TextIO) -> None:
    """Print names and values in two columns."""
    for name, value in fields:
        stream.write(f"{name:<12}  {printable(value)}\n")


def print_json(document: object, stream: TextIO) -> None:
    """Print one document; a number that JSON has no word for is the string "nan", "inf" or "-inf"."""
    stream.write(json.dumps(_plain(document), indent=2, allow_nan=False) + "\n")


def message_of(error: Exception) -> str:
    """An error in one line."""
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return one_line(f"{error.filename}: {error.strerror}")
    return one_line(str(error)) or type(error).__name__


def one_line(text: str) -> str:
    """The words of a text in one line that a terminal shows as they are."""
    return printable(" ".join(text.split()))


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
