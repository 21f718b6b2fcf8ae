"""Indexes, masks, grids and the zoomed region of a mask."""

import numpy as np
import pytest

from autoarray import exc
from autoarray.mask.derive.grid_2d import DeriveGrid2D
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays.uniform_2d import Array2D


@pytest.fixture
def mask() -> Mask2D:
    values = np.full((6, 7), True)
    values[1:4, 2:6] = False
    return Mask2D(values, pixel_scales=(1.0, 0.5), origin=(0.5, 1.0))


def test_indexes(mask):
    indexes = mask.derive_indexes
    np.testing.assert_array_equal(indexes.unmasked_slim, np.flatnonzero(~mask.array))
    np.testing.assert_array_equal(indexes.masked_slim, np.flatnonzero(mask.array))
    np.testing.assert_array_equal(indexes.edge_slim, [0, 1, 2, 3, 4, 7, 8, 9, 10, 11])
    np.testing.assert_array_equal(indexes.border_slim, indexes.edge_slim)
    np.testing.assert_array_equal(indexes.edge_native, mask.native_for_slim[indexes.edge_slim])
    np.testing.assert_array_equal(indexes.border_native[0], [1, 2])
    np.testing.assert_array_equal(indexes.native_for_slim, np.argwhere(~mask.array))


def test_masks(mask):
    derived = mask.derive_mask
    assert derived.all_false.is_all_false
    assert derived.edge.pixels_in_mask == 10
    assert derived.edge.array[2, 3]
    np.testing.assert_array_equal(derived.border.array, derived.edge.array)
    assert derived.edge_buffed.pixels_in_mask == 5 * 6
    blurring = derived.blurring_from((3, 3))
    assert blurring.pixels_in_mask == 5 * 6 - 12
    assert not (~blurring.array & ~mask.array).any()
    assert derived.blurring_from((1, 1)).is_all_true
    for other in (derived.edge, blurring):
        assert (other.pixel_scales, other.origin) == (mask.pixel_scales, mask.origin)


def test_grids(mask):
    derived = mask.derive_grid
    assert derived.all_false.shape == (42, 2)
    np.testing.assert_array_equal(derived.unmasked.array[0], [2.0, 0.5])
    np.testing.assert_array_equal(derived.edge.array, derived.unmasked.array[mask.derive_indexes.edge_slim])
    np.testing.assert_array_equal(derived.border.array, derived.unmasked.array[mask.derive_indexes.border_slim])
    assert derived.border.mask.pixels_in_mask == 10


def test_grids_on_jax(mask):
    jnp = pytest.importorskip("jax.numpy")
    border = DeriveGrid2D(mask=mask, xp=jnp).border
    assert border.use_jax
    np.testing.assert_array_equal(np.asarray(border.array), mask.derive_grid.border.array)


def test_zoom(mask):
    zoom = mask.zoom
    assert zoom.centre == (2.0, 3.5)
    assert zoom.offset_pixels == (-0.5, 0.5)
    assert zoom.offset_scaled == (0.5, 0.25)
    # Three rows and four columns: square to one pixel.
    assert zoom.region == (1, 4, 2, 6)
    assert zoom.shape_native == (3, 4)
    assert zoom.mask_2d_from(buffer=0).is_all_false
    values = np.arange(42.0).reshape(6, 7)
    array = Array2D(values, mask=mask)
    zoomed = zoom.array_2d_from(array, buffer=1)
    assert zoomed.store_native
    np.testing.assert_array_equal(zoomed.array, np.where(mask.array, 0.0, values)[0:5, 1:7])
    # The pixels lie where they did.
    np.testing.assert_allclose(zoomed.mask.derive_grid.unmasked.array, mask.derive_grid.unmasked.array)
    np.testing.assert_allclose(zoom.extent_from(buffer=1), zoomed.geometry.extent)


def test_zoom_past_the_array_is_filled_with_zeros():
    values = np.full((3, 9), True)
    values[1, 1:8] = False
    mask = Mask2D(values, pixel_scales=1.0)
    assert mask.zoom.region == (-2, 5, 1, 8)
    zoomed = mask.zoom.array_2d_from(Array2D(np.ones(7), mask=mask), buffer=0)
    assert zoomed.shape == (7, 7)
    assert zoomed.array.sum() == 7.0
    np.testing.assert_array_equal(zoomed.array[3], np.ones(7))


def test_zoom_of_an_empty_mask():
    with pytest.raises(exc.MaskException, match="at least one unmasked pixel"):
        _ = Mask2D([[True, True]], pixel_scales=1.0).zoom.region
