"""Provenance: what made a payload, only where it is asked for."""

from __future__ import annotations

import datetime
import hashlib
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from graphs import assert_same, small

import autoarray as aa
import serialization
from serialization import UnsupportedValueError
from serialization._payload import provenance

ROOT = Path(__file__).parents[3]


def told(obj=None, **arguments):
    return serialization.inspect(serialization.dumps(obj, provenance=True, **arguments)).provenance


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A git repository with one commit, as the working directory."""
    folder = tmp_path / "repository"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    (folder / "script.py").write_text("print(1)\n")
    (folder / ".gitignore").write_text("*.aas\n")
    for arguments in (
        ["init", "--quiet"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "--quiet", "--no-gpg-sign", "-m", "one"],
    ):
        try:
            subprocess.run(["git", *arguments], check=True, capture_output=True)
        except FileNotFoundError:
            pytest.skip("git is not installed")
    return folder


@pytest.fixture
def files(tmp_path):
    """FITS files of an image, its noise map and its PSF."""
    astropy = pytest.importorskip("astropy.io.fits")
    values = {"data": np.arange(225.0).reshape(15, 15), "noise_map": np.ones((15, 15)), "psf": np.ones((3, 3))}
    for name, image in values.items():
        astropy.PrimaryHDU(image).writeto(tmp_path / f"{name}.fits")
    return {f"{name}_path": tmp_path / f"{name}.fits" for name in values}


def entry_of(path):
    data = path.read_bytes()
    return {"path": str(path), "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def test_it_is_off_by_default(tmp_path):
    data = serialization.dumps(small())
    assert serialization.inspect(data).provenance == {}
    assert serialization.save(small(), tmp_path / "a.aas").read_bytes() == data == serialization.dumps(small())


def test_what_it_tells():
    before = datetime.datetime.now().astimezone().replace(microsecond=0)
    found = told(small())
    assert before <= datetime.datetime.fromisoformat(found["time"]) <= datetime.datetime.now().astimezone()
    assert found["command"] == sys.orig_argv
    assert found["python"] == f"{platform.python_implementation()} {platform.python_version()}"
    assert found["platform"] == platform.platform()
    assert found["packages"]["numpy"] == np.__version__
    assert found["packages"]["msgpack"] == importlib.metadata.version("msgpack")
    assert list(found["packages"]) == sorted(found["packages"])
    assert "inputs" not in found
    json.dumps(found)


def test_the_graph_and_its_identity_are_the_same(tmp_path):
    path = serialization.save(small(), tmp_path / "a.aas", provenance=True, meta={"lens": 1})
    assert_same(serialization.load(path), small())
    info = serialization.inspect(path)
    assert (info.meta, info.intact, info.problems) == ({"lens": 1}, True, ())
    assert list(info.provenance)[:5] == ["time", "command", "python", "platform", "packages"]
    assert serialization.identity(path) == serialization.identity(serialization.dumps(small()))


@pytest.mark.parametrize("value", [1, None, {"time": "now"}, "yes", np.bool_(True)])
def test_it_is_asked_for_by_a_bool(value, tmp_path):
    with pytest.raises(UnsupportedValueError, match="provenance: expected True or False, found"):
        serialization.dumps(1, provenance=value)
    with pytest.raises(UnsupportedValueError, match="provenance: expected True or False, found"):
        serialization.save(1, tmp_path / "a.aas", provenance=value)
    assert not (tmp_path / "a.aas").exists()


def test_the_commit_of_a_clean_and_of_a_changed_tree(repository):
    head = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    assert told()["git"] == {"commit": head, "clean": True}
    serialization.save(1, repository / "result.aas")  # which is ignored
    assert told()["git"]["clean"] is True
    (repository / "new.py").write_text("1\n")
    assert told()["git"] == {"commit": head, "clean": False}
    (repository / "new.py").unlink()
    (repository / "script.py").write_text("print(2)\n")
    assert told()["git"] == {"commit": head, "clean": False}
    (repository / "below").mkdir()
    os.chdir(repository / "below")
    assert told()["git"] == {"commit": head, "clean": False}


def test_no_repository_no_commit(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert "git" not in told()


def test_no_git_no_commit(repository, monkeypatch):
    monkeypatch.setenv("PATH", str(repository))
    assert "git" not in told()


@pytest.mark.skipif(os.name != "posix", reason="the stand-in for git is a shell script")
@pytest.mark.parametrize("script", ["exit 3", "sleep 60"])
def test_a_git_that_fails_or_takes_long_is_left_out(script, repository, monkeypatch):
    (repository / "git").write_text(f"#!/bin/sh\n{script}\n")
    (repository / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(repository) + os.pathsep + os.environ["PATH"])
    monkeypatch.setattr(provenance, "_GIT_SECONDS", 0.2)
    assert "git" not in told()


@pytest.mark.skipif(os.name != "posix", reason="the program is a shell script")
def test_no_program_that_a_repository_names_is_run(repository):
    program, trace = repository.parent / "program", repository.parent / "trace"
    program.write_text(f"#!/bin/sh\necho run >> {trace}\n")
    program.chmod(0o755)
    subprocess.run(["git", "config", "core.fsmonitor", str(program)], check=True)
    subprocess.run(["git", "status"], check=True, capture_output=True)
    assert trace.exists()  # git by itself runs it
    trace.unlink()
    assert told()["git"]["clean"] is True
    assert not trace.exists()


def test_a_command_line_that_is_no_text():
    code = "import serialization as s; print(s.inspect(s.dumps(1, provenance=True)).provenance['command'][-1])"
    command = [os.fsencode(sys.executable), b"-c", code.encode(), b"caf\xe9"]
    if os.name != "posix":
        pytest.skip("arguments are text here")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "caf?"


def test_inputs_are_the_files_that_the_dataset_was_read_from(files):
    dataset = aa.Imaging.from_fits(**files, pixel_scales=0.1)
    expected = [entry_of(path) for path in sorted(files.values())]
    assert told(dataset)["inputs"] == expected
    mask = aa.Mask2D.circular(shape_native=(15, 15), pixel_scales=0.1, radius=0.5)
    assert told([dataset.apply_mask(mask=mask)])["inputs"] == expected
    assert told(dataset.psf)["inputs"] == [entry_of(files["psf_path"])]
    assert told(aa.Array2D.from_fits(files["data_path"], pixel_scales=0.1))["inputs"] == [entry_of(files["data_path"])]


def test_a_file_that_was_changed_or_removed_since_has_no_digest(files):
    dataset = aa.Imaging.from_fits(**files, pixel_scales=0.1)
    sizes = {str(path): path.stat().st_size for path in files.values()}
    status = files["data_path"].stat()
    os.utime(files["data_path"], ns=(status.st_atime_ns, status.st_mtime_ns + 10**9))
    files["noise_map_path"].unlink()
    data, noise_map, psf = told(dataset)["inputs"]
    assert data == {"path": str(files["data_path"]), "size": sizes[data["path"]]}
    assert noise_map == {"path": str(files["noise_map_path"]), "size": sizes[noise_map["path"]]}
    assert psf == entry_of(files["psf_path"])


def test_where_numbers_came_from_is_no_state(files):
    array = aa.Array2D.from_fits(files["data_path"], pixel_scales=0.1)
    plain = serialization.dumps(array)
    loaded = serialization.loads(plain)
    assert "inputs" not in told(loaded)  # another process may have read the file, this one read a payload
    assert serialization.dumps(loaded) == plain
    assert str(files["data_path"]).encode() not in plain
