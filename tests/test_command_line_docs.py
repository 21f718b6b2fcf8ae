"""Every command of the page on the command line runs as written, and reports the fields that the page lists."""

from __future__ import annotations

import argparse
import importlib.util
import json
import lzma
import re
import shlex
from pathlib import Path

import environments
import pytest

import serialization
from serialization.__main__ import OK, main
from serialization._cli.parser import EXIT_CODES, parser_from

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "command_line.md").read_text(encoding="utf-8")
ROWS = re.compile(r"^\| `(\w+)` \| (.+) \|$", re.MULTILINE)
BLOCKS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECTIONS = {
    title.strip(): text
    for title, _, text in (part.partition("\n") for part in re.split(r"^##+ ", PAGE, flags=re.MULTILINE)[1:])
}
LINES = [line for block in BLOCKS.findall(PAGE) for line in block.splitlines()]


def commands(parser=None, words=()):
    for action in (parser or parser_from())._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield from list(commands(command, (*words, name))) or [" ".join((*words, name))]


def tables_by_command():
    """For each line with `--json` the table of fields that follows it."""
    for text in SECTIONS.values():
        parts = re.split(r"^```sh\n", text, flags=re.MULTILINE)[1:]
        for part in parts:
            block, _, rest = part.partition("```")
            for line in block.splitlines():
                if "--json" in line:
                    yield line, dict(ROWS.findall(rest))


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """What each line printed and returned, run in the order of the page in one folder; the fits are NumPy's alone."""
    for module in ("astropy", "matplotlib", "shtab"):
        pytest.importorskip(module)
    folder = tmp_path_factory.mktemp("page")
    (folder / "old").mkdir()
    environments.make(folder / "environment")
    archive = ROOT / "tests" / "data" / "archives" / "2026.8.22.1" / "numpy"
    packed = (archive / "chain_bilinear_adapt_density.pickle.xz").read_bytes()
    (folder / "old" / "chain.pickle").write_bytes(lzma.decompress(packed))
    find_spec, results = importlib.util.find_spec, {}

    def without_jax(name, *rest):
        return None if name == "jax" else find_spec(name, *rest)

    with pytest.MonkeyPatch.context() as patch:
        # Compiling the fit for JAX takes longer than all the rest, and the tests of the demonstration do it.
        patch.setattr(importlib.util, "find_spec", without_jax)
        patch.chdir(folder)
        cache = serialization.Cache("cache")
        cache.put(cache.key("one"), [1.0, 2.0])
        for line in LINES:
            with open(folder / "stdout", "w", encoding="utf-8") as out, patch.context() as inner:
                inner.setattr("sys.stdout", out)
                code = main(shlex.split(line)[1:])
            results[line] = code, (folder / "stdout").read_text(encoding="utf-8")
    return results


def test_every_command_has_an_example_and_a_row():
    words = [shlex.split(line) for line in LINES]
    assert {line[0] for line in words} == {"autoarray-state"}
    found = {" ".join(line[1 : 3 if line[1] == "cache" else 2]) for line in words}
    assert found == set(commands())
    overview = set(re.findall(r"^\| \[`([\w-]+)`\]\(#\1\) \|", PAGE, re.MULTILINE))
    assert overview == {name.split()[0] for name in commands()}


@pytest.mark.parametrize("line", LINES)
def test_the_line_runs(line, ran):
    code, printed = ran[line]
    assert code == OK
    assert printed.strip()


@pytest.mark.parametrize(("line", "fields"), list(tables_by_command()), ids=lambda value: str(value)[:50])
def test_the_document_has_the_fields_of_the_table(line, fields, ran):
    document = json.loads(ran[line][1])
    entries = document if isinstance(document, list) else [document]
    assert entries
    for entry in entries:
        assert list(entry) == list(fields)
    inner = {name: re.findall(r"`(\w+)`", text) for name, text in fields.items()}
    for name in {"types", "arrays"} & fields.keys():
        rows = [row for entry in entries for row in entry[name]]
        assert rows
        for row in rows:
            assert set(inner[name]) == row.keys()


def test_every_command_with_a_report_has_a_table():
    reporting = {" ".join(shlex.split(line)[1:3]) for line, _ in tables_by_command()}
    assert {name.split()[0] for name in reporting} == {name.split()[0] for name in commands()} - {"completion"}
    assert {name for name in reporting if name.startswith("cache")} == {c for c in commands() if c.startswith("cache")}
    assert all(fields for _, fields in tables_by_command())


def test_the_exit_codes_are_those_of_the_help():
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", SECTIONS["Exit codes"], re.MULTILINE)
    assert {int(code): meaning for code, meaning in rows} == EXIT_CODES
