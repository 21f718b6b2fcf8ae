import numpy as np
import pytest
import thing

jax = pytest.importorskip("jax")
jnp = jax.numpy


def test_objects_cross_the_boundary_of_jit_and_back():
    @jax.jit
    def scaled(vector, by):
        return thing.Vector(vector.values * by, factor=vector.factor, xp=jnp)

    found = scaled(thing.Vector([1.0, 2.0], factor=3, xp=jnp), 2.0)
    assert type(found) is thing.Vector
    assert (found.factor, found.use_jax) == (3, True)
    np.testing.assert_array_equal(found.values, [2.0, 4.0])
    np.testing.assert_array_equal(found.doubled, [12.0, 24.0])


def test_a_second_call_with_equal_statics_does_not_trace_again():
    traces = []

    @jax.jit
    def total(pair):
        traces.append(pair.shape)
        return pair.first.total + pair.second.total

    def pair(scale, shape=(2, 3)):
        vectors = [thing.Vector(np.arange(3.0) * scale, xp=jnp) for _ in range(2)]
        return thing.Pair(*vectors, shape=shape, xp=jnp)

    assert total(pair(1.0)) == 12.0
    assert total(pair(2.0)) == 24.0
    assert traces == [(2, 3)]
    total(pair(1.0, shape=(3, 2)))
    assert traces == [(2, 3), (3, 2)]


def test_results_computed_inside_jit_come_out_and_intermediates_do_not():
    @jax.jit
    def evaluated(values):
        vector = thing.Vector(values, xp=jnp)
        vector.total  # noqa: B018
        return vector

    found = evaluated(jnp.arange(3.0))
    assert found._derived.results == {"total": 6.0}
    assert found._derived.intermediates == {}


def test_a_tracer_is_never_kept_by_an_object_from_outside():
    vector = thing.Vector([1.0, 2.0], xp=jnp)

    @jax.jit
    def total(by):
        return vector.total * by

    assert total(2.0) == 12.0
    # Outside the trace the value is computed again, on real arrays.
    assert vector.total == 6.0
    assert vector.doubled.tolist() == [2.0, 4.0]
    assert total(jnp.float64(3.0)) == 18.0


def test_grad_and_vmap_over_an_object():
    def total(vector):
        return (vector.values**2).sum()

    gradient = jax.grad(total)(thing.Vector([1.0, 2.0], xp=jnp))
    assert type(gradient) is thing.Vector
    assert gradient.values.tolist() == [2.0, 4.0]
    batch = thing.Vector(np.ones((4, 2)), xp=jnp)
    assert jax.vmap(total)(batch).tolist() == [2.0] * 4


def test_leaves_are_named():
    paths = [jax.tree_util.keystr(path) for path, _ in jax.tree_util.tree_leaves_with_path(thing.Vector([1.0], xp=jnp))]
    assert paths == [".values"]


def test_nothing_is_traced_twice_in_a_new_process():
    # Modules of JAX that are first imported inside a trace may change its settings, and so what it has cached.
    import subprocess
    import sys
    import textwrap

    script = """
        import jax, jax.numpy as jnp, thing
        traces = []

        @jax.jit
        def total(values):
            traces.append(1)
            return thing.Vector(values, xp=jnp).total

        for _ in range(3):
            total(jnp.arange(3.0))
        assert traces == [1], traces
        assert "jax.extend" not in sys.modules
    """
    code = f"import sys\nsys.path[:0] = {sys.path!r}\n" + textwrap.dedent(script)
    subprocess.run([sys.executable, "-c", code], check=True)
