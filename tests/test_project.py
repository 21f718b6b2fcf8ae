"""The files around the code agree with each other."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import autoarray

ROOT = Path(__file__).parents[1]


def test_the_changelog_begins_with_this_release():
    headings = re.findall(r"^## \[(.+?)\](?: - (\S+))?$", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    released = [heading for heading in headings if heading[0] != "Unreleased"]

    assert released[0][0] == autoarray.__version__
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", date) for _, date in released)


def test_the_distribution_takes_its_version_from_the_package():
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert metadata["project"]["dynamic"] == ["version"]
    assert metadata["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "autoarray.__version__"}


@pytest.mark.parametrize("package", ["autoarray", "serialization"])
def test_both_packages_are_typed(package):
    assert (ROOT / package / "py.typed").is_file()


def test_continuous_integration_tests_and_builds_the_documentation():
    script = ROOT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text()
    assert re.findall("^make (.*)$", script.read_text(), flags=re.MULTILINE) == ["test", "docs"]


def test_make_test_ends_with_the_tests():
    result = subprocess.run(
        ["make", "--dry-run", "test"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    programs = [
        line.removeprefix(".venv/bin/").split()[:3]
        for line in result.stdout.splitlines()
        if line.startswith(".venv/bin/")
    ]
    programs = [words[0] if words[0] != "python" else words[2] for words in programs]

    assert programs[-4:] == ["ruff", "ruff", "pyright", "pytest"]


def test_make_lists_every_command():
    text = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", text, flags=re.MULTILINE)[1].split()
    result = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    listed = re.findall(r"^make ([a-z-]+)", result.stdout, flags=re.MULTILINE)

    assert set(phony) - set(listed) == {"install", "install-dev"}
    assert set(listed) <= set(phony)
