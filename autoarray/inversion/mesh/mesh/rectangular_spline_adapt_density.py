"""The rectangular mesh of earlier releases whose pixels follow the density of the coordinates, by the spline CDF."""

from __future__ import annotations

from typing import Any

from autoarray import exc
from autoarray._validation import whole_from
from autoarray.inversion.mesh._transform.cdf import SPLINE_DEGREE
from autoarray.inversion.mesh.interpolator.rectangular import InterpolatorRectangular
from autoarray.inversion.mesh.mesh.abstract_rectangular import AbstractMeshRectangular


class RectangularSplineAdaptDensity(AbstractMeshRectangular):
    """Rectangular pixels that are small where many coordinates of the data are traced to, and large where few are.

    Every axis is transformed by a polynomial fit to the rank CDF of the traced coordinates, in which the mesh is
    uniform. PyAutoArray had this mesh up to release 2026.7.23.1, with the row weights of its mappings exchanged (see
    `InterpolatorRectangular.row_weights`); new fits have the right ones.

    Parameters
    ----------
    shape
        The number of pixels along (y, x), at least (3, 3).
    spline_deg
        The degree of the polynomial, at least 1.

    Raises
    ------
    MeshException
        If the shape or the degree is out of range.
    """

    def __init__(self, shape: tuple[int, int] = (3, 3), spline_deg: int = SPLINE_DEGREE) -> None:
        super().__init__(shape=shape)
        self.spline_deg = whole_from(spline_deg, f"{type(self).__name__}.spline_deg", 1, exc.MeshException)

    @property
    def interpolator_cls(self) -> type[InterpolatorRectangular]:
        return InterpolatorRectangular

    @property
    def interpolator_kwargs(self) -> dict[str, Any]:
        return {"transform": "spline", "spline_deg": self.spline_deg}
