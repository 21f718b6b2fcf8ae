"""What an interferometer's dataset refuses, and what it warns of."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray._backend import is_tracer
from autoarray._validation import shown
from autoarray._warnings import warn
from autoarray.inversion.inversion.interferometer._noise import noise_parts_from
from autoarray.structures.visibilities import AbstractVisibilities


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


def warn_of_blind_pixels(primary_beam_slim: np.ndarray) -> None:
    """Warn of unmasked pixels in which a primary beam, of shape (pixels,), is 0."""
    if not primary_beam_slim.all():
        warn(
            f"primary_beam: it is 0 in {np.count_nonzero(primary_beam_slim == 0.0)} of {primary_beam_slim.size} "
            "unmasked pixels, which no visibility depends on; mask them",
            exc.DatasetWarning,
        )
