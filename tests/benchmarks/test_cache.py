"""The benchmark of the cache: that it runs, checks what it reads, and tells what it says."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*arguments):
    command = [sys.executable, "-m", "benchmarks", "cache", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


def test_hits(tmp_path):
    path = tmp_path / "cache.json"
    done = run("--repeat", "2", "--folder", str(tmp_path), "--json", str(path))
    assert done.returncode == 0, done.stderr
    record = json.loads(path.read_text())
    results = record["results"]
    peers = {"joblib.Memory call", "diskcache.Cache get"}
    assert len(peers & set(results)) + len(record["absent"]) == len(peers)
    ours = results["serialization.Cache get"]
    assert len(ours["warm"]) == 2
    assert all(ours["bytes"] < results[name]["bytes"] for name in peers & set(results))
    assert min(ours["warm"]) < min(record["recomputed"])
    assert [item.name for item in tmp_path.iterdir()] == ["cache.json"]


def test_stress(tmp_path):
    path = tmp_path / "stress.json"
    done = run("--stress", "--processes", "2", "--operations", "60", "--json", str(path))
    assert done.returncode == 0, done.stderr
    assert "one computation for each missing key" in done.stdout
    assert json.loads(path.read_text())["problems"] == []
