"""Transforms, operators and inversions of visibilities, against stored numbers of PyAutoArray 2026.10.26.1."""

from pathlib import Path

import interferometer_cases as cases
import jax.numpy as jnp
import numpy as np
import pytest

import autoarray as aa

FILE = Path(__file__).parents[1] / "data" / "reference" / "interferometer.npz"
TERMS = ("regularization_term", "log_det_curvature_reg_matrix_term", "log_det_regularization_matrix_term")


@pytest.fixture(scope="module")
def stored():
    with np.load(FILE) as file:
        return dict(file)


def test_the_numbers_are_of_the_release_that_is_named(stored):
    assert str(stored["about"]) == "PyAutoArray 2026.10.26.1"


@pytest.mark.parametrize("cls", ["TransformerDFT", "TransformerNUFFT"])
@pytest.mark.parametrize("shape", cases.SHAPES)
@pytest.mark.parametrize("xp", [np, jnp], ids=["numpy", "jax"])
def test_transforms(stored, shape, cls, xp):
    mask = cases.mask_from(aa, cases.SHAPES[shape])
    inputs = cases.inputs_from(mask.pixels_in_mask)
    transformer = getattr(aa, cls)(uv_wavelengths=inputs["uv"], real_space_mask=mask)
    image = aa.Array2D(values=inputs["image"], mask=mask)
    for key, found in (
        ("visibilities", transformer.visibilities_from(image=image, xp=xp)),
        ("image", transformer.image_from(visibilities=aa.Visibilities(inputs["data"]), xp=xp)),
        ("matrix", transformer.transform_mapping_matrix(mapping_matrix=inputs["matrix"], xp=xp)),
    ):
        expected = stored[f"{shape}/{cls}/{key}"]
        np.testing.assert_allclose(np.asarray(found), expected, rtol=0, atol=1e-11 * np.abs(expected).max())


@pytest.mark.parametrize("name", cases.INVERSIONS)
def test_inversions(stored, name):
    check(stored, name, np)


@pytest.mark.parametrize("name", ["mapping_unequal_noise", "sparse_beam", "mapping_delaunay", "stream"])
def test_inversions_in_jax(stored, name):
    check(stored, name, jnp)


def check(stored, name, xp):
    case = cases.INVERSIONS[name]
    dataset = cases.dataset_from(aa, case)
    arguments = {} if xp is np else {"xp": xp}
    objects = cases.objects_from(aa, dataset, case, **arguments)
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=objects, settings=cases.settings_from(aa, case), xp=xp)

    def expected(key):
        return stored[f"{name}/{key}"]

    for term in TERMS:
        assert float(getattr(inversion, term)) == pytest.approx(float(expected(term)), rel=1e-8), term
    # The peer leaves what is added to the diagonal for functions in its chi squared.
    functions = np.asarray(inversion.reconstruction)[inversion.no_regularization_index_list]
    added = inversion.settings.no_regularization_add_to_curvature_diag_value * (functions**2).sum()
    assert float(inversion.fast_chi_squared) + added == pytest.approx(float(expected("fast_chi_squared")), rel=1e-8)
    for key in ("data_vector", "curvature_matrix", "reconstruction"):
        values = expected(key)
        np.testing.assert_allclose(
            getattr(inversion, key), values, rtol=0, atol=1e-8 * np.abs(values).max(), err_msg=key
        )
    images = {"mapped_reconstructed_data": inversion.mapped_reconstructed_data}
    images |= {key: getattr(dataset, key) for key in ("dirty_image_natural", "dirty_beam")}
    if case["kind"] != "stream":
        images |= {"operated": inversion.mapped_reconstructed_operated_data, "dirty_image": dataset.dirty_image}
    for key, found in images.items():
        values = expected(key)
        np.testing.assert_allclose(np.asarray(found), values, rtol=0, atol=1e-8 * np.abs(values).max(), err_msg=key)
    if dataset.sparse_operator is not None:
        for key in ("nufft_precision_operator", "data_term", "noise_normalization"):
            values = expected(key)
            found = getattr(dataset.sparse_operator, key)
            np.testing.assert_allclose(found, values, rtol=0, atol=1e-11 * np.abs(values).max(), err_msg=key)
