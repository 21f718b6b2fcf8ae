"""`python -m benchmarks autolens`: what its figures are made of."""

from __future__ import annotations

import argparse

import pytest

from benchmarks import __main__ as command
from benchmarks import lens


def evaluations(*values, seconds=1.0):
    return [{"seconds": seconds * (index + 1), "log_evidence": value} for index, value in enumerate(values)]


def side(*values, **more):
    result = {"failed": None, "evaluations": evaluations(*values), **more}
    lens.summarise(result)
    return result


def options(*words):
    return command.parser().parse_args(["autolens", *words])


def test_the_sides_are_two_environments_and_both_paths_of_the_peer():
    assert lens.sides_of(options("--ours", "a", "--peer", "b")) == {"ours": "a", "peer": "b", "peer (sparse)": "b"}
    assert lens.sides_of(options("--ours", "a", "--peer", "b", "--no-peer-sparse")) == {"ours": "a", "peer": "b"}
    assert lens.sides_of(options("--ours", "a")) == {"ours": "a"}
    with pytest.raises(SystemExit):
        options("--peer", "b")


def test_the_first_evaluation_is_apart():
    found = side(-10.0, -11.0, -12.0)
    assert (found["first"], found["median"]) == (1.0, 2.5)
    failed = {"failed": "does not fit", "evaluations": evaluations(-10.0)}
    lens.summarise(failed)
    assert failed["first"] == 1.0
    assert "median" not in failed


def test_the_largest_difference_counts():
    sides = {"ours": side(-100.0, -200.0), "peer": side(-100.0, -200.0002)}
    assert lens.difference(sides, "peer") == pytest.approx(1e-6)
    assert lens.difference({"ours": side(-1.0), "peer": side()}, "peer") is None


def test_what_differs_or_fails_is_told():
    fine = {"ours": side(-100.0, -200.0), "peer": side(-100.0, -200.0)}
    assert lens.lines_from({"fits": {"uniform": fine}}) == []
    failed = {"failed": "failed", "why": "peer: pickle: cannot pickle 'module' object"}
    worse = {
        "ours": side(-100.0, -200.0),
        "peer": side(-100.0, -201.0, pickle=failed),
        "peer (sparse)": {"failed": "does not fit", "why": "peer (sparse): evaluate: memory", "evaluations": []},
    }
    lines = lens.lines_from({"fits": {"delaunay": worse}})
    assert lines == [
        "delaunay, pickle: peer: pickle: cannot pickle 'module' object",
        "delaunay: the log evidence differs from that of peer by 5.0e-03 of itself",
        "delaunay, peer (sparse): peer (sparse): evaluate: memory",
    ]


def test_a_row_has_a_cell_for_each_column():
    carried = {"bytes": 1_500_000, "dumps": 0.01, "loads": 0.01}
    sides = {"ours": side(-1.0, -1.0, pickle=carried, aas=carried, seconds=2.0), "peer": side(-1.0, -1.0)}
    rows = lens.rows_from("uniform", sides)
    assert {len(row) for row in rows} == {11}
    assert rows[0][7:] == ["1.50 MB", "10.00 ms", "1.50 MB", "10.00 ms"]
    assert rows[1][5:7] == ["1.00 x", "0e+00"]


def test_the_command_is_listed():
    assert "autolens" in command.parser().format_help()
    assert isinstance(options("--ours", "a"), argparse.Namespace)


def test_the_folder_of_the_data_is_that_of_the_command_line(tmp_path, monkeypatch):
    """Each side runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    assert options("--ours", "python", "--data", "hst").data == str(tmp_path / "hst")
