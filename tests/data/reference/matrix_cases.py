"""The inputs of the matrix of every mesh with every regularization: plain NumPy and names.

One small lensed source; every mesh is laid over the same traced grid, with the border relocator. There are as many
pixels in the mask as in every mesh, because two of the regularizations take the mask's shape.
"""

from __future__ import annotations

import numpy as np
import reference_cases

# (mesh, constructor arguments). The vertex meshes have an edge that is fixed to zero.
PIXELS, ZEROED = 64, 10
SHAPE = {"shape": [8, 8]}
MESHES = {
    "RectangularUniform": SHAPE,
    "RectangularBilinearAdaptDensity": SHAPE,
    "RectangularBilinearAdaptImage": SHAPE | {"weight_power": 0.8, "weight_floor": 0.3},
    "RectangularRTUAdaptDensity": SHAPE | {"bandwidth": 0.9},
    "RectangularRTUAdaptImage": SHAPE | {"weight_power": 0.8, "weight_floor": 0.3},
    "Delaunay": {"zeroed_pixels": ZEROED},
    "DelaunayNN": {"zeroed_pixels": ZEROED},
    "KNearestNeighbor": {"zeroed_pixels": ZEROED, "k_neighbors": 6},
    "KNNBarycentric": {"zeroed_pixels": ZEROED, "k_neighbors": 6},
}

ADAPT = {"inner_coefficient": 1.3, "outer_coefficient": 0.6, "signal_scale": 0.7}
ZEROTH = {"zeroth_coefficient": 0.4, "zeroth_signal_scale": 0.5}
REGULARIZATIONS = {
    "Constant": {"coefficient": 1.2},
    "ConstantZeroth": {"coefficient_neighbor": 1.2, "coefficient_zeroth": 0.3},
    "ConstantSplit": {"coefficient": 1.2},
    "Zeroth": {"coefficient": 0.8},
    "Adapt": ADAPT,
    "AdaptPower": ADAPT | {"power": 1.4},
    "AdaptSplit": ADAPT,
    "AdaptSplitPower": ADAPT | {"power": 1.4},
    "AdaptSplitZeroth": ADAPT | ZEROTH,
    "AdaptSplitZerothPower": ADAPT | ZEROTH | {"power": 1.4},
    "BrightnessZeroth": {"coefficient": 0.9, "signal_scale": 0.6},
    "GaussianKernel": {"coefficient": 1.2, "scale": 0.08},
    "ExponentialKernel": {"coefficient": 1.2, "scale": 0.1},
    "MaternKernel": {"coefficient": 1.2, "scale": 0.1, "nu": 1.5},
    "MaternSparse": {"coefficient": 1.2, "scale": 0.1, "nu": 1.0},
    "MaternAdaptKernel": ADAPT | {"scale": 0.1, "nu": 0.5},
    "MaternAdaptPowerKernel": ADAPT | {"scale": 0.1, "nu": 0.5, "power": 1.4},
    "CurvatureMask": {"coefficient": 1.2},
    "FourthOrderMask": {"coefficient": 1.2},
}


def problem():
    """The image, its mask and noise, the image that adapts, and the vertices in the image plane."""
    case = reference_cases.case_from(41, kernel=reference_cases.skewed_kernel((5, 5)))
    y, x = reference_cases.pixel_centres(case["mask"].shape, case["pixel_scale"])
    nearest = np.argsort(np.hypot(y - 0.023, x + 0.031).ravel())[:PIXELS]
    case["mask"] = ~np.isin(np.arange(y.size), nearest).reshape(y.shape)
    case["sub_size"] = np.full(PIXELS, 2)
    source = reference_cases.traced(np.stack([y.ravel(), x.ravel()], axis=1), case, lens=0)
    scale = case["pixel_scale"] * min(case["mask"].shape)
    adapt = np.exp(-0.5 * ((source / scale - [0.0, 0.01]) ** 2).sum(axis=1) / 0.09**2)
    case["adapt_data"] = 0.02 + adapt.reshape(case["mask"].shape)
    case["vertices"] = vertices_from(case)
    return case


def vertices_from(case):
    """(y, x) in the image plane: a spiral inside the mask, and points on a circle around it, which come last."""
    inner, radius = PIXELS - ZEROED, 0.32 * min(case["mask"].shape) * case["pixel_scale"]
    turn = np.pi * (3.0 - np.sqrt(5.0)) * np.arange(inner)
    distance = radius * np.sqrt((np.arange(inner) + 0.6) / inner) * 0.97
    spiral = np.stack((distance * np.sin(turn + 0.3) + 0.011, distance * np.cos(turn + 0.3) - 0.007), axis=1)
    angle = 2.0 * np.pi * (np.arange(ZEROED) + 0.17) / ZEROED
    return np.concatenate((spiral, 1.12 * radius * np.stack((np.sin(angle), np.cos(angle)), axis=1)))


def probes():
    """Two vectors that a regularization matrix is multiplied with, which stands for the matrix in the files."""
    index = np.arange(PIXELS)
    return np.stack((np.sin(1.0 + 0.7 * index), np.cos(0.3 + 1.9 * index) + 0.2), axis=1)
