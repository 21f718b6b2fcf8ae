"""What the page "From PyAutoLens" says of installations is so; its scripts are tests of tests/autolens."""

from __future__ import annotations

import re
from pathlib import Path

import autoarray
from serialization._installation.state import LOCAL, RELEASE

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "from_pyautolens.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_commands_are_there():
    (block,) = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    targets = [line.split()[1] for line in block.splitlines()]
    assert targets == ["drop-in", "drop-out"]
    assert all(re.search(rf"^{target}:", MAKEFILE, re.MULTILINE) for target in [*targets, "autolens"])


def test_the_versions_are_those_of_the_project():
    assert f"`{RELEASE}{LOCAL}{autoarray.__version__}`" in PAGE
    assert f"release {RELEASE} of autolens" in PAGE
