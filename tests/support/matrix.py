"""Every mesh with every regularization: the cells of the matrix, and one fit for each on either backend.

The numbers that a cell is compared to, and its inputs, are in `tests/data/reference/matrix_<mesh>.npz`.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

import numpy as np
from problems import xp_from

import autoarray as aa

FOLDER = Path(__file__).parents[1] / "data" / "reference"
FILES = {path.stem.removeprefix("matrix_"): path for path in sorted(FOLDER.glob("matrix_*.npz"))}
MESHES = sorted(FILES, key=lambda name: (not name.startswith("Rectangular"), name))


@functools.cache
def reference(mesh):
    """The arrays of a mesh's file, and what is said about them."""
    with np.load(FILES[mesh], allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    about = json.loads(str(arrays.pop("about")))
    return arrays, about


REGULARIZATIONS = list(reference(MESHES[0])[1]["regularizations"])
CELLS = [(mesh, regularization) for mesh in MESHES for regularization in REGULARIZATIONS]


def peer_error(mesh, name):
    """What the peer raised for a value or a regularization, or None."""
    return reference(mesh)[1]["peer_fails"].get(name)


def is_rejected(mesh, regularization):
    """Whether the peer refuses to combine the two, before any number is computed."""
    return peer_error(mesh, regularization) is not None


# Cells that can be fitted.
FITTED = [cell for cell in CELLS if not is_rejected(*cell)]


@functools.cache
def dataset():
    """The masked dataset, which all meshes share."""
    arrays, about = reference(MESHES[0])
    scale = about["pixel_scale"]
    whole = aa.Imaging(
        data=aa.Array2D.no_mask(values=arrays["in/image"], pixel_scales=scale),
        noise_map=aa.Array2D.no_mask(values=arrays["in/noise_map"], pixel_scales=scale),
        psf=aa.Convolver(kernel=aa.Array2D.no_mask(values=arrays["in/kernel"], pixel_scales=scale)),
    )
    masked = whole.apply_mask(mask=aa.Mask2D(mask=arrays["in/mask"], pixel_scales=scale))
    sizes = aa.Array2D(values=arrays["in/sub_size"], mask=masked.mask)
    return masked.apply_over_sampling(over_sample_size_lp=sizes, over_sample_size_pixelization=sizes)


def adapt_data():
    """The image that adaptive meshes and regularizations follow."""
    arrays, _ = reference(MESHES[0])
    return aa.Array2D(values=arrays["in/adapt_data"][~arrays["in/mask"]], mask=dataset().mask)


def mesh_from(name):
    """The mesh of a row, with the arguments of its file."""
    arrays, about = reference(name)
    arguments = dict(about["arguments"])
    if "shape" in arguments:
        arguments["shape"] = tuple(arguments["shape"])
    else:
        arguments["pixels"] = len(arrays["in/traced_vertices"])
    return getattr(aa.mesh, name)(**arguments)


def regularization_from(name):
    """The regularization of a column, with the arguments of the files."""
    return getattr(aa.reg, name)(**reference(MESHES[0])[1]["regularizations"][name])


def traced_grid(arrays, xp):
    """The traced grid of the data on the backend `xp`."""
    return aa.Grid2D(
        values=xp.asarray(arrays["in/grid"]),
        mask=dataset().mask,
        over_sample_size=dataset().grids.pixelization.over_sample_size,
        over_sampled=aa.Grid2DIrregular(values=xp.asarray(arrays["in/grid_over_sampled"]), xp=xp),
        xp=xp,
    )


def new_interpolator(mesh, backend, grid=None, vertices=None):
    """An interpolator that nothing has been computed of yet; `grid` and `vertices` replace those of the file."""
    xp, (arrays, _) = xp_from(backend), reference(mesh)
    if vertices is None and not mesh.startswith("Rectangular"):
        vertices = aa.Grid2DIrregular(values=xp.asarray(arrays["in/traced_vertices"]), xp=xp)
    return mesh_from(mesh).interpolator_from(
        source_plane_data_grid=traced_grid(arrays, xp) if grid is None else grid,
        source_plane_mesh_grid=vertices,
        border_relocator=dataset().grids.border_relocator,
        adapt_data=adapt_data(),
        xp=xp,
    )


@functools.cache
def interpolator(mesh, backend):
    """The interpolator of a row, which all its cells share."""
    return new_interpolator(mesh, backend)


def new_fit(mesh, regularization, backend, own_interpolator=None, on=None):
    """The fit of a cell, of which nothing has been computed yet, to the dataset `on`."""
    xp = xp_from(backend)
    mapper = aa.Mapper(
        interpolator=own_interpolator or interpolator(mesh, backend),
        regularization=regularization_from(regularization),
        xp=xp,
    )
    on = on or dataset()
    inversion = aa.Inversion(dataset=on, linear_obj_list=[mapper], xp=xp)
    return aa.FitImaging(dataset=on, inversion=inversion, xp=xp)


@functools.cache
def fit(mesh, regularization, backend):
    """The fit of a cell."""
    return new_fit(mesh, regularization, backend)


TERMS = [
    "chi_squared",
    "noise_normalization",
    "regularization_term",
    "log_det_curvature_reg_matrix_term",
    "log_det_regularization_matrix_term",
    "log_evidence",
]


def term(a_fit, name):
    """A term of the evidence, of the fit or of its inversion."""
    return np.asarray(getattr(a_fit if hasattr(type(a_fit), name) else a_fit.inversion, name))


def evaluate(a_fit, regularization):
    """Compute what travels with a fit."""
    _ = a_fit.log_likelihood, a_fit.inversion.regularization_term, a_fit.inversion.mapped_reconstructed_operated_data
    if peer_error(MESHES[0], f"{regularization}/log_evidence") is None:
        _ = a_fit.log_evidence


def results_of(a_fit):
    """The results that a fit carries, to the bit, and what it computes with."""
    inversion = a_fit.inversion
    mapper = inversion.linear_obj_list[0]
    holders = {"fit": a_fit, "inversion": inversion}
    results = {
        f"{holder}.{name}": plain(value).tobytes()
        for holder, owner in holders.items()
        for name, value in owner._derived.results.items()
        if not isinstance(value, dict)
    }
    parts = (a_fit, inversion, mapper, mapper.interpolator, mapper.mesh_geometry)
    results["xp"] = [part._xp.__name__ for part in parts]
    results["neighbors"] = plain(mapper.mesh_geometry.neighbors).tobytes()
    results["neighbors_sizes"] = np.asarray(mapper.mesh_geometry.neighbors.sizes).tolist()
    return results


def plain(value):
    """A NumPy array of a structure, an array or a number."""
    return np.asarray(getattr(value, "array", value))


def dense(mappings, sizes, weights, pixels):
    """Mappings and weights as a matrix of shape (rows, pixels), in which the order of the mappings has no part."""
    mappings, sizes, weights = np.asarray(mappings), np.asarray(sizes), np.asarray(weights)
    matrix = np.zeros((len(mappings), pixels))
    rows, columns = np.nonzero(np.arange(mappings.shape[1]) < sizes[:, None])
    np.add.at(matrix, (rows, mappings[rows, columns]), weights[rows, columns])
    return matrix


def probes():
    """The vectors that stand for a regularization matrix in the files."""
    index = np.arange(len(reference(MESHES[0])[0]["out/mesh_grid"]))
    return np.stack((np.sin(1.0 + 0.7 * index), np.cos(0.3 + 1.9 * index) + 0.2), axis=1)


def deviation(found, expected):
    """The largest difference, relative to the largest expected value; NaN must meet NaN."""
    found, expected = plain(found), plain(expected)
    assert found.shape == expected.shape, f"{found.shape} is not {expected.shape}"
    assert (np.isnan(found) == np.isnan(expected)).all(), "NaN in different places"
    scale = np.nanmax(np.abs(expected), initial=0.0)
    worst = np.nanmax(np.abs(found - expected), initial=0.0)
    return float(worst / scale) if scale > 0.0 else float(worst)
