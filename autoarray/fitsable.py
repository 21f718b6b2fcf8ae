"""Images from FITS files, and to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import _configuration, _small_datasets
from autoarray._files import replacing


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
    fits = _astropy_fits(f"reading {path}")
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
        content = "no data" if data is None else "a table"
        raise error(f"{path}: expected an image in header data unit {hdu}, found {content} ({kind})")
    if data.ndim != ndim:
        raise error(f"{path}: expected a {ndim}D image in header data unit {hdu}, found shape {tuple(data.shape)}")
    return np.array(data, dtype=np.float64), header_sci, header_hdu


def write_images(file_path: Path | str, images: Mapping[str | None, Any], overwrite: bool = False) -> Path:
    """Write images, as float64, to the header data units of a FITS file, and return where it is.

    The file appears whole or not at all; its folder is made if it does not exist.

    Parameters
    ----------
    file_path
        The file.
    images
        An `Array2D`, `Mask2D`, `Array1D` or `Mask1D` for each unit, by its EXTNAME, or None for no such name. The
        header tells the pixel scales and the origin, in arc-seconds.
    overwrite
        Whether a file that is there already is replaced.

    Raises
    ------
    FileExistsError
        If there is such a file, and it is not to be replaced.
    ImportError
        If astropy is not installed.
    """
    parts = [
        (
            name,
            image.native.array,
            {key.value: float(value) for key, value in image.header_dict.items()} | _small_datasets.header_cards(),
        )
        for name, image in images.items()
    ]
    return _write(Path(file_path), parts, overwrite)


def write_arrays(file_path: Path | str, arrays: Mapping[str | None, np.ndarray], overwrite: bool = False) -> Path:
    """Write plain arrays, as float64, as `write_images` writes images; the headers say nothing of pixels."""
    return _write(Path(file_path), [(name, array, {}) for name, array in arrays.items()], overwrite)


def _write(path: Path, parts: Iterable[tuple[str | None, Any, Mapping[str, Any]]], overwrite: bool) -> Path:
    """Write units to a file, each with its EXTNAME or None, its values and the cards of its header."""
    fits = _astropy_fits(f"writing {path}")
    if path.exists() and not overwrite:
        raise FileExistsError(f"{path}: expected no such file yet, found one; replace it with overwrite=True")
    units = fits.HDUList()
    for name, values, cards in parts:
        unit = (fits.ImageHDU if units else fits.PrimaryHDU)(np.asarray(values, dtype=np.float64))
        for key, card in cards.items():
            unit.header[key] = card
        if name is not None:
            unit.header["EXTNAME"] = name.upper()
        units.append(unit)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        units.writeto(file)
    return path


def header_of(file_path: Path | str) -> Any:
    """The header of the first unit of a FITS file, whose data are not read.

    Raises
    ------
    ImportError
        If astropy is not installed.
    """
    return _astropy_fits(f"reading {file_path}").getheader(file_path, 0)


def _astropy_fits(purpose: str) -> Any:
    try:
        from astropy.io import fits  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as missing:
        raise ImportError(
            f"{purpose} needs astropy, which is not installed: pip install autoarray-portable[fits]"
        ) from missing
    return fits


def __getattr__(name: str) -> Any:
    # Under this name PyAutoArray exports the module `fitsable` of the configuration package.
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(_configuration.module_of_package(f"fitsable.{name}", "fitsable"), name)
