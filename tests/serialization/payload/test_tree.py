"""The tree of a payload: what is told of each place, how it is drawn, and that a hostile payload can't hinder that."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import random

import numpy as np
import pytest
from catalog_cases import fit
from graphs import Computes, Part, small
from html_tables import HOSTILE, check_html

import autoarray as aa
import serialization
from serialization import CorruptError, PlaceInfo, SerializationError
from serialization._graph.paths import path_of
from serialization._payload import wire


def tree_of(value):
    return serialization.inspect(serialization.dumps(value)).tree()


def places_of(value):
    return {place.path: place for place in tree_of(value)}


def test_what_is_told_of_each_place():
    values = np.arange(6.0).reshape(2, 3)
    shared = [1, (2.5, "text")]
    computes = Computes(values, inside=shared)
    _ = computes.total
    assert list(tree_of(Part(computes, other={"a": shared, 2: values, "pair": (values, None)}))) == [
        PlaceInfo("$", 0, "tests.Part", nbytes=48),
        PlaceInfo("$.value", 1, "tests.Computes", "numpy", nbytes=48),
        PlaceInfo("$.value.values", 2, "array", "numpy", "<f8", (2, 3), nbytes=48, references=3),
        PlaceInfo("$.value.inside", 2, "list", nbytes=0, references=2),
        PlaceInfo("$.value.inside[0]", 3, "int", value="1"),
        PlaceInfo("$.value.inside[1]", 3, "tuple", value="(2.5, 'text')"),
        PlaceInfo("$.value.total", 2, "float64", value="15.0"),
        PlaceInfo("$.other", 1, "dict", nbytes=0),
        PlaceInfo("$.other['a']", 2, "list", references=2, same_as="$.value.inside"),
        PlaceInfo("$.other[2]", 2, "array", "numpy", "<f8", (2, 3), references=3, same_as="$.value.values"),
        PlaceInfo("$.other['pair']", 2, "tuple"),
        PlaceInfo("$.other['pair'][0]", 3, "array", "numpy", "<f8", (2, 3), references=3, same_as="$.value.values"),
        PlaceInfo("$.other['pair'][1]", 3, "NoneType", value="None"),
    ]


def test_an_object_that_is_an_array_is_told_with_its_array():
    mask = aa.Mask2D.all_false(shape_native=(3, 3), pixel_scales=0.1)
    places = places_of([mask, aa.Array2D(values=np.ones(9), mask=mask), mask])
    assert places["$[0]"] == PlaceInfo("$[0]", 1, "autoarray.Mask2D", "numpy", "|b1", (3, 3), None, 9, 3)
    assert places["$[1]"] == PlaceInfo("$[1]", 1, "autoarray.Array2D", "numpy", "<f8", (9,), None, 72, 1)
    assert places["$[1].mask"].same_as == places["$[2]"].same_as == "$[0]"
    assert "$[0]._array" not in places
    assert "$[0]._use_jax" not in places


def test_units_are_told_where_they_are_certain():
    mask = aa.Mask2D.all_false(shape_native=(3, 3), pixel_scales=0.1)
    data = aa.Array2D(values=np.ones(9), mask=mask)
    places = places_of(
        {"data": data, "grid": aa.Grid2D.from_mask(mask=mask), "points": aa.Grid2DIrregular([(0.0, 1.0)])}
    )
    units = {path: place.unit for path, place in places.items() if place.unit}
    assert units == {
        "$['data'].mask.pixel_scales": "arcsec",
        "$['data'].mask.origin": "arcsec",
        "$['grid']": "arcsec",
        "$['points']": "arcsec",
    }


def test_the_units_of_a_fit():
    units = {path.rpartition(".")[2]: place.unit for path, place in places_of(fit()).items() if place.dtype}
    assert units["mesh_grid"] == units["data_grid"] == units["_over_sampled"] == "arcsec"
    assert units["data"] is units["noise_map"] is units["reconstruction"] is units["mask"] is None


def test_the_evidence_comes_first():
    whole = fit()
    results = tree_of(whole).results
    assert next(iter(results)) == "$.log_evidence"
    assert results["$.log_evidence"] == str(whole.log_evidence)
    assert results["$.chi_squared"] == str(whole.chi_squared)
    for name in ("regularization_term", "log_det_curvature_reg_matrix_term", "log_det_regularization_matrix_term"):
        assert results[f"$._inversion.{name}"] == str(getattr(whole.inversion, name))
    assert "$._inversion.reconstruction" not in results


def test_results_that_are_arrays_of_jax_without_dimensions():
    import jax

    computes = Computes(jax.numpy.arange(4.0), xp=jax.numpy)
    _ = computes.total
    data = serialization.dumps(computes)
    assert serialization.inspect(data).tree().results == {"$.total": "6.0"}
    assert places_of(computes)["$.total"].value == "6.0"
    with serialization.open(data) as handle:
        assert handle.tree().results == {"$.total": "not read"}
    changed = bytearray(data)
    changed[-1] ^= 1
    assert serialization.inspect(bytes(changed)).tree().results == {"$.total": "not read"}


def test_paths_are_those_of_messages():
    whole = small()
    for place in tree_of(whole):
        if place.type == "tests.Computes":
            assert place.path == path_of(whole, lambda value: type(value) is Computes)


def test_arrays_have_paths():
    info = serialization.inspect(serialization.dumps(fit()))
    assert {row.path for row in info.arrays} >= {"$.dataset.data._array", "$._inversion.reconstruction"}
    assert repr(info.arrays[0]).startswith("ArrayInfo($.")


def test_the_sizes_count_each_array_once():
    info = serialization.inspect(serialization.dumps(fit()))
    places = list(info.tree())
    assert places[0].nbytes == info.array_bytes
    assert sum(place.nbytes or 0 for place in places if place.depth == 1) == info.array_bytes


def test_it_is_drawn_as_text():
    text = str(tree_of({"fit": [np.zeros((2, 3)), "x"], "same": 1}))
    assert text.splitlines() == [
        "place      type   backend  dtype    shape  unit  size  holds",
        "---------  -----  -------  -------  -----  ----  ----  ----------",
        "$          dict                                  48 B  ['same']=1",
        "  ['fit']  list                                  48 B  [1]='x'",
        "    [0]    array  numpy    float64  2 x 3        48 B",
    ]


def test_a_notebook_opens_and_closes_it():
    html = serialization.inspect(serialization.dumps(fit()))._repr_html_()
    check_html(html)
    assert html.count("<details") == html.count("</details>") > 5
    assert "log_evidence" in html
    check_html(tree_of(fit())._repr_html_())


@pytest.mark.parametrize("text", [HOSTILE, "x" * 5000, "a\nb", "\x1b[31m", ""])
def test_text_is_escaped_and_cut(text):
    tree = tree_of({text: [text, np.zeros(3)], "b": {text: Part(text, other=(text, np.ones(2)))}})
    check_html(tree._repr_html_())
    assert "<script" not in tree._repr_html_()
    assert "\x1b" not in str(tree)
    assert max(map(len, str(tree).splitlines())) < 400
    assert len(repr(tree)) < 200
    assert all(len(repr(place)) < 200 for place in tree)


def test_much_is_cut_in_a_notebook():
    tree = tree_of([[np.zeros(1)] for _ in range(2000)])
    check_html(tree._repr_html_())
    assert "and more" in tree._repr_html_()
    assert len(str(tree).splitlines()) == 2 + 1 + 4000


def test_a_long_chain_is_told_without_growing_in_depth():
    chain = []
    for _ in range(5000):
        chain = [chain, np.zeros(1)]
    info = serialization.inspect(serialization.dumps(chain))
    assert max(len(row.path or "") for row in info.arrays) < 300
    assert max(len(place.path) for place in info.tree()) <= 2000
    assert len(str(info.tree()).splitlines()) < 300
    check_html(info._repr_html_())


def test_integers_that_python_does_not_write():
    huge = 2**100_000
    data = serialization.dumps({"a": huge, huge: [np.ones(1), (huge, "x")]})
    tree = serialization.inspect(data).tree()
    assert "<int of too many digits>" in str(tree)
    check_html(tree._repr_html_())
    with serialization.open(data) as handle:
        assert handle["['a']"] == huge
        assert len(handle.load("[<int of too many digits>]")[0]) == 1
        assert len(list(handle)) == 1


def test_a_cycle_is_told_once():
    chain = [np.zeros(2)]
    chain.append([chain])
    assert [(place.path, place.same_as) for place in tree_of(chain)] == [
        ("$", None), ("$[0]", None), ("$[1]", None), ("$[1][0]", "$")
    ]  # fmt: skip


@pytest.mark.parametrize("value", [None, 1.5, "text", (1, 2), np.arange(3), np.float32(2), {1, 2}, frozenset({1})])
def test_roots_of_every_kind(value):
    places = list(tree_of(value))
    assert places[0].path == "$"
    assert str(tree_of(value))
    check_html(tree_of(value)._repr_html_())


def test_it_is_copied_and_pickled_with_its_payload():
    info = serialization.inspect(serialization.dumps(fit()))
    for other in (pickle.loads(pickle.dumps(info)), copy.deepcopy(info), dataclasses.replace(info)):
        assert other == info
        assert str(other.tree()) == str(info.tree())


def test_a_graph_that_can_not_be_read():
    data = bytearray(serialization.dumps([[1], [2]]))
    at = bytes(data).index(b"\xd4\x01\x01")
    data[at : at + 3] = b"\xd4\x01\x02"
    info = serialization.inspect(sealed(data))
    assert info.intact is True
    assert len(info.problems) == 1
    assert "numbered in the order of the body" in info.problems[0]
    assert info.arrays == ()
    with pytest.raises(CorruptError, match="expected a graph that can be read, found body: expected"):
        info.tree()
    check_html(info._repr_html_())


def sealed(data):
    data[wire.DIGEST_AT : wire.DIGEST_AT + wire.DIGEST_BYTES] = bytes(wire.DIGEST_BYTES)
    wire.seal(memoryview(data)[: int.from_bytes(data[60:64], "big")])
    return bytes(data)


@pytest.mark.parametrize("seed", range(4))
def test_changed_headers_whose_digest_agrees(seed):
    """Nothing but a tree or a `SerializationError`, and what `loads` reads has a tree."""
    source, chance = serialization.dumps(small()), random.Random(seed)
    head = int.from_bytes(source[60:64], "big")
    counts = {True: 0, False: 0}
    for _ in range(600):
        data = bytearray(source)
        for _ in range(chance.choice((1, 1, 2, 4))):
            data[chance.randrange(64, head)] = chance.choice((chance.randrange(256), *b"\x00\x01\x02\xc0\xcb\xd4\xff"))
        changed = sealed(data)
        read = outcome(lambda changed=changed: serialization.loads(changed))
        tree = outcome(lambda changed=changed: str(serialization.inspect(changed).tree()))
        whole = outcome(lambda changed=changed: serialization.open(changed).load())
        arrays = outcome(
            lambda changed=changed: [serialization.open(changed)[path] for path in serialization.open(changed)]
        )
        counts[read] += 1
        assert whole == read
        if read:
            assert tree
            assert arrays
    assert counts[True]
    assert counts[False] > 200


def outcome(function):
    try:
        function()
    except SerializationError:
        return False
    return True
