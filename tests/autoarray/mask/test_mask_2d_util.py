"""Edges, borders and blurring regions, against direct loops over the pixels."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autoarray import exc
from autoarray.mask import mask_2d_util
from autoarray.mask.mask_2d import Mask2D

masks = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=8))
kernels = st.tuples(st.sampled_from([1, 3, 5]), st.sampled_from([1, 3, 5]))


def unmasked(mask):
    return [tuple(pixel) for pixel in np.argwhere(~mask)]


@given(masks)
def test_edge_touches_a_masked_pixel(mask):
    padded = np.pad(mask, 1, constant_values=True)
    expected = [i for i, (y, x) in enumerate(unmasked(mask)) if padded[y : y + 3, x : x + 3].any()]
    assert mask_2d_util.edge_1d_indexes_from(mask).tolist() == expected


@given(masks)
def test_border_sees_the_outside(mask):
    edge = set(mask_2d_util.edge_1d_indexes_from(mask).tolist())
    expected = [
        i
        for i, (y, x) in enumerate(unmasked(mask))
        if i in edge and any(line.all() for line in (mask[:y, x], mask[y + 1 :, x], mask[y, :x], mask[y, x + 1 :]))
    ]
    assert mask_2d_util.border_slim_indexes_from(mask).tolist() == expected


@given(masks, kernels)
def test_blurring_region_reaches_unmasked_pixels(mask, kernel):
    assume(not mask.all())
    required = mask_2d_util.required_shape_for_kernel(mask, kernel)
    reach = (kernel[0] // 2, kernel[1] // 2)
    if required != mask.shape:
        with pytest.raises(exc.MaskException, match="reaches past"):
            mask_2d_util.blurring_mask_2d_from(mask, kernel)
    blurring = mask_2d_util.blurring_mask_2d_from(mask, kernel, allow_padding=True)
    assert blurring.shape == required
    pad = [((new - old) // 2,) * 2 for new, old in zip(required, mask.shape, strict=True)]
    padded = np.pad(mask, pad, constant_values=True)
    distance = mask_2d_util.min_false_distance_to_edge(padded)
    assert distance[0] >= reach[0]
    assert distance[1] >= reach[1]
    expected = np.full(required, True)
    for y, x in unmasked(padded):
        expected[y - reach[0] : y + reach[0] + 1, x - reach[1] : x + reach[1] + 1] = False
    np.testing.assert_array_equal(blurring, expected | ~padded)


@given(masks, st.integers(0, 3))
def test_buffed_masks_grow_in_all_directions(mask, buffer):
    expected = np.full(mask.shape, True)
    for y, x in unmasked(mask):
        expected[max(0, y - buffer) : y + buffer + 1, max(0, x - buffer) : x + buffer + 1] = False
    np.testing.assert_array_equal(mask_2d_util.buffed_mask_2d_from(mask, buffer), expected)


@given(masks)
def test_slim_indexes_split_the_pixels(mask):
    masked = mask_2d_util.mask_slim_indexes_from(mask, return_masked_indexes=True)
    rest = mask_2d_util.mask_slim_indexes_from(mask, return_masked_indexes=False)
    assert sorted([*masked, *rest]) == list(range(mask.size))
    assert mask.ravel()[masked].all()
    assert not mask.ravel()[rest].any()


def test_annulus_has_an_inner_edge_but_no_inner_border():
    mask = Mask2D.circular_annular((31, 31), inner_radius=5.0, outer_radius=11.0, pixel_scales=1.0)
    grid = mask.derive_grid
    radii = np.hypot(*grid.border.array.T)
    assert radii.min() > 9.0
    assert np.hypot(*grid.edge.array.T).min() < 6.0


def test_even_kernels_reach_further_up_and_left():
    mask = np.full((5, 5), True)
    mask[2, 2] = False
    blurring = mask_2d_util.blurring_mask_2d_from(mask, (2, 1))
    assert np.argwhere(~blurring).tolist() == [[1, 2]]


def test_messages_name_the_numbers():
    mask = Mask2D.circular((7, 7), radius=1.1, pixel_scales=1.0)
    with pytest.raises(exc.MaskException) as error:
        mask.derive_mask.blurring_from((7, 7))
    assert str(error.value) == (
        "mask: its unmasked pixels lie (2, 2) pixels (y, x) from the edge of an array of shape (7, 7), and a kernel of "
        "shape (7, 7) reaches past it; the mask needs at least shape (9, 9) (allow_padding=True pads it)"
    )


@pytest.mark.parametrize("factor", [0.5, 0.7, 1.0, 1.5, 3.0])
def test_rescaled_masks_have_a_masked_rim(factor):
    rescaled = mask_2d_util.rescaled_mask_2d_from(np.full((10, 8), False), factor)
    assert rescaled.shape == (round(10 * factor), round(8 * factor))
    assert rescaled[[0, -1]].all()
    assert rescaled[:, [0, -1]].all()
    assert not rescaled[1:-1, 1:-1].any()
    assert mask_2d_util.rescaled_mask_2d_from(np.full((1, 1), False), 0.1).shape == (1, 1)
