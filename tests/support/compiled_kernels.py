"""A function by numba and without it."""

import pytest

from autoarray._numerics import compiled


def both(function):
    """What a function returns with the kernels, and without."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "is_available", lambda: True)
        fast = function()
        patch.setattr(compiled, "is_available", lambda: False)
        return fast, function()
