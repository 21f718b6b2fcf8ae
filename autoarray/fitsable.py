"""Images from FITS files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np


def image_from(
    file_path: Path | str, hdu: int = 0, error: type[Exception] = ValueError, ndim: int = 2
) -> tuple[np.ndarray, Any, Any]:
    """The image of a FITS file as native-endian float64, with the headers of the file and of the image.

    Parameters
    ----------
    file_path
        The file.
    hdu
        The number of the header data unit that holds the image.
    error
        The exception to raise for a file that holds no such image.
    ndim
        The number of dimensions that the image must have.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ImportError
        If astropy is not installed.
    """
    path = Path(file_path)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such FITS file")
    try:
        from astropy.io import fits
    except ImportError as missing:
        raise ImportError(
            f"reading {path} needs astropy, which is not installed: pip install autoarray-portable[fits]"
        ) from missing
    try:
        # Not memory-mapped: the file may be replaced, and a FITS image is big-endian and copied anyway.
        with fits.open(path, memmap=False) as units:
            if not -len(units) <= hdu < len(units):
                raise error(f"{path}: expected a header data unit {hdu}, found {len(units)} unit(s)")
            unit: Any = units[hdu]
            primary: Any = units[0]
            data, kind = unit.data, type(unit).__name__
            header_sci, header_hdu = primary.header.copy(), unit.header.copy()
    except (OSError, ValueError) as broken:
        if isinstance(broken, error):
            raise
        raise error(f"{path}: expected a FITS file, found one that can't be read as such ({broken})") from broken
    if data is None or data.dtype.names is not None:
        found = "no data" if data is None else "a table"
        raise error(f"{path}: expected an image in header data unit {hdu}, found {found} ({kind})")
    if data.ndim != ndim:
        raise error(f"{path}: expected a {ndim}D image in header data unit {hdu}, found shape {tuple(data.shape)}")
    return np.array(data, dtype=np.float64), header_sci, header_hdu
