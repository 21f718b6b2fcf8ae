"""Compute `earlier_rectangular.npz`: the rectangular meshes that PyAutoArray had up to release 2026.7.23.1.

In an environment with the last release that has all of them and with NumPy 2:

    pip install autoarray==2026.5.21.1
    python tests/data/reference/make_earlier_rectangular.py

The coordinates are drawn at random and stored with the results: mappings, interpolation weights and what the rotated
mesh is rotated by. Its areas and edges are not: release 2026.7.15.1 defined them anew.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

import autoarray as aa

warnings.simplefilter("ignore")

RELEASE, SHAPE, OPTIONS = "2026.5.21.1", (6, 6), {"weight_power": 0.9, "weight_floor": 0.02}
MESHES = {
    "RectangularAdaptDensity": {},
    "RectangularAdaptImage": OPTIONS,
    "RectangularSplineAdaptDensity": {"spline_deg": 7},
    "RectangularSplineAdaptImage": OPTIONS,
    "RectangularRotatedAdaptImage": OPTIONS | {"spline_deg": 9},
}


def main():
    assert aa.__version__ == RELEASE, aa.__version__
    rng = np.random.default_rng(2026)
    mask = aa.Mask2D.circular(shape_native=(10, 10), pixel_scales=0.1, radius=0.41)
    points = rng.normal(size=(mask.pixels_in_mask, 2)) * [0.3, 0.5] + [0.04, -0.07]
    over_sampled = np.repeat(points, 4, axis=0) + rng.normal(size=(4 * len(points), 2)) * 0.05
    image = np.exp(-0.5 * ((points @ [[1.0, 0.3], [0.3, 1.0]]) ** 2).sum(axis=1) / 0.2)
    grid = aa.Grid2D(values=points, mask=mask, over_sample_size=2, over_sampled=aa.Grid2DIrregular(values=over_sampled))
    values = {"points": points, "over_sampled": over_sampled, "image": image}
    for name, options in MESHES.items():
        interpolator = getattr(aa.mesh, name)(shape=SHAPE, **options).interpolator_from(
            source_plane_data_grid=grid,
            source_plane_mesh_grid=None,
            border_relocator=None,
            adapt_data=aa.Array2D(values=image, mask=mask),
        )
        values[f"{name}/mappings"] = np.asarray(interpolator.mappings, dtype=np.int16)
        values[f"{name}/weights"] = np.asarray(interpolator.weights)
        if "Rotated" in name:
            values[f"{name}/rotation_matrix"] = np.asarray(interpolator.rotation_matrix)
            values[f"{name}/rotation_centroid"] = np.asarray(interpolator.rotation_centroid)
    np.savez_compressed(Path(__file__).with_name("earlier_rectangular.npz"), **values)


if __name__ == "__main__":
    main()
