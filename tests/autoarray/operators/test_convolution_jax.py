"""Convolution in JAX programs: its derivatives, and what each platform computes it with."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoarray import exc
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators._convolution import apply, fourier
from autoarray.operators.convolver import Convolver
from autoarray.structures.arrays.uniform_2d import Array2D

jax = pytest.importorskip("jax")
jnp = jax.numpy


def problem(size=1, use_fft=None, seed=0):
    """A convolver and a mask."""
    rng = np.random.default_rng(seed)
    mask = Mask2D(mask=rng.random((11, 9)) < 0.4, pixel_scales=0.1)
    kernel = Array2D.no_mask(values=rng.random((5, 3)), pixel_scales=0.1 / size)
    return Convolver(kernel=kernel, use_fft=use_fft, convolve_over_sample_size=size), mask


def matrix_of(convolver, mask, has_blurring):
    """The convolution as one dense matrix."""
    state = convolver.state_from(mask)
    matrix = state.matrix.toarray()
    return np.hstack((matrix, state.blurring_matrix.toarray())) if has_blurring else matrix


def convolved(convolver, mask, values, has_blurring=False, **options):
    """The convolution of a mapping matrix, whose rows may end with those of the blurring pixels."""
    blurring = {}
    if has_blurring:
        pixels = mask.pixels_in_mask * convolver.convolve_over_sample_size**2
        blurring_mask = convolver.state_from(mask).blurring_mask
        blurring = {"blurring_mapping_matrix": values[pixels:], "blurring_mask": blurring_mask}
        values = values[:pixels]
    return convolver.convolved_mapping_matrix_from(values, mask, xp=jnp, **blurring, **options)


@given(size=st.integers(1, 3), has_blurring=st.booleans(), images=st.sampled_from([(), (3,)]), seed=st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_the_transpose_on_numpy(size, has_blurring, images, seed):
    convolver, mask = problem(size, seed=seed)
    frame, matrix = convolver.state_from(mask)._frame, matrix_of(convolver, mask, has_blurring)
    rng = np.random.default_rng(seed)
    values, image = rng.normal(size=(matrix.shape[1], *images)), rng.normal(size=(matrix.shape[0], *images))
    np.testing.assert_allclose(fourier.convolve_by_fourier(values, frame, has_blurring), matrix @ values, atol=1e-12)
    np.testing.assert_allclose(fourier.correlate_by_fourier(image, frame, has_blurring), matrix.T @ image, atol=1e-12)


def test_more_images_than_are_transformed_at_once(monkeypatch):
    convolver, mask = problem()
    matrix = matrix_of(convolver, mask, False)
    values = np.random.default_rng(1).normal(size=(matrix.shape[1], 7))
    frame = convolver.state_from(mask)._frame
    for points in (1, 3 * frame.shape[0] * frame.shape[1]):
        monkeypatch.setattr(fourier, "_POINTS_AT_ONCE", points)
        np.testing.assert_allclose(fourier.convolve_by_fourier(values, frame), matrix @ values, atol=1e-12)
    single = fourier.convolve_by_fourier(values.astype(np.float32), frame)
    assert single.dtype == np.float32


@pytest.mark.parametrize("use_fft", [None, True, False])
@pytest.mark.parametrize(("size", "has_blurring"), [(1, False), (1, True), (2, True)])
def test_derivatives_in_every_mode(size, has_blurring, use_fft):
    convolver, mask = problem(size, use_fft)
    matrix = matrix_of(convolver, mask, has_blurring)
    rng = np.random.default_rng(2)
    values, change = (jnp.asarray(rng.normal(size=(matrix.shape[1], 2))) for _ in range(2))

    def blurred(values):
        return convolved(convolver, mask, values, has_blurring)

    def number(t):
        return (blurred(values + t * change) ** 3).sum()

    found, along = jax.jit(lambda: jax.jvp(blurred, (values,), (change,)))()
    np.testing.assert_allclose(found, matrix @ values, atol=1e-12)
    np.testing.assert_allclose(along, matrix @ change, atol=1e-12)
    plain, slope = matrix @ np.asarray(values), matrix @ np.asarray(change)
    first, second = float((3.0 * plain**2 * slope).sum()), float((6.0 * plain * slope**2).sum())
    assert float(jax.jit(jax.grad(number))(0.0)) == pytest.approx(first, rel=1e-11)
    assert float(jax.jit(jax.hessian(number))(0.0)) == pytest.approx(second, rel=1e-11)
    slopes = jax.jit(jax.vmap(jax.grad(number)))(jnp.zeros(2))
    np.testing.assert_allclose(slopes, [first, first], rtol=1e-11)


@pytest.mark.parametrize("options", [{}, {"use_mixed_precision": True}])
@pytest.mark.parametrize("use_fft", [None, True])
def test_a_cpu_transforms_nothing_and_another_device_does(use_fft, options):
    convolver, mask = problem(use_fft=use_fft)

    def number(values):
        return (convolved(convolver, mask, values, **options) ** 2).sum()

    values = jnp.ones((4, mask.pixels_in_mask, 2))
    traced = jax.jit(jax.vmap(jax.value_and_grad(number))).trace(values)
    text = {platform: traced.lower(lowering_platforms=(platform,)).as_text() for platform in ("cpu", "cuda")}
    assert "callback" in text["cpu"]
    assert "fft" not in text["cpu"]
    assert "callback" not in text["cuda"]
    assert "stablehlo.fft" in text["cuda"]
    assert ("xf32>" in text["cuda"]) == bool(options)


def test_the_program_of_another_device_has_the_same_numbers():
    # Run on this CPU, as a program of JAX.
    from autoarray.operators._convolution.linear_jax import ConvolutionForm

    for size, has_blurring in ((1, False), (2, True)):
        convolver, mask = problem(size)
        matrix = matrix_of(convolver, mask, has_blurring)
        rng = np.random.default_rng(3)
        for index, total in enumerate(matrix.shape[::-1]):
            form = ConvolutionForm(convolver.state_from(mask), has_blurring, False, None)
            values = rng.normal(size=(total, 2))
            arguments = [None, None]
            arguments[1 - index] = [jnp.asarray(values)]
            (found,) = form.derivative_on_device(index, [], arguments)
            np.testing.assert_allclose(found, (matrix if index == 0 else matrix.T) @ values, atol=1e-12)


def test_methods_without_fourier_transforms():
    convolver, mask = problem(use_fft=False)
    values = jnp.asarray(np.random.default_rng(4).random((mask.pixels_in_mask, 2)))
    text = {}
    for method in ("direct", "fft"):
        blurred = jax.jit(lambda v, method=method: convolved(convolver, mask, v, jax_method=method))
        np.testing.assert_allclose(blurred(values), matrix_of(convolver, mask, False) @ values, atol=1e-12)
        traced = blurred.trace(values)
        text[method] = [traced.lower(lowering_platforms=(p,)).as_text() for p in ("cpu", "cuda")]
    assert all("convolution" in program and "fft" not in program for program in text["direct"])
    assert "stablehlo.fft" not in text["fft"][0]
    assert "stablehlo.fft" in text["fft"][1]
    with pytest.raises(ValueError, match="method"):
        convolved(convolver, mask, values, jax_method="other")


@pytest.mark.parametrize("has_blurring", [False, True])
def test_a_nearly_empty_mapping_matrix_takes_the_sparse_product(has_blurring, monkeypatch):
    products, product = [], apply._sparse_product
    monkeypatch.setattr(apply, "_sparse_product", lambda *args: products.append(None) or product(*args))
    rng = np.random.default_rng(5)
    convolver, mask = problem(seed=6)
    matrix = matrix_of(convolver, mask, has_blurring)
    values = np.where(rng.random((matrix.shape[1], 30)) < 0.05, 1.0, 0.0)
    for own, count in ((convolver, 1 + has_blurring), (convolver._with(_use_fft=True), 0)):
        products.clear()
        found = jax.jit(lambda v, own=own: convolved(own, mask, v, has_blurring))(values)
        np.testing.assert_allclose(found, matrix @ values, atol=1e-12)
        assert len(products) == count
    monkeypatch.setattr(apply, "MATRIX_ENTRIES_MAX", 0)
    products.clear()
    jax.block_until_ready(jax.jit(lambda v: convolved(convolver, mask, v, has_blurring))(values))
    assert not products


def test_types():
    convolver, mask = problem()
    values = np.random.default_rng(7).random((mask.pixels_in_mask, 2))
    for dtype, tolerance in ((np.float32, 1e-5), (np.float64, 1e-12)):
        found = convolved(convolver, mask, jnp.asarray(values.astype(dtype)))
        assert found.dtype == dtype
        np.testing.assert_allclose(found, matrix_of(convolver, mask, False) @ values, rtol=tolerance)
    with pytest.raises(exc.KernelException, match="mapping_matrix: expected real values in JAX mode, found complex128"):
        convolved(convolver, mask, jnp.asarray(values + 1j))


def test_equal_convolvers_are_compiled_once_outside_jit():
    from autoarray._numerics import multilinear_jax

    values = jnp.ones((problem()[1].pixels_in_mask, 2))
    first = convolved(*problem(), values)
    before = multilinear_jax._evaluate._cache_size()
    np.testing.assert_array_equal(convolved(*problem(), values), first)
    assert multilinear_jax._evaluate._cache_size() == before
    other = convolved(problem()[0]._with(kernel=2.0 * problem()[0].kernel), problem()[1], values)
    np.testing.assert_allclose(other, 2.0 * first, rtol=1e-12)
