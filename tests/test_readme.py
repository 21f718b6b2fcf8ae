"""Every command and every Python snippet of the README does what it says."""

import lzma
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

from serialization.__main__ import OK, main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
COMMANDS = [line for language, text in BLOCKS if language == "sh" for line in text.splitlines() if line.strip()]
SNIPPETS = [text for language, text in BLOCKS if language == "python"]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]


@pytest.fixture(scope="module")
def after_the_demo(tmp_path_factory):
    """A folder in which `make demo` was run: its options are the defaults."""
    pytest.importorskip("jax")
    folder = tmp_path_factory.mktemp("readme")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["demo"]) == OK
    (folder / "old").mkdir()
    archive = ROOT / "tests" / "data" / "archives" / "2026.8.22.1" / "numpy"
    packed = (archive / "chain_bilinear_adapt_density.pickle.xz").read_bytes()
    (folder / "old" / "chain.pickle").write_bytes(lzma.decompress(packed))
    return folder


def test_there_is_something_to_test():
    assert {language for language, _ in BLOCKS} == {"sh", "python"}
    assert len(SNIPPETS) >= 2
    assert COMMANDS[:2] == ["make demo", "make test"]


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("make ")])
def test_make_knows_the_command(command):
    result = subprocess.run(
        ["make", "--dry-run", *shlex.split(command)[1:]], capture_output=True, text=True, cwd=ROOT, timeout=60
    )

    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("autoarray-state ")])
def test_the_command_line_runs(command, after_the_demo, monkeypatch, capsys):
    monkeypatch.chdir(after_the_demo)

    assert main(shlex.split(command)[1:]) == OK
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("pip install ")])
def test_the_extras_to_install_exist(command):
    (target,) = shlex.split(command)[2:]
    extras = re.fullmatch(r"\.\[([a-z,]+)\]", target)

    assert extras is not None
    assert set(extras[1].split(",")) <= EXTRAS.keys()


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("python -m benchmarks ")])
def test_the_benchmarks_know_the_command(command, monkeypatch, capsys):
    from benchmarks.__main__ import main as benchmark

    assert shlex.split(command)[-1] == "--help"
    with pytest.raises(SystemExit) as stopped:
        benchmark(shlex.split(command)[3:])

    assert stopped.value.code == 0
    assert "--peer" in capsys.readouterr().out


def test_no_command_is_left_untested():
    known = ("make ", "autoarray-state ", "pip install ", "python -m benchmarks ")

    assert [command for command in COMMANDS if not command.startswith(known)] == []


@pytest.mark.parametrize("snippet", SNIPPETS, ids=[f"snippet{index}" for index in range(len(SNIPPETS))])
def test_the_snippet_runs(snippet, after_the_demo, monkeypatch, capsys):
    monkeypatch.chdir(after_the_demo)
    exec(compile(snippet, "README.md", "exec"), {"__name__": "__main__"})

    assert capsys.readouterr().out.strip()


def test_all_extras_are_in_the_table():
    rows = re.findall(r"^\| `(\w+)` \|", README, flags=re.MULTILINE)

    assert set(EXTRAS) - set(rows) == set()


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "FORMAT.md"])
def test_links_inside_the_project_lead_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in target]

    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_picture_is_small():
    picture = ROOT / "docs" / "fit.png"

    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert picture.stat().st_size < 300_000
