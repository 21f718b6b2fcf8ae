"""The command that measures the background plotter: that it runs, and that its figures come from submissions."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_plotter_without_a_peer(tmp_path):
    pytest.importorskip("matplotlib")
    path = tmp_path / "plotter.json"
    command = [sys.executable, "-m", "benchmarks", "plotter", "--repeat", "10", "--json", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "(give --peer)" in done.stdout
    results = json.loads(path.read_text())["results"]
    assert len(results["submit"]) == 10
    assert len(results["beside"]) == len(results["alone"]) == 2
    stats = results["stats"]
    assert stats["submitted"] == 13
    assert stats["drawn"] + stats["dropped"] == 13
    assert stats["failed"] == 0
    # A figure takes hundreds of milliseconds, a submission less than one.
    assert min(results["foreground"]) > 10 * sorted(results["submit"])[5]
