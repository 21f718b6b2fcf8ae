import math
from fractions import Fraction

import numpy as np
import problems
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoarray._numerics import banded, cholesky, compiled
from autoarray.inversion.inversion import inversion_util
from autoarray.inversion.inversion._curvature import tile_products
from autoarray.inversion.inversion._curvature.blocks import curvature_matrix_from
from autoarray.settings import Settings


def problem(seed: int, rows: int, columns: int, density: float):
    rng = np.random.default_rng(seed)
    matrix = problems.sparse_from(rng, (rows, columns), density)
    native = np.stack(np.divmod(np.sort(rng.choice(rows * 3, rows, replace=False)), 40), axis=1)
    return matrix, native, rng.uniform(0.5, 2.0, rows)


@given(
    seed=st.integers(0, 1000),
    rows=st.integers(1, 900),
    columns=st.integers(1, 40),
    density=st.sampled_from([0.0, 0.01, 0.1, 0.29, 0.6]),
)
def test_tiled_product_equals_the_dense_one(seed, rows, columns, density):
    matrix, native, _ = problem(seed, rows, columns, density)
    before = matrix.copy()
    dense = matrix.toarray()
    product = tile_products.symmetric_product_from(matrix, native)
    np.testing.assert_allclose(product, dense.T @ dense, rtol=1e-12, atol=1e-13)
    assert (product == product.T).all()
    assert (before != matrix).nnz == 0


@pytest.mark.parametrize("density", [0.05, 0.6])
def test_curvature_matrix_weighs_by_the_noise(density):
    matrix, native, noise = problem(1, 300, 20, density)
    dense = matrix.toarray()
    expected = dense.T @ np.diag(noise**-2) @ dense
    for mapping_matrix, where in ((matrix, native), (matrix, None), (dense, None)):
        found = inversion_util.curvature_matrix_via_mapping_matrix_from(mapping_matrix, noise, native_for_slim=where)
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)


@given(
    seed=st.integers(0, 1000),
    kinds=st.lists(st.sampled_from(["sparse", "full", "few values", "one column"]), min_size=1, max_size=5),
    use_mixed_precision=st.booleans(),
)
def test_curvature_matrix_of_blocks_is_that_of_their_columns_side_by_side(seed, kinds, use_mixed_precision):
    rng = np.random.default_rng(seed)
    _, native, noise = problem(seed, 200, 1, 0.1)
    blocks = []
    for kind in kinds:
        sparse = problems.sparse_from(rng, (200, int(rng.integers(1, 30))), 0.1)
        others = {"full": rng.normal(size=(200, 7)), "few values": sparse.toarray(), "one column": np.ones((200, 1))}
        blocks.append(others.get(kind, sparse))
    dense = np.hstack([block if isinstance(block, np.ndarray) else block.toarray() for block in blocks])
    scaled = dense / noise[:, None]
    expected = scaled.T @ scaled
    curvature = curvature_matrix_from(blocks, noise, native, Settings(use_mixed_precision=use_mixed_precision))
    tolerance = 1e-5 if use_mixed_precision else 1e-13
    np.testing.assert_allclose(curvature, expected, rtol=tolerance, atol=tolerance * np.abs(expected).max())
    assert (curvature == curvature.T).all()
    assert curvature.dtype == np.float64


def test_mixed_precision_is_close_and_float64():
    matrix, native, noise = problem(2, 300, 20, 0.05)
    settings = Settings(use_mixed_precision=True)
    exact = inversion_util.curvature_matrix_via_mapping_matrix_from(matrix, noise, native_for_slim=native)
    for mapping_matrix in (matrix, matrix.toarray()):
        found = inversion_util.curvature_matrix_via_mapping_matrix_from(
            mapping_matrix, noise, settings=settings, native_for_slim=native
        )
        assert found.dtype == np.float64
        np.testing.assert_allclose(found, exact, rtol=1e-5, atol=1e-5 * exact.max())
        assert not np.array_equal(found, exact)


def test_diagonal_is_raised_where_there_is_no_regularization():
    matrix, native, noise = problem(3, 100, 6, 0.1)
    plain = inversion_util.curvature_matrix_via_mapping_matrix_from(matrix, noise, native_for_slim=native)
    raised = inversion_util.curvature_matrix_via_mapping_matrix_from(
        matrix, noise, add_to_curvature_diag=True, no_regularization_index_list=[1, 4], native_for_slim=native
    )
    np.testing.assert_allclose(np.diag(raised - plain), [0.0, 1e-3, 0.0, 0.0, 1e-3, 0.0], atol=1e-12)


@pytest.mark.parametrize("method", ["cholesky", "slogdet"])
@pytest.mark.parametrize("width", [1, 30])
@pytest.mark.parametrize("is_nearly_singular", [True, False])
def test_log_det(method, width, is_nearly_singular):
    rng = np.random.default_rng(4)
    matrix = np.triu(np.tril(rng.normal(size=(60, 60)), width), -width)
    matrix = matrix @ matrix.T + np.eye(60)
    value = cholesky.log_det_from(matrix, method, is_nearly_singular=is_nearly_singular)
    assert value == pytest.approx(np.linalg.slogdet(matrix)[1], rel=1e-12)


def neighbor_matrix(shape, edges, seed=5):
    """The matrix of a neighbor regularization: the Laplacian of a graph of weighted edges, plus 1e-8 of a unit one."""
    size = int(np.prod(shape))
    # In eighths, so that the sums of the rows are exact.
    weights = np.random.default_rng(seed).integers(1, 20, size=len(edges)) / 8.0
    matrix = np.zeros((size, size))
    matrix[tuple(edges.T)] = matrix[tuple(edges.T[::-1])] = -weights
    return matrix + np.diag(1e-8 - matrix.sum(axis=1))


def exact_log_det(matrix):
    """Of the entries as they are, eliminated in fractions."""
    rows = [[Fraction(entry) for entry in row] for row in matrix.tolist()]
    log_det = 0.0
    for k, pivots in enumerate(rows):
        log_det += math.log(pivots[k])
        for row in rows[k + 1 :]:
            if row[k]:
                factor = row[k] / pivots[k]
                row[k:] = [entry - factor * pivot for entry, pivot in zip(row[k:], pivots[k:], strict=True)]
    return log_det


def test_log_det_does_not_depend_on_the_order_of_the_mesh_pixels(monkeypatch):
    index = np.arange(600).reshape(30, 20)
    pairs = (index[1:], index[:-1]), (index[:, 1:], index[:, :-1])
    edges = np.concatenate([np.stack((a.ravel(), b.ravel()), axis=1) for a, b in pairs])
    matrix = neighbor_matrix(index.shape, edges)
    expected = cholesky.log_det_from(matrix, is_nearly_singular=True)
    order = np.random.default_rng(0).permutation(600)
    mixed = matrix[np.ix_(order, order)]
    bands, factorize = [], banded.log_det_from
    monkeypatch.setattr(banded, "log_det_from", lambda *args: bands.append(args[0]) or factorize(*args))
    assert cholesky.log_det_from(mixed, is_nearly_singular=True) == pytest.approx(expected, rel=1e-13)
    assert cholesky.log_det_from(mixed) == pytest.approx(expected, rel=1e-9)
    assert [len(band) < 100 for band in bands] == [True, True]
    # A band that reaches everywhere, and a matrix that is full, keep their order.
    rng = np.random.default_rng(1)
    first = rng.integers(0, 600, size=900)
    far = first, (first + rng.integers(1, 600, size=900)) % 600
    wide = matrix + 30.0 * np.eye(600)
    wide[far[0], far[1]] = wide[far[1], far[0]] = 0.1
    full = wide + 1e-3
    for other in (wide, full):
        assert cholesky.log_det_from(other) == pytest.approx(np.linalg.slogdet(other)[1], rel=1e-12)
    assert len(bands) == 2


@pytest.mark.parametrize("value", [np.nan, -1.0])
def test_log_det_of_a_large_sparse_matrix_that_is_not_positive_definite(value):
    from autoarray import exc

    order = np.random.default_rng(0).permutation(600)
    matrix = (3.0 * np.eye(600) - np.eye(600, k=1) - np.eye(600, k=-1))[np.ix_(order, order)]
    matrix[7, 7] = value
    with pytest.raises(exc.InversionException, match=r"expected a positive definite matrix, found a \(600, 600\)"):
        cholesky.log_det_from(matrix)


@pytest.mark.parametrize("is_banded", [True, False])
@pytest.mark.parametrize("backend", ["numpy", "jax"])
def test_log_det_of_a_neighbor_regularization_has_all_digits(is_banded, backend):
    xp = np if backend == "numpy" else pytest.importorskip("jax.numpy")
    index = np.arange(27).reshape(9, 3)
    pairs = (index[1:], index[:-1]), (index[:, 1:], index[:, :-1])
    edges = np.concatenate([np.stack((a.ravel(), b.ravel()), axis=1) for a, b in pairs])
    if not is_banded:
        edges = np.concatenate((edges, [[0, 26], [1, 25], [2, 13]]))
    matrix = neighbor_matrix(index.shape, edges)
    expected = exact_log_det(matrix)
    assert np.linalg.cond(matrix) > 1e8
    assert float(cholesky.log_det_from(xp.asarray(matrix), xp=xp, is_nearly_singular=True)) == pytest.approx(
        expected, rel=1e-14
    )


@pytest.mark.parametrize("backend", ["numpy", "jax"])
def test_log_det_of_a_matrix_with_entries_of_both_signs_is_that_of_its_factor(backend):
    xp = np if backend == "numpy" else pytest.importorskip("jax.numpy")
    from autoarray._numerics.log_det import log_det_of_factor_from

    matrix = xp.asarray([[2.0, 1.0], [1.0, 2.0]])
    diagonal = xp.diag(xp.linalg.cholesky(matrix))
    # The last entry of the solution would be another pivot.
    value = log_det_of_factor_from(matrix, xp.sum(matrix, axis=1), diagonal, xp.asarray(7.0), xp)
    assert float(value) == pytest.approx(np.log(3.0), rel=1e-15)
    deficient = xp.asarray([[2.0, -1.0, -2.0], [-1.0, 2.0, 0.0], [-2.0, 0.0, 8.0]])
    diagonal = xp.diag(xp.linalg.cholesky(deficient))
    value = log_det_of_factor_from(deficient, xp.sum(deficient, axis=1), diagonal, xp.asarray(7.0), xp)
    assert float(value) == pytest.approx(np.log(16.0), rel=1e-14)


def test_log_det_of_an_indefinite_matrix():
    from autoarray import exc

    banded, full = -np.eye(30), -np.ones((30, 30)) - np.eye(30)
    for matrix in (banded, full):
        with pytest.raises(exc.InversionException, match=r"found a \(30, 30\) one without a Cholesky factor"):
            cholesky.log_det_from(matrix)
        assert np.isfinite(cholesky.log_det_from(matrix, "slogdet"))


def test_sums_of_a_constant_matrix_are_not_formed_by_the_compiler():
    jax = pytest.importorskip("jax")
    from autoarray._numerics import log_det_jax

    matrix = neighbor_matrix((8, 8), np.stack((np.arange(63), np.arange(1, 64)), axis=1))

    def value(scale):
        return scale * log_det_jax._with_xla(True, False, jax.numpy.asarray(matrix))[0]

    program = jax.jit(value).lower(1.0).compile()
    # Of all that is left to run, only the sums of the rows have this shape.
    assert "f64[64]{0} reduce(" in program.as_text()
    assert program(1.0) == pytest.approx(exact_log_det(matrix), rel=1e-14)


def test_log_det_of_jax_on_a_cpu_is_that_of_numpy():
    jax = pytest.importorskip("jax")
    matrix = neighbor_matrix((30, 30), np.stack((np.arange(899), np.arange(1, 900)), axis=1))
    found = jax.jit(lambda m: cholesky.log_det_from(m, xp=jax.numpy, is_nearly_singular=True))(matrix)
    assert float(found) == cholesky.log_det_from(matrix, is_nearly_singular=True)


@pytest.mark.parametrize("is_nearly_singular", [True, False])
@pytest.mark.parametrize("place", ["cpu", "device"])
def test_log_det_in_jax_and_its_derivatives(is_nearly_singular, place, monkeypatch):
    jnp = pytest.importorskip("jax.numpy")
    import jax

    if place == "device":
        monkeypatch.setattr(jax.lax, "platform_dependent", lambda *args, cpu, default: default(*args))
    rng = np.random.default_rng(4)
    root = rng.normal(size=(8, 8))
    matrix, change = root @ root.T + np.eye(8), np.diag(rng.normal(size=8)) + 0.1

    def value(step):
        moved = jnp.asarray(matrix) + step * jnp.asarray(change)
        return cholesky.log_det_from(moved, xp=jnp, is_nearly_singular=is_nearly_singular)

    assert value(0.0) == pytest.approx(np.linalg.slogdet(matrix)[1], rel=1e-12)
    # Jacobi's formula
    expected = np.trace(np.linalg.inv(matrix) @ change)
    assert jax.jit(jax.grad(value))(0.0) == pytest.approx(expected, rel=1e-10)
    assert jax.vmap(jax.grad(value))(jnp.zeros(2)).tolist() == pytest.approx([expected] * 2, rel=1e-10)
    assert jax.jvp(value, (0.0,), (1.0,))[1] == pytest.approx(expected, rel=1e-10)
    assert np.isnan(value(-1e3))
    inverse = np.linalg.inv(matrix)
    bend = -np.trace(inverse @ change @ inverse @ change)
    assert jax.jacfwd(jax.grad(value))(0.0) == pytest.approx(bend, rel=1e-9)
    assert np.isnan(jax.grad(value)(-1e3))


@pytest.mark.parametrize("is_compiled", [True, False])
def test_inverse_of_a_part(is_compiled, monkeypatch):
    if is_compiled and not compiled.is_available():
        pytest.skip("numba is not installed")
    monkeypatch.setattr(compiled, "is_available", lambda: is_compiled)
    root = np.random.default_rng(2).normal(size=(70, 70))
    matrix, index = root @ root.T + np.eye(70), np.random.default_rng(3).permutation(70)[:61]
    factor = cholesky.cholesky_of_part(matrix, index)
    found = cholesky.inverse_of_part_from(factor, index, 70)
    expected = np.zeros_like(matrix)
    expected[np.ix_(index, index)] = np.linalg.inv(matrix[np.ix_(index, index)])
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max())
    np.testing.assert_array_equal(found, found.T)
