"""The array library of an object: one bool in its state, and the module only when it is asked for.

An object that computes takes `xp=np` or `xp=jax.numpy` and stores `_use_jax`. No module ever
enters its state, so it pickles, and `jax` is imported by nobody who did not ask for it.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._display import line
from autoarray._state import State
from autoarray._typing import Namespace

if TYPE_CHECKING:
    from numpy.typing import DTypeLike


def use_jax_from(xp: object) -> bool:
    """Whether `xp` is `jax.numpy` (True) or `numpy` (False).

    Raises
    ------
    TypeError
        If `xp` is anything else.
    """
    if xp is np:
        return False
    if xp is not None and xp is sys.modules.get("jax.numpy"):
        return True
    name = xp.__name__ if isinstance(xp, ModuleType) else repr(xp)
    raise TypeError(f"xp: expected the module numpy or jax.numpy, found {name}")


def is_jax_array(values: object) -> bool:
    """Whether `values` is a JAX array or tracer; never imports jax."""
    array = getattr(sys.modules.get("jax"), "Array", None)  # not there yet while another thread imports jax
    return array is not None and isinstance(values, array)


def is_tracer(values: object) -> bool:
    """Whether `values` is being traced by JAX, so that its numbers are not known; never imports jax."""
    return line.is_tracer(values)


def xp_of(*values: object) -> Namespace:
    """`jax.numpy` if any of `values` is a JAX array, else `numpy`."""
    if any(is_jax_array(value) for value in values):
        return sys.modules["jax.numpy"]
    return np


def numbers_from(
    values: Any,
    name: str,
    error: type[Exception] = exc.ArrayException,
    *,
    real: bool = True,
    unused: np.ndarray | None = None,
) -> Any:
    """`values` as an array, of JAX if they are one already, or an error that says why they can't be computed with.

    Parameters
    ----------
    values
        An array, or what NumPy makes one of.
    name
        The argument and its class, such as "Array2D.values".
    error
        The exception to raise.
    real
        Whether complex numbers are refused, whatever their imaginary parts are.
    unused
        Where a `numpy.ma` array of this shape may have masked entries, because nothing reads them. They become 0.

    Raises
    ------
    exc.ArrayException
        For text, objects and dates, arrays of a ragged shape, masked entries of `numpy.ma` arrays, and complex numbers.
    """
    if not is_jax_array(values):
        try:
            values = np.asarray(_filled(values, name, error, unused))
        except ValueError as ragged:
            raise error(f"{name}: expected an array of numbers, found what NumPy makes none of ({ragged})") from None
        if values.dtype.kind not in "biufc":
            raise error(f"{name}: expected an array of numbers, found {_no_number_of(values)}")
    if real and values.dtype.kind == "c":
        raise error(
            f"{name}: expected real numbers, found {values.dtype} values of shape {tuple(values.shape)}; "
            "pass their real part, `values.real`, if that is what you mean"
        )
    return values


def _filled(values: object, name: str, error: type[Exception], unused: np.ndarray | None) -> Any:
    """Values without the mask of `numpy.ma`, which NumPy drops without a word; an error if it masks what is used."""
    if not _holds_masked(values):
        return values
    masked = np.asarray(_masked_entries(values))
    used = masked & ~unused if unused is not None and unused.shape == masked.shape else masked
    if used.any():
        first = tuple(int(index) for index in np.argwhere(used)[0])
        raise error(
            f"{name}: expected values without masked entries, found numpy.ma values of shape {masked.shape} with "
            f"{np.count_nonzero(used)} masked, the first at {first}; give the mask as a Mask2D, such as "
            "Array2D(values=values, mask=Mask2D(numpy.ma.getmaskarray(values), pixel_scales)), or fill them, "
            "`values.filled(...)`"
        )
    return np.where(masked, 0, np.asarray(values))


def _holds_masked(values: object) -> bool:
    if isinstance(values, (list, tuple)):
        return any(_holds_masked(value) for value in values)
    return isinstance(values, np.ma.MaskedArray)


def _masked_entries(values: Any) -> Any:
    """The mask of a `numpy.ma` array, or of a list of lists of them, as what NumPy makes an array of bools of."""
    if isinstance(values, (list, tuple)):
        return [_masked_entries(value) for value in values]
    return np.ma.getmaskarray(values)


def _no_number_of(values: np.ndarray) -> str:
    """What an array of text, objects or dates holds, for messages."""
    found = f"{values.dtype} values of shape {values.shape}"
    for index, value in np.ndenumerate(values):
        if not isinstance(value, (int, float, np.number)):
            plain = value.item() if isinstance(value, np.generic) else value
            return f"{found}, the first at {index}: {line.cut(repr(plain), 40)}"
    return f"{found}; `values.astype(float)` makes numbers of them"


def as_array(values: object, xp: Namespace = np, dtype: DTypeLike | None = None) -> Any:
    """`values` as an array of the library `xp`, with the precision that it has.

    Raises
    ------
    PrecisionException
        If `xp` is `jax.numpy`, `values` is 64 bits wide, and JAX would cut it to 32.
    ArrayException
        If `values` are no numbers, or a `numpy.ma` array with masked entries.
    TypeError
        If `xp` is `numpy` and `values` is being traced by JAX.
    """
    if xp is np:
        if is_tracer(values):
            raise TypeError(
                "values: expected a NumPy array, found a JAX tracer; pass xp=jax.numpy to the object "
                "that is built from traced values"
            )
        return np.asarray(numbers_from(values, "values", real=False), dtype=dtype)
    if not is_jax_array(values):
        values = np.asarray(numbers_from(values, "values", real=False), dtype=dtype)
        wide = values.dtype.kind in "fc" and values.dtype.itemsize // (2 if values.dtype.kind == "c" else 1) == 8
        if wide and not sys.modules["jax"].config.jax_enable_x64:
            raise _precision_error(values)
        if not values.dtype.isnative:  # FITS images are big-endian, which JAX does not know
            values = values.astype(values.dtype.newbyteorder("="))
    return xp.asarray(values, dtype=dtype)


def complex_from(real: Any, imaginary: Any, xp: Namespace = np) -> Any:
    """Complex numbers of the library `xp` from their parts, which have one type and shape."""
    if xp is np:
        # Faster than real + 1j * imaginary, which makes NaN of what is infinite besides.
        values = np.empty_like(real, dtype=np.result_type(real, np.complex64), subok=False)
        values.real, values.imag = real, imaginary
        return values[()]
    import jax

    return jax.lax.complex(xp.asarray(real), xp.asarray(imaginary))


def _precision_error(values: np.ndarray) -> exc.PrecisionException:
    return exc.PrecisionException(
        f"values: a {values.dtype} array of shape {values.shape} would become 32 bits wide, because JAX runs "
        'without 64-bit types; call jax.config.update("jax_enable_x64", True) before the first computation, '
        "or set JAX_ENABLE_X64=1"
    )


class Backend(State):
    """Mixin of every object that computes: the flag `_use_jax` and the module `_xp` that it chooses."""

    _use_jax: bool

    def _set_backend(self, xp: Namespace) -> None:
        """Store which array library `xp` is, and make the class known to JAX if it is JAX's."""
        self._use_jax = use_jax_from(xp)
        if self._use_jax:
            _register_pytree(type(self))

    @property
    def use_jax(self) -> bool:
        """Whether the object computes with JAX (True) or NumPy (False).

        It can be set, to True or False, by a subclass that chooses the library itself.
        """
        return self._use_jax

    @use_jax.setter
    def use_jax(self, value: bool) -> None:
        if not isinstance(value, (bool, np.bool_)):
            raise TypeError(f"{type(self).__name__}.use_jax: expected True or False, found {value!r}")
        self._use_jax = bool(value)

    @property
    def _xp_name(self) -> str:
        """The name of the module `xp`, for messages: "numpy" or "jax.numpy"."""
        return "jax.numpy" if self._use_jax else "numpy"

    @property
    def _xp(self) -> Namespace:
        if not self._use_jax:
            return np
        import jax.numpy as jnp

        _register_pytree(type(self))
        return jnp


def _register_pytree(cls: type) -> None:
    from autoarray import _pytree

    _pytree.register(cls)
