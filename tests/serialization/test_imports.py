"""What imports what: inside the package, and what a fresh interpreter loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import serialization

FOLDER = Path(serialization.__file__).parent
# Each module may import those of the rows above its own.
ORDER = [
    {"errors", "_html"},
    {"_wire", "_arrays", "_backend", "_registry", "_files", "_segments", "_paths", "_info", "_pickle_nodes", "_store"},
    {"_cache_stats", "_cache_locks", "_cache_key", "_cache_verify"},
    {"_encode", "_decode", "_pickle_arrays", "_legacy_releases", "_legacy_report", "_legacy_types", "_legacy_physics"},
    {"_pickle_globals", "_pickle_graph", "_legacy_graph"},
    {"_pickle_reader", "_legacy_build"},
    {"_migrations", "_catalog", "_codec", "_pickle_info", "_legacy_verify"},
    {"_frames"},
    {"_dask_protocol"},
    {"_dask_plugin"},
    {"_dask"},
    {"_legacy", "_shared", "_store_local", "_store_remote", "_cache_room"},
    {"_cache_options"},
    {"_cache"},
    {"__init__"},
    {"_table", "_progress", "_cli_recompute", "_schema_table"},
    {"_cli_files"},
    {"_cli_inspect", "_cli_convert", "_cli_verify", "_cli_plot", "_cli_completion", "_cli_cache", "_demo"},
    {"_cli_demo"},
    {"_cli_parser"},
    {"__main__"},
]
LEVEL = {name: level for level, names in enumerate(ORDER) for name in names}
NOT_WANTED = ("jax", "matplotlib", "astropy", "dask")


def modules():
    """Each module of the package by its name; those of a folder under the folder's."""
    for path in sorted(FOLDER.rglob("*.py")):
        yield path.relative_to(FOLDER).with_suffix("").parts[0], path


def imported(path):
    """The modules of this package that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path.name}: expected absolute imports"
            parts = (node.module or "").split(".")
            if parts[0] == "serialization":
                yield from [parts[1]] if len(parts) > 1 else _names(node)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                parts = alias.name.split(".")
                if parts[0] == "serialization":
                    yield parts[1] if len(parts) > 1 else "__init__"


def _names(node):
    for alias in node.names:
        yield alias.name if alias.name in LEVEL else "__init__"


def test_every_module_has_a_place():
    assert {name for name, _ in modules()} == set(LEVEL)


@pytest.mark.parametrize(
    ("name", "path"), list(modules()), ids=lambda value: str(value) if isinstance(value, str) else ""
)
def test_import_direction(name, path):
    for other in imported(path):
        if LEVEL[other] == LEVEL[name] and path.parent != FOLDER:
            continue  # inside one folder
        assert LEVEL[other] < LEVEL[name], f"{path.name} imports {other}"


def test_the_direction_test_sees_imports():
    seen = {other for _, path in modules() for other in imported(path)}
    assert {"errors", "_wire", "_arrays", "_backend", "_registry", "_codec", "_catalog"} <= seen


def test_only_the_catalogue_names_autoarray():
    for name, path in modules():
        if LEVEL[name] > LEVEL["__init__"] or name == "_catalog":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            named += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [other for other in named if other.split(".")[0] == "autoarray"], path.name


def fresh(code, *arguments):
    """The standard output of a fresh interpreter."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("statement", ["import autoarray", "import serialization", "import autoarray, serialization"])
def test_imports_are_light(statement):
    found = fresh(f"import sys\n{statement}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))").split()
    assert not set(NOT_WANTED) & set(found)
    if statement == "import autoarray":
        assert "serialization" not in found
    if statement == "import serialization":
        assert "autoarray" not in found
        assert "scipy" not in found


def test_importing_autoarray_takes_little_longer_than_what_it_is_made_of():
    # Processor time, and the best of several runs: what else the machine does must not count.
    code = (
        "import numpy, scipy.sparse, time\n"
        "start = time.process_time()\n"
        "import autoarray\n"
        "print(time.process_time() - start)"
    )
    assert min(float(fresh(code)) for _ in range(6)) < 0.150
