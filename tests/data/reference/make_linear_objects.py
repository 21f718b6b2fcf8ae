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

# Groups of mesh pixels, the least weight of a data pixel that they map to, and what a figure zooms to.
GROUPS, THRESHOLD = [[7, 8, 14], [20, 21]], 0.2
ZOOMS = [
    {},
    {"zoom_percent": 0.5},
    {"zoom_percent": 0.5, "zoom_extent_scale": 1.3},
    {"zoom_percent": 0.9, "zoom_extent_scale": 0.5},
    {"zoom_to_brightest": False},
]

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


def mapper_from(dataset, case, part, adapt_data=None):
    """A mapper whose prior has no direction that is all but free, as that of two meshes of constant brightness has."""
    mapper = make_reference.mapper_from(dataset, case, part)
    mapper.regularization = aa.reg.ConstantZeroth(coefficient_neighbor=part["coefficient"], coefficient_zeroth=ZEROTH)
    mapper.interpolator.adapt_data = adapt_data
    return mapper


def fine_psf_values(dataset, case):
    """An inversion whose PSF is sampled twice as finely as the data."""
    kernel = aa.Array2D.no_mask(values=reference_cases.skewed_kernel((7, 7)), pixel_scales=case["pixel_scale"] / 2.0)
    dataset = aa.Imaging(
        data=dataset.data,
        noise_map=dataset.noise_map,
        psf=aa.Convolver(kernel=kernel, convolve_over_sample_size=2),
        over_sample_size_lp=2,
        over_sample_size_pixelization=2,
    )
    mapper = mapper_from(dataset, case, case["parts"][1])
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=[mapper])
    values = {"kernel": kernel.native, "operated_mapping_matrix": inversion.operated_mapping_matrix}
    for name in ("reconstruction", "log_det_curvature_reg_matrix_term", "mapped_reconstructed_operated_data"):
        values[name] = getattr(inversion, name)
    return {f"fine_psf/{key}": plain(value) for key, value in values.items()}


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


def mapper_values(mapper, data):
    """A mapper's mappings in other forms, and the regions of the image that two groups of mesh pixels map to."""
    unique = mapper.unique_mappings
    values = {
        "unique": unique.data_to_pix_unique,
        "unique_weights": unique.data_weights,
        "unique_lengths": unique.pix_lengths,
        "signals_0.7": mapper.pixel_signals_from(0.7),
        "signals_2.0": mapper.pixel_signals_from(2.0),
    }
    for name in ("sparse_triplets_data", "sparse_triplets_curvature"):
        triplets = zip(("rows", "columns", "values"), getattr(mapper, name), strict=True)
        values |= {f"{name}_{part}": np.asarray(array) for part, array in triplets}
    for i, group in enumerate(GROUPS):
        (mapping,) = mapper.mappings_from(group, weight_threshold=THRESHOLD)
        values[f"mapping_{i}/source_centre"] = np.array(mapping.source_centre)
        values[f"mapping_{i}/source_contours"] = np.array(mapping.source_contours)
        for j, region in enumerate(mapping.image_regions):
            values[f"mapping_{i}/slim_indexes_{j}"] = region.slim_indexes
            numbers = (region.centre, region.centroid_from(data), region.brightest_coordinate_from(data))
            numbers = np.array([*numbers, (region.area(), region.flux_from(data))])
            values[f"mapping_{i}/numbers_{j}"] = numbers
    bright = np.zeros(mapper.params)
    bright[[7, 8, 12, 13]] = [1.0, 0.4, 0.02, 0.8]
    values["extents"] = np.array([mapper.extent_from(values=bright, **zoom) for zoom in ZOOMS])
    return values


def main():
    case = reference_cases.case_from(51, (16, 16), kernel=reference_cases.skewed_kernel((5, 5)), parts=PARTS)
    dataset = make_reference.dataset_from(case)
    over_sampled = plain(dataset.grids.pixelization.over_sampled)
    inputs = {key: case[key] for key in ("image", "noise_map", "mask", "kernel", "sub_size")}
    for i, part in enumerate(case["parts"]):
        part["grid"] = reference_cases.traced(plain(dataset.grids.pixelization), case, part["lens"])
        part["grid_over_sampled"] = reference_cases.traced(over_sampled, case, part["lens"])
        inputs |= {f"{i}/{key}": part[key] for key in ("grid", "grid_over_sampled")}
    adapt_data = aa.Array2D(
        values=np.exp(-(np.linspace(-2.0, 3.0, dataset.mask.pixels_in_mask) ** 2)), mask=dataset.mask
    )
    inputs["adapt_data"] = adapt_data
    outputs = {}
    for i, part in enumerate(case["parts"]):
        mapper = mapper_from(dataset, case, part, adapt_data)
        outputs |= {f"mapper_{i}/{key}": value for key, value in mapper_values(mapper, dataset.data).items()}
    outputs |= fine_psf_values(dataset, case)
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
        "groups": GROUPS,
        "threshold": THRESHOLD,
        "zooms": ZOOMS,
        "cases": CASES,
    }
    about["parts"] = [{key: part[key] for key in ("mesh", "shape", "coefficient")} for part in case["parts"]]
    make_reference.write("linear_objects", inputs, outputs, about | {"environment": make_reference.environment()})


if __name__ == "__main__":
    main()
