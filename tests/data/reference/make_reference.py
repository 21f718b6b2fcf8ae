"""Compute the reference numbers in this folder with PyAutoArray 2026.10.26.1.

The tests never run this. To compute the files again, make an environment of its own for the
peer and run this script with its interpreter:

    python -m venv peer
    peer/bin/pip install numpy==2.4.6 scipy==1.17.1 astropy matplotlib scikit-image==0.26.0 \
        scikit-learn==1.8.0 tqdm decorator dill finufft numba PyYAML typing-inspect \
        jax==0.10.2 jaxlib==0.10.2 jaxnnls
    peer/bin/pip install --no-deps --ignore-requires-python \
        autoarray==2026.10.26.1 autonerves==2026.10.26.1
    peer/bin/python tests/data/reference/make_reference.py

(`--ignore-requires-python`, because the release declares Python >= 3.12; it runs on 3.11.) The cases
are in `reference_cases.py`. Each becomes one `.npz` file with the inputs as arrays, so that a test needs
nothing but the file, and everything that the peer computes from them.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import warnings
from pathlib import Path

# The active set of one solve is not the start of the next: every case stands alone.
os.environ["AUTOARRAY_NNLS_WARM_START"] = "0"
warnings.simplefilter("ignore")

import numpy as np  # noqa: E402
import reference_cases  # noqa: E402
import reference_structures  # noqa: E402
import scipy  # noqa: E402

import autoarray as aa  # noqa: E402

RELEASE = "2026.10.26.1"
FOLDER = Path(__file__).parent


class InversionFit(aa.FitImaging):
    """The least that makes the peer's abstract `FitImaging` a fit of an inversion."""

    def __init__(self, dataset, inversion):
        super().__init__(dataset=dataset)
        self.solved = inversion

    @property
    def inversion(self):
        return self.solved

    @property
    def blurred_image(self):
        return self.dataset.data * 0.0

    @property
    def model_data(self):
        return self.solved.mapped_reconstructed_operated_data


def plain(value):
    """A NumPy array of a structure, an array or a number."""
    return np.asarray(getattr(value, "array", value))


def dataset_from(case):
    """The masked dataset of a case."""
    scale, origin = case["pixel_scale"], case["origin"]
    whole = {"pixel_scales": scale, "origin": origin}
    dataset = aa.Imaging(
        data=aa.Array2D.no_mask(values=case["image"], **whole),
        noise_map=aa.Array2D.no_mask(values=case["noise_map"], **whole),
        psf=aa.Convolver(kernel=aa.Array2D.no_mask(values=case["kernel"], pixel_scales=scale)),
    )
    mask = aa.Mask2D(mask=case["mask"], pixel_scales=scale, origin=origin)
    dataset = dataset.apply_mask(mask=mask)
    sizes = aa.Array2D(values=case["sub_size"], mask=mask)
    return dataset.apply_over_sampling(over_sample_size_lp=sizes, over_sample_size_pixelization=sizes)


def mapper_from(dataset, case, part):
    """The mapper of one of the meshes of a case, over the traced grid of that mesh."""
    grid = dataset.grids.pixelization
    source_grid = aa.Grid2D(
        values=part["grid"],
        mask=dataset.mask,
        over_sample_size=grid.over_sample_size,
        over_sampled=aa.Grid2DIrregular(values=part["grid_over_sampled"]),
    )
    interpolator = getattr(aa.mesh, part["mesh"])(shape=tuple(part["shape"])).interpolator_from(
        source_plane_data_grid=source_grid,
        source_plane_mesh_grid=None,
        border_relocator=dataset.grids.border_relocator if case["relocate"] else None,
    )
    return aa.Mapper(interpolator=interpolator, regularization=aa.reg.Constant(coefficient=part["coefficient"]))


def mapper_values(mapper, prefix, failures):
    """What a mapper, its interpolator and its mesh geometry compute.

    The peer raises for the edges and areas of a mesh that is not square; such values are left out, and
    the error is kept in `failures`.
    """
    interpolator, geometry = mapper.interpolator, mapper.mesh_geometry
    values = {
        "relocated_grid": interpolator.data_grid,
        "relocated_grid_over_sampled": interpolator.data_grid.over_sampled,
        "mesh_grid": interpolator.mesh_grid,
        "mappings": interpolator.mappings,
        "sizes": interpolator.sizes,
        "weights": interpolator.weights,
        "pixel_scales": geometry.pixel_scales,
        "geometry_origin": geometry.origin,
        "extent": geometry.geometry.extent,
        "neighbors": geometry.neighbors,
        "neighbors_sizes": geometry.neighbors.sizes,
        "mapping_matrix": mapper.mapping_matrix,
    }
    for name in ("areas_for_magnification", "areas_transformed", "edges_transformed"):
        try:
            values[name] = getattr(geometry, name)
        except ValueError as error:
            failures[f"{prefix}{name}"] = str(error)
    return values


def inversion_values(inversion, small):
    names = [
        "data_vector",
        "curvature_matrix",
        "regularization_matrix",
        "reconstruction",
        "regularization_term",
        "log_det_curvature_reg_matrix_term",
        "log_det_regularization_matrix_term",
        "mapped_reconstructed_data",
        "mapped_reconstructed_operated_data",
        "reconstruction_noise_map",
    ]
    if small:
        names += ["operated_mapping_matrix", "reconstruction_covariance_matrix"]
    return {name: getattr(inversion, name) for name in names}


FIT_NAMES = [
    "residual_map",
    "chi_squared_map",
    "chi_squared",
    "noise_normalization",
    "log_likelihood",
    "log_likelihood_with_regularization",
    "log_evidence",
    "figure_of_merit",
]


def solution_check(inversion, case):
    """How exact the peer's own reconstruction is, and how far the system is from a degenerate one."""
    system, vector = plain(inversion.curvature_reg_matrix), plain(inversion.data_vector)
    values = plain(inversion.reconstruction)
    keep = inversion.solve_ids_to_keep
    keep = np.arange(len(values)) if keep is None else plain(keep)
    system, vector, values = system[np.ix_(keep, keep)], vector[keep], values[keep]
    gradient = (system @ values - vector) / np.abs(vector).max()
    solved = np.ones(len(values), bool) if not case["positive"] else values > 0
    return {
        "stationarity": float(np.abs(gradient[solved]).max()),
        "smallest_dual": float(gradient[~solved].min()) if (~solved).any() else None,
        "smallest_positive": float(values[solved].min() / np.abs(values).max()) if case["positive"] else None,
        "solved": int(solved.sum()),
        "zero": int((~solved).sum()),
        "condition": float(np.linalg.cond(system)),
    }


def write(name, inputs, outputs, about):
    """One file: `inputs` and `outputs` as arrays, `about` as the JSON text of the key `about`."""
    arrays = {f"in/{key}": plain(value) for key, value in inputs.items()}
    arrays |= {f"out/{key}": plain(value) for key, value in outputs.items()}
    arrays["about"] = np.array(json.dumps(about, sort_keys=True))
    for key, value in arrays.items():
        if value.dtype == object:
            raise TypeError(f"{name}: {key} is not an array of numbers")
    np.savez_compressed(FOLDER / f"{name}.npz", **arrays)
    print(f"{name}: {(FOLDER / f'{name}.npz').stat().st_size} bytes", about.get("check", ""))


def environment():
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}
    return {"autoarray": aa.__version__, "machine": platform.machine()} | versions


def write_case(name, case):
    dataset = dataset_from(case)
    for part in case["parts"]:
        over_sampled = plain(dataset.grids.pixelization.over_sampled)
        part["grid"] = reference_cases.traced(plain(dataset.grids.pixelization), case, part["lens"])
        part["grid_over_sampled"] = reference_cases.traced(over_sampled, case, part["lens"])
    mappers = [mapper_from(dataset, case, part) for part in case["parts"]]
    settings = aa.Settings(use_positive_only_solver=case["positive"], use_edge_zeroed_pixels=case["edge_zeroed"])
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=mappers, settings=settings)
    small = sum(mapper.pixels for mapper in mappers) <= 36
    fit = InversionFit(dataset, inversion)
    inputs = {key: case[key] for key in ("image", "noise_map", "mask", "kernel", "sub_size")}
    outputs, failures = {}, {}
    for i, (part, mapper) in enumerate(zip(case["parts"], mappers, strict=True)):
        inputs |= {f"{i}/{key}": part[key] for key in ("grid", "grid_over_sampled")}
        outputs |= {f"{i}/{key}": value for key, value in mapper_values(mapper, f"{i}/", failures).items()}
    outputs |= inversion_values(inversion, small)
    outputs |= {key: getattr(fit, key) for key in FIT_NAMES}
    about = {key: case[key] for key in ("pixel_scale", "origin", "relocate", "positive", "edge_zeroed")}
    about["parts"] = [{key: part[key] for key in ("mesh", "shape", "coefficient")} for part in case["parts"]]
    about |= {"peer_raises": failures, "check": solution_check(inversion, case), "environment": environment()}
    write(name, inputs, outputs, about)


def main():
    if aa.__version__ != RELEASE:
        sys.exit(f"this interpreter has autoarray {aa.__version__}; the references are of {RELEASE}")
    for name, case in reference_cases.cases().items():
        write_case(f"case_{name}", case)
    for name, (inputs, outputs, about) in reference_structures.structures(aa).items():
        write(f"structures_{name}", inputs, outputs, about | {"environment": environment()})


if __name__ == "__main__":
    main()
