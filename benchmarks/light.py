"""The light of a lens galaxy as linear Gaussians, beside the pixelized source.

Three sets of Gaussians, usually of twenty each, from widths far below a pixel to the radius of the mask: two of
different ellipticity about one centre, and one about a centre beside it. Only worker processes import it.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
from problem import SUB_SIZE, aa

# The smallest and the largest width of a set, in arc-seconds.
WIDTHS = 0.01, 3.5
# The centre (y, x) in arc-seconds, and the two components of the ellipticity, of each set.
PROFILES = np.array([[0.013, -0.021, 0.0, 0.05], [0.013, -0.021, 0.1, -0.06], [0.08, 0.05, 0.02, 0.11]])
GAUSSIANS = 60


class Gaussians(aa.AbstractLinearObjFuncList):
    """Gaussians about one centre, convolved with the light from around the mask too.

    Parameters
    ----------
    dataset
        Its grids for light profiles, blurring grid and PSF are used.
    profile
        The centre and the ellipticity, of shape (4,): a row like those of `PROFILES`.
    number
        How many widths there are, from the first to the second of `WIDTHS`.
    """

    def __init__(self, dataset: Any, profile: Any, xp: ModuleType = np, number: int = 20) -> None:
        super().__init__(grid=dataset.grids.lp, regularization=None, xp=xp)
        self.widths = np.geomspace(*WIDTHS, number)
        self.blurring_grid, self.psf, self.profile = dataset.grids.blurring, dataset.psf, profile

    @property
    def params(self) -> int:
        return self.widths.size

    def light_from(self, positions: np.ndarray) -> Any:
        """The light of each Gaussian at (y, x) positions of shape (N, 2), of shape (N, params)."""
        xp = self._xp
        y, x = positions[:, 0] - self.profile[0], positions[:, 1] - self.profile[1]
        e1, e2 = self.profile[2], self.profile[3]
        size = xp.sqrt(e1**2 + e2**2)
        axis_ratio, angle = (1.0 - size) / (1.0 + size), 0.5 * xp.arctan2(e1, e2)
        along, across = x * xp.cos(angle) + y * xp.sin(angle), y * xp.cos(angle) - x * xp.sin(angle)
        squared = axis_ratio * along**2 + across**2 / axis_ratio
        return xp.exp(-0.5 * squared[:, None] / self.widths**2)

    @property
    def mapping_matrix(self) -> Any:
        light = self.light_from(np.asarray(self.grid.over_sampled.array))
        return light.reshape(-1, SUB_SIZE**2, self.params).mean(axis=1)

    @property
    def operated_mapping_matrix_override(self) -> Any:
        return self.psf.convolved_mapping_matrix_from(
            mapping_matrix=self.mapping_matrix,
            mask=self.grid.mask,
            blurring_mapping_matrix=self.light_from(np.asarray(self.blurring_grid.array)),
            blurring_mask=self.blurring_grid.mask,
            xp=self._xp,
        )


def profiles_from(index: int) -> np.ndarray:
    """The profiles of evaluation `index`, of shape (sets, 4); they change with the index, like the lens."""
    return PROFILES + 0.001 * np.sin(1.0 + 2.7 * index + np.arange(PROFILES.size).reshape(PROFILES.shape))


def functions_from(dataset: Any, profiles: Any, xp: ModuleType = np, gaussians: int = GAUSSIANS) -> list[Gaussians]:
    """The linear objects of the profiles, of shape (sets, 4), with as many Gaussians in all; a multiple of the sets."""
    return [Gaussians(dataset, profiles[i], xp, gaussians // len(PROFILES)) for i in range(len(PROFILES))]
