"""Compute `interferometer.npz`, transforms, operators and inversions of visibilities, with PyAutoArray 2026.10.26.1.

See `make_reference.py` for the environment:

    peer/bin/python tests/data/reference/make_interferometer.py
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
from make_reference import aa, plain

sys.path.append(str(Path(__file__).parents[2] / "support"))
import interferometer_cases as cases

warnings.simplefilter("ignore")
TERMS = (
    "regularization_term",
    "log_det_curvature_reg_matrix_term",
    "log_det_regularization_matrix_term",
    "fast_chi_squared",
)


def transforms():
    values = {}
    for name, shape in cases.SHAPES.items():
        mask = cases.mask_from(aa, shape)
        inputs = cases.inputs_from(mask.pixels_in_mask)
        for cls in (aa.TransformerDFT, aa.TransformerNUFFT):
            transformer = cls(uv_wavelengths=inputs["uv"], real_space_mask=mask)
            image = aa.Array2D(values=inputs["image"], mask=mask)
            found = {
                "visibilities": transformer.visibilities_from(image=image),
                "image": transformer.image_from(visibilities=aa.Visibilities(inputs["data"])),
                "matrix": transformer.transform_mapping_matrix(mapping_matrix=inputs["matrix"]),
            }
            values |= {f"{name}/{cls.__name__}/{key}": plain(value) for key, value in found.items()}
    return values


def inversions():
    values = {}
    for name, case in cases.INVERSIONS.items():
        dataset = cases.dataset_from(aa, case)
        objects = cases.objects_from(aa, dataset, case)
        inversion = aa.Inversion(dataset=dataset, linear_obj_list=objects, settings=cases.settings_from(aa, case))
        found = {term: getattr(inversion, term) for term in TERMS}
        found |= {key: getattr(inversion, key) for key in ("data_vector", "curvature_matrix", "reconstruction")}
        found["mapped_reconstructed_data"] = inversion.mapped_reconstructed_data
        if case["kind"] != "stream":
            found["operated"] = inversion.mapped_reconstructed_operated_data
            found["dirty_image"] = dataset.dirty_image
        found["dirty_image_natural"] = dataset.dirty_image_natural
        found["dirty_beam"] = dataset.dirty_beam
        if dataset.sparse_operator is not None:
            for key in ("nufft_precision_operator", "data_term", "noise_normalization"):
                found[key] = getattr(dataset.sparse_operator, key)
        values |= {f"{name}/{key}": plain(value) for key, value in found.items()}
    return values


if __name__ == "__main__":
    path = Path(__file__).parent / "interferometer.npz"
    np.savez_compressed(path, about=np.array(f"PyAutoArray {aa.__version__}"), **transforms(), **inversions())
    print(path, path.stat().st_size)
