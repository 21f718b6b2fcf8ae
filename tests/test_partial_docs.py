"""What docs/partial.md shows runs as it stands, but for what needs a network, and its table names what there is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from catalog_cases import fit

import serialization
from serialization import PayloadHandle
from serialization.__main__ import OK, main

PAGE = (Path(__file__).parents[1] / "docs" / "partial.md").read_text(encoding="utf-8")
SCRIPTS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LINES = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
    if "https://" not in line
]


@pytest.fixture
def in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    whole = fit()
    serialization.save(whole, "fit.aas")
    return whole


def test_the_script_runs(in_a_folder, capsys):
    found = {}
    exec(compile(SCRIPTS[0], "partial.md", "exec"), found)
    assert found["evidence"] == in_a_folder.log_evidence
    assert len(found["source"]) == found["mapper"].pixels
    assert "autoarray.FitImaging" in capsys.readouterr().out


def test_the_other_script_opens_urls():
    assert len(SCRIPTS) == 2
    compile(SCRIPTS[1], "partial.md", "exec")
    assert all(line.startswith("serialization.open(") for line in SCRIPTS[1].splitlines())


@pytest.mark.parametrize("line", LINES)
def test_a_command_runs(line, in_a_folder, capsys):
    assert len(LINES) == 3
    assert main(shlex.split(line)[1:]) == OK
    assert capsys.readouterr().out


def test_the_table_names_what_a_handle_has():
    names = set(re.findall(r"`handle\.(\w+)", PAGE))
    assert names == {"load", "arrays", "tree", "info", "meta", "provenance"}
    assert names <= set(dir(PayloadHandle))
