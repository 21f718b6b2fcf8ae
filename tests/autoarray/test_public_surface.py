"""The public names and arguments of PyAutoArray 2026.10.26.1: which are here, and which are left out on purpose.

`tests/data/public_names/make_public_names.py` wrote the list that is walked here; `tests/support/absent_names.py` says
what is left out.
"""

import importlib
import inspect
import json
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from absent_names import DELIBERATE, PENDING

THEIRS = json.loads(
    (Path(__file__).parents[1] / "data" / "public_names" / "2026.10.26.1.json").read_text(encoding="utf-8")
)


def imported(module):
    """A module of ours, or None where there is none of that name."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError:
        return None


def arguments_of(function):
    try:
        return set(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return None


def lacking(name, function, arguments):
    """The arguments of theirs that a function of ours does not take; names of what takes any are no arguments."""
    ours = arguments_of(function)
    if ours is None or arguments is None:
        return []
    return [f"{name}({argument})" for argument in arguments if argument not in ours | {"args", "kwargs"}]


def absent_of(path, value, theirs):
    """What a class or function of ours lacks of theirs."""
    absent = lacking(path, value.__init__ if inspect.isclass(value) else value, theirs["arguments"])
    for name, arguments in theirs.get("members", {}).items():
        if name not in dir(value):
            absent.append(f"{path}.{name}")
        elif arguments is not None:
            member = inspect.getattr_static(value, name)
            absent += lacking(f"{path}.{name}", getattr(member, "__func__", member), arguments)
    return absent


def absent_names():
    """Everything of theirs that is not here, by the patterns of `absent_names.py`."""
    absent = []
    for module, names in THEIRS["modules"].items():
        ours = imported(module)
        if ours is None:
            absent.append(module)
            continue
        for name, theirs in names.items():
            value = getattr(ours, name, None)
            absent += [f"{module}.{name}"] if value is None else absent_of(f"{module}.{name}", value, theirs)
    for module, names in THEIRS["short names"].items():
        ours = importlib.import_module(module)
        absent += [f"{module}:{name}" for name in names if not has(ours, name)]
    return absent


def has(module, name):
    try:
        return hasattr(module, name)
    except ModuleNotFoundError:  # a short name of a module that is not there
        return False


ABSENT = absent_names()


def matches(name, reasons):
    return any(fnmatchcase(name, pattern) for patterns in reasons.values() for pattern in patterns)


def test_the_list_is_that_of_the_release():
    assert THEIRS["release"] == "2026.10.26.1"
    assert (len(THEIRS["modules"]), sum(map(len, THEIRS["modules"].values()))) == (239, 690)
    fields = THEIRS["modules"]["autoarray.mask.mask_1d"]["Mask1D"]
    assert fields["arguments"] == ["mask", "pixel_scales", "origin", "invert", "xp"]
    assert fields["members"]["all_false"] == ["shape_slim", "pixel_scales", "origin", "invert"]
    assert fields["members"]["geometry"] is None


def test_what_is_absent_is_absent_on_purpose():
    assert [name for name in ABSENT if not matches(name, DELIBERATE) and not matches(name, PENDING)] == []


@pytest.mark.parametrize("pattern", [pattern for patterns in DELIBERATE.values() for pattern in patterns])
def test_each_name_that_is_left_out_is_absent(pattern):
    assert any(fnmatchcase(name, pattern) for name in ABSENT)


def test_a_name_that_is_not_listed_would_be_found():
    theirs = {"arguments": ["mask", "colour"], "members": {"geometry": None, "smell": None, "all_false": ["taste"]}}
    mask = importlib.import_module("autoarray.mask.mask_1d").Mask1D
    expected = ["m.Mask1D(colour)", "m.Mask1D.smell", "m.Mask1D.all_false(taste)"]
    assert absent_of("m.Mask1D", mask, theirs) == expected
