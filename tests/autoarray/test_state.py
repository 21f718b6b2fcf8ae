import copy
import pickle

import numpy as np
import pytest
import thing

from autoarray import exc
from autoarray._state import DerivedValues, derived_names


def evaluated() -> thing.Thing:
    instance = thing.Thing(values=np.arange(3.0), name="a")
    assert instance.total == 3.0
    assert instance.table.shape == (3, 3)
    return instance


def test_a_derived_value_is_computed_once():
    instance = evaluated()
    assert instance.table is instance.table
    assert instance.calls == ["total", "table"]


def test_only_results_travel_in_a_pickle():
    instance = evaluated()
    for restored in (pickle.loads(pickle.dumps(instance)), copy.deepcopy(instance)):
        assert restored._derived.results == {"total": 3.0}
        assert restored._derived.intermediates == {}
        assert restored.total == 3.0
        assert restored.calls == ["total", "table"]
        restored.table  # noqa: B018
        assert restored.calls == ["total", "table", "table"]


def test_a_shallow_copy_derives_by_itself():
    fresh = thing.Thing(values=np.arange(3.0), name="a")
    _ = fresh.name, vars(fresh).setdefault("_derived", DerivedValues())
    changed = copy.copy(fresh)
    changed.values = np.ones(2)
    assert (changed.total, fresh.total) == (2.0, 3.0)
    assert changed.name is fresh.name
    copied = copy.copy(evaluated())
    assert (copied._derived.results, copied._derived.intermediates) == ({"total": 3.0}, {})


def test_a_derived_value_can_not_be_set():
    with pytest.raises(AttributeError, match=r"Thing\.total is derived from the object's state and can't be set"):
        thing.Thing(values=np.arange(3.0), name="a").total = 1.0


def test_a_value_in_the_instance_dictionary_is_not_taken_for_a_derived_one():
    instance = thing.Thing(values=np.arange(3.0), name="a")
    instance.__dict__["total"] = -1.0
    assert instance.total == 3.0


def test_with_replaces_state_and_drops_what_was_derived():
    instance = evaluated()
    changed = instance._with(values=np.ones(2))
    assert changed.total == 2.0
    assert changed.name == "a"
    assert instance.total == 3.0


def test_names_of_derived_values():
    assert derived_names(thing.Thing, travels=True) == {"total"}
    assert derived_names(thing.Thing, travels=False) == {"table"}


def test_missing_state_names_the_loader():
    foreign = thing.Thing.__new__(thing.Thing)
    foreign.__dict__.update({"values_old": 1})
    for name in ("values", "name", "_name", "_use_jax"):
        with pytest.raises(exc.StateException, match=rf"no '{name}' in its state \(found: values_old\).*load_pickle"):
            getattr(foreign, name)


def test_a_misspelt_attribute_is_an_ordinary_error():
    with pytest.raises(AttributeError, match="'Thing' object has no attribute 'valeus'"):
        evaluated().valeus  # noqa: B018


def test_the_error_of_a_property_is_not_hidden():
    class Broken(thing.Thing):
        @property
        def broken(self):
            return np.no_such_name

    with pytest.raises(AttributeError, match="no_such_name"):
        Broken(values=np.ones(1), name="b").broken  # noqa: B018


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_empty_container_pickles(protocol):
    instance = thing.Thing(values=np.arange(3.0), name="a")
    instance.table  # noqa: B018
    assert pickle.loads(pickle.dumps(instance, protocol=protocol)).total == 3.0


def test_the_container_has_no_instance_dictionary():
    assert not hasattr(DerivedValues(), "__dict__")


def test_every_exception_pickles():
    names = [name for name in vars(exc) if name.endswith("Exception") and name != "Exception"]
    assert "StateException" in names
    for name in names:
        error = getattr(exc, name)("a message")
        restored = pickle.loads(pickle.dumps(error))
        assert (type(restored), str(restored)) == (type(error), "a message")
