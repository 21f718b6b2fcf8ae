"""The products that are summed over the tiles of an image, by numba and by NumPy, against dense ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

import autoarray as aa
from autoarray._numerics import compiled
from autoarray.inversion.inversion._curvature import tile_sums

KERNELS = [True, False]


@pytest.fixture(params=KERNELS, ids=["numba", "numpy"], autouse=True)
def kernels(request, monkeypatch):
    if request.param:
        pytest.importorskip("numba")
    monkeypatch.setattr(compiled, "is_available", lambda: request.param)


def problem_from(seed, width, params, size=1):
    """Tiles, a mapping matrix of that many entries a row, a noise map and images, and the dense B over the noise."""
    rng = np.random.default_rng(seed)
    mask = aa.Mask2D.circular(shape_native=(29, 33), pixel_scales=0.1, radius=rng.uniform(0.05, 1.4))
    kernel = aa.Array2D.no_mask(values=rng.random((5, 3)), pixel_scales=0.1 / size)
    state = aa.Convolver(kernel=kernel, convolve_over_sample_size=size).state_from(mask)
    rows = mask.pixels_in_mask * size**2
    # Neighbors share columns, as those of a mesh do, and some rows are empty.
    columns = (np.arange(rows)[:, None] // 40 + rng.integers(0, 6, (rows, width))) % params
    values = np.where(rng.random((rows, 1)) < 0.9, rng.random((rows, width)), 0.0)
    matrix = sparse.csr_array(
        (values.ravel(), (np.repeat(np.arange(rows), width), columns.ravel())), shape=(rows, params)
    )
    noise_map = rng.uniform(0.5, 2.0, mask.pixels_in_mask)
    images = rng.standard_normal((mask.pixels_in_mask, 3))
    dense = (state.matrix @ matrix).toarray() / noise_map[:, None]
    return state.tiles, matrix, noise_map, images, dense


@given(seed=st.integers(0, 2**16), width=st.integers(0, 5), params=st.sampled_from([1, 7, 90]), size=st.integers(1, 2))
@settings(deadline=None, max_examples=40)
def test_the_sums_are_the_dense_products(seed, width, params, size):
    tiles, matrix, noise_map, images, dense = problem_from(seed, width, params, size)
    square, shared = tile_sums.products_from(tiles, matrix, noise_map, images)
    np.testing.assert_allclose(square, dense.T @ dense, rtol=1e-12, atol=1e-13 * np.abs(dense).max(initial=1.0) ** 2)
    np.testing.assert_allclose(shared, dense.T @ (images / noise_map[:, None]), rtol=0.0, atol=1e-11)
    assert (square == square.T).all()


def test_single_precision_is_that_of_the_square_alone():
    tiles, matrix, noise_map, images, dense = problem_from(1, 4, 90)
    square, shared = tile_sums.products_from(tiles, matrix, noise_map, images, single_precision=True)
    assert square.dtype == shared.dtype == np.float64
    exact = dense.T @ dense
    error = np.abs(square - exact).max() / np.abs(exact).max()
    assert 1e-9 < error < 1e-5
    np.testing.assert_allclose(shared, dense.T @ (images / noise_map[:, None]), rtol=0.0, atol=1e-11)


def test_no_images():
    tiles, matrix, noise_map, images, _ = problem_from(2, 4, 90)
    square, shared = tile_sums.products_from(tiles, matrix, noise_map, images[:, :0])
    assert shared.shape == (90, 0)
    assert (square == tile_sums.products_from(tiles, matrix, noise_map, images)[0]).all()


def test_what_is_read_only_serves(kernels):
    tiles, matrix, noise_map, images, _ = problem_from(3, 4, 90)
    expected = tile_sums.products_from(tiles, matrix, noise_map, images)
    for array in (matrix.data, matrix.indices, matrix.indptr, noise_map, images, *tiles):
        array.setflags(write=False)
    for found, array in zip(tile_sums.products_from(tiles, matrix, noise_map, images), expected, strict=True):
        assert (found == array).all()
