"""The inversion of a dataset with a sparse operator."""

from __future__ import annotations

from autoarray.inversion.inversion.interferometer.abstract import AbstractInversionInterferometer


class InversionInterferometerSparse(AbstractInversionInterferometer):
    """The inversion of an `Interferometer` that has its operator, see `Interferometer.apply_sparse_operator`.

    It needs no visibilities. Mappers, functions and a primary beam may come together.

    Parameters
    ----------
    dataset
        The `Interferometer`, or a `DatasetInterface`.
    linear_obj_list, settings, xp, preloads
        As in `AbstractInversion`.
    """
