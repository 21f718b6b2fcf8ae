"""Vertices at the centres of clusters of data pixels, denser where an image is brighter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray import exc
from autoarray.inversion.mesh.image_mesh.abstract_weighted import AbstractImageMeshWeighted
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D

# The clusters are found from one start, which is always the same, in few steps.
SEED, STARTS, STEPS = 1, 1, 5


class KMeans(AbstractImageMeshWeighted):
    """Vertices at the centres of weighted clusters of the data pixels, as scikit-learn's `KMeans` finds them.

    Needs scikit-learn, the extra `kmeans`. The same release of it gives the same vertices at every call. It sets a fit
    up, with NumPy, and its vertices feed either backend.

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
            The mask of the data.
        adapt_data
            The image that is adapted to, as an `Array2D` on the same mask.

        Raises
        ------
        ImportError
            If scikit-learn is not installed.
        PixelizationException
            If the mask has fewer unmasked pixels than there are to be vertices, or if there is no image, it is on
            another mask, or without a positive value.
        """
        self._check_adapt_data(mask, adapt_data)
        if int(self.pixels) > mask.pixels_in_mask:
            raise exc.PixelizationException(
                f"KMeans.pixels: expected at most {mask.pixels_in_mask} clusters of the {mask.pixels_in_mask} unmasked "
                f"pixels, found {self.pixels}; use fewer, or Hilbert, which has no such limit"
            )
        try:
            from sklearn.cluster import KMeans as Clusters
        except ImportError as error:
            raise ImportError(
                "KMeans finds its vertices with scikit-learn, which is not installed: "
                'pip install "autoarray-portable[kmeans]"'
            ) from error
        clusters = Clusters(n_clusters=int(self.pixels), random_state=SEED, n_init=STARTS, max_iter=STEPS)  # type: ignore[arg-type]
        clusters.fit(X=np.asarray(mask.derive_grid.unmasked.array), sample_weight=self.weight_map_from(adapt_data))
        return Grid2DIrregular(values=np.asarray(clusters.cluster_centers_))
