"""The same transforms by finufft (the extra `nufft`), whose cost hardly depends on the size of the image.

Each call makes its plan and drops it, so that no plan is ever part of a state. A forked process uses one thread, for
the threads of OpenMP do not survive a fork; and type 1 always does, because its sums would depend on the threads.
"""

from __future__ import annotations

import functools
import importlib
import os
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

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
    """One in a forked process, all otherwise (0)."""
    import multiprocessing  # here, so that `import autoarray` does not import it

    forked = os.getpid() != _FIRST_PROCESS or multiprocessing.parent_process() is not None
    return 1 if forked else 0


def _phases(uv: np.ndarray, lattice: Lattice) -> tuple[np.ndarray, np.ndarray]:
    """The angle from one pixel to the next, along the rows and along the columns, within one turn."""

    def angle(frequencies: np.ndarray, axis: Axis) -> np.ndarray:
        cycles = frequencies * axis.step
        return 2.0 * np.pi * (cycles - np.round(cycles))

    return angle(uv[:, 1], lattice.y), angle(uv[:, 0], lattice.x)


def _of_origin(uv: np.ndarray, lattice: Lattice) -> np.ndarray:
    """exp(2 pi i (u x + v y)) at the pixel that is the mode zero of finufft, the one at half the size of each axis."""
    cycles = sum(
        frequencies * (axis.start + axis.step * (axis.size // 2))
        for frequencies, axis in zip((uv[:, 1], uv[:, 0]), lattice, strict=True)
    )
    return np.exp(2j * np.pi * (cycles - np.round(cycles)))


def visibilities_from(
    images: Float[np.ndarray, "images rows columns"], uv: Float[np.ndarray, "n 2"], lattice: Lattice, eps: float
) -> Complex[np.ndarray, "n images"]:
    """As `factored.visibilities_from`, to a relative accuracy."""
    y, x = _phases(uv, lattice)
    modes = np.ascontiguousarray(images, dtype=complex)
    found = _library().nufft2d2(y, x, modes, eps=max(eps, FINEST), isign=-1, nthreads=_threads())
    return found.reshape(len(images), -1).T * np.conj(_of_origin(uv, lattice))[:, None]


def images_from(
    values: Complex[np.ndarray, "n images"], uv: Float[np.ndarray, "n 2"], lattice: Lattice, eps: float
) -> Float[np.ndarray, "images rows columns"]:
    """As `factored.images_from`, to a relative accuracy."""
    y, x = _phases(uv, lattice)
    strengths = np.ascontiguousarray((values * _of_origin(uv, lattice)[:, None]).T)
    found = _library().nufft2d1(y, x, strengths, lattice.shape, eps=max(eps, FINEST), isign=1, nthreads=1)
    return np.ascontiguousarray(found.real).reshape(values.shape[1], *lattice.shape)
