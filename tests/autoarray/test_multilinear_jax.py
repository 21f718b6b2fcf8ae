"""Products that NumPy forms, in every mode of differentiation, against the same products of JAX."""

import itertools
from dataclasses import dataclass

import numpy as np
import pytest

jax = pytest.importorskip("jax")
jnp = jax.numpy

from autoarray._numerics.multilinear_jax import MultilinearForm, derivative_from  # noqa: E402

PAIRS, ROWS, COLUMNS = 5, 4, 3


@dataclass(frozen=True)
class Bilinear(MultilinearForm):
    """T(x, y, C) = scale * sum of C * outer(x_1[at] + 2 x_2, y): of two arrays, one and one; `at` is fixed."""

    scale: float

    def _derivative(self, index, fixed, arguments, xp):
        (at,) = fixed
        x, y, matrix = arguments
        if index == 2:
            return [self.scale * xp.outer(x[0][at] + 2.0 * x[1], y[0])]
        if index == 1:
            return [self.scale * (x[0][at] + 2.0 * x[1]) @ matrix[0]]
        weighed = self.scale * matrix[0] @ y[0]
        scattered = xp.where(at[:, None] == np.arange(PAIRS, dtype=np.int32), weighed[:, None], 0.0).sum(axis=0)
        return [scattered, 2.0 * weighed]

    def derivative_on_host(self, index, fixed, arguments):
        assert all(isinstance(a, np.ndarray) for a in itertools.chain(fixed, *filter(None, arguments)))
        return self._derivative(index, fixed, arguments, np)

    def derivative_on_device(self, index, fixed, arguments):
        return self._derivative(index, fixed, arguments, jnp)


FORM = Bilinear(1.5)
AT = jnp.asarray(np.array([0, 3, 3, 4], dtype=np.int32))
SHAPES = [(PAIRS,), (ROWS,), (COLUMNS,)]
RNG = np.random.default_rng(4)
POINT, FIRST, SECOND = ([jnp.asarray(RNG.normal(size=shape)) for shape in SHAPES] for _ in range(3))
WEIGHTS = jnp.asarray(RNG.normal(size=(ROWS, COLUMNS)))


def product(at, x, y):
    return derivative_from(FORM, 2, [at], [x, y, [jax.ShapeDtypeStruct((ROWS, COLUMNS), np.float64)]])[0]


def in_jax(at, x, y):
    return FORM._derivative(2, [at], [x, y, None], jnp)[0]


def number_of(function, at=AT):
    """A number that depends on two others, by way of all arguments of a product, and not linearly."""

    def number(t):
        x1, x2, y = (p + t[0] * a + t[1] ** 2 * b for p, a, b in zip(POINT, FIRST, SECOND, strict=True))
        return (WEIGHTS * function(at, [x1, x2], [y]) ** 2).sum()

    return number


MODES = {
    "reverse": jax.grad,
    "forward": jax.jacfwd,
    "forward over reverse": jax.hessian,
    "forward over forward": lambda f: jax.jacfwd(jax.jacfwd(f)),
    "reverse over reverse": lambda f: jax.jacrev(jax.jacrev(f)),
    "reverse over forward": lambda f: jax.jacrev(jax.jacfwd(f)),
    "third order": lambda f: jax.jacfwd(jax.hessian(f)),
}
T = jnp.asarray([0.3, -0.4])


@pytest.mark.parametrize("mode", MODES)
def test_derivatives(mode):
    found = jax.jit(MODES[mode](number_of(product)))(T)
    np.testing.assert_allclose(found, jax.jit(MODES[mode](number_of(in_jax)))(T), rtol=1e-11)


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_derivatives_outside_jit(mode):
    found = MODES[mode](number_of(product))(T)
    np.testing.assert_allclose(found, jax.jit(MODES[mode](number_of(in_jax)))(T), rtol=1e-11)


@pytest.mark.parametrize("mode", MODES)
def test_derivatives_of_batches_of_batches(mode):
    points = jnp.asarray(RNG.normal(size=(2, 3, 2)))
    found = jax.jit(jax.vmap(jax.vmap(MODES[mode](number_of(product)))))(points)
    expected = jax.jit(jax.vmap(jax.vmap(MODES[mode](number_of(in_jax)))))(points)
    np.testing.assert_allclose(found, expected, rtol=1e-11)


@pytest.mark.parametrize("mode", MODES)
def test_derivatives_by_what_a_batch_shares(mode):
    # Of a batch, in which some arguments have its axis, some have that of an outer one, and some have none.
    def total(function):
        def number(t):
            def one(a, b):
                x1, x2, y = (p + t[0] * d for p, d in zip(POINT, FIRST, strict=True))
                return (WEIGHTS * function(AT, [x1, a * x2], [t[1] * y + b]) ** 2).sum()

            return jax.vmap(lambda a: jax.vmap(lambda b: one(a, b))(jnp.arange(2.0)))(jnp.arange(3.0)).sum()

        return number

    found = jax.jit(MODES[mode](total(product)))(T)
    np.testing.assert_allclose(found, jax.jit(MODES[mode](total(in_jax)))(T), rtol=1e-11)


def test_a_batch_of_fixed_arrays_on_any_axis():
    at = jnp.asarray(RNG.integers(0, PAIRS, (ROWS, 3)).astype(np.int32))
    found, expected = (
        jax.jit(jax.vmap(lambda a, f=f: jax.grad(number_of(f, a))(T), in_axes=1))(at) for f in (product, in_jax)
    )
    np.testing.assert_allclose(found, expected, rtol=1e-11)


@pytest.mark.parametrize("which", range(3))
def test_one_array_alone_changes(which):
    # The other array of its argument, and the other argument, have no tangent.
    def number(function):
        def of(value):
            x1, x2, y = (value if i == which else p for i, p in enumerate(POINT))
            return (WEIGHTS * function(AT, [x1, x2], [y])).sum()

        return of

    for mode in (jax.grad, jax.jacfwd):
        found, expected = (jax.jit(mode(number(function)))(POINT[which]) for function in (product, in_jax))
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_linear_transposes_of_each_argument():
    for j in (0, 1):
        arguments = [POINT[:2], [POINT[2]]]

        def along(argument, j=j, arguments=arguments):
            return product(AT, *(argument if i == j else arguments[i] for i in range(2)))

        (found,) = jax.jit(jax.linear_transpose(along, arguments[j]))(WEIGHTS)
        given = [None if i == j else arguments[i] for i in range(2)]
        for one, other in zip(found, FORM._derivative(j, [AT], [*given, [WEIGHTS]], np), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12)


def test_each_platform_has_its_program():
    traced = jax.jit(jax.hessian(number_of(product))).trace(T)
    text = {platform: traced.lower(lowering_platforms=(platform,)).as_text() for platform in ("cpu", "cuda")}
    assert "callback" in text["cpu"]
    assert "callback" not in text["cuda"]


def test_equal_forms_are_compiled_once_outside_jit():
    from autoarray._numerics import multilinear_jax

    def evaluate(form):
        shapes = [jax.ShapeDtypeStruct((ROWS, COLUMNS), np.float64)]
        return derivative_from(form, 2, [AT], [POINT[:2], [POINT[2]], shapes])[0]

    first = evaluate(Bilinear(7.0))
    before = multilinear_jax._evaluate._cache_size()
    np.testing.assert_array_equal(evaluate(Bilinear(7.0)), first)
    assert multilinear_jax._evaluate._cache_size() == before
    np.testing.assert_allclose(evaluate(Bilinear(14.0)), 2.0 * first, rtol=1e-12)
