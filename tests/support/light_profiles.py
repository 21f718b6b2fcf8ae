"""Gaussian light profiles as a list of linear functions, which an inversion solves the amplitudes of."""

from __future__ import annotations

import numpy as np

import autoarray as aa


class GaussianList(aa.AbstractLinearObjFuncList):
    """Elliptical Gaussians of several widths about one centre.

    With `blurring_grid` and `psf` the images are convolved with the light around the mask too; without, the inversion
    convolves what is inside the mask.
    """

    def __init__(
        self,
        grid,
        sigmas,
        centre=(0.013, -0.021),
        axis_ratio=0.8,
        blurring_grid=None,
        psf=None,
        regularization=None,
        xp=np,
    ):
        super().__init__(grid=grid, regularization=regularization, xp=xp)
        self.sigmas = list(sigmas)
        self.centre = centre
        self.axis_ratio = axis_ratio
        self.blurring_grid = blurring_grid
        self.psf = psf

    @property
    def params(self):
        return len(self.sigmas)

    def light_from(self, positions):
        """The light of each Gaussian at (y, x) positions of shape (N, 2), of shape (N, params)."""
        positions = np.asarray(getattr(positions, "array", positions))
        y, x = positions[:, 0] - self.centre[0], (positions[:, 1] - self.centre[1]) / self.axis_ratio
        squared = y**2 + x**2
        return self._xp.stack([self._xp.exp(-0.5 * squared / sigma**2) for sigma in self.sigmas], axis=1)

    @property
    def mapping_matrix(self):
        light = self.light_from(self.grid.over_sampled)
        sub_size = int(np.asarray(self.grid.over_sampler.sub_size.array)[0])
        return light.reshape(-1, sub_size**2, self.params).mean(axis=1)

    @property
    def operated_mapping_matrix_override(self):
        if self.psf is None:
            return None
        return self.psf.convolved_mapping_matrix_from(
            mapping_matrix=self.mapping_matrix,
            mask=self.grid.mask,
            blurring_mapping_matrix=self.light_from(self.blurring_grid),
            blurring_mask=self.blurring_grid.mask,
            xp=self._xp,
        )
