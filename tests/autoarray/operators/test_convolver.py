"""Convolution against a plain sum over the kernel, on both backends and in every way."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.signal import convolve2d

from autoarray import exc
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators._convolution import apply
from autoarray.operators.convolver import Convolver, ConvolverState
from autoarray.structures.arrays.uniform_2d import Array2D


def _random_mask(seed, shape=(12, 13), fraction=0.5):
    masked = np.random.default_rng(seed).random(shape) > fraction
    masked[5, 6] = False
    return Mask2D(mask=masked, pixel_scales=0.1)


def _kernel(seed, shape=(3, 5), pixel_scales=0.1):
    return Array2D.no_mask(values=np.random.default_rng(seed).random(shape), pixel_scales=pixel_scales)


def _expected(kernel, mask, values, blurring_mask, blurring_values, size=1):
    """Scatter sub-pixels on a frame that holds both masks, convolve, and average in pixels."""
    frame = np.zeros((blurring_mask.shape_native[0] * size, blurring_mask.shape_native[1] * size))
    pad = [(b - m) // 2 for b, m in zip(blurring_mask.shape_native, mask.shape_native, strict=True)]
    blocks = frame.reshape(blurring_mask.shape_native[0], size, blurring_mask.shape_native[1], size).swapaxes(1, 2)
    rows, columns = np.nonzero(~np.asarray(mask.array))
    blocks[rows + pad[0], columns + pad[1]] = values.reshape(-1, size, size)
    if blurring_values is not None:
        blocks[np.nonzero(~np.asarray(blurring_mask.array))] = blurring_values.reshape(-1, size, size)
    fine = blocks.swapaxes(1, 2).reshape(frame.shape)
    result = convolve2d(fine, np.asarray(kernel.native.array), mode="same")
    means = result.reshape(blurring_mask.shape_native[0], size, blurring_mask.shape_native[1], size).mean((1, 3))
    return means[rows + pad[0], columns + pad[1]]


def _values(mask, blurring_mask, size=1, columns=()):
    rng = np.random.default_rng(3)
    return (
        rng.random((mask.pixels_in_mask * size**2, *columns)),
        rng.random((blurring_mask.pixels_in_mask * size**2, *columns)),
    )


@pytest.mark.parametrize("use_fft", [None, True, False])
@pytest.mark.parametrize("kernel_shape", [(3, 5), (7, 3), (1, 1), (9, 9)])
def test_image_is_convolved_with_its_blurring_region(kernel_shape, xp, use_fft):
    mask, kernel = _random_mask(1), _kernel(2, kernel_shape)
    convolver = Convolver(kernel=kernel, use_fft=use_fft)
    blurring_mask = convolver.state_from(mask).blurring_mask
    values, blurring_values = _values(mask, blurring_mask)
    image = Array2D(values=xp.asarray(values), mask=mask, xp=xp)
    blurring_image = Array2D(values=xp.asarray(blurring_values), mask=blurring_mask, xp=xp)

    blurred = convolver.convolved_image_from(image=image, blurring_image=blurring_image, xp=xp)
    expected = _expected(kernel, mask, values, blurring_mask, blurring_values)
    assert blurred.mask is mask
    assert blurred._xp is xp
    np.testing.assert_allclose(blurred.array, expected, rtol=0, atol=1e-12 * expected.max())

    alone = convolver.convolved_image_from(image=image, blurring_image=None, xp=xp)
    np.testing.assert_allclose(
        alone.array, _expected(kernel, mask, values, blurring_mask, None), rtol=0, atol=1e-12 * expected.max()
    )


@pytest.mark.parametrize("use_fft", [None, True, False])
@pytest.mark.parametrize(("size", "kernel_shape"), [(1, (3, 5)), (2, (5, 7)), (3, (5, 3))])
def test_mapping_matrix_is_convolved_column_by_column(size, kernel_shape, xp, use_fft):
    mask, kernel = _random_mask(4), _kernel(5, kernel_shape, pixel_scales=0.1 / size)
    convolver = Convolver(kernel=kernel, use_fft=use_fft, convolve_over_sample_size=size)
    blurring_mask = convolver.state_from(mask).blurring_mask
    matrix, blurring_matrix = _values(mask, blurring_mask, size, columns=(3,))
    matrix[:, 1] = 0.0

    blurred = convolver.convolved_mapping_matrix_from(
        mapping_matrix=xp.asarray(matrix),
        mask=mask,
        blurring_mapping_matrix=xp.asarray(blurring_matrix),
        blurring_mask=blurring_mask,
        xp=xp,
    )
    for column in range(3):
        expected = _expected(kernel, mask, matrix[:, column], blurring_mask, blurring_matrix[:, column], size)
        np.testing.assert_allclose(blurred[:, column], expected, rtol=0, atol=1e-12 * expected.max())


def test_over_sampled_image_needs_a_mask_and_gives_means_in_pixels():
    mask, kernel = _random_mask(6), _kernel(7, (5, 5), pixel_scales=0.05)
    convolver = Convolver(kernel=kernel, convolve_over_sample_size=2)
    blurring_mask = convolver.state_from(mask).blurring_mask
    values, blurring_values = _values(mask, blurring_mask, 2)
    blurred = convolver.convolved_image_from(values, blurring_values, mask=mask)
    np.testing.assert_allclose(
        blurred.array, _expected(kernel, mask, values, blurring_mask, blurring_values, 2), rtol=1e-12
    )
    with pytest.raises(exc.KernelException, match="expected an Array2D, or an array and the argument mask"):
        convolver.convolved_image_from(values, blurring_values)
    with pytest.raises(exc.KernelException, match=r"sub-pixels \(2 x 2 in each of"):
        convolver.convolved_image_from(values[::4], None, mask=mask)


@pytest.mark.parametrize(
    ("size", "shape", "expected"),
    [(1, (3, 5), (3, 5)), (2, (5, 7), (3, 5)), (3, (9, 11), (5, 5)), (4, (13, 3), (5, 3))],
)
def test_kernel_shape_at_image_resolution(size, shape, expected):
    assert Convolver(kernel=_kernel(0, shape), convolve_over_sample_size=size).kernel_shape_image_resolution == expected


def test_sparse_mapping_matrix_stays_sparse_and_equals_the_dense_one():
    mask = _random_mask(8)
    dense = np.random.default_rng(9).random((mask.pixels_in_mask, 30))
    dense[dense > 0.05] = 0.0
    convolver = Convolver(kernel=_kernel(10))
    expected = convolver.state_from(mask).matrix @ dense
    result = convolver.convolved_mapping_matrix_from(sparse.csr_array(dense), mask)
    assert isinstance(result, sparse.csr_array)
    np.testing.assert_allclose(result.toarray(), expected, rtol=1e-13)
    np.testing.assert_allclose(convolver.convolved_mapping_matrix_from(dense, mask), expected, rtol=1e-13)
    fourier = Convolver(kernel=_kernel(10), use_fft=True).convolved_mapping_matrix_from(sparse.csr_array(dense), mask)
    assert isinstance(fourier, sparse.csr_array)
    np.testing.assert_allclose(fourier.toarray(), expected, atol=1e-13)


def test_matrix_has_the_reversed_kernel_in_its_rows_and_sorted_small_indexes():
    mask = Mask2D.all_false(shape_native=(5, 7), pixel_scales=1.0)
    kernel = _kernel(11, (3, 5))
    matrix = ConvolverState(kernel=kernel, mask=mask).matrix
    row = matrix.toarray()[2 * 7 + 3].reshape(5, 7)
    expected = np.zeros((5, 7))
    expected[1:4, 1:6] = np.asarray(kernel.native.array)[::-1, ::-1]
    np.testing.assert_array_equal(row, expected)
    assert matrix.indices.dtype == np.int32
    assert matrix.indptr.dtype == np.int32
    checked = sparse.csr_array((matrix.data, matrix.indices, matrix.indptr), shape=matrix.shape)
    assert checked.has_sorted_indices
    assert checked.has_canonical_format


def test_fourier_transforms_are_used_when_the_matrix_would_be_large(monkeypatch):
    mask = _random_mask(12)
    image = Array2D(values=np.random.default_rng(13).random(mask.pixels_in_mask), mask=mask)
    convolver = Convolver(kernel=_kernel(14))
    state = convolver.state_from(mask)
    monkeypatch.setattr(apply, "MATRIX_ENTRIES_MAX", state.matrix_entries - 1)
    fourier = convolver.convolved_image_from(image, None)
    assert "matrix" not in state.__dict__["_derived"].intermediates
    monkeypatch.setattr(apply, "MATRIX_ENTRIES_MAX", state.matrix_entries)
    direct = convolver.convolved_image_from(image, None)
    assert "matrix" in state.__dict__["_derived"].intermediates
    np.testing.assert_allclose(fourier.array, direct.array, rtol=1e-13)


@pytest.mark.parametrize("size", [1, 2])
def test_images_that_fill_the_mask_are_convolved_by_fourier_transforms(size):
    mask = Mask2D.circular(shape_native=(41, 43), pixel_scales=0.1, radius=1.5)
    kernel = _kernel(31, {1: (15, 17), 2: (31, 35)}[size], pixel_scales=0.1 / size)
    convolver = Convolver(kernel=kernel, convolve_over_sample_size=size)
    direct = Convolver(kernel=kernel, convolve_over_sample_size=size, use_fft=False)
    state = convolver.state_from(mask)
    values, blurring_values = _values(mask, state.blurring_mask, size, columns=(3,))
    arguments = {"mapping_matrix": values, "mask": mask}
    arguments |= {"blurring_mapping_matrix": blurring_values, "blurring_mask": state.blurring_mask}
    result = convolver.convolved_mapping_matrix_from(**arguments)
    assert "matrix" not in state.__dict__["_derived"].intermediates
    np.testing.assert_allclose(result, direct.convolved_mapping_matrix_from(**arguments), rtol=1e-12)
    # Not few values, single precision or a small kernel.
    few = np.where(np.arange(len(values))[:, None] % 11 == 0, values, 0.0)
    for other in (few, values.astype(np.float32), sparse.csr_array(values)):
        assert not apply._is_faster_by_fourier(state, other)
    small = Convolver(kernel=_kernel(32, (3, 3))).state_from(mask)
    assert not apply._is_faster_by_fourier(small, values)
    assert apply._is_faster_by_fourier(state, values)


def test_state_is_kept_for_equal_masks_and_never_pickled():
    mask = _random_mask(15)
    convolver = Convolver(kernel=_kernel(16))
    state = convolver.state_from(mask)
    assert convolver.state_from(_random_mask(15)) is state
    assert convolver.state_from(_random_mask(17)) is not state
    assert convolver.state_from(mask) is state
    for seed in range(20, 30):
        convolver.state_from(_random_mask(seed))
    assert len(convolver._states) <= 4
    assert state.matrix is not None
    restored = pickle.loads(pickle.dumps(convolver))
    assert restored._states == []
    assert len(pickle.dumps(convolver)) < 4000
    np.testing.assert_array_equal(restored.state_from(mask).matrix.toarray(), state.matrix.toarray())


def test_given_state_is_used_for_its_mask_only_and_pickles_by_its_public_name():
    mask = _random_mask(18)
    state = ConvolverState(kernel=_kernel(19), mask=mask)
    payload = pickle.dumps(state)
    assert b"autoarray.operators.convolver" in payload
    assert pickle.loads(payload).is_for_mask(mask)
    convolver = Convolver(kernel=_kernel(19), state=state)
    assert convolver.state_from(mask) is state
    assert convolver.state_from(_random_mask(20)) is not state


def test_jax_is_differentiable_vmappable_and_traced_once():
    jax = pytest.importorskip("jax")
    import jax.numpy as jnp

    mask = _random_mask(21)
    convolver = Convolver(kernel=_kernel(22))
    pixels = mask.pixels_in_mask
    traces = []

    def blurred(values):
        traces.append(None)
        return convolver.convolved_image_from(Array2D(values=values, mask=mask, xp=jnp), None, xp=jnp).array

    values = jnp.asarray(np.random.default_rng(23).random((4, pixels)))
    jitted = jax.jit(blurred)
    first = jitted(values[0])
    jitted(values[1])
    assert len(traces) == 1
    matrix = convolver.state_from(mask).matrix
    assert isinstance(matrix.data, np.ndarray)
    np.testing.assert_allclose(first, matrix @ np.asarray(values[0]), rtol=1e-12)
    np.testing.assert_allclose(jax.vmap(blurred)(values)[3], matrix @ np.asarray(values[3]), rtol=1e-12)
    gradient = jax.grad(lambda v: (blurred(v) ** 2).sum())(values[0])
    expected = 2 * matrix.T @ (matrix @ np.asarray(values[0]))
    np.testing.assert_allclose(gradient, expected, rtol=1e-11)
    single = convolver.convolved_image_from(
        Array2D(values=values[0], mask=mask, xp=jnp), None, use_mixed_precision=True, xp=jnp
    )
    assert single.array.dtype == np.float64
    np.testing.assert_allclose(single.array, first, rtol=1e-5)


def test_a_numpy_convolution_of_traced_values_is_refused():
    jax = pytest.importorskip("jax")
    mask = _random_mask(24)
    convolver = Convolver(kernel=_kernel(25))
    with pytest.raises(TypeError, match="JAX tracer"):
        jax.jit(lambda m: convolver.convolved_mapping_matrix_from(m, mask))(np.ones((mask.pixels_in_mask, 2)))


def test_normalisation_leaves_the_given_kernel_as_it_is():
    kernel = _kernel(26)
    values = np.array(kernel.array)
    convolver = Convolver(kernel=kernel, normalize=True)
    assert convolver.kernel.array.sum() == pytest.approx(1.0, abs=1e-15)
    assert Convolver(kernel=kernel).normalized.kernel.array.sum() == pytest.approx(1.0, abs=1e-15)
    np.testing.assert_array_equal(kernel.array, values)


def test_gaussian_kernel():
    values = Convolver.from_gaussian(
        shape_native=(3, 5), pixel_scales=0.1, sigma=0.2, centre=(0.05, 0.1), axis_ratio=0.6, angle=30.0
    ).kernel.native.array
    # From PyAutoArray 2026.10.26.1.
    expected = [
        [0.2735988156433455, 0.7429774390546902, 1.4060749681664222, 1.8544399051876888, 1.7044665738492482],
        [0.4873649011277890, 1.0917812973039950, 1.7044665738492482, 1.8544399051876888, 1.4060749681664222],
        [0.4844576714064182, 0.8952765860077080, 1.1530019796816724, 1.0348426428132040, 0.6472767639716095],
    ]
    np.testing.assert_allclose(values, expected, rtol=1e-13)
    normal = Convolver.from_gaussian(shape_native=(3, 3), pixel_scales=0.1, sigma=0.1, normalize=True)
    assert normal.kernel.array.sum() == pytest.approx(1.0, abs=1e-15)


def test_no_blur_leaves_an_image_as_it_is():
    mask = _random_mask(27)
    image = Array2D(values=np.random.default_rng(28).random(mask.pixels_in_mask), mask=mask)
    np.testing.assert_array_equal(Convolver.no_blur(0.1).convolved_image_from(image, None).array, image.array)


def test_reversed_kernel_correlates():
    mask = _random_mask(29)
    convolver = Convolver(kernel=_kernel(30))
    matrix = convolver.state_from(mask).matrix
    reverse = convolver.reversed_kernel
    assert convolver.reversed_kernel is reverse
    np.testing.assert_array_equal(reverse.state_from(mask).matrix.toarray(), matrix.T.toarray())


def test_native_mapping_matrix_holds_both_parts(xp):
    mask = Mask2D.circular(shape_native=(9, 9), radius=0.25, pixel_scales=0.1)
    convolver = Convolver(kernel=_kernel(31, (3, 3)))
    blurring_mask = convolver.state_from(mask).blurring_mask
    matrix, blurring_matrix = _values(mask, blurring_mask, columns=(2,))
    cube = convolver.mapping_matrix_native_from(xp.asarray(matrix), mask, xp.asarray(blurring_matrix), xp=xp)
    assert cube.shape == (9, 9, 2)
    np.testing.assert_array_equal(np.asarray(cube)[~np.asarray(mask.array)], matrix)
    np.testing.assert_array_equal(np.asarray(cube)[~np.asarray(blurring_mask.array)], blurring_matrix)
    assert np.count_nonzero(np.asarray(cube)) == matrix.size + blurring_matrix.size


@pytest.mark.parametrize(
    ("values", "kwargs", "message"),
    [
        (np.ones((4, 3)), {}, r"odd numbers of rows and columns.*found \(4, 3\)"),
        (np.ones((3, 2)), {}, r"odd numbers of rows and columns.*found \(3, 2\)"),
        (np.array([[1.0, np.nan, np.inf]]), {}, "expected finite values, found 2 of 3"),
        (np.array([[1.0, -2.0, 1.0]]), {"normalize": True}, "expected a sum other than zero.*found a sum of 0.0"),
        (np.zeros((3, 3)), {"normalize": True}, r"over \(3, 3\) pixels"),
        (np.ones((3, 3)), {"convolve_over_sample_size": 0}, "integer of at least 1, found 0"),
        (np.ones((3, 3)), {"convolve_over_sample_size": 1.5}, "integer of at least 1, found 1.5"),
    ],
)
def test_unusable_kernels_are_refused(values, kwargs, message):
    with pytest.raises(exc.KernelException, match=message):
        Convolver(kernel=Array2D.no_mask(values=values, pixel_scales=0.1), **kwargs)


def test_kernels_that_do_not_fit_an_image_are_refused():
    mask = Mask2D.all_false(shape_native=(5, 9), pixel_scales=0.1)
    with pytest.raises(exc.KernelException, match=r"at most the \(5, 9\) pixels of the image.*found \(7, 7\)"):
        Convolver(kernel=_kernel(0, (7, 7))).state_from(mask)
    with pytest.raises(exc.KernelException, match=r"expected the pixel scales \(0.05, 0.05\)"):
        Convolver(kernel=_kernel(0, (3, 3)), convolve_over_sample_size=2).state_from(mask)
    with pytest.raises(exc.KernelException, match=r"expected an Array2D .*found ndarray"):
        Convolver(kernel=np.ones((3, 3)))
    with pytest.raises(exc.KernelException, match=r"mapping_matrix: expected one row for each of the 45 pixels"):
        Convolver(kernel=_kernel(0, (3, 3))).convolved_mapping_matrix_from(np.ones((44, 2)), mask)
    masked = Mask2D(mask=np.ones((5, 9), dtype=bool), pixel_scales=0.1)
    with pytest.raises(exc.MaskException, match=r"found none of \(5, 9\)"):
        Convolver(kernel=_kernel(0, (3, 3))).state_from(masked)


@given(
    seed=st.integers(0, 1000),
    shape=st.tuples(st.integers(5, 12), st.integers(5, 12)),
    kernel_shape=st.tuples(st.sampled_from([1, 3, 5]), st.sampled_from([1, 3, 5])),
    size=st.sampled_from([1, 2]),
)
def test_matrix_and_fourier_transforms_agree_for_any_mask(seed, shape, kernel_shape, size):
    rng = np.random.default_rng(seed)
    masked = rng.random(shape) > rng.random()
    masked[tuple(rng.integers(0, shape))] = False
    mask = Mask2D(mask=masked, pixel_scales=1.0)
    kernel = _kernel(seed, kernel_shape, pixel_scales=1.0 / size)
    convolver = Convolver(kernel=kernel, convolve_over_sample_size=size)
    blurring_mask = convolver.state_from(mask).blurring_mask
    values, blurring_values = _values(mask, blurring_mask, size)
    direct = convolver.convolved_image_from(values, blurring_values, mask=mask).array
    fourier = convolver._with(_use_fft=True).convolved_image_from(values, blurring_values, mask=mask).array
    expected = _expected(kernel, mask, values, blurring_mask, blurring_values, size)
    np.testing.assert_allclose(direct, expected, rtol=1e-12)
    np.testing.assert_allclose(fourier, expected, rtol=1e-10)
