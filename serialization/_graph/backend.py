"""NumPy and JAX: arrays from one to the other, and whole graphs onto one of them. Never imports jax unasked."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import numpy as np

from serialization.errors import BackendUnavailableError, PrecisionLossError, UnsupportedValueError

NAMES = (None, "numpy", "jax")
_STRUCTURAL = "biu"


def is_jax_array(value: Any) -> bool:
    """Whether `value` is a JAX array or tracer."""
    jax = sys.modules.get("jax")
    return jax is not None and isinstance(value, jax.Array)


def host(value: Any) -> np.ndarray:
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
            "`pip install autoarray-portable[jax]`, or restore onto NumPy with backend='numpy'"
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


class ToJax:
    """Moves the arrays of NumPy objects to JAX; an array that several of them share stays one array."""

    def __init__(self, *, copy: bool) -> None:
        self._copy = copy
        self._moved: dict[int, tuple[Any, Any]] = {}

    def object(self, state: dict[str, Any], results: dict[str, Any]) -> None:
        """Move one object: its flag, and the arrays that are its own rather than another object's.

        An object with an array of integers or bools of its own (a mask, over-sample sizes,
        neighbours) is structure, which is static under `jax.jit`: it stays as it is.
        """
        values = [*state.values(), *results.values()]
        if any(array.dtype.kind in _STRUCTURAL for array in _own_arrays(values, set())):
            return
        for held in (state, results):
            for name, value in held.items():
                held[name] = self.value(value)
        state["_use_jax"] = True

    def value(self, value: Any) -> Any:
        """`value` with its arrays moved; lists and dicts keep their identity, objects are left alone."""
        kind = type(value)
        if kind is np.ndarray:
            moved = self._moved.get(id(value))
            if moved is None:
                moved = self._moved[id(value)] = (value, to_jax(value, copy=self._copy))
            return moved[1]
        if kind is tuple:
            items = [self.value(item) for item in value]
            return value if all(a is b for a, b in zip(items, value, strict=True)) else tuple(items)
        if kind in (list, dict) and id(value) not in self._moved:
            self._moved[id(value)] = (value, value)
            for key, item in list(value.items() if kind is dict else enumerate(value)):
                value[key] = self.value(item)
        return value


def _own_arrays(values: Iterable[Any], seen: set[int]) -> Iterable[Any]:
    for value in values:
        kind = type(value)
        if kind is np.ndarray or is_jax_array(value):
            yield value
        elif kind in (tuple, list, dict) and id(value) not in seen:
            seen.add(id(value))
            yield from _own_arrays(value.values() if kind is dict else value, seen)
