"""The states that PyAutoLens's subclasses of array classes have on PyAutoArray, as those of today."""

import pytest

from serialization._lens import autofit, galaxies, lenses

MIGRATED = [entry for entry in (*autofit.TYPES, *galaxies.TYPES, *lenses.TYPES) if entry.version == 2]


def test_there_are_some():
    assert {"autolens.FitImaging", "autolens.FitInterferometer"} <= {entry.name for entry in MIGRATED}


@pytest.mark.parametrize("flag", [False, True])
@pytest.mark.parametrize("entry", MIGRATED, ids=[entry.name for entry in MIGRATED])
def test_the_flag_of_the_backend_is_kept(entry, flag):
    (old,) = entry.migrations.values()
    state = {name: flag if name == "use_jax" else object() for name in old.fields}
    before = dict(state)
    new = old.function(state)
    assert state == before
    assert set(new) == set(entry.fields)
    assert new.pop("_use_jax") is flag
    assert new.pop("_inversion", None) is None
    assert new == {name: value for name, value in before.items() if name != "use_jax"}
