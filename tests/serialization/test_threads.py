"""Threads that write one object while others evaluate it, and threads that share the tables of the package."""

import logging
import sys
import types

import fresh_fits
import numpy as np
import pytest
import registries
from graphs import Computes, Part
from threads import some, together, while_evaluated

import serialization
from serialization._cache.log import warn_once
from serialization._graph.walk import children_of, objects_of, state_of
from serialization._payload import codec
from serialization._schema import kinds, registry
from serialization._transport.frames import frames_of, from_frames
from serialization.errors import RegistrationError

ROUNDS = {"numpy": 4, "jax": 1}


@pytest.mark.parametrize("mesh", fresh_fits.MESHES)
def test_a_fit_is_written_by_threads_while_others_evaluate_it(mesh, backend, tmp_path):
    expected = fresh_fits.evidence_of(mesh, backend)
    for _ in range(ROUNDS[backend]):
        fit = fresh_fits.fresh_fit(mesh, backend)
        key = serialization.Cache.key(fit)

        def shared(fit=fit):
            with serialization.share(fit) as handle:
                return handle.load()

        evidences, (payloads, paths, keys, frames, handles, walks) = while_evaluated(
            lambda fit=fit: float(fit.log_evidence),
            lambda fit=fit: serialization.dumps(fit),
            lambda fit=fit: serialization.save(fit, tmp_path / "fit.aas"),
            lambda fit=fit: serialization.Cache.key(fit),
            lambda fit=fit: [bytes(frame) for frame in frames_of(fit)],
            shared,
            lambda fit=fit: [type(value).__name__ for _, value in objects_of(fit)],
        )
        assert evidences == [expected] * len(evidences)
        assert set(keys) == {key}
        assert all("InversionImagingMapping" in names for names in walks)
        for restored in (
            *map(serialization.loads, some(payloads)),
            serialization.load(paths[-1]),
            *map(from_frames, some(frames)),
            *some(handles),
        ):
            assert float(restored.log_evidence) == expected
        for data in payloads:
            assert serialization.inspect(data).intact


def test_a_fit_goes_through_a_cache_while_threads_evaluate_it(tmp_path):
    expected = fresh_fits.evidence_of("delaunay", "numpy")
    cache = serialization.Cache(tmp_path / "cache")
    for _ in range(3):
        fit = fresh_fits.fresh_fit("delaunay")

        def through(fit=fit, cache=cache):
            key = cache.key("fit", fit)
            assert cache.put(key, fit)
            return cache.get(key)

        _, (restored,) = while_evaluated(lambda fit=fit: fit.log_evidence, through)
        assert all(other.log_evidence == expected for other in some(restored))
    assert len(cache.keys()) == 1
    assert cache.verify().intact == 1


@pytest.mark.parametrize("steps", [state_of, children_of])
def test_a_walk_through_a_state_that_grows_meanwhile(steps):
    part = Part(1, 2)
    walk = steps(part)
    first = next(walk)
    vars(part)["_derived"] = None
    assert [first, *walk] == [(".value", 1), (".other", 2)]


def test_a_walk_through_results_that_grow_meanwhile():
    computes = Computes(np.ones(3))
    assert computes.total == 3.0
    walk = children_of(computes)
    steps = [next(walk) for _ in range(4)]
    vars(computes)["_derived"].results["another"] = 4.0
    assert [step for step, _ in [*steps, *walk]].count(".total") == 1


def test_numpy_objects_are_written_and_read_while_another_thread_imports_jax(monkeypatch):
    expected = fresh_fits.evidence_of("delaunay", "numpy")
    fit = fresh_fits.fresh_fit("delaunay")
    key = serialization.Cache.key(fit)
    monkeypatch.setitem(sys.modules, "jax", types.ModuleType("jax"))  # nothing is in it yet
    assert serialization.loads(serialization.dumps(fit)).log_evidence == expected
    assert serialization.Cache.key(fit) == key


def test_of_threads_that_register_one_name_one_succeeds():
    def registering(cls):
        try:
            return serialization.register(cls, name="tests.Contested", fields=["value"])
        except RegistrationError:
            return None

    for _ in range(40):
        with registries.restored():
            classes = [type(f"Class{index}", (Part,), {}) for index in range(6)]
            results = together(*(lambda cls=cls: registering(cls) for cls in classes))
            (winner,) = [cls for cls in results if cls is not None]
            assert registry.schema_named("tests.Contested", "a test").cls is winner


def test_types_are_listed_while_other_threads_register_theirs():
    def registering(base):
        for index in range(60):
            serialization.register(type(f"{base}{index}", (Part,), {}), name=f"tests.{base}{index}", fields=["value"])

    def listing():
        return [(len(registry.names()), len(registry.targets())) for _ in range(60)]

    with registries.restored():
        before = len(registry.names())
        *_, counts, _ = together(*(lambda base=base: registering(base) for base in "ABC"), listing, listing)
        assert sorted(counts) == counts
        assert len(registry.names()) == before + 180


def test_a_stand_in_is_known_before_other_threads_can_make_objects_of_it(monkeypatch):
    early = []

    class Classes(dict):
        def __setitem__(self, stand_in, cls):
            early.append(cls not in kinds._stand_ins)
            super().__setitem__(stand_in, cls)

    monkeypatch.setattr(kinds, "_classes", Classes(kinds._classes))
    cls = type("Fresh", (Part,), {})
    stand_in = kinds.stand_in_of(cls)
    assert early == [True]
    assert kinds.class_of(stand_in) is cls


def test_threads_read_payloads_of_types_that_nobody_has_read_before():
    fit = fresh_fits.fresh_fit("adapt_density")
    expected = fresh_fits.evidence_of("adapt_density", "numpy")
    for _ in range(10):
        with registries.restored():
            cls = type("New", (Part,), {})
            serialization.register(cls, name="tests.New", fields=["value", "other"])
            data = serialization.dumps([cls(fit, cls(1, 2)), {"another": cls(3, None)}])
            kinds._stand_ins.pop(cls, None)
            codec._plans.clear()
            restored = together(*[lambda data=data: serialization.loads(data)] * 6)
            for first, mapping in restored:
                assert (type(first), type(first.other), type(mapping["another"])) == (cls, cls, cls)
        assert first.value.log_evidence == expected


def test_a_warning_is_logged_once_by_all_threads(caplog):
    with caplog.at_level(logging.WARNING, "serialization"):
        for index in range(20):
            together(*[lambda index=index: warn_once("a store of threads", str(index), "said")] * 6)
    assert len(caplog.records) == 20
