"""`python -m benchmarks transport`: that every way works, and that what arrives is what was sent."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_transport_without_a_peer(tmp_path):
    pytest.importorskip("distributed")
    pytest.importorskip("joblib")
    path = tmp_path / "transport.json"
    command = [sys.executable, "-m", "benchmarks", "transport", "--mesh", "adaptive", "--repeat", "3"]
    done = subprocess.run([*command, "--json", str(path)], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "(give --peer)" in done.stdout
    assert "arrived bit for bit" in done.stdout
    record = json.loads(path.read_text())
    ours = record["sides"]["ours"]
    assert set(ours["ways"]) == {"queue", "shared", "loky", "dask"}
    assert 0 < ours["array_bytes"] <= ours["bytes"] <= 8e6
    for way in ours["ways"].values():
        assert len(way["seconds"]) == 3
        assert 0.0 < way["best"] <= way["median"]
    assert record["ratios"] == dict.fromkeys(ours["ways"])


def test_a_receiver_with_other_values_is_noticed(monkeypatch):
    """The check compares bytes, so it can fail."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import handover
    import problems

    class Wrong(handover.Queue):
        def __init__(self):
            pass

        def digests(self):
            seconds, found = handover.digests_of(problems.evaluated_fit_from(einstein=0.36))
            return seconds, found

    fit = problems.evaluated_fit_from()
    receivers = handover.Handover()
    receivers.ways["queue"] = Wrong()
    with pytest.raises(AssertionError, match=r"queue: what the receiver reads .*reconstruction"):
        receivers.check(fit, "queue")
