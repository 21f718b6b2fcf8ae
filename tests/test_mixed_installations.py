"""`autoarray` is refused where two distributions wrote into its folder, in whatever order, and works where one did."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autoarray import _mixed

ROOT = Path(__file__).parents[1]
OURS, THEIRS = "autoarray_portable-0.2.0.dist-info", "autoarray-2026.10.26.1.dist-info"
DROPPED = "autoarray-2026.10.26.1+portable.0.2.0.dist-info"
# What PyAutoArray's `__init__.py` begins with, as far as this project is concerned: modules of the package.
THEIR_FILES = {
    "__init__.py": "from . import exc\nfrom . import type\nname = 'PyAutoArray'\n",
    "exc.py": "class GridException(Exception):\n    pass\n",
    "type.py": "",
    "util/__init__.py": "",
    "config/general.yaml": "",
}


class Folder:
    """A folder on the path, into which distributions are installed as pip does: their files overwrite others."""

    def __init__(self, path):
        self.path = path
        self.records = {}

    def install(self, name):
        if name == THEIRS:
            files = {f"autoarray/{file}": text for file, text in THEIR_FILES.items()}
        else:
            files = {}
            for package in ("autoarray", "serialization"):
                for file in (ROOT / package).rglob("*.py"):
                    files[file.relative_to(ROOT).as_posix()] = file.read_text(encoding="utf-8")
            if name == DROPPED:
                files["autoarray/_drop_in.json"] = "{}"
        files[f"{name}/METADATA"] = ""
        for file, text in files.items():
            (self.path / file).parent.mkdir(parents=True, exist_ok=True)
            (self.path / file).write_text(text, encoding="utf-8")
        self.records[name] = list(files)

    def uninstall(self, name):
        for file in self.records.pop(name):
            (self.path / file).unlink(missing_ok=True)
        shutil.rmtree(self.path / name)

    def run(self, code):
        """What a fresh interpreter prints that finds the folder, and not the checkout; its error, if it fails."""
        paths = f"[{str(self.path)!r}] + [path for path in sys.path if path not in ('', {str(ROOT)!r})]"
        code = f"import sys; sys.path[:] = {paths}\n{code}"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        return done.stdout if done.returncode == 0 else done.stderr.splitlines()[-1]


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.mark.parametrize("order", [(OURS, THEIRS), (THEIRS, OURS)], ids=["theirs over ours", "ours over theirs"])
@pytest.mark.parametrize(
    "statement", ["import autoarray", "import serialization", "import autoarray.structures.header"]
)
def test_a_mixture_is_refused(folder, order, statement):
    for name in order:
        folder.install(name)
    error = folder.run(statement)
    assert error.startswith("ImportError: ")
    assert f"{folder.path / 'autoarray'} holds files of two distributions" in error
    assert "autoarray 2026.10.26.1, which is PyAutoArray, and autoarray-portable 0.2.0" in error
    assert (
        "uninstall --yes autoarray-portable && python -m pip install --force-reinstall --no-deps autoarray==2026.1"
        in error
    )
    assert (
        "uninstall --yes autoarray && python -m pip install --force-reinstall --no-deps autoarray-portable==0.2.0"
        in error
    )


@pytest.mark.parametrize(("kept", "gone"), [(OURS, THEIRS), (THEIRS, OURS)])
def test_what_the_message_says_mends_it(folder, kept, gone):
    """pip's `--force-reinstall` uninstalls a distribution before it installs it."""
    folder.install(THEIRS)
    folder.install(OURS)
    folder.uninstall(gone)
    folder.uninstall(kept)
    folder.install(kept)
    code = "import autoarray; print(autoarray.exc.GridException.__name__, getattr(autoarray, 'name', 'ours'))"
    assert folder.run(code).split() == ["GridException", "PyAutoArray" if kept == THEIRS else "ours"]


def test_what_is_left_when_theirs_was_uninstalled_is_refused(folder):
    """Without an `__init__.py` the folder is a namespace, which Python imports; its first module refuses."""
    folder.install(OURS)
    folder.install(THEIRS)
    folder.uninstall(THEIRS)
    for statement in ("import serialization", "from autoarray import exc", "import autoarray.abstract_ndarray"):
        error = folder.run(statement)
        assert "has no __init__.py: it holds what is left of autoarray-portable 0.2.0" in error
        assert "--force-reinstall --no-deps autoarray-portable==0.2.0" in error


@pytest.mark.parametrize("order", [(OURS, DROPPED), (DROPPED, OURS)])
def test_the_distribution_over_a_drop_in_is_refused(folder, order):
    for name in order:
        folder.install(name)
    error = folder.run("import autoarray")
    assert "belongs to two distributions: autoarray 2026.10.26.1+portable.0.2.0" in error
    assert "and autoarray-portable 0.2.0." in error
    assert "python -m pip install autoarray==2026.10.26.1, then run" in error


def test_an_upgrade_of_a_drop_in_leaves_no_mixture(folder):
    """A drop-in is the distribution `autoarray`, so that pip takes it away before it installs PyAutoArray."""
    folder.install(DROPPED)
    folder.uninstall(DROPPED)
    folder.install(THEIRS)
    assert folder.run("import autoarray; print(autoarray.name)") == "PyAutoArray\n"


@pytest.mark.parametrize("name", [OURS, DROPPED])
def test_one_distribution_is_let_through(folder, name):
    folder.install(name)
    code = "import autoarray, serialization; print(autoarray.__file__)"
    assert folder.run(code) == f"{folder.path / 'autoarray' / '__init__.py'}\n"


def test_pyautoarray_alone_is_let_through_by_serialization(folder):
    folder.install(THEIRS)
    shutil.copytree(ROOT / "serialization", folder.path / "serialization")
    assert folder.run("import serialization, autoarray; print(autoarray.name)") == "PyAutoArray\n"


def test_versions_that_nothing_tells_are_said_to_be_unknown(tmp_path):
    (tmp_path / "autoarray").mkdir()
    (tmp_path / "autoarray" / "exc.py").touch()
    with pytest.raises(ImportError, match=re.escape("autoarray-portable (of an unknown version)")) as caught:
        _mixed.refuse_a_mixture(str(tmp_path / "autoarray"))
    assert caught.value.args[0].count("--no-deps autoarray-portable.") == 1


def test_it_costs_less_than_a_millisecond(folder):
    """In the dearest case that is well: a drop-in, among as many distributions as an environment has."""
    folder.install(DROPPED)
    for index in range(600):
        (folder.path / f"package_{index}-1.0.dist-info").mkdir()
    times = []
    for _ in range(20):
        start = time.perf_counter()
        _mixed.refuse_a_mixture(str(folder.path / "autoarray"))
        times.append(time.perf_counter() - start)
    assert min(times) < 1e-3
