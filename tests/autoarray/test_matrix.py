"""Every mesh with every regularization against PyAutoArray 2026.10.26.1, and JAX against NumPy.

`docs/matrix.md` is written from these tests:

    python -m pytest tests/autoarray/test_matrix.py --write-matrix docs/matrix.md
"""

from pathlib import Path

import matrix
import matrix_table
import numpy as np
import peer_covariances
import pytest
from matrix import CELLS, FITTED, MESHES, deviation, plain, reference, term

import autoarray as aa

TOLERANCE = 1.0e-8
BACKENDS = 1.0e-7
EPS = np.finfo(float).eps

RECTANGULAR = ["areas_for_magnification", "areas_transformed", "edges_transformed"]
VERTICES = ["areas_for_magnification", "voronoi_areas", "dual_areas"]


def allowed(mesh, regularization, name, base=TOLERANCE):
    """What two exact methods may differ by: the tolerance, and rounding as the matrices behind a number enlarge it.

    A regularization matrix that is the inverse of a covariance matrix is known to eps times its condition only.
    """
    whole, prior, reduced = reference(mesh)[0][f"out/{regularization}/condition"]
    if name in ("regularization_matrix_probed", "regularization_term", "log_det_regularization_matrix_term"):
        return base + EPS * prior
    if name == "log_det_curvature_reg_matrix_term":
        return base + EPS * whole
    if name == "log_evidence":
        return base + EPS * (prior + whole)
    return base + EPS * max(reduced, prior if "Kernel" in regularization else 0.0)


def is_refused(mesh, regularization):
    """Whether a pixelization can't have the two, rather than a fit of them no numbers."""
    return matrix.peer_error(mesh, regularization).startswith("PixelizationException")


def geometry_of(mesh):
    """The numbers of a mesh's geometry."""
    return RECTANGULAR if mesh.startswith("Rectangular") else VERTICES


# ---------------------------------------------------------------------- the meshes


@pytest.mark.parametrize("mesh", MESHES)
def test_mappings_equal_the_peers(mesh):
    arrays, _ = reference(mesh)
    found = matrix.interpolator(mesh, "numpy")
    pixels = len(plain(found.mesh_grid))
    assert deviation(found.mesh_grid, arrays["out/mesh_grid"]) <= TOLERANCE
    assert deviation(found.data_grid.over_sampled, arrays["out/data_grid_over_sampled"]) <= TOLERANCE
    mapped = matrix.dense(found.mappings, found.sizes, found.weights, pixels)
    assert deviation(mapped, arrays["out/sub_mapping_matrix"]) <= TOLERANCE
    assert ("out/split_mapping_matrix" in arrays) == (not mesh.startswith("Rectangular"))
    if not mesh.startswith("Rectangular"):
        split = matrix.dense(*found._mappings_sizes_weights_split, pixels)
        assert deviation(split, arrays["out/split_mapping_matrix"]) <= TOLERANCE


@pytest.mark.parametrize("mesh", MESHES)
def test_the_geometry_equals_the_peers(mesh):
    arrays, _ = reference(mesh)
    geometry = matrix.interpolator(mesh, "numpy").mesh_geometry
    for name in geometry_of(mesh):
        if name == "dual_areas" and mesh != "Delaunay":
            # A single NaN stands for the None that the peer gives for those of other meshes; here they are known.
            assert np.isnan(arrays[f"out/{name}"])
            assert (geometry.dual_areas > 0.0).all()
            continue
        assert deviation(getattr(geometry, name), arrays[f"out/{name}"]) <= TOLERANCE, name
    sizes = arrays["out/neighbors_sizes"]
    assert np.array_equal(geometry.neighbors.sizes, sizes)
    found, expected = plain(geometry.neighbors), arrays["out/neighbors"]
    for pixel, size in enumerate(sizes):
        assert set(found[pixel, :size]) == set(expected[pixel, :size]), pixel


@pytest.mark.parametrize("mesh", MESHES)
def test_the_mesh_on_jax_equals_that_on_numpy(mesh):
    ours, on_jax = (matrix.interpolator(mesh, backend) for backend in ("numpy", "jax"))
    pixels = len(plain(ours.mesh_grid))
    for a, b in zip(
        (ours.mappings, ours.sizes, ours.weights), (on_jax.mappings, on_jax.sizes, on_jax.weights), strict=True
    ):
        assert np.asarray(a).shape[0] == np.asarray(b).shape[0]
    dense = [matrix.dense(i.mappings, i.sizes, i.weights, pixels) for i in (on_jax, ours)]
    assert deviation(*dense) <= BACKENDS
    for name in geometry_of(mesh):
        a, b = (getattr(i.mesh_geometry, name) for i in (on_jax, ours))
        assert deviation(a, b) <= BACKENDS, name
    assert np.array_equal(on_jax.mesh_geometry.neighbors.sizes, ours.mesh_geometry.neighbors.sizes)
    assert np.array_equal(plain(on_jax.mesh_geometry.neighbors), plain(ours.mesh_geometry.neighbors))


# ---------------------------------------------------------------------- the cells


@pytest.mark.parametrize(("mesh", "regularization"), [cell for cell in CELLS if cell not in FITTED])
def test_what_the_peer_refuses_is_refused(mesh, regularization, matrix_record):
    rejected = is_refused(mesh, regularization)
    with pytest.raises(aa.exc.PixelizationException, match=regularization):  # noqa: PT012
        if rejected:
            aa.Pixelization(matrix.mesh_from(mesh), matrix.regularization_from(regularization))
        else:
            matrix.new_fit(mesh, regularization, "numpy").inversion.regularization_matrix  # noqa: B018
    matrix_record(mesh, regularization, "refused" if rejected else "not defined")


@pytest.mark.parametrize(("mesh", "regularization"), FITTED)
def test_the_fit_equals_the_peers(mesh, regularization, matrix_record, monkeypatch):
    arrays, _ = reference(mesh)
    # The peer's covariances are inexact, by up to 1e-7 of an evidence: with its rounding, all else must be equal.
    # `inversion/regularization/test_kernels.py` compares ours with exact ones.
    peer_covariances.apply(monkeypatch, arrays["out/mesh_grid"])
    fit = matrix.new_fit(mesh, regularization, "numpy")
    worst = 0.0
    mapper = fit.inversion.linear_obj_list[0]
    probed = fit.inversion.regularization_matrix @ matrix.probes()
    weights = mapper.regularization.regularization_weights_from(linear_obj=mapper)
    values = {
        "regularization_weights": weights,
        "regularization_matrix_probed": probed,
        "reconstruction": fit.inversion.reconstruction,
    }
    for name, value in values.items():
        found = deviation(value, arrays[f"out/{regularization}/{name}"])
        assert found <= allowed(mesh, regularization, name), name
    for name in matrix.TERMS:
        if matrix.peer_error(mesh, f"{regularization}/{name}") is not None:
            continue
        found = deviation(term(fit, name), arrays[f"out/{regularization}/{name}"])
        assert found <= allowed(mesh, regularization, name), name
        worst = max(worst, found)
    matrix_record(mesh, regularization, "numpy", worst)


@pytest.mark.parametrize(("mesh", "regularization"), FITTED)
def test_the_fit_on_jax_equals_that_on_numpy(mesh, regularization, matrix_record):
    ours, on_jax = (matrix.fit(mesh, regularization, backend) for backend in ("numpy", "jax"))
    found = deviation(on_jax.inversion.reconstruction, ours.inversion.reconstruction)
    assert found <= allowed(mesh, regularization, "reconstruction", BACKENDS)
    worst = 0.0
    for name in matrix.TERMS:
        if matrix.peer_error(mesh, f"{regularization}/{name}") is not None:
            continue
        found = deviation(term(on_jax, name), term(ours, name))
        assert found <= allowed(mesh, regularization, name, BACKENDS), name
        worst = max(worst, found)
    matrix_record(mesh, regularization, "jax", worst)


# ---------------------------------------------------------------------- where the peer has no number


@pytest.mark.parametrize("mesh", MESHES)
def test_a_regularization_without_a_determinant_says_so(mesh):
    # The weight of the brightest mesh pixel is zero: the matrix is singular, and its determinant has no logarithm.
    fit = matrix.fit(mesh, "BrightnessZeroth", "numpy")
    assert np.linalg.matrix_rank(fit.inversion.regularization_matrix) < fit.inversion.total_params
    with pytest.raises(aa.exc.InversionException, match="positive definite"):
        fit.log_evidence  # noqa: B018
    assert np.isnan(matrix.fit(mesh, "BrightnessZeroth", "jax").log_evidence)


def test_the_files_hold_what_they_should():
    assert len(MESHES) == 9
    assert len(matrix.REGULARIZATIONS) == 19
    refused = [cell for cell in CELLS if cell not in FITTED]
    rectangular = sum(mesh.startswith("Rectangular") for mesh in MESHES)
    assert len(refused) == 5 * rectangular + (len(MESHES) - rectangular)


def test_the_page_in_the_documentation_is_of_these_cells():
    page = matrix_table.read(Path(__file__).parents[2] / "docs" / "matrix.md")
    assert list(page) == [(mesh, regularization) for regularization in matrix.REGULARIZATIONS for mesh in MESHES]
    for cell, text in page.items():
        if cell in FITTED:
            assert len([float(number) for number in text.split(",")]) == 2, cell
        else:
            assert text == ("refused" if is_refused(*cell) else "not defined"), cell
