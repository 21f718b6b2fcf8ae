"""Short lines of the reports, and the tables that notebooks show: escaped, closed, and small."""

from __future__ import annotations

import dataclasses
import inspect

import numpy as np
import pytest
from catalog_cases import fit
from html_tables import HOSTILE, check_html

import autoarray as aa
import serialization
from autoarray import plot
from serialization import ArrayInfo, Compared, Convention, LoadReport, PayloadInfo, TypeInfo
from serialization._display import columns_table, cut, pairs_table

LONG = "x" * 5000


def info(text=HOSTILE, count=1):
    return PayloadInfo(
        wire=1,
        writer=(text, text),
        backend=text,
        root=text,
        compression=text,
        nbytes=10**9,
        body_bytes=100,
        types=(TypeInfo(text, 1, (text,) * count, (text,) * count, 3),) * count,
        arrays=(ArrayInfo(0, text, (3, 4), "C", 0, 96, False),) * count,
        problems=(text,) * count,
        intact=None,
    )


def report(text=HOSTILE, count=1):
    return LoadReport(
        releases=(text, text),
        backend=text,
        schemas={text: (1, 2)},
        conventions=[Convention(text, text, text, text, False)] * count,
        left_out={f"{text}{index}": (text,) * count for index in range(count)},
        compared=[Compared(text, text, 1e-9)] * count,
    )


@pytest.mark.parametrize("make", [info, report])
@pytest.mark.parametrize("text", [HOSTILE, LONG, "a\nb", ""])
def test_tables_hold_text_alone(make, text):
    table = make(text)._repr_html_()
    check_html(table)
    assert "<script" not in table
    assert len(table) < 10_000


@pytest.mark.parametrize("make", [info, report])
def test_a_table_of_much_is_small(make):
    table = make("name", 3000)._repr_html_()
    check_html(table)
    assert " more<" in table


@pytest.mark.parametrize("text", [HOSTILE, LONG, "a\nb", ""])
def test_lines_are_short(text):
    many = (info(text, 50), report(text, 50))
    for one in (*many, *many[0].types, *many[0].arrays, *many[1].conventions, *many[1].compared):
        assert len(repr(one)) < 200
        assert "\n" not in repr(one)
        assert type(one).__name__ in repr(one)


def test_what_the_lines_say():
    empty = LoadReport()
    assert repr(empty) == "LoadReport(releases=unknown, backend=unknown, types=0)"
    full = LoadReport(
        releases=("2026.5.21.1", "2026.7.9.1"),
        backend="numpy",
        schemas={"autoarray.Mask2D": (1, 1)},
        conventions=[Convention("$.a", "row_weights", "exchanged", "its schema", True)],
        compared=[Compared("$", "log_evidence", 2.5e-12)],
    )
    assert repr(full) == (
        "LoadReport(releases=2026.5.21.1 to 2026.7.9.1, backend=numpy, types=1, conventions=1 (0 by default), "
        "compared=1 (largest delta 2.5e-12))"
    )
    assert repr(full.conventions[0]) == "Convention($.a, row_weights='exchanged', decided=True)"
    assert repr(full.compared[0]) == "Compared($.log_evidence, delta=2.50e-12, limit=1e-08)"
    assert repr(TypeInfo("a.B", 2, ("x", "y"), ("r",), 5)) == "TypeInfo(a.B, version=2, objects=5, fields=2, results=1)"
    assert repr(ArrayInfo(3, "<f8", (2, 3), "C", 0, 48, True)) == "ArrayInfo(3, <f8 (2, 3) C jax, 48 B)"


def test_the_table_of_a_fit(tmp_path):
    table = serialization.inspect(serialization.save(fit(), tmp_path / "fit.aas"))._repr_html_()
    check_html(table)
    assert "PayloadInfo: autoarray.FitImaging" in table
    assert "autoarray.Mapper" in table
    assert ">intact<" in table


def test_a_damaged_payload_says_so():
    data = bytearray(serialization.dumps({"values": np.arange(9.0)}))
    data[-1] ^= 1
    table = serialization.inspect(bytes(data))._repr_html_()
    assert "NOT INTACT" in table


@pytest.mark.parametrize("cls", [serialization.CacheStats, serialization.CacheVerifyReport])
def test_reports_of_a_cache_are_short(cls):
    values = {field.name: (LONG,) * 9 if "tuple" in str(field.type) else 10**12 for field in dataclasses.fields(cls)}
    if "store" in values:
        values["store"] = LONG
    line = repr(cls(**values))
    assert line.startswith(f"{cls.__name__}(")
    assert len(line) < 200


def test_cut_and_tables():
    assert cut("<" + "x" * 300 + ">", 20) == "<xxxxxxxxxxxxxxx...>"
    assert cut("", 5) == ""
    assert columns_table(("a", "b"), [("1", "2")] * 4, 2).count("<tr>") == 4
    assert pairs_table("t", [("<", ">")]) == (
        '<table><caption><b>t</b></caption><tbody><tr><td style="text-align:left">&lt;</td>'
        '<td style="text-align:left">&gt;</td></tr></tbody></table>'
    )


@pytest.mark.parametrize("module", [aa, aa.mesh, aa.reg, aa.image_mesh, plot, serialization], ids=lambda m: m.__name__)
def test_every_class_for_users_has_a_line_of_its_own(module):
    names = getattr(module, "__all__", [name for name in dir(module) if not name.startswith("_")])
    classes = [value for value in (getattr(module, name) for name in names) if inspect.isclass(value)]
    assert classes
    bare = {cls.__name__ for cls in classes if cls.__repr__ is object.__repr__ and not inspect.isabstract(cls)}
    assert bare - {"AbstractFit"} == set()


def test_other_lines():
    function = serialization.Migration(fields=("a",) * 500, function=cut)
    assert repr(function) == "Migration(500 fields, cut)"
    assert repr(plot.Output(path="figures", suffix="_a")) == "Output(path='figures', suffix='_a')"
    assert len(repr(serialization.Cache("/tmp/" + "x" * 1000))) < 200
