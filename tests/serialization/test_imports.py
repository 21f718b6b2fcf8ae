"""What a fresh interpreter loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

NOT_WANTED = ("jax", "matplotlib", "astropy", "dask")


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
