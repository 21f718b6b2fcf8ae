"""The least and the greatest value of an array, with derivatives that survive compilation.

JAX differentiates `max` by comparing every value with the result. Compiled, a value may be computed once more, with
another rounding, and then equals the result no longer: its derivative is silently lost. Taking the value at the index
of the extremum needs no such comparison.
"""

from __future__ import annotations

from typing import Any


def greatest(values: Any, xp: Any) -> Any:
    """The greatest value of a 1D array."""
    return values[xp.argmax(values)]


def least(values: Any, xp: Any) -> Any:
    """The least value of a 1D array."""
    return values[xp.argmin(values)]
