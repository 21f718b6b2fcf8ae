"""An interpolator with given mappings."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._doubles import stands_in_for
from autoarray.inversion.mesh.interpolator.abstract import AbstractInterpolator


@stands_in_for("mappings", "sizes", "weights")
class MockInterpolator(AbstractInterpolator):
    """An interpolator without a mesh, whose mappings are what it is given.

    Parameters
    ----------
    mappings, sizes, weights
        The properties of these names.
    """

    def __init__(self, mappings: Any = None, sizes: Any = None, weights: Any = None) -> None:
        self._set_backend(np)
        self._given = {"mappings": mappings, "sizes": sizes, "weights": weights}
