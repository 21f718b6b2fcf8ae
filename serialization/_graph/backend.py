"""NumPy and JAX: arrays from one to the other. Never imports jax unasked."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from serialization._autoarray import distribution
from serialization.errors import BackendUnavailableError, PrecisionLossError, UnsupportedValueError

_NAMES = (None, "numpy", "jax")


def check_backend(backend: object) -> None:
    """Raise `UnsupportedValueError` unless `backend` is one that a graph can be restored onto, or None."""
    if backend not in _NAMES:
        raise UnsupportedValueError(f"backend: expected None, 'numpy' or 'jax', found {backend!r}")


def is_jax_array(value: object) -> bool:
    """Whether `value` is a JAX array or tracer."""
    array = getattr(sys.modules.get("jax"), "Array", None)  # not there yet while another thread imports jax
    return array is not None and isinstance(value, array)


def host(value: object) -> np.ndarray:
    """The values of a JAX array in the memory of this machine.

    Raises
    ------
    UnsupportedValueError
        If it is a tracer, a key of random numbers, deleted, or spread over other processes.
    """
    jax = sys.modules["jax"]
    if isinstance(value, jax.core.Tracer):
        raise UnsupportedValueError(
            "expected values, found a JAX tracer; write the object outside jax.jit, jax.grad and jax.vmap"
        )
    try:
        return np.asarray(value)
    except (RuntimeError, TypeError) as error:
        raise UnsupportedValueError(f"expected a JAX array that NumPy can read, found {error}") from None


def require_jax(written_by: str) -> None:
    """Import jax.

    Raises
    ------
    BackendUnavailableError
        If it is not installed.
    """
    try:
        import jax  # noqa: F401
    except ImportError as error:
        raise BackendUnavailableError(
            f"payload: expected JAX for the arrays that {written_by} wrote, found {error}; install it with "
            f"`pip install {distribution()}[jax]`, or restore onto NumPy with backend='numpy'"
        ) from None


def to_jax(array: np.ndarray, *, copy: bool = False) -> Any:
    """The JAX array of the same values; `copy` if the memory of `array` can change later.

    Raises
    ------
    PrecisionLossError
        If JAX would cut 64-bit values to 32 bits.
    UnsupportedValueError
        If JAX has no such dtype.
    """
    import jax
    import jax.numpy as jnp

    dtype = array.dtype
    if dtype.kind not in "biufc":
        raise UnsupportedValueError(f"expected bool or numbers for a JAX array, found {dtype} {array.shape}")
    width = dtype.itemsize // (2 if dtype.kind == "c" else 1)
    if width == 8 and not jax.config.jax_enable_x64:  # pyright: ignore[reportAttributeAccessIssue]
        raise PrecisionLossError(
            f"expected {dtype} {array.shape}, found that JAX would cut it to 32 bits; call "
            'jax.config.update("jax_enable_x64", True) before the first computation or set JAX_ENABLE_X64=1, '
            "or restore onto NumPy with backend='numpy'"
        )
    if not dtype.isnative:  # FITS images are big-endian, which JAX does not know
        array = array.astype(dtype.newbyteorder("="))
    return jnp.array(array) if copy else jnp.asarray(array)
