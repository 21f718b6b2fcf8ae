"""The folders of a cache: others may not write to them, and no link in them is followed."""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

import serialization
from serialization import Cache
from serialization.__main__ import OK, UNUSABLE, main
from serialization._cache import entry

if os.name != "posix":
    pytest.skip("owners, modes and links are POSIX's", allow_module_level=True)

FOLDERS = [".", "entries", "quarantine", "locks"]


@pytest.fixture
def root(tmp_path):
    """The folder of a cache with two intact entries and a quarantine."""
    cache = Cache(tmp_path / "cache")
    for key in "ab":
        cache.put(key, [key])
    cache.put("corrupt", 1)
    os.truncate(path_of(cache, "corrupt"), 10)
    assert cache.get("corrupt") is None
    assert cache.stats().quarantine == 1
    return tmp_path / "cache"


def path_of(cache, key):
    name = entry.name_of(key)
    return Path(cache.directory, "entries", entry.prefix_of(name), f"{name}.aas")


def uses(cache):
    """What a user does with a cache, each in one call."""
    return {
        "get": lambda: cache.get("a"),
        "put": lambda: cache.put("new", 1),
        "compute": lambda: cache.get_or_compute("computed", lambda: 1),
        "contains": lambda: "a" in cache,
        "keys": cache.keys,
        "entries": cache.entries,
        "stats": cache.stats,
        "verify": cache.verify,
        "prune": cache.prune,
        "delete": lambda: cache.delete("a"),
        "exists": cache.exists,
    }


def give_away(path, monkeypatch):
    """Let a folder belong to another user than this one and root."""
    if os.geteuid() == 0:
        os.chown(path, 4321, -1)
    else:
        user = os.geteuid() + 1
        monkeypatch.setattr(os, "geteuid", lambda: user)


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o722, 0o1777, 0o2775])
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_that_others_may_write_to_is_refused(root, folder, mode):
    (root / folder).chmod(mode)
    before = sorted(root.rglob("*"))
    for use in uses(Cache(root)).values():
        with pytest.raises(PermissionError) as caught:
            use()
        message = str(caught.value)
        assert message.startswith(f"{root / folder}: expected a folder that only this user can write to, found one of")
        assert f"with the mode {mode:04o}; " in message
        assert "shared_with_group=True" in message
    assert sorted(root.rglob("*")) == before


def test_a_folder_of_another_user_is_refused(root, monkeypatch):
    give_away(root, monkeypatch)
    with pytest.raises(PermissionError, match=f"found one of user {os.stat(root).st_uid} with the mode 0700"):
        Cache(root).get("a")


def test_a_folder_that_others_may_read_is_used(root):
    root.chmod(0o755)
    assert Cache(root).get("a") == ["a"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes folders of root")
def test_a_folder_of_root_is_used(root, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 4321)
    assert Cache(root).get("a") == ["a"]


def test_a_cache_in_a_folder_for_everyone_is_used(tmp_path):
    """The folder above may be one like /tmp."""
    tmp_path.chmod(0o1777)
    cache = Cache(tmp_path / "cache")
    cache.put("a", 1)
    assert Cache(tmp_path / "cache").get("a") == 1
    with pytest.raises(PermissionError, match="mode 1777"):
        Cache(tmp_path).put("a", 1)


@pytest.mark.parametrize("which", ["entries", "sub-folder"])
def test_a_folder_that_is_opened_to_others_later_is_a_miss(root, which, caplog):
    cache = Cache(root)
    assert cache.get("a") == ["a"]
    folder = root / "entries" if which == "entries" else path_of(cache, "a").parent
    folder.chmod(0o777)
    with caplog.at_level(logging.WARNING, logger="serialization"):
        assert cache.get("a") is None
        assert cache.get_or_compute("a", lambda: 5) == 5
    with pytest.raises(PermissionError, match="only this user"):
        cache.put("a", 1)
    assert "expected a folder that only this user can write to" in caplog.text
    assert path_of(cache, "a").read_bytes() == serialization.dumps(["a"])


def test_the_folder_for_locks_is_no_folder_for_others(tmp_path):
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks").chmod(0o1777)
    with pytest.raises(PermissionError, match="locks: expected a folder that only this user can write to"):
        Cache(tmp_path / "cache", lock_directory=tmp_path / "locks").get("a")
    (tmp_path / "locks").chmod(0o755)
    Cache(tmp_path / "cache", lock_directory=tmp_path / "locks").put("a", 1)


# A cache of a group.


@pytest.fixture
def umask():
    old = os.umask(0o077)
    yield
    os.umask(old)


def test_a_group_can_share_a_cache(tmp_path, umask):
    cache = Cache(tmp_path / "cache", shared_with_group=True)
    cache.get_or_compute("a", lambda: [1])
    os.truncate(path_of(cache, "a"), 10)
    assert cache.get_or_compute("a", lambda: [2]) == [2]
    for folder, _, filenames in os.walk(cache.directory):
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o2770, folder
        for filename in filenames:
            if filename != "CACHEDIR.TAG":
                mode = stat.S_IMODE(os.stat(os.path.join(folder, filename)).st_mode)
                assert mode == 0o660, filename
    there = pickle.loads(pickle.dumps(cache))
    assert there.get("a") == [2]
    with pytest.raises(PermissionError, match="mode 2770"):
        Cache(tmp_path / "cache").get("a")


def test_a_cache_of_a_group_may_belong_to_a_colleague(root, monkeypatch):
    root.chmod(0o2770)
    give_away(root, monkeypatch)
    cache = Cache(root, shared_with_group=True)
    assert cache.get("a") == ["a"]
    cache.put("a", 2)
    assert cache.get("a") == 2


def test_a_cache_of_a_group_is_none_of_everyone(root):
    root.chmod(0o777)
    with pytest.raises(PermissionError, match="that only its owner and its group can write to, found one of"):
        Cache(root, shared_with_group=True).get("a")


@pytest.fixture
def folder_for_all():
    """A folder that other users may look into, which those of pytest are not."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be several users")
def test_members_of_a_group_use_one_cache(folder_for_all):
    """Two users without anything else in common."""
    shared = folder_for_all / "shared"
    shared.mkdir()
    os.chown(shared, 4001, 4000)
    shared.chmod(0o2770)
    code = """if True:
        import os, sys, tempfile
        from serialization import Cache
        folder, user, limit = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

        def use(folder):
            cache = Cache(folder, shared_with_group=True)
            results = cache.get("a"), cache.get_or_compute("b", lambda: user), cache.put("a", user)
            return *results, cache.stats().unreadable, cache.prune(max_bytes=limit).evicted

        with tempfile.TemporaryDirectory() as other:  # what is imported now need not be readable by the user
            use(other)
        os.setgroups([])
        os.setgid(4000)
        os.setuid(user)
        os.umask(0o077)
        print(*use(folder))
    """
    root = str(Path(serialization.__file__).parents[1])
    printed = []
    for user, limit in ((4001, 10**6), (4002, 10**6), (4001, 0)):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code, str(shared), str(user), str(limit)],
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        assert (done.returncode, done.stderr) == (0, "")
        printed.append(done.stdout.strip())
    assert printed == ["None 4001 True 0 0", "4001 4001 True 0 0", "4002 4001 True 0 2"]


def test_the_command_line_asks_the_same(root, capsys):
    assert main(["cache", "stats", "--directory", str(root)]) == OK
    root.chmod(0o2770)
    assert main(["cache", "stats", "--directory", str(root)]) == UNUSABLE
    _, err = capsys.readouterr()
    assert err.count("\n") == 1
    assert "expected a folder that only this user can write to" in err
    for action in ("ls", "stats", "verify", "prune"):
        assert main(["cache", action, "--directory", str(root), "--shared-with-group"]) == OK


# Links.


@pytest.fixture
def outside(tmp_path):
    """A folder that a link leads to: files as a cache has them, which must stay as they are."""
    folder = tmp_path / "outside"
    (folder / entry.prefix_of("a")).mkdir(parents=True, mode=0o700)
    names = ["a.aas", "b.aas", "1-x.aas", "old.lock", "total", f"{entry.prefix_of('a')}/a.aas"]
    names += [f"{number}-y.aas" for number in range(2, 40)]
    names += [entry.temporary_name("c").replace(f"-{os.getpid()}-", "-4999999-")]
    for name in names:
        (folder / name).write_bytes(serialization.dumps("outside"))
        os.utime(folder / name, (1, 1))
    return folder


def state_of(folder):
    """The names, bytes and times of all that is in a folder."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [(str(path), path.read_bytes(), os.lstat(path).st_mtime_ns, os.lstat(path).st_ino) for path in paths]


@pytest.mark.parametrize("folder", FOLDERS[1:])
def test_a_link_in_the_place_of_a_folder_is_refused(root, outside, folder):
    (root / folder).rename(root / "moved")
    (root / folder).symlink_to(outside)
    before = state_of(outside)
    for use in uses(Cache(root)).values():
        with pytest.raises(PermissionError, match=f"{folder}: expected a folder, found a link, which is not followed"):
            use()
    assert state_of(outside) == before


@pytest.mark.parametrize("folder", [*FOLDERS[1:], "sub-folder"])
def test_a_link_that_appears_later_is_not_followed(root, outside, folder, caplog):
    cache = Cache(root, recency=0.0)
    assert cache.get("a") == ["a"]
    place = path_of(cache, "a").parent if folder == "sub-folder" else root / folder
    os.truncate(path_of(cache, "b"), 10)
    place.rename(root / "moved")
    place.symlink_to(outside)
    before = state_of(outside)
    for use in (*uses(cache).values(), lambda: cache.get("b"), lambda: cache.get_or_compute("b", lambda: 5)):
        with contextlib.suppress(PermissionError):
            use()
    assert state_of(outside) == before
    assert cache.get("a") != "outside"
    assert cache.get_or_compute("b", lambda: 6) in (5, 6)


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("kind", ["link", "dangling link", "pipe", "folder"])
def test_an_entry_that_is_no_file_is_a_miss(root, outside, kind, flat):
    cache = Cache(root, recency=0.0)
    path = root / "entries" / "a.aas" if flat else path_of(cache, "a")
    path_of(cache, "a").unlink()
    before = state_of(outside)
    {
        "link": lambda: path.symlink_to(outside / "a.aas"),
        "dangling link": lambda: path.symlink_to(outside / "nothing"),
        "pipe": lambda: os.mkfifo(path),
        "folder": lambda: path.mkdir(),
    }[kind]()
    assert cache.get("a") is None
    assert cache.get("a", mmap=True) is None
    assert "a" not in cache
    assert cache.verify().unreadable == ("a",)
    assert cache.stats().unreadable == 2
    if kind != "folder" or flat:
        assert cache.get_or_compute("a", lambda: [5]) == [5]
        assert cache.get("a") == [5]
    if kind != "folder":
        assert cache.delete("a")
        assert not os.path.lexists(path)
    assert state_of(outside) == before


def test_a_linked_temporary_file_and_a_linked_tag_are_not_written_to(root, outside):
    (root / "CACHEDIR.TAG").unlink()
    (root / "CACHEDIR.TAG").symlink_to(outside / "a.aas")
    (root / "locks" / "total.tmp").symlink_to(outside / "total")
    dead = entry.temporary_name("a").replace(f"-{os.getpid()}-", "-4999999-")
    (root / "entries" / dead).symlink_to(outside / "a.aas")
    before = state_of(outside)
    cache = Cache(root)
    cache.put("a", np.zeros(100))
    assert cache.prune(max_bytes=0).entries == 0
    assert not os.path.lexists(root / "entries" / dead)
    assert state_of(outside) == before


def test_the_folder_itself_may_be_a_link(root, tmp_path):
    (tmp_path / "link").symlink_to(root)
    cache = Cache(tmp_path / "link")
    assert cache.directory == str(tmp_path / "link")
    assert cache.get("a") == ["a"]
    (tmp_path / "link").unlink()  # it was resolved once
    cache.put("c", 3)
    assert Cache(root).get("c") == 3
    (tmp_path / "link").symlink_to(tmp_path / "new")  # which is not there yet
    Cache(tmp_path / "link").put("d", 4)
    assert Cache(tmp_path / "new").get("d") == 4
