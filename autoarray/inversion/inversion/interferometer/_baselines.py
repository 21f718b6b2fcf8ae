"""The longest baselines of visibilities, and whether the pixels of an image fit them."""

from __future__ import annotations

import numpy as np

from autoarray import exc
from autoarray._warnings import warn
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators._fourier.lattice import ARCSECOND, bounding_box


class LongestBaselines:
    """The longest of the frequencies (u, v) that were added, in wavelengths."""

    def __init__(self) -> None:
        self.of_axes = np.zeros(2)
        self.distance = 0.0

    def add(self, uv_wavelengths: np.ndarray) -> None:
        """Add frequencies of shape (n, 2)."""
        if len(uv_wavelengths):
            self.of_axes = np.maximum(self.of_axes, np.abs(uv_wavelengths).max(axis=0))
            self.distance = max(self.distance, float(np.hypot(*uv_wavelengths.T).max()))

    def warn_of_scales(self, mask: Mask2D) -> None:
        """Warn of baselines that do not fit the pixels: far too short for the field, or too long for their scale."""
        y0, y1, x0, x1 = bounding_box(mask)
        dy, dx = (scale * ARCSECOND for scale in mask.pixel_scales)
        field = max((x1 - x0) * dx, (y1 - y0) * dy)
        # The longest baselines of ALMA, 16 km, taken for wavelengths have 0.4 fringes across 5 arc-seconds; data that
        # resolve what is in a field have more than one.
        if 0.0 < self.distance * field < 0.5:
            warn(
                f"uv_wavelengths: the longest baseline, {self.distance:.4g} wavelengths, has "
                f"{self.distance * field:.2g} fringes across the {field / ARCSECOND:.3g} arc-seconds of the real-space "
                "mask, and resolves nothing there; are these metres? Divide them by the wavelength in metres",
                exc.DatasetWarning,
            )
        u, v = self.of_axes
        if max(u * dx, v * dy) > 0.5:
            longest = max(u, v)
            warn(
                f"real_space_mask: its pixels of {mask.pixel_scales} arc-seconds are too coarse for the longest "
                f"baseline, {longest:.4g} wavelengths (Nyquist); make it with pixel_scales of "
                f"{0.5 / longest / ARCSECOND:.3g} arc-seconds or less",
                exc.DatasetWarning,
            )
