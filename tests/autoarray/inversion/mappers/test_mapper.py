import numpy as np
import problems
import pytest

import autoarray as aa
from autoarray.inversion.mappers import mapper_util


def mapper_from(backend="numpy", mesh="adapt_density", **kwargs):
    return problems.fit_from(backend, mesh, **kwargs).inversion.linear_obj_list[0]


def triplets(seed=0):
    """Seven sub-pixels of three data pixels, mapped to at most three of five mesh pixels."""
    rng = np.random.default_rng(seed)
    return {
        "pix_indexes_for_sub_slim_index": np.array([[rng.permutation(5)[:3]] for _ in range(7)]).reshape(7, 3),
        "pix_size_for_sub_slim_index": np.array([1, 2, 3, 3, 2, 1, 3]),
        "pix_weights_for_sub_slim_index": rng.uniform(0.1, 1.0, (7, 3)),
        "pixels": 5,
        "total_mask_pixels": 3,
        "slim_index_for_sub_slim_index": np.array([0, 1, 1, 1, 1, 2, 2]),
        "sub_fraction": np.array([1.0, 0.25, 0.5]),
    }


def looped(arguments) -> np.ndarray:
    matrix = np.zeros((arguments["total_mask_pixels"], arguments["pixels"]))
    for sub, size in enumerate(arguments["pix_size_for_sub_slim_index"]):
        slim = arguments["slim_index_for_sub_slim_index"][sub]
        for k in range(size):
            column = arguments["pix_indexes_for_sub_slim_index"][sub, k]
            weight = arguments["pix_weights_for_sub_slim_index"][sub, k]
            matrix[slim, column] += weight * arguments["sub_fraction"][slim]
    return matrix


@pytest.mark.parametrize("seed", range(5))
def test_mapping_matrix_with_unused_entries(seed):
    arguments = triplets(seed)
    expected = looped(arguments)
    np.testing.assert_allclose(mapper_util.mapping_matrix_from(**arguments), expected, rtol=1e-14)
    np.testing.assert_allclose(mapper_util.mapping_matrix_sparse_from(**arguments).toarray(), expected, rtol=1e-14)
    assert mapper_util.mapping_matrix_from(**arguments, use_mixed_precision=True).dtype == np.float32
    jnp = pytest.importorskip("jax.numpy")
    on_jax = {name: jnp.asarray(value) if name.startswith("pix_") else value for name, value in arguments.items()}
    np.testing.assert_allclose(mapper_util.mapping_matrix_from(**on_jax, xp=jnp), expected, rtol=1e-14)


@pytest.mark.parametrize("sub_size", [1, 2, "mixed"])
@pytest.mark.parametrize("mesh", problems.MESHES)
def test_rows_of_the_mapping_matrix_add_up_to_one(mesh, sub_size):
    dataset = problems.dataset_from()
    if sub_size == "mixed":
        sizes = np.arange(dataset.mask.pixels_in_mask) % 3 + 1
        sub_size = aa.Array2D(values=sizes, mask=dataset.mask)
    mapper = mapper_from(mesh=mesh, dataset=dataset.apply_over_sampling(over_sample_size_pixelization=sub_size))
    matrix = mapper.mapping_matrix
    assert matrix.shape == (dataset.mask.pixels_in_mask, 64)
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0, rtol=1e-12)
    np.testing.assert_array_equal(mapper.mapping_matrix_sparse.toarray(), matrix)


def test_jax_mapping_matrix_equals_numpy():
    pytest.importorskip("jax")
    np.testing.assert_allclose(mapper_from("jax").mapping_matrix, mapper_from("numpy").mapping_matrix, atol=1e-12)


def test_reverse_mappings():
    mapper = mapper_from()
    reverse = mapper.sub_slim_indexes_for_pix_index
    assert len(reverse) == mapper.params
    for pixel, sub_pixels in enumerate(reverse):
        expected = np.flatnonzero((mapper.pix_indexes_for_sub_slim_index == pixel).any(axis=1))
        # Where two of the four corners are one pixel, the sub-pixel maps to it twice.
        assert sorted(set(sub_pixels)) == expected.tolist()
    groups = mapper.slim_indexes_for_pix_indexes([[27], [28, 35], []])
    assert groups[2] == []
    expected = np.unique(mapper.slim_index_for_sub_slim_index[sorted({*reverse[28], *reverse[35]})])
    assert groups[1] == expected.tolist()
    assert mapper.slim_indexes_for_pix_indexes([28, 35]) == groups[1]  # one group
    assert mapper.slim_indexes_for_pix_indexes([]) == []


def test_vertices_of_another_mesh():
    """A rectangular mesh has none, so that those it is given are not looked at; a triangulation has its own."""
    constant = aa.reg.Constant(coefficient=1.0)
    vertices = aa.Grid2DIrregular([[0.1, 0.2], [0.3, -0.4], [-0.5, 0.6]])
    interpolator = mapper_from().interpolator
    mapper, plain = (
        aa.Mapper(interpolator=interpolator, regularization=constant, image_plane_mesh_grid=grid)
        for grid in (vertices, None)
    )
    assert mapper.image_plane_mesh_grid is vertices
    np.testing.assert_array_equal(mapper.mapping_matrix, plain.mapping_matrix)
    grid = problems.dataset_from().grids.pixelization
    corners = aa.Grid2DIrregular([[-1.0, -1.0], [-1.0, 1.0], [1.0, 0.0], [0.2, 0.1]])
    own = aa.mesh.Delaunay(pixels=4).interpolator_from(source_plane_data_grid=grid, source_plane_mesh_grid=corners)
    with pytest.raises(aa.exc.InversionException, match="expected the 4 vertices of the interpolator's mesh, found 3"):
        aa.Mapper(interpolator=own, regularization=constant, image_plane_mesh_grid=vertices)


def test_totals_and_means_of_mesh_pixels(backend):
    mapper = mapper_from(backend)
    totals = np.asarray(mapper.data_weight_total_for_pix_from())
    assert totals.sum() == pytest.approx(len(mapper.slim_index_for_sub_slim_index))
    ones = aa.Array2D(values=np.ones(mapper.mask.pixels_in_mask), mask=mapper.mask)
    matrix = np.asarray(mapper.mapping_matrix)
    used = (matrix > 0.0).any(axis=0)
    found = np.asarray(mapper.mapped_to_source_from(ones))
    np.testing.assert_allclose(found[used], matrix.sum(axis=0)[used] / (matrix > 0.0).sum(axis=0)[used], rtol=1e-12)
    assert (found[~used] == 0.0).all()


def test_a_mapper_is_hashable_by_identity():
    a, b = mapper_from(), mapper_from()
    assert {a: 1, b: 2}[b] == 2


def test_backends_can_not_be_mixed():
    jnp = pytest.importorskip("jax.numpy")
    mapper = mapper_from()
    with pytest.raises(aa.exc.InversionException, match=r"mapper's xp=jax\.numpy, found one with xp=numpy"):
        aa.Mapper(interpolator=mapper.interpolator, xp=jnp)
    dataset = problems.dataset_from()
    with pytest.raises(aa.exc.InversionException, match=r"linear_obj_list\[0\]: expected xp=jax\.numpy"):
        aa.Inversion(dataset=dataset, linear_obj_list=[mapper], xp=jnp)
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=[mapper])
    with pytest.raises(aa.exc.InversionException, match=r"FitImaging\.inversion: expected xp=jax\.numpy"):
        aa.FitImaging(dataset=dataset, inversion=inversion, xp=jnp)
    with pytest.raises(aa.exc.InversionException, match="exists in NumPy mode only"):
        mapper_from("jax").mapping_matrix_sparse  # noqa: B018


def test_reprs_say_what_is_there():
    fit = problems.fit_from()
    assert repr(fit.inversion.linear_obj_list[0]) == (
        "Mapper(numpy, RectangularBilinearAdaptDensity 8 x 8, Constant(coefficient=1.0), data_grid=(154, 2) arcsec)"
    )
    assert repr(fit).startswith('FitImaging(numpy, 154 pixels of 0.1", RectangularBilinearAdaptDensity 8 x 8, ')
    assert repr(aa.Mapper.__new__(aa.Mapper)) == "Mapper(<incomplete>)"
