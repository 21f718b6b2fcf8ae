"""The BLAS and LAPACK routines of SciPy, imported by the first solve that needs them."""

from __future__ import annotations

from typing import Any


def blas_and_lapack() -> tuple[Any, Any]:
    """The modules `scipy.linalg.blas` and `scipy.linalg.lapack`, whose routines their type information leaves out."""
    from scipy.linalg import blas, lapack

    return blas, lapack
