"""The inversion of visibilities by products with vectors, against that by matrices."""

import jax.numpy as jnp
import numpy as np
import pytest
from interferometer_problem import Functions, dataset_of, mapper_of

import autoarray as aa
from autoarray.inversion.inversion.interferometer import matrix_free

SCHEMES = [aa.reg.Constant(coefficient=1.0), aa.reg.MaternSparse(coefficient=1.0, scale=0.3)]


def mapper_with(dataset, scheme, shape=(8, 8)):
    interpolator = aa.mesh.RectangularUniform(shape=shape).interpolator_from(dataset.grids.pixelization)
    return aa.Mapper(interpolator=interpolator, regularization=scheme)


def inversions_of(dataset, mapper, **settings):
    return [
        aa.Inversion(dataset, [mapper], settings=aa.Settings(interferometer_route=route, **settings))
        for route in ("matrix_free", "fft")
    ]


@pytest.mark.parametrize("scheme", SCHEMES, ids=["constant", "matern"])
@pytest.mark.parametrize(
    "settings",
    [{}, {"use_edge_zeroed_pixels": False}, {"use_positive_only_solver": False}],
    ids=["positive", "edge", "signed"],
)
def test_reconstruction_and_evidence_are_those_of_matrices(scheme, settings):
    dataset = dataset_of(signal=3.0, primary_beam=np.linspace(0.5, 1.0, 134)[: dataset_of().mask.pixels_in_mask])
    dataset = dataset.apply_sparse_operator()
    own, other = inversions_of(dataset, mapper_with(dataset, scheme), **settings)
    assert type(own) is matrix_free.InversionInterferometerMatrixFree
    scale = np.abs(other.reconstruction).max()
    np.testing.assert_allclose(own.reconstruction, other.reconstruction, rtol=0, atol=1e-8 * scale)
    for term in (
        "regularization_term",
        "log_det_curvature_reg_matrix_term",
        "log_det_regularization_matrix_term",
        "fast_chi_squared",
    ):
        assert getattr(own, term) == pytest.approx(getattr(other, term), rel=1e-8), term
    np.testing.assert_allclose(
        own.mapped_reconstructed_data.array, other.mapped_reconstructed_data.array, atol=1e-8 * scale
    )


def test_the_estimate_of_a_determinant_is_close_and_repeats(monkeypatch):
    dataset = dataset_of().apply_sparse_operator()
    own, other = inversions_of(dataset, mapper_with(dataset, SCHEMES[0], (12, 12)))
    monkeypatch.setattr(matrix_free, "MOST_EXACT", 10)
    estimates = [type(own).log_det_curvature_reg_matrix_term.function(own) for _ in range(2)]
    assert estimates[0] == estimates[1]
    assert estimates[0] == pytest.approx(other.log_det_curvature_reg_matrix_term, rel=0.05)
    monkeypatch.setattr(type(own), "slq_n_probes", 200)
    more = type(own).log_det_curvature_reg_matrix_term.function(own)
    assert more == pytest.approx(other.log_det_curvature_reg_matrix_term, rel=0.02)


def test_what_it_is_not_for_is_refused():
    dataset = dataset_of().apply_sparse_operator()
    mapper = mapper_with(dataset, SCHEMES[0])
    settings = aa.Settings(interferometer_route="matrix_free")

    def inversion(objects, xp=np, **arguments):
        return aa.Inversion(dataset, objects, settings=settings, xp=xp, **arguments)

    with pytest.raises(aa.exc.InversionException, match="expected one mapper"):
        inversion([mapper, Functions(dataset.grids.lp)])
    with pytest.raises(aa.exc.InversionException, match="expected numpy, found jax"):
        inversion([mapper_of(dataset, jnp)], xp=jnp)
    with pytest.raises(aa.exc.InversionException, match="whose matrix is sparse"):
        inversion([mapper_with(dataset, aa.reg.GaussianKernel(coefficient=1.0, scale=0.3))])
    with pytest.raises(aa.exc.InversionException, match="expected no curvature matrix"):
        inversion([mapper], preloads=aa.PreloadsInterferometer(curvature_matrix=np.eye(64)))
    for quantity in ("curvature_matrix", "curvature_reg_matrix", "reconstruction_noise_map"):
        with pytest.raises(aa.exc.InversionException, match="forms no matrix of its parameters"):
            getattr(inversion([mapper]), quantity)


def test_conjugate_gradients_say_that_they_do_not_converge(monkeypatch):
    dataset = dataset_of().apply_sparse_operator()
    own, _ = inversions_of(dataset, mapper_with(dataset, SCHEMES[0]))
    monkeypatch.setattr(type(own), "pcg_maxiter", 1)
    with pytest.raises(aa.exc.InversionException, match="after 1 steps"):
        _ = own.reconstruction


def test_it_crosses_processes():
    import serialization

    dataset = dataset_of().apply_sparse_operator()
    own, _ = inversions_of(dataset, mapper_with(dataset, SCHEMES[0]))
    reconstruction = own.reconstruction
    other = serialization.loads(serialization.dumps(own))
    np.testing.assert_array_equal(other.reconstruction, reconstruction)
