"""The base of fields of 2D vectors."""

from __future__ import annotations

from typing import Any

from autoarray.structures.abstract_structure import Structure


class AbstractVectorYX2D(Structure):
    """Vectors with a y and an x component, of shape (N, 2), and the (y, x) coordinates that they belong to."""

    grid: Any

    @property
    def _components(self) -> tuple[Any, Any]:
        """The y and the x components, of shape (N,) each."""
        vectors = self.slim.array
        return vectors[:, 0], vectors[:, 1]

    @property
    def average_magnitude(self) -> Any:
        """The magnitude of the average vector."""
        y, x = self._components
        return self._xp.sqrt(y.mean() ** 2 + x.mean() ** 2)

    @property
    def average_phi(self) -> Any:
        """The position angle of the average vector in degrees, counter-clockwise from the positive x-axis.

        It is that of an elongation, such as a gravitational shear, which looks the same after half a turn: half of the
        angle of the vector of components.
        """
        y, x = self._components
        return 0.5 * self._xp.degrees(self._xp.arctan2(y.mean(), x.mean()))
