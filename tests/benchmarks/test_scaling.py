"""The command that measures the growth of the time: its rounds, its curves and its figure."""

import json
import re
import sys
from types import SimpleNamespace

import pytest

from benchmarks import scaling
from benchmarks.__main__ import main
from benchmarks.processes import PEER, PEER_SPARSE

SMALL = ["--threads", "1", "--radii", "0.3", "0.4", "0.5", "0.6", "0.7", "--pixels", "49", "64", "81", "100", "121"]


def test_the_curves_share_their_last_mask():
    points = scaling.points_of([1.2, 3.5], [512, 1536, 2176])
    assert points == {"data": [(1.2, 1536), (3.5, 1536)], "mesh": [(3.5, 512), (3.5, 1536), (3.5, 2176)]}
    assert scaling.points_of([1.0], [9, 16])["data"] == [(1.0, 16)]


def test_scaling_of_every_side(tmp_path, capsys):
    """This project stands in for the peer."""
    pytest.importorskip("matplotlib")
    path, figure = tmp_path / "scaling.json", tmp_path / "scaling.png"
    arguments = ["--mesh", "uniform", "--mesh", "delaunay", "--repeat", "3", "--light", "3", "--peer", sys.executable]
    main(["scaling", *SMALL, *arguments, "--json", str(path), "--plot", str(figure)])
    rows = [re.split(r"  +", line) for line in capsys.readouterr().out.splitlines()]
    record = json.loads(path.read_text())
    assert record["light"] == 3
    assert record["fixed"] == {"data": 121, "mesh": 609}
    assert list(record["curves"]) == ["uniform", "delaunay"]
    for mesh, sides in record["curves"].items():
        assert list(sides) == ["ours", PEER, PEER_SPARSE]
        for side, curve in sides.items():
            assert curve["data"]["sizes"][-1] == 609
            assert curve["mesh"]["sizes"] == [49, 64, 81, 100, 121]
            for axis in ("data", "mesh"):
                found = curve[axis]
                assert [len(seconds) for seconds in found["seconds"]] == [3] * 5
                assert all(0.0 < best <= median for best, median in zip(found["best"], found["median"], strict=True))
            # the curves meet in one point
            assert curve["data"]["seconds"][-1] == curve["mesh"]["seconds"][-1]
            (row,) = (cells for cells in rows if cells[:2] == [mesh, side])
            laws = [curve[axis]["power_law"] for axis in ("data", "mesh")]
            assert row[2:4] == [law["text"] if law["is_resolved"] else "-" for law in laws]
    assert figure.read_bytes().startswith(b"\x89PNG")


class FakeWorker:
    is_peer = True

    def __init__(self, seconds):
        self.seconds, self.asked = seconds, []

    def ask(self, do, **request):
        self.asked.append(request["index"])
        return {"seconds": self.seconds}


@pytest.mark.parametrize(("seconds", "measured"), [(1.0, 9), (4.0, 6), (30.0, 3)])
def test_a_slow_point_is_measured_less_often(seconds, measured):
    worker, result = FakeWorker(seconds), {"seconds": []}
    for index in range(10):
        scaling._measure_once(worker, result, "knn", (3.5, 1536), index, 0, 20.0)
    # the first evaluation is not counted
    assert result["seconds"] == [seconds] * measured
    assert worker.asked == list(range(measured + 1))


def test_rounds_have_orders_of_their_own(monkeypatch):
    asked = []

    class Recorder(FakeWorker):
        def ask(self, do, **request):
            if do == "setup":
                return {"pixels": int(1000 * request["mask_radius"])}
            asked.append((request["index"], request["mesh"], request["radius"], request["pixels"]))
            return {"seconds": 1.0}

    class Workers(dict):
        def __enter__(self):
            return self

        def __exit__(self, *error):
            pass

    monkeypatch.setattr(scaling, "workers_of", lambda options: Workers(ours=Recorder(1.0)))
    options = SimpleNamespace(data=None, light=None, repeat=3, budget=100.0)
    points = [(0.5, 9), (0.7, 9), (0.7, 16)]
    data_pixels, results = scaling.measure(options, ["uniform", "knn"], points)
    assert data_pixels == {0.5: 500, 0.7: 700}
    assert {len(result["seconds"]) for result in results["knn"]["ours"].values()} == {3}
    rounds = [[turn[1:] for turn in asked if turn[0] == index] for index in range(4)]
    assert all(sorted(turns) == sorted(rounds[0]) and len(turns) == 6 for turns in rounds)
    assert len({tuple(turns) for turns in rounds}) > 1


def test_a_side_that_failed_leaves_its_curve_short():
    results = [{"seconds": [2.0, 1.0, 4.0]}, {"seconds": [], "failed": "does not fit", "why": "peer: no memory"}]
    curve = scaling.curve_from([10, 20], results)
    assert (curve["sizes"], curve["best"], curve["median"]) == ([10], [1.0], [2.0])
    assert curve["power_law"] is None
    assert curve["failures"] == ["peer: no memory"]
