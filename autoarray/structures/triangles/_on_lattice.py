"""Equilateral triangles on a lattice: what the forms for NumPy and for JAX share."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, numbers_from
from autoarray._state import derived
from autoarray._typing import ArrayLike, Namespace, Scalar
from autoarray._validation import check_flag, check_number
from autoarray.structures.triangles import _lattice
from autoarray.structures.triangles.abstract import AbstractTriangles


class LatticeTriangles(AbstractTriangles):
    """Equilateral triangles as pairs of whole numbers on a lattice.

    Parameters
    ----------
    coordinates
        The pair (i, j) of each triangle, of shape (N, 2): its place in half sides along the first axis, and in heights
        along the second.
    side_length
        The side of the triangles, in scaled units.
    x_offset, y_offset
        The position of the pair (0, 0) along the first axis and along the second, in scaled units.
    flipped
        Whether the triangles with i + j odd stand upright, instead of those with i + j even.
    xp
        The array library.
    """

    def __init__(
        self,
        coordinates: ArrayLike,
        side_length: Scalar,
        x_offset: Scalar,
        y_offset: Scalar,
        flipped: bool,
        xp: Namespace,
    ) -> None:
        self._set_backend(xp)
        name = type(self).__name__
        values = as_array(numbers_from(coordinates, f"{name}.coordinates", exc.GridException), xp)
        values = values.reshape(0, 2).astype(int) if values.ndim == 1 and not values.size else values
        if values.ndim != 2 or values.shape[1] != 2:
            raise exc.GridException(
                f"{name}.coordinates: expected pairs (i, j) of shape (N, 2), found shape {tuple(values.shape)}"
            )
        check_number(side_length, f"{name}.side_length", "a side above 0", above=0.0, error=exc.GridException)
        check_number(x_offset, f"{name}.x_offset", error=exc.GridException)
        check_number(y_offset, f"{name}.y_offset", error=exc.GridException)
        check_flag(flipped, f"{name}.flipped", exc.GridException)
        self.coordinates = values
        self.side_length = side_length
        self.x_offset = x_offset
        self.y_offset = y_offset
        self.flipped = bool(flipped)

    @property
    def scaling_factors(self) -> Any:
        """What one step of each of the two numbers is in scaled units, of shape (2,)."""
        return self._xp.asarray([0.5 * self.side_length, _lattice.HEIGHT_FACTOR * self.side_length])

    @property
    def centres(self) -> Any:
        """The centre of the box around each triangle, of shape (N, 2)."""
        offset = self._xp.asarray([self.x_offset, self.y_offset])
        return self.coordinates.astype(float) * self.scaling_factors + offset

    @property
    def flip_mask(self) -> Any:
        """Which triangles are upside down, of shape (N,)."""
        return _lattice.flip_mask_from(self.coordinates, self.flipped)

    @property
    def flip_array(self) -> Any:
        """1 for a triangle that stands upright and -1 for one that is upside down, of shape (N, 1)."""
        return self._xp.where(self.flip_mask, -1, 1)[:, None]

    @property
    def vertex_coordinates(self) -> Any:
        """The corners of each triangle on the lattice, of shape (N, 3, 2): (i, k) at i half sides, k - 1/2 heights."""
        return _lattice.corners_of(self.coordinates, self.flipped, self._xp)

    @derived
    def triangles(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride] - a derived value is read like a property
        """The corners of each triangle, of shape (N, 3, 2)."""
        return self._positions_of(self.vertex_coordinates)

    @property
    def area(self) -> Any:
        """The area of all triangles together, in squares of the scaled units."""
        count = self._count()
        area = count * (0.5 * _lattice.HEIGHT_FACTOR * self.side_length**2)
        return area if self._use_jax else float(area)

    def _count(self) -> Any:
        """How many of the rows are triangles."""
        return self._xp.sum(self._xp.isfinite(self.coordinates[:, 0].astype(float)), dtype=float)

    def __len__(self) -> int:
        return int(self._count())

    def _positions_of(self, corners: Any) -> Any:
        return _lattice.positions_of(corners, self.side_length, self.x_offset, self.y_offset, self._xp)

    def _children(self) -> dict[str, Any]:
        """The constructor arguments, without the coordinates, of the triangles that these are divided into."""
        return {
            "side_length": self.side_length / 2,
            "x_offset": self.x_offset,
            "y_offset": self.y_offset - 0.25 * _lattice.HEIGHT_FACTOR * self.side_length,
            "flipped": True,
        }

    def _same_lattice(self) -> dict[str, Any]:
        return {
            "side_length": self.side_length,
            "x_offset": self.x_offset,
            "y_offset": self.y_offset,
            "flipped": self.flipped,
        }


def whole_coordinates(coordinates: np.ndarray) -> np.ndarray:
    """Pairs as whole numbers.

    Raises
    ------
    GridException
        If they are not.
    """
    if coordinates.dtype.kind in "iu":
        return coordinates
    whole = np.rint(coordinates)
    if not np.array_equal(whole, coordinates):
        raise exc.GridException(
            f"coordinates: expected pairs of whole numbers, found {coordinates.dtype} values that are none"
        )
    return whole.astype(np.int64)
