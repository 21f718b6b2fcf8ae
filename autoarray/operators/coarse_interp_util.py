"""Bilinear interpolation from the pixels of a coarse mask to those of a finer one, as a sparse matrix.

The centres of 2 x 2 neighboring coarse pixels are the corners of a box. A fine pixel takes its value from the corners
of the box whose centre is nearest: beyond its edge the values go on linearly. The matrix follows from the masks alone,
and is made with NumPy once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray._backend import numbers_from
from autoarray._typing import ArrayLike, Values
from autoarray._validation import whole_from

__all__ = [
    "bilinear_weights_from_box",
    "binned_image_from",
    "binned_mask_from",
    "coarse_interp_matrix_from",
    "coarse_interp_triplets_from",
    "interp_box_mask_from",
]


def binned_image_from(arr: Values, bin_factor: int = 1) -> np.ndarray:
    """The means of blocks of pixels.

    Parameters
    ----------
    arr
        An image of shape (y, x).
    bin_factor
        The sides of the blocks in pixels.

    Returns
    -------
    array
        The means, of shape (y // bin_factor, x // bin_factor).

    Raises
    ------
    ArrayException
        If the image is not made of whole blocks.
    """
    return _blocks_of(arr, bin_factor, "arr", exc.ArrayException).mean(axis=(1, 3))


def binned_mask_from(mask: Values, bin_factor: int) -> np.ndarray:
    """The mask of blocks of pixels, of which those are unmasked whose pixels all are.

    Parameters
    ----------
    mask
        A mask of shape (y, x), in which True is masked.
    bin_factor
        The sides of the blocks in pixels.

    Returns
    -------
    array
        Bools of shape (y // bin_factor, x // bin_factor).

    Raises
    ------
    MaskException
        If the mask is not made of whole blocks.
    """
    return np.any(_blocks_of(mask, bin_factor, "mask", exc.MaskException).astype(bool), axis=(1, 3))


def interp_box_mask_from(mask: Values) -> np.ndarray:
    """The mask of the boxes between 2 x 2 pixels, of which those are unmasked whose four corners are.

    Parameters
    ----------
    mask
        A mask of shape (y, x), in which True is masked.

    Returns
    -------
    array
        Bools of shape (y - 1, x - 1).
    """
    masked = _array_2d_from(mask, "mask", exc.MaskException).astype(bool)
    return masked[:-1, :-1] | masked[:-1, 1:] | masked[1:, :-1] | masked[1:, 1:]


def bilinear_weights_from_box(box_x: ArrayLike, box_y: ArrayLike, position: tuple[Any, Any] = (0.0, 0.0)) -> np.ndarray:
    """What the corners of boxes along the axes count at positions, which may be beyond their edges.

    Parameters
    ----------
    box_x, box_y
        The coordinates of the corners, of shape (..., 4): top left, top right, bottom left, bottom right.
    position
        The (y, x) of the positions, each of shape (...).

    Returns
    -------
    array
        The weights of the four corners, of shape (..., 4), whose sum is 1.

    Raises
    ------
    GridException
        If a box has no area.
    """
    x = np.asarray(numbers_from(box_x, "box_x", exc.GridException), dtype=float)
    y = np.asarray(numbers_from(box_y, "box_y", exc.GridException), dtype=float)
    if x.shape != y.shape or x.shape[-1:] != (4,):
        raise exc.GridException(f"box_x, box_y: expected shape (..., 4), found {x.shape} and {y.shape}")
    width, height = x[..., 1] - x[..., 0], y[..., 0] - y[..., 2]
    if np.any(width == 0.0) or np.any(height == 0.0):
        raise exc.GridException("box_x, box_y: expected boxes with an area, found one whose corners are on one line")
    right = (np.asarray(position[1]) - x[..., 0]) / width
    up = (np.asarray(position[0]) - y[..., 2]) / height
    return np.stack((up * (1 - right), up * right, (1 - up) * (1 - right), (1 - up) * right), axis=-1)


def coarse_interp_triplets_from(
    mask_itp_box: Values,
    xc_itp_box: ArrayLike,
    yc_itp_box: ArrayLike,
    xgrid_fine_1d: ArrayLike,
    ygrid_fine_1d: ArrayLike,
    xgrid_coarse: ArrayLike,
    ygrid_coarse: ArrayLike,
    mask_coarse: Values,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The entries of the matrix of `coarse_interp_matrix_from`.

    Parameters
    ----------
    mask_itp_box, xc_itp_box, yc_itp_box, xgrid_fine_1d, ygrid_fine_1d, xgrid_coarse, ygrid_coarse, mask_coarse
        See `coarse_interp_matrix_from`.

    Returns
    -------
    tuple
        Rows, columns and values, each of shape (4 fine pixels,).
    """
    boxes = np.argwhere(~_array_2d_from(mask_itp_box, "mask_itp_box", exc.MaskException).astype(bool))
    masked = _array_2d_from(mask_coarse, "mask_coarse", exc.MaskException).astype(bool)
    centres = [
        _array_2d_from(values, name, exc.GridException)
        for values, name in ((yc_itp_box, "yc_itp_box"), (xc_itp_box, "xc_itp_box"))
    ]
    coarse = [
        _array_2d_from(values, name, exc.GridException)
        for values, name in ((ygrid_coarse, "ygrid_coarse"), (xgrid_coarse, "xgrid_coarse"))
    ]
    fine = np.stack(
        [
            np.asarray(numbers_from(values, name, exc.GridException), dtype=float).ravel()
            for values, name in ((ygrid_fine_1d, "ygrid_fine_1d"), (xgrid_fine_1d, "xgrid_fine_1d"))
        ],
        axis=1,
    )
    if not len(boxes):
        raise exc.MaskException(
            f"mask_itp_box: expected a box whose corners are unmasked, found none among {centres[0].shape}; the coarse "
            "pixels are too large for the mask"
        )
    nearest = boxes[_nearest_from(fine, np.stack([values[tuple(boxes.T)] for values in centres], axis=1))]

    steps = np.array(((0, 0), (0, 1), (1, 0), (1, 1)))
    corners = nearest[:, None, :] + steps
    y, x = (values[corners[..., 0], corners[..., 1]] for values in coarse)
    weights = bilinear_weights_from_box(x, y, position=(fine[:, 0], fine[:, 1]))
    slim = np.full(masked.shape, -1)
    slim[~masked] = np.arange(np.count_nonzero(~masked))
    columns = slim[corners[..., 0], corners[..., 1]]
    if columns.min(initial=0) < 0:
        raise exc.MaskException(
            "mask_itp_box: expected boxes whose corners are all unmasked in mask_coarse, found others"
        )
    return np.repeat(np.arange(len(fine)), 4), columns.ravel(), weights.ravel()


def coarse_interp_matrix_from(
    mask_itp_box: Values,
    xc_itp_box: ArrayLike,
    yc_itp_box: ArrayLike,
    xgrid_fine_1d: ArrayLike,
    ygrid_fine_1d: ArrayLike,
    xgrid_coarse: ArrayLike,
    ygrid_coarse: ArrayLike,
    mask_coarse: Values,
) -> Any:
    """The matrix that interpolates values of the unmasked coarse pixels at the fine ones.

    Parameters
    ----------
    mask_itp_box
        Which boxes between coarse pixels are not used, as `interp_box_mask_from` gives them, of shape (y - 1, x - 1).
    xc_itp_box, yc_itp_box
        The centres of the boxes, of that shape.
    xgrid_fine_1d, ygrid_fine_1d
        The centres of the fine pixels, of shape (fine pixels,).
    xgrid_coarse, ygrid_coarse
        The centres of the coarse pixels, of shape (y, x).
    mask_coarse
        Their mask, of that shape, in which True is masked.

    Returns
    -------
    csr_matrix
        A SciPy sparse matrix of shape (fine pixels, unmasked coarse pixels), whose rows sum to 1.

    Raises
    ------
    MaskException
        If no box is left, or one has a masked corner.
    """
    from scipy.sparse import csr_matrix

    rows, columns, values = coarse_interp_triplets_from(
        mask_itp_box, xc_itp_box, yc_itp_box, xgrid_fine_1d, ygrid_fine_1d, xgrid_coarse, ygrid_coarse, mask_coarse
    )
    masked = _array_2d_from(mask_coarse, "mask_coarse", exc.MaskException).astype(bool)
    return csr_matrix((values, (rows, columns)), shape=(len(rows) // 4, int(np.count_nonzero(~masked))))


def _array_2d_from(values: Any, name: str, error: type[Exception]) -> np.ndarray:
    array = np.asarray(numbers_from(getattr(values, "array", values), name, error))
    if array.ndim != 2:
        raise error(f"{name}: expected an array of shape (y, x), found shape {array.shape}")
    return array


def _blocks_of(values: Any, bin_factor: int, name: str, error: type[Exception]) -> np.ndarray:
    array, side = _array_2d_from(values, name, error), whole_from(bin_factor, "bin_factor", 1, error)
    rows, columns = array.shape
    if rows % side or columns % side:
        raise error(f"{name}: expected a shape that {side} divides, found {array.shape}")
    return array.reshape(rows // side, side, columns // side, side)


def _nearest_from(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Which of some centres is nearest to each point, of shape (N,); the first of those that are equally near."""
    from scipy.spatial import KDTree

    distance, found = KDTree(centres).query(points, k=min(4, len(centres)))
    if found.ndim == 1:
        return found
    # Rounding must not choose between the four boxes around one corner.
    equal = distance <= distance[:, :1] * (1 + 1e-9) + 1e-300
    return np.where(equal, found, len(centres)).min(axis=1)
