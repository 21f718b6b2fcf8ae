"""What killed writers leave is removed by the next `save` in the folder, and what living ones write never is."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import serialization
from serialization import _files

pytestmark = pytest.mark.skipif(os.name != "posix", reason="tested on POSIX systems")
ROOT = Path(__file__).parents[3]


def python(code, *arguments, **options):
    """A process that runs `code` with this package."""
    command = [sys.executable, "-c", f"import os, signal, sys, serialization\n{code}", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, text=True, **options)


def kill_a_writer_in(folder, call="fsync"):
    """Leave what a process leaves that is killed by the system as it saves."""
    code = f"os.{call} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\nserialization.save([1], sys.argv[1])"
    assert python(code, folder / "killed.aas").wait() == -signal.SIGKILL


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_the_next_save_removes_what_they_left(tmp_path, call):
    for _ in range(2):
        kill_a_writer_in(tmp_path, call)
    serialization.save([1], tmp_path / "other.aas")
    assert os.listdir(tmp_path) == ["other.aas"]


def test_also_where_a_link_leads(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link.aas").symlink_to("real/file.aas")
    kill_a_writer_in(tmp_path / "real")
    serialization.save([1], tmp_path / "link.aas")
    assert os.listdir(tmp_path / "real") == ["file.aas"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs a second user")
def test_also_one_that_nobody_may_write_to(tmp_path):
    """Root may open any file, so that another user saves here."""
    path = serialization.save([1], tmp_path / "killed.aas")
    path.chmod(0o444)
    kill_a_writer_in(tmp_path)
    (temporary,) = set(os.listdir(tmp_path)) - {"killed.aas"}
    assert (tmp_path / temporary).stat().st_mode & 0o777 == 0o444
    tmp_path.chmod(0o777)
    for name in ("killed.aas", temporary):
        os.chown(tmp_path / name, 12_345, 12_345)
    code = (
        "from serialization._files import replacing\n"
        "os.chdir(sys.argv[1])\n"
        "os.setresuid(12_345, 12_345, 12_345)\n"
        "with replacing('other') as file:\n"
        "    file.write(b'other')"
    )
    assert python(code, tmp_path).wait() == 0
    assert sorted(os.listdir(tmp_path)) == ["killed.aas", "other"]


def test_never_that_of_a_living_one(tmp_path):
    code = (
        "real = os.fsync\n"
        "def fsync(file):\n"
        "    os.fsync = real\n"
        "    print(flush=True)\n"
        "    input()\n"
        "    real(file)\n"
        "os.fsync = fsync\n"
        "serialization.save(['slow'], sys.argv[1])"
    )
    slow = python(code, tmp_path / "slow.aas", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    slow.stdout.readline()
    kill_a_writer_in(tmp_path)
    serialization.save([1], tmp_path / "file.aas")
    (temporary,) = set(os.listdir(tmp_path)) - {"file.aas"}
    # However old it is: a process may be stopped for long.
    os.utime(tmp_path / temporary, (0.0, 0.0))
    time.sleep(0.05)
    serialization.save([2], tmp_path / "file.aas")
    assert temporary in os.listdir(tmp_path)
    slow.communicate("\n")
    assert slow.returncode == 0
    assert serialization.load(tmp_path / "slow.aas") == ["slow"]
    assert sorted(os.listdir(tmp_path)) == ["file.aas", "slow.aas"]


def test_nor_that_of_another_thread(tmp_path):
    with _files.replacing(tmp_path / "slow") as file:
        serialization.save([1], tmp_path / "file.aas")
        assert len(os.listdir(tmp_path)) == 2
        file.write(b"slow")
    assert (tmp_path / "slow").read_bytes() == b"slow"


def test_of_another_machine_only_after_a_day(tmp_path):
    """Some file systems that machines share don't tell one of the locks of the other."""
    young, old, locked = (tmp_path / f".autoarray-{'0' * 8}-{digit * 16}.tmp" for digit in "123")
    for path, age in ((young, 0.9), (old, 1.1), (locked, 1.1)):
        path.touch()
        os.utime(path, (time.time(), time.time() - age * 86_400))
    with open(locked) as file:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)
        serialization.save([1], tmp_path / "file.aas")
    assert sorted(os.listdir(tmp_path)) == sorted([young.name, locked.name, "file.aas"])


def test_no_other_file(tmp_path):
    own = _files._temporary_name()
    others = [own.upper(), own + "x", "x" + own, own.replace(".tmp", ".tm"), ".file.aas.0123456789ab.tmp", "a.tmp"]
    for name in others:
        (tmp_path / name).touch()
    (tmp_path / _files._temporary_name()).mkdir()
    os.mkfifo(tmp_path / _files._temporary_name())
    (tmp_path / _files._temporary_name()).symlink_to("a.tmp")
    before = set(os.listdir(tmp_path))
    serialization.save([1], tmp_path / "file.aas")
    assert set(os.listdir(tmp_path)) == before | {"file.aas"}


def test_a_sweep_between_making_a_file_and_locking_it_does_no_harm(tmp_path, monkeypatch):
    import fcntl

    real, sweeps = fcntl.flock, []

    def flock(descriptor, operation):
        if len(sweeps) == 2:
            return real(descriptor, operation)
        sweeps.append(os.listdir(tmp_path))
        os.unlink(tmp_path / sweeps[-1][0])
        if len(sweeps) == 2:
            raise BlockingIOError(errno.EWOULDBLOCK, "held by the sweep")
        return None

    monkeypatch.setattr(fcntl, "flock", flock)
    serialization.save([1], tmp_path / "file.aas")
    assert len({name for names in sweeps for name in names}) == 2
    assert os.listdir(tmp_path) == ["file.aas"]
    assert serialization.load(tmp_path / "file.aas") == [1]


def test_writers_that_are_killed_beside_writers_that_live(tmp_path):
    writer = (
        "for turn in range(10**9):\n    serialization.save([turn, bytes(10_000)], sys.argv[1])\n    print(flush=True)"
    )
    living = [
        python(writer.replace("10**9", "300"), tmp_path / f"living{index}.aas", stdout=subprocess.DEVNULL)
        for index in range(2)
    ]
    for turn in range(6):
        victim = python(writer, tmp_path / f"victim{turn}.aas", stdout=subprocess.PIPE)
        victim.stdout.readline()
        victim.kill()
        victim.communicate()
    assert [process.wait() for process in living] == [0, 0]
    serialization.save([1], tmp_path / "last.aas")
    names = sorted(os.listdir(tmp_path))
    assert names == ["last.aas", "living0.aas", "living1.aas", *(f"victim{turn}.aas" for turn in range(6))]
    for name in names:
        serialization.load(tmp_path / name)


def test_a_file_system_without_locks(tmp_path, monkeypatch):
    import fcntl

    def flock(*_):
        raise OSError(errno.ENOLCK, "no locks")

    left = tmp_path / _files._temporary_name()
    left.touch()
    monkeypatch.setattr(fcntl, "flock", flock)
    serialization.save([1], tmp_path / "file.aas")
    assert sorted(os.listdir(tmp_path)) == [left.name, "file.aas"]


def test_a_large_folder_is_searched_rarely(tmp_path, monkeypatch):
    """A search of one second, and the next one fifty seconds later."""
    now, searches = [1e6], []

    def listdir(folder):
        searches.append(folder)
        now[0] += 1.0
        return []

    monkeypatch.setattr(os, "listdir", listdir)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    for pause, expected in ((0.0, 1), (49.0, 1), (1.5, 2), (0.5, 2)):
        now[0] += pause
        serialization.save([1], tmp_path / "file.aas")
        assert len(searches) == expected
    (tmp_path / "other").mkdir()
    serialization.save([1], tmp_path / "other" / "file.aas")
    assert searches == [str(tmp_path), str(tmp_path), str(tmp_path / "other")]
