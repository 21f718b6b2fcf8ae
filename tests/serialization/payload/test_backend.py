"""NumPy and JAX: which backend a graph comes back on, and when it can't."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from graphs import Computes, Part, assert_same, assert_same_array

import serialization
from autoarray._state import State

jax = pytest.importorskip("jax")
jnp = pytest.importorskip("jax.numpy")


def jax_graph():
    inner = Computes(np.arange(3), xp=np)
    outer = Computes(jnp.arange(3.0), inside=[inner, {"k": (jnp.ones((2, 2)),)}], xp=jnp)
    _ = outer.total
    return outer


def numpy_graph():
    shared = np.arange(4.0)
    structural = Computes(np.arange(3), inside=np.ones(2))
    plain = Part(np.ones(2), other=shared)
    outer = Computes(shared, inside=[structural, {"k": (np.ones((2, 2)), 1.5)}, plain, shared])
    _ = outer.total
    return outer


def is_jax(value):
    return isinstance(value, jax.Array)


def test_as_written():
    outer = jax_graph()
    data = serialization.dumps(outer)
    restored = serialization.loads(data)
    assert_same(outer, restored)
    assert restored._xp is jnp
    assert restored.inside[0]._xp is np
    assert serialization.inspect(data).backend == "mixed"
    assert [row.jax for row in serialization.inspect(data).arrays] == [True, True, False, True]


def test_jax_onto_numpy():
    restored = serialization.loads(serialization.dumps(jax_graph()), backend="numpy")
    assert restored.use_jax is False
    assert restored.inside[0].use_jax is False
    assert type(restored.values) is np.ndarray
    assert restored.values.flags.writeable
    assert type(restored.inside[1]["k"][0]) is np.ndarray
    assert_same_array(np.asarray(restored.total), np.asarray(3.0))


def test_numpy_onto_jax():
    outer = numpy_graph()
    restored = serialization.loads(serialization.dumps(outer), backend="jax")
    assert restored.use_jax is True
    assert is_jax(restored.values)
    assert restored.inside[3] is restored.values
    structural, mapping, plain, _ = restored.inside
    assert is_jax(mapping["k"][0])
    assert mapping["k"][1] == 1.5
    assert structural.use_jax is False
    assert type(structural.values) is np.ndarray
    assert type(structural.inside) is np.ndarray  # all of a structural object stays
    assert type(plain.value) is np.ndarray
    assert type(plain.other) is np.ndarray
    assert type(restored._derived.results["total"]) is np.float64
    np.testing.assert_array_equal(restored.values, outer.values)


def test_numpy_onto_jax_and_back():
    outer = numpy_graph()
    there = serialization.loads(serialization.dumps(outer), backend="jax")
    back = serialization.loads(serialization.dumps(there), backend="numpy")
    np.testing.assert_array_equal(back.values, outer.values)
    assert back.total == outer.total
    assert back.inside[0].use_jax is back.use_jax is False


def test_an_object_that_was_read_onto_jax_can_be_traced():
    restored = serialization.loads(serialization.dumps(Computes(np.arange(3.0))), backend="jax")
    assert jax.jit(lambda computes: computes.values.sum())(restored) == 3.0
    written_by_jax = serialization.loads(serialization.dumps(Computes(jnp.arange(3.0), xp=jnp)))
    assert jax.jit(lambda computes: computes.values.sum())(written_by_jax) == 3.0


@pytest.mark.parametrize("wrap", [lambda array: array, lambda array: [array], lambda array: (1, {"k": array})])
def test_arrays_in_containers_at_the_root(wrap):
    restored = serialization.loads(serialization.dumps(wrap(np.arange(3))), backend="jax")
    while not is_jax(restored):
        assert isinstance(restored, (list, tuple, dict))
        restored = next(iter(restored.values())) if isinstance(restored, dict) else restored[-1]
    assert restored.dtype == np.int64


def test_a_list_that_holds_itself_is_moved_once():
    root = [np.ones(2)]
    root.append(root)
    restored = serialization.loads(serialization.dumps(root), backend="jax")
    assert restored[1] is restored
    assert is_jax(restored[0])


@pytest.mark.parametrize("mmap", [False, True])
def test_files(tmp_path, mmap):
    path = serialization.save(jax_graph(), tmp_path / "fit.aas")
    assert_same(jax_graph(), serialization.load(path, mmap=mmap))
    assert type(serialization.load(path, backend="numpy", mmap=mmap).values) is np.ndarray
    assert is_jax(serialization.load(path, backend="jax", mmap=mmap).values)


@pytest.mark.parametrize("dtype", ["?", "i1", "u2", "i4", "i8", "u8", "f2", "f4", "f8", "c8", "c16"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3)])
def test_every_dtype_of_jax(dtype, shape):
    array = jnp.asarray(np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype))
    restored = serialization.loads(serialization.dumps(array))
    assert is_jax(restored)
    assert_same_array(np.asarray(array), np.asarray(restored))


def test_nan_payloads_and_signed_zeros_through_jax():
    array = jnp.asarray(np.array([0x7FF8DEADBEEF0001, 0x8000000000000000], np.uint64).view(np.float64))
    restored = serialization.loads(serialization.dumps(array))
    assert np.asarray(restored).view(np.uint64).tolist() == [0x7FF8DEADBEEF0001, 0x8000000000000000]


def test_foreign_byte_order_becomes_native():
    restored = serialization.loads(serialization.dumps([np.arange(3, dtype=">f8"), np.ones(2, ">c8")]), backend="jax")
    assert [str(array.dtype) for array in restored] == ["float64", "complex64"]
    assert restored[0].tolist() == [0.0, 1.0, 2.0]


def test_changing_what_was_read_does_not_change_jax_arrays():
    restored = serialization.loads(serialization.dumps([np.zeros(1000), jnp.ones(1000)]))
    restored[0][:] = 7
    assert float(restored[1].sum()) == 1000.0


@pytest.mark.parametrize("array", [np.array(["a"]), np.array(["2026"], "M8[Y]"), np.zeros(1, [("a", "f8")])])
def test_arrays_that_jax_cannot_hold(array):
    data = serialization.dumps(Part([Computes(array)]))
    with pytest.raises(serialization.UnsupportedValueError, match="expected bool or numbers for a JAX array") as error:
        serialization.loads(data, backend="jax")
    assert error.value.path == "$.value[0]"


def test_bfloat16_is_refused():
    with pytest.raises(serialization.UnsupportedValueError, match="found bfloat16"):
        serialization.dumps(jnp.ones(2, jnp.bfloat16))


def test_random_keys_are_refused():
    with pytest.raises(serialization.UnsupportedValueError, match="expected a JAX array that NumPy can read"):
        serialization.dumps(jax.random.key(0))


def test_deleted_arrays_are_refused():
    array = jnp.ones(3)
    array.delete()
    with pytest.raises(serialization.UnsupportedValueError, match="expected a JAX array that NumPy can read"):
        serialization.dumps([array])


def test_tracers_are_refused():
    def traced(values):
        serialization.dumps(Part([values]))
        return values

    with pytest.raises(serialization.UnsupportedValueError) as error:
        jax.jit(traced)(jnp.ones(2))
    assert error.value.path == "$.value[0]"
    assert "found a JAX tracer; write the object outside jax.jit" in str(error.value)


def test_a_flag_without_arrays_is_jax():
    bare = object.__new__(Bare)
    bare.__dict__["_use_jax"] = True
    data = serialization.dumps(bare)
    assert serialization.inspect(data).backend == "jax"
    assert serialization.loads(data)._use_jax is True
    assert serialization.loads(data, backend="numpy")._use_jax is False


class Bare(State):
    pass


serialization.register(Bare, name="tests.Bare", fields=["_use_jax"])

WITHOUT_JAX = """
import json, sys
sys.modules["jax"] = None
sys.path[:0] = json.loads(sys.argv[2])
import graphs, serialization
data = open(sys.argv[1], "rb").read()
for backend in (None, "jax"):
    try:
        serialization.loads(data, backend=backend)
        raise SystemExit("it was read")
    except serialization.BackendUnavailableError as error:
        assert "restore onto NumPy with backend='numpy'" in str(error), error
        assert "autoarray-portable[jax]" in str(error), error
restored = serialization.loads(data, backend="numpy")
assert restored.use_jax is False and float(restored.total) == 3.0
"""

WITHOUT_X64 = """
import json, sys
sys.path[:0] = json.loads(sys.argv[2])
import jax, graphs, serialization
for backend in (None, "jax"):
    try:
        serialization.load(sys.argv[1], backend=backend)
        raise SystemExit("it was read")
    except serialization.PrecisionLossError as error:
        assert error.path in ("$.values", "$"), error
        assert "jax_enable_x64" in str(error) and "float64 (3,)" in str(error), error
for value in ("f8", "i8", "u8", "c16", ">f8"):
    data = serialization.dumps(graphs.np.ones(2, value))
    try:
        serialization.loads(data, backend="jax")
        raise SystemExit("it was read")
    except serialization.PrecisionLossError as error:
        assert error.path == "$", error
for value in ("f4", "i4", "c8", ">f4", ">c8", "?"):
    serialization.loads(serialization.dumps(graphs.np.ones(2, value)), backend="jax")
assert serialization.load(sys.argv[1], backend="numpy").use_jax is False
jax.config.update("jax_enable_x64", True)
assert serialization.load(sys.argv[1]).values.dtype == "float64"
"""


@pytest.mark.parametrize("code", [WITHOUT_JAX, WITHOUT_X64], ids=["without jax", "without x64"])
def test_in_another_process(tmp_path, code):
    path = serialization.save(jax_graph(), tmp_path / "fit.aas")
    support = os.path.dirname(sys.modules[Computes.__module__].__file__)
    environment = {name: value for name, value in os.environ.items() if name != "JAX_ENABLE_X64"}
    arguments = [sys.executable, "-c", code, str(path), json.dumps([os.getcwd(), support])]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
