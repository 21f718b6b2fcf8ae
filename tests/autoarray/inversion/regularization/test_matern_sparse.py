"""The sparse Matern precision: against its definition written out, the dense covariance, and its own factors."""

import numpy as np
import problems
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autoarray as aa
from autoarray.inversion.regularization.matern_sparse import rectangular_laplacian_sparse_from

SHAPE = (5, 6)
WEIGHTS = np.linspace(0.5, 2.0, 30)


def mapper_from(backend="numpy", mesh="adapt_density", shape=SHAPE):
    return problems.fit_from(backend, mesh, shape=shape).inversion.linear_obj_list[0]


@given(shape=st.tuples(st.integers(3, 6), st.integers(3, 6)), dy=st.floats(0.1, 2.0), dx=st.floats(0.1, 2.0))
def test_the_laplacian_is_the_sum_of_second_differences(shape, dy, dx):
    values = np.random.default_rng(1).normal(size=shape)
    padded = np.pad(values, 1, mode="edge")
    expected = np.diff(padded, n=2, axis=0)[:, 1:-1] / dy**2 + np.diff(padded, n=2, axis=1)[1:-1] / dx**2
    laplacian = rectangular_laplacian_sparse_from(shape, (dy, dx))
    np.testing.assert_allclose(laplacian @ values.ravel(), expected.ravel(), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(laplacian.sum(axis=1), 0.0, atol=1e-10)


def expected_matrix(scheme, mapper):
    """The definition, with dense inverses."""
    shape, pixel_scales = scheme.mesh_shape_and_pixel_scales_from(mapper)
    laplacian = rectangular_laplacian_sparse_from(shape, tuple(map(float, pixel_scales))).toarray()
    operator = 2.0 / scheme.scale**2 * np.eye(30) - laplacian
    centre = (shape[0] // 2) * shape[1] + shape[1] // 2
    c = np.linalg.inv(operator @ operator)[centre, centre]
    weights = np.ones(30) if scheme.weights is None else scheme.weights
    return scheme.coefficient * c * (operator @ operator) / np.outer(weights, weights)


@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize("mesh", ["uniform", "adapt_density", "rotated"])
def test_the_matrix_and_its_terms_are_those_of_the_definition(backend, xp, mesh, weights):
    mapper, scheme = mapper_from(backend, mesh), aa.reg.MaternSparse(coefficient=2.3, scale=0.4, weights=weights)
    values = np.sin(np.arange(30.0))
    matrix = scheme.regularization_matrix_from(mapper, xp)
    assert isinstance(matrix, np.ndarray) == (backend == "numpy")
    expected = expected_matrix(scheme, mapper)
    np.testing.assert_allclose(np.asarray(matrix), expected, rtol=1e-12, atol=1e-14 * expected.max())
    term = scheme.regularization_term_from(mapper, xp.asarray(values), xp)
    assert float(term) == pytest.approx(values @ expected @ values, rel=1e-12)
    log_det = scheme.log_det_regularization_matrix_term_from(mapper, xp)
    assert float(log_det) == pytest.approx(np.linalg.slogdet(expected)[1], rel=1e-12)


def test_the_sparse_matrix_is_the_dense_one():
    mapper, scheme = mapper_from(), aa.reg.MaternSparse(coefficient=2.3, scale=0.4, weights=WEIGHTS)
    sparse = scheme.regularization_matrix_sparse_from(mapper)
    factor = scheme.regularization_factor_sparse_from(mapper)
    np.testing.assert_array_equal(sparse.toarray(), scheme.regularization_matrix_from(mapper))
    np.testing.assert_allclose(2.3 * (factor.T @ factor).toarray(), sparse.toarray(), rtol=1e-13)
    assert np.diff(sparse.indptr).max() == 13
    assert scheme.regularization_weights_from(mapper).tolist() == [2.3] * 30
    assert np.array_equal(scheme.kernel_weights_from(mapper), WEIGHTS)


def test_the_covariance_is_that_of_the_dense_kernel():
    """On a mesh that is finer than the scale and reaches far beyond it, at the centre, to a few per cent."""
    mapper = mapper_from(mesh="uniform", shape=(41, 41))
    pixel = mapper.source_plane_mesh_grid.array[0, 0] - mapper.source_plane_mesh_grid.array[41, 0]
    scale = 5.0 * float(pixel)
    sparse = np.linalg.inv(aa.reg.MaternSparse(scale=scale).regularization_matrix_from(mapper))
    dense = aa.reg.MaternKernel(scale=scale, nu=1.0).covariance_matrix_from(mapper)
    centre = 20 * 41 + 20
    assert sparse[centre, centre] == pytest.approx(1.0, rel=1e-10)
    np.testing.assert_allclose(sparse[centre], dense[centre], atol=0.03)


def test_the_derivative_by_the_mesh():
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    dataset = problems.dataset_from()
    values = np.sin(np.arange(30.0))

    def terms(einstein, scale, xp):
        interpolator = aa.mesh.RectangularUniform(shape=SHAPE).interpolator_from(
            source_plane_data_grid=problems.traced_from(dataset, einstein, xp), source_plane_mesh_grid=None, xp=xp
        )
        mapper = aa.Mapper(interpolator=interpolator, xp=xp)
        scheme = aa.reg.MaternSparse(scale=scale)
        matrix = scheme.regularization_matrix_from(mapper, xp)
        term = scheme.regularization_term_from(mapper, xp.asarray(values), xp)
        return (
            xp.asarray(values) @ matrix @ xp.asarray(values)
            + term
            + scheme.log_det_regularization_matrix_term_from(mapper, xp)
        )

    found = jax.jit(jax.grad(lambda *at: terms(*at, jnp), argnums=(0, 1)))(0.35, 0.4)
    step = 1e-6
    by_mesh = (terms(0.35 + step, 0.4, np) - terms(0.35 - step, 0.4, np)) / (2 * step)
    by_scale = (terms(0.35, 0.4 + step, np) - terms(0.35, 0.4 - step, np)) / (2 * step)
    np.testing.assert_allclose([float(x) for x in found], [by_mesh, by_scale], rtol=1e-6)


def test_what_it_can_not_carry_is_refused():
    with pytest.raises(ValueError, match=r"nu: expected 1, the smoothness with this sparse precision, found 1\.5"):
        aa.reg.MaternSparse(nu=1.5)
    with pytest.raises(ValueError, match=r"weights: expected positive numbers .*, found 1 others"):
        aa.reg.MaternSparse(weights=np.array([1.0, 0.0, 2.0]))
    scheme = aa.reg.MaternSparse(weights=np.ones(3))
    with pytest.raises(
        aa.exc.PixelizationException, match=r"expected the shape \(30,\) of the mesh pixels, found \(3,\)"
    ):
        scheme.regularization_matrix_from(mapper_from())
    with pytest.raises(
        aa.exc.PixelizationException, match=r"expected a mapper on a rectangular mesh, .* found LinearObj"
    ):
        scheme.regularization_matrix_from(aa.LinearObj(regularization=None))
