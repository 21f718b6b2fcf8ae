"""Both transformers against the sums that define them, on lattices of every kind, and their bad input."""

import os
import pickle
import subprocess
import sys

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from interferometer_problem import dataset_of, mask_of, phases_of, uv_of

import autoarray as aa
from autoarray.operators import transformer_util
from autoarray.operators._fourier import finufft, transform

CLASSES = [aa.TransformerDFT, aa.TransformerNUFFT]


@pytest.fixture(params=["factored", "finufft"])
def method(request, monkeypatch):
    """Every transform by products of matrices, or by finufft."""
    if request.param == "finufft":
        pytest.importorskip("finufft")
    monkeypatch.setattr(transform, "method_for", lambda *_: request.param)
    return request.param


@settings(max_examples=25)
@given(
    rows=st.integers(1, 9),
    columns=st.integers(1, 9),
    scales=st.tuples(st.floats(0.02, 0.3), st.floats(0.02, 0.3)),
    origin=st.tuples(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5)),
    seed=st.integers(0, 100),
)
@pytest.mark.parametrize("by", ["factored", "finufft"])
def test_any_lattice_gives_its_sums(by, rows, columns, scales, origin, seed):
    """Also origins and pixels that are not square, where the NUFFT of PyAutoArray 2026.10.26.1 is wrong by 100 %."""
    if by == "finufft":
        pytest.importorskip("finufft")
    rng = np.random.default_rng(seed)
    masked = rng.random((rows, columns)) < 0.3
    masked[rng.integers(rows), rng.integers(columns)] = False
    mask = aa.Mask2D(masked, pixel_scales=scales, origin=origin)
    uv = uv_of(30, seed=seed)
    image, data = rng.normal(size=mask.pixels_in_mask), rng.normal(size=30) + 1j * rng.normal(size=30)
    phases = phases_of(mask, uv)
    transformer = aa.TransformerNUFFT(uv_wavelengths=uv, real_space_mask=mask, eps=1e-14)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transform, "method_for", lambda *_: by)
        visibilities = transformer.visibilities_from(aa.Array2D(values=image, mask=mask)).array
        dirty = transformer.image_from(aa.Visibilities(data)).array
    np.testing.assert_allclose(visibilities, np.exp(-1j * phases) @ image, rtol=0, atol=1e-11 * np.abs(image).sum())
    expected = data.real @ np.cos(phases) - data.imag @ np.sin(phases)
    np.testing.assert_allclose(dirty, expected, rtol=0, atol=1e-11 * np.abs(data).sum())


@pytest.mark.parametrize("cls", CLASSES)
def test_the_adjoint_is_the_transpose(cls, method):
    mask, uv = mask_of(), uv_of(80)
    rng = np.random.default_rng(3)
    image, data = rng.normal(size=mask.pixels_in_mask), rng.normal(size=80) + 1j * rng.normal(size=80)
    transformer = cls(uv_wavelengths=uv, real_space_mask=mask)
    visibilities = transformer.visibilities_from(aa.Array2D(values=image, mask=mask)).array
    dirty = transformer.image_from(aa.Visibilities(data)).array
    np.testing.assert_allclose((visibilities.conj() @ data).real, image @ dirty, rtol=1e-10)


@pytest.mark.parametrize("cls", CLASSES)
def test_jax_gives_the_numbers_of_numpy(cls):
    mask, uv = mask_of(), uv_of(80)
    rng = np.random.default_rng(3)
    image = aa.Array2D(values=rng.normal(size=mask.pixels_in_mask), mask=mask)
    data = aa.Visibilities(rng.normal(size=80) + 1j * rng.normal(size=80))
    matrix = rng.normal(size=(mask.pixels_in_mask, 3))
    beam = rng.uniform(0.1, 1.0, mask.pixels_in_mask)
    transformer = cls(uv_wavelengths=uv, real_space_mask=mask, primary_beam=beam)
    arguments = {"visibilities_from": image, "image_from": data, "transform_mapping_matrix": matrix}
    for function, argument in arguments.items():
        expected = getattr(transformer, function)(argument)
        found = getattr(transformer, function)(argument, xp=jnp)
        np.testing.assert_allclose(np.asarray(found), np.asarray(expected), rtol=1e-11, atol=1e-11)


def test_many_blocks_of_frequencies_are_one_sum(monkeypatch):
    from autoarray.operators._fourier import factored

    dataset = dataset_of(transformer_class=aa.TransformerDFT)
    image = aa.Array2D(values=np.ones(dataset.mask.pixels_in_mask), mask=dataset.mask)
    expected = dataset.transformer.visibilities_from(image).array, dataset.dirty_image.array
    monkeypatch.setattr(factored, "block_size", lambda _: 7)
    for xp in (np, jnp):
        found = dataset.transformer.visibilities_from(image, xp=xp), dataset.transformer.image_from(dataset.data, xp=xp)
        np.testing.assert_allclose(np.asarray(found[0].array), expected[0], rtol=1e-12, atol=1e-11)
        np.testing.assert_allclose(np.asarray(found[1].array), expected[1], rtol=1e-12, atol=1e-10)


def test_chunks_of_finufft_are_one_sum(monkeypatch):
    pytest.importorskip("finufft")
    monkeypatch.setattr(transform, "method_for", lambda *_: "finufft")
    mask, uv = mask_of(), uv_of(80)
    data = aa.Visibilities(np.exp(1j * np.arange(80.0)))
    whole, parts = (aa.TransformerNUFFT(uv, mask, chunk_size=size).image_from(data).array for size in (None, 13))
    np.testing.assert_allclose(parts, whole, rtol=1e-10, atol=1e-10)


def test_the_primary_beam_multiplies_images_and_not_dirty_images():
    mask, uv = mask_of(), uv_of(50)
    beam = np.random.default_rng(5).uniform(0.1, 1.0, mask.pixels_in_mask)
    image = aa.Array2D(values=np.arange(1.0, mask.pixels_in_mask + 1), mask=mask)
    without = aa.TransformerDFT(uv, mask)
    with_beam = without.with_primary_beam(aa.Array2D(values=beam, mask=mask))
    np.testing.assert_allclose(
        with_beam.visibilities_from(image).array, without.visibilities_from(image * beam).array, rtol=1e-12
    )
    data = aa.Visibilities(np.ones(50, dtype=complex))
    np.testing.assert_array_equal(with_beam.image_from(data).array, without.image_from(data).array)
    for wrong, message in ((beam[:-1], "expected the shape"), (-beam, "at least 0"), (beam * np.nan, "finite")):
        with pytest.raises(aa.exc.DatasetException, match=message):
            without.with_primary_beam(wrong)


def test_a_mapping_matrix_is_transformed_column_by_column():
    from scipy.sparse import csr_array

    mask, uv = mask_of(), uv_of(40)
    matrix = np.random.default_rng(1).random((mask.pixels_in_mask, 20)) * (np.arange(20) % 3 == 0)
    transformer = aa.TransformerDFT(uv, mask)
    expected = np.exp(-1j * phases_of(mask, uv)) @ matrix
    for given_matrix in (matrix, csr_array(matrix)):
        np.testing.assert_allclose(transformer.transform_mapping_matrix(given_matrix), expected, atol=1e-11)
    with pytest.raises(aa.exc.DatasetException, match="a row for each unmasked pixel"):
        transformer.transform_mapping_matrix(matrix[:-1])


def test_functions_of_plain_arrays():
    mask, uv = mask_of(), uv_of(40)
    grid = aa.TransformerDFT(uv, mask).grid.array
    rng = np.random.default_rng(1)
    image, data = rng.normal(size=len(grid)), rng.normal(size=40) + 1j * rng.normal(size=40)
    phases = phases_of(mask, uv)
    found = transformer_util.visibilities_from(image, grid, uv)
    np.testing.assert_allclose(found, np.exp(-1j * phases) @ image, atol=1e-11)
    expected = data.real @ np.cos(phases) - data.imag @ np.sin(phases)
    np.testing.assert_allclose(transformer_util.image_direct_from(data, grid, uv), expected, atol=1e-11)
    pairs = np.stack((data.real, data.imag), axis=1)
    np.testing.assert_allclose(transformer_util.image_direct_from(pairs, grid, uv), expected, atol=1e-11)
    matrix = rng.normal(size=(len(grid), 3))
    found = transformer_util.transformed_mapping_matrix_from(matrix, grid, uv, chunk_size=7)
    np.testing.assert_allclose(found, np.exp(-1j * phases) @ matrix, atol=1e-11)
    with pytest.raises(aa.exc.ArrayException, match=r"expected the shape \(visibilities, 2\)"):
        transformer_util.visibilities_from(image, grid, uv.T)
    with pytest.raises(aa.exc.ArrayException, match="one entry for each of"):
        transformer_util.visibilities_from(image[1:], grid, uv)


def test_the_method_is_chosen_by_cost_and_told(monkeypatch):
    mask = aa.Mask2D.all_false(shape_native=(100, 100), pixel_scales=0.05)
    monkeypatch.setattr(finufft, "is_available", lambda: True)
    many, few = (aa.TransformerNUFFT(uv_of(count), mask) for count in (100_000, 10))
    assert (many.method, few.method) == ("finufft", "factored")
    assert aa.TransformerDFT(uv_of(100_000), mask).method == "factored"
    monkeypatch.setattr(finufft, "is_available", lambda: False)
    assert many.method == "factored"


@pytest.mark.parametrize("cls", CLASSES)
def test_bad_input_is_refused(cls):
    mask, uv = mask_of(), uv_of(10)
    for wrong, message in (
        (uv.T, r"of shape|shape \(visibilities, 2\), found \(2, 10\)"),
        (np.where(np.arange(20).reshape(10, 2) == 3, np.nan, uv), r"finite wavelengths, found nan at \(1, 1\)"),
    ):
        with pytest.raises(aa.exc.DatasetException, match=message):
            cls(uv_wavelengths=wrong, real_space_mask=mask)
    with pytest.raises(aa.exc.DatasetException, match="at least one unmasked pixel"):
        cls(uv_wavelengths=uv, real_space_mask=aa.Mask2D(np.ones((3, 3), dtype=bool), pixel_scales=0.1))
    transformer = cls(uv_wavelengths=uv, real_space_mask=mask)
    with pytest.raises(aa.exc.DatasetException, match=r"shape \(10,\), one for each pair"):
        transformer.image_from(aa.Visibilities.ones(9))
    other = aa.Mask2D.all_false(shape_native=(3, 3), pixel_scales=0.1)
    with pytest.raises(aa.exc.DatasetException, match="unmasked pixels of the real-space mask"):
        transformer.visibilities_from(aa.Array2D(values=np.ones(9), mask=other))


@pytest.mark.parametrize("cls", CLASSES)
def test_a_pickle_holds_the_frequencies_once(cls):
    transformer = cls(uv_wavelengths=uv_of(1000), real_space_mask=mask_of())
    transformer.image_from(aa.Visibilities.ones(1000))
    assert len(pickle.dumps(transformer)) < 16_000 + 2_000


@pytest.mark.parametrize("shape", [(6, 5), (1, 4), (7, 7)])
def test_the_kernels_of_the_normal_operator_by_finufft_are_the_sums(monkeypatch, shape):
    pytest.importorskip("finufft")
    from autoarray.operators._fourier.lattice import lattice_of
    from autoarray.operators._fourier.normal import normal_operator_from

    mask = aa.Mask2D.all_false(shape_native=shape, pixel_scales=(0.1, 0.12), origin=(0.3, -0.1))
    uv, weights = uv_of(50), np.random.default_rng(1).uniform(0.5, 2.0, size=(2, 50))
    exact = normal_operator_from(uv, (weights[0], weights[1]), lattice_of(mask), None)
    monkeypatch.setattr(transform, "method_for", lambda *_: "finufft")
    found = normal_operator_from(uv, (weights[0], weights[1]), lattice_of(mask))
    np.testing.assert_allclose(found.toeplitz, exact.toeplitz, rtol=0, atol=1e-12 * weights.sum())
    np.testing.assert_allclose(found.hankel, exact.hankel, rtol=0, atol=1e-12 * weights.sum())


def test_a_forked_process_transforms_as_its_parent():
    """With more than one thread finufft waits for ever in a process that was forked."""
    pytest.importorskip("finufft")
    if not hasattr(os, "fork"):
        pytest.skip("there is no fork on this system")
    code = """
import multiprocessing, os, warnings
import numpy as np
warnings.simplefilter("ignore")
from autoarray.operators._fourier import finufft
from autoarray.operators._fourier.lattice import Axis, Lattice
lattice = Lattice(Axis(0.0, -1e-7, 40), Axis(0.0, 1e-7, 40))
uv = np.random.default_rng(1).uniform(-1e6, 1e6, size=(20000, 2))
images = np.random.default_rng(2).normal(size=(1, 40, 40))
def transform(_):
    return finufft.visibilities_from(images, uv, lattice, 1e-12)
here = transform(None)
with multiprocessing.get_context("fork").Pool(1) as pool:
    there = pool.map_async(transform, [None]).get(60)[0]
print(np.abs(here - there).max() < 1e-10 * np.abs(here).max())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "True"
