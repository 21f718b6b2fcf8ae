"""Short lines and small tables about every class: what they say, and that they compute nothing and never raise."""

from __future__ import annotations

import contextlib
import subprocess
import sys

import numpy as np
import problems
import pytest
from catalog_cases import CASES, fit
from html_tables import HOSTILE, check_html

import autoarray as aa
from autoarray._display import line as _repr
from autoarray._display import table as _repr_html
from autoarray._state import DerivedValue, State

WITH_TABLE = ["autoarray.FitImaging", "autoarray.Imaging", "autoarray.DatasetInterface", "autoarray.Mapper"]
WITH_TABLE += ["autoarray.InversionImagingMapping", "autoarray.InversionImagingSparse"]


@contextlib.contextmanager
def no_computing():
    """Derived values give what is stored, and fail where they would compute."""

    def get(self, instance, owner):
        if instance is None:
            return self
        values = vars(instance).get("_derived")
        store = {} if values is None else values.results | values.intermediates
        if self.name not in store:
            pytest.fail(f"{owner.__name__}.{self.name} would be computed")
        return store[self.name]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DerivedValue, "__get__", get)
        yield


def lines_of(instance):
    """Its line, and its table if it has one."""
    yield repr(instance)
    if hasattr(type(instance), "_repr_html_"):
        yield instance._repr_html_()


def check_shape(line, cls):
    assert line.startswith(f"{cls.__name__}(")
    assert line.endswith(")")
    assert len(line) < 200
    assert "\n" not in line


def check_line(line, cls):
    check_shape(line, cls)
    assert " object at 0x" not in line


@pytest.mark.parametrize("name", CASES)
def test_the_line_of_every_class(name):
    instance = CASES[name]()
    before = dict(vars(instance))
    with no_computing():
        line = repr(instance)
    check_line(line, type(instance))
    assert "<incomplete>" not in line
    if "_use_jax" in vars(instance):
        assert line.startswith(f"{type(instance).__name__}(numpy")
    assert vars(instance).keys() == before.keys()
    assert str(instance) == line


@pytest.mark.parametrize("name", CASES)
def test_an_object_that_lacks_fields_has_a_line_too(name):
    instance = CASES[name]()
    cls, state = type(instance), vars(instance)
    for missing in state:
        part = object.__new__(cls)
        part.__dict__.update({field: value for field, value in state.items() if field != missing})
        check_line(repr(part), cls)
    for junk in (None, object(), "x" * 5000, [[]], {"a": 1}, np.ones((50, 50, 50)), RuntimeError):
        odd = object.__new__(cls)
        odd.__dict__.update(dict.fromkeys(state, junk))
        check_shape(repr(odd), cls)
        if hasattr(cls, "_repr_html_"):
            check_html(odd._repr_html_())
    empty = object.__new__(cls)
    for text in lines_of(empty):
        assert type(instance).__name__ in text
    assert vars(empty) == {}


@pytest.mark.parametrize("name", CASES)
def test_a_field_whose_own_line_fails(name):
    class Fails:
        shape = property(lambda self: 1 / 0)

        def __repr__(self):
            raise RuntimeError("no")

    instance = CASES[name]()
    odd = object.__new__(type(instance))
    odd.__dict__.update(dict.fromkeys(vars(instance), Fails()))
    for text in lines_of(odd):
        assert type(instance).__name__ in text


def test_computing_would_be_seen():
    mask = aa.Mask2D.all_false(shape_native=(3, 3), pixel_scales=0.1)
    with no_computing(), pytest.raises(pytest.fail.Exception, match="would be computed"):
        _ = aa.Grid2D.from_mask(mask, over_sample_size=4).over_sampled


def test_what_the_lines_say():
    one = problems.evaluated_fit_from("numpy", "adapt_density")
    evidence = float(one.log_evidence)
    mask = aa.Mask2D.circular(shape_native=(70, 70), pixel_scales=0.1, radius=3.0)
    grid = aa.Grid2D.from_mask(mask, over_sample_size=4)
    model = "RectangularBilinearAdaptDensity 8 x 8, Constant(coefficient=1.0)"
    assert repr(one) == f'FitImaging(numpy, 154 pixels of 0.1", {model}, log_evidence={evidence:.10g})'
    assert repr(one.inversion) == f'InversionImagingMapping(numpy, 154 pixels of 0.1", {model}, solved)'
    assert repr(one._with()) == f'FitImaging(numpy, 154 pixels of 0.1", {model})'
    assert repr(one.inversion._with()).endswith("Constant(coefficient=1.0))")
    assert repr(one.dataset) == (
        'Imaging(numpy, 154 pixels of 0.1", native 17 x 16, psf 3 x 3, over_sample_size_lp=2, '
        "over_sample_size_pixelization=2)"
    )
    assert repr(mask) == f'Mask2D(numpy, 70 x 70 of 0.1", {mask.pixels_in_mask:,} unmasked)'
    assert repr(grid) == (
        f'Grid2D(numpy, float64 ({mask.pixels_in_mask}, 2) arcsec, native 70 x 70 of 0.1", over_sample_size=4)'
    )
    irregular = aa.Mask2D.all_false(shape_native=(3, 3), pixel_scales=(0.1, 0.2))
    assert repr(irregular) == 'Mask2D(numpy, 3 x 3 of (0.1, 0.2)", 9 unmasked)'


def test_vertices_are_counted():
    mesh, grid = aa.mesh.Delaunay(pixels=1500), aa.Grid2DIrregular(np.zeros((1500, 2)))
    geometry = aa.MeshGeometryDelaunay(mesh=mesh, mesh_grid=grid, data_grid=grid)
    assert repr(geometry) == "MeshGeometryDelaunay(numpy, Delaunay 1,500 vertices, mesh_grid=(1500, 2) arcsec)"


def test_numbers_are_short():
    assert repr(aa.reg.Constant(coefficient=1.0 / 3.0)) == "Constant(coefficient=0.333333)"
    assert repr(aa.reg.Constant(coefficient=np.float64(0.1))) == "Constant(coefficient=0.1)"
    assert _repr.value(3 + 4j) == "3+4j"
    assert _repr.value((1,)) == "(1,)"
    assert _repr.value(list(range(100))) == "[0, 1, 2, 3, 4, 5, ...]"
    assert _repr.value(np.arange(100)) == "int64 (100,)"
    assert _repr.value({"a": 1}) == "<1 entries>"
    assert _repr.value(float("nan")) == "nan"


def test_a_long_line_is_cut():
    mesh = aa.mesh.KNNBarycentric(20, 4, 7, 1.3, 0.4, 3)
    regularization = aa.reg.MaternAdaptPowerKernel(jitter_relative=True, power=1.5, scale=0.123456)
    line = repr(aa.Pixelization(mesh=mesh, regularization=regularization))
    check_line(line, aa.Pixelization)
    assert "power=1.5" in line
    assert _repr.cut("x" * 300 + ")", 199) == "x" * 195 + "...)"
    assert _repr.cut("a\nb", 10) == "a b"


def test_a_class_of_a_user_has_a_line():
    class Own(State):
        def __init__(self, values, label="x"):
            self.values, self.label, self._hidden = values, label, 3

    assert repr(Own(np.arange(50.0))) == "Own(values=float64 (50,), label='x')"
    assert repr(Own(Own(1.5))) == "Own(values=Own, label='x')"
    assert repr(object.__new__(Own)) == "Own(<incomplete>)"


def test_several_linear_objects_are_counted():
    one = fit().inversion
    many = one._with(linear_obj_list=[one.linear_obj_list[0]] * 12)
    assert "12 Mapper" in repr(many)
    table = many._repr_html_()
    assert "linear object 7" in table
    assert "and 4 more" in table


@pytest.mark.parametrize("name", WITH_TABLE)
def test_the_tables(name):
    instance = CASES[name]()
    with no_computing():
        table = instance._repr_html_()
    check_html(table)
    assert f"<b>{type(instance).__name__}</b>" in table
    assert ">numpy<" in table
    assert ("arcsec" if name == "autoarray.Mapper" else "0.1&quot;") in table


def test_the_table_of_a_fit_has_its_stored_terms():
    one = fit()
    assert f">{float(one.log_evidence):.10g}<" in one._repr_html_()
    assert "log evidence" not in one._with()._repr_html_()
    assert "not computed yet" in one.inversion._with()._repr_html_()


def test_hostile_text_is_text():
    one = fit()
    evil = type(HOSTILE, (type(one.dataset.psf),), {})
    hostile = one.dataset._with(
        over_sample_size_lp=HOSTILE, noise_covariance_matrix=HOSTILE, sparse_operator=object.__new__(evil)
    )
    for table in (hostile._repr_html_(), _repr_html.table(HOSTILE, [(HOSTILE, HOSTILE)])):
        check_html(table)
        assert "&lt;script&gt;" in table


def test_on_jax():
    pytest.importorskip("jax")
    one = problems.evaluated_fit_from("jax", "adapt_density")
    line = repr(one)
    check_line(line, aa.FitImaging)
    assert line.startswith("FitImaging(jax, 154 pixels")
    assert f"log_evidence={float(one.log_evidence):.10g}" in line
    for instance in (one.inversion, one.inversion.linear_obj_list[0], one.inversion.linear_obj_list[0].interpolator):
        assert repr(instance).startswith(f"{type(instance).__name__}(jax, ")
    assert ">jax<" in one._repr_html_()


def test_while_it_is_traced():
    jax = pytest.importorskip("jax")
    lines = []

    def trace(values, coefficient):
        grid = aa.Grid2DIrregular(values)
        regularization = aa.reg.Constant(coefficient=coefficient)
        lines.extend([repr(grid), repr(regularization), repr(aa.ArrayIrregular(values[:, 0]))])
        return grid.array.sum() * coefficient

    jax.make_jaxpr(trace)(np.ones((9, 2)), 2.0)
    jax.make_jaxpr(jax.grad(trace))(np.ones((9, 2)), 2.0)
    assert lines[:3] == [
        "Grid2DIrregular(jax, traced float64 (9, 2) arcsec)",
        "Constant(coefficient=traced float64 ())",
        "ArrayIrregular(jax, traced float64 (9,))",
    ]
    assert lines[3:] == lines[:3]


def test_a_traced_fit():
    jax = pytest.importorskip("jax")
    dataset = fit().dataset
    seen = []

    def evidence(scale):
        traced = problems.fit_from("jax", "uniform", dataset=dataset, coefficient=scale)
        value = traced.log_evidence
        for instance in (traced, traced.inversion, traced.inversion.linear_obj_list[0]):
            seen.extend(lines_of(instance))
        return value

    jax.make_jaxpr(evidence)(1.0)
    assert seen[0].startswith('FitImaging(jax, 154 pixels of 0.1", RectangularUniform 8 x 8, ')
    # A value that belongs to a trace is not stored.
    assert "log_evidence" not in seen[0]
    (mapper,) = [line for line in seen if line.startswith("Mapper(")]
    assert "traced" in mapper


def test_no_line_imports_anything_but_entities():
    code = (
        "import sys, autoarray as aa, numpy as np\n"
        "mask = aa.Mask2D.all_false(shape_native=(5, 5), pixel_scales=0.1)\n"
        "data = aa.Array2D(values=np.ones(25), mask=mask)\n"
        "dataset = aa.Imaging(data=data, noise_map=data)\n"
        "before = set(sys.modules)\n"
        "for one in (mask, data, dataset, aa.FitImaging(dataset), aa.mesh.Delaunay(9), aa.Settings()):\n"
        "    repr(one), getattr(one, '_repr_html_', str)()\n"
        "print(*sorted({name.split('.')[0] for name in set(sys.modules) - before}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() in ([], ["html"])
