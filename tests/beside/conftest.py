"""These tests run where PyAutoArray is installed, by `make beside`, and nowhere else."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest

from serialization._autoarray import kind_of_autoarray

if kind_of_autoarray() == "peer":
    sys.path.insert(0, str(Path(__file__).parent))
else:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.disable(logging.INFO)
