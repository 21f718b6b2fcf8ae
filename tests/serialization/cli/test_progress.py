"""Progress bars: on a terminal with rich, and nowhere else."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import serialization
from serialization._cli.progress import draws_bars, progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_items_come_through_wherever_they_are_drawn():
    for stream in (io.StringIO(), Terminal()):
        assert list(progress([1, 2, 3], "work", stream=stream)) == [1, 2, 3]
        assert list(progress(iter("ab"), "work", stream=stream)) == ["a", "b"]
        assert list(progress([], "work", stream=stream)) == []


def test_a_terminal_gets_a_bar():
    pytest.importorskip("rich")
    stream = Terminal()
    assert list(progress(["a", "b"], "verify [x]", unit="files", stream=stream)) == ["a", "b"]
    text = stream.getvalue()
    assert "verify [x]" in text
    assert "2/2" in text
    assert "files" in text


def test_nothing_else_gets_anything(monkeypatch):
    for stream in (io.StringIO(), Terminal()):
        if stream.isatty():
            monkeypatch.setenv("TERM", "dumb")
        assert list(progress([1, 2], "work", stream=stream)) == [1, 2]
        assert stream.getvalue() == ""


def test_without_rich_there_is_no_bar(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    stream = Terminal()
    assert not draws_bars(stream)
    assert list(progress([1, 2], "work", stream=stream)) == [1, 2]
    assert stream.getvalue() == ""


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_the_bar_goes_when_the_work_fails(error):
    pytest.importorskip("rich")
    stream = Terminal()

    def work():
        for item in progress([1, 2, 3], "work", stream=stream):
            if item == 2:
                raise error

    with pytest.raises(error):
        work()
    # The cursor is back.
    assert "1/3" in stream.getvalue()
    assert stream.getvalue().rpartition("\x1b[?25")[2].startswith("h")


@pytest.mark.parametrize("command", ["verify", "convert"])
def test_a_real_terminal_sees_the_bar_and_the_output_stays_one_document(command, tmp_path):
    pytest.importorskip("rich")
    pty = pytest.importorskip("pty")
    files = [serialization.save({"a": number}, tmp_path / f"{number}.aas") for number in range(3)]
    ours, theirs = pty.openpty()
    extra = ["--out", str(tmp_path / "out")] if command == "convert" else []
    done = subprocess.run(
        [sys.executable, "-m", "serialization", command, "--json", *map(str, files), *extra],
        stdout=subprocess.PIPE,
        stderr=theirs,
        cwd=Path(__file__).parents[3],
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100"},
        timeout=60,
    )
    os.close(theirs)
    drawn = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert [row["error"] for row in json.loads(done.stdout)] == [None] * 3
    assert command in drawn
    assert "3/3" in drawn
    assert "->" not in drawn
