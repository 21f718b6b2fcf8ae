"""The light of a lens galaxy: a Sersic profile, fitted where the lensed source is not.

Without it the mesh would have to explain the lens galaxy as light of the source.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import autoarray as aa
from serialization._cli.demo.lens import Lens

# The arcs lie between these multiples of the Einstein radius, and are left out.
ARCS = (0.65, 1.55)
SUB_SIZE = 5


@dataclass(frozen=True)
class Sersic:
    """An elliptical Sersic profile (Sersic 1968), seen through the PSF."""

    centre: tuple[float, float]
    ellipticity: tuple[float, float]
    effective_radius: float
    index: float

    @property
    def axis_ratio(self) -> float:
        """Minor over major axis."""
        size = float(np.hypot(*self.ellipticity))
        return (1.0 - size) / (1.0 + size)

    @property
    def angle(self) -> float:
        """Position angle of the major axis, in radians counter-clockwise from x."""
        return 0.5 * float(np.arctan2(self.ellipticity[1], self.ellipticity[0]))

    def brightness_from(self, y: np.ndarray, x: np.ndarray) -> np.ndarray:
        """The surface brightness relative to that at the effective radius."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        along = cos * (x - self.centre[1]) + sin * (y - self.centre[0])
        across = cos * (y - self.centre[0]) - sin * (x - self.centre[1])
        radius = np.sqrt(self.axis_ratio * along**2 + across**2 / self.axis_ratio)
        # The series of Ciotti & Bertin 1999 (A&A 352, 447) for the constant that makes the
        # effective radius enclose half of the light.
        b = 2.0 * self.index - 1.0 / 3.0 + 0.009876 / self.index
        return np.exp(-b * ((radius / self.effective_radius) ** (1.0 / self.index) - 1.0))


def subtract_lens_light(dataset: aa.Imaging, lens: Lens, mask_radius: float) -> tuple[aa.Imaging, Sersic]:
    """The unmasked image without the light of the lens galaxy, and the profile that was subtracted."""
    from scipy.optimize import least_squares
    from scipy.signal import fftconvolve

    data, noise_map = (np.asarray(array.native.array, dtype=float) for array in (dataset.data, dataset.noise_map))
    kernel = np.ones((1, 1)) if dataset.psf is None else np.asarray(dataset.psf.kernel.native.array, dtype=float)
    scale_y, scale_x = dataset.pixel_scales
    y = ((data.shape[0] - 1) / 2 - np.arange(data.shape[0]))[:, None] * scale_y
    x = (np.arange(data.shape[1]) - (data.shape[1] - 1) / 2)[None, :] * scale_x
    radius = np.hypot(y - lens.centre[0], x - lens.centre[1])
    inner, outer = (factor * lens.einstein_radius for factor in ARCS)
    used = ((radius < inner) | (radius > outer)) & (radius < mask_radius)
    offsets = (np.arange(SUB_SIZE) + 0.5) / SUB_SIZE - 0.5

    def profile(parameters: np.ndarray) -> Sersic:
        centre_y, centre_x, e1, e2, log_radius, index = (float(value) for value in parameters)
        return Sersic((centre_y, centre_x), (e1, e2), float(np.exp(log_radius)), index)

    def image(sersic: Sersic) -> np.ndarray:
        light = np.zeros(data.shape)
        for offset_y in offsets * scale_y:
            for offset_x in offsets * scale_x:
                light += sersic.brightness_from(y + offset_y, x + offset_x)
        blurred = fftconvolve(light, kernel, mode="same")
        # The brightness is linear, so it is solved for rather than searched.
        weight = np.where(used, blurred / noise_map**2, 0.0)
        return blurred * max(float((weight * data).sum() / (weight * blurred).sum()), 0.0)

    solution = least_squares(
        lambda parameters: ((data - image(profile(parameters))) / noise_map)[used],
        x0=[*lens.centre, 0.0, 0.01, np.log(0.5 * lens.einstein_radius), 3.0],
        x_scale=[0.05, 0.05, 0.1, 0.1, 0.3, 0.5],
        bounds=(
            [lens.centre[0] - 0.5, lens.centre[1] - 0.5, -0.6, -0.6, np.log(0.01), 0.5],
            [lens.centre[0] + 0.5, lens.centre[1] + 0.5, 0.6, 0.6, np.log(20.0), 8.0],
        ),
        max_nfev=60,
        ftol=1e-6,
        xtol=1e-6,
    )
    sersic = profile(solution.x)
    without = aa.Array2D.no_mask(values=data - image(sersic), pixel_scales=dataset.pixel_scales)
    return (
        aa.Imaging(
            data=without,
            noise_map=dataset.noise_map,
            psf=dataset.psf,
            over_sample_size_lp=dataset.over_sample_size_lp,
            over_sample_size_pixelization=dataset.over_sample_size_pixelization,
        ),
        sersic,
    )
