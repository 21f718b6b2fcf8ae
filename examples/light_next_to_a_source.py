"""The light of a lens galaxy, as Gaussians with linear amplitudes, next to the pixelized source behind it.

One inversion solves for both.

python examples/light_next_to_a_source.py
"""

import numpy as np
import simulated

import autoarray as aa


class Gaussians(aa.AbstractLinearObjFuncList):
    """Round Gaussians of several widths at the centre of the image; the inversion solves for their amplitudes."""

    def __init__(self, imaging, sigmas, xp=np):
        super().__init__(grid=imaging.grids.lp, regularization=None, xp=xp)
        self.blurring_grid = imaging.grids.blurring
        self.psf = imaging.psf
        self.sigmas = sigmas

    @property
    def params(self):
        return len(self.sigmas)

    def light_from(self, positions):
        squared = self._xp.sum(self._xp.asarray(positions) ** 2, axis=1)
        return self._xp.stack([self._xp.exp(-0.5 * squared / sigma**2) for sigma in self.sigmas], axis=1)

    @property
    def mapping_matrix(self):
        return self.light_from(self.grid.array)

    @property
    def operated_mapping_matrix_override(self):
        """The convolved images, with the light that the PSF carries into the mask from around it."""
        return self.psf.convolved_mapping_matrix_from(
            mapping_matrix=self.mapping_matrix,
            mask=self.grid.mask,
            blurring_mapping_matrix=self.light_from(self.blurring_grid.array),
            blurring_mask=self.blurring_grid.mask,
            xp=self._xp,
        )


def main():
    imaging = simulated.dataset()
    functions = Gaussians(imaging, sigmas=[0.1, 0.3])
    # The simulated image has no lens light: this adds 3.0 of the narrow Gaussian and 1.5 of the wide one.
    light = functions.operated_mapping_matrix_override @ np.array([3.0, 1.5])
    imaging = aa.Imaging(
        data=imaging.data + aa.Array2D(values=light, mask=imaging.mask),
        noise_map=imaging.noise_map,
        psf=imaging.psf,
        over_sample_size_pixelization=2,
    )

    (mapper,) = simulated.fit_from(imaging).inversion.linear_obj_list
    functions = Gaussians(imaging, sigmas=[0.1, 0.3])
    inversion = aa.Inversion(dataset=imaging, linear_obj_list=[functions, mapper])
    fit = aa.FitImaging(dataset=imaging, inversion=inversion)

    amplitudes = inversion.reconstruction_dict[functions]
    print("amplitudes of the lens light:", np.round(amplitudes, 2), "(true: 3.0 and 1.5)")
    print(f"log evidence: {fit.log_evidence:.4f}")
    for linear_obj, image in inversion.mapped_reconstructed_operated_data_dict.items():
        print(f"{type(linear_obj).__name__:<10} flux in the mask: {image.array.sum():8.2f}")
    (mapping,) = inversion.mappings_from(total_clumps=1, weight_threshold=0.2)
    print(f"the source's brightest clump has {len(mapping.image_regions)} images, at")
    for region in mapping.image_regions:
        print(f"    y, x = {region.centre[0]:6.2f}, {region.centre[1]:6.2f} arcsec; {region.area():.3f} square arcsec")
    assert np.allclose(amplitudes, [3.0, 1.5], atol=0.3)


if __name__ == "__main__":
    main()
