"""Which arguments are refused, and why: the checks that the classes of all rooms share.

What JAX is tracing has no value yet. Its kind and shape are looked at, and any value passes.
"""

from __future__ import annotations

import functools
import math
import numbers
import os
import sys
from typing import Any

import numpy as np

from autoarray._backend import is_jax_array, is_tracer
from autoarray._display import line

# The greatest entry of a regularization matrix. It is added to a curvature matrix, factored and multiplied: products of
# such entries with what the data give, and sums of them, stay in the range of float64 (1.8e308).
_LARGEST_ENTRY = 1e200


def check_number(
    value: object,
    name: str,
    expected: str = "a finite number",
    *,
    error: type[Exception] = ValueError,
    least: float = -math.inf,
    above: float = -math.inf,
    most: float = math.inf,
    infinite: bool = False,
) -> None:
    """Refuse what is not one real number of a range.

    Parameters
    ----------
    value
        The argument: a number of Python or NumPy, or an array of either backend without dimensions.
    name
        The argument and its class, such as "Constant.coefficient".
    expected
        What the message says was expected.
    error
        The exception to raise.
    least, above, most
        The number is at least `least`, greater than `above`, and at most `most`.
    infinite
        Whether infinity is a number of the range.
    """
    if is_tracer(value):
        valid = is_real_scalar(value)
    else:
        number = _float(value) if is_real_scalar(value) else math.nan
        valid = above < number <= most and number >= least and (infinite or math.isfinite(number))
    if not valid:
        raise error(f"{name}: expected {expected}, found {shown(value)}")


def check_power(value: object, name: str, power: float, divides: bool = False) -> None:
    """Refuse a coefficient whose power the entries of a regularization matrix can't hold.

    Parameters
    ----------
    value, name
        See `check_number`.
    power
        What the coefficient is raised to in the entries.
    divides
        Whether it divides, so that it may not be too small either.

    Raises
    ------
    ValueError
        If it is not a number, is negative, or its power leaves no room for the products of a matrix.
    """
    check_number(value, name, "a finite number that is not negative", least=0.0)
    most = _LARGEST_ENTRY ** (1.0 / max(power, 1.0))
    least = 1.0 / most if divides else 0.0
    raised = "" if power == 1.0 else f", whose power {power:g} the regularization matrix holds"
    limits = f"from {least:.3g} to {most:.3g}" if divides else f"of at most {most:.3g}"
    check_number(value, name, f"a number {limits}{raised}", least=least, most=most)


def number_from(value: Any, name: str, expected: str, *, error: type[Exception], **limits: Any) -> Any:
    """A number that passes `check_number` as a float of Python; what JAX is tracing as it is."""
    check_number(value, name, expected, error=error, **limits)
    return value if is_tracer(value) else float(value)


def whole_from(value: Any, name: str, least: int, error: type[Exception] = ValueError) -> int:
    """`value` as an int, or an error if it is not a whole number of at least `least`."""
    known = not is_tracer(value) and is_real_scalar(value) and math.isfinite(_float(value))
    if not known or int(value) != value or value < least:
        raise error(f"{name}: expected a whole number of at least {least}, found {shown(value)}")
    return int(value)


def count_from(value: Any, name: str, least: int, error: type[Exception] = ValueError) -> int:
    """`value` without its fraction, or an error if that is no whole number of at least `least`.

    A model of PyAutoFit draws counts of pixels from continuous priors, and 32.7 of them are 32.
    """
    known = not is_tracer(value) and is_real_scalar(value) and math.isfinite(_float(value))
    if not known or int(value) < least:
        raise error(f"{name}: expected a number of at least {least}, found {shown(value)}")
    return int(value)


def check_numbers(
    values: Any, name: str, expected: str, length: int, *, error: type[Exception] = ValueError, **limits: Any
) -> None:
    """Refuse what is not a sequence of `length` numbers that pass `check_number`; what JAX is tracing passes."""
    if is_tracer(values) and values.shape == (length,):
        return
    is_array = isinstance(values, np.ndarray) or is_jax_array(values)
    is_sequence = isinstance(values, (tuple, list)) or (is_array and values.ndim == 1)
    items: list[Any] = list(values) if is_sequence else []
    if len(items) != length:
        raise error(f"{name}: expected {expected}, found {shown(values)}")
    for index, item in enumerate(items):
        check_number(item, f"{name}[{index}]", error=error, **limits)


def check_flag(value: object, name: str, error: type[Exception] = ValueError) -> None:
    """Refuse what is not True or False; 0.0 and 1.0, which a model of PyAutoFit makes of flags, are taken for them."""
    if not isinstance(value, (bool, np.bool_)) and not (isinstance(value, float) and value in (0.0, 1.0)):
        raise error(f"{name}: expected True or False, found {shown(value)}")


def check_choice(value: object, choices: tuple[str, ...], name: str) -> None:
    """Raise a ValueError unless a value is one of some texts."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name}: expected one of {choices}, found {shown(value)}")


def check_instance(
    value: object, cls: type, name: str, expected: str, error: type[Exception], *, optional: bool = False
) -> None:
    """Refuse what is not an object of a class, or None where it is optional."""
    if not isinstance(value, cls) and not (optional and value is None):
        raise error(f"{name}: expected {expected}, found {shown(value)}")


def check_object(value: object, attribute: str, name: str, expected: str, error: type[Exception]) -> None:
    """Refuse an object without an attribute that is read of it; its class is free, so that users can bring their own.

    The attribute is not evaluated.
    """
    if not (hasattr(type(value), attribute) or attribute in getattr(value, "__dict__", {})):
        raise error(f"{name}: expected {expected}, found {shown(value)}")


def check_memory(count: float, itemsize: int, name: str, what: str, error: type[Exception]) -> None:
    """Refuse an array that is larger than the memory of this machine, before it is made.

    The limit is physical memory: NumPy's own MemoryError comes where an address space ends, and many systems grant
    more than they have and end the process when it is used.

    Parameters
    ----------
    count, itemsize
        How many entries the array has, and how many bytes each.
    name
        The argument that asks for it.
    what
        What the array is.
    error
        The exception to raise.
    """
    count = _float(count)
    if count * itemsize > _physical_memory():
        raise error(
            f"{name}: expected {what} that fits into the {_size(_physical_memory())} of memory of this machine, found "
            f"{count:,.0f} entries of {itemsize} bytes, {_size(count * itemsize)}"
        )


def is_real_scalar(value: Any) -> bool:
    """Whether a value is one real number: of Python, of NumPy, or an array of either backend without dimensions."""
    if isinstance(value, np.ma.MaskedArray):
        return False
    if isinstance(value, np.ndarray) or is_jax_array(value):
        # JAX's own floats, such as bfloat16, are of the kind V.
        return value.shape == () and value.dtype.kind not in "bcOSUmM"
    return isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_))


def squared(number: Any) -> float:
    """The square of a number, infinite where Python raises an OverflowError."""
    return float(number) ** 2 if abs(number) < 1e150 else math.inf


def shown(value: object) -> str:
    """A value in a message: a scalar or text as it is written in Python, anything larger in a line."""
    if isinstance(value, np.ma.MaskedArray):
        return f"a numpy.ma array of shape {value.shape}"
    if isinstance(value, (str, bytes)):
        return line.cut(repr(value), 80)
    return repr(value) if isinstance(value, (numbers.Number, type(None))) else line.value(value)


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # an integer of Python beyond float64
        return math.inf if value > 0 else -math.inf


@functools.cache
def _physical_memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # where the system does not say, what an array can index
        return sys.maxsize


def _size(count: float) -> str:
    for unit, size in (("TiB", 2**40), ("GiB", 2**30)):
        if count >= size:
            return f"{count / size:,.1f} {unit}"
    return f"{count / 2**20:,.1f} MiB"
