import os
import subprocess
import sys

import numpy as np
import pytest
import thing

from autoarray import exc
from autoarray._backend import as_array, is_jax_array, use_jax_from, xp_of


def test_the_flag_follows_the_module():
    jnp = pytest.importorskip("jax.numpy")
    assert use_jax_from(np) is False
    assert use_jax_from(jnp) is True
    assert thing.Vector([1.0], xp=np)._xp is np
    assert thing.Vector([1.0], xp=jnp)._xp is jnp


@pytest.mark.parametrize("xp", [None, "numpy", np.linalg, 3])
def test_other_modules_are_rejected(xp):
    with pytest.raises(TypeError, match=r"xp: expected the module numpy or jax\.numpy, found"):
        use_jax_from(xp)


def test_arrays_know_their_library():
    jnp = pytest.importorskip("jax.numpy")
    assert is_jax_array(jnp.ones(1))
    assert not is_jax_array(np.ones(1))
    assert xp_of(np.ones(1), 2.0) is np
    assert xp_of(np.ones(1), jnp.ones(1)) is jnp


@pytest.mark.parametrize("dtype", [">f8", "<f8", ">i4", "bool", "complex128", ">f4"])
def test_values_are_exact_on_both_backends(dtype):
    jnp = pytest.importorskip("jax.numpy")
    values = np.array([0, 1, 3], dtype=dtype)
    assert as_array(values, np) is values
    on_jax = as_array(values, jnp)
    assert is_jax_array(on_jax)
    assert on_jax.dtype == np.dtype(dtype).newbyteorder("=")
    np.testing.assert_array_equal(np.asarray(on_jax), values)
    assert isinstance(as_array(on_jax, np), np.ndarray)


def test_a_tracer_does_not_enter_a_numpy_object():
    jax = pytest.importorskip("jax")
    with pytest.raises(TypeError, match=r"expected a NumPy array, found a JAX tracer; pass xp=jax\.numpy"):
        jax.jit(lambda values: thing.Vector(values, xp=np).values.sum())(np.ones(3))


def test_float64_never_becomes_float32_silently():
    pytest.importorskip("jax")
    script = (
        "import numpy as np, jax.numpy as jnp\n"
        "from autoarray._backend import as_array\n"
        "from autoarray.exc import PrecisionException\n"
        "assert as_array(np.ones(2, np.float32), jnp).dtype == np.float32\n"
        "for dtype in ('f8', 'c16'):\n"
        "    try:\n"
        "        as_array(np.ones(2, dtype), jnp)\n"
        "    except PrecisionException as error:\n"
        "        assert 'jax_enable_x64' in str(error), error\n"
        "    else:\n"
        "        raise SystemExit('no error')\n"
    )
    environment = {**os.environ, "JAX_ENABLE_X64": "0"}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment)
    assert issubclass(exc.PrecisionException, Exception)
