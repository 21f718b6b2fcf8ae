"""Natural-neighbor interpolation in JAX: NumPy's weights, their derivatives, and the limits of static shapes."""

import numpy as np
import pytest
from natural_problems import awkward, ring
from vertex_problems import dense, grid_of

import autoarray as aa
from autoarray.inversion.mesh._triangulation import natural_neighbors_jax
from autoarray.inversion.mesh._triangulation.point_location import locations_from
from autoarray.inversion.mesh._triangulation.triangulation import triangulation_from
from autoarray.inversion.mesh.interpolator.sibson import sibson_mappings_weights_from_tables

jax = pytest.importorskip("jax")


def tables_of(vertices, points, xp=np, **limits):
    """The six tables of an interpolation."""
    vertices, points = xp.asarray(vertices), xp.asarray(points)
    triangulation = triangulation_from(vertices, xp)
    simplex, vertex = locations_from(triangulation, points, xp)
    return sibson_mappings_weights_from_tables(
        points, vertices, triangulation.simplices, triangulation.neighbors, simplex, vertex, **limits, xp=xp
    )


def assert_same(found, expected, pixels, atol):
    mappings, sizes, weights = (np.asarray(table) for table in found[:3])
    unused = np.arange(mappings.shape[1]) >= sizes[:, None]
    assert (mappings[unused] == -1).all()
    assert (weights[unused] == 0.0).all()
    np.testing.assert_allclose(dense(*found[:3], pixels), dense(*expected[:3], pixels), atol=atol)
    for table, other in zip(found[3:], expected[3:], strict=True):
        np.testing.assert_array_equal(table, other)


@pytest.mark.parametrize("name", awkward())
def test_both_backends_have_one_answer(name):
    """All of them have one shape, and are compiled once. Two vertices too close to tell apart count as one."""
    vertices = awkward()[name]
    spread = np.random.default_rng(4).normal(size=(100, 2))
    points = np.concatenate((vertices[:20], vertices.mean(axis=0) + 1.2 * vertices.std(axis=0) * spread))
    expected, found = tables_of(vertices, points), tables_of(vertices, points, jax.numpy)
    assert found[0].shape == found[2].shape == (120, 32)
    assert 0 < (expected[1] == 1).sum() < 120
    close = (((vertices[:, None] - vertices) ** 2).sum(axis=2) < 1e-20).astype(float)
    np.testing.assert_allclose(dense(*found[:3], 40) @ close, dense(*expected[:3], 40) @ close, atol=1e-10)
    assert not np.asarray(found[4]).any()


def test_more_neighbors_than_there_is_room_for_are_nan():
    vertices, points = ring(48, 5), np.array([[0.01, 0.02], [0.3, -0.4], [1.5, 0.0]])
    expected = tables_of(vertices, points)
    assert expected[1].tolist() == [48, 48, 1]
    *_, weights, cavity_sizes, overflow, linear = tables_of(vertices, points, jax.numpy)
    assert np.isnan(weights[:2]).all()
    np.testing.assert_array_equal(weights[2], [1.0] + [0.0] * 31)
    assert np.asarray(overflow).tolist() == [True, True, False]
    assert np.asarray(cavity_sizes).tolist() == [30, 30, 0]
    assert not np.asarray(linear).any()
    wider = tables_of(vertices, points, jax.numpy, max_cavity_triangles=46, max_neighbors=48)
    assert_same(wider, expected, 48, atol=1e-10)


def test_blocks_of_small_and_large_cavities(monkeypatch):
    monkeypatch.setattr(natural_neighbors_jax, "_BLOCK", 16)
    rng = np.random.default_rng(9)
    # Most points are among the vertices, and the first of them in the ring, where cavities are large.
    vertices = np.concatenate((2.0 * ring(20, 3), 0.3 * rng.normal(size=(30, 2)) + [5.0, 0.0]))
    points = np.concatenate((0.2 * rng.normal(size=(5, 2)), 0.4 * rng.normal(size=(60, 2)) + [5.0, 0.0]))
    expected = tables_of(vertices, points)
    assert expected[3][:5].min() > natural_neighbors_jax._FEW_TRIANGLES > expected[3][16:32].max()
    compiled = jax.jit(natural_neighbors_jax._tables, static_argnums=(4, 5))
    monkeypatch.setattr(natural_neighbors_jax, "_kernel", lambda: compiled)
    assert_same(tables_of(vertices, points, jax.numpy), expected, 50, atol=1e-12)


# ---------------------------------------------------------------------- the interpolator


def weighted(vertices, points, xp):
    """A smooth function of all weights of a fixed number of points, and of the crosses around the vertices."""
    mesh = aa.mesh.DelaunayNN(pixels=len(vertices))
    interpolator = mesh.interpolator_from(grid_of(points, xp), aa.Grid2DIrregular(xp.asarray(vertices), xp=xp), xp=xp)
    total = 0.0
    for mappings, sizes, weights in (
        (interpolator.mappings, interpolator.sizes, interpolator.weights),
        interpolator._mappings_sizes_weights_split,
    ):
        used = xp.asarray(np.arange(mappings.shape[1])) < sizes[:, None]
        values = xp.asarray(np.sin(1.0 + 3.0 * np.arange(len(vertices))))[xp.where(used, mappings, 0)]
        rows = (xp.where(used, weights, 0.0) * values).sum(axis=1)
        total = total + (xp.sin(rows) * xp.asarray(np.cos(np.arange(len(rows))))).sum()
    return total


def test_jit_grad_and_vmap():
    rng = np.random.default_rng(21)
    problem = rng.normal(size=(20, 2)), rng.normal(size=(60, 2))
    # On a vertex there is a kink, but no derivative is NaN.
    problem[1][0] = problem[0][3]
    traces = []

    def function(vertices, points):
        traces.append(1)
        return weighted(vertices, points, jax.numpy)

    def batched(vertices, points):
        return jax.vmap(jax.value_and_grad(function, argnums=(0, 1)), in_axes=(0, None))(vertices, points)

    compiled = jax.jit(batched)
    # The last have no triangulation: vertices that JAX traces can't raise.
    batch = np.stack((problem[0], problem[0][::-1], np.zeros_like(problem[0])))
    values, gradients = compiled(batch, problem[1])
    np.testing.assert_allclose(values[:2], [weighted(v, problem[1], np) for v in batch[:2]], rtol=1e-11)
    assert np.isnan(values[2])
    assert np.isfinite(gradients[0][:2]).all()
    assert np.isfinite(gradients[1][:2]).all()
    # The weights are smooth but at the vertices and the hull, which no point crosses over these steps.
    for which, gradient in enumerate(gradients):
        for seed in (1, 2, 3):
            direction = np.random.default_rng(seed).normal(size=problem[which].shape)
            if which == 1:
                direction[0] = 0.0
            else:
                # The point on that vertex would be left behind.
                direction[3] = 0.0
            ahead, behind = list(problem), list(problem)
            ahead[which], behind[which] = problem[which] + 1e-6 * direction, problem[which] - 1e-6 * direction
            difference = (weighted(*ahead, np) - weighted(*behind, np)) / 2e-6
            assert (np.asarray(gradient[0]) * direction).sum() == pytest.approx(difference, rel=1e-5)
    compiled(batch[::-1], problem[1])
    assert len(traces) == 1
