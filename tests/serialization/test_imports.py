"""What a fresh interpreter loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

NOT_WANTED = ("jax", "matplotlib", "astropy", "dask")
STATEMENTS = ["import autoarray", "import serialization", "import autoarray, serialization"]
STATEMENTS += ["import serialization.results", "import serialization._lens.page"]


def fresh(code, *arguments):
    """The standard output of a fresh interpreter."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("statement", STATEMENTS)
def test_imports_are_light(statement):
    found = fresh(f"import sys\n{statement}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))").split()
    assert not set(NOT_WANTED) & set(found)
    if statement == "import autoarray":
        assert "serialization" not in found
    assert not {"autofit", "autogalaxy", "autolens", "autonerves"} & set(found)
    if statement.startswith("import serialization"):
        assert "autoarray" not in found
        assert "scipy" not in found


def test_importing_autoarray_loads_its_own_modules_alone():
    """Beyond what `import numpy, scipy.sparse` loads; `python -m benchmarks imports` measures the time."""
    code = (
        "import sys, numpy, scipy.sparse\n"
        "before = set(sys.modules)\n"
        "import autoarray\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    added = fresh(code).split()
    assert {name.partition(".")[0] for name in added} - sys.stdlib_module_names == {"autoarray"}
    assert len(added) < 320
    # What only drawing, reading old states or another process needs.
    assert not {"autoarray.plot.array", "multiprocessing", "subprocess", "concurrent.futures"} & set(added)
