"""`make autolens-suites`: what it compares, and what it takes for a failure."""

from __future__ import annotations

import sys

import pytest

from clients import suites

PASSES, FAILS = "def test_{}():\n    assert True\n", "def test_{}():\n    assert False\n"


def outcomes(**kinds):
    return {f"test_autolens/test_x.py::test_{name}": kind for name, kind in kinds.items()}


def test_only_what_passes_on_theirs_can_be_worse():
    ours = outcomes(a="passed", b="failed", c="failed", d="passed", e="skipped", f="skipped", g="failed")
    theirs = outcomes(a="passed", b="passed", c="failed", d="failed", e="passed", f="skipped", g="skipped", h="passed")
    found = suites.compare(ours, theirs, {})
    assert found.passed == 1
    assert [name[-1] for name in found.worse] == ["b", "e", "h"]
    assert [name[-1] for name in found.both] == ["c", "g"]
    assert [name[-1] for name in found.better] == ["d"]


def test_a_known_difference_is_told_with_its_reason():
    found = suites.compare(
        outcomes(a="failed", b="failed"), outcomes(a="passed", b="passed"), {"*::test_a": "internal"}
    )
    assert found.known == {"test_autolens/test_x.py::test_a": "internal"}
    assert [name[-1] for name in found.worse] == ["b"]
    text = suites.describe("test_autolens", found)
    assert "1 fail on this project alone, 1 known to differ" in text
    assert "FAILS on this project alone: test_autolens/test_x.py::test_b" in text
    assert "known: test_autolens/test_x.py::test_a: internal" in text


def test_the_known_differences_have_reasons():
    assert all(len(reason) > 20 for reason in suites.known_from().values())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[difference]]\ntests = ["a"]\n', "expected tests and a reason"),
        ('[[difference]]\ntests = []\nreason = "why"\n', "expected tests and a reason"),
        ('[[difference]]\ntests = ["a"]\nreason = " "\n', "expected tests and a reason"),
        ('[[difference]]\ntests = ["a", "a"]\nreason = "why"\n', "a comes twice"),
    ],
)
def test_a_difference_without_a_reason_is_refused(tmp_path, text, message):
    (tmp_path / "known.toml").write_text(text)
    with pytest.raises(SystemExit, match=message):
        suites.known_from(tmp_path / "known.toml")


def test_checkouts_are_found_in_a_folder(tmp_path):
    for name in ("PyAutoLens/test_autolens", "PyAutoGalaxy/test_autogalaxy", "other/tests"):
        (tmp_path / name).mkdir(parents=True)
    assert suites.suites_in(tmp_path) == {
        "test_autogalaxy": tmp_path / "PyAutoGalaxy" / "test_autogalaxy",
        "test_autolens": tmp_path / "PyAutoLens" / "test_autolens",
    }
    (tmp_path / "second" / "test_autolens").mkdir(parents=True)
    with pytest.raises(SystemExit, match="expected one test_autolens in "):
        suites.suites_in(tmp_path)
    with pytest.raises(SystemExit, match="expected checkouts with test_autoarray, test_autogalaxy, test_autolens"):
        suites.suites_in(tmp_path / "other")


@pytest.fixture
def suite(tmp_path):
    folder = tmp_path / "checkout" / "test_autolens"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "conftest.py").write_text(
        "import pytest\n\n@pytest.fixture\ndef broken():\n    yield\n    assert False\n"
    )
    skips = "import pytest\n\n@pytest.mark.skip\ndef test_c():\n    pass\n\n\ndef test_d(broken):\n    pass\n"
    (folder / "test_x.py").write_text(PASSES.format("a") + FAILS.format("b") + skips)
    # A package in the checkout must not stand in for the installed one.
    (folder.parent / "autolens.py").write_text("raise RuntimeError\n")
    (folder / "test_y.py").write_text(
        "def test_e():\n    import importlib.util\n    assert not importlib.util.find_spec('autolens')\n"
    )
    return folder


def test_a_suite_runs_apart_from_its_checkout(suite):
    found = suites.run_suite(sys.executable, suite, [])
    expected = {"x.py::test_a": "passed", "x.py::test_b": "failed", "x.py::test_c": "skipped", "x.py::test_d": "failed"}
    expected = {f"test_autolens/test_{name}": kind for name, kind in expected.items()}
    del found["test_autolens/test_y.py::test_e"]  # where PyAutoLens is installed, it is found
    assert found == expected


def test_the_command_fails_where_ours_is_worse(suite, monkeypatch, capsys):
    runs = iter([outcomes(a="passed"), outcomes(a="failed"), outcomes(a="passed"), outcomes(a="passed")])
    monkeypatch.setattr(suites, "run_suite", lambda python, suite, options: next(runs))
    arguments = ["--ours", "python", "--theirs", "python", str(suite.parent)]
    assert suites.main(arguments) == 1
    assert suites.main(arguments) == 0
    assert "test_autolens: 1 pass on both, 0 fail" in capsys.readouterr().out
