"""The mass model of the demonstration: a singular isothermal ellipsoid with external shear.

Closed forms of Kormann, Schneider & Bartelmann 1994 (A&A 284, 285). Angles are counter-clockwise
from the positive x-axis, positions are (y, x) in arc-seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from autoarray._typing import Array, Namespace

# Below this ellipticity the closed form is 0/0, and the sphere differs from it by less than 1e-12.
_SPHERICAL = 1e-6


@dataclass(frozen=True)
class Lens:
    """A singular isothermal ellipsoid and an external shear at one centre.

    Parameters
    ----------
    centre
        The (y, x) centre, in arc-seconds.
    einstein_radius
        The mean of the semi-axes of the ellipse where the convergence is 1/2, in arc-seconds.
    axis_ratio
        Minor over major axis of the convergence, 0 < axis_ratio <= 1.
    angle
        Position angle of the major axis, in degrees.
    shear
        The components (gamma_1, gamma_2): gamma_1 > 0 stretches along x, gamma_2 > 0 along y = x.
    """

    centre: tuple[float, float] = (0.0, 0.0)
    einstein_radius: float = 1.6
    axis_ratio: float = 0.9
    angle: float = 45.0
    shear: tuple[float, float] = (0.05, 0.05)

    def __post_init__(self) -> None:
        if not self.einstein_radius > 0.0:
            raise ValueError(
                f"einstein_radius: expected a positive number of arc-seconds, found {self.einstein_radius}"
            )
        if not 0.0 < self.axis_ratio <= 1.0:
            raise ValueError(f"axis_ratio: expected 0 < axis_ratio <= 1, found {self.axis_ratio}")

    def convergence_from(self, grid: Array, xp: Namespace = np) -> Array:
        """The convergence of the ellipsoid at the (N, 2) positions `grid`; the shear adds none."""
        x, y = self._axis_coordinates(grid, xp)
        return self.einstein_radius / (1.0 + self.axis_ratio) / xp.sqrt(x**2 + (y / self.axis_ratio) ** 2)

    def deflections_from(self, grid: Array, xp: Namespace = np) -> Array:
        """The (N, 2) deflection angles (y, x), in arc-seconds, at the (N, 2) positions `grid`."""
        x, y = self._axis_coordinates(grid, xp)
        q = self.axis_ratio
        f = float(np.sqrt(1.0 - q**2))
        if f < _SPHERICAL:
            radius = _nonzero_radius(xp.sqrt(x**2 + y**2), xp)
            alpha_x, alpha_y = self.einstein_radius * x / radius, self.einstein_radius * y / radius
        else:
            psi = _nonzero_radius(xp.sqrt(q**2 * x**2 + y**2), xp)
            scale = 2.0 * q * self.einstein_radius / ((1.0 + q) * f)
            alpha_x, alpha_y = scale * xp.arctan(f * x / psi), scale * xp.arctanh(f * y / psi)
        cos, sin = self._axes
        offset_y, offset_x = grid[:, 0] - self.centre[0], grid[:, 1] - self.centre[1]
        gamma_1, gamma_2 = self.shear
        return xp.stack(
            [
                sin * alpha_x + cos * alpha_y + gamma_2 * offset_x - gamma_1 * offset_y,
                cos * alpha_x - sin * alpha_y + gamma_1 * offset_x + gamma_2 * offset_y,
            ],
            axis=-1,
        )

    def source_plane_grid_from(self, grid: Array, xp: Namespace = np) -> Array:
        """The (N, 2) positions in the source plane of the rays at the (N, 2) positions `grid`, in arc-seconds."""
        return grid - self.deflections_from(grid, xp)

    @property
    def _axes(self) -> tuple[float, float]:
        angle = np.radians(self.angle)
        return float(np.cos(angle)), float(np.sin(angle))

    def _axis_coordinates(self, grid: Array, xp: Namespace) -> tuple[Array, Array]:
        """Coordinates (x, y) from the centre along the major and the minor axis."""
        cos, sin = self._axes
        offset_y, offset_x = grid[:, 0] - self.centre[0], grid[:, 1] - self.centre[1]
        return cos * offset_x + sin * offset_y, cos * offset_y - sin * offset_x


def _nonzero_radius(radius: Array, xp: Namespace) -> Array:
    # At the centre itself the direction of the deflection is undefined; it is taken as zero there.
    return xp.where(radius > 0.0, radius, 1.0)
