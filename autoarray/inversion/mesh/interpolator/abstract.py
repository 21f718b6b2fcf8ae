"""What every interpolator offers: which mesh pixels each traced coordinate is interpolated from, and how much."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._backend import Backend
from autoarray._display import line
from autoarray._state import derived


class AbstractInterpolator(Backend):
    """The link between the traced coordinates of the data and the pixels of a mesh.

    Parameters
    ----------
    mesh
        The mesh.
    mesh_grid
        The (y, x) centres or vertices of its pixels, in arc-seconds.
    data_grid
        The (y, x) coordinates of the data traced to the source plane, with their over-sampled coordinates.
    adapt_data
        The image that adaptive meshes and regularizations follow.
    xp
        `numpy` or `jax.numpy`.
    """

    exclude_zero_weight_mappings: bool = False
    """Whether mappings with a weight of zero are left out of the signal of a mesh pixel."""

    is_continuous: bool = False
    """Whether what is interpolated changes continuously in the source plane, so that figures show it by default."""

    is_linear_in_triangles: bool = False
    """Whether it is linear in the triangles of the mesh's vertices, whose edges figures then show by default."""

    def __init__(self, mesh: Any, mesh_grid: Any, data_grid: Any, adapt_data: Any = None, xp: Any = np) -> None:
        self._set_backend(xp)
        self.mesh = mesh
        self.mesh_grid = mesh_grid
        self.data_grid = data_grid
        self.adapt_data = adapt_data

    def _interpolate(self) -> tuple[Any, Any, Any]:
        """The mappings, their number and the weights of every over-sampled coordinate."""
        raise NotImplementedError(f"{type(self).__name__} does not interpolate")

    @derived
    def _mappings_sizes_weights(self) -> tuple[Any, Any, Any]:
        return self._interpolate()

    @property
    def mappings(self) -> Any:
        """The mesh pixels that each over-sampled coordinate is interpolated from, of shape (sub_pixels, width)."""
        return self._mappings_sizes_weights[0]

    @property
    def sizes(self) -> Any:
        """How many entries of each row of `mappings` are in use, of shape (sub_pixels,)."""
        return self._mappings_sizes_weights[1]

    @property
    def weights(self) -> Any:
        """The interpolation weights of `mappings`, of the same shape; every row adds up to 1."""
        return self._mappings_sizes_weights[2]

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        return [
            line.backend(self),
            line.mesh(state["mesh"], state["mesh_grid"]),
            line.coordinates(state, "data_grid"),
        ]
