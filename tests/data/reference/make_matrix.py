"""Compute `matrix_*.npz`, every mesh with every regularization, with PyAutoArray 2026.10.26.1.

See `make_reference.py` for the environment:

    peer/bin/python tests/data/reference/make_matrix.py

One file for each mesh holds its mapping and geometry, and the solution and evidence terms for each regularization.
What the peer refuses, or fails at, is kept with its error.
"""

from __future__ import annotations

import warnings

import make_reference
import matrix_cases
import numpy as np
import reference_cases
from make_reference import aa, plain

warnings.simplefilter("ignore")

TERMS = [
    "chi_squared",
    "noise_normalization",
    "regularization_term",
    "log_det_curvature_reg_matrix_term",
    "log_det_regularization_matrix_term",
    "log_evidence",
]


def dense(mappings, sizes, weights, pixels):
    """The weights as a matrix of shape (rows, pixels), in which the order of the mappings has no part."""
    mappings, sizes, weights = plain(mappings), plain(sizes), plain(weights)
    matrix = np.zeros((len(mappings), pixels))
    rows, columns = np.nonzero(np.arange(mappings.shape[1]) < sizes[:, None])
    np.add.at(matrix, (rows, mappings[rows, columns]), weights[rows, columns])
    return matrix


def traced_from(dataset, case):
    grid = dataset.grids.pixelization
    over_sampled = reference_cases.traced(plain(grid.over_sampled), case, lens=0)
    return aa.Grid2D(
        values=reference_cases.traced(plain(grid), case, lens=0),
        mask=dataset.mask,
        over_sample_size=grid.over_sample_size,
        over_sampled=aa.Grid2DIrregular(values=over_sampled),
    )


def interpolator_from(name, dataset, case):
    arguments = dict(matrix_cases.MESHES[name])
    vertices = None
    if "shape" in arguments:
        arguments["shape"] = tuple(arguments["shape"])
    else:
        arguments["pixels"] = len(case["vertices"])
        vertices = aa.Grid2DIrregular(values=reference_cases.traced(case["vertices"], case, lens=0))
    return getattr(aa.mesh, name)(**arguments).interpolator_from(
        source_plane_data_grid=traced_from(dataset, case),
        source_plane_mesh_grid=vertices,
        border_relocator=dataset.grids.border_relocator,
        adapt_data=adapt_data_from(dataset, case),
    )


def adapt_data_from(dataset, case):
    return aa.Array2D(values=case["adapt_data"][~case["mask"]], mask=dataset.mask)


def mesh_values(interpolator, failures):
    mesh_grid = plain(interpolator.mesh_grid)
    pixels = len(mesh_grid)
    values = {
        "mesh_grid": mesh_grid,
        "data_grid_over_sampled": interpolator.data_grid.over_sampled,
        "sub_mapping_matrix": dense(interpolator.mappings, interpolator.sizes, interpolator.weights, pixels),
    }
    geometry = interpolator.mesh_geometry

    def attempt(name, function):
        try:
            values[name] = plain(function())
        except Exception as error:
            failures[name] = f"{type(error).__name__}: {str(error).strip()[:200]}"

    if hasattr(type(interpolator), "_mappings_sizes_weights_split"):
        attempt("split_mapping_matrix", lambda: dense(*interpolator._mappings_sizes_weights_split, pixels))
    for name in ("areas_for_magnification", "areas_transformed", "edges_transformed", "voronoi_areas", "dual_areas"):
        if hasattr(type(geometry), name) or name in vars(geometry):
            attempt(name, lambda name=name: np.asarray(plain(getattr(geometry, name)), dtype=float))
    attempt("neighbors", lambda: geometry.neighbors)
    attempt("neighbors_sizes", lambda: geometry.neighbors.sizes)
    return values


def fit_values(name, dataset, mapper, failures):
    """The solution and the terms of the evidence; a term that raises is kept with its error."""
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=[mapper])
    fit = make_reference.InversionFit(dataset, inversion)
    regularization_matrix = plain(inversion.regularization_matrix)
    values = {
        "reconstruction": plain(inversion.reconstruction),
        "regularization_weights": plain(mapper.regularization.regularization_weights_from(linear_obj=mapper)),
        "regularization_matrix_probed": regularization_matrix @ matrix_cases.probes(),
    }
    for term in TERMS:
        try:
            values[term] = plain(getattr(fit if hasattr(type(fit), term) else inversion, term))
        except Exception as error:
            failures[f"{name}/{term}"] = f"{type(error).__name__}: {' '.join(str(error).split())[:100]}"
    keep = inversion.solve_ids_to_keep
    keep = np.arange(len(values["reconstruction"])) if keep is None else plain(keep)
    matrix = plain(inversion.curvature_reg_matrix)
    conditioned = (matrix, regularization_matrix, matrix[np.ix_(keep, keep)])
    values["condition"] = np.array([np.linalg.cond(each) for each in conditioned])
    return values


def main():
    if aa.__version__ != make_reference.RELEASE:
        raise SystemExit(f"this interpreter has autoarray {aa.__version__}")
    case = matrix_cases.problem()
    dataset = make_reference.dataset_from(case)
    for mesh_name in matrix_cases.MESHES:
        interpolator = interpolator_from(mesh_name, dataset, case)
        failures = {}
        outputs = mesh_values(interpolator, failures)
        for name, arguments in matrix_cases.REGULARIZATIONS.items():
            regularization = getattr(aa.reg, name)(**arguments)
            try:
                aa.Pixelization(mesh=interpolator.mesh, regularization=regularization)
                mapper = aa.Mapper(interpolator=interpolator, regularization=regularization)
                found = fit_values(name, dataset, mapper, failures)
                outputs |= {f"{name}/{key}": value for key, value in found.items()}
            except Exception as error:
                failures[name] = f"{type(error).__name__}: {' '.join(str(error).split())[:100]}"
        inputs = {key: case[key] for key in ("image", "noise_map", "mask", "kernel", "sub_size", "adapt_data")}
        inputs |= {
            "vertices": case["vertices"],
            "traced_vertices": reference_cases.traced(case["vertices"], case, lens=0),
        }
        grid = traced_from(dataset, case)
        inputs |= {"grid": grid, "grid_over_sampled": grid.over_sampled}
        about = {"mesh": mesh_name, "arguments": matrix_cases.MESHES[mesh_name], "pixel_scale": case["pixel_scale"]}
        about |= {"regularizations": matrix_cases.REGULARIZATIONS, "peer_fails": failures}
        make_reference.write(
            f"matrix_{mesh_name}", inputs, outputs, about | {"environment": make_reference.environment()}
        )
        print("   ", failures)


if __name__ == "__main__":
    main()
