"""Objects whose fields hold what they never hold: refused before anyone is shown the object."""

from __future__ import annotations

import autoarray_fields
import numpy as np
import pytest
from graphs import Part
from payloads import payload, ref

import autoarray as aa
import serialization
from serialization import CorruptError, SchemaError
from serialization._schema import registry

LOST = []


class Watched:
    """An object that tells when it goes."""

    def __del__(self, lost=LOST):
        lost.append(1)


serialization.register(Watched, name="tests.Watched", fields=["value"])
WATCHED = ["tests.Watched", 1, ["value"], []]


@pytest.mark.parametrize(("name", "field"), autoarray_fields.WITH_A_KIND)
def test_a_field_that_refers_to_its_own_object(name, field):
    with pytest.raises(SchemaError, match=rf"expected {field} of {name} to be .*, found ") as error:
        serialization.loads(autoarray_fields.payload_of(name, {field: ref(0)}))
    assert error.value.path == "$"


@pytest.mark.parametrize("name", autoarray_fields.NAMES)
def test_every_object_that_is_read_can_be_shown(name):
    """Where a field of any kind refers to its own object, the text still ends."""
    schema = registry.find(name)
    for field in set(schema.fields) - set(schema.kinds):
        value = serialization.loads(autoarray_fields.payload_of(name, {field: ref(0)}))
        assert len(repr(value)) < 200


def test_an_array_has_the_dimensions_of_its_type():
    with pytest.raises(SchemaError, match="to be an array of 2 dimensions, found ndarray of 3 dim"):
        serialization.loads(autoarray_fields.payload_of("autoarray.Mask2D", {}, shape=(1, 1, 1)))
    mask = aa.Mask2D(mask=[[True]], pixel_scales=1.0)
    vars(mask)["_array"] = np.ones(1, dtype=bool)
    with pytest.raises(SchemaError, match="to be an array of 2 dimensions, found ndarray of 1 dim"):
        serialization.dumps(mask)


@pytest.mark.parametrize("value", [1, None, np.ones(2), np.True_, Part()])
def test_what_could_not_be_read_is_not_written(value):
    grid = aa.Grid2DIrregular(values=[(1.0, 2.0)])
    vars(grid)["_use_jax"] = value
    with pytest.raises(SchemaError, match=r"_use_jax of autoarray\.Grid2DIrregular to be a bool, found") as error:
        serialization.dumps([grid])
    assert error.value.path == "$[0]"


def test_nothing_is_built_of_a_payload_that_is_refused():
    LOST.clear()
    first, second = [ref(1)], [1, 2]
    with pytest.raises(CorruptError):
        serialization.loads(payload(ref(0), [first, second], objects=[0, 0], types=[WATCHED]))
    assert LOST == []
    loaded = serialization.loads(payload(ref(0), [first, second[:1]], objects=[0, 0], types=[WATCHED]))
    assert type(loaded) is type(loaded.value) is Watched
    del loaded
    assert len(LOST) == 2
    LOST.clear()
