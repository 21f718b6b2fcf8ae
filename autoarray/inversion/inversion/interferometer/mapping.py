"""The inversion of a dataset without a sparse operator."""

from __future__ import annotations

from autoarray.inversion.inversion.interferometer.abstract import AbstractInversionInterferometer


class InversionInterferometerMapping(AbstractInversionInterferometer):
    """The inversion of an `Interferometer` whose normal operator is made at its first inversion.

    In PyAutoArray 2026.10.26.1 it forms a matrix of visibilities by parameters in every evaluation. Here it is the same
    computation as that of `InversionInterferometerSparse`, to the same numbers.

    Parameters
    ----------
    dataset
        The `Interferometer`, or a `DatasetInterface`.
    linear_obj_list, settings, xp, preloads
        As in `AbstractInversion`.
    """
