"""2D vectors at coordinates that lie on no regular grid."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, is_jax_array, numbers_from, xp_of
from autoarray._display import line
from autoarray._typing import Array, ArrayLike
from autoarray._validation import check_number
from autoarray.abstract_ndarray import unwrap
from autoarray.structures.arrays.irregular import ArrayIrregular
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.vectors.abstract import AbstractVectorYX2D


class VectorYX2DIrregular(AbstractVectorYX2D):
    """One vector (y, x) at each of some coordinates, such as the shear of the galaxies of a catalogue.

    Parameters
    ----------
    values
        The vectors, of shape (N, 2). A JAX array makes this an object that computes with JAX.
    grid
        The (y, x) coordinates of the vectors in arc-seconds: a `Grid2DIrregular`, or what it can be made of.

    Raises
    ------
    exc.VectorYXException
        If the vectors don't have the shape (N, 2), or the coordinates are not as many.

    Examples
    --------
    >>> import autoarray as aa
    >>> vectors = aa.VectorYX2DIrregular(values=[(3.0, 4.0), (0.0, 1.0)], grid=[(0.0, 0.0), (2.0, 0.0)])
    >>> vectors.magnitudes.array
    array([5., 1.])
    >>> vectors.vectors_within_radius(1.0).in_list
    [(np.float64(3.0), np.float64(4.0))]
    """

    def __init__(self, values: ArrayLike, grid: ArrayLike | Grid2DIrregular) -> None:
        vectors = numbers_from(unwrap(values), f"{type(self).__name__}.values", exc.VectorYXException)
        if not is_jax_array(vectors) and vectors.size == 0:
            vectors = vectors.reshape(0, 2)
        if vectors.ndim != 2 or vectors.shape[1] != 2:
            raise exc.VectorYXException(
                f"{type(self).__name__}.values: expected vectors (y, x) of shape (N, 2), found {tuple(vectors.shape)}"
            )
        super().__init__(vectors, xp=xp_of(vectors))
        self.grid = grid if isinstance(grid, Grid2DIrregular) else Grid2DIrregular(unwrap(grid))
        if self.grid.shape[0] != vectors.shape[0]:
            raise exc.VectorYXException(
                f"{type(self).__name__}.grid: expected the coordinates of {vectors.shape[0]} vectors, found "
                f"{self.grid.shape[0]} coordinates"
            )

    @property
    def values(self) -> Array:
        """The vectors as a plain array of shape (N, 2)."""
        return self._array

    @property
    def slim(self) -> Self:
        """The vectors themselves, which have one form only."""
        return self

    @property
    def native(self) -> Self:
        """The vectors themselves, which have one form only."""
        return self

    @property
    def in_list(self) -> list[tuple[Any, ...]]:
        """The vectors as a list of tuples (y, x)."""
        return [tuple(vector) for vector in self._array]

    @property
    def magnitudes(self) -> ArrayIrregular:
        """The length of each vector."""
        y, x = self._components
        return ArrayIrregular(values=self._xp.sqrt(y**2 + x**2))

    def vectors_within_radius(self, radius: float, centre: tuple[float, float] = (0.0, 0.0)) -> Self:
        """The vectors whose coordinates are closer to a centre than a radius.

        Parameters
        ----------
        radius
            The radius in arc-seconds.
        centre
            The (y, x) coordinate of the centre in arc-seconds.

        Raises
        ------
        exc.VectorYXException
            If there is none.
        """
        check_number(radius, "radius", error=exc.VectorYXException, infinite=True)
        return self._selected(self._distances(centre) < radius, f"closer than {radius} arcsec to {tuple(centre)}")

    def vectors_within_annulus(
        self, inner_radius: float, outer_radius: float, centre: tuple[float, float] = (0.0, 0.0)
    ) -> Self:
        """The vectors whose coordinates lie between two circles around a centre.

        Parameters
        ----------
        inner_radius, outer_radius
            The radii of the circles in arc-seconds.
        centre
            The (y, x) coordinate of their centre in arc-seconds.

        Raises
        ------
        exc.VectorYXException
            If there is none.
        """
        check_number(inner_radius, "inner_radius", error=exc.VectorYXException)
        check_number(outer_radius, "outer_radius", error=exc.VectorYXException, infinite=True)
        distances = self._distances(centre)
        return self._selected(
            (distances > inner_radius) & (distances < outer_radius),
            f"between {inner_radius} and {outer_radius} arcsec from {tuple(centre)}",
        )

    def _distances(self, centre: tuple[float, float]) -> np.ndarray:
        return np.asarray(self.grid.distances_to_coordinate_from(centre).array)

    def _selected(self, kept: np.ndarray, where: str) -> Self:
        if not kept.any():
            raise exc.VectorYXException(
                f"{type(self).__name__}: expected a vector {where}, found none of {len(kept)} there"
            )
        selected = self._with(_array=self._array[as_array(kept, self._xp)])
        selected.grid = self.grid.with_new_array(self.grid.array[as_array(kept, self.grid._xp)])
        return selected

    def _repr_parts(self) -> list[str]:
        return [line.backend(self), line.array(self)]
