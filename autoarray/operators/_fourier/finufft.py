"""The same transforms by finufft (the extra `nufft`), whose cost hardly depends on the size of the image.

Each call makes its plan and drops it, so that no plan is ever part of a state. A forked process uses one thread, for
the threads of OpenMP do not survive a fork; and type 1 always does, because its sums would depend on the threads.
"""

from __future__ import annotations

import functools
import importlib
import os
import sys
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray.operators._fourier.factored import turn_of
from autoarray.operators._fourier.lattice import Axis, Lattice

if TYPE_CHECKING:
    from jaxtyping import Complex, Float

# What "0" in this variable of the environment switches off.
VARIABLE = "AUTOARRAY_FINUFFT"
# What the library can keep: below it warns.
FINEST = 1e-14
_FIRST_PROCESS = os.getpid()


@functools.cache
def is_available() -> bool:
    """Whether finufft is installed and not switched off."""
    if os.environ.get(VARIABLE, "1") == "0":
        return False
    try:
        importlib.import_module("finufft")
    except ModuleNotFoundError:
        return False
    except Exception as error:
        warnings.warn(
            f"finufft can't be imported, so that autoarray transforms by products of matrices: {error}",
            RuntimeWarning,
            stacklevel=2,
        )
        return False
    return True


def _library() -> Any:
    return importlib.import_module("finufft")


def _threads() -> int:
    """One in the processes of a pool, of which there are as many as cores, and in forked ones; all otherwise (0)."""
    process = sys.modules.get("multiprocessing.process")
    is_child = process is not None and process.parent_process() is not None
    return 1 if is_child or os.getpid() != _FIRST_PROCESS else 0


def _phases(uv: np.ndarray, lattice: Lattice) -> tuple[np.ndarray, np.ndarray]:
    """The angle from one pixel to the next, along the rows and along the columns, within one turn."""

    def angle(frequencies: np.ndarray, axis: Axis) -> np.ndarray:
        cycles = frequencies * axis.step
        return 2.0 * np.pi * (cycles - np.round(cycles))

    return angle(uv[:, 1], lattice.y), angle(uv[:, 0], lattice.x)


def _of_origin(uv: np.ndarray, lattice: Lattice) -> np.ndarray | None:
    """exp(2 pi i (u x + v y)) at the pixel that is the mode zero of finufft, the one at half the size of each axis.

    None where that is the origin.
    """
    y, x = (axis.start + axis.step * (axis.size // 2) for axis in lattice)
    if x == y == 0.0:
        return None
    return turn_of(uv[:, 1] * y + uv[:, 0] * x)


def visibilities_from(
    images: Float[np.ndarray, "images rows columns"], uv: Float[np.ndarray, "n 2"], lattice: Lattice, eps: float
) -> Complex[np.ndarray, "n images"]:
    """As `factored.visibilities_from`, to a relative accuracy."""
    y, x = _phases(uv, lattice)
    modes = np.ascontiguousarray(images, dtype=complex)
    found = _library().nufft2d2(y, x, modes, eps=max(eps, FINEST), isign=-1, nthreads=_threads())
    turns = _of_origin(uv, lattice)
    visibilities = found.reshape(len(images), -1).T
    return visibilities if turns is None else visibilities * np.conj(turns)[:, None]


def images_from(
    values: Complex[np.ndarray, "n images"], uv: Float[np.ndarray, "n 2"], lattice: Lattice, eps: float
) -> Float[np.ndarray, "images rows columns"]:
    """As `factored.images_from`, to a relative accuracy; values may be real."""
    y, x = _phases(uv, lattice)
    turns = _of_origin(uv, lattice)
    strengths = np.ascontiguousarray((values if turns is None else values * turns[:, None]).T, dtype=complex)
    found = _library().nufft2d1(y, x, strengths, lattice.shape, eps=max(eps, FINEST), isign=1, nthreads=1)
    return np.ascontiguousarray(found.real).reshape(values.shape[1], *lattice.shape)
