"""Drop-in and drop-out on small environments: what lies there, what pip says, and that it is all or nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from importlib import metadata
from pathlib import Path

import environments
import pytest

import autoarray
from serialization._installation import build, drop, record, swap
from serialization._installation.environment import Environment, UnfitError
from serialization._installation.state import KEPT, state_of

ROOT = Path(__file__).parents[3]
VERSION = f"{environments.RELEASE}+portable.{autoarray.__version__}"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An environment that no test changes."""
    folder = tmp_path_factory.mktemp("whole") / "environment"
    environments.make(folder)
    return folder


@pytest.fixture
def folder(tmp_path, whole):
    """An environment with PyAutoLens of the test's own."""
    shutil.copytree(whole, tmp_path / "environment", symlinks=True)
    return tmp_path / "environment"


@pytest.fixture
def small(tmp_path):
    """A project of a few files, whose import takes no time."""
    return environments.small_project(tmp_path / "small", autoarray.__version__)


def pip(folder, *arguments):
    command = [sys.executable, "-m", "pip", "--python", str(Environment.of(folder).python), *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def run(folder, code):
    """What the interpreter of an environment prints."""
    command = [str(Environment.of(folder).python), "-I", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_there_and_back_leaves_every_byte_as_it_was(folder):
    before = environments.snapshot(Environment.of(folder))
    drop.drop_in(folder)
    assert environments.snapshot(Environment.of(folder)) != before
    assert "is back in its place: " in drop.drop_out(folder)
    assert environments.snapshot(Environment.of(folder)) == before


def test_the_environment_has_this_project(folder):
    said = drop.drop_in(folder)
    assert said.startswith(
        f"autoarray-portable {autoarray.__version__} is in place of PyAutoArray {environments.RELEASE}: "
    )
    packages = Environment.of(folder).packages
    code = "import autolens, autoarray, serialization; print(autoarray.__file__, autoarray.__version__)"
    assert run(folder, code) == f"{packages / 'autoarray' / '__init__.py'} {autoarray.__version__}"
    for package in ("autoarray", "serialization"):
        for path in build.files_of(package):
            assert (packages / path.relative_to(ROOT)).read_bytes() == path.read_bytes()
    if os.name != "nt":
        command = [str(Environment.of(folder).scripts / "autoarray-state"), "--version"]
        assert subprocess.run(command, capture_output=True, text=True).stdout.split()[-1] == autoarray.__version__


def test_the_metadata_is_honest_and_satisfies_the_clients(folder):
    drop.drop_in(folder)
    assert run(folder, "from importlib.metadata import version; print(version('autoarray'))") == VERSION
    found = json.loads(pip(folder, "list", "--format", "json").stdout)
    assert {row["name"]: row["version"] for row in found}["autoarray"] == VERSION
    check = pip(folder, "check")
    assert (check.returncode, check.stdout.strip()) == (0, "No broken requirements found.")
    theirs = Environment.of(folder).distributions["autoarray"]
    assert {"numpy", "scipy<=99", "numpy>=2.0", "msgpack>=1.2.1", "xxhash>=3.4.1"} <= set(theirs.requires)
    assert theirs.extras == ("jax",)


def test_the_entry_points_are_those_of_the_project(folder, tmp_path):
    small = environments.small_project(tmp_path / "small")
    with open(small / "pyproject.toml", "a") as file:
        file.write('[project.entry-points."serialization.types"]\nautolens = "serialization._lens:TYPES"\n')
    drop.drop_in(folder, small)
    code = (
        "from importlib.metadata import entry_points as all; print(all(group='serialization.types')['autolens'].value)"
    )
    assert run(folder, code) == "serialization._lens:TYPES"
    # A drop-in that is the source of another has them from its metadata.
    found = build.our_entry_points(Environment.of(folder).packages)
    assert found["serialization.types"] == {"autolens": "serialization._lens:TYPES"}
    assert found.get("console_scripts", {}) == (
        {} if os.name == "nt" else {"autoarray-state": "serialization.__main__:main"}
    )
    assert "msgpack>=1" in build.our_requirements(Environment.of(folder).packages)


def test_every_file_is_accounted_for(folder):
    drop.drop_in(folder)
    environment = Environment.of(folder)
    rows = {row.path: row.digest for row in record.rows_of(environment.distributions["autoarray"].folder)}
    for path, digest in rows.items():
        if path != f"autoarray-{VERSION}.dist-info/RECORD":
            assert record.digest_of(environment.packages / path) == digest
    on_disk = {
        path.relative_to(environment.packages).as_posix()
        for name in ("autoarray", "serialization", f"autoarray-{VERSION}.dist-info")
        for path in (environment.packages / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {path for path in rows if not path.startswith("..")} == on_disk
    assert state_of(environment).problems == ()
    (distribution,) = metadata.distributions(name="autoarray", path=[str(environment.packages)])
    assert all(file.locate().is_file() for file in distribution.files)


def test_it_writes_no_compiled_files(folder, small):
    drop.drop_in(folder, small)
    assert not list((Environment.of(folder).packages / "autoarray").rglob("*.pyc"))
    drop.drop_out(folder)
    there = [path.name for path in (Environment.of(folder).packages / "autoarray").rglob("*.pyc")]
    assert there == ["exc.cpython-39.pyc"]


def test_pip_uninstalls_all_of_it(folder, small):
    before = set(environments.snapshot(Environment.of(folder)))
    drop.drop_in(folder, small)
    run(folder, "import autoarray, serialization")  # which compiles files
    done = pip(folder, "uninstall", "--yes", "autoarray")
    assert done.returncode == 0, done.stderr
    left = set(environments.snapshot(Environment.of(folder)))
    assert left < before
    assert all("autoarray" in path for path in before - left)
    assert not (Environment.of(folder).packages / "autoarray").exists()


def test_a_second_drop_in_changes_nothing(folder, small):
    drop.drop_in(folder, small)
    before = environments.snapshot(Environment.of(folder))
    assert "in place of PyAutoArray 2026.10.26.1 already" in drop.drop_in(folder, small)
    assert environments.snapshot(Environment.of(folder)) == before


def test_a_second_drop_out_changes_nothing(folder):
    before = environments.snapshot(Environment.of(folder))
    assert "PyAutoArray 2026.10.26.1 is in its place already" in drop.drop_out(folder)
    assert environments.snapshot(Environment.of(folder)) == before


def test_another_version_of_this_project_takes_the_place_of_the_first(folder, tmp_path):
    before = environments.snapshot(Environment.of(folder))
    drop.drop_in(folder)
    newer = environments.small_project(tmp_path / "newer", "9.9.0")
    (newer / "autoarray" / "_new.py").touch()
    drop.drop_in(folder, newer)
    assert run(folder, "import autoarray; print(autoarray.__version__)") == "9.9.0"
    assert (Environment.of(folder).packages / "autoarray" / "_new.py").exists()
    assert Environment.of(folder).distributions["autoarray"].version == f"{environments.RELEASE}+portable.9.9.0"
    drop.drop_out(folder)
    assert environments.snapshot(Environment.of(folder)) == before


def test_it_can_be_done_from_the_environment_itself(folder):
    before = environments.snapshot(Environment.of(folder))
    drop.drop_in(folder)
    python = str(Environment.of(folder).python)
    for command, words in (("drop-in", "already"), ("drop-out", "is back in its place")):
        done = subprocess.run([python, "-I", "-m", "serialization", command], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert words in done.stdout
    assert environments.snapshot(Environment.of(folder)) == before


def test_serialization_that_another_distribution_brought_stays(folder, small):
    environment = Environment.of(folder)
    files = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in build.files_of("serialization")
    }
    environments.install(environment, "autoarray-serialization", "0.2.0", files)
    before = environments.snapshot(environment)
    drop.drop_in(folder, small)
    rows = record.rows_of(Environment.of(folder).distributions["autoarray"].folder)
    assert not any(row.path.startswith(("serialization/", "..")) for row in rows)
    drop.drop_out(folder)
    assert environments.snapshot(environment) == before


class Stop(BaseException):
    """As an interrupt of the keyboard comes."""


def fail_at(monkeypatch, index, action):
    """Let the move of this index fail; 0 is the first."""
    rename, calls = os.rename, []

    def failing(source, target):
        calls.append(source)
        if len(calls) == index + 1:
            action()
        rename(source, target)

    monkeypatch.setattr(os, "rename", failing)


def interrupted():
    raise Stop


MOVES = range(5)


@pytest.mark.parametrize("index", MOVES)
@pytest.mark.parametrize("way", ["in", "out"])
def test_a_failure_midway_leaves_everything_as_it_was(folder, monkeypatch, way, index, small):
    command = drop.drop_out if way == "out" else lambda path: drop.drop_in(path, small)
    if way == "out":
        drop.drop_in(folder, small)
    before = environments.snapshot(Environment.of(folder))
    with monkeypatch.context() as patch:
        fail_at(patch, index, interrupted)
        with pytest.raises(Stop):
            command(folder)
    assert environments.snapshot(Environment.of(folder)) == before
    command(folder)


@pytest.mark.parametrize("index", MOVES)
def test_a_run_that_was_killed_is_undone_by_the_next(folder, index, small):
    before = environments.snapshot(Environment.of(folder))
    code = (
        "import os, pathlib, sys\nfrom serialization._installation import drop\nrename, calls = os.rename, []\n"
        "def killed(source, target):\n    calls.append(source)\n"
        f"    if len(calls) == {index + 1}:\n        os._exit(9)\n    rename(source, target)\n"
        "os.rename = killed\ndrop.drop_in(sys.argv[1], pathlib.Path(sys.argv[2]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), str(small)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 9, done.stderr
    assert environments.snapshot(Environment.of(folder)) != before
    assert "in its place already" in drop.drop_out(folder)
    assert environments.snapshot(Environment.of(folder)) == before


def test_what_does_not_import_is_not_left_there(folder, tmp_path):
    before = environments.snapshot(Environment.of(folder))
    broken = environments.small_project(tmp_path / "broken")
    (broken / "serialization" / "__init__.py").write_text("raise RuntimeError('broken')\n")
    with pytest.raises(UnfitError, match="RuntimeError: broken"):
        drop.drop_in(folder, broken)
    assert environments.snapshot(Environment.of(folder)) == before


def test_two_at_once_are_refused(folder, small):
    packages = Environment.of(folder).packages
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        with swap.staging(packages) as staged:
            journal = json.loads((staged / "journal.json").read_text())
            (staged / "journal.json").write_text(json.dumps(journal | {"pid": other.pid}))
            with pytest.raises(swap.BusyError, match=f"process {other.pid} on "):
                drop.drop_in(folder, small)
    finally:
        other.communicate(b"\n")


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_without_the_kept_files_pip_fetches_the_release(folder, monkeypatch, damage, small):
    drop.drop_in(folder, small)
    kept = Environment.of(folder).distributions["autoarray"].folder / KEPT
    if damage == "gone":
        kept.unlink()
    else:
        kept.write_bytes(kept.read_bytes()[:-8] + bytes(8))
    asked = []
    monkeypatch.setattr(Environment, "pip", lambda self, *arguments: asked.append(arguments))
    assert "fetched by pip" in drop.drop_out(folder)
    assert asked == [("install", "--force-reinstall", "--no-deps", "autoarray==2026.10.26.1")]


def test_an_archive_of_anything_else_is_refused(tmp_path):
    for name, kind in (("../autoarray/x", b"0"), ("numpy/x", b"0"), ("autoarray/link", b"2"), ("/autoarray/x", b"0")):
        with tarfile.open(tmp_path / "archive.tar.gz", "w:gz") as archive:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd" if kind == b"2" else ""
            archive.addfile(member)
        with pytest.raises(UnfitError, match="expected files of PyAutoArray, found"):
            build.unpack(tmp_path / "archive.tar.gz", tmp_path / f"out {name.replace('/', ' ')}")


class Pip:
    """Installs msgpack as an empty distribution, and takes it away."""

    def __init__(self, monkeypatch):
        self.asked = []
        monkeypatch.setattr(Environment, "pip", lambda environment, *arguments: self.run(environment, *arguments))

    def run(self, environment, *arguments):
        self.asked.append(arguments)
        if arguments[0] == "install":
            environments.install(environment, "msgpack", "1.2.4", {})
        else:
            shutil.rmtree(environment.packages / "msgpack-1.2.4.dist-info")


@pytest.fixture
def without_msgpack(folder):
    shutil.rmtree(Environment.of(folder).packages / "msgpack-1.2.4.dist-info")
    return folder


def test_what_is_missing_is_brought_and_taken_away_again(without_msgpack, monkeypatch, small):
    used, before = Pip(monkeypatch), environments.snapshot(Environment.of(without_msgpack))
    drop.drop_in(without_msgpack, small)
    drop.drop_in(without_msgpack, small)
    assert used.asked == [("install", "--no-deps", "msgpack>=1")]
    drop.drop_out(without_msgpack)
    assert used.asked[1:] == [("uninstall", "--yes", "msgpack")]
    assert environments.snapshot(Environment.of(without_msgpack)) == before


def test_what_was_brought_goes_if_the_rest_fails(without_msgpack, monkeypatch, small):
    used, before = Pip(monkeypatch), environments.snapshot(Environment.of(without_msgpack))
    fail_at(monkeypatch, 2, interrupted)
    with pytest.raises(Stop):
        drop.drop_in(without_msgpack, small)
    assert used.asked[1:] == [("uninstall", "--yes", "msgpack")]
    assert environments.snapshot(Environment.of(without_msgpack)) == before


def test_what_others_require_by_now_stays_and_their_limits_hold(without_msgpack, monkeypatch, small):
    used = Pip(monkeypatch)
    environments.install(Environment.of(without_msgpack), "dask", "1.0", {}, ["msgpack<2 ; python_version > '3'"])
    drop.drop_in(without_msgpack, small)
    assert used.asked == [("install", "--no-deps", "msgpack>=1", "msgpack<2 ; python_version > '3'")]
    drop.drop_out(without_msgpack)
    assert len(used.asked) == 1
