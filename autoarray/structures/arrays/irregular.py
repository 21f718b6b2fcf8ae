"""Values that lie on no grid."""

from __future__ import annotations

from typing import Any

from autoarray._backend import numbers_from, xp_of
from autoarray._typing import ArrayLike
from autoarray.abstract_ndarray import AbstractNDArray, unwrap


class ArrayIrregular(AbstractNDArray):
    """Values such as the magnitudes of a few positions; one for each, with no mask.

    Parameters
    ----------
    values
        The values, or the only one. A JAX array makes this an object that computes with JAX.

    Raises
    ------
    exc.ArrayException
        If `values` holds no numbers, or masked entries of `numpy.ma`.
    """

    def __init__(self, values: ArrayLike) -> None:
        values = numbers_from(unwrap(values), "ArrayIrregular.values", real=False)
        super().__init__(values, xp=xp_of(values))

    @property
    def values(self) -> Any:
        """The values as a plain array."""
        return self._array

    @property
    def slim(self) -> ArrayIrregular:
        """The array itself, which has one form only."""
        return self

    @property
    def native(self) -> ArrayIrregular:
        """The array itself, which has one form only."""
        return self

    @property
    def in_list(self) -> list[Any]:
        """The values as a list of scalars."""
        return list(self._array.reshape(-1)) if self._array.ndim == 0 else list(self._array)
