"""The tiles of a convolution: tile by tile they give what its sparse matrix gives."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import autoarray as aa
from autoarray.operators._convolution.tiles import SIDE, tiles_without_kernel


def image_from(tiles, values, pixels):
    """The convolved image of values, put together from its tiles."""
    image = np.full(pixels, np.nan)
    for outputs, (first, last) in zip(tiles.outputs, pairwise(tiles.bounds), strict=True):
        of_tile = values[tiles.inputs[first:last]] @ tiles.kernel[tiles.places[first:last]]
        image[outputs[outputs >= 0]] = of_tile[outputs >= 0]
    return image


@given(
    shape=st.tuples(st.integers(7, 30), st.integers(7, 30)),
    kernel_shape=st.tuples(st.sampled_from([1, 3, 7]), st.sampled_from([1, 3, 5])),
    size=st.sampled_from([1, 2, 3]),
    seed=st.integers(0, 2**16),
)
@settings(deadline=None, max_examples=60)
def test_tiles_give_the_convolution_inside_any_mask(shape, kernel_shape, size, seed):
    rng = np.random.default_rng(seed)
    mask = rng.random(shape) < rng.choice([0.0, 0.3, 0.95])
    mask[rng.integers(shape[0]), rng.integers(shape[1])] = False
    mask = aa.Mask2D(mask=mask, pixel_scales=0.1)
    kernel = aa.Array2D.no_mask(values=rng.random(kernel_shape), pixel_scales=0.1 / size)
    state = aa.Convolver(kernel=kernel, convolve_over_sample_size=size).state_from(mask)
    values = rng.standard_normal(mask.pixels_in_mask * size**2)
    image = image_from(state.tiles, values, mask.pixels_in_mask)
    np.testing.assert_allclose(image, state.matrix @ values, rtol=0.0, atol=1e-13)


def test_every_pixel_is_in_one_tile_and_no_tile_is_empty():
    state = aa.Convolver(kernel=aa.Array2D.no_mask(values=np.ones((3, 3)), pixel_scales=0.1)).state_from(
        aa.Mask2D.circular(shape_native=(40, 50), pixel_scales=0.1, radius=1.7)
    )
    outputs = state.tiles.outputs
    assert outputs.shape[1] == SIDE**2
    assert sorted(outputs[outputs >= 0]) == list(range(state.mask.pixels_in_mask))
    assert (outputs >= 0).any(axis=1).all()


def test_without_a_kernel_no_pixel_gives_light_to_another():
    mask = aa.Mask2D.circular(shape_native=(21, 21), pixel_scales=0.1, radius=0.8)
    values = np.arange(mask.pixels_in_mask, dtype=float)
    assert (image_from(tiles_without_kernel(mask), values, values.size) == values).all()
