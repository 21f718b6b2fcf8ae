"""2D vectors of the pixels of a 2D mask."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from autoarray import exc
from autoarray._backend import numbers_from, xp_of
from autoarray._display import line
from autoarray._typing import Array, ArrayLike, PixelScales
from autoarray._validation import check_instance, shown
from autoarray.abstract_ndarray import unwrap
from autoarray.geometry import geometry_util
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids import grid_2d_util
from autoarray.structures.grids.uniform_2d import Grid2D
from autoarray.structures.vectors.abstract import AbstractVectorYX2D


class VectorYX2D(AbstractVectorYX2D):
    """One vector (y, x) for each unmasked pixel of a mask, such as the deflection angles of an image.

    The vectors have a slim form, of shape (pixels in mask, 2), and a native form, of shape (y, x, 2) with zeros at
    masked pixels.

    Parameters
    ----------
    values
        The vectors in slim or native form. A JAX array makes this an object that computes with JAX.
    grid
        The (y, x) coordinates of the vectors in arc-seconds: a `Grid2D`, or the coordinates of each unmasked pixel.
    mask
        The mask.
    store_native
        Whether the native form is stored.

    Raises
    ------
    exc.VectorYXException
        If the shape of the vectors does not fit the mask, or `mask` is no `Mask2D`.

    Examples
    --------
    >>> import autoarray as aa
    >>> vectors = aa.VectorYX2D.no_mask(values=[[[3.0, 4.0], [0.0, 1.0]]], pixel_scales=0.1)
    >>> vectors.magnitudes.native.array
    array([[5., 1.]])
    """

    def __init__(self, values: ArrayLike, grid: ArrayLike | Grid2D, mask: Mask2D, store_native: bool = False) -> None:
        check_instance(mask, Mask2D, f"{type(self).__name__}.mask", "a Mask2D", exc.VectorYXException)
        vectors = numbers_from(unwrap(values), f"{type(self).__name__}.values", exc.VectorYXException)
        shape = tuple(vectors.shape)
        if shape not in ((mask.pixels_in_mask, 2), (*mask.shape_native, 2)):
            raise exc.VectorYXException(
                f"{type(self).__name__}.values: expected a vector (y, x) for each of the {mask.pixels_in_mask} "
                f"unmasked pixels of a mask of shape {mask.shape_native}, of shape {(mask.pixels_in_mask, 2)} or "
                f"{(*mask.shape_native, 2)}, found shape {shape}"
            )
        xp = xp_of(vectors)
        super().__init__(grid_2d_util.convert_grid_2d(vectors, mask, store_native, xp), xp=xp)
        self.grid = grid if isinstance(grid, Grid2D) else Grid2D(values=grid, mask=mask)
        self.mask = mask

    @classmethod
    def no_mask(
        cls,
        values: ArrayLike,
        pixel_scales: PixelScales,
        shape_native: tuple[int, int] | None = None,
        origin: tuple[float, float] = (0.0, 0.0),
    ) -> Self:
        """Vectors without masked pixels.

        Parameters
        ----------
        values
            The vectors in native form, or in slim form with `shape_native` given.
        pixel_scales
            The scaled units per pixel.
        shape_native
            The (y, x) shape of the native form.
        origin
            The scaled coordinate of the centre of the array.

        Raises
        ------
        exc.VectorYXException
            If the vectors are slim and `shape_native` is not given, or the two disagree.
        """
        vectors = numbers_from(unwrap(values), f"{cls.__name__}.values", exc.VectorYXException)
        if shape_native is None:
            if vectors.ndim != 3:
                raise exc.VectorYXException(
                    f"{cls.__name__}.values: expected vectors in native form, of shape (y, x, 2), or a shape_native, "
                    f"found shape {tuple(vectors.shape)} without it"
                )
            shape_native = (vectors.shape[0], vectors.shape[1])
        mask = Mask2D.all_false(shape_native=shape_native, pixel_scales=pixel_scales, origin=origin)
        return cls(values=vectors, grid=Grid2D.from_mask(mask), mask=mask)

    @classmethod
    def from_mask(cls, values: ArrayLike, mask: Mask2D) -> Self:
        """Vectors in slim or native form of the unmasked pixels of a mask, at the centres of these pixels."""
        check_instance(mask, Mask2D, f"{cls.__name__}.mask", "a Mask2D", exc.VectorYXException)
        return cls(values=values, grid=Grid2D.from_mask(mask), mask=mask)

    @classmethod
    def full(
        cls,
        fill_value: float,
        shape_native: tuple[int, int],
        pixel_scales: PixelScales,
        origin: tuple[float, float] = (0.0, 0.0),
    ) -> Self:
        """Vectors of a shape (y, x) in pixels, with one number for both components everywhere, and no masked pixel."""
        shape = geometry_util.convert_shape_native_2d(shape_native)
        value = numbers_from(fill_value, f"{cls.__name__}.fill_value", exc.VectorYXException)
        if value.ndim:
            raise exc.VectorYXException(f"{cls.__name__}.fill_value: expected a number, found {shown(fill_value)}")
        return cls.no_mask(np.full((*shape, 2), value), pixel_scales, origin=origin)

    @classmethod
    def ones(
        cls, shape_native: tuple[int, int], pixel_scales: PixelScales, origin: tuple[float, float] = (0.0, 0.0)
    ) -> Self:
        """Vectors (1.0, 1.0) of a shape (y, x) in pixels, with no masked pixel."""
        return cls.full(1.0, shape_native, pixel_scales, origin)

    @classmethod
    def zeros(
        cls, shape_native: tuple[int, int], pixel_scales: PixelScales, origin: tuple[float, float] = (0.0, 0.0)
    ) -> Self:
        """Vectors (0.0, 0.0) of a shape (y, x) in pixels, with no masked pixel."""
        return cls.full(0.0, shape_native, pixel_scales, origin)

    @property
    def values(self) -> Array:
        """The vectors as a plain array, in the form that is stored."""
        return self._array

    @property
    def slim(self) -> Self:
        """The vectors in slim form, of shape (pixels in mask, 2)."""
        return self.with_new_array(grid_2d_util.convert_grid_2d_to_slim(self._array, self.mask, self._xp))

    @property
    def native(self) -> Self:
        """The vectors in native form, of shape (y, x, 2), with zeros at masked pixels."""
        return self.with_new_array(grid_2d_util.convert_grid_2d_to_native(self._array, self.mask))

    def apply_mask(self, mask: Mask2D) -> Self:
        """The vectors on another mask of the same shape, at the centres of its pixels; those that were masked are 0."""
        return type(self).from_mask(values=self.native.array, mask=mask)

    @property
    def magnitudes(self) -> Array2D:
        """The length of each vector, on the mask."""
        y, x = self._components
        return self._array_2d(self._xp.sqrt(y**2 + x**2))

    @property
    def y(self) -> Array2D:
        """The y component of each vector, on the mask."""
        return self._array_2d(self._components[0])

    @property
    def x(self) -> Array2D:
        """The x component of each vector, on the mask."""
        return self._array_2d(self._components[1])

    def _array_2d(self, values: Array) -> Any:
        return Array2D(values=values, mask=self.mask, xp=self._xp)

    def _repr_parts(self) -> list[str]:
        return [line.backend(self), line.array(self), f"native {line.grid_of(vars(self).get('mask'))}"]
