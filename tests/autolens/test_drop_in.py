"""Drop-out and drop-in on a copy of the real environment: PyAutoArray is back and works, and so is this project."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from serialization._installation import drop
from serialization._installation.environment import Environment
from serialization._installation.state import state_of


@pytest.fixture
def copy(tmp_path):
    """An environment like this one: its own `autoarray` and clients, and links to the other packages."""
    here = Environment.of(sys.executable)
    if state_of(here).kind not in ("drop-in", "PyAutoArray"):
        pytest.skip("PyAutoLens is here, and neither PyAutoArray nor a drop-in: `make autolens` makes an environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "copy")], check=True)
    there = Environment.of(tmp_path / "copy")
    for path in here.packages.iterdir():
        name = path.name
        if name.startswith(("auto", "serialization")):
            shutil.copytree(path, there.packages / name, symlinks=True)
        elif name != "__pycache__" and not name.startswith("."):
            (there.packages / name).symlink_to(path)
    script = here.scripts / "autoarray-state"
    if script.exists():
        shutil.copy2(script, there.scripts)
    return tmp_path / "copy"


def run(folder, code):
    python = str(Environment.of(folder).python)
    done = subprocess.run([python, "-I", "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_out_and_in_again(copy):
    code = "import autolens as al, autoarray; print(hasattr(autoarray, '_mixed'), al.Tracer.__name__)"
    drop.drop_out(copy)
    assert run(copy, code) == ["False", "Tracer"]
    theirs = "import autoarray as aa; print(aa.Array2D.ones(shape_native=(2, 2), pixel_scales=1.0).native.shape)"
    assert run(copy, theirs) == ["(2,", "2)"]
    drop.drop_in(copy)
    assert run(copy, code) == ["True", "Tracer"]
    environment = Environment.of(copy)
    assert state_of(environment).problems == ()
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(environment.python), "check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
