"""Tests of PyAutoLens on this project: `make autolens` makes an environment for them and runs them."""

import importlib.util
import os
from pathlib import Path

import pytest

import autoarray

FOLDER = Path(__file__).parent
REASON = (
    "autolens is not installed here: `make autolens` installs it into an environment of its own, and runs these tests"
)


def pytest_collection_modifyitems(items):
    """Skip all tests of this folder where there is no PyAutoLens; elsewhere its warnings are not errors."""
    missing = importlib.util.find_spec("autolens") is None
    for item in items:
        if item.path.is_relative_to(FOLDER):
            item.add_marker(pytest.mark.skip(reason=REASON) if missing else pytest.mark.filterwarnings("default"))
    # Whatever is installed, the tests are of this project.
    assert hasattr(autoarray, "_mixed"), f"{autoarray.__file__} is PyAutoArray, not this project"


@pytest.fixture(scope="module", autouse=True)
def promotion():
    """JAX promotes dtypes as its users have it: PyAutoGalaxy's profiles mix dtypes, which the other tests refuse."""
    import jax

    before = os.environ["JAX_NUMPY_DTYPE_PROMOTION"]
    os.environ["JAX_NUMPY_DTYPE_PROMOTION"] = "standard"  # of processes that tests start
    with jax.numpy_dtype_promotion("standard"):
        yield
    os.environ["JAX_NUMPY_DTYPE_PROMOTION"] = before


@pytest.fixture(scope="session")
def lens():
    """The module with the fits and the search, which imports PyAutoLens."""
    import lens

    return lens
