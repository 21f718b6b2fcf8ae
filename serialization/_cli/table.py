# pyright: strict
"""A table in a terminal: with rich where it is installed and fits, else in plain text."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO


def printable(text: str) -> str:
    """The text with escapes in the place of control characters, by which a file could steer the terminal."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def table_from(columns: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int] = (0,)) -> str:
    """A table as text: a heading, a rule and the rows, all columns to the right but those in `left`."""
    widths = _widths_from(columns, rows)

    def line(row: Sequence[str]) -> str:
        cells = (
            cell.ljust(width) if index in left else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join(cells).rstrip()

    rule = "  ".join("-" * width for width in widths)
    return "\n".join([line(columns), rule, *(line(row) for row in rows)])


def print_table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int] = (0,), stream: TextIO | None = None
) -> None:
    """Print a table; the same text in every cell, whichever way it is drawn."""
    out: TextIO = stream or sys.stdout
    rows = [[printable(cell) for cell in row] for row in rows]
    if not out.isatty() or not _print_rich(columns, rows, left, out):
        print(table_from(columns, rows, left), file=out)


def _print_rich(columns: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int], stream: TextIO) -> bool:
    """Draw the table with rich; False if it is not installed, or would have to fold the cells."""
    try:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ImportError:
        return False
    console = Console(file=stream)
    if sum(_widths_from(columns, rows)) + 3 * len(columns) + 1 > console.width:
        return False
    table = Table()
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index in left else "right", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
    return True


def _widths_from(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(len(row[index]) for row in (columns, *rows)) for index in range(len(columns))]
