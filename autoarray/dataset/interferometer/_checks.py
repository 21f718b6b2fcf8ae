"""What an interferometer's dataset refuses, and what it warns of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._backend import is_tracer
from autoarray._validation import shown
from autoarray._warnings import warn
from autoarray.inversion.inversion.interferometer._noise import noise_parts_from
from autoarray.operators._fourier.lattice import ARCSECOND, bounding_box
from autoarray.structures.visibilities import AbstractVisibilities

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D


def check_visibilities(data: Any, noise_map: Any, uv_wavelengths: np.ndarray) -> None:
    """Refuse visibilities, noise and frequencies that are not of one length, or hold what no fit can use."""
    for name, values in (("data", data), ("noise_map", noise_map)):
        if not isinstance(values, AbstractVisibilities):
            raise exc.DatasetException(
                f"Interferometer.{name}: expected Visibilities (of a complex array), found {shown(values)}"
            )
    lengths = (data.shape_slim, noise_map.shape_slim, len(uv_wavelengths))
    if len(set(lengths)) > 1:
        raise exc.DatasetException(
            "Interferometer: expected data, noise_map and uv_wavelengths of the same length, found "
            f"{lengths[0]}, {lengths[1]} and {lengths[2]} visibilities"
        )
    if not lengths[0]:
        raise exc.DatasetException("Interferometer.data: expected at least one visibility, found none")
    if not is_tracer(data.array) and not np.isfinite(np.asarray(data.array)).all():
        first = int(np.flatnonzero(~np.isfinite(np.asarray(data.array)))[0])
        raise exc.DatasetException(
            f"Interferometer.data: expected finite numbers, found {data.array[first]} at visibility {first}"
        )
    if not is_tracer(noise_map.array):
        noise_parts_from(noise_map, "Interferometer.noise_map")


def warn_of_scales(uv_wavelengths: np.ndarray, mask: Mask2D) -> None:
    """Warn of baselines that do not fit the pixels: far too short for the field, or too long for the pixel scale."""
    if not len(uv_wavelengths):
        return
    longest = np.abs(uv_wavelengths).max(axis=0)  # of u, of v
    y0, y1, x0, x1 = bounding_box(mask)
    dy, dx = (scale * ARCSECOND for scale in mask.pixel_scales)
    field = max((x1 - x0) * dx, (y1 - y0) * dy)
    distance = float(np.hypot(*uv_wavelengths.T).max())
    # The longest baselines of ALMA, 16 km, taken for wavelengths have 0.4 fringes across 5 arc-seconds; data that
    # resolve what is in a field have more than one.
    if 0.0 < distance * field < 0.5:
        warn(
            f"uv_wavelengths: the longest baseline, {distance:.4g} wavelengths, has {distance * field:.2g} fringes "
            f"across the {field / ARCSECOND:.3g} arc-seconds of the real-space mask, and resolves nothing there; are "
            "these metres? Divide them by the wavelength in metres",
            exc.DatasetWarning,
        )
    turns = max(longest[0] * dx, longest[1] * dy)
    if turns > 0.5:
        finest = 0.5 / max(longest[0], longest[1]) / ARCSECOND
        warn(
            f"real_space_mask: its pixels of {mask.pixel_scales} arc-seconds are too coarse for the longest baseline, "
            f"{max(longest):.4g} wavelengths (Nyquist); make it with pixel_scales of {finest:.3g} arc-seconds or less",
            exc.DatasetWarning,
        )


def warn_of_blind_pixels(primary_beam_slim: np.ndarray) -> None:
    """Warn of unmasked pixels in which a primary beam, of shape (pixels,), is 0."""
    if not primary_beam_slim.all():
        warn(
            f"primary_beam: it is 0 in {np.count_nonzero(primary_beam_slim == 0.0)} of {primary_beam_slim.size} "
            "unmasked pixels, which no visibility depends on; mask them",
            exc.DatasetWarning,
        )
