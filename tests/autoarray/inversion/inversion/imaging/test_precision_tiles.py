"""The operator W in tiles: against the dense matrix of the definition."""

import numpy as np
import problems
from dense_systems import precision_from
from hypothesis import given
from hypothesis import strategies as st

from autoarray.inversion.inversion._curvature import precision_tiles


@given(
    shape=st.tuples(st.integers(6, 30), st.integers(6, 30)),
    kernel_shape=st.tuples(st.sampled_from([1, 3, 7]), st.sampled_from([1, 5])),
    share=st.floats(0.2, 1.0),
    seed=st.integers(0, 1000),
)
def test_the_curvature_matrix_is_that_of_the_dense_operator(shape, kernel_shape, share, seed):
    rng = np.random.default_rng(seed)
    unmasked = rng.random(shape) < share
    unmasked[0, 0] = unmasked[-1, -1] = True
    native = np.argwhere(unmasked)
    kernel = rng.normal(size=kernel_shape)
    inverse_variances = np.where(unmasked, 0.5 + rng.random(shape), 0.0)
    matrix = problems.sparse_from(rng, (len(native), 17), 0.2)
    tiles = precision_tiles.tiles_from(inverse_variances, kernel, native)
    found = precision_tiles.curvature_matrix_from(tiles, matrix)
    expected = matrix.T @ precision_from(inverse_variances, kernel, native) @ matrix.toarray()
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=1e-12 * max(np.abs(expected).max(), 1.0))
    assert np.array_equal(found, found.T)
    assert np.array_equal(np.sort(np.concatenate([tile.rows for tile in tiles])), np.arange(len(native)))


def test_half_of_the_offsets_is_kept():
    offsets = precision_tiles.half_offsets_from((3, 5))
    both = np.concatenate((offsets, -offsets[1:]))
    assert offsets[0].tolist() == [0, 0]
    assert len({tuple(step) for step in both.tolist()}) == len(both) == 5 * 9
