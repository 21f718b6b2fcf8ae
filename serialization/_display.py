# pyright: strict
"""Tables for notebooks, and short lines: all text is escaped and cut, and nothing is loaded from elsewhere."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

_LONGEST = 200


def cut(text: object, limit: int = _LONGEST) -> str:
    """A text in one line, with dots for what goes beyond the limit."""
    line = " ".join(str(text).split())
    if len(line) <= limit:
        return line
    end = line[-1] if line[-1] in ")>" else ""
    return f"{line[: limit - 3 - len(end)].rstrip()}...{end}"


def pairs_table(title: str, rows: Iterable[tuple[str, str]]) -> str:
    """A table of names and values, with a title above."""
    return _table(title, (), rows)


def columns_table(columns: Sequence[str], rows: Sequence[Sequence[str]], most: int) -> str:
    """A table with a heading, of the first rows; a last row tells how many more there are."""
    shown = list(rows[:most])
    if len(rows) > most:
        shown.append((f"and {len(rows) - most:,} more", *[""] * (len(columns) - 1)))
    return _table("", columns, shown)


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    left = 'style="text-align:left"'
    caption = f"<caption><b>{_text(title)}</b></caption>" if title else ""
    heading = "".join(f"<th {left}>{_text(column)}</th>" for column in columns)
    head = f"<thead><tr>{heading}</tr></thead>" if heading else ""
    body = "".join("<tr>" + "".join(f"<td {left}>{_text(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{caption}{head}<tbody>{body}</tbody></table>"


def _text(text: object) -> str:
    return html.escape(cut(text), quote=True)
