"""What a file says of itself can't steer the terminal on which a command prints it."""

from __future__ import annotations

import sys

import pytest
from payloads import payload, ref
from pickles import Call, Name, assemble

from serialization.__main__ import OK, main
from serialization._cli.table import print_table
from serialization._display import printable

TITLE = "\x1b]0;title\x07"
RED = "\x1b[31m"
BACKWARDS = "\u202e"
# A name of each kind that a payload or a pickle may hold, and what is shown of it.
FILES = {
    "writer": (payload(writer=[RED, "1" + TITLE]), r"\x1b[31m 1\x1b]0;title\x07"),
    "root": (payload(root=BACKWARDS), r"\u202e"),
    "type": (payload(ref(0), [[1]], objects=[0], types=[["a." + RED, 1, ["b"], []]]), r"a.\x1b[31m"),
    "field": (payload(ref(0), [[1]], objects=[0], types=[["tests.Part", 1, ["value", TITLE], []]]), "tests.Part"),
    "entry": (payload(add={RED: 1}), r"\x1b[31m"),
    "argument": (assemble(Call(Name("os", "system"), (RED,))), r"\x1b[31m"),
    "key": (assemble({TITLE: [Call(Name("os", "system"), ())]}), "os.system"),
}


@pytest.mark.parametrize("json", [[], ["--json"]], ids=["table", "json"])
@pytest.mark.parametrize("command", ["inspect", "verify", "convert"])
@pytest.mark.parametrize("name", FILES)
def test_nothing_but_text_is_printed(name, command, json, tmp_path, capsys):
    file = tmp_path / f"file{RED}"
    file.write_bytes(FILES[name][0])
    main([command, str(file), *json, *(["--out", str(tmp_path / "out")] if command == "convert" else [])])
    captured = capsys.readouterr()
    assert all(line.isprintable() for line in (captured.out + captured.err).split("\n"))
    if command == "inspect" and not json:
        assert FILES[name][1] in captured.out + captured.err


def test_a_table_that_is_drawn_is_text_too(monkeypatch, capsys):
    pytest.importorskip("rich")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    print_table(("name",), [[TITLE + BACKWARDS]])
    assert r"\x1b]0;title\x07\u202e" in capsys.readouterr().out


def test_letters_stay():
    assert printable("Ærø, 10⁻⁸ µm") == "Ærø, 10⁻⁸ µm"
    assert printable("a\tb\nc\x00") == r"a\tb\nc\x00"


def test_an_ordinary_payload_is_shown(tmp_path, capsys):
    file = tmp_path / "file.aas"
    file.write_bytes(payload(ref(0), [["text"]], objects=[-1]))
    assert main(["inspect", str(file)]) == OK
    assert "some-writer 9.9" in capsys.readouterr().out
