"""What every regularization scheme computes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray._state import State

if TYPE_CHECKING:
    from autoarray.inversion.linear_obj.linear_obj import LinearObj


class AbstractRegularization(State):
    """A prior on a reconstruction s: its term in the log evidence is -s^T H s / 2 (Warren & Dye 2003, eq. 13).

    H is the regularization matrix, which is positive definite.
    """

    # Whether the scheme smooths at four points around each mesh pixel, which the mesh has to interpolate to.
    is_split_regularization: bool = False

    def regularization_weights_from(self, linear_obj: LinearObj, xp: Any = np) -> Any:
        """How strongly each parameter is smoothed, of shape (params,)."""
        raise NotImplementedError(f"{type(self).__name__} has no regularization weights")

    def regularization_matrix_from(self, linear_obj: LinearObj, xp: Any = np) -> Any:
        """The regularization matrix H, of shape (params, params)."""
        raise NotImplementedError(f"{type(self).__name__} has no regularization matrix")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"
