"""Small simulated datasets, on which scripts are tried out (the environment variable PYAUTO_SMALL_DATASETS=1)."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import _small_datasets, exc
from autoarray._typing import PixelScales
from autoarray._validation import check_instance
from autoarray.structures.arrays.uniform_2d import Array2D

# The shape (y, x) that images are cut to, in pixels, and their scaled units per pixel.
SMALL_DATASETS_SHAPE_NATIVE = _small_datasets.SHAPE_NATIVE
SMALL_DATASETS_PIXEL_SCALES = _small_datasets.PIXEL_SCALES
# The number of objects that a simulated catalogue is cut to.
SMALL_DATASETS_N_CATALOGUE = _small_datasets.CATALOGUE
# The keywords of FITS headers that say how a file was written.
SMALL_DATASETS_HEADER_KEY = _small_datasets.HEADER_KEY
SMALL_DATASETS_SHAPE_HEADER_KEY = _small_datasets.SHAPE_HEADER_KEY


def cap_array_2d_for_small_datasets(array_2d: Array2D, pixel_scales: PixelScales) -> tuple[Array2D, PixelScales]:
    """An array and its pixel scales as they are; or, if datasets are to be small, the array's centre.

    Parameters
    ----------
    array_2d
        The array.
    pixel_scales
        Its scaled units per pixel.

    Returns
    -------
    The array, cut around its centre to at most 16 x 16 pixels, and the scaled units per pixel of a small dataset.
    """
    check_instance(array_2d, Array2D, "array_2d", "an Array2D", exc.ArrayException)
    if not _small_datasets.is_on():
        return array_2d, pixel_scales
    window = []
    for size, cap in zip(array_2d.shape_native, SMALL_DATASETS_SHAPE_NATIVE, strict=True):
        start = (size - min(size, cap)) // 2
        window.append(slice(start, start + min(size, cap)))
    values = array_2d.native.array[tuple(window)]
    return Array2D.no_mask(values, SMALL_DATASETS_PIXEL_SCALES), SMALL_DATASETS_PIXEL_SCALES


def cap_mesh_shape_for_small_datasets(shape: tuple[int, int], respect_small_datasets: bool = True) -> tuple[int, int]:
    """The shape (y, x) of a mesh in pixels; at most (16, 16) if datasets are to be small.

    Parameters
    ----------
    shape
        The shape.
    respect_small_datasets
        Whether it may be cut.
    """
    return _small_datasets.capped(shape, respect_small_datasets)


def cap_catalogue_size_for_small_datasets(n: int) -> int:
    """The number of objects of a simulated catalogue; at most 25 if datasets are to be small."""
    return min(n, SMALL_DATASETS_N_CATALOGUE) if _small_datasets.is_on() else n


def should_simulate(dataset_path: Path | str) -> bool:
    """Whether a script has to simulate the dataset of a folder, because there is none that fits its run.

    A folder whose dataset has the other size than a run asks for is *deleted*: a full one when datasets are to be
    small, unless each of its images says that it was cut; and one whose `data.fits` was cut when they are not.

    Parameters
    ----------
    dataset_path
        The folder of the dataset.

    Raises
    ------
    exc.DatasetException
        If the folder would have to be deleted, but holds the folder in which the script runs.
    """
    folder = Path(dataset_path)
    if not folder.exists():
        return True
    if _small_datasets.is_on():
        files = [
            *([folder / "data.fits"] if (folder / "data.fits").is_file() else []),
            *sorted(folder.glob("*_data.fits")),
            *sorted(folder.glob("channel_*/data.fits")),
        ]
        keep = bool(files) and all(_is_cut(file) and _is_marked(file) for file in files)
    else:
        data = folder / "data.fits"
        keep = not (data.is_file() and _is_cut(data))
    if keep:
        return False
    if Path.cwd().is_relative_to(folder.resolve()):
        raise exc.DatasetException(
            f"dataset_path: expected the folder of a dataset that can be deleted and simulated again, found {folder}, "
            "which holds the folder in which this script runs"
        )
    shutil.rmtree(folder)
    return True


def _header_of(file: Path) -> Any:
    from autoarray import fitsable

    return fitsable.header_of(file)


def _is_marked(file: Path) -> bool:
    """Whether the header of a FITS file says that it was cut, to the shape that is the limit now."""
    header = _header_of(file)
    shape = "x".join(str(size) for size in SMALL_DATASETS_SHAPE_NATIVE)
    return header.get(SMALL_DATASETS_HEADER_KEY) is True and header.get(SMALL_DATASETS_SHAPE_HEADER_KEY) == shape


def _is_cut(file: Path) -> bool:
    """Whether a FITS file holds data that were cut, by its header, or by its shape if it does not say."""
    header = _header_of(file)
    shape = tuple(header.get(f"NAXIS{axis}") for axis in range(header.get("NAXIS", 0), 0, -1))
    marked = header.get(SMALL_DATASETS_HEADER_KEY)
    if marked is None:
        return shape == SMALL_DATASETS_SHAPE_NATIVE
    # A file may say so although nothing cut it. Visibilities, of shape (N, 2), have the same shape either way.
    is_image = len(shape) == 2 and shape[1] != 2
    return bool(marked) and not (is_image and bool(np.any(np.greater(shape, SMALL_DATASETS_SHAPE_NATIVE))))
