"""What `save` replaces and what it refuses, and what it says of a full disk."""

from __future__ import annotations

import errno
import os
import resource
import socket
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import serialization
from serialization import _files

pytestmark = pytest.mark.skipif(os.name != "posix", reason="tested on POSIX systems")
ROOT = Path(__file__).parents[3]
FAILURES = [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO]


class TestLinks:
    def test_a_link_is_written_through(self, tmp_path):
        (tmp_path / "real").mkdir()
        (tmp_path / "links").mkdir()
        real = serialization.save([1], tmp_path / "real" / "file.aas")
        before = real.stat().st_ino
        first, second = tmp_path / "links" / "first.aas", tmp_path / "links" / "second.aas"
        first.symlink_to("../real/file.aas")
        second.symlink_to(first)

        assert serialization.save([2], second) == second

        assert first.is_symlink()
        assert second.is_symlink()
        assert serialization.load(real) == serialization.load(second) == [2]
        assert real.stat().st_ino != before  # replaced as a whole
        assert os.listdir(tmp_path / "real") == ["file.aas"]
        assert sorted(os.listdir(tmp_path / "links")) == ["first.aas", "second.aas"]

    def test_a_link_to_nothing_gets_its_file(self, tmp_path):
        (tmp_path / "real").mkdir()
        link = tmp_path / "link.aas"
        link.symlink_to("real/file.aas")
        serialization.save([1], link)
        assert link.is_symlink()
        assert serialization.load(tmp_path / "real" / "file.aas") == [1]

    def test_a_link_into_no_folder_is_an_error(self, tmp_path):
        link = tmp_path / "link.aas"
        link.symlink_to("missing/file.aas")
        with pytest.raises(FileNotFoundError) as caught:
            serialization.save([1], link)
        assert caught.value.filename == str(link)
        assert os.readlink(link) == "missing/file.aas"

    def test_links_in_a_circle_are_an_error(self, tmp_path):
        one, two = tmp_path / "one.aas", tmp_path / "two.aas"
        one.symlink_to(two)
        two.symlink_to(one)
        with pytest.raises(OSError, match="symbolic links") as caught:
            serialization.save([1], one)
        assert (caught.value.errno, caught.value.filename) == (errno.ELOOP, str(one))
        assert one.is_symlink()
        assert two.is_symlink()

    def test_a_linked_folder_is_a_folder(self, tmp_path):
        (tmp_path / "real").mkdir()
        (tmp_path / "link").symlink_to("real")
        serialization.save([1], tmp_path / "link" / "file.aas")
        assert os.listdir(tmp_path / "real") == ["file.aas"]


def make_device(path):
    try:
        os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    except PermissionError:  # a link to one, which is none of ours to replace
        path.symlink_to(os.devnull)


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


@pytest.mark.parametrize("linked", [False, True], ids=["itself", "linked"])
@pytest.mark.parametrize(
    ("make", "kind", "error"),
    [
        (make_device, "a device", OSError),
        (os.mkfifo, "a pipe", OSError),
        (make_socket, "a socket", OSError),
        (os.mkdir, "a folder", IsADirectoryError),
    ],
)
def test_what_is_no_file_is_refused(tmp_path, make, kind, error, linked):
    path = there = tmp_path / "there"
    make(there)
    before = os.lstat(there)
    if linked:
        path = tmp_path / "link"
        path.symlink_to("there")

    with pytest.raises(error, match=f"expected a file, or nothing yet, found {kind}: '{path}'") as caught:
        serialization.save([1], path)

    assert caught.value.filename == str(path)
    assert os.path.samestat(os.lstat(there), before)
    assert sorted(os.listdir(tmp_path)) == (["link", "there"] if linked else ["there"])


def fail_second_flush(monkeypatch, number):
    """Let the flush of the folder, after that of the file, raise an error; returns the list of the flushes."""
    real, calls = os.fsync, []

    def fsync(descriptor):
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(number, os.strerror(number))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    return calls


class TestFullDisks:
    @pytest.mark.parametrize("old", [False, True], ids=["new", "old"])
    @pytest.mark.parametrize("number", FAILURES, ids=errno.errorcode.get)
    @pytest.mark.parametrize("call", ["open", "writev", "fsync", "replace"])
    def test_the_error_names_the_file(self, tmp_path, monkeypatch, call, number, old):
        path = tmp_path / "file.aas"
        if old:
            serialization.save([1], path)

        def fail(first, *_):
            # As the system's calls do: those of a name tell it.
            raise OSError(number, os.strerror(number), *([first] if isinstance(first, str) else []))

        with monkeypatch.context() as patched:
            patched.setattr(os, call, fail)
            with pytest.raises(OSError) as caught:
                serialization.save([2], path)

        kept = ", and the old one stays" if old else ""
        assert str(caught.value) == (
            f"[Errno {number}] {os.strerror(number)} (the file is not written{kept}): {str(path)!r}"
        )
        assert (caught.value.errno, caught.value.filename) == (number, str(path))
        assert os.listdir(tmp_path) == (["file.aas"] if old else [])
        assert not old or serialization.load(path) == [1]

    def test_a_limit_of_the_size_of_files(self, tmp_path):
        path = serialization.save([1], tmp_path / "file.aas")
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
            with pytest.raises(OSError, match="File too large") as caught:
                serialization.save([np.zeros(100_000)], path)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert (caught.value.errno, caught.value.filename) == (errno.EFBIG, str(path))
        assert os.listdir(tmp_path) == ["file.aas"]
        assert serialization.load(path) == [1]

    def test_a_disk_that_is_full(self, tmp_path):
        """On a file system of 256 kB, which needs the rights to mount one in a name space of its own."""
        code = (
            "import numpy as np\n"
            "path = sys.argv[1] + '/file.aas'\n"
            "serialization.save([1], path)\n"
            "try:\n"
            "    serialization.save([np.zeros(100_000)], path)\n"
            "except OSError as error:\n"
            "    print(error.errno, error.filename == path, os.listdir(sys.argv[1]), serialization.load(path))"
        )
        script = (
            'mount -t tmpfs -o size=256k none "$0" || exit 77; exec "$1" -c "import os, sys, serialization\n$2" "$0"'
        )
        command = ["unshare", "--mount", "sh", "-c", script, str(tmp_path), sys.executable, code]
        try:
            done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True)
        except FileNotFoundError:
            pytest.skip("needs unshare")
        if done.returncode in (1, 77) and not done.stdout:
            pytest.skip("needs the rights to mount a file system")
        assert (done.stdout, done.stderr) == (f"{errno.ENOSPC} True ['file.aas'] [1]\n", "")

    def test_names_that_can_not_be_flushed(self, tmp_path, monkeypatch):
        """The new file is there by then."""
        fail_second_flush(monkeypatch, errno.EIO)
        with pytest.raises(OSError, match="the file is in place, but may not outlive a power failure") as caught:
            serialization.save([1], tmp_path / "file.aas")
        assert caught.value.filename == str(tmp_path)
        assert serialization.load(tmp_path / "file.aas") == [1]

    def test_a_file_system_that_flushes_no_names(self, tmp_path, monkeypatch):
        calls = fail_second_flush(monkeypatch, errno.EINVAL)
        serialization.save([1], tmp_path / "file.aas")
        assert len(calls) == 2


class TestPermissions:
    def test_a_new_file_has_those_of_the_umask(self, tmp_path):
        before = os.umask(0o027)
        try:
            path = serialization.save([1], tmp_path / "file.aas")
        finally:
            os.umask(before)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640

    @pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o444, 0o755])
    def test_a_file_keeps_its_own(self, tmp_path, mode):
        path = serialization.save([1], tmp_path / "file.aas")
        path.chmod(mode)
        serialization.save([2], path)
        assert serialization.load(path) == [2]
        assert stat.S_IMODE(path.stat().st_mode) == mode

    def test_nobody_may_read_meanwhile_what_they_might_not_before(self, tmp_path):
        path = serialization.save([1], tmp_path / "file.aas")
        path.chmod(0o600)
        with _files.replacing(path) as file:
            assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == 0o600

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
    def test_owner_and_group_stay(self, tmp_path):
        path = serialization.save([1], tmp_path / "file.aas")
        os.chown(path, 12_345, 23_456)
        serialization.save([2], path)
        assert (path.stat().st_uid, path.stat().st_gid) == (12_345, 23_456)

    @pytest.mark.parametrize(("mode", "kept"), [(0o664, 0o644), (0o640, 0o600), (0o777, 0o777), (0o604, 0o600)])
    def test_another_group_gets_what_both_had(self, tmp_path, monkeypatch, mode, kept):
        """Where the system does not allow to give the file to its group."""

        def refuse(*_):
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

        monkeypatch.setattr(os, "fchown", refuse)
        old = SimpleNamespace(st_mode=stat.S_IFREG | mode, st_uid=os.getuid(), st_gid=os.getgid() + 1)
        with open(tmp_path / "file", "wb") as file:
            _files._take_permissions(file.fileno(), old)
            assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == kept

    def test_a_folder_that_may_be_written_to_and_not_read(self, tmp_path, monkeypatch):
        """Root may read any, so that the refusal is the test's."""
        real = os.open

        def refuse(path, *arguments):
            if os.path.isdir(path):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
            return real(path, *arguments)

        with monkeypatch.context() as patched:
            patched.setattr(os, "open", refuse)
            serialization.save([1], tmp_path / "file.aas")
        assert serialization.load(tmp_path / "file.aas") == [1]


def test_names_may_be_as_long_as_the_system_takes(tmp_path):
    path = serialization.save([1], tmp_path / ("n" * 251 + ".aas"))
    assert serialization.load(path) == [1]


def test_a_slash_at_the_end_is_not_looked_at(tmp_path):
    assert serialization.save([1], f"{tmp_path}/file.aas/") == tmp_path / "file.aas"


def test_many_buffers_are_written_in_their_order(tmp_path, monkeypatch):
    """More than one call takes, of which each writes less than it was given."""
    pieces = [bytes([number % 256]) * (number % 7) for number in range(3000)]
    real = os.writev
    monkeypatch.setattr(os, "writev", lambda descriptor, buffers: real(descriptor, [b"".join(buffers)[:1001]]))
    with open(tmp_path / "file", "wb") as file:
        _files.write_pieces(file.fileno(), pieces)
    assert (tmp_path / "file").read_bytes() == b"".join(pieces)


def test_a_call_takes_no_more_than_a_gigabyte(monkeypatch):
    """macOS refuses 2**31 bytes, in which several buffers can be."""
    sizes = []

    def writev(_, buffers):
        sizes.append([len(buffer) for buffer in buffers])
        return sum(sizes[-1])

    monkeypatch.setattr(os, "writev", writev)
    monkeypatch.setattr(_files, "_MOST_BYTES", 100)
    _files.write_pieces(0, [bytes(70), bytes(70), bytes(150), b"", bytes(10)])
    assert sizes == [[70, 30], [40, 60], [90, 10]]


def test_both_packages_write_files_alike():
    """Neither needs the other to write one, so that each has the module."""
    own, other = (ROOT / package / "_files.py" for package in ("serialization", "autoarray"))
    assert own.read_bytes() == other.read_bytes()
