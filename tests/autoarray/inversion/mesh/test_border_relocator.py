from functools import partial

import numpy as np
import problems
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autoarray as aa
from autoarray.inversion.mesh import border_relocator


def border_from(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    angle = np.linspace(0.0, 2.0 * np.pi, 40, endpoint=False)
    axes = rng.uniform(0.5, 2.0, 2)
    turn = rng.uniform(0.0, np.pi)
    x, y = axes[0] * np.cos(angle), axes[1] * np.sin(angle)
    return np.stack((x * np.sin(turn) + y * np.cos(turn), x * np.cos(turn) - y * np.sin(turn)), axis=1) + rng.normal(
        size=2
    )


@given(seed=st.integers(0, 300))
def test_ellipse_of_an_ellipse(seed):
    border = border_from(seed)
    origin, a, b, _ = border_relocator.ellipse_params_via_border_pca_from(border)
    rng = np.random.default_rng(seed)
    axes = np.sort(rng.uniform(0.5, 2.0, 2))
    np.testing.assert_allclose(origin, border.mean(axis=0))
    np.testing.assert_allclose(sorted((a, b)), axes, rtol=2e-2)
    assert a >= b - 1e-2


@pytest.mark.parametrize(
    ("sub_size", "peer"), [(1, 142.40423962235488), (2, 569.6537461648974), (4, 2278.705730433538)]
)
def test_a_round_border_has_the_axes_of_the_sky(sub_size, peer):
    """Behind a spherical lens; the sums of radii are those of PyAutoArray 2026.10.26.1 (`relocated_grid_from`)."""

    def trace(grid):
        return grid - 1.2 * grid / np.hypot(*grid.T)[:, None]

    mask = aa.Mask2D.circular(shape_native=(40, 40), radius=1.5, pixel_scales=0.1)
    grid = aa.Grid2D.from_mask(mask, over_sample_size=sub_size)
    over_sampled = aa.Grid2DIrregular(trace(np.asarray(grid.over_sampled.array)))
    traced = aa.Grid2D(trace(np.asarray(grid.array)), mask, over_sample_size=sub_size, over_sampled=over_sampled)
    relocated = aa.BorderRelocator(mask=mask, sub_size=sub_size).relocated_grid_from(grid=traced)
    radii = np.hypot(*np.asarray(relocated.over_sampled.array).T)
    np.testing.assert_allclose(radii.sum(), peer, rtol=1e-11)


def test_a_round_border_is_differentiable_on_jax():
    jax = pytest.importorskip("jax")
    angle = np.arange(4) * 0.5 * np.pi
    border = jax.numpy.asarray(np.stack((np.sin(angle), np.cos(angle)), axis=1))
    ellipse = partial(border_relocator.ellipse_params_via_border_pca_from, xp=jax.numpy)
    assert np.isfinite(jax.jacobian(ellipse)(border)[3]).all()


@given(seed=st.integers(0, 300))
def test_relocation_moves_only_what_is_outside_and_along_the_line_to_the_centre(seed):
    ellipse = border_relocator.ellipse_params_via_border_pca_from(border_from(seed))
    grid = ellipse[0] + np.random.default_rng(seed + 1).normal(size=(60, 2)) * 2.0
    relocated = border_relocator.relocated_grid_via_ellipse_border_from(grid, *ellipse)
    again = border_relocator.relocated_grid_via_ellipse_border_from(relocated, *ellipse)
    np.testing.assert_allclose(again, relocated, atol=1e-12)
    before, after = grid - ellipse[0], relocated - ellipse[0]
    np.testing.assert_allclose(before[:, 0] * after[:, 1], before[:, 1] * after[:, 0], atol=1e-12)
    assert (np.linalg.norm(after, axis=1) <= np.linalg.norm(before, axis=1) + 1e-12).all()
    moved = (relocated != grid).any(axis=1)
    assert moved.any()
    assert not moved.all()


def test_the_grid_and_its_sub_pixels_move_with_one_border():
    dataset = problems.dataset_from()
    traced = problems.traced_from(dataset)
    before = traced.array.copy()
    relocated = dataset.grids.border_relocator.relocated_grid_from(grid=traced)
    ellipse = border_relocator.ellipse_params_via_border_pca_from(before[dataset.mask.derive_indexes.border_slim])
    for found, grid in ((relocated, traced), (relocated.over_sampled, traced.over_sampled)):
        np.testing.assert_array_equal(
            found.array, border_relocator.relocated_grid_via_ellipse_border_from(grid.array, *ellipse)
        )
    np.testing.assert_array_equal(traced.array, before)
    mesh_grid = aa.Grid2DIrregular([(0.0, 0.0), (9.0, 9.0)])
    found = dataset.grids.border_relocator.relocated_mesh_grid_from(grid=traced, mesh_grid=mesh_grid)
    np.testing.assert_array_equal(found.array[0], [0.0, 0.0])
    assert np.linalg.norm(found.array[1]) < 2.0


@pytest.mark.parametrize("sub_size", [1, 2, 3])
def test_sub_border_is_the_furthest_sub_pixel(sub_size):
    mask = aa.Mask2D.circular(shape_native=(13, 12), pixel_scales=0.1, radius=0.45)
    relocator = aa.BorderRelocator(mask=mask, sub_size=sub_size)
    over_sampled = aa.Grid2D.from_mask(mask, over_sample_size=sub_size).over_sampled.array
    distance = np.hypot(*(over_sampled - np.array(mask.mask_centre)).T).reshape(-1, sub_size**2)
    expected = distance[relocator.border_slim].max(axis=1)
    np.testing.assert_allclose(distance.ravel()[relocator.sub_border_slim], expected)
    np.testing.assert_array_equal(relocator.sub_border_slim // sub_size**2, relocator.border_slim)
    np.testing.assert_array_equal(relocator.sub_border_grid, over_sampled[relocator.sub_border_slim])
    assert relocator.border_grid.shape == (len(relocator.border_slim), 2)


def test_jax_equals_numpy_and_is_differentiable_at_the_centre():
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    border = border_from(3)
    ellipse = border_relocator.ellipse_params_via_border_pca_from(border)
    on_jax = border_relocator.ellipse_params_via_border_pca_from(jnp.asarray(border), xp=jnp)
    for a, b in zip(on_jax, ellipse, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)

    def moved(grid):
        return border_relocator.relocated_grid_via_ellipse_border_from(grid, *on_jax, xp=jnp).sum()

    grid = jnp.asarray(np.vstack([ellipse[0], border * 2.0]))
    assert np.isfinite(jax.grad(moved)(grid)).all()


def test_compiled_derivative_equals_the_eager_one():
    # The derivative of a maximum may be lost in compiled code, where values are computed twice.
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    dataset = problems.dataset_from(sub_size=4)
    border = dataset.mask.derive_indexes.border_slim

    def axes(einstein):
        traced = problems.traced_from(dataset, einstein, jnp)
        return jnp.stack(border_relocator.ellipse_params_via_border_pca_from(traced.array[border], xp=jnp)[1:])

    def moved(einstein):
        relocated = dataset.grids.border_relocator.relocated_grid_from(
            problems.traced_from(dataset, einstein, jnp), xp=jnp
        )
        return (relocated.over_sampled.array**2).sum()

    for function in (axes, moved):
        eager = jax.jacrev(function)(0.351)
        np.testing.assert_allclose(jax.jit(jax.jacrev(function))(0.351), eager, rtol=1e-9)
