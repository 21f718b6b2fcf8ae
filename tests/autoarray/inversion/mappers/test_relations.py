"""What is read off a mapper, against the numbers of PyAutoArray 2026.10.26.1 and against plain loops."""

import functools

import linear_objects
import numpy as np
import problems
import pytest
import vertex_problems
from linear_objects import reference

import autoarray as aa
from autoarray.inversion.mappers import mapper_util

ABOUT = reference()[1]


def expected(index, name):
    return reference()[0][f"out/mapper_{index}/{name}"]


@functools.cache
def mapper_from(index, backend="numpy"):
    adapt_data = aa.Array2D(values=reference()[0]["in/adapt_data"], mask=linear_objects.dataset().mask)
    return linear_objects.mapper_from(index, backend, adapt_data=adapt_data)


@pytest.mark.parametrize("index", [0, 1])
def test_unique_mappings_equal_the_peers(index):
    unique = mapper_from(index).unique_mappings
    np.testing.assert_array_equal(unique.pix_lengths, expected(index, "unique_lengths"))
    np.testing.assert_array_equal(unique.data_to_pix_unique, expected(index, "unique"))
    np.testing.assert_allclose(unique.data_weights, expected(index, "unique_weights"), atol=1e-13)


def test_unique_mappings_are_the_mapping_matrix():
    dataset = problems.dataset_from()
    sizes = aa.Array2D(values=np.arange(dataset.mask.pixels_in_mask) % 3 + 1, mask=dataset.mask)
    dataset = dataset.apply_over_sampling(over_sample_size_pixelization=sizes)
    mapper = problems.fit_from(dataset=dataset).inversion.linear_obj_list[0]
    unique = mapper.unique_mappings
    matrix = np.zeros(mapper.mapping_matrix.shape)
    for row, length in enumerate(unique.pix_lengths):
        columns = unique.data_to_pix_unique[row]
        assert len(set(columns[:length])) == length
        assert (columns[length:] == -1).all()
        matrix[row, columns[:length]] = unique.data_weights[row, :length]
    np.testing.assert_allclose(matrix, mapper.mapping_matrix, atol=1e-15)
    assert unique.data_to_pix_unique.shape[1] == 4 * 3**2


@pytest.mark.parametrize("index", [0, 1])
@pytest.mark.parametrize("name", ["sparse_triplets_data", "sparse_triplets_curvature"])
def test_triplets_equal_the_peers(index, backend, name):
    rows, columns, values = (np.asarray(part) for part in getattr(mapper_from(index, backend), name))
    np.testing.assert_array_equal(rows, expected(index, f"{name}_rows"))
    np.testing.assert_array_equal(columns, expected(index, f"{name}_columns"))
    np.testing.assert_allclose(values, expected(index, f"{name}_values"), atol=1e-12)
    assert rows.dtype == columns.dtype == np.int32


def test_unused_triplets_add_nothing(xp):
    arguments = {
        "pix_indexes_for_sub": xp.asarray([[1, -1, 7], [0, 2, 5]]),
        "pix_weights_for_sub": xp.asarray([[0.5, 9.0, 9.0], [0.25, 0.75, 9.0]]),
        "slim_index_for_sub": np.array([0, 1]),
        "fft_index_for_masked_pixel": np.array([4, 8]),
        "sub_fraction_slim": np.array([1.0, 0.5]),
        "xp": xp,
    }
    found = mapper_util.sparse_triplets_from(
        **arguments, pix_sizes_for_sub=xp.asarray([1, 2]), slim_weights=np.array([2.0, 3.0]), return_rows_slim=False
    )
    np.testing.assert_array_equal(found[0], [4, 4, 4, 8, 8, 8])
    np.testing.assert_array_equal(found[1], [1, 0, 0, 0, 2, 0])
    np.testing.assert_array_equal(found[2], [1.0, 0.0, 0.0, 0.375, 1.125, 0.0])
    rows, columns, values = mapper_util.sparse_triplets_from(**arguments)
    np.testing.assert_array_equal(rows, [0, 0, 0, 1, 1, 1])
    np.testing.assert_array_equal(columns, [1, -1, 7, 0, 2, 5])
    np.testing.assert_array_equal(values, [0.5, 9.0, 9.0, 0.125, 0.375, 4.5])


# ---------------------------------------------------------------------- signals


@pytest.mark.parametrize("index", [0, 1])
@pytest.mark.parametrize("scale", [0.7, 2.0])
def test_signals_equal_the_peers(index, backend, xp, scale):
    signals = mapper_from(index, backend).pixel_signals_from(scale, xp=xp)
    # The interpolation weights of the two are equal to 1e-12, of which a pixel with few mappings makes a little more.
    np.testing.assert_allclose(signals, expected(index, f"signals_{scale}"), rtol=1e-10, atol=1e-12)
    assert np.max(signals) == 1.0


def signals_of(values, scale=0.5, **kwargs):
    return mapper_util.adaptive_pixel_signals_from(
        pixels=4,
        pixel_weights=np.array([[1.0, 9.0], [0.25, 0.75], [1.0, 0.0]]),
        signal_scale=scale,
        pix_indexes_for_sub_slim_index=np.array([[0, -1], [0, 1], [1, 2]]),
        pix_size_for_sub_slim_index=np.array([1, 2, 2]),
        slim_index_for_sub_slim_index=np.array([0, 0, 1]),
        adapt_data=np.array(values),
        **kwargs,
    )


def test_signals_are_weighted_means():
    # The means are (2 + 2 / 4) / 2, (2 * 3 / 4 + 3) / 2 and 0; the last pixel has no mapping.
    expected_shares = np.array([1.25, 2.25, 0.0, 0.0]) / 2.25
    np.testing.assert_allclose(signals_of([2.0, 3.0], scale=1.0), expected_shares)
    np.testing.assert_allclose(signals_of([2.0, 3.0]), expected_shares**0.5)
    # Without the mapping of weight zero the third pixel has none, and the mean of the others is as before.
    np.testing.assert_allclose(signals_of([2.0, 3.0], exclude_zero_weight_mappings=True), expected_shares**0.5)


def test_signals_of_an_image_without_positive_values_are_zero():
    # As PyAutoArray 2026.10.26.1; a fractional power of a negative share would be NaN.
    np.testing.assert_array_equal(signals_of([-1.0, -2.0]), np.zeros(4))
    np.testing.assert_array_equal(signals_of([0.0, 0.0]), np.zeros(4))
    np.testing.assert_allclose(signals_of([-1.0, 2.0], scale=1.0), [0.0, 1.0, 0.0, 0.0])


@pytest.mark.parametrize("cls", [aa.mesh.Delaunay, aa.mesh.KNearestNeighbor])
def test_which_meshes_leave_out_mappings_of_weight_zero(cls):
    interpolator = vertex_problems.interpolator_from(cls(pixels=18, zeroed_pixels=6))
    assert interpolator.exclude_zero_weight_mappings == (cls is aa.mesh.Delaunay)
    assert not mapper_from(0).interpolator.exclude_zero_weight_mappings


def test_gradients_of_signals():
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    mapper = mapper_from(1)
    weights = np.asarray(mapper.pix_weights_for_sub_slim_index)
    along = np.random.default_rng(2).normal(size=weights.shape)

    def total(step, scale, xp=jnp):
        signals = mapper_util.adaptive_pixel_signals_from(
            pixels=mapper.params,
            pixel_weights=xp.asarray(weights) + step * xp.asarray(along),
            signal_scale=scale,
            pix_indexes_for_sub_slim_index=xp.asarray(mapper.pix_indexes_for_sub_slim_index),
            pix_size_for_sub_slim_index=xp.asarray(mapper.pix_sizes_for_sub_slim_index),
            slim_index_for_sub_slim_index=mapper.slim_index_for_sub_slim_index,
            adapt_data=mapper.adapt_data.array,
            xp=xp,
        )
        return (signals * xp.linspace(0.0, 1.0, mapper.params)).sum()

    # At weights without any at zero, where pixels would leave or enter the sum.
    found = jax.jit(jax.grad(total, argnums=(0, 1)))(1e-3, 0.7)
    step = 1e-6
    expected_values = (
        (total(1e-3 + step, 0.7, np) - total(1e-3 - step, 0.7, np)) / (2 * step),
        (total(1e-3, 0.7 + step, np) - total(1e-3, 0.7 - step, np)) / (2 * step),
    )
    np.testing.assert_allclose(found, expected_values, rtol=1e-5)


def test_signals_need_an_image_of_the_data():
    with pytest.raises(aa.exc.PixelizationException, match="expected a mapper with adapt_data"):
        linear_objects.mapper_from(1).pixel_signals_from(signal_scale=1.0)
    mapper = linear_objects.mapper_from(1, adapt_data=np.ones(79))
    with pytest.raises(aa.exc.InversionException, match=r"on the 80 unmasked pixels of the data, found one of shape"):
        mapper.pixel_signals_from(signal_scale=1.0)


# ---------------------------------------------------------------------- a PSF sampled more finely than the data


def fine_dataset():
    dataset = linear_objects.dataset()
    kernel = reference()[0]["out/fine_psf/kernel"]
    psf = aa.Convolver(kernel=aa.Array2D.no_mask(values=kernel, pixel_scales=0.05), convolve_over_sample_size=2)
    return aa.Imaging(
        data=dataset.data,
        noise_map=dataset.noise_map,
        psf=psf,
        over_sample_size_lp=2,
        over_sample_size_pixelization=2,
    )


def test_an_inversion_with_a_fine_psf_equals_the_peers(backend, xp):
    arrays = reference()[0]
    inversion = aa.Inversion(dataset=fine_dataset(), linear_obj_list=[linear_objects.mapper_from(1, backend)], xp=xp)
    for name in ("operated_mapping_matrix", "reconstruction", "log_det_curvature_reg_matrix_term"):
        np.testing.assert_allclose(getattr(inversion, name), arrays[f"out/fine_psf/{name}"], rtol=1e-9, atol=1e-10)
    image = inversion.mapped_reconstructed_operated_data.array
    np.testing.assert_allclose(image, arrays["out/fine_psf/mapped_reconstructed_operated_data"], rtol=1e-9)


def test_cells_of_a_finer_image_are_means_of_their_sub_pixels(backend):
    mapper = linear_objects.mapper_from(1, backend)
    pixels = mapper.mask.pixels_in_mask
    fine = np.asarray(mapper.mapping_matrix_over_sampled)
    np.testing.assert_array_equal(fine, mapper.mapping_matrix_over_sampled_for(2))
    assert fine.shape == (4 * pixels, mapper.params)
    np.testing.assert_allclose(fine.reshape(pixels, 4, -1).mean(axis=1), mapper.mapping_matrix, atol=1e-14)
    np.testing.assert_allclose(mapper.mapping_matrix_over_sampled_for(1), mapper.mapping_matrix, atol=1e-14)


def test_cells_where_the_number_of_sub_pixels_varies():
    dataset = problems.dataset_from()
    sizes = np.array([2, 4, 6])[np.arange(dataset.mask.pixels_in_mask) % 3]
    dataset = dataset.apply_over_sampling(over_sample_size_pixelization=aa.Array2D(values=sizes, mask=dataset.mask))
    mapper = problems.fit_from(dataset=dataset).inversion.linear_obj_list[0]
    found = mapper.mapping_matrix_over_sampled_for(convolve_over_sample_size=2)
    sparse = mapper.mapping_matrix_over_sampled_sparse_for(convolve_over_sample_size=2).toarray()
    np.testing.assert_array_equal(sparse, found)
    rows, start = [], 0
    mappings, weights = mapper.pix_indexes_for_sub_slim_index, mapper.pix_weights_for_sub_slim_index
    for size in sizes:
        cells = np.zeros((2, 2, mapper.params))
        for y, x in np.ndindex(size, size):
            sub = start + y * size + x
            np.add.at(cells[y // (size // 2), x // (size // 2)], mappings[sub], weights[sub] * 4 / size**2)
        rows += [*cells.reshape(4, -1)]
        start += size**2
    np.testing.assert_allclose(found, rows, atol=1e-14)
    with pytest.raises(aa.exc.GridException, match=r"multiples of convolve_over_sample_size=4.*found \[2, 6\]"):
        mapper.mapping_matrix_over_sampled_for(convolve_over_sample_size=4)
    with pytest.raises(aa.exc.GridException, match="multiples of convolve_over_sample_size=6"):
        mapper.mapping_matrix_over_sampled  # noqa: B018


# ---------------------------------------------------------------------- sums and regions


def test_the_areas_of_the_data_add_up(backend):
    mapper = mapper_from(1, backend)
    areas = np.asarray(mapper.data_pixel_area_for_pix_from())
    assert areas.sum() == pytest.approx(mapper.mask.pixels_in_mask * 0.1**2, rel=1e-12)
    np.testing.assert_allclose(areas, np.asarray(mapper.mapping_matrix).sum(axis=0) * 0.1**2, atol=1e-14)


def test_weights_of_unused_mappings_do_not_count():
    mapper = aa.Mapper(interpolator=vertex_problems.interpolator_from())
    totals = mapper.data_weight_total_for_pix_from()
    np.testing.assert_allclose(totals, mapper.mapping_matrix.sum(axis=0) * 4.0, atol=1e-12)


@pytest.mark.parametrize("index", [0, 1])
def test_extents_equal_the_peers(index):
    values = np.zeros(mapper_from(index).params)
    values[[7, 8, 12, 13]] = [1.0, 0.4, 0.02, 0.8]
    found = [mapper_from(index).extent_from(values=values, **zoom) for zoom in ABOUT["zooms"]]
    np.testing.assert_allclose(found, expected(index, "extents"), atol=1e-12)
    # The whole mesh, whose extent a scale does not touch.
    np.testing.assert_allclose(mapper_from(index).extent_from(zoom_extent_scale=3.0), found[-1], atol=1e-12)


def test_an_extent_is_not_enlarged_beyond_the_mesh_and_never_shrinks():
    mapper = mapper_from(1)
    whole = mapper.extent_from()
    values = np.zeros(mapper.params)
    values[[8, 9, 26, 27]] = 1.0
    x0, x1, *_ = mapper.extent_from(values=values, zoom_extent_scale=50.0)
    assert x1 - x0 == pytest.approx(0.7 * (whole[1] - whole[0]))
    # PyAutoArray shrinks an extent of the whole mesh to 0.7 of it at any scale above 1.
    assert mapper.extent_from(values=np.ones(mapper.params), zoom_extent_scale=1.1) == pytest.approx(whole)
    assert mapper.extent_from(values=-np.ones(mapper.params)) == pytest.approx(whole)


@pytest.mark.parametrize("index", [0, 1])
def test_mappings_equal_the_peers(index, backend):
    data = linear_objects.dataset().data
    mappings = mapper_from(index, backend).mappings_from(ABOUT["groups"], weight_threshold=ABOUT["threshold"])
    assert len(mappings) == 2
    for i, mapping in enumerate(mappings):
        np.testing.assert_array_equal(mapping.pix_indexes, ABOUT["groups"][i])
        assert mapping.peak_value is None
        np.testing.assert_allclose(mapping.source_centre, expected(index, f"mapping_{i}/source_centre"), atol=1e-12)
        contours = expected(index, f"mapping_{i}/source_contours")
        np.testing.assert_allclose(mapping.source_contours, contours, atol=1e-12)
        for j, region in enumerate(mapping.image_regions):
            np.testing.assert_array_equal(region.slim_indexes, expected(index, f"mapping_{i}/slim_indexes_{j}"))
            numbers = (region.centre, region.centroid_from(data), region.brightest_coordinate_from(data))
            numbers = [*numbers, (region.area(), region.flux_from(data))]
            np.testing.assert_allclose(numbers, expected(index, f"mapping_{i}/numbers_{j}"), atol=1e-12)
        assert f"out/mapper_{index}/mapping_{i}/slim_indexes_{len(mapping.image_regions)}" not in reference()[0]


def test_mesh_pixels_per_image_pixels_need_vertices_in_the_image_plane():
    with pytest.raises(aa.exc.MeshException, match="expected a mapper with image_plane_mesh_grid"):
        mapper_from(1).mesh_pixels_per_image_pixels  # noqa: B018
    mapper = linear_objects.mapper_from(1)
    mapper.image_plane_mesh_grid = aa.Grid2DIrregular([[0.03, 0.02], [0.04, 0.01], [0.32, -0.21], [5.0, 5.0]])
    counts = mapper.mesh_pixels_per_image_pixels
    assert sorted(counts.array)[-3:] == [0.0, 1.0, 2.0]


@pytest.mark.parametrize(
    ("pix_indexes", "message"),
    [
        ([50], "whole numbers from 0 to 24, found"),
        ([-1], "whole numbers from 0 to 24, found"),
        ([1.5], "expected a group of whole numbers from 0 to 24"),
        ([[1, 2], 3], "found both"),
        ([[]], "expected a group of whole numbers"),
    ],
)
def test_bad_indexes_of_mesh_pixels(pix_indexes, message):
    with pytest.raises(aa.exc.InversionException, match=message):
        mapper_from(0).mappings_from(pix_indexes)


def test_no_groups_have_no_mappings():
    assert mapper_from(0).mappings_from([]) == []
