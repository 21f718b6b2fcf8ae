"""The rectangular meshes of earlier releases, against numbers of PyAutoArray 2026.5.21.1 (tests/data/reference)."""

from pathlib import Path

import numpy as np
import pytest

import autoarray as aa
from autoarray.inversion.mesh._transform.spline import SplineAxis

with np.load(Path(__file__).parents[4] / "data/reference/earlier_rectangular.npz") as file:
    REFERENCE = dict(file)

WEIGHTING = {"weight_power": 0.9, "weight_floor": 0.02}
# The name there, the mesh that computes it here, and by how much the weights may differ. There a small number was added
# to a denominator, and the polynomial fitted in powers: its values are only good to 1e-9 (the fit here to 1e-13).
MESHES = [
    ("RectangularAdaptDensity", aa.mesh.RectangularBilinearAdaptDensity, {}, 1e-11),
    ("RectangularAdaptImage", aa.mesh.RectangularBilinearAdaptImage, WEIGHTING, 1e-11),
    ("RectangularSplineAdaptDensity", aa.mesh.RectangularSplineAdaptDensity, {"spline_deg": 7}, 1e-8),
    ("RectangularSplineAdaptImage", aa.mesh.RectangularSplineAdaptImage, WEIGHTING, 1e-8),
    ("RectangularRotatedAdaptImage", aa.mesh.RectangularRotatedAdaptImage, WEIGHTING | {"spline_deg": 9}, 1e-8),
]


def interpolator_from(mesh, options, xp=np):
    mask = aa.Mask2D.circular(shape_native=(10, 10), pixel_scales=0.1, radius=0.41)
    grid = aa.Grid2D(
        values=xp.asarray(REFERENCE["points"]),
        mask=mask,
        over_sample_size=2,
        over_sampled=aa.Grid2DIrregular(xp.asarray(REFERENCE["over_sampled"]), xp=xp),
        xp=xp,
    )
    return mesh(shape=(6, 6), **options).interpolator_from(
        source_plane_data_grid=grid, adapt_data=aa.Array2D(values=REFERENCE["image"], mask=mask), xp=xp
    )


@pytest.mark.parametrize(("name", "mesh", "options", "tolerance"), MESHES, ids=[row[0] for row in MESHES])
def test_mappings_and_exchanged_weights(name, mesh, options, tolerance):
    interpolator = interpolator_from(mesh, options)._with(row_weights="exchanged")
    np.testing.assert_array_equal(interpolator.mappings, REFERENCE[f"{name}/mappings"])
    np.testing.assert_allclose(interpolator.weights, REFERENCE[f"{name}/weights"], atol=tolerance)


def test_mappings_and_exchanged_weights_on_jax():
    jax = pytest.importorskip("jax")
    name, mesh, options, _ = MESHES[-1]
    on_numpy = interpolator_from(mesh, options)._with(row_weights="exchanged")

    def on_jax():
        interpolator = interpolator_from(mesh, options, jax.numpy)._with(row_weights="exchanged")
        return interpolator.mappings, interpolator.weights

    mappings, weights = jax.jit(on_jax)()
    np.testing.assert_array_equal(mappings, REFERENCE[f"{name}/mappings"])
    np.testing.assert_allclose(weights, on_numpy.weights, atol=1e-11)


def test_rotation_to_the_principal_axes():
    interpolator = interpolator_from(aa.mesh.RectangularRotatedAdaptImage, WEIGHTING)
    geometry = interpolator.mesh_geometry
    for found in (interpolator, geometry):
        for name in ("rotation_matrix", "rotation_centroid"):
            expected = REFERENCE[f"RectangularRotatedAdaptImage/{name}"]
            np.testing.assert_allclose(getattr(found, name), expected, atol=1e-14)
    grid, weights = interpolator.data_grid.array, REFERENCE["image"] ** 0.9
    np.testing.assert_allclose(weights @ grid, 0.0, atol=1e-13)
    covariance = np.cov(grid.T, aweights=weights)
    assert covariance[0, 1] == pytest.approx(0.0, abs=1e-14)
    assert covariance[0, 0] > covariance[1, 1]
    np.testing.assert_allclose(geometry.source_plane_from(grid), REFERENCE["points"], atol=1e-14)


def test_the_polynomial_is_the_weighted_least_squares_fit():
    # Of a low degree, at which a fit in powers is well-conditioned too.
    points = np.sort(np.random.default_rng(3).normal(size=30))
    axis = SplineAxis(points, None, 3, np)
    nodes = 0.5 - 0.5 * np.cos(np.pi * (np.arange(9) + 0.5) / 9)
    ranks = np.arange(1, 31) / 31.0
    quantiles = np.interp(nodes, ranks, points)
    for beyond, (a, b) in ((nodes < ranks[0], (0, 1)), (nodes > ranks[-1], (-2, -1))):
        line = points[a] + (points[b] - points[a]) / (ranks[b] - ranks[a]) * (nodes - ranks[a])
        quantiles = np.where(beyond, line, quantiles)
    powers = np.polyfit(nodes, quantiles, 3, w=np.gradient(nodes, quantiles))
    levels = np.linspace(0.1, 0.9, 7)
    np.testing.assert_allclose(axis.inverse(levels), np.polyval(powers, levels), atol=1e-12)


def test_the_spline_goes_through_the_polynomial():
    points = np.random.default_rng(4).normal(size=400)
    axis = SplineAxis(points, None, 5, np)
    levels = np.linspace(0.01, 0.99, 57)
    np.testing.assert_allclose(axis.forward(axis.inverse(levels)), levels, atol=1e-6)
    at_nodes = np.linspace(0.0, 1.0, 100)[5:-5]
    np.testing.assert_allclose(axis.forward(axis.inverse(at_nodes)), at_nodes, atol=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
def test_equal_coordinates_have_no_infinite_density(weighted):
    points = np.repeat([0.0, 0.4, 0.5, 0.9, 1.0], 8)
    weights = np.full(40, 1.0 / 40.0) if weighted else None
    axis = SplineAxis(points, weights, 4, np)
    unit = axis.forward(np.linspace(-0.1, 1.1, 50))
    assert np.isfinite(unit).all()
    assert np.isfinite(axis.inverse(np.linspace(0.0, 1.0, 9))).all()


@pytest.mark.parametrize("end", ["lower", "upper"])
def test_rounding_of_a_flat_end_of_the_table_changes_nothing(end):
    """Beyond a flat end the cubic runs away to the opposite edge, whether the last step is zero or a rounding error."""
    points, opposite = REFERENCE["points"][:, 1], 0.0
    weights = REFERENCE["image"] ** 0.9
    if end == "lower":
        points, opposite = -points, 1.0
    axis = SplineAxis(points / points.std(), weights / weights.sum(), 11, np)
    first, last = (0, 1) if end == "lower" else (-2, -1)
    flat = axis._table[last]
    extreme = axis._lower if end == "lower" else axis._upper
    beyond = np.linspace(flat, extreme, 12)[1:-1]
    for step in (0.0, np.spacing(abs(flat)), 2.0 * np.spacing(abs(flat))):
        axis._table[first], axis._table[last] = (flat - step, flat) if end == "lower" else (flat, flat + step)
        np.testing.assert_array_equal(axis.forward(beyond), opposite)
        assert axis.forward(extreme) == 1.0 - opposite
