"""Compute `image_meshes.npz`, vertices chosen in the image plane, with PyAutoArray 2026.10.26.1.

See `make_reference.py` for the environment, in which scikit-learn is 1.8.0:

    peer/bin/python tests/data/reference/make_image_meshes.py
"""

from __future__ import annotations

import warnings

import make_reference
import numpy as np
import reference_cases
import sklearn
from make_reference import aa

warnings.simplefilter("ignore")

SCALE = 0.1

# kind of mask: shape. The peer's Hilbert curve fails for an image that is not square, and its overlay of a mask with
# another origin takes most vertices to be masked, so that no case has one.
MASKS = {"circular": (21, 21), "off_centre": (24, 24), "annular": (20, 20), "irregular": (18, 23)}
SHAPES = [(3, 3), (5, 7), (2, 9), (12, 11), (30, 30)]
WEIGHTS = [(20, 0.0, 1.0), (50, 0.1, 0.7), (7, 0.0, 0.0), (12.9, 0.3, 2.0)]


def adapt_data_from(shape):
    """An image with one bright spot off the centre."""
    y, x = reference_cases.pixel_centres(shape, SCALE)
    return np.exp(-0.5 * ((y - 0.1) ** 2 + (x + 0.15) ** 2) / 0.15**2) + 0.02


def main():
    inputs, outputs = {}, {}
    for kind, shape in MASKS.items():
        native = reference_cases.mask_from(kind, shape, SCALE, (0.0, 0.0))
        mask = aa.Mask2D(mask=native, pixel_scales=SCALE)
        adapt_data = aa.Array2D(values=adapt_data_from(shape)[~native], mask=mask)
        inputs |= {f"{kind}/mask": native, f"{kind}/adapt_data": adapt_data}
        for i, overlay in enumerate(SHAPES):
            mesh = aa.image_mesh.Overlay(shape=overlay)
            grid = mesh.image_plane_mesh_grid_from(mask=mask)
            outputs[f"{kind}/overlay_{i}"] = grid
            outputs[f"{kind}/overlay_{i}_counts"] = mesh.mesh_pixels_per_image_pixels_from(mask=mask, mesh_grid=grid)
        for i, (pixels, floor, power) in enumerate(WEIGHTS):
            kmeans = aa.image_mesh.KMeans(pixels, floor, power)
            outputs[f"{kind}/weights_{i}"] = kmeans.weight_map_from(adapt_data)
            outputs[f"{kind}/kmeans_{i}"] = kmeans.image_plane_mesh_grid_from(mask=mask, adapt_data=adapt_data)
            if kind in ("circular", "off_centre"):
                hilbert = aa.image_mesh.Hilbert(pixels, floor, power)
                outputs[f"{kind}/hilbert_{i}"] = hilbert.image_plane_mesh_grid_from(mask=mask, adapt_data=adapt_data)
    about = {"pixel_scale": SCALE, "masks": list(MASKS), "shapes": SHAPES}
    about |= {"weights": WEIGHTS, "scikit-learn": sklearn.__version__, "environment": make_reference.environment()}
    make_reference.write("image_meshes", inputs, outputs, about)


if __name__ == "__main__":
    main()
