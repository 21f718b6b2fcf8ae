"""Calls from a JAX program to NumPy."""

import subprocess
import sys

import numpy as np
import pytest

jax = pytest.importorskip("jax")
jnp = jax.numpy

from autoarray._numerics.host_call import host_call  # noqa: E402


def both(x, pair):
    """Of two arguments, one a list, two results."""
    return [x[::-1] * pair[0], np.flatnonzero(pair[1] > 0.5)[:1].sum()]


def shapes_of(x):
    return [jax.ShapeDtypeStruct(x.shape, np.float64), jax.ShapeDtypeStruct((), np.int64)]


def called(x, flags):
    return host_call(both, shapes_of(x), x, [jnp.asarray(2.0), flags])


@pytest.mark.parametrize("compiled", [False, True])
def test_arguments_and_results(compiled):
    reverse, first = (jax.jit(called) if compiled else called)(jnp.arange(3.0), jnp.array([0.0, 0.2, 0.9]))
    assert reverse.tolist() == [4.0, 2.0, 0.0]
    assert int(first) == 2


def test_vmap_calls_for_one_after_the_other():
    x, flags = jnp.arange(6.0).reshape(2, 3), jnp.array([[0.0, 0.0, 0.9], [0.0, 0.9, 0.9]])
    reverse, first = jax.jit(jax.vmap(called))(x, flags)
    np.testing.assert_array_equal(reverse, 2.0 * np.asarray(x)[:, ::-1])
    assert first.tolist() == [2, 1]


def test_arguments_are_read_only():
    def write(x):
        x[0] = 1.0
        return x

    x = jnp.zeros(3)
    with pytest.raises(jax.errors.JaxRuntimeError, match="read-only"):
        jax.block_until_ready(jax.jit(lambda x: host_call(write, jax.ShapeDtypeStruct((3,), x.dtype), x))(x))
    assert x.tolist() == [0.0, 0.0, 0.0]


def test_a_result_of_another_shape_is_an_error():
    with pytest.raises(jax.errors.JaxRuntimeError, match=r"expected an array of shape \(3,\)"):
        jax.block_until_ready(host_call(lambda x: x[:1], jax.ShapeDtypeStruct((3,), np.float64), jnp.zeros(3)))


SCRIPT = """
import os
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import jax, jax.numpy as jnp, numpy as np
from autoarray._numerics.host_call import host_call
def f(x):
    return host_call(lambda x: x.sum(), jax.ShapeDtypeStruct((), np.float64), jnp.sin(x)) + 1.0
f = jax.jit(f)
x = jnp.ones((2000, 1000))
print(len([float(y) for y in [f(x + i) for i in range(20)]]))
"""


def test_large_arguments_on_one_core_end():
    # Where one thread both runs the program and would copy its arguments, as it may with jax.pure_callback, the call
    # waits for itself.
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "20\n"
