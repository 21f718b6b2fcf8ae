"""Environments that aren't fit for a drop-in are refused, with what to do, and nothing in them changes."""

from __future__ import annotations

import json
import re
import shutil
import sys

import environments
import pytest

from serialization.__main__ import CHECK_FAILED, OK, UNUSABLE, main
from serialization._installation import drop
from serialization._installation.environment import Environment, UnfitError, release_of
from serialization._installation.state import state_of

INFORMATION = f"autoarray-{environments.RELEASE}.dist-info"


@pytest.fixture
def folder(tmp_path):
    environments.make(tmp_path / "environment")
    return tmp_path / "environment"


def packages_of(folder):
    return Environment.of(folder).packages


def remove(folder, *names):
    for name in names:
        (path,) = packages_of(folder).glob(f"{name}-*.dist-info")
        shutil.rmtree(path)


def without_clients(folder):
    remove(folder, "autolens", "autogalaxy")


def without_pyautoarray(folder):
    remove(folder, "autoarray")
    shutil.rmtree(packages_of(folder) / "autoarray")


def another_release(folder):
    without_pyautoarray(folder)
    environments.install(Environment.of(folder), "autoarray", "2026.9.8.1", environments.PYAUTOARRAY)


def without_its_metadata(folder):
    remove(folder, "autoarray")


def without_record(folder):
    (packages_of(folder) / INFORMATION / "RECORD").unlink()


def without_a_file(folder):
    (packages_of(folder) / "autoarray" / "exc.py").unlink()


def with_a_file_of_the_user(folder):
    (packages_of(folder) / "autoarray" / "mine.py").touch()


def mixed(folder):
    files = {"autoarray/__init__.py": "", "autoarray/exc/__init__.py": ""}
    environments.install(Environment.of(folder), "autoarray-portable", "0.2.0", files)


def by_itself(folder):
    without_pyautoarray(folder)
    mixed(folder)


def editable(folder):
    text = json.dumps({"url": "file:///home/user/PyAutoArray", "dir_info": {"editable": True}})
    (packages_of(folder) / INFORMATION / "direct_url.json").write_text(text)


def an_old_numpy(folder):
    remove(folder, "numpy")
    environments.install(Environment.of(folder), "numpy", "1.26.4", {})


def another_serialization(folder):
    environments.install(Environment.of(folder), "serialization", "1.0", {"serialization/__init__.py": ""})


def found_elsewhere(folder):
    other = folder.parent / "other"
    (other / "autoarray").mkdir(parents=True)
    (other / "autoarray" / "__init__.py").touch()
    (packages_of(folder) / "first.pth").write_text(f"import sys; sys.path.insert(0, {str(other)!r})\n")


def installed_twice(folder):
    environments.install(Environment.of(folder), "autolens", "2026.9.8.1", {})


UNFIT = {
    without_clients: "expected PyAutoLens or PyAutoGalaxy, which use PyAutoArray; found neither",
    without_pyautoarray: "expected PyAutoArray, found none",
    another_release: "whose names and numbers this project has; found 2026.9.8.1. Install that one first: ",
    without_its_metadata: "is there, and no distribution owns it",
    without_record: "has no RECORD",
    without_a_file: "1 files of autoarray 2026.10.26.1 are missing, such as autoarray/exc.py. To mend it: ",
    with_a_file_of_the_user: "no distribution owns 1 files, such as ",
    mixed: "holds files of two distributions, PyAutoArray and autoarray-portable. To mend it: ",
    by_itself: "autoarray-portable is installed here by itself, not in place of PyAutoArray",
    editable: "PyAutoArray is a checkout here (an editable installation)",
    an_old_numpy: "expected numpy>=2.0, found 1.26.4. Upgrade it first: ",
    another_serialization: "or the package of autoarray-portable; found another package of this name",
    found_elsewhere: "expected `import autoarray` to find ",
    installed_twice: "autolens is installed twice",
}


@pytest.mark.parametrize("change", UNFIT, ids=lambda change: change.__name__)
def test_it_is_refused(folder, change):
    change(folder)
    before = environments.snapshot(Environment.of(folder))
    with pytest.raises(UnfitError, match=re.escape(UNFIT[change])):
        drop.drop_in(folder)
    assert environments.snapshot(Environment.of(folder)) == before


@pytest.mark.parametrize(
    "change", [without_pyautoarray, mixed, by_itself, editable], ids=lambda change: change.__name__
)
def test_there_is_nothing_to_take_out(folder, change):
    change(folder)
    with pytest.raises(UnfitError, match=re.escape(UNFIT[change])):
        drop.drop_out(folder)


def test_what_is_no_environment_is_refused(tmp_path):
    with pytest.raises(UnfitError, match=r"expected an environment, .*; found a folder without one"):
        drop.drop_in(tmp_path)
    with pytest.raises(UnfitError, match=r"expected an environment, .*; found nothing"):
        drop.drop_in(tmp_path / "none")
    (tmp_path / "file").write_text("")
    with pytest.raises(UnfitError, match="the interpreter does not run"):
        drop.drop_in(tmp_path / "file")


def test_a_python_that_is_too_old_is_refused(folder, monkeypatch):
    environment = Environment.of(folder)
    old = Environment(environment.python, (3, 10, 4), environment.packages, environment.scripts, environment.autoarray)
    monkeypatch.setattr(Environment, "of", lambda path: old)
    with pytest.raises(UnfitError, match=r"expected Python 3.11 or newer, found 3.10.4"):
        drop.drop_in(folder)


def test_the_interpreter_may_be_named(folder, tmp_path):
    small = environments.small_project(tmp_path / "small")
    python = Environment.of(folder).python
    assert "is in place of" in drop.drop_in(python, small)
    assert state_of(Environment.of(python)).kind == "drop-in"


def test_versions_compare_by_their_numbers():
    assert release_of("2.10.1") > release_of("2.9")
    assert release_of("2.0") == release_of("2") == release_of("2.0rc1") == (2,)
    assert release_of("dev") == ()


def test_the_commands_report(folder, capsys):
    python = str(Environment.of(folder).python)
    assert main(["installation", str(folder)]) == OK
    assert capsys.readouterr().out.splitlines()[1] == "autoarray     PyAutoArray 2026.10.26.1"
    assert main(["drop-out", str(folder), "--json"]) == OK
    document = json.loads(capsys.readouterr().out)
    assert document["done"].startswith("PyAutoArray 2026.10.26.1 is in its place already")
    assert document["clients"] == {"autolens": environments.RELEASE, "autogalaxy": environments.RELEASE}
    mixed(folder)
    assert main(["installation", str(folder), "--json"]) == CHECK_FAILED
    document = json.loads(capsys.readouterr().out)
    assert document["autoarray"] == "a mixture of PyAutoArray and autoarray-portable"
    assert document["mend"] == [
        f"{python} -m pip uninstall --yes autoarray-portable autoarray",
        f"{python} -m pip install --force-reinstall --no-deps autoarray==2026.10.26.1",
    ]
    assert main(["drop-in", str(folder)]) == UNUSABLE
    assert "the installation is a mixture" in capsys.readouterr().err


def test_it_looks_at_its_own_environment_by_default(capsys):
    main(["installation", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert document["packages"] == str(Environment.of(sys.executable).packages)
