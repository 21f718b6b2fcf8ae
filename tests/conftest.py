"""Settings of every test, made before JAX is imported by any of them."""

import importlib
import os

os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["JAX_ENABLE_X64"] = "1"
# Mixing NumPy float64 with JAX float32 by accident raises, rather than promoting.
os.environ["JAX_NUMPY_DTYPE_PROMOTION"] = "strict"

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

# The first example of a property may compile JAX code, which no deadline should count; a failure
# in one run is the same failure in the next.
settings.register_profile("project", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")


RECORD = pytest.StashKey()


def pytest_addoption(parser):
    parser.addoption("--write-matrix", metavar="PATH", help="write the table of meshes and regularizations")


@pytest.fixture(scope="module", params=["numpy", "jax.numpy"], ids=["numpy", "jax"])
def xp(request):
    """The array module of each backend in turn, as `autoarray` takes it."""
    return importlib.import_module(request.param)


@pytest.fixture(scope="module")
def backend(xp):
    """The name of the backend that `xp` is, as `serialization` and the problems of the tests take it."""
    return "numpy" if xp is np else "jax"


@pytest.fixture
def matrix_record(request):
    """Notes what a test found for a cell of the matrix: a word, or a backend and a difference."""
    record = request.config.stash.setdefault(RECORD, {})

    def note(mesh, regularization, what, value=None):
        record.setdefault((mesh, regularization), {})[what] = value

    return note


def pytest_sessionfinish(session):
    path = session.config.getoption("--write-matrix")
    if path:
        import matrix
        import matrix_table

        params = len(matrix.reference(matrix.MESHES[0])[0]["out/mesh_grid"])
        matrix_table.write(path, session.config.stash.get(RECORD, {}), params)
