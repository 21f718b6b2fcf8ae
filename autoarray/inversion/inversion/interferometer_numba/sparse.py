"""The inversion of a dataset with a sparse operator, under the name that PyAutoArray has for its compiled form."""

from __future__ import annotations

from autoarray.inversion.inversion.interferometer.sparse import InversionInterferometerSparse


class InversionInterferometerSparseNumba(InversionInterferometerSparse):
    """`InversionInterferometerSparse`, as `Settings.interferometer_route` "numba" asks for it.

    Whether sums over entries are compiled, or Fourier transforms taken, is chosen by cost in both classes (see
    `autoarray.inversion.inversion._curvature.normal_products`).
    """
