"""Vertices along a space-filling curve, denser where an image is brighter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray._typing import PixelScales
from autoarray.inversion.mesh.image_mesh.abstract_weighted import AbstractImageMeshWeighted
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids._hilbert_curve import generate2d, gilbert2d, sgn
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.sparse_2d_util import (
    create_grid_hb_order,
    create_img_and_grid_hb_order,
    inverse_transform_sampling_interpolated,
)

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D

__all__ = [
    "Hilbert",
    "generate2d",
    "gilbert2d",
    "grid_hilbert_order_from",
    "image_and_grid_from",
    "inverse_transform_sampling_interpolated",
    "sgn",
]

# The side of the square that the curve fills, in steps of the curve.
HILBERT_LENGTH = 193


def grid_hilbert_order_from(length: int, mask_radius: float) -> tuple[np.ndarray, np.ndarray]:
    """The coordinates of a square grid around the origin, in the order of the curve.

    Parameters
    ----------
    length
        The number of rows and columns.
    mask_radius
        Half the side of the square, in arc-seconds; the coordinates start at its edge.

    Returns
    -------
    tuple
        x and y, each of shape (length**2,).
    """
    return create_grid_hb_order(length=length, mask_radius=mask_radius)


def image_and_grid_from(
    image: Array2D,
    mask: Mask2D,
    mask_radius: float,
    pixel_scales: PixelScales,
    hilbert_length: int,
    mask_centre: tuple[float, float] = (0.0, 0.0),
) -> tuple[np.ndarray, np.ndarray]:
    """An image along the part of the curve that lies in a disc.

    Parameters
    ----------
    image
        The image, as an `Array2D`. Masked pixels count as 0.
    mask
        Its mask.
    mask_radius, mask_centre
        The disc, in arc-seconds.
    pixel_scales
        The size of the pixels of the image, in arc-seconds.
    hilbert_length
        The side of the square that the curve fills, in steps of the curve.

    Returns
    -------
    tuple
        The image, interpolated linearly on the triangles between the centres of pixels, of shape (N,), and the (y, x)
        coordinates along the curve, of shape (N, 2), in arc-seconds.
    """
    return create_img_and_grid_hb_order(
        img_2d=image,
        mask=mask,
        mask_radius=mask_radius,
        pixel_scales=pixel_scales,
        length_hb=hilbert_length,
        mask_centre=mask_centre,
    )


class Hilbert(AbstractImageMeshWeighted):
    """Vertices along a Hilbert curve through a circular mask, at equal steps of the weight along it.

    The curve passes through neighboring places one after the other, so that vertices drawn from it are spread as the
    weights are, without the noise of a random draw. It sets a fit up, with NumPy, and its vertices feed either backend.

    Parameters
    ----------
    pixels, weight_floor, weight_power
        See `AbstractImageMeshWeighted`.
    """

    def image_plane_mesh_grid_from(self, mask: Mask2D, adapt_data: Array2D | None = None) -> Grid2DIrregular:
        """The (y, x) vertices in the image plane, of shape (pixels, 2), in arc-seconds.

        Parameters
        ----------
        mask
            The mask of the data, which is circular.
        adapt_data
            The image that is adapted to, as an `Array2D` on the same mask.

        Raises
        ------
        PixelizationException
            If the mask is not circular or has no unmasked pixels, or if there is no image, it is on another mask, or
            without a positive value.
        """
        adapted = self._check_adapt_data(mask, adapt_data)
        if not mask.is_circular:
            raise exc.PixelizationException(
                f"Hilbert: expected a circular mask, which the curve is drawn through, found {mask.pixels_in_mask} "
                f"unmasked pixels of a mask of shape {mask.shape_native} that form no disc; use Overlay or KMeans"
            )
        image, grid = image_and_grid_from(
            image=adapted,
            mask=mask,
            mask_radius=mask.circular_radius,
            pixel_scales=mask.pixel_scales,
            hilbert_length=HILBERT_LENGTH,
            mask_centre=mask.mask_centre,
        )
        weights = self.weight_map_from(image)
        _, y, x = inverse_transform_sampling_interpolated(
            probabilities=weights / weights.sum(), n_samples=int(self.pixels), gridx=grid[:, 0], gridy=grid[:, 1]
        )
        return Grid2DIrregular(values=np.stack((y, x), axis=1))

    def check_mesh_pixels_per_image_pixels(
        self,
        mask: Mask2D,
        mesh_grid: Grid2DIrregular,
        image_mesh_min_mesh_pixels_per_pixel: float | None = None,
        image_mesh_min_mesh_number: int = 5,
        image_mesh_adapt_background_percent_threshold: float | None = None,
        image_mesh_adapt_background_percent_check: float = 0.8,
    ) -> Grid2DIrregular:
        """Check that the vertices are dense where there are most of them.

        Parameters
        ----------
        mask, mesh_grid
            The mask of the data and the vertices, which are returned.
        image_mesh_min_mesh_pixels_per_pixel
            How many vertices a data pixel must have at least, or None to check nothing.
        image_mesh_min_mesh_number
            In how many data pixels, those with most vertices.
        image_mesh_adapt_background_percent_threshold, image_mesh_adapt_background_percent_check
            Not used; see `check_adapt_background_pixels`.

        Raises
        ------
        InversionException
            If there are fewer.
        """
        if image_mesh_min_mesh_pixels_per_pixel is None:
            return mesh_grid
        counts = np.asarray(self.mesh_pixels_per_image_pixels_from(mask=mask, mesh_grid=mesh_grid).array)
        fewest = np.sort(counts)[-int(image_mesh_min_mesh_number) :].min(initial=np.inf)
        if fewest < image_mesh_min_mesh_pixels_per_pixel:
            raise exc.InversionException(
                f"Hilbert: expected at least {image_mesh_min_mesh_pixels_per_pixel} vertices in each of the "
                f"{image_mesh_min_mesh_number} data pixels with most of them, found {fewest:g}"
            )
        return mesh_grid

    def check_adapt_background_pixels(
        self,
        mask: Mask2D,
        mesh_grid: Grid2DIrregular,
        adapt_data: Array2D,
        image_mesh_min_mesh_pixels_per_pixel: float | None = None,
        image_mesh_min_mesh_number: int = 5,
        image_mesh_adapt_background_percent_threshold: float | None = None,
        image_mesh_adapt_background_percent_check: float = 0.8,
    ) -> None:
        """Check that the faintest part of the image has its share of the vertices.

        Parameters
        ----------
        mask, mesh_grid
            The mask of the data and the vertices.
        adapt_data
            The image that is adapted to.
        image_mesh_min_mesh_pixels_per_pixel, image_mesh_min_mesh_number
            Not used; see `check_mesh_pixels_per_image_pixels`.
        image_mesh_adapt_background_percent_threshold
            The share of the vertices, from 0 to 1, or None to check nothing.
        image_mesh_adapt_background_percent_check
            The share of the data pixels that are the faintest part, from 0 to 1.

        Raises
        ------
        InversionException
            If it has fewer.
        """
        threshold = image_mesh_adapt_background_percent_threshold
        if threshold is None:
            return
        counts = np.asarray(self.mesh_pixels_per_image_pixels_from(mask=mask, mesh_grid=mesh_grid).array)
        faint = np.argsort(self._adapt_values_from(adapt_data), kind="stable")
        faint = faint[: int(image_mesh_adapt_background_percent_check * len(faint))]
        total, in_faintest = mesh_grid.shape[0], counts[faint].sum()
        if in_faintest < threshold * total:
            raise exc.InversionException(
                f"Hilbert: expected at least {threshold:.3g} of the {total} vertices in the faintest "
                f"{image_mesh_adapt_background_percent_check:.3g} of the data pixels, found {in_faintest:g} of them"
            )
