"""`python -m benchmarks pool`: that every way works, and what its figures are made of."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import pool

ROOT = Path(__file__).parents[2]


def test_pool_without_a_peer(tmp_path):
    path = tmp_path / "pool.json"
    command = [sys.executable, "-m", "benchmarks", "pool", "--workers", "1", "--fits", "4", "--others", "2"]
    command += ["--tasks", "8", "--operator", "without", "--mesh", "adaptive", "--json", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert "(give --peer)" in done.stdout
    (record,) = json.loads(path.read_text())["datasets"].values()
    assert record["resident"]["task_bytes"] <= 1000 < 100_000 < record["pickle"]["task_bytes"]
    assert record["resident"]["resident_bytes"] > 1e6
    assert record["resident"]["fits"] == 4
    assert record["pickle"]["fits"] == 2
    assert record["resident"]["memory"]["tasks"] == 8
    assert record["differences"] == {"pickle": 0.0}
    assert 0.0 < record["resident"]["handle_seconds"] < 0.05
    assert record["pickle"]["handle_seconds"] is None
    assert all(record[way]["rate"] > 0.0 for way in ("resident", "pickle"))


def report(index, own_bytes, pid=1, log_evidence=-2.0):
    return {"pid": pid, "index": index, "own_bytes": own_bytes, "log_evidence": log_evidence}


@pytest.mark.parametrize(("late", "growth"), [(100, 0), (350, 250)])
def test_growth_is_what_comes_after_the_first_tasks(late, growth):
    values = [500] * 10 + [100] * 10 + [700] * 70 + [late] * 10
    reports = [report(index, value, pid) for pid in (1, 2) for index, value in enumerate(values)]
    found = pool.memory_of(reports)
    assert (found["tasks"], found["workers"], found["early"]) == (200, 2, 100)
    assert found["growth_median"] == found["growth_most"] == growth
    assert pool.memory_of([report(0, None)])["growth_most"] is None


def test_another_evidence_is_noticed():
    ways = {"resident": [report(0, 0), report(1, 0)], "pickle": [report(0, 0)], "peer": [report(1, 0, 1, -2.5)]}
    record = {way: {"turns": [{"reports": reports}]} for way, reports in ways.items()} | {"other": {"error": "x"}}
    assert pool.differences(record) == {"pickle": 0.0, "peer": pytest.approx(0.2)}
