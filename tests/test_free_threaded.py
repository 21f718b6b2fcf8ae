"""The tests of threads on a Python without a global interpreter lock, where threads run side by side."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = ("tests/autoarray/test_threads.py", "tests/serialization/test_threads.py")
CANDIDATES = (ROOT / ".venv-free-threaded" / "bin" / "python", "python3.14t", "python3.13t")
NEEDS = ("numpy", "scipy", "msgpack", "xxhash", "pytest", "hypothesis")
WITHOUT_GIL = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))


def modules_of(python, *names):
    """Those of some modules that an interpreter has."""
    program = "import importlib.util, sys; print(*filter(importlib.util.find_spec, sys.argv[1:]))"
    command = [python, "-c", program, *names]
    return set(subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout.split())


@pytest.fixture(scope="module")
def python():
    """A free-threaded interpreter with what the tests need: this one, or another one of the machine."""
    candidates = [sys.executable] if WITHOUT_GIL else filter(None, map(shutil.which, map(str, CANDIDATES)))
    found = {path: sorted(set(NEEDS) - modules_of(path, *NEEDS)) for path in candidates}
    ready = [path for path, lacks in found.items() if not lacks]
    if not ready:
        others = "; ".join(f"{path} lacks {', '.join(lacks)}" for path, lacks in found.items())
        pytest.skip(others or "no free-threaded Python is installed; `make test-free-threaded` says how to name one")
    return ready[0]


def run(python, *arguments):
    """A finished process of an interpreter, which begins in the project and decides about its lock by itself."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON_GIL"}
    return subprocess.run(
        [python, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False
    )


def test_the_lock_stays_off(python):
    program = (
        "import sys, importlib, autoarray, serialization\n"
        "assert serialization.loads(serialization.dumps([1.5])) == [1.5]\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        "print(sys._is_gil_enabled())"
    )
    needed = ("scipy.sparse", "scipy.spatial", "scipy.linalg", "scipy.special")
    result = run(python, "-W", "error", "-c", program, *needed, *modules_of(python, "jax", "filelock"))
    assert (result.stdout, result.stderr) == ("False\n", "")


def test_the_tests_of_threads_pass(python):
    if WITHOUT_GIL:  # this session runs them too, or can
        assert not sys._is_gil_enabled()
        return
    chosen = () if modules_of(python, "jax") else ("-k", "not jax")
    result = run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS, *chosen)
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-2000:]
