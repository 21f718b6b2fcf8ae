"""Image meshes whose vertices are denser where an image is brighter."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from autoarray import exc
from autoarray._backend import numbers_from
from autoarray._validation import check_memory, check_number
from autoarray.abstract_ndarray import unwrap
from autoarray.inversion.mesh.image_mesh.abstract import AbstractImageMesh
from autoarray.structures.arrays.uniform_2d import Array2D

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D


class AbstractImageMeshWeighted(AbstractImageMesh):
    """An image mesh that follows the weights of an image.

    Parameters
    ----------
    pixels
        The number of vertices; a number that is not whole, as a search may propose, is cut off.
    weight_floor
        The least weight, as a share of the greatest one, which is 1.
    weight_power
        What the share of the brightest pixel is raised to; at 0 all weights are equal.

    Raises
    ------
    ValueError
        If there is less than one pixel or more than memory holds, or a floor or power is not a number from 0 on.
    """

    def __init__(self, pixels: float = 10.0, weight_floor: float = 0.0, weight_power: float = 0.0) -> None:
        name = type(self).__name__
        check_number(pixels, f"{name}.pixels", "at least 1", least=1.0)
        check_memory(int(pixels), 16, f"{name}.pixels", "vertices", ValueError)
        for argument, value in (("weight_floor", weight_floor), ("weight_power", weight_power)):
            check_number(value, f"{name}.{argument}", "a number from 0 on", least=0.0)
        self.pixels = pixels
        self.weight_floor = weight_floor
        self.weight_power = weight_power

    @property
    def uses_adapt_images(self) -> bool:
        return True

    def weight_map_from(self, adapt_data: Array2D | np.ndarray | None) -> np.ndarray:
        """The weight of every pixel of an image: its share of the greatest value, to a power, above a floor.

        Parameters
        ----------
        adapt_data
            The image that is adapted to, of shape (data_pixels,). The absolute of a negative value counts.

        Returns
        -------
        array
            Of the same shape; at most 1 where the greatest value is also the greatest absolute value.

        Raises
        ------
        PixelizationException
            If no value is positive, or one is not finite.
        """
        values = np.abs(self._adapt_values_from(adapt_data))
        return np.maximum((values / self._greatest_from(adapt_data)) ** self.weight_power, self.weight_floor)

    def _greatest_from(self, adapt_data: Array2D | np.ndarray | None) -> float:
        values = self._adapt_values_from(adapt_data)
        if not values.size or not np.isfinite(values).all() or not values.max() > 0.0:
            raise exc.PixelizationException(
                f"{type(self).__name__}.adapt_data: expected an image of finite values, some of them positive, found "
                f"values from {values.min(initial=np.inf)} to {values.max(initial=-np.inf)}"
            )
        return float(values.max())

    def _adapt_values_from(self, adapt_data: Array2D | np.ndarray | None) -> np.ndarray:
        if adapt_data is None:
            raise exc.PixelizationException(
                f"{type(self).__name__}: expected adapt_data, the image that the vertices follow, found None"
            )
        name = f"{type(self).__name__}.adapt_data"
        return np.asarray(numbers_from(unwrap(adapt_data), name, exc.PixelizationException), dtype=float)

    def _check_adapt_data(self, mask: Mask2D, adapt_data: Array2D | None) -> Array2D:
        """The image that is adapted to, or a `PixelizationException` if it can't be."""
        self._check_mask(mask)
        values = self._adapt_values_from(adapt_data)
        if values.shape != (mask.pixels_in_mask,):
            raise exc.PixelizationException(
                f"{type(self).__name__}.adapt_data: expected an image on the {mask.pixels_in_mask} unmasked pixels of "
                f"the mask, found one of shape {values.shape}"
            )
        self._greatest_from(adapt_data)
        return cast(Array2D, adapt_data)
