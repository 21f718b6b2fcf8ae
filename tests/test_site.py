"""The documentation: each public name has a docstring and a place, its examples run, and what it names exists."""

from __future__ import annotations

import ast
import doctest
import inspect
import os
import pydoc
import re
from pathlib import Path

import pytest

import autoarray as aa
import autoarray.plot as aplt
import serialization
from tests import layers

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((DOCS / "api").glob("*.md"))}
ARCHITECTURE = (DOCS / "architecture.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def public_names():
    """Each public class and function by the name that users call it by."""
    names = {f"autoarray.{name}": value for name, value in vars(aa).items() if not name.startswith("_")}
    del names["autoarray.AbstractImageMesh"]  # another name of the class of `autoarray.image_mesh`
    modules = {"mesh": aa.mesh, "image_mesh": aa.image_mesh, "reg": aa.reg, "plot": aplt}
    for short, module in modules.items():
        names |= {f"autoarray.{short}.{name}": getattr(module, name) for name in module.__all__}
    exceptions = {name: value for name, value in vars(aa.exc).items() if inspect.isclass(value)}
    names |= {f"autoarray.exc.{name}": value for name, value in exceptions.items()}
    names |= {f"serialization.{name}": getattr(serialization, name) for name in serialization.__all__}
    return {name: value for name, value in names.items() if not inspect.ismodule(value)}


PUBLIC = public_names()
FUNCTION_MODULES = [*(getattr(aa.util, name) for name in aa.util.__all__), aa.preprocess]


def functions_of(module):
    """The public functions of a module: those that it lists, or else those that it defines."""
    if hasattr(module, "__all__"):
        return [getattr(module, name) for name in module.__all__]
    functions = [value for name, value in vars(module).items() if not name.startswith("_")]
    return [value for value in functions if inspect.isfunction(value) and value.__module__ == module.__name__]


def shared_parameters_of(module):
    """The parameters in the table of a module on its page; `xp` is explained for all modules."""
    section = PAGES["util"].partition(f".. automodule:: {module.__name__}\n")[0].rpartition("\n## ")[2]
    rows = re.findall(r"^\| (`.*?) \| .+ \|$", section, re.MULTILINE)
    return {"xp"} | {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def listed_names():
    """The names in the tables of the pages of the API reference."""
    tables = "\n".join(PAGES.values()).split(".. autosummary::\n")[1:]
    return [line.strip() for table in tables for line in table.partition("```")[0].splitlines() if line[3:4].isalpha()]


def parameters_of(value):
    """The names of the parameters of a function, or of the constructor of a class of this project."""
    function = value.__init__ if inspect.isclass(value) else value
    if not getattr(function, "__module__", "").startswith(("autoarray", "serialization")):
        return set()  # of an exception, or of a protocol, which nobody calls
    return set(inspect.signature(function).parameters) - {"self"}


def described_by(value):
    """The parameters that a docstring lists, with those of the function that it names for the others."""
    doc = inspect.getdoc(value)
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\w[^\n]*\n-{3,}|\Z)", doc, re.MULTILINE | re.DOTALL)
    lines = section[1].splitlines() if section else []
    names = {name.strip(" *") for line in lines if line[:1].strip() for name in line.split(",")}
    others = re.search(r"arguments that are not listed.*?`(\w+)`", doc, re.DOTALL)
    return names | (described_by(getattr(aplt, others[1])) if others else set())


def is_described_by_its_base(value):
    """Whether a class takes what a public base takes, and says nothing else of it."""
    bases = value.__mro__[1:] if inspect.isclass(value) and "__init__" not in vars(value) else ()
    return any(base in PUBLIC.values() and parameters_of(base) <= described_by(base) for base in bases)


def test_the_reference_lists_every_public_name_once():
    names = listed_names()
    assert sorted(names) == sorted(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_has_a_docstring_with_its_parameters(name):
    value = PUBLIC[name]
    assert value.__doc__
    assert parameters_of(value) <= described_by(value) or is_described_by_its_base(value)


@pytest.mark.parametrize("module", FUNCTION_MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_a_module_of_functions_is_on_a_page_and_documented(module):
    assert f".. automodule:: {module.__name__}\n   :members:\n" in PAGES["util"]
    functions, shared = functions_of(module), shared_parameters_of(module)
    assert functions
    assert [function.__name__ for function in functions if not function.__doc__] == []
    for function in functions:
        assert parameters_of(function) <= described_by(function) | shared, function.__name__
    assert shared - {"xp"} <= set().union(*map(parameters_of, functions))


# ------------------------------------------------------------------ examples

EXAMPLES = {
    "Imaging.from_fits": aa.Imaging.from_fits,
    "Mask2D.circular": aa.Mask2D.circular,
    "Grid2D": aa.Grid2D,
    "mesh.Delaunay": aa.mesh.Delaunay,
    "mesh.RectangularBilinearAdaptDensity": aa.mesh.RectangularBilinearAdaptDensity,
    "Mapper": aa.Mapper,
    "Inversion": aa.Inversion,
    "FitImaging": aa.FitImaging,
}


@pytest.fixture
def in_a_folder(tmp_path, monkeypatch):
    """A folder with a dataset in `data`, from which examples/simulated.py can be imported."""
    pytest.importorskip("astropy")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    import simulated

    from autoarray.dataset.plot.imaging_plots import fits_imaging

    grid = aa.Grid2D.uniform(shape_native=(50, 50), pixel_scales=0.06)
    whole = aa.Array2D.ones(shape_native=grid.shape_native, pixel_scales=0.06)
    os.mkdir("data")
    paths = {name: f"data/{name.removesuffix('_path')}.fits" for name in ("data_path", "noise_map_path", "psf_path")}
    fits_imaging(aa.Imaging(data=whole, noise_map=whole, psf=simulated.dataset().psf), **paths)
    return tmp_path


def failures_of(text, name):
    """How the examples of a text fail; it has some."""
    examples = doctest.DocTestParser().get_doctest(text, {}, name, None, 0)
    assert examples.examples
    report = []
    doctest.DocTestRunner(verbose=False).run(examples, out=report.append)
    return "".join(report)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_of_a_docstring_runs(name, in_a_folder):
    assert failures_of(inspect.getdoc(EXAMPLES[name]), name) == ""


@pytest.mark.parametrize("page", [page for page, text in PAGES.items() if "```pycon" in text])
def test_an_example_of_a_page_runs(page, in_a_folder):
    blocks = re.findall(r"^```pycon\n(.*?)^```$", PAGES[page], re.MULTILINE | re.DOTALL)
    assert failures_of("\n".join(blocks), page) == ""


def test_types_of_your_own_is_its_example_in_pieces():
    page = (DOCS / "own_types.md").read_text(encoding="utf-8")
    script = (ROOT / "examples" / "own_types.py").read_text(encoding="utf-8")
    pieces = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(pieces) == 4
    assert [piece for piece in pieces if piece not in script] == []


def test_the_page_of_examples_shows_each_one():
    page = (DOCS / "examples.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```\{literalinclude\} \.\./examples/(\w+\.py)$", page, re.MULTILINE)
    guides = "".join(path.read_text(encoding="utf-8") for path in DOCS.glob("own_*.md")) + PAGES_OF_GUIDES
    scripts = {path.name for path in (ROOT / "examples").glob("*.py")}
    assert scripts - set(shown) - set(re.findall(r"\(\.\./examples/(\w+\.py)\)", guides)) == set()
    for name in shown:
        title = ast.get_docstring(ast.parse((ROOT / "examples" / name).read_text(encoding="utf-8"))).splitlines()[0]
        assert f"## {name.removesuffix('.py')}\n\n{title}\n" in page


PAGES_OF_GUIDES = (DOCS / "cache.md").read_text(encoding="utf-8")

# ------------------------------------------------------------------ the architecture


@pytest.mark.parametrize("page", [ARCHITECTURE, CONTRIBUTING], ids=["architecture", "contributing"])
def test_every_path_exists(page):
    paths = re.findall(r"`((?:autoarray|serialization|tests|docs|examples|benchmarks)/[\w./-]*|[A-Z]+\.md)`", page)
    assert len(paths) > 3
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_floor_plans_are_those_that_the_tests_hold():
    assert layers.with_plans(ARCHITECTURE) == ARCHITECTURE, "python -m tests.layers --write docs/architecture.md"


def test_frozen_names_are_there():
    table = ARCHITECTURE.partition("## Frozen names")[2].partition("\n## ")[0]
    names = re.findall(r"`((?:autoarray|serialization)(?:\.\w+)+)`", table.replace("autoarray.mesh.Delaunay", ""))
    assert len(names) >= 4
    assert [name for name in names if pydoc.locate(name) is None] == []


def test_five_questions_have_a_page_and_a_file():
    rows = re.findall(r"^\| .+\? \| \[.+?\]\((.*?)\) \| `(.+?)` \|$", ARCHITECTURE, re.MULTILINE)
    assert len(rows) == 5
    for target, file in rows:
        name, _, anchor = target.partition("#")
        text = (DOCS / name).read_text(encoding="utf-8") if name else ARCHITECTURE
        anchors = [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings_of(text)]
        assert not anchor or anchor in anchors
        assert (ROOT / file).is_file()


def headings_of(text):
    """The headings of a page."""
    return re.findall(r"^#+ (.*)$", text, re.MULTILINE)


def test_pages_of_root_files_include_them():
    included = {
        path.name: re.findall(r"^```\{include\} (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        for path in DOCS.glob("*.md")
    }
    names = {Path(file).name for files in included.values() for file in files}
    assert {"FORMAT.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md"} <= names
    assert [file for files in included.values() for file in files if not (DOCS / file).is_file()] == []
