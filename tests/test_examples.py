"""Every example runs as it stands."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# How many results each example says to be the same, bit for bit, after they were carried.
DIFFERENCES = {"carry_a_fit": 3, "own_mesh": 2, "own_types": 1}
SCRIPTS = sorted(path for path in (ROOT / "examples").glob("*.py") if path.name != "simulated.py")


def test_there_are_examples():
    assert len(SCRIPTS) >= 3


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_the_example_runs(script):
    pytest.importorskip("jax")
    result = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )

    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()
    differences = [line.rpartition(": ")[2] for line in result.stdout.splitlines() if line.startswith("difference")]
    if script.stem in DIFFERENCES:
        assert differences == ["0.0"] * DIFFERENCES[script.stem]
