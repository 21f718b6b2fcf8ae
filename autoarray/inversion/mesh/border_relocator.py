"""Relocation of traced coordinates that fall outside the border of the mask.

A coordinate near the centre of a steep deflector can be traced far outside the region that the rest of the mask
covers, and a mesh laid over all coordinates would be stretched by it. The border of the mask, traced to the source
plane, is summarised by an ellipse (its principal axes); what lies outside is moved onto the ellipse along the line to
its centre.
"""

from __future__ import annotations

import numpy as np

from autoarray import exc
from autoarray._backend import as_array
from autoarray._display import line
from autoarray._numerics import compiled
from autoarray._numerics.extrema import greatest
from autoarray._state import State, derived
from autoarray._typing import Array, Namespace, Scalar
from autoarray._validation import check_object
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.over_sampling import over_sample_util
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D

# The relative difference of the second moments along two axes that rounding makes.
ROUND = 1e-13


def ellipse_params_via_border_pca_from(
    border_grid: Array, xp: Namespace = np, eps: float = 1e-12
) -> tuple[Array, Array, Array, Array]:
    """The ellipse along the principal axes of a border that just holds all of its points.

    The axes of a border whose principal axes are equal, such as that of a circular mask behind a spherical lens, are x
    and y.

    Parameters
    ----------
    border_grid
        (y, x) coordinates of shape (M, 2), in arc-seconds.
    eps
        Lower bound of both semi-axes, in arc-seconds.

    Returns
    -------
    tuple
        The centre (y, x), the semi-axes along the first and second principal axis, and the angle of the first,
        counter-clockwise from the x axis in radians.
    """
    origin = xp.mean(border_grid, axis=0)
    y, x = (border_grid - origin).T
    # The principal direction of a 2 x 2 covariance matrix in closed form, which stays differentiable in JAX.
    along_x, along_y, mixed = xp.mean(x * x), xp.mean(y * y), 2.0 * xp.mean(x * y)
    # A border without a preferred direction has no principal axes but in its rounding: it is given those of the sky.
    is_round = xp.hypot(mixed, along_x - along_y) <= ROUND * (along_x + along_y)
    angle = 0.5 * xp.arctan2(xp.where(is_round, 0.0, mixed), xp.where(is_round, 1.0, along_x - along_y))
    cos, sin = xp.cos(angle), xp.sin(angle)
    major = xp.maximum(greatest(xp.abs(x * cos + y * sin), xp), eps)
    minor = xp.maximum(greatest(xp.abs(y * cos - x * sin), xp), eps)
    return origin, major, minor, angle


def relocated_grid_via_ellipse_border_from(
    grid: Array, origin: Array, a: Scalar, b: Scalar, phi: Scalar, xp: Namespace = np, eps: float = 1e-12
) -> Array:
    """Move every coordinate outside an ellipse onto it, along the line to its centre; leave the others as they are.

    Parameters
    ----------
    grid
        (y, x) coordinates of shape (N, 2), in arc-seconds.
    origin, a, b, phi
        The ellipse, as `ellipse_params_via_border_pca_from` returns it.
    """
    cos, sin = xp.cos(phi), xp.sin(phi)
    if xp is np and compiled.is_available():
        from autoarray.inversion.mesh import _border_relocator_numba

        ellipse = (float(value) for value in (*origin, a, b, cos, sin))
        return _border_relocator_numba.relocated(np.ascontiguousarray(grid, dtype=float), *ellipse)
    offset = grid - origin
    y, x = offset.T
    squared = ((x * cos + y * sin) / a) ** 2 + ((y * cos - x * sin) / b) ** 2
    outside = squared > 1.0
    # The inner `where` keeps the derivative of the square root finite at the centre of the ellipse.
    scale = 1.0 / xp.sqrt(xp.where(outside, squared, 1.0))
    return xp.where(outside[:, None], origin + offset * scale[:, None], grid)


class BorderRelocator(State):
    """Relocates traced grids with the border of an image-plane mask.

    Parameters
    ----------
    mask
        The image-plane mask whose border is used.
    sub_size
        The over-sampling of every unmasked pixel.
    """

    def __init__(self, mask: Mask2D, sub_size: int | np.ndarray | Array2D) -> None:
        check_object(mask, "pixels_in_mask", "BorderRelocator.mask", "a Mask2D", exc.MeshException)
        self.mask = mask
        self.sub_size = over_sample_util.over_sample_size_convert_to_array_2d_from(over_sample_size=sub_size, mask=mask)

    @derived
    def border_slim(self) -> np.ndarray:
        """The slim indexes of the border pixels of the mask."""
        return self.mask.derive_indexes.border_slim

    @derived
    def border_grid(self) -> np.ndarray:
        """The (y, x) coordinates of the border pixels, of shape (border_pixels, 2)."""
        return np.asarray(self.mask.derive_grid.border.array)

    @property
    def _sub_grid(self) -> np.ndarray:
        return over_sample_util.grid_2d_slim_over_sampled_via_mask_from(
            mask_2d=self.mask.array,
            pixel_scales=self.mask.pixel_scales,
            sub_size=self.sub_size.array,
            origin=self.mask.origin,
        )

    @derived
    def sub_border_slim(self) -> np.ndarray:
        """The index of the sub-pixel of every border pixel that is furthest from the centre of the mask."""
        slim_for_sub = over_sample_util.slim_index_for_sub_slim_index_via_mask_2d_from(
            mask_2d=self.mask.array, sub_size=self.sub_size.array
        )
        distance = np.hypot(*(self._sub_grid - np.asarray(self.mask.mask_centre)).T)
        # Sorted by pixel and then by falling distance, the first sub-pixel of every pixel is its furthest.
        order = np.lexsort((-distance, slim_for_sub))
        return order[np.searchsorted(slim_for_sub[order], self.border_slim)]

    @derived
    def sub_border_grid(self) -> np.ndarray:
        """The (y, x) coordinates of the sub-pixels of `sub_border_slim`, of shape (border_pixels, 2)."""
        return self._sub_grid[self.sub_border_slim]

    def relocated_grid_from(self, grid: Grid2D, xp: Namespace = np) -> Grid2D:
        """A traced grid, and its over-sampled coordinates, with what lies outside the border moved onto it."""
        ellipse = self._ellipse_from(grid, xp)

        def inside(values: Array) -> Array:
            return relocated_grid_via_ellipse_border_from(as_array(values, xp), *ellipse, xp=xp)

        return Grid2D(
            values=inside(grid.array),
            mask=grid.mask,
            over_sample_size=grid.over_sample_size,
            over_sampled=Grid2DIrregular(inside(grid.over_sampled.array), xp=xp),
            xp=xp,
        )

    def relocated_mesh_grid_from(self, grid: Grid2D, mesh_grid: Grid2DIrregular, xp: Namespace = np) -> Grid2DIrregular:
        """The vertices of a mesh with those outside the border of the traced `grid` moved onto it."""
        values = relocated_grid_via_ellipse_border_from(
            as_array(mesh_grid.array, xp), *self._ellipse_from(grid, xp), xp=xp
        )
        return Grid2DIrregular(values, xp=xp)

    def _ellipse_from(self, grid: Grid2D, xp: Namespace) -> tuple[Array, Array, Array, Array]:
        return ellipse_params_via_border_pca_from(as_array(grid.array, xp)[self.border_slim], xp=xp)

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        return [line.grid_of(state["mask"]), f"sub_size={line.sizes(state['sub_size'])}"]
