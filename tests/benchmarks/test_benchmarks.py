"""The benchmark commands: that they run, tell what is absent, and measure what they say."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def problem(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks import problem

    return problem


def run(*arguments):
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


def test_fit_without_a_peer(tmp_path):
    path = tmp_path / "fit.json"
    done = run("fit", "--mesh", "adaptive", "--repeat", "2", "--json", str(path))
    assert done.returncode == 0, done.stderr
    assert "peer absent" in done.stdout
    record = json.loads(path.read_text())
    side = record["meshes"]["adaptive"]["sides"]["ours"]
    assert side["pixels"] == 15361
    assert side["psf_shape"] == [21, 21]
    # three different models: none of them a repetition of another
    evidences = [evaluation["log_evidence"] for evaluation in side["evaluations"]]
    assert len(set(evidences)) == 3
    assert all(np.isfinite(evidences))
    assert side["median"] > 0.0
    assert side["peak"] > side["import_peak"] > 0.0
    assert record["meshes"]["adaptive"]["log_evidence_difference"] is None


def test_fit_with_the_light_of_a_lens(tmp_path):
    path = tmp_path / "fit.json"
    done = run("fit", "--mesh", "uniform", "--light", "9", "--repeat", "1", "--json", str(path))
    assert done.returncode == 0, done.stderr
    assert "uniform, 9 Gaussians: peer absent" in done.stdout
    (result,) = json.loads(path.read_text())["meshes"].values()
    side = result["sides"]["ours"]
    assert result["light"] == 9
    for evaluation in side["evaluations"]:
        assert 0.0 < evaluation["solver_seconds"] < evaluation["seconds"]
    assert 0.0 < side["solver"] < side["median"]


@pytest.mark.parametrize("number", ["-3", "7"])
def test_a_number_of_gaussians_that_makes_no_three_sets_is_an_error(number):
    done = run("fit", "--light", number)
    assert done.returncode == 2
    assert f"expected a multiple of 3 that is not negative, found {number}" in done.stderr


def test_ratios_of_a_fit_are_those_of_evaluations_in_turn(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks import fit

    evaluations = {"ours": [9.0, 1.0, 2.0, 4.0], "peer": [1.0, 3.0, 2.0, 16.0]}
    sides = {
        name: {"evaluations": [{"seconds": value, "log_evidence": -value} for value in values]}
        for name, values in evaluations.items()
    }
    assert fit.ratio(sides) == 3.0
    assert fit.ratio(sides, fit.SPARSE) is None
    assert fit.disagreement(sides) == 8.0


def test_codec_without_a_peer(tmp_path):
    path = tmp_path / "codec.json"
    done = run("codec", "--mesh", "adaptive", "--repeat", "1", "--json", str(path))
    assert done.returncode == 0, done.stderr
    assert "PyAutoArray's pickle 5 (give --peer)" in done.stdout
    record = json.loads(path.read_text())
    results = record["results"]
    named = {"cloudpickle", "joblib dump / load (file)", "msgpack-numpy", "safetensors"}
    assert len(named & set(results)) + len(record["absent"]) == len(named)
    assert results["serialization dumps / loads"]["bytes"] <= 8e6
    for compression in ("zlib", "shuffle-zstd", "shuffle-lz4"):
        assert results[f"serialization, {compression}"]["bytes"] < results["serialization dumps / loads"]["bytes"]
    assert results["pickle 5"]["bytes"] <= 8e6


def test_partial(tmp_path):
    path = tmp_path / "partial.json"
    done = run("partial", "--gigabytes", "0.07", "--repeat", "1", "--folder", str(tmp_path), "--json", str(path))
    assert done.returncode == 0, done.stderr
    assert "an array of 1.00 MB in a file of 65.0" in done.stdout
    record = json.loads(path.read_text())
    assert len(record["results"]) + len(record["absent"]) == 9
    assert min(record["results"].values()) > 0.0
    assert [file.name for file in tmp_path.iterdir()] == ["partial.json"]


def test_imports_without_a_peer(tmp_path):
    path = tmp_path / "imports.json"
    done = run("imports", "--repeat", "2", "--json", str(path))
    assert done.returncode == 0, done.stderr
    assert "(give --peer)" in done.stdout
    results = json.loads(path.read_text())["results"]
    modules = {name: {one["modules"] for one in found} for name, found in results.items()}
    (base,), (ours,), (codec,), (both,) = modules.values()
    assert ours + codec >= both > max(ours, codec) > 0
    assert base > 100
    assert all(len(found) == 2 and one["processor"] > 0.0 for found in results.values() for one in found)


@pytest.mark.parametrize("light", ["0", "6"])
def test_jax_without_a_peer(tmp_path, light):
    pytest.importorskip("jax")
    path = tmp_path / "jax.json"
    small = (
        "--mesh",
        "uniform",
        "--radius",
        "0.8",
        "--pixels",
        "36",
        "--repeat",
        "1",
        "--batch",
        "2",
        "--light",
        light,
    )
    done = run("jax", *small, "--json", str(path))
    assert done.returncode == 0, done.stderr
    assert "peer absent" in done.stdout
    assert f"{light} Gaussians" in done.stdout
    found = json.loads(path.read_text())["meshes"]["uniform"]["sides"]["ours"]
    values = [value for call in found["value"]["calls"] for value in call["log_evidence"]]
    batches = [value for call in found["batch"]["calls"] for value in call["log_evidence"]]
    assert len(set(values)) == 2
    # the first batch has the same two models
    assert batches[:2] == pytest.approx(values, rel=1e-9)
    assert found["value"]["first"] > found["value"]["median"] > 0.0


def test_a_failing_worker_is_an_error():
    done = run("fit", "--peer", "no-such-interpreter", "--repeat", "1")
    assert done.returncode != 0
    assert "no-such-interpreter" in done.stderr


def test_tracing_is_the_gradient_of_a_potential(problem):
    """The deflection of a lens has no curl: its Jacobian is symmetric."""
    rng = np.random.default_rng(1)
    grid = rng.uniform(-3.0, 3.0, (50, 2))
    step = 1.0e-5
    jacobian = np.empty((50, 2, 2))
    for j in range(2):
        shift = np.zeros(2)
        shift[j] = step
        jacobian[:, :, j] = (problem.trace(grid + shift, 1.6) - problem.trace(grid - shift, 1.6)) / (2 * step)
    np.testing.assert_allclose(jacobian[:, 0, 1], jacobian[:, 1, 0], rtol=1e-6, atol=1e-8)


def test_tracing_has_its_einstein_radius(problem):
    """Without ellipticity and shear the deflection is the Einstein radius, along the radius."""
    angle = np.linspace(0.0, 6.0, 7)
    grid = 2.0 * np.stack([np.sin(angle), np.cos(angle)], axis=1)
    deflection = grid - problem.trace(grid, 1.6)
    shear = np.stack([0.05 * grid[:, 1] - 0.05 * grid[:, 0], 0.05 * grid[:, 1] + 0.05 * grid[:, 0]], axis=1)
    radial = ((deflection - shear) * grid).sum(axis=1) / 2.0
    np.testing.assert_allclose(radial, 1.6, rtol=0.06)
