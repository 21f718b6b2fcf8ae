"""The primary beam: how the response of an antenna falls away from where it points."""

from __future__ import annotations

import math

import numpy as np

from autoarray import exc
from autoarray._validation import check_instance, check_numbers, number_from
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators._fourier.lattice import ARCSECOND
from autoarray.operators._primary_beam import primary_beam_slim_from
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.uniform_2d import Grid2D

__all__ = ["primary_beam_fwhm_arcsec_from", "primary_beam_gaussian_from", "primary_beam_slim_from"]

_SPEED_OF_LIGHT = 299792458.0  # metres per second


def primary_beam_fwhm_arcsec_from(frequency_hz: float, dish_diameter_m: float, pb_factor: float = 1.13) -> float:
    """The full width at half maximum of a primary beam in arc-seconds, the factor times wavelength over diameter.

    Parameters
    ----------
    frequency_hz
        The frequency in Hz.
    dish_diameter_m
        The diameter of an antenna in metres.
    pb_factor
        The factor, 1.13 for the antennas of ALMA (ALMA Technical Handbook).

    Raises
    ------
    exc.DatasetException
        If one of them is not a positive number.
    """
    error = exc.DatasetException
    arguments = (("frequency_hz", frequency_hz), ("dish_diameter_m", dish_diameter_m), ("pb_factor", pb_factor))
    frequency, diameter, factor = (
        number_from(value, name, "a positive number", error=error, above=0.0) for name, value in arguments
    )
    return factor * _SPEED_OF_LIGHT / (frequency * diameter) / ARCSECOND


def primary_beam_gaussian_from(
    mask: Mask2D,
    frequency_hz: float,
    dish_diameter_m: float,
    pb_factor: float = 1.13,
    centre: tuple[float, float] = (0.0, 0.0),
) -> Array2D:
    """A Gaussian primary beam on the unmasked pixels of a mask, 1 at its centre.

    Parameters
    ----------
    mask
        The real-space mask.
    frequency_hz, dish_diameter_m, pb_factor
        As in `primary_beam_fwhm_arcsec_from`.
    centre
        Where the antennas point, (y, x) in arc-seconds.

    Raises
    ------
    exc.DatasetException
        If an argument is not of its kind.
    """
    error = exc.DatasetException
    check_instance(mask, Mask2D, "mask", "a Mask2D", error)
    check_numbers(centre, "centre", "two numbers (y, x) in arc-seconds", 2, error=error)
    fwhm = primary_beam_fwhm_arcsec_from(frequency_hz, dish_diameter_m, pb_factor)
    offsets = np.asarray(Grid2D.from_mask(mask=mask).array) - np.asarray(centre, dtype=float)
    return Array2D(values=np.exp(-4.0 * math.log(2.0) * (offsets**2).sum(axis=1) / fwhm**2), mask=mask)
