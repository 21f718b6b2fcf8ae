"""Tables in a terminal."""

import io
import sys

import pytest

from serialization._cli.table import print_table
from serialization._display import table_from

COLUMNS = ("name", "size", "note")
ROWS = [["a", "1", "[bold]x"], ["long name", "1,000", "y"]]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_columns_line_up():
    assert table_from(COLUMNS, ROWS, left=(0, 2)) == (
        "name        size  note\n---------  -----  -------\na              1  [bold]x\nlong name  1,000  y"
    )


def test_no_rows():
    assert table_from(COLUMNS, []) == "name  size  note\n----  ----  ----"


def test_a_file_gets_plain_text():
    stream = io.StringIO()
    print_table(COLUMNS, ROWS, left=(0, 2), stream=stream)

    assert stream.getvalue() == table_from(COLUMNS, ROWS, left=(0, 2)) + "\n"


def test_a_wide_terminal_gets_a_drawn_table_with_the_same_cells(monkeypatch):
    pytest.importorskip("rich")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    print_table(COLUMNS, ROWS, stream=stream)

    assert "│" in stream.getvalue()
    assert all(cell in stream.getvalue() for row in ROWS for cell in row)


def test_a_narrow_terminal_gets_plain_text(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    stream = Terminal()
    print_table(COLUMNS, ROWS, stream=stream)

    assert stream.getvalue() == table_from(COLUMNS, ROWS) + "\n"


def test_without_rich_a_terminal_gets_plain_text(monkeypatch):
    monkeypatch.setitem(sys.modules, "rich.console", None)
    stream = Terminal()
    print_table(COLUMNS, ROWS, stream=stream)

    assert stream.getvalue() == table_from(COLUMNS, ROWS) + "\n"
