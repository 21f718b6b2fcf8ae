"""`autoarray-state convert` and `verify`: what they write, compare and report, and that one bad file stops nothing."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from graphs import Computes, Part
from pickles import Call, Name, assemble

import serialization
from serialization.__main__ import CHECK_FAILED, OK, UNUSABLE, main
from serialization._cli.convert import outputs_for
from serialization._graph.recompute import _compare

EVIL = assemble(Call(Name("os", "system"), ("true",)))


def computed(values=3.0, total=None):
    made = Computes(np.full(4, values))
    _ = made.total
    if total is not None:
        made._derived.results["total"] = total
    return made


@pytest.fixture
def good(tmp_path):
    return serialization.save(Part(computed()), tmp_path / "good.aas")


@pytest.fixture
def wrong(tmp_path):
    """A file whose stored result does not follow from its state."""
    return serialization.save([Part(computed(total=12.001))], tmp_path / "wrong.aas")


@pytest.fixture
def pickles(tmp_path, monkeypatch):
    """A loader of pickles that notes its arguments."""
    calls = []

    def load_pickle(source, *, backend=None, written_by=None, verify=False, report=None):
        calls.append((Path(source).name, backend, written_by, verify))
        if Path(source).read_bytes() == EVIL:
            raise serialization.UnsafePickleError("found os.system", path="byte 3")
        warnings.warn("took the corrected\nrow weights", stacklevel=2)
        return Part("from a pickle")

    monkeypatch.setattr(serialization, "load_pickle", load_pickle, raising=False)
    for name in ("a.pickle", "b.warm.dill", "c"):
        (tmp_path / name).write_bytes(b"\x80\x04N.")
    (tmp_path / "evil.pkl").write_bytes(EVIL)
    return calls


def test_convert_writes_what_it_read(good, tmp_path, capsys):
    before, out = good.read_bytes(), tmp_path / "new" / "folder"
    assert main(["convert", str(good), "--out", str(out)]) == OK

    assert good.read_bytes() == before
    assert [path.name for path in out.iterdir()] == ["good.aas"]
    assert serialization.load(out / "good.aas").value._derived.results["total"] == 12.0
    captured = capsys.readouterr()
    assert captured.err == f"[1/1] {good} -> good.aas\n"
    rows = [line.split() for line in captured.out.splitlines()]
    assert rows[2][:3] == [str(good), "aas", "Part"]
    assert rows[-1] == ["1", "converted,", "0", "failed"]


def test_one_bad_file_does_not_stop_the_rest(good, pickles, tmp_path, capsys):
    cut = tmp_path / "cut.aas"
    cut.write_bytes(good.read_bytes()[:-1])
    files = [tmp_path / name for name in ("evil.pkl", "cut.aas", "missing.aas", "a.pickle", "b.warm.dill", "c")]
    out = tmp_path / "out"
    assert main(["convert", *map(str, files), str(good), "--out", str(out)]) == CHECK_FAILED

    assert sorted(path.name for path in out.iterdir()) == ["a.aas", "b.warm.aas", "c.aas", "good.aas"]
    assert serialization.load(out / "b.warm.aas").value == "from a pickle"
    captured = capsys.readouterr()
    assert captured.err.splitlines()[0] == f"[1/7] {files[0]} FAILED"
    assert captured.err.splitlines()[-1] == f"[7/7] {good} -> good.aas"
    report = captured.out.splitlines()
    assert f"{files[0]}: FAILED: byte 3: found os.system" in report
    assert f"{files[2]}: FAILED: {files[2]}: No such file or directory" in report
    assert f"{files[3]}: note: took the corrected row weights" in report
    assert report[-1] == "4 converted, 3 failed"
    assert "Traceback" not in captured.out + captured.err


def test_convert_hands_its_options_on(pickles, tmp_path):
    arguments = ["--backend", "numpy", "--written-by", "2026.8.22.1", "--verify"]
    assert main(["convert", str(tmp_path / "a.pickle"), "--out", str(tmp_path / "out"), *arguments]) == OK
    assert main(["verify", str(tmp_path / "c"), "--backend", "jax"]) == OK
    assert pickles == [("a.pickle", "numpy", "2026.8.22.1", True), ("c", "jax", None, True)]


def test_convert_as_json(pickles, good, tmp_path, capsys):
    arguments = [str(tmp_path / "evil.pkl"), str(good), "--out", str(tmp_path / "out"), "--json"]
    assert main(["convert", *arguments]) == CHECK_FAILED

    evil, fine = json.loads(capsys.readouterr().out)
    assert (evil["error"], evil["bytes_after"], evil["format"]) == ("byte 3: found os.system", None, "pickle")
    assert (fine["error"], fine["format"], fine["type"]) == (None, "aas", "Part")
    assert fine["bytes_after"] == Path(fine["output"]).stat().st_size
    assert fine["bytes_before"] == good.stat().st_size


def test_convert_overwrites_only_when_told(good, tmp_path, capsys):
    out = tmp_path / "out"
    out.mkdir()
    there = out / "good.aas"
    there.write_bytes(b"precious")
    assert main(["convert", str(good), "--out", str(out)]) == CHECK_FAILED
    assert there.read_bytes() == b"precious"
    assert f"{there}: expected no such file, found one; overwrite it with --force" in capsys.readouterr().out

    assert main(["convert", str(good), "--out", str(out), "--force"]) == OK
    assert serialization.load(there).value.values[0] == 3.0


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_convert_never_writes_to_its_input(force, good, tmp_path, capsys):
    before = good.read_bytes()
    assert main(["convert", str(good), "--out", str(tmp_path), *force]) == CHECK_FAILED

    assert good.read_bytes() == before
    assert "expected another file than the input; choose another folder with --out" in capsys.readouterr().out


def test_convert_can_verify_first(good, wrong, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["convert", str(good), str(wrong), "--out", str(out), "--verify"]) == CHECK_FAILED

    assert [path.name for path in out.iterdir()] == ["good.aas"]
    assert "$[0].value.total: expected what the state gives, found a difference of" in capsys.readouterr().out


def test_the_names_of_outputs():
    def names(*files):
        return [str(path) for path in outputs_for([Path(file) for file in files], Path("out"))]

    assert names("x/a.pickle", "b.warm.dill", "c", "d.aas") == ["out/a.aas", "out/b.warm.aas", "out/c.aas", "out/d.aas"]
    assert names("a.pickle", "a.dill", "v1.0") == ["out/a.pickle.aas", "out/a.dill.aas", "out/v1.0.aas"]
    assert names("a.aas", "a.pkl") == ["out/a.aas", "out/a.pkl.aas"]
    with pytest.raises(ValueError, match=r"of distinct names, found x/a\.pkl, y/a\.pkl; convert them"):
        names("x/a.pkl", "y/a.pkl", "b.pkl")
    with pytest.raises(ValueError, match="of distinct names"):
        names("a.aas", "a")


def test_names_that_collide_are_one_line(tmp_path, capsys):
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.pkl").write_bytes(b"")
    files = [str(tmp_path / folder / "a.pkl") for folder in ("x", "y")]
    assert main(["convert", *files, "--out", str(tmp_path / "out")]) == UNUSABLE
    assert capsys.readouterr().err.startswith("autoarray-state: error: expected files of distinct names")
    assert not (tmp_path / "out").exists()


def test_verify_computes_again(good, capsys):
    assert main(["verify", str(good)]) == OK
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[2] == [str(good), "aas", "1", "0.0e+00", "verified"]


def test_verify_compares_the_terms_of_a_fit_on_jax(tmp_path, capsys):
    jnp = pytest.importorskip("jax.numpy")
    made = Computes(jnp.full(4, 3.0), xp=jnp)
    _ = made.total
    right = serialization.save(made, tmp_path / "right.aas")
    made._derived.results["total"] = made.total * (1 + 2e-8)
    wrong = serialization.save(made, tmp_path / "wrong.aas")

    assert main(["verify", str(right)]) == main(["verify", str(right), "--backend", "numpy"]) == OK
    assert main(["verify", str(wrong)]) == CHECK_FAILED
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [row[2:] for row in rows if row[1:2] == ["aas"]] == [
        ["1", "0.0e+00", "verified"],
        ["1", "0.0e+00", "verified"],
        ["1", "2.0e-08", "FAILED"],
    ]


def test_arrays_may_differ_more_than_terms():
    assert [one.passed for one in _compare("x", [1.0, np.ones(2)], [1 + 1e-7, np.ones(2) + 1e-7])] == [False, True]
    assert [one.passed for one in _compare("x", [np.ones(2), np.ones(3)], [np.ones(2) + 1e-5, np.ones(2)])] == [
        False
    ] * 2
    assert [one.passed for one in _compare("x", [np.nan, np.inf, "a"], [np.nan, 1.0, "b"])] == [True, False, False]


def test_verify_reports_each_file(good, wrong, pickles, tmp_path, capsys):
    damaged = tmp_path / "damaged.aas"
    content = bytearray(good.read_bytes())
    content[-1] ^= 1
    damaged.write_bytes(content)
    files = [wrong, damaged, tmp_path / "evil.pkl", tmp_path / "a.pickle", good]
    assert main(["verify", *map(str, files)]) == CHECK_FAILED

    captured = capsys.readouterr()
    report = captured.out.splitlines()
    assert [line.split()[-1] for line in report[2:7]] == ["FAILED", "FAILED", "FAILED", "verified", "verified"]
    assert f"{wrong}: FAILED: 1 of 1 stored values differ from what the state gives, most of all $[0].value.total" in (
        captured.out
    )
    assert f"{damaged}: FAILED: array 0, float64, shape (4,): its digest does not agree" in captured.out
    assert captured.err == ""


def test_verify_as_json(good, wrong, capsys):
    assert main(["verify", "--json", str(good), str(wrong)]) == CHECK_FAILED
    first, second = json.loads(capsys.readouterr().out)
    assert (first["checked"], first["delta"], first["error"]) == (1, 0.0, None)
    assert second["delta"] == pytest.approx(0.001 / 12.001)
    assert second["error"]


def test_debug_shows_the_traceback(wrong, tmp_path, capsys):
    missing = str(tmp_path / "missing")
    for arguments in (["verify", missing], ["convert", missing, "--out", str(tmp_path / "out")]):
        assert main([*arguments, "--debug"]) == UNUSABLE
        assert capsys.readouterr().err.startswith("Traceback")


@pytest.mark.parametrize(
    "arguments", [["convert"], ["convert", "a"], ["verify"], ["verify", "a", "--backend", "torch"]]
)
def test_a_wrong_command_line(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == UNUSABLE
    assert "usage: autoarray-state" in capsys.readouterr().err
