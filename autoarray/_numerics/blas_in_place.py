"""BLAS and LAPACK on blocks of a matrix where they lie, without a copy.

The wrappers of SciPy take whole arrays, and copy a block of one before and after. SciPy publishes the addresses of the
routines behind them too, for compiled code (`scipy.linalg.cython_blas` and `cython_lapack`). They are called here with
the address of a block's first element and the distance between its columns, and run without Python's lock.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float

_NO, _TRANSPOSED, _LOWER, _RIGHT = (ctypes.byref(ctypes.c_char(letter)) for letter in (b"N", b"T", b"L", b"R"))
_LEFT = _LOWER
_ONE_STEP = ctypes.byref(ctypes.c_int(1))


class Blocks:
    """A matrix whose columns lie in memory one after the other, with or without gaps, and the blocks of it.

    Parameters
    ----------
    matrix
        In Fortran order, or a block of such a matrix, of double precision.
    """

    def __init__(self, matrix: Float[np.ndarray, "rows columns"]) -> None:
        if matrix.dtype != np.float64 or (matrix.size and matrix.strides[0] != matrix.itemsize):
            raise ValueError(
                f"expected a float64 matrix in Fortran order, found {matrix.dtype} with strides {matrix.strides}"
            )
        self.matrix = matrix
        self._address = matrix.ctypes.data
        self._stride = matrix.strides[1]
        self.step = _integer(max(1, self._stride // matrix.itemsize, matrix.shape[0]))

    def at(self, row: int, column: int) -> int:
        """The address of an element, and so of the block that begins there."""
        return self._address + row * self.matrix.itemsize + column * self._stride


def add_product(
    shape: tuple[int, int, int],
    factor: float,
    left: tuple[Blocks, int, int],
    right: tuple[Blocks, int, int],
    target: tuple[Blocks, int, int],
    *,
    transpose: bool = False,
) -> None:
    """Add `factor` times the product of two blocks to a third one.

    Parameters
    ----------
    shape
        The rows and the columns of the third block, and how many columns of the first one meet rows of the second.
    left, right, target
        A matrix, and the row and the column at which the block begins.
    transpose
        Whether to multiply with the transpose of the second block.
    """
    rows, columns, inner = shape
    (a, *a_at), (b, *b_at), (c, *c_at) = left, right, target
    _routine("blas", "dgemm", 13)(
        *(_NO, _TRANSPOSED if transpose else _NO, _integer(rows), _integer(columns), _integer(inner), _real(factor)),
        *(a.at(*a_at), a.step, b.at(*b_at), b.step, _real(1.0), c.at(*c_at), c.step),
    )


def subtract_square(size: int, inner: int, left: tuple[Blocks, int, int], target: tuple[Blocks, int, int]) -> None:
    """Subtract A A^T from the lower triangle of a block of `size` rows, for a block A of `inner` columns."""
    (a, *a_at), (c, *c_at) = left, target
    _routine("blas", "dsyrk", 10)(
        *(_LOWER, _NO, _integer(size), _integer(inner), _real(-1.0)),
        *(a.at(*a_at), a.step, _real(1.0), c.at(*c_at), c.step),
    )


def factorize(size: int, target: tuple[Blocks, int, int]) -> int:
    """Replace the lower triangle of a block by its Cholesky factor; not 0 if it has none."""
    (a, *a_at), info = target, ctypes.c_int(0)
    _routine("lapack", "dpotrf", 5)(_LOWER, _integer(size), a.at(*a_at), a.step, ctypes.byref(info))
    return info.value


def solve_triangle(
    size: int, others: int, triangle: tuple[Blocks, int, int], target: tuple[Blocks, int, int], *, from_right: bool
) -> None:
    """Replace a block X by L^-1 X, or from the right by X L^-T, for a lower triangle L of `size` rows.

    `others` is how many columns X has, or from the right how many rows.
    """
    (a, *a_at), (b, *b_at) = triangle, target
    rows, columns = (others, size) if from_right else (size, others)
    _routine("blas", "dtrsm", 11)(
        *(_RIGHT if from_right else _LEFT, _LOWER, _TRANSPOSED if from_right else _NO, _NO),
        *(_integer(rows), _integer(columns), _real(1.0), a.at(*a_at), a.step, b.at(*b_at), b.step),
    )


def solve_vector(blocks: Blocks, vector: Float[np.ndarray, "size"], transpose: bool = False) -> None:
    """Replace a vector v by L^-1 v, or by L^-T v, for the first rows and columns L of a lower triangular matrix."""
    _routine("blas", "dtrsv", 8)(
        *(_LOWER, _TRANSPOSED if transpose else _NO, _NO, _integer(vector.size)),
        *(blocks.at(0, 0), blocks.step, vector.ctypes.data, _ONE_STEP),
    )


def _integer(value: int) -> Any:
    return ctypes.byref(ctypes.c_int(value))


def _real(value: float) -> Any:
    return ctypes.byref(ctypes.c_double(value))


@functools.cache
def _routine(library: str, name: str, arguments: int) -> Callable[..., None]:
    """A routine of Fortran, all arguments of which are addresses."""
    from scipy.linalg import cython_blas, cython_lapack  # pyright: ignore[reportAttributeAccessIssue] (untyped)

    capsule = (cython_blas if library == "blas" else cython_lapack).__pyx_capi__[name]
    prototype = ctypes.PYFUNCTYPE(ctypes.c_char_p, ctypes.py_object)
    signature = prototype(("PyCapsule_GetName", ctypes.pythonapi))(capsule)
    prototype = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)
    address = prototype(("PyCapsule_GetPointer", ctypes.pythonapi))(capsule, signature)
    return ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * arguments)(address)
