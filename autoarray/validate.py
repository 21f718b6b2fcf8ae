"""Checks of the numbers that describe a model or a dataset, for classes that build on these.

Only a concrete number is checked: one of Python or NumPy. What has no value yet, such as a JAX tracer or the prior of a
model, and what is no number at all, such as None, passes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autoarray._typing import PixelScales


def is_concrete_scalar(value: Any) -> bool:
    """Whether a value is one real number of Python or NumPy; a bool, an array and a JAX tracer are not."""
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def is_concrete_integer(value: Any) -> bool:
    """Whether a value is one integer of Python or NumPy; a bool, an array and a JAX tracer are not."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _refuse(name: str, expected: str, value: Any, exc_type: type[Exception], extra: str = "") -> None:
    raise exc_type(f"{name} must be {expected}; got {value}{'. ' if extra else ''}{extra}")


def validate_positive_finite(value: Any, name: str, exc_type: type[Exception] = ValueError, extra: str = "") -> None:
    """Refuse a concrete number that is not finite and above 0.

    Parameters
    ----------
    value
        The number.
    name
        What it is, for the message.
    exc_type
        The exception to raise.
    extra
        A sentence that is added to the message.
    """
    if is_concrete_scalar(value) and not (math.isfinite(value) and value > 0):
        _refuse(name, "a finite positive number", value, exc_type, extra)


def validate_non_negative_finite(
    value: Any, name: str, exc_type: type[Exception] = ValueError, extra: str = ""
) -> None:
    """Refuse a concrete number that is not finite and at least 0.

    Parameters
    ----------
    value
        The number.
    name
        What it is, for the message.
    exc_type
        The exception to raise.
    extra
        A sentence that is added to the message.
    """
    if is_concrete_scalar(value) and not (math.isfinite(value) and value >= 0):
        _refuse(name, "a finite non-negative number", value, exc_type, extra)


def validate_pixel_scales(
    pixel_scales: PixelScales, name: str = "pixel_scales", exc_type: type[Exception] = ValueError
) -> None:
    """Refuse scaled units per pixel that are not finite and above 0: one number, or one for each axis (y, x).

    Parameters
    ----------
    pixel_scales
        The scaled units per pixel.
    name
        What they are, for the message.
    exc_type
        The exception to raise.
    """
    extra = "It is the size of a pixel in scaled units, such as arc-seconds"
    if isinstance(pixel_scales, (tuple, list)):
        for axis, scale in enumerate(pixel_scales):
            validate_positive_finite(scale, f"{name}[{axis}]", exc_type, extra)
    else:
        validate_positive_finite(pixel_scales, name, exc_type, extra)


def validate_shape_native(
    shape_native: Sequence[int], name: str = "shape_native", exc_type: type[Exception] = ValueError
) -> None:
    """Refuse a shape (y, x) in pixels with an axis that is not above 0.

    Parameters
    ----------
    shape_native
        The shape.
    name
        What it is, for the message.
    exc_type
        The exception to raise.
    """
    if not isinstance(shape_native, (tuple, list, np.ndarray)):
        _refuse(name, "a shape (y, x) in pixels", repr(shape_native), exc_type)
    for axis, size in enumerate(shape_native):
        if is_concrete_scalar(size) and not size > 0:
            extra = f"The whole {name} is {tuple(shape_native)}, which holds no pixel"
            _refuse(f"{name}[{axis}]", "a positive number of pixels", size, exc_type, extra)


def validate_radii_ordered(
    inner_radius: Any,
    outer_radius: Any,
    inner_name: str = "inner_radius",
    outer_name: str = "outer_radius",
    exc_type: type[Exception] = ValueError,
) -> None:
    """Refuse the radii of an annulus that are not finite, or whose inner one is not below the outer one.

    Parameters
    ----------
    inner_radius, outer_radius
        The radii, of which the outer one is above 0 and the inner one at least 0.
    inner_name, outer_name
        What they are, for the message.
    exc_type
        The exception to raise.
    """
    validate_non_negative_finite(inner_radius, inner_name, exc_type)
    validate_positive_finite(outer_radius, outer_name, exc_type)
    if is_concrete_scalar(inner_radius) and is_concrete_scalar(outer_radius) and not inner_radius < outer_radius:
        raise exc_type(
            f"{inner_name} must be less than {outer_name}; got {inner_name}={inner_radius} and "
            f"{outer_name}={outer_radius}, between which nothing lies (are the two exchanged?)"
        )
