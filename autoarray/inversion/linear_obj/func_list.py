# pyright: strict, reportMissingTypeStubs=false
"""Analytic functions as a linear object, such as the light profiles of a galaxy next to a pixelized source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autoarray._display import line
from autoarray._state import derived
from autoarray._typing import Namespace
from autoarray.inversion.linear_obj._neighbors import Neighbors
from autoarray.inversion.linear_obj.linear_obj import LinearObj
from autoarray.inversion.linear_obj.unique_mappings import UniqueMappings
from autoarray.settings import Settings, settings_from

if TYPE_CHECKING:
    from autoarray.inversion.regularization.abstract import AbstractRegularization
    from autoarray.structures.grids.uniform_2d import Grid2D


class AbstractLinearObjFuncList(LinearObj):
    """A list of functions of position, whose amplitudes an inversion solves for.

    A subclass says how many functions there are (`params`) and what their images are (`mapping_matrix`, of shape
    (data_pixels, params), one column for each function). The inversion convolves these images with the PSF, which
    leaves out the light that the PSF carries into the mask from outside it. A subclass that knows this light too gives
    the convolved images in `operated_mapping_matrix_override`; `mapping_matrix` is then only what the images are before
    the PSF. With a PSF that is sampled more finely than the data the override is needed.

    Parameters
    ----------
    grid
        The (y, x) coordinates that the functions are evaluated at, in arc-seconds.
    regularization
        A scheme that smooths the amplitudes along the list, or None, as is usual. Without one the amplitudes take no
        part in the regularization term and the log determinants of the evidence, and a small value
        (`Settings.no_regularization_add_to_curvature_diag_value`) is added to their diagonal of the curvature matrix.
    settings
        How the inversion is solved; the defaults if None.
    xp
        `numpy` or `jax.numpy`, the same as the inversion's.
    """

    def __init__(
        self,
        grid: Grid2D,
        regularization: AbstractRegularization | None,
        settings: Settings | None = None,
        xp: Namespace = np,
    ) -> None:
        super().__init__(regularization=regularization, xp=xp)
        self.grid = grid
        self.settings = settings_from(settings, f"{type(self).__name__}.settings")

    @derived
    def neighbors(self) -> Neighbors:  # pyright: ignore[reportIncompatibleMethodOverride] (a property that is kept)
        """The functions before and after each function in the list."""
        index = np.arange(self.params)
        around = np.stack((index - 1, index + 1), axis=1)
        inside = (around >= 0) & (around < self.params)
        # The neighbors in use go to the front.
        order = np.argsort(~inside, axis=1, kind="stable")
        neighbors = np.take_along_axis(np.where(inside, around, -1), order, axis=1)
        return Neighbors(arr=neighbors, sizes=inside.sum(axis=1))

    @derived
    def unique_mappings(self) -> UniqueMappings:  # pyright: ignore[reportIncompatibleMethodOverride] (likewise)
        """Every data pixel mapped to the function of index 0 with a weight of 1.

        A function has light in every data pixel, so that there is nothing to collect. Code that walks through all
        linear objects of an inversion takes these mappings as placeholders.
        """
        pixels, sub_size = self._sub_sizes.size, self._sub_sizes
        shape = (pixels, int(sub_size.max(initial=1)) ** 2)
        data_to_pix_unique = np.full(shape, -1)
        data_to_pix_unique[:, 0] = 0
        data_weights = np.zeros(shape)
        data_weights[:, 0] = 1.0
        return UniqueMappings(
            data_to_pix_unique=data_to_pix_unique,
            data_weights=data_weights,
            pix_lengths=np.ones(pixels, dtype=int),
        )

    @property
    def _sub_sizes(self) -> np.ndarray:
        """The sub-pixels along an axis of each data pixel; of a grid without over-sampling, 1."""
        over_sampler = getattr(self.grid, "over_sampler", None)
        if over_sampler is None:
            return np.ones(self.grid.shape[0], dtype=int)
        return np.asarray(over_sampler.sub_size.array)

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        grid = f"{line.array(state['grid'])} arcsec"
        return [line.backend(self), grid, line.compact(state["regularization"])]
