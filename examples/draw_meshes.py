"""One source on four meshes, each drawn on its own cells next to the image and the truth: a figure for a paper.

python examples/draw_meshes.py [FOLDER]

The figure is written to FOLDER/meshes.png. Each mesh has the smoothness for which the evidence is highest.
"""

import sys
import tempfile

import numpy as np

import autoarray as aa
from autoarray.inversion.mesh.image_mesh.abstract import append_with_circle_edge_points
from autoarray.plot import plot_array, plot_inversion_reconstruction, utils

UNIT = "e$^-$ s$^{-1}$"
EXTENT = (-0.33, 0.33, -0.3, 0.36)
EDGE = 30


def trace(grid):
    """Trace (N, 2) positions to the source plane of an isothermal sphere with shear."""
    radius = np.sqrt(np.sum(grid**2, axis=1, keepdims=True) + 1e-4)
    return grid - 1.1 * grid / radius + grid @ np.array([[0.05, 0.04], [0.04, -0.05]])


def light(source):
    """A disc with a bright knot on either side, at (N, 2) positions in the source plane."""
    parts = [(1.0, (0.04, 0.02), 0.11, 0.55), (1.6, (0.13, 0.15), 0.035, 1.0), (1.3, (-0.07, -0.14), 0.045, 0.8)]
    total = np.zeros(len(source))
    for peak, centre, sigma, ratio in parts:
        y, x = np.array([[np.cos(0.7), np.sin(0.7)], [-np.sin(0.7), np.cos(0.7)]]) @ (source - centre).T
        total += peak * np.exp(-0.5 * (x**2 + (y / ratio) ** 2) / sigma**2)
    return total


def dataset():
    """The image of that source: 80 x 80 pixels of 0.05 arcsec, with a PSF and noise, masked."""
    grid = aa.Grid2D.uniform(shape_native=(80, 80), pixel_scales=0.05, over_sample_size=4)
    psf = aa.Convolver.from_gaussian(shape_native=(7, 7), sigma=0.05, pixel_scales=0.05, normalize=True)
    simulator = aa.SimulatorImaging(exposure_time=2000.0, background_sky_level=0.1, psf=psf, noise_seed=1)
    image = grid.over_sampler.binned_array_2d_from(array=light(trace(grid.over_sampled.array)))
    mask = aa.Mask2D.circular(shape_native=(80, 80), pixel_scales=0.05, radius=1.8)
    return simulator.via_image_from(image=image).apply_over_sampling(over_sample_size_pixelization=2).apply_mask(mask)


def fit_from(imaging, mesh, regularization, adapt_data, vertices):
    """The fit of the source on a mesh."""
    grid = imaging.grids.pixelization
    source_plane_grid = aa.Grid2D(
        values=trace(grid.array),
        mask=imaging.mask,
        over_sample_size=grid.over_sample_size,
        over_sampled=aa.Grid2DIrregular(trace(grid.over_sampled.array)),
    )
    interpolator = mesh.interpolator_from(
        source_plane_data_grid=source_plane_grid,
        source_plane_mesh_grid=aa.Grid2DIrregular(trace(vertices.array)),
        border_relocator=imaging.grids.border_relocator,
        adapt_data=adapt_data,
    )
    mapper = aa.Mapper(interpolator=interpolator, regularization=regularization)
    return aa.FitImaging(dataset=imaging, inversion=aa.Inversion(dataset=imaging, linear_obj_list=[mapper]))


def best_fit_from(imaging, mesh, scheme, adapt_data, vertices):
    """The fit with the smoothness of the highest evidence."""
    fits = [fit_from(imaging, mesh, scheme(coefficient), adapt_data, vertices) for coefficient in (1.0, 5.0, 25.0)]
    return max(fits, key=lambda fit: fit.log_evidence)


def main(folder):
    imaging = dataset()
    ring = imaging.data.array.clip(0.0)
    adapt_data = aa.Array2D(values=ring / ring.max() + 0.01, mask=imaging.mask)
    image_mesh = aa.image_mesh.Hilbert(pixels=350, weight_floor=0.05, weight_power=1.0)
    vertices = append_with_circle_edge_points(
        image_plane_mesh_grid=image_mesh.image_plane_mesh_grid_from(mask=imaging.mask, adapt_data=adapt_data),
        centre=imaging.mask.mask_centre,
        radius=1.85,
        n_points=EDGE,
    )
    pixels = {"pixels": vertices.shape[0], "zeroed_pixels": EDGE}
    meshes = {
        "Uniform rectangles": (aa.mesh.RectangularUniform(shape=(28, 28)), aa.reg.Constant),
        "Adaptive rectangles": (aa.mesh.RectangularRTUAdaptImage(shape=(22, 22), weight_floor=0.2), aa.reg.Constant),
        "Delaunay triangles": (aa.mesh.Delaunay(**pixels), aa.reg.ConstantSplit),
        "Natural neighbors, Voronoi cells": (aa.mesh.DelaunayNN(**pixels), aa.reg.ConstantSplit),
    }
    truth = aa.Grid2D.uniform(shape_native=(400, 400), pixel_scales=0.002, over_sample_size=1)
    truth = aa.Array2D.no_mask(values=light(truth.array), shape_native=(400, 400), pixel_scales=0.002)

    fig, panels = utils.subplots(2, 3)
    first, second, *others = panels.ravel()
    plot_array(imaging.data, ax=first, title="Image", cb_unit=UNIT, vmin=0.0)
    # One scale for all sources, which differ in their mesh alone.
    scale = {"vmin": 0.0, "vmax": float(truth.array.max()), "cb_unit": UNIT, "extent": EXTENT}
    plot_array(truth, ax=second, title="Source: the truth", **scale)
    for ax, (name, (mesh, scheme)) in zip(others, meshes.items(), strict=True):
        fit = best_fit_from(imaging, mesh, scheme, adapt_data, vertices)
        mapper = fit.inversion.linear_obj_list[0]
        plot_inversion_reconstruction(
            fit.inversion.reconstruction,
            mapper,
            ax=ax,
            title=f"{name}: {mapper.pixels}",
            style="cells" if "cells" in name else None,
            mesh_edges=True,
            **scale,
        )
        print(f"{name:34} coefficient {mapper.regularization.coefficient:4g}  log evidence {fit.log_evidence:.1f}")
    utils.save_figure(fig, folder, "meshes", dpi=100)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(folder)
