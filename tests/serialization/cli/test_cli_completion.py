"""The scripts that let shells complete: what bash offers for the commands, their options and their files."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys

import pytest

from serialization.__main__ import OK, UNUSABLE, main
from serialization._cli.completion import SHELLS

pytest.importorskip("shtab")


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    path = tmp_path_factory.mktemp("completion") / "autoarray-state"
    with open(path, "w") as file, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", file)
        assert main(["completion", "bash"]) == OK
    return path


def offered(script, folder, *words):
    """What bash offers for the last word."""
    if shutil.which("bash") is None:
        pytest.skip("no bash here")
    code = (
        f"set -eu; set +e; source {shlex.quote(str(script))}\n"
        f"COMP_WORDS=({shlex.join(('autoarray-state', *words))}); COMP_CWORD={len(words)}\n"
        "function=$(complete -p autoarray-state | sed 's/.*-F \\([^ ]*\\).*/\\1/')\n"
        'set +u; "$function"; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", code], capture_output=True, text=True, cwd=folder, timeout=60, check=True
    )
    assert done.stderr == ""
    return set(done.stdout.split())


def test_bash_completes_commands(script, tmp_path):
    assert offered(script, tmp_path, "ins") == {"inspect", "installation"}
    assert {"demo", "inspect", "convert", "verify", "cache", "completion"} <= offered(script, tmp_path, "")
    assert offered(script, tmp_path, "cache", "") >= {"ls", "stats", "verify", "prune"}
    assert offered(script, tmp_path, "cache", "pr") == {"prune"}


def test_bash_completes_options_and_their_values(script, tmp_path):
    assert offered(script, tmp_path, "verify", "--ba") == {"--backend"}
    assert offered(script, tmp_path, "verify", "--backend", "") == {"numpy", "jax"}
    assert offered(script, tmp_path, "inspect", "--") == {"--help", "--debug", "--paths", "--identity", "--json"}
    assert offered(script, tmp_path, "convert", "--compression", "") == {"zlib", "shuffle-zstd", "shuffle-lz4"}
    assert offered(script, tmp_path, "completion", "") == set(SHELLS)


@pytest.mark.parametrize("words", [("inspect", ""), ("verify", ""), ("verify", "fit.aas", ""), ("convert", "")])
def test_bash_completes_files(words, script, tmp_path):
    (tmp_path / "fit.aas").touch()
    (tmp_path / "folder").mkdir()
    assert offered(script, tmp_path, *words) == {"fit.aas", "folder"}


@pytest.mark.parametrize("words", ["convert --out", "demo --data", "demo --out", "cache ls --directory"])
def test_bash_completes_folders_where_folders_belong(words, script, tmp_path):
    (tmp_path / "fit.aas").touch()
    (tmp_path / "folder").mkdir()
    assert offered(script, tmp_path, *words.split(), "") == {"folder"}


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_has_a_script(shell, capsys):
    assert main(["completion", shell]) == OK
    script = capsys.readouterr().out
    assert "autoarray-state" in script
    for word in ("inspect", "verify", "convert", "cache"):
        assert word in script
    assert script.endswith("\n")


def test_without_shtab_the_extra_is_named(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == UNUSABLE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "pip install autoarray-portable[cli]" in captured.err


def test_an_unknown_shell_is_refused(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["completion", "dos"])
    assert stopped.value.code == UNUSABLE
