"""The error tree: every class pickles, and what can't be written is named with its path."""

from __future__ import annotations

import inspect
import pickle
import threading

import numpy as np
import pytest
from graphs import Computes, Optional, Part, Unregistered

import serialization
from serialization import errors

CLASSES = [cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, Exception)]


def test_the_tree_is_public():
    assert len(CLASSES) >= 13
    for cls in CLASSES:
        assert issubclass(cls, serialization.SerializationError)
        assert getattr(serialization, cls.__name__) is cls


@pytest.mark.parametrize("cls", CLASSES)
def test_every_class_pickles(cls):
    error = pickle.loads(pickle.dumps(cls("expected this, found that", path="$.a")))
    assert type(error) is cls
    assert str(error) == "$.a: expected this, found that"
    assert (error.message, error.path) == ("expected this, found that", "$.a")


def test_an_error_without_a_path_is_its_message():
    assert str(serialization.CorruptError("expected this")) == "expected this"


class WithHash(Part):
    def __hash__(self) -> int:
        return hash(self.value)


serialization.register(WithHash, name="tests.WithHash", fields=["value", "other"])


def too_many():
    part = Part(1)
    part.extra = 2
    return part


def with_results(**results):
    computes = Computes(np.zeros(1))
    _ = computes.total
    computes._derived.results.update(results)
    return computes


HOLDS = (
    "; a payload holds None, bool, int, float, complex, str, bytes, tuple, list, dict, set, frozenset, NumPy and JAX "
    "arrays, and objects of registered classes"
)
LOCK = threading.Lock()
CASES = {
    "module": (np, serialization.UnsupportedValueError, f"expected data, found {np!r:.80} (module){HOLDS}"),
    "function": (len, serialization.UnsupportedValueError, f"found {len!r} (builtin_function_or_method){HOLDS}"),
    "class": (Part, serialization.UnsupportedValueError, f"expected data, found <class 'graphs.Part'> (type){HOLDS}"),
    "lock": (LOCK, serialization.UnsupportedValueError, f"expected data, found {LOCK!r} (_thread.lock){HOLDS}"),
    "dtype": (np.dtype("f8"), serialization.UnsupportedValueError, f"(numpy.dtypes.Float64DType){HOLDS}"),
    "object array": (
        np.array([{}]),
        serialization.UnsupportedValueError,
        "expected bool, numbers, text, bytes, dates or a flat record, found object",
    ),
    "surrogate": ("\ud800", serialization.UnsupportedValueError, "text that UTF-8 can hold, found a lone surrogate"),
    "surrogate scalar": (np.str_("\ud800"), serialization.UnsupportedValueError, "found a lone surrogate"),
    "unregistered": (
        Unregistered(),
        serialization.UnknownTypeError,
        "expected a registered type, found graphs.Unregistered; register it with "
        "serialization.register(Unregistered, fields=['value'])",
    ),
    "subclass": (
        type("Sub", (Part,), {})(),
        serialization.UnknownTypeError,
        "register it with serialization.register(Sub, fields=['value', 'other'])",
    ),
    "field missing": (
        Optional(sometimes=1),
        serialization.SchemaError,
        "expected the fields of tests.Optional, schema version 1 (always and optionally sometimes), found no always",
    ),
    "field too many": (
        too_many(),
        serialization.SchemaError,
        "expected the fields of tests.Part, schema version 1 (value, other), found also extra",
    ),
    "one for another": (
        Optional(never=1, always=2),
        serialization.SchemaError,
        "expected the fields of tests.Optional, schema version 1 (always and optionally sometimes), found also never",
    ),
    "result of no one": (
        with_results(sum=1),
        serialization.SchemaError,
        "expected results that tests.Computes declares, found sum",
    ),
    "list in a set": ({(1, frozenset({2}), Unregistered)}, serialization.UnsupportedValueError, "found type"),
    "frozenset in a frozenset": (
        frozenset({(frozenset(),)}),
        serialization.UnsupportedValueError,
        "expected a plain value as key or element of a frozenset, found frozenset",
    ),
    "key with a hash of its own": (
        {WithHash(1): 2},
        serialization.UnsupportedValueError,
        f"expected a key that is compared by identity, found {__name__}.WithHash; register the class with "
        "as_key=True to run its __hash__ and __eq__ when it is read",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_cannot_be_written(name):
    value, kind, message = CASES[name]
    root = Part({"key": [1, (2, value)]})
    with pytest.raises(serialization.SerializationError) as error:
        serialization.dumps(root)
    assert type(error.value) is kind, error.value
    assert str(error.value).startswith("$.value['key'][1][1]")
    assert str(error.value).endswith(message)


def test_a_path_through_results():
    computes = with_results(total=LOCK)
    with pytest.raises(serialization.UnsupportedValueError) as error:
        serialization.dumps([computes])
    assert error.value.path == "$[0].total"


def test_the_path_of_the_root():
    with pytest.raises(serialization.UnsupportedValueError) as error:
        serialization.dumps(LOCK)
    assert error.value.path == "$"
