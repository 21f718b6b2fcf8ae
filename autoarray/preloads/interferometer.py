"""What fits to interferometer data can share."""

from __future__ import annotations

from autoarray.preloads.abstract import AbstractPreloads


class PreloadsInterferometer(AbstractPreloads):
    """What the channels of a spectral line share, whose frequencies and noise are the same.

    The arguments are those of `AbstractPreloads`; the curvature matrix takes the place of the one that an inversion
    would form, before anything is added to its diagonal.
    """
