"""What all image meshes share: the vertices of a mesh, chosen in the image plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._state import State
from autoarray._validation import check_memory, check_number, check_numbers, check_object, whole_from
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids import grid_2d_util
from autoarray.structures.grids.irregular_2d import Grid2DIrregular

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D


def append_with_circle_edge_points(
    image_plane_mesh_grid: Grid2DIrregular, centre: tuple[float, float], radius: float, n_points: int
) -> Grid2DIrregular:
    """A grid with evenly spaced points on a circle appended, such as vertices that are then fixed to zero.

    Parameters
    ----------
    image_plane_mesh_grid
        The (y, x) vertices, of shape (pixels, 2), in arc-seconds.
    centre, radius
        The circle, in arc-seconds.
    n_points
        How many points; the first one is at the greatest x, the others follow counter-clockwise.

    Returns
    -------
    Grid2DIrregular
        Of shape (pixels + n_points, 2).

    Raises
    ------
    PixelizationException
        If the circle is not of finite numbers, or `n_points` is not a whole number of at least 0.
    """
    error = exc.PixelizationException
    check_numbers(centre, "centre", "a scaled coordinate (y, x)", 2, error=error)
    check_number(radius, "radius", "a finite number of at least 0", error=error, least=0.0)
    n_points = whole_from(n_points, "n_points", 0, error)
    check_memory(n_points, 16, "n_points", "coordinates", error)
    grid = Grid2DIrregular(image_plane_mesh_grid).array
    angle = 2.0 * np.pi * np.arange(n_points) / max(n_points, 1)
    circle = np.stack((centre[0] + radius * np.sin(angle), centre[1] + radius * np.cos(angle)), axis=1)
    return Grid2DIrregular(values=np.concatenate((np.asarray(grid), circle)))


class AbstractImageMesh(State):
    """How the vertices of a mesh are chosen in the image plane, before they are traced to the source plane.

    An image mesh sets a fit up: it computes with NumPy, once, on the mask and on an image that is adapted to, which are
    both fixed. The grid that it returns feeds either backend.
    """

    @property
    def uses_adapt_images(self) -> bool:
        """Whether the vertices follow an image."""
        raise NotImplementedError(f"{type(self).__name__} does not say whether it uses adapt images")

    def image_plane_mesh_grid_from(self, mask: Mask2D, adapt_data: Array2D | None = None) -> Grid2DIrregular:
        """The (y, x) vertices in the image plane, of shape (pixels, 2), in arc-seconds.

        Parameters
        ----------
        mask
            The mask of the data.
        adapt_data
            The image that is adapted to, as an `Array2D` on the same mask.
        """
        raise NotImplementedError(f"{type(self).__name__} does not choose vertices")

    def mesh_pixels_per_image_pixels_from(self, mask: Mask2D, mesh_grid: Grid2DIrregular) -> Array2D:
        """How many vertices lie in every unmasked pixel of a mask; vertices outside the image don't count."""
        counts = grid_2d_util.grid_pixels_in_mask_pixels_from(
            grid=mesh_grid,
            shape_native=mask.shape_native,
            pixel_scales=mask.pixel_scales,
            origin=mask.origin,
        )
        return Array2D(values=counts[~np.asarray(mask.array)], mask=mask)

    def _check_mask(self, mask: Mask2D) -> None:
        name = f"{type(self).__name__}.mask"
        check_object(mask, "pixels_in_mask", name, "a Mask2D", exc.PixelizationException)
        if not mask.pixels_in_mask:
            raise exc.PixelizationException(
                f"{type(self).__name__}: expected a mask with unmasked pixels, found one of shape "
                f"{mask.shape_native} without"
            )
