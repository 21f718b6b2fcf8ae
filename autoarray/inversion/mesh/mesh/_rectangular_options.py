"""The options that several rectangular meshes share, checked, and the weights that follow an image."""

from __future__ import annotations

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, is_tracer, numbers_from
from autoarray._typing import Array, Namespace
from autoarray._validation import check_memory, number_from, whole_from
from autoarray.abstract_ndarray import unwrap
from autoarray.inversion.mesh._transform.cdf import BANDWIDTH, KNOTS
from autoarray.inversion.mesh.mesh.abstract_rectangular import AbstractMeshRectangular
from autoarray.structures.arrays.uniform_2d import Array2D

# No pixel of an adapt image weighs nothing, so that the CDF of the weights rises everywhere.
_LEAST_SIGNAL = 1e-12


class AbstractMeshRectangularKernel(AbstractMeshRectangular):
    """A rectangular mesh with the options of the kernel CDF.

    Parameters
    ----------
    shape
        The number of pixels along (y, x), at least (3, 3).
    bandwidth
        The width of the kernel in mesh pixels (the span of the coordinates over the number of pixels), above 0; None is
        1.0. A small one follows the density of the coordinates closely, a large one makes the mesh more uniform.
    n_knots
        The number of knots of the table that inverts the CDF, at least 2; None is 64.
    respect_small_datasets
        Whether the shape is cut to at most (16, 16) where PYAUTO_SMALL_DATASETS=1 asks for small datasets.

    Raises
    ------
    MeshException
        If the shape, the bandwidth or the number of knots is out of range.
    """

    def __init__(
        self,
        shape: tuple[int, int] = (3, 3),
        bandwidth: float | None = None,
        n_knots: int | None = None,
        respect_small_datasets: bool = True,
    ) -> None:
        super().__init__(shape=shape, respect_small_datasets=respect_small_datasets)
        self.bandwidth, self.n_knots = kernel_options_from(bandwidth, n_knots, type(self).__name__)


class AbstractMeshRectangularAdaptImage(AbstractMeshRectangular):
    """A rectangular mesh whose pixels are small where an image of the source, the adapt image, is bright.

    Parameters
    ----------
    shape
        The number of pixels along (y, x), at least (3, 3).
    weight_power
        The power of the adapt image that weighs the coordinates: higher values follow bright regions more.
    weight_floor
        The least weight, after the power and before the weights are scaled to add up to 1. JAX may trace both.
    respect_small_datasets
        Whether the shape is cut to at most (16, 16) where PYAUTO_SMALL_DATASETS=1 asks for small datasets.

    Raises
    ------
    MeshException
        If the shape is too small, or the power or floor is not a finite number (at least 0 for the floor).
    """

    def __init__(
        self,
        shape: tuple[int, int] = (3, 3),
        weight_power: float = 1.0,
        weight_floor: float = 0.0,
        respect_small_datasets: bool = True,
    ) -> None:
        super().__init__(shape=shape, respect_small_datasets=respect_small_datasets)
        name = type(self).__name__
        error = exc.MeshException
        self.weight_power = number_from(weight_power, f"{name}.weight_power", "a finite number", error=error)
        self.weight_floor = number_from(
            weight_floor, f"{name}.weight_floor", "a finite number of at least 0", error=error, least=0.0
        )

    def mesh_weight_map_from(self, adapt_data: Array2D | None, xp: Namespace = np) -> Array:
        """The weights of the data coordinates, of shape (N,), which add up to 1.

        Parameters
        ----------
        adapt_data
            The adapt image: one value for each of the N pixels of the data, of which those below 1e-12 count as that.
        xp
            `numpy` or `jax.numpy`.

        Raises
        ------
        MeshException
            If there is no adapt image.
        """
        weights = xp.maximum(self._powered_image_from(adapt_data, xp), self.weight_floor)
        return weights / xp.sum(weights)

    def _powered_image_from(self, adapt_data: Array2D | None, xp: Namespace) -> Array:
        if adapt_data is None:
            raise exc.MeshException(
                f"{type(self).__name__}: adapt_data: expected an image of the source, which this mesh adapts to, found "
                "None"
            )
        values = numbers_from(unwrap(adapt_data), f"{type(self).__name__}: adapt_data", exc.MeshException)
        return xp.maximum(as_array(values, xp), _LEAST_SIGNAL) ** self.weight_power


def kernel_options_from(bandwidth: float | None, n_knots: int | None, name: str) -> tuple[float, int]:
    """The bandwidth and the number of knots of a mesh called `name`, with their defaults for None.

    Raises
    ------
    MeshException
        If one of them is out of range.
    """
    if is_tracer(bandwidth):
        raise exc.MeshException(f"{name}.bandwidth: expected a number, found {bandwidth!r}: it can't be traced by JAX")
    error = exc.MeshException
    given = BANDWIDTH if bandwidth is None else bandwidth
    width = number_from(given, f"{name}.bandwidth", "a finite number above 0", error=error, above=0.0)
    knots = whole_from(KNOTS if n_knots is None else n_knots, f"{name}.n_knots", 2, error)
    check_memory(knots, 16, f"{name}.n_knots", "a table", error)
    return width, knots
