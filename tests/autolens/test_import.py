"""PyAutoLens imports as it is, and what it has of `autoarray` is this project's."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata

import pytest

from serialization._installation.build import digest_of
from serialization._installation.environment import Environment
from serialization._installation.state import DROP_IN, note_of, state_of

CODE = """
import sys
import {name} as package, autoarray
from importlib.metadata import version
assert package.__version__ == version({name!r})
assert hasattr(autoarray, "_mixed")
print(*sorted(name for name in sys.modules if name == "serialization"))
"""


def fresh(code):
    # Isolated, so that the package is the installed one and not that of the folder.
    done = subprocess.run([sys.executable, "-I", "-W", "ignore", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_each_client_imports_first_in_its_process():
    for name in ("autolens", "autogalaxy"):
        assert fresh(CODE.format(name=name)) == ""


def test_what_is_installed_is_this_project_as_it_is():
    environment = Environment.of(sys.executable)
    if state_of(environment).kind != DROP_IN:
        pytest.skip("this project is not in place of PyAutoArray here: `make drop-in` puts it there")
    assert note_of(environment)["digest"] == digest_of(("autoarray", "serialization"))


def test_its_classes_are_ours():
    import autolens as al

    import autoarray as aa

    for name in ("Array2D", "Grid2D", "Mask2D", "Imaging", "Pixelization", "Convolver", "Settings"):
        assert getattr(al, name) is getattr(aa, name)
    assert issubclass(al.FitImaging, aa.FitImaging)


def test_the_versions_are_those_that_it_was_tested_with(lens):
    for name in ("autolens", "autogalaxy", "autofit", "autonerves"):
        assert metadata.version(name) == "2026.10.26.1"
