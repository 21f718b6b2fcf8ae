import numpy as np
import problems
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autoarray as aa
from autoarray.inversion.mesh.mesh_geometry.rectangular import rectangular_neighbors_from
from autoarray.inversion.regularization.constant import constant_regularization_matrix_from


@given(
    shape=st.tuples(st.integers(3, 7), st.integers(3, 7)),
    coefficient=st.floats(0.01, 100.0),
    seed=st.integers(0, 100),
)
def test_the_term_is_the_sum_of_squared_differences(shape, coefficient, seed):
    neighbors, sizes = rectangular_neighbors_from(shape)
    matrix = constant_regularization_matrix_from(coefficient, neighbors, sizes)
    s = np.random.default_rng(seed).normal(size=shape)
    differences = (np.diff(s, axis=0) ** 2).sum() + (np.diff(s, axis=1) ** 2).sum()
    expected = coefficient**2 * differences + 1e-8 * (s**2).sum()
    assert s.ravel() @ matrix @ s.ravel() == pytest.approx(expected, rel=1e-10)
    assert (matrix == matrix.T).all()
    assert np.linalg.eigvalsh(matrix).min() > 0.0


def test_backends_agree():
    jnp = pytest.importorskip("jax.numpy")
    mapper = problems.fit_from().inversion.linear_obj_list[0]
    regularization = aa.reg.Constant(coefficient=3.0)
    on_numpy = regularization.regularization_matrix_from(linear_obj=mapper)
    assert isinstance(on_numpy, np.ndarray)
    np.testing.assert_array_equal(regularization.regularization_matrix_from(linear_obj=mapper, xp=jnp), on_numpy)
    assert regularization.regularization_weights_from(linear_obj=mapper).tolist() == [3.0] * 64


def test_a_pixelization_holds_a_mesh_and_a_regularization():
    mesh, regularization = aa.mesh.RectangularUniform(shape=(4, 4)), aa.reg.Constant(coefficient=2.0)
    pixelization = aa.Pixelization(mesh=mesh, regularization=regularization)
    assert pixelization.mesh is mesh
    assert repr(pixelization) == (
        "Pixelization(mesh=RectangularUniform(shape=(4, 4), bandwidth=1.0, n_knots=64), "
        "regularization=Constant(coefficient=2.0))"
    )
    with pytest.raises(
        aa.exc.PixelizationException, match=r"Pixelization\.mesh: expected a mesh object or None, found \(4, 4\)"
    ):
        aa.Pixelization(mesh=(4, 4))
    with pytest.raises(aa.exc.PixelizationException, match=r"expected a regularization object or None, found 1\.0"):
        aa.Pixelization(mesh=mesh, regularization=1.0)
