"""What all datasets have, on data that are no image."""

import numpy as np
import pytest

import autoarray as aa
from autoarray import fixtures


def line_of(values, mask=(False, True, False), pixel_scales=0.5):
    return aa.Array1D(values, mask=aa.Mask1D(list(mask), pixel_scales=pixel_scales))


def test_a_dataset_of_a_line():
    dataset = aa.AbstractDataset(data=line_of([1.0, 2.0]), noise_map=line_of([1.0, 4.0]), over_sample_size_lp=2)
    np.testing.assert_array_equal(dataset.signal_to_noise_map.array, [1.0, 0.5])
    assert dataset.signal_to_noise_max == 1.0
    assert (dataset.shape_native, dataset.shape_slim, dataset.pixel_scales) == ((3,), 2, (0.5,))
    np.testing.assert_array_equal(dataset.data.native.array, [1.0, 0.0, 2.0])
    np.testing.assert_array_equal(dataset.over_sample_size_lp.array, [2, 2])
    np.testing.assert_array_equal(dataset.over_sample_size_pixelization.array, [4, 4])


@pytest.mark.parametrize(
    ("noise_map", "message"),
    [
        (line_of([1.0, 1.0], mask=(False, False)), r"expected the shape \(3,\) of the data, found \(2,\)"),
        (line_of([1.0], mask=(False, True, True)), "which lacks 1 of them"),
        (line_of([1.0, 1.0], pixel_scales=0.1), "expected the pixel scales"),
    ],
)
def test_the_noise_of_another_line_is_refused(noise_map, message):
    with pytest.raises(aa.exc.DatasetException, match=message):
        aa.AbstractDataset(data=line_of([1.0, 2.0]), noise_map=noise_map)


def test_sub_sizes_that_are_fixed():
    dataset = fixtures.make_interferometer_7()
    with pytest.raises(aa.exc.DatasetException, match="found Interferometer, whose images are evaluated"):
        dataset.apply_over_sampling(over_sample_size_lp=2)
