"""What holds for every command: one line for an error, no traceback, one JSON document, documented exit codes."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import serialization
from serialization.__main__ import CHECK_FAILED, INTERRUPTED, OK, UNUSABLE, main
from serialization._cli.parser import EXIT_CODES, parser_from

ROOT = Path(__file__).parents[3]
# What only prints a script, and has nothing to report.
NO_REPORT = {"completion"}


def commands(parser=None, words=()):
    """Every command of the command line with its parser; `cache ls` is one."""
    for action in (parser or parser_from())._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                inner = list(commands(command, (*words, name)))
                yield from inner or [(" ".join((*words, name)), command)]


COMMANDS = dict(commands())
ON_FILES = sorted({"inspect", "verify", "convert", "plot"} & COMMANDS.keys())
CACHE = sorted(name for name in COMMANDS if name.startswith("cache "))


def arguments_for(command, file, tmp_path):
    extra = {"convert": ["--out", str(tmp_path / "out")], "plot": ["--out", str(tmp_path / "out.png")]}
    return [*command.split(), str(file), *extra.get(command, [])]


@pytest.fixture
def bad(tmp_path, request):
    """A path that a command can't use."""
    path = tmp_path / "bad.aas"
    whole = serialization.dumps({"values": np.arange(1000.0)})
    if request.param == "folder":
        path.mkdir()
    elif request.param == "under a file":
        path.write_bytes(whole)
        path = path / "file.aas"
    elif request.param != "missing":
        contents = {
            "truncated": whole[:-100],
            "cut in the header": whole[:20],
            "empty": b"",
            "damaged": whole[:-20] + bytes(20),
            "text": b"something else\n" * 50,
            "pickle of something else": b"\x80\x04cos\nsystem\n(X\x04\x00\x00\x00truetR.",
        }
        path.write_bytes(contents[request.param])
    return path


BAD = ["missing", "folder", "under a file", "truncated", "cut in the header", "empty", "damaged", "text"]
BAD += ["pickle of something else"]


def code_for(command, request):
    """The exit code of a command on a bad file: those that take several files report on each, and so fail a check."""
    kind = request.node.callspec.params["bad"]
    reports = command in ("verify", "convert") or (command, kind) == ("inspect", "damaged")
    return CHECK_FAILED if reports else UNUSABLE


def test_there_are_commands():
    assert {"demo", "inspect", "convert", "verify", "cache ls", "cache prune", "completion"} <= COMMANDS.keys()


@pytest.mark.parametrize("bad", BAD, indirect=True)
@pytest.mark.parametrize("command", ON_FILES)
def test_a_file_that_can_not_be_used_is_one_line(command, bad, tmp_path, capsys, request):
    code = main(arguments_for(command, bad, tmp_path))
    captured = capsys.readouterr()
    assert code == code_for(command, request)
    assert captured.err.count("\n") <= 1
    assert "Traceback" not in captured.err + captured.out
    if code == UNUSABLE:
        assert captured.err.startswith("autoarray-state: error: ")
        assert captured.out == ""
    else:
        assert ("NOT INTACT" if command == "inspect" else f"{bad}: FAILED: ") in captured.out
    assert [path.name for path in tmp_path.rglob("out*") if not path.is_dir()] == []


@pytest.mark.parametrize("bad", BAD, indirect=True)
@pytest.mark.parametrize("command", ON_FILES)
def test_the_document_of_json_tells_of_the_error(command, bad, tmp_path, capsys, request):
    code = main([*arguments_for(command, bad, tmp_path), "--json"])
    captured = capsys.readouterr()
    assert code == code_for(command, request)
    assert captured.err.count("\n") <= 1
    document = json.loads(captured.out)
    if code == UNUSABLE:
        assert document["error"]
        assert captured.err == f"autoarray-state: error: {document['error']}\n"
    elif command == "inspect":
        assert (document["intact"], document["problems"]) == (False, ["its digest does not agree with its bytes"])
    else:
        (entry,) = document
        assert entry["file"] == str(bad)
        assert entry["error"]


@pytest.mark.parametrize("bad", ["missing", "folder", "text"], indirect=True)
@pytest.mark.parametrize("command", CACHE)
def test_a_cache_that_is_none_is_one_line(command, bad, capsys):
    arguments = [*command.split(), "--directory", str(bad)]
    assert main(arguments) == UNUSABLE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("autoarray-state: error: ")
    assert captured.err.count("\n") == 1
    assert str(bad) in captured.err
    assert main([*arguments, "--json"]) == UNUSABLE
    captured = capsys.readouterr()
    assert captured.err == f"autoarray-state: error: {json.loads(captured.out)['error']}\n"


@pytest.mark.parametrize("command", ["demo", "convert"])
def test_an_output_that_can_not_be_written_is_one_line(command, tmp_path, capsys):
    pytest.importorskip("astropy")
    (tmp_path / "file").write_text("here")
    good = serialization.save({"a": 1}, tmp_path / "good.aas")
    arguments = [command, *([str(good)] if command == "convert" else []), "--out", str(tmp_path / "file" / "below")]
    assert main(arguments) == UNUSABLE
    line = capsys.readouterr().err
    assert line == f"autoarray-state: error: {tmp_path / 'file' / 'below'}: Not a directory\n"


@pytest.mark.parametrize("position", ["before", "after"])
@pytest.mark.parametrize("command", ["inspect", "cache ls"])
def test_debug_is_heard_wherever_it_stands(command, position, tmp_path, capsys):
    words = command.split()
    last = ["--directory"] * (command == "cache ls") + [str(tmp_path / "none")]
    arguments = [words[0], "--debug", *words[1:], *last] if position == "before" else [*words, *last, "--debug"]
    assert main(arguments) == UNUSABLE
    assert capsys.readouterr().err.startswith("Traceback")


def test_debug_with_json_prints_both(tmp_path, capsys):
    assert main(["inspect", "--debug", "--json", str(tmp_path / "none")]) == UNUSABLE
    captured = capsys.readouterr()
    assert captured.err.startswith("Traceback")
    assert json.loads(captured.out) == {"error": f"{tmp_path / 'none'}: No such file or directory"}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_tells_the_exit_codes(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([*command.split(), "--help"])
    assert stopped.value.code == OK
    text = capsys.readouterr().out
    assert COMMANDS[command].epilog in text
    for code, meaning in EXIT_CODES.items():
        assert f"  {code:<4} {meaning}\n" in text + "\n"
    assert max(map(len, text.splitlines())) <= 110


@pytest.mark.parametrize("command", sorted(COMMANDS.keys() - NO_REPORT))
def test_every_command_that_reports_has_json(command):
    assert "--json" in COMMANDS[command].format_help()
    assert "--debug" in COMMANDS[command].format_help()


# A shell may have had the tests ignore Ctrl-C, and what they start with them.
INTERRUPTIBLE = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("serialization", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_control_c(options, tmp_path):
    """A real interrupt of a process that is in the middle of reading a file: a pipe that gives nothing."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "verify", str(pipe), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    writer, deadline = None, time.monotonic() + 60
    try:
        while writer is None and time.monotonic() < deadline:
            try:  # works from the moment on when the other process opens it
                writer = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:
                assert process.poll() is None, process.communicate()
                time.sleep(0.01)
        assert writer is not None
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
        if writer is not None:
            os.close(writer)
    assert process.returncode == INTERRUPTED
    assert error == "autoarray-state: interrupted\n"
    if options:
        assert json.loads(out) == {"error": "interrupted"}
    else:
        assert out == ""


@pytest.mark.parametrize("command", ON_FILES)
def test_an_interrupt_anywhere_is_one_line(command, tmp_path, monkeypatch, capsys):
    file = serialization.save({"a": 1}, tmp_path / "good.aas")

    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(serialization, "load", interrupted)
    monkeypatch.setattr(serialization, "inspect", interrupted)
    assert main(arguments_for(command, file, tmp_path)) == INTERRUPTED
    assert capsys.readouterr() == ("", "autoarray-state: interrupted\n")


def test_numbers_that_json_does_not_know(tmp_path, capsys):
    from serialization._cli.output import print_json

    print_json({"a": [float("inf"), -float("inf"), float("nan"), 1.5], "b": (None, True)}, sys.stdout)
    assert json.loads(capsys.readouterr().out) == {"a": ["inf", "-inf", "nan", 1.5], "b": [None, True]}


def test_the_module_is_the_command(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "serialization", "inspect", str(tmp_path / "none")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (UNUSABLE, "", 1)
