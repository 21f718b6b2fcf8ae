# pyright: strict
"""A table in a terminal: with rich where it is installed and fits, else in plain text."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

from serialization._display import printable, table_from, widths_from


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
    if sum(widths_from(columns, rows)) + 3 * len(columns) + 1 > console.width:
        return False
    table = Table()
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index in left else "right", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
    return True
