"""PyAutoLens imports as it is, and what it has of `autoarray` is this project's."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata

CODE = """
import sys
import {name} as package, autoarray
from importlib.metadata import version
assert package.__version__ == version({name!r})
assert hasattr(autoarray, "_mixed")
print(*sorted(name for name in sys.modules if name == "serialization"))
"""


def fresh(code):
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_each_client_imports_first_in_its_process():
    for name in ("autolens", "autogalaxy"):
        assert fresh(CODE.format(name=name)) == ""


def test_its_classes_are_ours():
    import autolens as al

    import autoarray as aa

    for name in ("Array2D", "Grid2D", "Mask2D", "Imaging", "Pixelization", "Convolver", "Settings"):
        assert getattr(al, name) is getattr(aa, name)
    assert issubclass(al.FitImaging, aa.FitImaging)


def test_the_versions_are_those_that_it_was_tested_with(lens):
    for name in ("autolens", "autogalaxy", "autofit", "autonerves"):
        assert metadata.version(name) == "2026.10.26.1"
