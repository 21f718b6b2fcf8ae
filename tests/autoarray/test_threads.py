"""Threads that read one object: its derived values, its pickle, its copies and its line."""

import copy
import pickle
import sys
import threading
import types

import fresh_fits
import numpy as np
import pytest
from threads import some, together, while_evaluated

from autoarray import _pytree
from autoarray._backend import Backend
from autoarray._state import State, derived
from autoarray.abstract_ndarray import register_instance_pytree
from autoarray.plot._background.snapshot import snapshot_of

ROUNDS = {"numpy": 4, "jax": 1}


def evaluated(fit):
    """Derived values of every object of a fit: results and intermediates."""
    inversion = fit.inversion
    mapper = inversion.linear_obj_list[0]
    return {
        "log_evidence": fit.log_evidence,
        "model_data": fit.model_data,
        "reconstruction": inversion.reconstruction,
        "curvature_reg_matrix": inversion.curvature_reg_matrix,
        "regularization_matrix": inversion.regularization_matrix,
        "mapping_matrix": mapper.mapping_matrix,
        "mesh_geometry": mapper.mesh_geometry,
        "neighbors": mapper.neighbors,
    }


@pytest.mark.parametrize("mesh", fresh_fits.MESHES)
def test_a_fit_is_evaluated_by_threads_while_others_read_it(mesh, backend):
    expected = fresh_fits.evidence_of(mesh, backend)
    for _ in range(ROUNDS[backend]):
        fit = fresh_fits.fresh_fit(mesh, backend)
        results, (pickles, snapshots, copies, lines, tables) = while_evaluated(
            lambda fit=fit: evaluated(fit),
            lambda fit=fit: pickle.dumps(fit),
            lambda fit=fit: snapshot_of(fit),
            lambda fit=fit: copy.deepcopy(fit),
            lambda fit=fit: (repr(fit), repr(fit.inversion)),
            lambda fit=fit: fit._repr_html_() + fit.inversion._repr_html_(),
        )
        for name, value in results[0].items():
            assert all(other[name] is value for other in results), name
        assert float(fit.log_evidence) == expected
        for data in some(pickles):
            assert float(pickle.loads(data).log_evidence) == expected
        for data in some(snapshots):  # on NumPy
            assert pickle.loads(data).log_evidence == pytest.approx(expected, rel=1e-12)
        for other in some(copies):
            assert float(other.log_evidence) == expected
        assert not any("incomplete" in text for pair in lines for text in pair)
        assert not any("incomplete" in text for text in tables)


class Meeting(State):
    """An object whose value is computed by as many threads as meet in it."""

    barrier: threading.Barrier

    def __init__(self, value):
        self.value = value

    @derived
    def intermediate(self):
        type(self).barrier.wait()
        return [self.value]

    @derived(travels=True)
    def result(self):
        type(self).barrier.wait()
        return [self.value]


@pytest.mark.parametrize("name", ["intermediate", "result"])
def test_threads_that_compute_a_value_at_once_get_one_object(name):
    Meeting.barrier = threading.Barrier(4, timeout=120)  # none is ready before all of them compute
    meeting = Meeting(3)
    values = together(*[lambda: getattr(meeting, name)] * 4)
    assert all(value is getattr(meeting, name) for value in values)
    assert values[0] == [3]


class Whole(State):
    """An object with a result, and a field that asks for it whenever somebody reads the field."""

    def __init__(self, number, first=None, last=None):
        self.number, self.first, self.last = number, first, last

    @derived(travels=True)
    def doubled(self):
        return 2 * self.number


class Asking:
    """A field that has its owner evaluated by whoever pickles or copies it."""

    def __init__(self, owner):
        self.owner = owner

    def __reduce__(self):
        _ = self.owner.doubled
        return dict, ()


def asking():
    """An object whose state grows while it is read."""
    whole = Whole(3, last=4)
    whole.first = Asking(whole)
    return whole


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("pickler", [pickle.dumps, pickle._dumps], ids=["C", "Python"])
def test_a_state_that_grows_meanwhile_is_pickled_as_it_was(pickler, protocol):
    restored = pickle.loads(pickler(asking(), protocol))
    assert vars(restored) == {"number": 3, "first": {}, "last": 4}
    assert restored.doubled == 6


def test_a_state_that_grows_meanwhile_is_copied_as_it_was():
    assert vars(copy.deepcopy(asking())) == {"number": 3, "first": {}, "last": 4}


class Slotted(Whole):
    __slots__ = ("extra",)


def test_the_state_of_an_object_is_what_python_gives_but_a_copy():
    whole, empty, slotted = Whole(1), object.__new__(Whole), Slotted(2)
    slotted.extra = 5
    for each in (whole, empty, slotted):
        assert each.__getstate__() == object.__getstate__(each)
    assert whole.__getstate__() is not vars(whole)
    assert slotted.__getstate__()[0] is not vars(slotted)
    assert pickle.loads(pickle.dumps(slotted)).extra == 5


def test_numpy_objects_while_another_thread_imports_jax(monkeypatch):
    for mesh in ("uniform", "delaunay"):
        expected = fresh_fits.evidence_of(mesh, "numpy")
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, "jax", types.ModuleType("jax"))  # nothing is in it yet
            fit = fresh_fits.fresh_fit(mesh)
            assert fit.log_evidence == expected
            assert pickle.loads(pickle.dumps(fit)).log_evidence == expected
            assert "incomplete" not in repr(fit) + fit._repr_html_()
            snapshot_of(fit)


# ---------------------------------------------------------------------- JAX


def test_a_class_is_registered_with_jax_once():
    pytest.importorskip("jax")
    for _ in range(20):
        cls = type("Computes", (Backend,), {})
        other = type("Other", (), {})
        register = (lambda cls=cls: _pytree.register(cls), lambda other=other: register_instance_pytree(other))
        together(*register * 4)
        assert {cls, other} <= _pytree._registered


class Lensed(Backend):
    def __init__(self, values, xp=np):
        self._set_backend(xp)
        self.values = values

    @derived(travels=True)
    def total(self):
        return self._xp.sum(self.values)


def test_what_one_thread_traces_is_not_seen_by_another():
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    lensed = Lensed(jnp.arange(4.0), xp=jnp)
    traced, read = threading.Event(), threading.Event()

    def trace():
        def function(x):
            total = x * lensed.total
            traced.set()
            read.wait()
            assert isinstance(lensed.total, jax.core.Tracer)
            return total

        try:
            return jax.jit(function)(2.0)
        finally:
            traced.set()

    def give():
        traced.wait()
        try:
            return jax.jit(lambda other: other.total + 1.0)(lensed)
        finally:
            read.set()

    assert [float(value) for value in together(trace, give)] == [12.0, 7.0]


def test_what_was_traced_is_forgotten_by_the_next_trace():
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    lensed = Lensed(jnp.arange(4.0), xp=jnp)
    assert jax.jit(lambda x: x * lensed.total)(2.0) == 12.0
    assert jax.jit(lambda other: other.total + 1.0)(lensed) == 7.0


def test_threads_trace_one_object_at_once():
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    lensed = Lensed(jnp.arange(4.0), xp=jnp)
    for factor in range(8):
        functions = [jax.jit(lambda x, add=add: x * lensed.total + add) for add in range(4)]
        values = together(*(lambda f=f, factor=factor: float(f(float(factor))) for f in functions))
        assert values == [6.0 * factor + add for add in range(4)]
