"""What arrays and grids of a 1D mask have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Self

import numpy as np

from autoarray import exc
from autoarray._backend import is_jax_array, numbers_from, xp_of
from autoarray._display import line
from autoarray._typing import Array, ArrayLike, Namespace
from autoarray._validation import check_instance
from autoarray.abstract_ndarray import unwrap
from autoarray.mask import _lines
from autoarray.mask.mask_1d import Mask1D
from autoarray.structures.abstract_structure import Structure
from autoarray.structures.arrays import array_1d_util

if TYPE_CHECKING:
    from autoarray.geometry.geometry_1d import Geometry1D
    from autoarray.mask.derive.grid_1d import DeriveGrid1D
    from autoarray.mask.derive.mask_1d import DeriveMask1D
    from autoarray.structures.grids.uniform_1d import Grid1D


class Structure1D(Structure):
    """One number for each unmasked pixel of a 1D mask.

    Parameters
    ----------
    values
        The numbers in slim or native form. A JAX array makes this an object that computes with JAX.
    mask
        The 1D mask.
    store_native
        Whether the native form is stored.
    xp
        The array library.
    error
        The exception to raise where the values don't fit the mask.
    """

    def __init__(
        self, values: ArrayLike, mask: Mask1D, store_native: bool, xp: Namespace, error: type[Exception]
    ) -> None:
        name = type(self).__name__
        check_instance(mask, Mask1D, f"{name}.mask", "a Mask1D", error)
        plain = numbers_from(unwrap(values), f"{name}.values", error, unused=mask.array)
        if is_jax_array(plain):
            xp = xp_of(plain)
        self._set_backend(xp)
        super().__init__(_lines.converted_from(plain, mask, store_native, self._xp, f"{name}.values", error), xp=xp)
        self.mask: Mask1D = mask  # pyright: ignore[reportIncompatibleVariableOverride]

    @property
    def values(self) -> Array:
        """The values as a plain array."""
        return self._array

    @property
    def store_native(self) -> bool:
        """Whether the native form is stored, of a mask that has masked pixels."""
        return self._is_native and not self.mask.is_all_false

    @property
    def slim(self) -> Self:
        """The structure in slim form, of shape (pixels in mask,)."""
        if self._is_native:
            return self.with_new_array(self._array[self.mask.native_for_slim])
        return self.with_new_array(self._array)

    @property
    def native(self) -> Self:
        """The structure in native form, of shape (x,), with zeros at masked pixels."""
        slim = self.slim.array
        return self.with_new_array(array_1d_util.array_1d_native_from(slim, self.mask.array, self._xp))

    @property
    def _is_native(self) -> bool:
        return self._array.shape[0] == self.mask.shape_native[0]

    @property
    def geometry(self) -> Geometry1D:  # pyright: ignore[reportIncompatibleMethodOverride]
        """How the pixels lie in scaled coordinates."""
        return self.mask.geometry

    @property
    def derive_mask(self) -> DeriveMask1D:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Masks derived from the mask."""
        return self.mask.derive_mask

    @property
    def derive_grid(self) -> DeriveGrid1D:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Grids of the mask's pixel centres."""
        return self.mask.derive_grid

    @property
    def unmasked_grid(self) -> Grid1D:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The centres of all pixels of the mask, masked or not."""
        return self.mask.derive_grid.all_false

    @property
    def pixel_area(self) -> NoReturn:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Nothing: the pixels of a line have a length, which is `pixel_scale`.

        Raises
        ------
        exc.GridException
            Always.
        """
        raise exc.GridException(
            f"{type(self).__name__}: expected a 2D structure, whose pixels have an area, found one of shape "
            f"{tuple(self.mask.shape_native)}"
        )

    @property
    def total_area(self) -> float:
        """Nothing: the pixels of a line have no area (`pixel_area`)."""
        return self.pixel_area

    def trimmed_after_convolution_from(self, kernel_shape: Any) -> NoReturn:
        """Nothing: only 2D structures are padded for a convolution.

        Raises
        ------
        exc.ArrayException
            Always.
        """
        raise exc.ArrayException(
            f"{type(self).__name__}: expected a 2D structure, which is padded before a convolution with a kernel of "
            f"shape {kernel_shape}, found one of shape {tuple(self.mask.shape_native)}"
        )

    def _repr_parts(self) -> list[str]:
        return [line.backend(self), line.array(self), f"native {line.grid_of(vars(self).get('mask'))}"]


def values_1d_from(values: ArrayLike, name: str, error: type[Exception]) -> Any:
    """Values as a plain 1D array of either backend, or an error."""
    plain = numbers_from(unwrap(values), name, error)
    if plain.ndim != 1 or plain.shape[0] == 0:
        raise error(f"{name}: expected a 1D array with at least one value, found shape {tuple(plain.shape)}")
    return plain if is_jax_array(plain) else np.asarray(plain)
