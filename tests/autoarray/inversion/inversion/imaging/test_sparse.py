"""The sparse operator: its inversions against those without, its blocks against dense matrices, its derivatives."""

import pickle

import graph
import numpy as np
import problems
import pytest
from dense_systems import blur_from, random_system
from light_profiles import GaussianList

import autoarray as aa
import serialization
from autoarray._backend import is_jax_array
from autoarray.inversion.inversion.imaging import inversion_imaging_util as util

TERMS = [
    "regularization_term",
    "log_det_curvature_reg_matrix_term",
    "log_det_regularization_matrix_term",
]


def mapper_from(backend, dataset, mesh="adapt_density", shape=(6, 7)):
    mapper = problems.fit_from(backend, mesh, shape=shape, dataset=dataset).inversion.linear_obj_list[0]
    # With differences alone a constant could move from one mesh to the other, and rounding would decide.
    return mapper._with(regularization=aa.reg.ConstantZeroth(coefficient_neighbor=1.0, coefficient_zeroth=0.3))


def objects_from(kind, backend, dataset):
    """The linear objects of an inversion: mappers (m), functions that the inversion convolves (f) or not (o)."""
    xp = problems.xp_from(backend)
    grid = dataset.grids.pixelization
    blurring = {"blurring_grid": dataset.grids.blurring, "psf": dataset.psf}
    make = {
        "m": lambda: mapper_from(backend, dataset),
        "M": lambda: mapper_from(backend, dataset, "uniform", (5, 5)),
        "f": lambda: GaussianList(grid, [0.1, 0.3], xp=xp),
        "o": lambda: GaussianList(grid, [0.2], xp=xp, **blurring),
    }
    return [make[letter]() for letter in kind]


@pytest.mark.parametrize("kind", ["m", "mM", "fm", "oMfm"])
def test_the_evidence_is_that_of_the_mapping_matrices(backend, xp, kind):
    dataset = problems.dataset_from()
    objects = objects_from(kind, backend, dataset)
    dense = aa.Inversion(dataset=dataset, linear_obj_list=objects, xp=xp)
    sparse = aa.Inversion(dataset=dataset.apply_sparse_operator(batch_size=9), linear_obj_list=objects, xp=xp)
    assert type(dense) is aa.InversionImagingMapping
    assert type(sparse) is aa.InversionImagingSparse
    fits = [aa.FitImaging(dataset=dataset, inversion=inversion, xp=xp) for inversion in (dense, sparse)]
    assert float(fits[1].log_evidence) == pytest.approx(float(fits[0].log_evidence), rel=1e-8)
    for name in TERMS:
        assert float(getattr(sparse, name)) == pytest.approx(float(getattr(dense, name)), rel=1e-8)
    np.testing.assert_allclose(sparse.reconstruction, dense.reconstruction, rtol=1e-8, atol=1e-10)
    for index, (start, end) in enumerate(sparse.param_range_list_from(aa.Mapper)):
        edge = sparse.cls_list_from(aa.Mapper)[index].zeroed_pixels
        assert (np.asarray(sparse.reconstruction[start:end])[edge] == 0.0).all()


def test_jax_equals_numpy_and_can_be_compiled_and_differentiated():
    jax = pytest.importorskip("jax")
    dataset = problems.dataset_from().apply_sparse_operator(batch_size=16)

    def evidence(einstein, backend):
        return problems.fit_from(backend, "uniform", shape=(5, 5), dataset=dataset, einstein=einstein).log_evidence

    value, slope = jax.jit(jax.value_and_grad(lambda einstein: evidence(einstein, "jax")))(0.35)
    assert float(value) == pytest.approx(evidence(0.35, "numpy"), rel=1e-9)
    step = 1e-6
    assert float(slope) == pytest.approx(
        (evidence(0.35 + step, "numpy") - evidence(0.35 - step, "numpy")) / (2 * step), rel=1e-4
    )


@pytest.mark.parametrize("psf", [True, False])
@pytest.mark.parametrize("batch_size", [4, 23, 100])
def test_the_batches_of_a_gpu_give_the_matrix_and_the_gradients_of_a_cpu(psf, batch_size, monkeypatch):
    jax = pytest.importorskip("jax")
    from autoarray.inversion.inversion._curvature import batches_jax

    # The triplets too are scattered in several parts, the last of them a shorter one.
    monkeypatch.setattr(batches_jax, "_TRIPLETS_AT_ONCE", 500)
    system, weights = random_system(psf, sizes=(2, 1), params=23)
    columns, values = [w.columns for w in weights], [jax.numpy.asarray(w.values) for w in weights]
    expected = system.curvature_matrix_from(weights)
    scale = np.abs(expected).max()
    found = jax.jit(lambda values: batches_jax.curvature_matrix_from(system, batch_size, columns, values))(values)
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=1e-12 * scale)
    cotangent = np.random.default_rng(6).normal(size=expected.shape)
    gradients = jax.jit(lambda v, c: batches_jax.gradients_from(system, batch_size, columns, v, c))(values, cotangent)
    for own, other in zip(gradients, system.gradients_from(weights, cotangent), strict=True):
        np.testing.assert_allclose(own, other, rtol=0.0, atol=1e-12 * np.abs(other).max())


def dense_operator(dataset):
    """The matrices P of one column for each data pixel, and N^-1, and the index of data pixels in the whole image."""
    index = np.argwhere(~np.asarray(dataset.mask.array))
    blur = blur_from(np.asarray(dataset.psf.kernel.native.array), index)
    return blur, 1.0 / np.asarray(dataset.noise_map.array) ** 2, index[:, 0] * dataset.shape_native[1] + index[:, 1]


def test_the_blocks_of_the_operator(backend, xp):
    dataset = problems.dataset_from().apply_sparse_operator(batch_size=10)
    operator = dataset.sparse_operator
    blur, inverse_variances, flat = dense_operator(dataset)
    precision = blur.T @ (inverse_variances[:, None] * blur)
    mappers = [mapper_from(backend, dataset), mapper_from(backend, dataset, "uniform", (5, 5))]
    matrices = [np.asarray(mapper.mapping_matrix) for mapper in mappers]
    triplets = [mapper.sparse_triplets_curvature for mapper in mappers]
    expected = matrices[0].T @ precision @ matrices[0]
    found = operator.curvature_matrix_diag_from(*triplets[0], S=42)
    assert isinstance(found, np.ndarray) == (backend == "numpy")
    np.testing.assert_allclose(found, expected, atol=1e-11 * expected.max())
    found = operator.curvature_matrix_off_diag_from(*triplets[0], *triplets[1], S0=42, S1=25)
    np.testing.assert_allclose(found, matrices[0].T @ precision @ matrices[1], atol=1e-11 * expected.max())

    functions = np.random.default_rng(2).normal(size=(len(flat), 3))
    weights = xp.asarray(functions * inverse_variances[:, None])
    found = operator.curvature_matrix_off_diag_func_list_from(weights, flat, *triplets[1], S=25)
    by_hand = matrices[1].T @ blur.T @ np.asarray(weights)
    np.testing.assert_allclose(found, by_hand, atol=1e-11 * np.abs(by_hand).max())

    images = np.zeros((dataset.shape_native[0] * dataset.shape_native[1], 2))
    images[flat] = functions[:, :2]
    found = np.asarray(operator.apply_operator(xp.asarray(images)))
    by_hand = precision @ functions[:, :2]
    np.testing.assert_allclose(found[flat], by_hand, atol=1e-11 * np.abs(by_hand).max())


def test_the_parts_of_the_linear_system(backend, xp):
    dataset = problems.dataset_from().apply_sparse_operator()
    blur, inverse_variances, flat = dense_operator(dataset)
    mapper = mapper_from(backend, dataset)
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=[mapper], xp=xp)
    data = np.asarray(dataset.data.array)
    weighted = blur.T @ (data * inverse_variances)
    np.testing.assert_allclose(inversion.psf_weighted_data, weighted, atol=1e-11 * np.abs(weighted).max())
    found = util.data_vector_via_psf_weighted_data_from(
        inversion.psf_weighted_data, *mapper.sparse_triplets_data, S=42, xp=xp
    )
    np.testing.assert_allclose(found, inversion.data_vector, rtol=1e-10, atol=1e-9)
    matrix = xp.asarray(blur @ np.asarray(mapper.mapping_matrix))
    found = util.data_vector_via_blurred_mapping_matrix_from(
        matrix, xp.asarray(data), xp.asarray(dataset.noise_map.array)
    )
    np.testing.assert_allclose(found, inversion.data_vector, rtol=1e-10, atol=1e-9)

    s = np.linspace(-1.0, 2.0, 42)
    found = util.mapped_reconstructed_operated_data_via_sparse_operator_from(
        xp.asarray(s), *mapper.sparse_triplets_curvature, flat, data_shape=dataset.shape_native, xp=xp
    )
    np.testing.assert_allclose(found, np.asarray(mapper.mapping_matrix) @ s, atol=1e-12)

    images = np.random.default_rng(2).normal(size=(len(flat), 2))
    found = util.data_linear_func_matrix_from(xp.asarray(images), dataset.psf.kernel.native, dataset.mask)
    np.testing.assert_allclose(found, blur @ images, atol=1e-12)

    half = np.triu(np.asarray(inversion.curvature_matrix))
    found = util.curvature_matrix_mirrored_from(xp.asarray(half), xp=xp)
    np.testing.assert_allclose(found, np.asarray(inversion.curvature_matrix), rtol=1e-12)
    np.testing.assert_array_equal(
        util.curvature_matrix_with_added_to_diag_from(xp.zeros((3, 3)), 2.0, [1], xp=xp), np.diag([0.0, 2.0, 0.0])
    )


def test_what_the_operator_is_made_of():
    dataset = problems.dataset_from()
    operator = dataset.apply_sparse_operator(batch_size=7).sparse_operator
    assert dataset.sparse_operator is None
    assert (operator.y_shape, operator.x_shape, operator.Ky, operator.Kx) == (*problems.SHAPE, 3, 3)
    assert operator.fft_shape == (19, 18)
    assert operator.data is dataset.data
    assert operator.psf is dataset.psf
    unmasked = ~np.asarray(dataset.mask.array)
    assert (operator.inverse_variances_native[~unmasked] == 0.0).all()
    np.testing.assert_allclose(operator.inverse_variances_native[unmasked], dataset.noise_map.array**-2.0)
    np.testing.assert_allclose(
        operator.weight_map.array[unmasked], dataset.data.array * operator.inverse_variances_native[unmasked]
    )
    assert np.array_equal(operator.data_native.array[unmasked], dataset.data.array)
    assert np.array_equal(operator.noise_map_native.array[unmasked], dataset.noise_map.array)
    same = aa.ImagingSparseOperator.from_noise_map_and_psf(dataset.data, dataset.noise_map, dataset.psf, batch_size=7)
    assert repr(same) == repr(operator) == "ImagingSparseOperator(image=(17, 16), psf=(3, 3), batch_size=7)"


def test_the_operator_follows_its_dataset():
    dataset = problems.dataset_from().apply_sparse_operator(batch_size=7)
    smaller = aa.Mask2D.circular(shape_native=problems.SHAPE, pixel_scales=problems.SCALE, radius=0.5)
    for changed in (
        dataset.apply_mask(smaller),
        dataset.apply_over_sampling(over_sample_size_lp=2),
        dataset.apply_noise_scaling(smaller),
    ):
        assert changed.sparse_operator.batch_size == 7
        assert changed.sparse_operator.noise_map is changed.noise_map
        assert changed.sparse_operator.data is changed.data
    assert problems.dataset_from().apply_mask(smaller).sparse_operator is None
    assert isinstance(dataset.apply_sparse_operator_cpu().sparse_operator, aa.ImagingSparseOperator)


def test_a_dataset_with_its_operator_is_no_larger(backend):
    plain, sparse = problems.dataset_from(), problems.dataset_from().apply_sparse_operator()
    fits = [problems.evaluated_fit_from(backend, "uniform", dataset=dataset) for dataset in (plain, sparse)]
    sizes = [len(pickle.dumps(fit)) for fit in fits]
    assert sizes[1] - sizes[0] < 500
    again = serialization.loads(serialization.dumps(fits[1]))
    assert isinstance(again.inversion, aa.InversionImagingSparse)
    assert again.dataset.sparse_operator.noise_map is again.dataset.noise_map
    assert float(again.log_evidence) == float(fits[1].log_evidence)
    assert float(problems.fit_from(backend, "uniform", dataset=again.dataset).log_evidence) == pytest.approx(
        float(fits[1].log_evidence), rel=1e-12
    )


def test_nothing_of_jax_in_a_numpy_fit():
    fit = problems.evaluated_fit_from("numpy", "uniform", dataset=problems.dataset_from().apply_sparse_operator())
    graph.everything_of(fit)
    found = [(path, value) for path, value in graph.walk(fit) if isinstance(value, graph.FORBIDDEN)]
    assert found == []
    assert [path for path, value in graph.walk(fit) if is_jax_array(value)] == []


def test_an_interface_with_another_noise_map():
    dataset = problems.dataset_from().apply_sparse_operator()
    interface = aa.DatasetInterface(
        data=dataset.data,
        noise_map=dataset.noise_map * 2.0,
        grids=dataset.grids,
        psf=dataset.psf,
        sparse_operator=dataset.sparse_operator,
    )
    mapper = mapper_from("numpy", dataset)
    sparse = aa.Inversion(dataset=interface, linear_obj_list=[mapper])
    assert isinstance(sparse, aa.InversionImagingSparse)
    whole = aa.Inversion(dataset=dataset, linear_obj_list=[mapper])
    np.testing.assert_allclose(4.0 * sparse.curvature_matrix, whole.curvature_matrix, rtol=1e-12)


def test_functions_alone_need_no_operator():
    dataset = problems.dataset_from().apply_sparse_operator()
    functions = GaussianList(dataset.grids.pixelization, [0.1, 0.3])
    assert type(aa.Inversion(dataset=dataset, linear_obj_list=[functions])) is aa.InversionImagingMapping


def test_what_has_no_operator_is_refused():
    with pytest.raises(aa.exc.DatasetException, match=r"ImagingSparseOperator\.psf: expected a Convolver, found None"):
        problems.dataset_from(psf=False).apply_sparse_operator()
    with pytest.raises(aa.exc.DatasetException, match="batch_size: expected at least 1, found 0"):
        problems.dataset_from().apply_sparse_operator(batch_size=0)
    dataset = problems.dataset_from()
    fine = dataset.psf._with(convolve_over_sample_size=2, _state=None)
    with pytest.raises(aa.exc.DatasetException, match="sampled 2 times more finely"):
        aa.ImagingSparseOperator(dataset.data, dataset.noise_map, fine)
