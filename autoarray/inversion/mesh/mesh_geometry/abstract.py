"""What the geometries of all meshes hold."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._backend import Backend
from autoarray._display import line


class AbstractMeshGeometry(Backend):
    """The geometry of a mesh that was laid over traced coordinates.

    Which array library it computes with is one bool in its state, so that it pickles and can be restored on either.

    Parameters
    ----------
    mesh
        The mesh.
    mesh_grid
        The (y, x) centres or vertices of its pixels, in arc-seconds.
    data_grid
        The (y, x) coordinates of the data traced to the source plane.
    mesh_weight_map
        The weights of the data coordinates in the transform of the mesh, or None for equal weights.
    kernel_bandwidth, kernel_knots
        The kernel of the "kernel" transform, or None for the defaults (1.0 mesh pixels, 64 knots).
    transform
        How the mesh adapts to the coordinates: "kernel" or "rank".
    xp
        `numpy` or `jax.numpy`.
    """

    def __init__(
        self,
        mesh: Any,
        mesh_grid: Any,
        data_grid: Any,
        mesh_weight_map: Any = None,
        kernel_bandwidth: float | None = None,
        kernel_knots: int | None = None,
        transform: str = "kernel",
        xp: Any = np,
    ) -> None:
        self._set_backend(xp)
        self.mesh = mesh
        self.mesh_grid = mesh_grid
        self.data_grid = data_grid
        self.mesh_weight_map = mesh_weight_map
        self.kernel_bandwidth = kernel_bandwidth
        self.kernel_knots = kernel_knots
        self.transform = transform

    @property
    def neighbors(self) -> Any:
        """The neighbors of every mesh pixel."""
        raise NotImplementedError(f"{type(self).__name__} has no neighbors")

    @property
    def neighbor_pairs(self) -> tuple[Any, Any]:
        """Every directed pair of neighboring mesh pixels; see `LinearObj.neighbor_pairs`."""
        return self.neighbors.pairs

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        return [
            line.backend(self),
            line.mesh(state["mesh"], state["mesh_grid"]),
            line.coordinates(state, "mesh_grid"),
        ]
