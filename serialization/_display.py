# pyright: strict
"""Tables and trees, for notebooks and as text: all text is escaped and cut, and nothing is loaded from elsewhere."""

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


def text_of(value: object) -> str:
    """The `repr` of a plain value; Python writes no integers of more than 4,300 digits, and no deeply nested tuples."""
    try:
        return repr(value)
    except ValueError:
        return f"<{type(value).__name__} of too many digits>"
    except RecursionError:
        return f"<{type(value).__name__} that is nested too deeply>"


def pairs_table(title: str, rows: Iterable[tuple[str, str]]) -> str:
    """A table of names and values, with a title above."""
    return _table(title, (), rows)


def columns_table(columns: Sequence[str], rows: Sequence[Sequence[str]], most: int) -> str:
    """A table with a heading, of the first rows; a last row tells how many more there are."""
    shown = list(rows[:most])
    if len(rows) > most:
        shown.append((f"and {len(rows) - most:,} more", *[""] * (len(columns) - 1)))
    return _table("", columns, shown)


def printable(text: str) -> str:
    """The text with escapes in the place of control characters, by which a file could steer the terminal."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def table_from(columns: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int] = (0,)) -> str:
    """A table as text: a heading, a rule and the rows, all columns to the right but those in `left`."""
    widths = widths_from(columns, rows)

    def line(row: Sequence[str]) -> str:
        cells = (
            cell.ljust(width) if index in left else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join(cells).rstrip()

    rule = "  ".join("-" * width for width in widths)
    return "\n".join([line(columns), rule, *(line(row) for row in rows)])


def widths_from(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """The width of each column of a table."""
    return [max(len(row[index]) for row in (columns, *rows)) for index in range(len(columns))]


def collapsible_tree(title: str, rows: Iterable[tuple[int, str, str]], most: int) -> str:
    """A tree for notebooks that opens and closes, of the first rows; a last line tells that there are more.

    Parameters
    ----------
    title
        What stands above.
    rows
        For each line its depth, which is at most one more than that of the line before, its name, and what is said.
    most
        The greatest number of lines.
    """
    shown, cut_off = list[tuple[int, str, str]](), False
    for row in rows:
        if cut_off := len(shown) == most:
            break
        shown.append(row)
    parts, depth = [f"<b>{_text(title)}</b>"], 0
    for number, (level, name, text) in enumerate(shown):
        parts.append("</details>" * (depth - level))
        depth = level
        line = f"<b>{_text(name)}</b> {_text(text)}"
        if number + 1 < len(shown) and shown[number + 1][0] > level:
            indent = "margin-left:1em" if level else ""
            parts.append(f'<details style="{indent}"{" open" * (level == 0)}><summary>{line}</summary>')
            depth += 1
        else:
            parts.append(f'<div style="margin-left:{1 + bool(level)}em">{line}</div>')
    parts.append("</details>" * depth)
    if cut_off:
        parts.append("<div>and more</div>")
    return "".join(parts)


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    left = 'style="text-align:left"'
    caption = f"<caption><b>{_text(title)}</b></caption>" if title else ""
    heading = "".join(f"<th {left}>{_text(column)}</th>" for column in columns)
    head = f"<thead><tr>{heading}</tr></thead>" if heading else ""
    body = "".join("<tr>" + "".join(f"<td {left}>{_text(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{caption}{head}<tbody>{body}</tbody></table>"


def _text(text: object) -> str:
    return html.escape(cut(text), quote=True)
