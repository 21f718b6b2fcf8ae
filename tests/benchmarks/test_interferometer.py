"""The benchmark of an interferometer, on few visibilities."""

import json

import numpy as np
import pytest

from benchmarks import interferometer
from benchmarks.__main__ import parser
from benchmarks.interferometer_worker import tracks


def test_it_prints_a_row_for_each_side_and_writes_its_figures(tmp_path, capsys):
    path = tmp_path / "figures.json"
    options = parser().parse_args(
        [
            *("interferometer", "--visibilities", "300", "--meshes", "rectangular", "--ours", "default", "stream"),
            *("--evaluations", "1", "--json", str(path)),
        ]
    )
    interferometer.run(options)
    output = capsys.readouterr().out
    assert "Log evidence on a rectangular mesh, CPU time" in output
    assert "ours, default" in output
    results = json.loads(path.read_text())["results"]
    assert [result["route"] for result in results] == ["default", "stream"]
    assert all(result["seconds"] > 0.0 for result in results)
    # One chunk of a stream has the visibilities of the dataset.
    np.testing.assert_allclose(results[1]["evidence"], results[0]["evidence"], rtol=1e-9)


def test_finufft_alone_has_a_set_up(capsys):
    pytest.importorskip("finufft")
    options = parser().parse_args(
        ["interferometer", "--visibilities", "300", "--meshes", "rectangular", "--ours", "transforms"]
    )
    interferometer.run(options)
    assert "finufft, transforms" in capsys.readouterr().out


def test_a_side_that_fails_has_a_row_that_says_so():
    found = interferometer.measured("python-that-is-not-there", {}, is_ours=False, threads=None)
    assert "python-that-is-not-there" in found["error"]
    assert "not-there" in interferometer._row(10, "peer, fft", found, {})[3]


def test_tracks_stay_within_the_longest_baseline():
    uv = tracks(1000)
    assert uv.shape == (1000, 2)
    assert np.hypot(*uv.T).max() < 4e6
