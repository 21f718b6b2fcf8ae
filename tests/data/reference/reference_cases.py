"""The inputs of the reference cases: plain NumPy, no lens or array library.

Lenses are off-centre isothermal spheres with shear and a rotation, so that no two traced coordinates
tie and no traced coordinate falls on the edge of a mesh pixel by symmetry.
"""

from __future__ import annotations

import numpy as np

UNIFORM = "RectangularUniform"
ADAPTIVE = "RectangularBilinearAdaptDensity"


def pixel_centres(shape, scale, origin=(0.0, 0.0)):
    """(y, x) of the pixel centres of an image: two arrays of its shape, in arc-seconds."""
    y = ((shape[0] - 1) / 2 - np.arange(shape[0])) * scale + origin[0]
    x = (np.arange(shape[1]) - (shape[1] - 1) / 2) * scale + origin[1]
    return np.meshgrid(y, x, indexing="ij")


def traced(grid, case, lens):
    """Source-plane coordinates of `grid`, shape [N, 2]."""
    centre = np.array(case["origin"]) + case["pixel_scale"] * np.array([0.173, -0.231]) * (1.0 + lens)
    offset = grid - centre
    radius = np.sqrt((offset**2).sum(axis=1)) + 1e-8
    shear = np.array([[0.031, 0.052], [0.019, -0.043]]) * (1.0 + 0.3 * lens)
    return grid - case["einstein_radius"] * (1.0 + 0.1 * lens) * offset / radius[:, None] + offset @ shear


def gaussian_kernel(shape, sigma):
    """A round point spread function, in pixels, normalised to a sum of one."""
    y, x = pixel_centres(shape, 1.0)
    kernel = np.exp(-0.5 * (y**2 + x**2) / sigma**2)
    return kernel / kernel.sum()


def skewed_kernel(shape):
    """A point spread function without any symmetry, normalised to a sum of one."""
    y, x = pixel_centres(shape, 1.0)
    kernel = np.exp(-0.5 * ((y - 0.4) ** 2 / 1.3 + (x + 0.3) ** 2 / 0.8 + 0.5 * y * x))
    kernel += 0.05 * np.exp(-((y + 1.0) ** 2) - (x - 1.0) ** 2) + 0.002 * (2.0 + np.sin(3 * y + 5 * x))
    return kernel / kernel.sum()


def mask_from(kind, shape, scale, origin):
    """True where masked."""
    y, x = pixel_centres(shape, scale, origin)
    y, x = (y - origin[0]) / scale, (x - origin[1]) / scale  # in pixels from the centre of the image
    if kind == "circular":
        return np.hypot(y, x) > 0.32 * min(shape)
    if kind == "annular":
        return (np.hypot(y, x) > 0.36 * min(shape)) | (np.hypot(y, x) < 0.13 * min(shape))
    if kind == "elliptical":
        along, across = x * np.cos(0.6) + y * np.sin(0.6), y * np.cos(0.6) - x * np.sin(0.6)
        return np.hypot(along, across / 0.65) > 0.38 * min(shape)
    if kind == "off_centre":
        return np.hypot(y - 1.3, x + 1.8) > 0.29 * min(shape)
    if kind == "irregular":
        angle = np.arctan2(y, x)
        outline = min(shape) * (0.28 + 0.07 * np.cos(3 * angle + 0.4) + 0.03 * np.sin(5 * angle))
        hole = np.hypot(y - 2.0, x - 1.0) < 1.1
        return (np.hypot(y, x) > outline) | hole
    raise ValueError(kind)


def sub_sizes(kind, mask):
    """Over-sampling of every unmasked pixel: one number for all, or `mixed` by distance and parity."""
    pixels = np.argwhere(~mask)
    if kind != "mixed":
        return np.full(len(pixels), kind)
    distance = np.hypot(*(pixels - (np.array(mask.shape) - 1) / 2).T)
    sizes = np.where(distance < 0.15 * min(mask.shape), 4, np.where(distance < 0.25 * min(mask.shape), 2, 1))
    sizes[pixels.sum(axis=1) % 7 == 0] = 3
    return sizes


def case_from(
    seed,
    shape=(14, 14),
    mask="circular",
    kernel=None,
    sub=2,
    parts=((UNIFORM, (6, 6), 1.0),),
    positive=True,
    edge_zeroed=True,
    relocate=True,
    scale=0.1,
    origin=(0.0, 0.0),
):
    """One case: a lensed Gaussian source with noise, and how it is to be fitted."""
    case = {"pixel_scale": scale, "origin": list(origin), "einstein_radius": 0.19 * min(shape) * scale}
    case |= {"positive": positive, "edge_zeroed": edge_zeroed, "relocate": relocate}
    case["mask"] = mask_from(mask, shape, scale, origin)
    case["sub_size"] = sub_sizes(sub, case["mask"])
    case["kernel"] = gaussian_kernel((3, 3), 0.8) if kernel is None else kernel
    y, x = pixel_centres(shape, scale, origin)
    source = traced(np.stack([y.ravel(), x.ravel()], axis=1), case, lens=0)
    source = (source - origin) / (scale * min(shape))
    image = 2.0 * np.exp(-0.5 * ((source - [0.02, -0.03]) ** 2).sum(axis=1) / 0.06**2)
    image += 0.8 * np.exp(-0.5 * ((source - [-0.1, 0.07]) ** 2).sum(axis=1) / 0.04**2)
    rng = np.random.default_rng(seed)
    noise_map = 0.08 * (1.0 + 0.3 * np.abs(np.sin(3 * y + 2 * x)))
    case["noise_map"] = noise_map
    case["image"] = image.reshape(shape) + noise_map * rng.standard_normal(shape)
    case["parts"] = [
        {"mesh": mesh, "shape": list(mesh_shape), "coefficient": coefficient, "lens": lens}
        for lens, (mesh, mesh_shape, coefficient) in enumerate(parts)
    ]
    return case


def cases():
    """Every case by name: the part of the name after the mesh says what is special in it.

    Adaptive meshes are square: the peer maps one of shape (5, 7) as though it were (5, 5).
    """
    skewed55, skewed75 = skewed_kernel((5, 5)), skewed_kernel((7, 5))
    return {
        "uniform": case_from(1),
        "adaptive": case_from(2, parts=[(ADAPTIVE, (6, 6), 1.0)]),
        "uniform_skewed_psf_annular": case_from(3, (20, 20), "annular", skewed55),
        "adaptive_skewed_psf_annular": case_from(4, (20, 20), "annular", skewed75, parts=[(ADAPTIVE, (7, 7), 1.0)]),
        "uniform_5x7_elliptical_wide": case_from(5, (16, 21), "elliptical", skewed75, parts=[(UNIFORM, (5, 7), 0.1)]),
        "adaptive_7x7_elliptical_tall": case_from(
            6, (22, 17), "elliptical", skewed55, sub=4, parts=[(ADAPTIVE, (7, 7), 30.0)]
        ),
        "uniform_sub_mixed_irregular": case_from(7, (18, 18), "irregular", sub="mixed", parts=[(UNIFORM, (8, 8), 1.0)]),
        "adaptive_sub_mixed_irregular": case_from(
            8, (18, 18), "irregular", skewed55, sub="mixed", parts=[(ADAPTIVE, (8, 8), 0.1)]
        ),
        "uniform_signed": case_from(9, (16, 16), "off_centre", positive=False, parts=[(UNIFORM, (6, 6), 0.1)]),
        "adaptive_signed_sub4": case_from(
            10, (16, 16), "off_centre", sub=4, positive=False, parts=[(ADAPTIVE, (6, 6), 1.0)]
        ),
        "uniform_edge_kept": case_from(11, edge_zeroed=False, parts=[(UNIFORM, (6, 6), 30.0)]),
        "adaptive_edge_kept_signed": case_from(12, positive=False, edge_zeroed=False, parts=[(ADAPTIVE, (5, 5), 0.1)]),
        "uniform_not_relocated": case_from(13, (18, 18), "annular", relocate=False, sub=1),
        "adaptive_not_relocated": case_from(
            14, (18, 18), "elliptical", relocate=False, sub=1, parts=[(ADAPTIVE, (6, 6), 1.0)]
        ),
        "uniform_3x3_no_blur": case_from(15, kernel=np.ones((1, 1)), parts=[(UNIFORM, (3, 3), 1.0)]),
        "adaptive_3x3_origin": case_from(
            16, (15, 14), origin=(0.35, -0.6), edge_zeroed=False, parts=[(ADAPTIVE, (3, 3), 1.0)]
        ),
        "adaptive_10x10_large": case_from(17, (40, 40), "circular", skewed75, sub=1, parts=[(ADAPTIVE, (10, 10), 1.0)]),
        "two_mappers": case_from(
            18, (18, 18), "circular", skewed55, parts=[(UNIFORM, (5, 5), 1.0), (ADAPTIVE, (6, 6), 30.0)]
        ),
    }
