"""The floor plans of both packages hold."""

from __future__ import annotations

import pytest

from tests import layers


@pytest.mark.parametrize("package", layers.PLANS)
def test_imports_run_down(package):
    assert layers.refused(package) == []


@pytest.mark.parametrize("package", layers.PLANS)
def test_every_room_stands(package):
    rooms = {room for floor in layers.PLANS[package] for room in floor} - {"__init__"}
    modules = layers.modules_of(package)
    assert not {room for room in rooms if f"{package}.{room}" not in modules}


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A package with a room above two rooms of one floor; what a file of it holds is written by the test."""
    monkeypatch.setattr(layers, "ROOT", tmp_path)
    monkeypatch.setattr(layers, "PLANS", {"house": [{"__init__"}, {"top"}, {"left", "right"}]})
    for name in ("__init__", "top", "left", "right"):
        (tmp_path / "house").mkdir(exist_ok=True)
        (tmp_path / "house" / f"{name}.py").write_text("")
    return tmp_path / "house"


@pytest.mark.parametrize(
    "text",
    [
        "from house.top import roof",
        "from house import top",
        "import house.top",
        "def late():\n    from house import top",
        "from house.right import door",
    ],
)
def test_an_import_up_or_sideways_is_refused(house, text):
    (house / "left.py").write_text(text)
    (arrow,) = layers.refused("house")
    assert (arrow.file, arrow.source) == ("house/left.py", "left")
    assert layers.print_plan("house") == 1


@pytest.mark.parametrize(
    "text", ["", "import numpy", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house import top"]
)
def test_other_imports_are_not_refused(house, text):
    (house / "left.py").write_text(text)
    (house / "top.py").write_text("from house import left, right")
    assert layers.refused("house") == []


def test_rooms_of_a_circle_know_each_other(house, monkeypatch):
    circle = layers.Circle({"left", "right"})
    monkeypatch.setattr(layers, "PLANS", {"house": [{"__init__"}, {"top"}, circle]})
    (house / "left.py").write_text("from house import right")
    (house / "right.py").write_text("from house import left")
    assert layers.refused("house") == []


def test_a_module_without_a_room_is_refused(house):
    (house / "attic.py").write_text("")
    with pytest.raises(LookupError, match=r"house\.attic: expected a room of the plan of 'house', found none"):
        layers.refused("house")


def test_relative_imports_are_refused(house):
    (house / "left.py").write_text("from . import right")
    with pytest.raises(ValueError, match="expected absolute imports, found a relative one in line 1"):
        layers.refused("house")


def test_only_the_catalogue_of_types_names_autoarray():
    """The codec knows no class of the fit; what it knows of them stands in one place. The command line may fit.

    Beside PyAutoArray a fit is one of that library, of whose class `_peer.fit` makes a subclass.
    """
    for name, path in layers.modules_of("serialization").items():
        if name.startswith(("serialization._cli", "serialization._schema.catalog", "serialization._peer.fit")):
            continue
        assert not list(layers.imports_of(path, layers.modules_of("autoarray"))), name


def test_autoarray_does_not_know_serialization():
    for name, path in layers.modules_of("autoarray").items():
        assert not list(layers.imports_of(path, layers.modules_of("serialization"))), name
