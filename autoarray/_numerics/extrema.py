"""The least and the greatest value of an array, with derivatives that survive compilation.

JAX differentiates `max` by comparing every value with the result. Compiled, a value may be computed once more, with
another rounding, and then equals the result no longer: its derivative is silently lost. Taking the value at the index
of the extremum needs no such comparison.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autoarray._typing import Array, Namespace

if TYPE_CHECKING:
    from jaxtyping import Float


def greatest(values: Float[Array, "values"], xp: Namespace) -> Float[Array, ""]:
    """The greatest value of a 1D array."""
    return values[xp.argmax(values)]


def least(values: Float[Array, "values"], xp: Namespace) -> Float[Array, ""]:
    """The least value of a 1D array."""
    return values[xp.argmin(values)]
