"""The problems of the benchmarks: an image of HST and one of JWST; and what the comparison has to show."""

import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import fit, targets
from benchmarks.processes import OURS_SPARSE, PEER, PEER_SPARSE


@pytest.fixture
def problem():
    from benchmarks import problem

    return problem


def test_the_size_of_a_jwst_image(problem):
    dataset = problem.dataset_from(None, lens_light=True, size="jwst")
    assert dataset.mask.pixels_in_mask == 70669
    assert dataset.mask.pixel_scales == (0.03, 0.03)
    assert dataset.psf.kernel.shape_native == (31, 31)
    # a disc of 150 pixels widened by half of the PSF on each side, all of it inside the image
    assert dataset.grids.blurring.shape[0] == pytest.approx(4 * 150 * 30 + 30**2, rel=0.01)
    vertices = problem.vertices_from(dataset, 3072)
    distance = np.hypot(*vertices.T)
    assert vertices.shape == (3072, 2)
    assert 4.45 < distance[: -problem.EDGE_VERTICES].max() < 4.5 < distance[-1] < 4.6


@pytest.mark.parametrize("size", ["hst", "jwst"])
def test_sizes_suit_the_peer(problem, size):
    of_size = problem.SIZES[size]
    assert of_size.mesh_pixels % 128 == 0
    side = round(of_size.mesh_pixels**0.5)
    assert fit.SIZES[size] == f"{side} x {side} mesh or {of_size.mesh_pixels:,} vertices"
    kernel = of_size.psf_from(of_size.psf_shape, of_size.pixel_scale)
    assert kernel.sum() == pytest.approx(1.0)
    assert kernel.min() > 0.0
    assert np.unravel_index(kernel.argmax(), kernel.shape) == tuple(n // 2 for n in of_size.psf_shape)


def test_the_psf_of_jwst_is_as_wide_as_the_telescope_makes_it(problem):
    """About a wavelength over the diameter (2 micrometres over 6.6 m), and alike after a sixth of a turn."""
    fine = problem.psf_of_jwst((61, 61), 0.01)
    y, x = problem._pixel_centres((61, 61), 0.01)
    core = fine > 0.5 * fine.max()
    width = 2.0 * np.sqrt(core.sum() * 0.01**2 / np.pi)
    assert width == pytest.approx(np.rad2deg(2.0e-6 / 6.6) * 3600.0, rel=0.15)
    np.testing.assert_allclose(fine, fine[::-1, ::-1], atol=1e-3 * fine.max())
    ring = np.abs(np.hypot(y, x) - 0.11) < 0.012
    angle = np.arctan2(y, x)[ring]
    sixfold, fourfold = (abs(np.sum(fine[ring] * np.exp(1j * n * angle))) for n in (6, 4))
    assert sixfold > 3.0 * fourfold


@pytest.mark.parametrize(
    ("side", "mesh", "light", "expected"),
    [
        (PEER, "uniform", 60, 20.0),
        (PEER, "delaunay_nn", 0, 15.0),
        (PEER_SPARSE, "adaptive", 60, 2.0),
        (PEER_SPARSE, "delaunay", 0, 1.7),
        (PEER_SPARSE, "knn", 60, 20.0),
        (PEER_SPARSE, "kernel", 0, None),
    ],
)
def test_the_target_of_each_path(side, mesh, light, expected):
    assert targets.target_of(side, mesh, light, "hst") == expected
    assert targets.target_of(side, mesh, light, "jwst") is None


def test_every_mesh_has_a_target(problem):
    assert list(targets.DEFAULT_PATH) == list(problem.MESHES) == fit.MESHES
    assert set(targets.SLOW_MESHES) < set(fit.MESHES)


def test_lines_name_each_path_with_its_target():
    def side(seconds, evidence, peak):
        return {"failed": None, "peak": peak} | {
            "evaluations": [{"seconds": each, "log_evidence": evidence} for each in (9.0, seconds, seconds)]
        }

    sides = {
        "ours": side(1.0, -100.0, 10.0),
        OURS_SPARSE: side(1.5, -100.0, 15.0),
        PEER: side(25.0, -100.0, 90.0),
        PEER_SPARSE: side(2.5, -125.0, 40.0),
    }
    compared = fit._compared("uniform", 60, "hst", sides)
    sparse, default, operator = fit.lines_from("uniform", {"sides": sides, "compared": compared})
    end = "the log evidences differ by at most"
    assert (
        sparse
        == f"uniform, beside ours (sparse): 1.50 times faster; {end} 0.0e+00 of themselves; 1.5 times less memory"
    )
    assert default.startswith(f"uniform, beside peer: 25.00 times faster (target 20); {end} 0.0e+00 of themselves; ")
    assert default.endswith("9.0 times less memory (target 7)")
    assert operator.startswith(
        f"uniform, beside peer (sparse): 2.50 times faster (target 2); {end} 2.0e-01 of themselves"
    )
    assert operator.endswith("4.0 times less memory (target 2)")


def test_the_operator_is_made_by_the_peers_call(problem):
    """Both calls exist on either library, and ours gives the evidence without an operator."""
    dataset = problem.dataset_from(None, 0.5)
    evidences = []
    for each in (dataset, getattr(dataset, fit.OPERATOR)(), dataset.apply_sparse_operator()):
        grids = problem.traced_grids(each, 0)
        evidences.append(problem.fit_from(each, "uniform", 0, grids, 36).log_evidence)
    assert evidences[1:] == pytest.approx([evidences[0]] * 2, rel=1e-10)


def test_the_benchmarks_import_nothing_of_the_workers():
    """`problem` is imported by both libraries and from both places."""
    text = (Path(fit.__file__).parent / "problem.py").read_text()
    assert "from benchmarks" not in text
    assert "benchmarks.problem" in sys.modules
