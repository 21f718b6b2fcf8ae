"""What arrays and grids refuse: complex numbers, text, objects, and the masks of `numpy.ma`, which NumPy drops."""

import numpy as np
import pytest

import autoarray as aa
from autoarray._backend import as_array, numbers_from

MASK = aa.Mask2D(np.array([[False, False], [False, True]]), pixel_scales=0.1)
MASKED = np.ma.array([[1.0, 2.0], [3.0, 999.0]], mask=[[False, False], [False, True]])


def complexes(xp):
    return xp.asarray(np.array([[1.0, 2.0], [3.0, 4.0 + 1e-9j]]))


def test_complex_values_are_refused_whatever_their_imaginary_parts(xp):
    for values in (complexes(xp), xp.asarray(np.ones((2, 2), dtype=complex))):
        with pytest.raises(aa.exc.ArrayException, match=r"Array2D\.values: expected real numbers, found complex128"):
            aa.Array2D(values, MASK, xp=xp)
        with pytest.raises(aa.exc.ArrayException, match=r"values: expected real numbers, .* pass their real part"):
            aa.Array2D.no_mask(values, pixel_scales=0.1)
    pairs = xp.asarray(np.zeros((3, 2), dtype=complex))
    with pytest.raises(aa.exc.GridException, match=r"Grid2D\.values: expected real numbers"):
        aa.Grid2D(pairs, MASK, xp=xp)
    with pytest.raises(aa.exc.GridException, match=r"Grid2DIrregular\.values: expected real numbers"):
        aa.Grid2DIrregular(pairs, xp=xp)


def test_complex_values_are_refused_while_jax_traces_them():
    import jax

    with pytest.raises(aa.exc.ArrayException, match=r"Array2D\.values: expected real numbers"):
        jax.jit(lambda values: aa.Array2D(values, MASK).array)(np.ones(3, dtype=complex))


def test_values_without_a_mask_of_their_own_may_be_complex():
    values = aa.ArrayIrregular([1.0 + 2.0j])
    assert values.array.tolist() == [1.0 + 2.0j]
    assert as_array([1.0j]).tolist() == [1.0j]


NO_NUMBERS = {
    "text": ([["1.0", "b"], ["c", "d"]], r"found <U3 values of shape \(2, 2\), the first at \(0, 0\): '1\.0'"),
    "none": ([[1.0, None], [2.0, 3.0]], r"found object values of shape \(2, 2\), the first at \(0, 1\): None"),
    "objects": (np.ones((2, 2), dtype=object), r"found object values .*; `values\.astype\(float\)` makes numbers of"),
    "huge": ([[10**30, 1], [1, 1]], r"found object values"),
    "dates": (np.zeros((2, 2), dtype="<M8[s]"), r"found datetime64\[s\] values"),
    "ragged": ([[1.0, 2.0], [3.0]], r"found what NumPy makes none of"),
}


@pytest.mark.parametrize("name", NO_NUMBERS)
def test_what_is_no_number_is_refused(name):
    values, message = NO_NUMBERS[name]
    with pytest.raises(aa.exc.ArrayException, match=r"Array2D\.values: expected an array of numbers, " + message):
        aa.Array2D(values, MASK)
    with pytest.raises(aa.exc.ArrayException, match=r"values: expected an array of numbers, " + message):
        aa.Array2D.no_mask(values, pixel_scales=0.1)
    with pytest.raises(aa.exc.ArrayException, match=r"ArrayIrregular\.values: expected an array of numbers"):
        aa.ArrayIrregular(values)
    with pytest.raises(aa.exc.GridException, match=r"values: expected an array of numbers"):
        aa.Grid2DIrregular(values)
    with pytest.raises(aa.exc.ArrayException, match=r"values: expected an array of numbers"):
        as_array(values)


def test_a_mask_of_numpy_is_honoured_where_the_mask_is_given():
    array = aa.Array2D(MASKED, MASK)
    assert array.array.tolist() == [1.0, 2.0, 3.0]
    assert aa.Array2D(MASKED, MASK, store_native=True, skip_mask=True).array.tolist() == [[1.0, 2.0], [3.0, 0.0]]
    unmasked = np.ma.array([[1.0, 2.0], [3.0, 4.0]])
    assert aa.Array2D.no_mask(unmasked, pixel_scales=0.1).array.tolist() == [1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize(
    "values",
    [MASKED, list(MASKED), [list(MASKED[0]), [3.0, np.ma.masked]], [[1.0, 2.0], MASKED[1]]],
    ids=["array", "rows", "entries", "row"],
)
def test_a_mask_of_numpy_that_would_be_dropped_is_refused(values):
    message = r"expected values without masked entries, found numpy\.ma values of shape \(2, 2\) with 1 masked, the "
    message += r"first at \(1, 1\); give the mask as a Mask2D"
    with pytest.raises(aa.exc.ArrayException, match=message):
        aa.Array2D.no_mask(values, pixel_scales=0.1)
    elsewhere = aa.Mask2D(np.array([[True, False], [False, False]]), pixel_scales=0.1)
    with pytest.raises(aa.exc.ArrayException, match=message):
        aa.Array2D(values, elsewhere)
    with pytest.raises(aa.exc.GridException, match=message):
        aa.Grid2DIrregular(values)
    with pytest.raises(aa.exc.ArrayException, match=message):
        as_array(values)


def test_other_ways_to_arrays():
    slim = np.ma.array([1.0, 2.0, 999.0], mask=[False, False, True])
    refused = [
        (lambda: aa.Array2D(slim, MASK), aa.exc.ArrayException, r"first at \(2,\)"),
        (lambda: aa.ArrayIrregular(slim), aa.exc.ArrayException, r"first at \(2,\)"),
        (lambda: aa.Grid2DIrregular.from_yx_1d(slim, [0, 0, 0]), aa.exc.GridException, r"Grid2DIrregular\.y: "),
        (
            lambda: aa.Grid2DIrregular.from_yx_1d([0.0], [0.0, 1.0]),
            aa.exc.GridException,
            r"x: expected the shape \(1,\)",
        ),
        (lambda: aa.Grid2D.uniform((2, 2), 0.1, over_sample_size=slim), aa.exc.GridException, "over_sample_size: "),
        (lambda: aa.Array2D(np.ones(3), MASK.array), aa.exc.ArrayException, r"Array2D\.mask: expected a Mask2D"),
        (lambda: aa.Array2D.full("a", (2, 2), 0.1), aa.exc.ArrayException, r"Array2D\.fill_value: expected"),
        (lambda: aa.Array2D.full([1.0, 2.0], (2, 2), 0.1), aa.exc.ArrayException, r"fill_value: expected a number"),
        (lambda: aa.Array2D.full(1.0, (-2, 2), 0.1), aa.exc.MaskException, "shape_native: expected at least one pixel"),
        (lambda: aa.Array2D.no_mask(np.ones((2, 2)), 0.1, (0, 0)), aa.exc.MaskException, "shape_native: expected"),
        (lambda: aa.Array2D.no_mask(np.ones((2, 2)), 0.1, []), aa.exc.MaskException, "shape_native: expected two"),
        (lambda: aa.preprocess.array_eps_to_counts(slim, 2.0), aa.exc.DatasetException, "without masked entries"),
        (lambda: aa.preprocess.noise_map_via_weight_map_from(None), aa.exc.DatasetException, "found object values"),
        (lambda: aa.preprocess.array_eps_to_counts(np.ones(3), np.ones(2)), aa.exc.DatasetException, "map: expected"),
    ]
    for call, error, message in refused:
        with pytest.raises(error, match=message):
            call()


def test_the_number_of_pixels_beside_native_coordinates():
    values = np.zeros((2, 3, 2))
    with pytest.raises(
        aa.exc.GridException, match=r"native coordinates of the mask's shape \(3, 2\), found .*\(2, 3, 2\)"
    ):
        aa.Grid2D.no_mask(values, pixel_scales=0.1, shape_native=(3, 2))


def test_members_of_arrays_and_grids():
    nan = float("nan")
    array, grid = aa.Array2D.ones((5, 5), 0.1), aa.Grid2D.uniform((5, 5), 0.1, over_sample_size=2)
    points = aa.Grid2DIrregular([[0.0, 0.0]])
    refused = [
        (lambda: array.resized_from((7.5, 7)), r"new_shape: expected at least one pixel"),
        (lambda: array.padded_before_convolution_from((-3, 3)), r"kernel_shape: expected at least one pixel"),
        (lambda: array.trimmed_after_convolution_from((0, 3)), r"kernel_shape: expected at least one pixel"),
        (lambda: array.brightest_sub_pixel_coordinate_in_region_from(None, -1), r"box_size: expected a whole number"),
        (lambda: grid.padded_grid_from((3, -1)), r"kernel_shape_native: expected at least one pixel"),
        (lambda: grid.trimmed_after_convolution_from((0, 1)), r"kernel_shape: expected at least one pixel"),
        (lambda: grid.subtracted_from((nan, 0.0)), r"offset\[0\]: expected a finite number, found nan"),
        (lambda: grid.subtracted_and_rotated_from((0.0, 0.0), nan), r"angle: expected a finite number of degrees"),
        (lambda: points.subtracted_from((0.0, nan)), r"offset\[1\]: expected a finite number, found nan"),
        (lambda: points.subtracted_from(1.0), r"offset: expected a shift \(y, x\), found 1\.0"),
        (lambda: grid.grid_2d_via_deflection_grid_from(nan), r"deflection_grid: expected the shape \(25, 2\)"),
        (lambda: points.grid_2d_via_deflection_grid_from(np.zeros(2)), r"deflection_grid: expected the shape \(1, 2\)"),
        (lambda: grid.squared_distances_to_coordinate_from((nan, 0.0)), r"coordinate\[0\]: expected a finite number"),
        (lambda: points.distances_to_coordinate_from((0.0, nan)), r"coordinate\[1\]: expected a finite number"),
        (lambda: points.extent_with_buffer_from(nan), r"buffer: expected a finite number, found nan"),
        (lambda: grid.grid_2d_radial_projected_from(angle=nan), r"angle: expected a finite number of degrees"),
        (lambda: grid.grid_2d_radial_projected_from(shape_slim=-1), r"shape_slim: expected a whole number"),
        (lambda: grid.grid_with_coordinates_within_distance_removed_from((0.0, 0.0), nan), r"distance: expected"),
        (lambda: aa.Grid2D.from_extent((nan, 1, 0, 1), (5, 5)), r"extent\[0\]: expected a finite number, found nan"),
        (lambda: aa.Grid2D.bounding_box((0, 1), (5, 5)), r"bounding_box: expected the edges"),
        (lambda: aa.Grid2D.from_mask(np.ones((2, 2))), r"mask: expected a Mask2D"),
    ]
    for call, message in refused:
        with pytest.raises((aa.exc.ArrayException, aa.exc.GridException), match=message):
            call()


def test_a_traced_shift_is_not_looked_at():
    import jax
    import jax.numpy as jnp

    grid = aa.Grid2DIrregular([[1.0, 2.0]])

    @jax.jit
    def moved(y, offset, angle):
        first = grid.subtracted_from((y, 0.0), xp=jnp).array
        return first + grid.subtracted_and_rotated_from(offset, angle, xp=jnp).array

    np.testing.assert_allclose(moved(jnp.asarray(0.5), jnp.asarray([0.0, 0.0]), jnp.asarray(0.0)), [[1.5, 4.0]])
    assert np.isnan(moved(jnp.asarray(jnp.nan), jnp.zeros(2), jnp.asarray(0.0))).any()


def test_numbers_stay_as_they_are():
    values = np.arange(3, dtype=">f4")
    assert numbers_from(values, "values") is values
    assert numbers_from([True, False], "values").dtype == bool
