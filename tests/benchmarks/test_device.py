"""benchmarks/device.sh on a CPU: that it checks, measures, keeps what it has, and tells what failed."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "benchmarks" / "device.sh"


@pytest.fixture(autouse=True)
def path(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))


def device_sh(folder, *arguments):
    """The finished script on the CPU, in this interpreter."""
    environment = os.environ | {"PYTHON": sys.executable, "JAX_PLATFORMS": "cpu"}
    command = ["bash", str(SCRIPT), str(folder), *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)


def test_a_small_problem(tmp_path):
    pytest.importorskip("jax")
    limits = ("--limit", "500", "--case-limit", "300")
    done = device_sh(tmp_path, "--small", "--mesh", "uniform", "--cases", "1", *limits)
    assert done.returncode == 0, done.stdout + done.stderr
    record = json.loads((tmp_path / "device.json").read_text())
    assert record["device"]["platform"] == "cpu"
    assert record["device"]["float64"]
    assert list(record["check"]) == ["uniform"]
    assert record["check"]["uniform"]["difference"] <= record["tolerance"] == 1e-8
    assert list(record["cases"]) == ["uniform, 60 Gaussians"]
    case = record["cases"]["uniform, 60 Gaussians"]
    assert case["done"]
    assert (case["data_pixels"], case["params"]) == (793, 64 + 60)
    for what in ("value", "batch", "gradient"):
        assert case[what]["median"] >= case[what]["best"] > 0.0
        assert case[what]["compile"] > 0.0
        assert case[what]["memory"]["program"] > 0
        assert case[what]["difference"] <= 1e-8
    assert case["gradient"]["gradient_difference"] < 1e-4
    # on a CPU the curvature matrix and the positive-only solution are those of NumPy
    assert case["value"]["host_callbacks"] > 0
    # the first batch holds the models of the first two calls
    assert case["batch"]["log_evidence"][:2] == pytest.approx(case["value"]["log_evidence"], rel=1e-9)
    assert len(set(case["batch"]["log_evidence"])) == 4
    assert (tmp_path / "device.txt").read_text().strip() in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["device.json", "device.log", "device.txt"]


def test_without_time_nothing_is_begun(tmp_path):
    pytest.importorskip("jax")
    done = device_sh(tmp_path, "--small", "--mesh", "uniform", "--limit", "29", "--check-limit", "0")
    assert done.returncode == 1
    record = json.loads((tmp_path / "device.json").read_text())
    assert record["check"]["uniform"]["error"] == "stopped: no answer within 0 s"
    assert all(case["error"].startswith("not begun: ") for case in record["cases"].values())
    assert "check uniform: FAILED: stopped" in done.stdout


def test_a_process_that_fails_is_told(tmp_path):
    from benchmarks.device_process import DeviceProcess, DeviceProcessError

    case = {"mesh": "no such mesh", "gaussians": False, "operator": False, "pixels": 36, "radius": 0.8}
    with (tmp_path / "log").open("w") as log, DeviceProcess({"do": "check", "case": case}, log) as process:
        with pytest.raises(DeviceProcessError, match="KeyError: 'no such mesh'"):
            process.answer(120.0)
        with pytest.raises(DeviceProcessError, match=r"the process ended with 1; see device\.log"):
            process.answer(120.0)
    assert "Traceback" in (tmp_path / "log").read_text()


def test_a_difference_is_not_agreement():
    from benchmarks import device_table

    record = {"tolerance": 1e-8, "check": {"uniform": {"difference": 1e-9}}, "cases": {}}
    assert device_table.agrees(record)
    record["check"]["uniform"]["difference"] = 1e-7
    assert not device_table.agrees(record)
    record["check"]["uniform"]["difference"] = float("inf")
    assert not device_table.agrees(record)
    record["check"] = {"uniform": {"error": "out of memory"}}
    assert not device_table.agrees(record)
    assert not device_table.agrees(record | {"check": {}})


def test_every_mesh_is_checked_and_the_published_ones_come_first():
    from benchmarks import device, device_table, targets

    assert set(device.MESHES) == set(targets.DEFAULT_PATH)
    assert {case.mesh for case in device.CASES[:2]} == set(device_table.PUBLISHED)
    timed = {(case.mesh, case.gaussians) for case in device.CASES}
    assert timed == {(mesh, light) for mesh in ("uniform", "adaptive", "delaunay") for light in (False, True)}
    assert isinstance(device.parser().parse_args(["out"]), argparse.Namespace)


@pytest.fixture
def modules(monkeypatch):
    """The modules of a worker process, which are found beside it, imported for one test."""
    pytest.importorskip("jax")
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    names = ("problem", "light", "jitted")
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield tuple(__import__(name) for name in names)
    for name in names:
        sys.modules.pop(name, None)


@pytest.mark.parametrize("gaussians", [0, 60])
@pytest.mark.parametrize("mesh", ["uniform", "adaptive"])
def test_no_host_callback_in_the_program_for_a_gpu(modules, mesh, gaussians):
    problem, _, jitted = modules
    dataset = problem.dataset_from(None, 0.6, lens_light=gaussians > 0)
    case = jitted.Jitted(dataset, mesh, 36, gaussians)
    for what in ("value", "batch", "gradient"):
        arguments = case.batch_arguments(0, 2) if what == "batch" else case.arguments(0)
        program = case.functions[what].trace(*arguments).lower(lowering_platforms=("cuda",)).as_text()
        assert "callback" not in program
        assert "cusolver_potrf" in program


def test_gaussians_are_convolved_with_the_light_around_the_mask(modules):
    """Inside the mask they are what a wider mask gives there, but for the over-sampling of what is around it."""
    problem, light, _ = modules
    small, wide = (problem.dataset_from(None, radius, lens_light=True) for radius in (0.6, 1.3))
    gaussians, of_wide = (light.Gaussians(dataset, light.profiles_from(3)[1]) for dataset in (small, wide))
    inside = ~np.asarray(small.mask.array)[~np.asarray(wide.mask.array)]
    expected = of_wide.operated_mapping_matrix_override[inside]
    images = gaussians.operated_mapping_matrix_override
    assert images.shape == (small.mask.pixels_in_mask, 20)
    np.testing.assert_allclose(images, expected, rtol=5e-3)
    without = small.psf.convolved_mapping_matrix_from(mapping_matrix=gaussians.mapping_matrix, mask=small.mask)
    assert np.max(np.abs(without / expected - 1.0)) > 0.2
