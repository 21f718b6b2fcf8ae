"""Compute `linear_objects.npz`, inversions of analytic functions next to mappers, with PyAutoArray 2026.10.26.1.

See `make_reference.py` for the environment:

    peer/bin/python tests/data/reference/make_linear_objects.py
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import make_reference
import numpy as np
import reference_cases
from make_reference import aa, plain

sys.path.append(str(Path(__file__).parents[2] / "support"))
import light_profiles

warnings.simplefilter("ignore")

PARTS = [(reference_cases.UNIFORM, (5, 5), 1.0), (reference_cases.ADAPTIVE, (6, 6), 3.0)]
SIGMAS = [0.1, 0.3, 0.6]
ZEROTH = 0.3

# (the objects in order, the settings). `f` lists functions that convolve themselves with the light around the mask, `g`
# such that the inversion convolves, `r` regularized ones. The peer leaves out the wrong mesh pixels if functions come
# after a mapper and the edge of the mesh is fixed to zero, so that those cases keep the edge.
CASES = {
    "functions_mapper": ("f1", {}),
    "functions_mapper_mapper": ("f01", {}),
    "functions_mapper_signed": ("f1", {"use_positive_only_solver": False}),
    "mapper_functions_mapper": ("0f1", {"use_edge_zeroed_pixels": False}),
    "mapper_functions_mapper_signed": ("0f1", {"use_positive_only_solver": False}),
    "functions_without_override": ("g1", {}),
    "functions_regularized": ("r1", {}),
    "functions_larger_diagonal": ("f1", {"no_regularization_add_to_curvature_diag_value": 0.5}),
}


def mapper_from(dataset, case, part):
    """A mapper whose prior has no direction that is all but free, as that of two meshes of constant brightness has."""
    mapper = make_reference.mapper_from(dataset, case, part)
    mapper.regularization = aa.reg.ConstantZeroth(coefficient_neighbor=part["coefficient"], coefficient_zeroth=ZEROTH)
    return mapper


def objects_from(names, dataset, case):
    blurred = {"blurring_grid": dataset.grids.blurring, "psf": dataset.psf}
    functions = {
        "f": blurred,
        "g": {},
        "r": blurred | {"regularization": aa.reg.Constant(coefficient=2.0)},
    }
    return [
        light_profiles.GaussianList(dataset.grids.lp, SIGMAS, **functions[name])
        if name in functions
        else mapper_from(dataset, case, case["parts"][int(name)])
        for name in names
    ]


def main():
    case = reference_cases.case_from(51, (16, 16), kernel=reference_cases.skewed_kernel((5, 5)), parts=PARTS)
    dataset = make_reference.dataset_from(case)
    over_sampled = plain(dataset.grids.pixelization.over_sampled)
    inputs = {key: case[key] for key in ("image", "noise_map", "mask", "kernel", "sub_size")}
    for i, part in enumerate(case["parts"]):
        part["grid"] = reference_cases.traced(plain(dataset.grids.pixelization), case, part["lens"])
        part["grid_over_sampled"] = reference_cases.traced(over_sampled, case, part["lens"])
        inputs |= {f"{i}/{key}": part[key] for key in ("grid", "grid_over_sampled")}
    outputs = {}
    for name, (names, settings) in CASES.items():
        objects = objects_from(names, dataset, case)
        inversion = aa.Inversion(dataset=dataset, linear_obj_list=objects, settings=aa.Settings(**settings))
        fit = make_reference.InversionFit(dataset, inversion)
        outputs |= {
            f"{name}/{key}": value
            for key, value in make_reference.inversion_values(inversion, small=False).items()
            if key not in ("curvature_matrix", "regularization_matrix", "mapped_reconstructed_data")
        }
        outputs |= {f"{name}/{key}": getattr(fit, key) for key in make_reference.FIT_NAMES[2:-1]}
        images = inversion.mapped_reconstructed_data_dict.values()
        outputs |= {f"{name}/image_{i}": image for i, image in enumerate(images)}
        probe = np.cos(1.3 * np.arange(len(plain(inversion.reconstruction))))
        outputs[f"{name}/curvature_matrix_probed"] = plain(inversion.curvature_matrix) @ probe
    about = {
        "pixel_scale": case["pixel_scale"],
        "relocate": case["relocate"],
        "sigmas": SIGMAS,
        "zeroth": ZEROTH,
        "cases": CASES,
    }
    about["parts"] = [{key: part[key] for key in ("mesh", "shape", "coefficient")} for part in case["parts"]]
    make_reference.write("linear_objects", inputs, outputs, about | {"environment": make_reference.environment()})


if __name__ == "__main__":
    main()
