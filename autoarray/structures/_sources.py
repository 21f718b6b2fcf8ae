"""The FITS files that headers came from, known for as long as the headers live and the process does.

They are no state: an object that is pickled or saved does not hold where its numbers came from. `serialization` writes
them beside an object where it is asked for its provenance.
"""

# pyright: strict

from __future__ import annotations

import os
import weakref
from pathlib import Path
from typing import NamedTuple

import numpy as np

from autoarray import exc
from autoarray.structures.header import Header


class Source(NamedTuple):
    """A file as it was when it was read: its absolute path, its size in bytes, and its time of change in ns."""

    path: str
    size: int
    mtime_ns: int


_sources: weakref.WeakKeyDictionary[Header, Source] = weakref.WeakKeyDictionary()


def values_and_header_from(file_path: Path | str, hdu: int, ndim: int) -> tuple[np.ndarray, Header]:
    """The float64 values of a number of dimensions in a FITS file, and its headers, of which the file is remembered.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    exc.ArrayException
        If the header data unit holds no such values.
    ImportError
        If astropy is not installed.
    """
    from autoarray import fitsable

    values, header_sci, header_hdu = fitsable.image_from(file_path, hdu, error=exc.ArrayException, ndim=ndim)
    header = Header(header_sci_obj=header_sci, header_hdu_obj=header_hdu if hdu else header_sci)
    status = os.stat(file_path)
    _sources[header] = Source(os.path.abspath(file_path), status.st_size, status.st_mtime_ns)
    return values, header


def source_of(value: object) -> Source | None:
    """The file that an object came from, if it is a header that this process read."""
    return _sources.get(value) if isinstance(value, Header) else None
