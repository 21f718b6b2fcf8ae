"""Arrays as bytes: which dtypes a payload holds, and how they are described.

A dtype is its `dtype.str`, never its name, which would lose the byte order. A structured one is its
item size and its flat fields with their offsets.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from serialization.errors import CorruptError, UnsupportedValueError

_MOST_BYTES_OF_AN_ITEM = 2**31 - 1
# Long doubles are missing on purpose: the same name is a different format on another machine.
_DTYPE = re.compile(
    r"\|[biu]1|[<>][iu][248]|[<>]f[248]|[<>]c(8|16)|\|S[1-9]\d{0,8}|[<>]U[1-9]\d{0,8}"
    # A unit of 0 seconds is one of NumPy's too, but the comparison with another one divides by the 0.
    r"|[<>][mM]8(\[([1-9]\d{0,8})?(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?"
)
_descriptions: dict[np.dtype, Any] = {}
_dtypes: dict[str, np.dtype] = {}
_TOLD_BY_EQUALITY = "biufcSU"  # kinds whose equal dtypes are the same; dates of 1000 ms and of 1 s are equal too
_MOST_KEPT = 1024


def describe(dtype: np.dtype) -> Any:
    """What a payload stores for a dtype: a string, or [item size, [name, string, offset] of each field].

    Raises
    ------
    UnsupportedValueError
        If a payload can't hold such values.
    """
    description = _descriptions.get(dtype)
    if description is None:
        description = _description_of(dtype)
        if dtype.kind in _TOLD_BY_EQUALITY:
            if len(_descriptions) >= _MOST_KEPT:
                _descriptions.clear()
            _descriptions[dtype] = description
    return description


def _description_of(dtype: np.dtype) -> Any:
    if dtype.fields is None or dtype.names is None:
        # A dtype from elsewhere, such as bfloat16, calls itself raw bytes; only NumPy's own are named by `str`.
        if not _DTYPE.fullmatch(dtype.str) or type(dtype).__module__ != "numpy.dtypes":
            raise UnsupportedValueError(f"expected bool, numbers, text, bytes, dates or a flat record, found {dtype}")
        return dtype.str
    if not dtype.itemsize:
        raise UnsupportedValueError(f"expected a dtype of at least one byte, found {dtype}")
    fields = []
    for name in dtype.names:
        inner, offset, *title = dtype.fields[name]  # pyright: ignore[reportArgumentType]
        if title or inner.fields is not None or inner.subdtype is not None:
            raise UnsupportedValueError(f"expected a record of plain fields, found {dtype}")
        fields.append([name, _description_of(inner), offset])
    return [dtype.itemsize, fields]


def dtype_from(description: object) -> np.dtype:
    """The dtype that `describe` described.

    Raises
    ------
    CorruptError
        If it describes none.
    """
    # By its text alone: of records, whose numbers are equal where their types are not, none is kept.
    dtype = _dtypes.get(description) if type(description) is str else None
    if dtype is None:
        try:
            dtype = _dtype_from(description)
        except (TypeError, ValueError, OverflowError):
            raise CorruptError(f"expected the description of a dtype, found {description!r:.80}") from None
        if type(description) is str:
            if len(_dtypes) >= _MOST_KEPT:
                _dtypes.clear()
            _dtypes[description] = dtype
    return dtype


def _dtype_from(description: Any) -> np.dtype:
    if isinstance(description, str):
        if not _DTYPE.fullmatch(description):
            raise ValueError(description)
        return np.dtype(description)
    itemsize, fields = description
    if not itemsize or not fields:
        raise ValueError(description)
    names, formats, offsets = zip(*fields, strict=True)
    if not all(type(text) is str for text in (*names, *formats)):
        raise TypeError(description)
    if not all(type(at) is int and 0 <= at <= _MOST_BYTES_OF_AN_ITEM for at in (itemsize, *offsets)):
        raise ValueError(description)
    inner = [_dtype_from(text) for text in formats]
    return np.dtype({"names": list(names), "formats": inner, "offsets": list(offsets), "itemsize": itemsize})


def buffer_of(array: np.ndarray) -> tuple[Any, bool, int, Any]:
    """The description of an array's dtype, whether it is written in Fortran order, its size, and its bytes.

    The bytes are not copied unless the array is neither C- nor Fortran-contiguous, or a record has bytes that belong
    to no field: these are written as zeros, since they hold what happened to be in memory.

    Raises
    ------
    UnsupportedValueError
        If a payload can't hold it.
    """
    dtype, nbytes = array.dtype, array.nbytes
    description = _descriptions.get(dtype) or describe(dtype)
    flags, fortran = array.flags, False
    if not flags.c_contiguous:
        if flags.f_contiguous:
            array, fortran = array.T, True
        elif dtype.fields is not None:
            # A copy of a record leaves its padding to chance; one of raw bytes does not.
            array = np.array(array.view(f"V{array.itemsize}"), order="C")
        else:
            array = np.array(array, order="C")
    holes = holes_of(dtype)
    if holes:
        items = array.reshape(-1).view(np.uint8).reshape(-1, dtype.itemsize).copy()
        for hole in holes:
            items[:, hole] = 0
        array = items.reshape(-1)
    elif dtype.kind not in "fiubc":  # only these are certain to have a buffer of their own; dates, for one, have none
        array = array.reshape(-1).view(np.uint8)
    return description, fortran, nbytes, array


def holes_of(dtype: np.dtype) -> list[slice]:
    """The bytes of a record that belong to no field: padding, or fields that a selection of fields hides."""
    if dtype.fields is None:
        return []
    holes, end = [], 0
    for inner, offset, *_ in sorted(dtype.fields.values(), key=lambda field: field[1]):
        if offset > end:
            holes.append(slice(end, offset))
        end = max(end, offset + inner.itemsize)
    return [*holes, slice(end, None)] if end < dtype.itemsize else holes
