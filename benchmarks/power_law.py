"""The power law of a measured curve, with its uncertainty, and whether the measurement resolves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# The least relative uncertainty of a point: what a repeated benchmark of a quiet machine differs by.
FLOOR = 0.02
# An exponent is resolved if it is this many of its uncertainties from zero, and these are not larger than the next.
SIGMAS = 3.0
LARGEST = 0.25


@dataclass(frozen=True)
class PowerLaw:
    """seconds = scale * size**exponent, from the size `first` on.

    Parameters
    ----------
    exponent, error
        The exponent and its standard deviation.
    scale
        The seconds at a size of one.
    first
        The smallest size of the fit.
    """

    exponent: float
    error: float
    scale: float
    first: float

    @property
    def is_resolved(self) -> bool:
        """Whether the times grow by more than their scatter, as this power law says."""
        return self.exponent > SIGMAS * self.error and self.error <= LARGEST

    def __str__(self) -> str:
        return f"{self.exponent:.2f} ± {self.error:.2f}" if self.is_resolved else "-"


def power_law_of(sizes: Sequence[float], best: Sequence[float], median: Sequence[float]) -> PowerLaw | None:
    """The power law through the upper half of a curve, where the constant costs hardly count.

    The line of least squares through the logarithms of the best times. The spread from the best to the median is the
    uncertainty of a point. Where the points scatter about the line by more, their scatter is the uncertainty.

    Parameters
    ----------
    sizes, best, median
        For each point the size, and the best and the median of its seconds.

    Returns
    -------
    power_law
        None for fewer than three points in the upper half.
    """
    first = len(sizes) // 2
    x, y = np.log(sizes[first:]), np.log(best[first:])
    if len(x) < 3:
        return None
    spread = np.maximum(np.log(median[first:]) - y, FLOOR)
    design = np.stack([x, np.ones_like(x)], axis=1) / spread[:, None]
    covariance = np.linalg.inv(design.T @ design)
    exponent, offset = covariance @ design.T @ (y / spread)
    chi_squared = float(np.sum(((y - exponent * x - offset) / spread) ** 2)) / (len(x) - 2)
    error = float(np.sqrt(covariance[0, 0] * max(1.0, chi_squared)))
    return PowerLaw(float(exponent), error, float(np.exp(offset)), float(sizes[first]))
