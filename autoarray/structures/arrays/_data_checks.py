"""Values of data and noise that no fit can use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._backend import is_tracer, numbers_from

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from autoarray.structures.arrays.uniform_2d import Array2D


def square_range_of(dtype: DTypeLike) -> tuple[float, float]:
    """The least and the greatest magnitude whose square is a normal number, with room to sum a million of them."""
    kind: Any = np.dtype(dtype) if np.dtype(dtype).kind == "f" else np.float64
    limits = np.finfo(kind)
    return 1e3 * float(limits.tiny) ** 0.5, 1e-3 * float(limits.max) ** 0.5


def check_values(name: str, array: Array2D, positive: bool) -> None:
    """Refuse values of unmasked pixels that a fit turns into NaN or infinity.

    One pass over the values when a dataset is made; what JAX is tracing is not looked at.

    Parameters
    ----------
    name
        What the values are: "data" or "noise_map".
    array
        The values.
    positive
        Whether they are the standard deviations of noise, which divide and are squared.

    Raises
    ------
    exc.DatasetException
        If a value is complex, not finite, too large for its square or, of noise, not positive or too small for it.
    """
    plain = numbers_from(array.array, name, exc.DatasetException)
    if is_tracer(plain):  # its numbers are not known
        return
    values = np.asarray(array.slim.array)
    least, most = square_range_of(values.dtype)
    low, high = _extremes_of(values)
    if low >= (least if positive else -most) and high <= most:  # which NaN is not
        return
    total = f"in all {values.size} unmasked pixels"
    bad = ~np.isfinite(values)
    if bad.any():
        raise exc.DatasetException(
            f"{name}: expected finite values {total}, found NaN or infinity in "
            f"{_where(array, bad)}; mask these pixels (Array2D with a mask, or Imaging with check_noise_map=False "
            "and then apply_mask)"
        )
    if positive and (bad := values <= 0.0).any():
        raise exc.DatasetException(
            f"{name}: expected positive values {total}, found values of at most zero, "
            f"the lowest {values[bad].min()}, in {_where(array, bad)}; mask these pixels, or correct their noise"
        )
    size = np.abs(values)
    bad = (size > most) | (size < least) if positive else size > most
    limits = f"from {least:.2g} to {most:.2g}" if positive else f"of at most {most:.2g}"
    raise exc.DatasetException(
        f"{name}: expected values {limits} {total}, whose squares {values.dtype} holds, found {values[bad][0]} and "
        f"others in {_where(array, bad)}; give data and noise in another unit"
    )


def _extremes_of(values: np.ndarray) -> tuple[float, float]:
    if not values.size:
        return 1.0, 1.0
    with np.errstate(invalid="ignore"):
        return float(values.min()), float(values.max())


def check_signal_to_noise(data: Array2D, noise_map: Array2D) -> None:
    """Refuse data whose ratio to their noise is too large for a chi-squared; both have passed `check_values`."""
    if is_tracer(data.array) or is_tracer(noise_map.array):
        return
    values, noise = np.asarray(data.slim.array), np.asarray(noise_map.slim.array)
    _, most = square_range_of(np.result_type(values, noise))
    if max(map(abs, _extremes_of(values))) <= most * _extremes_of(noise)[0]:
        return
    with np.errstate(over="ignore"):
        bad = np.abs(values) / noise > most
    if bad.any():
        raise exc.DatasetException(
            f"data: expected at most {most:.2g} times the noise in all {values.size} unmasked pixels, so that "
            f"chi-squared is finite, found more in {_where(data, bad)}"
        )


def _where(array: Array2D, bad: np.ndarray) -> str:
    rows, columns = np.nonzero(~np.asarray(array.mask.array))
    first = [(int(row), int(column)) for row, column in zip(rows[bad][:3], columns[bad][:3], strict=True)]
    more = ", ..." if np.count_nonzero(bad) > len(first) else ""
    return f"{np.count_nonzero(bad)} of them, at (row, column) {', '.join(map(str, first))}{more}"
