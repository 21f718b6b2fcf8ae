"""Numbers that meshes are described by, checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray._backend import is_tracer


def whole_from(value: Any, name: str, least: int) -> int:
    """`value` as an int, or a `MeshException` if it is not a whole number of at least `least`."""
    try:
        whole = int(value)
        valid = whole == value and whole >= least
    except (TypeError, ValueError, OverflowError):
        whole, valid = 0, False
    if not valid:
        raise exc.MeshException(f"{name}: expected a whole number of at least {least}, found {value!r}")
    return whole


def number_from(value: Any, name: str, least: float, expected: str) -> Any:
    """`value` as a float, or a `MeshException` if it is not finite or less than `least`; traced values pass."""
    if is_tracer(value):
        return value
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = np.nan
    if not (np.isfinite(number) and number >= least):
        raise exc.MeshException(f"{name}: expected {expected}, found {value!r}")
    return number
