"""A mapper with given parts."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._doubles import stands_in_for
from autoarray._typing import Namespace
from autoarray.inversion.mappers.abstract import Mapper
from autoarray.settings import Settings


@stands_in_for(
    "adapt_data",
    "mesh",
    "mesh_geometry",
    "over_sampler",
    "params",
    "source_plane_data_grid",
    "source_plane_mesh_grid",
)
class MockMapper(Mapper):
    """A mapper whose parts are what it is given; what it is not given comes from its interpolator, as in a `Mapper`.

    Parameters
    ----------
    mesh, mesh_geometry, source_plane_data_grid, source_plane_mesh_grid, adapt_data, over_sampler, mapping_matrix
        The properties of these names.
    interpolator
        What stands for the interpolator.
    regularization
        The scheme that smooths the reconstruction, or None.
    pixel_signals
        What `pixel_signals_from` returns.
    parameters
        The number of mesh pixels.
    """

    def __init__(
        self,
        mesh: Any = None,
        mesh_geometry: Any = None,
        interpolator: Any = None,
        source_plane_data_grid: Any = None,
        source_plane_mesh_grid: Any = None,
        adapt_data: Any = None,
        over_sampler: Any = None,
        regularization: Any = None,
        mapping_matrix: Any = None,
        pixel_signals: Any = None,
        parameters: Any = None,
    ) -> None:
        self._set_backend(np)
        self.regularization = regularization
        self.interpolator = interpolator
        self.settings = Settings()
        self.image_plane_mesh_grid = None
        self._given = {
            "adapt_data": adapt_data,
            "mesh": mesh,
            "mesh_geometry": mesh_geometry,
            "over_sampler": over_sampler,
            "params": parameters,
            "source_plane_data_grid": source_plane_data_grid,
            "source_plane_mesh_grid": source_plane_mesh_grid,
        }
        self._mapping_matrix = mapping_matrix
        self._pixel_signals = pixel_signals

    @property
    def mapping_matrix(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The matrix that the double was given."""
        return self._mapping_matrix

    def pixel_signals_from(self, signal_scale: float, xp: Namespace = np) -> Any:
        """The signals that the double was given, or those of a `Mapper`."""
        if self._pixel_signals is not None:
            return self._pixel_signals
        return super().pixel_signals_from(signal_scale, xp)
