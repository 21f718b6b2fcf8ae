"""Small problems for the meshes of vertices, on the dataset of `problems`."""

from __future__ import annotations

import functools

import numpy as np
import problems

import autoarray as aa


def image_vertices(pixels: int = 24, zeroed: int = 6) -> np.ndarray:
    """(y, x) vertices in the image plane: a spiral around the centre, and a circle around it at the end."""
    inner = pixels - zeroed
    turn, distance = 2.4 * np.arange(inner) + 0.3, 0.62 * np.sqrt((np.arange(inner) + 0.6) / inner)
    edge = 2.0 * np.pi * (np.arange(zeroed) + 0.17) / max(zeroed, 1)
    spiral = np.stack((distance * np.sin(turn) + 0.011, distance * np.cos(turn) - 0.007), axis=1)
    return np.concatenate((spiral, 0.72 * np.stack((np.sin(edge), np.cos(edge)), axis=1)))


def vertices_from(pixels: int = 24, zeroed: int = 6, einstein=problems.EINSTEIN, xp=np) -> aa.Grid2DIrregular:
    """Those vertices traced to the source plane."""
    return aa.Grid2DIrregular(problems.deflected(xp.asarray(image_vertices(pixels, zeroed)), einstein, xp), xp=xp)


@functools.cache
def dataset() -> aa.Imaging:
    return problems.dataset_from(sub_size=2)


def interpolator_from(mesh=None, backend: str = "numpy", relocate: bool = True, einstein=problems.EINSTEIN):
    """The interpolator of a mesh of 24 vertices, the last six of which are fixed to zero."""
    xp = problems.xp_from(backend)
    mesh = aa.mesh.Delaunay(pixels=18, zeroed_pixels=6) if mesh is None else mesh
    return mesh.interpolator_from(
        source_plane_data_grid=problems.traced_from(dataset(), einstein, xp),
        source_plane_mesh_grid=vertices_from(einstein=einstein, xp=xp),
        border_relocator=dataset().grids.border_relocator if relocate else None,
        xp=xp,
    )


def fit_from(mesh=None, regularization=None, backend: str = "numpy", settings=None, **kwargs) -> aa.FitImaging:
    """A fit that nothing has been computed of yet."""
    interpolator = interpolator_from(mesh, backend, **kwargs)
    xp = problems.xp_from(backend)
    regularization = aa.reg.Constant(coefficient=1.0) if regularization is None else regularization
    mapper = aa.Mapper(interpolator=interpolator, regularization=regularization, xp=xp)
    inversion = aa.Inversion(dataset=dataset(), linear_obj_list=[mapper], settings=settings, xp=xp)
    return aa.FitImaging(dataset=dataset(), inversion=inversion, xp=xp)


def dense(mappings, sizes, weights, pixels: int) -> np.ndarray:
    """The mapping matrix of one row for each point, whatever the order of the entries in a row is."""
    mappings, sizes, weights = np.asarray(mappings), np.asarray(sizes), np.asarray(weights)
    matrix = np.zeros((len(mappings), pixels))
    rows, columns = np.nonzero(np.arange(mappings.shape[1]) < sizes[:, None])
    np.add.at(matrix, (rows, mappings[rows, columns]), weights[rows, columns])
    return matrix


def grid_of(points, xp=np) -> aa.Grid2D:
    """A grid whose over-sampled coordinates are these (y, x) points."""
    mask = aa.Mask2D(np.pad(np.zeros((1, len(points)), dtype=bool), 1, constant_values=True), pixel_scales=0.5)
    values = xp.asarray(points)
    return aa.Grid2D(
        values=values, mask=mask, over_sample_size=1, over_sampled=aa.Grid2DIrregular(values, xp=xp), xp=xp
    )
