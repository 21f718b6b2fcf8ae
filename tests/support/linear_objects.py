"""Inversions of Gaussian light profiles next to mappers, and the numbers that PyAutoArray has for them.

The numbers and their inputs are in `tests/data/reference/linear_objects.npz`.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

import numpy as np
from light_profiles import GaussianList
from problems import xp_from

import autoarray as aa

FILE = Path(__file__).parents[1] / "data" / "reference" / "linear_objects.npz"


@functools.cache
def reference():
    """The arrays of the file, and what is said about them."""
    with np.load(FILE, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return arrays, json.loads(str(arrays.pop("about")))


CASES = reference()[1]["cases"]


@functools.cache
def dataset():
    arrays, about = reference()
    scale = about["pixel_scale"]
    whole = aa.Imaging(
        data=aa.Array2D.no_mask(values=arrays["in/image"], pixel_scales=scale),
        noise_map=aa.Array2D.no_mask(values=arrays["in/noise_map"], pixel_scales=scale),
        psf=aa.Convolver(kernel=aa.Array2D.no_mask(values=arrays["in/kernel"], pixel_scales=scale)),
    )
    masked = whole.apply_mask(mask=aa.Mask2D(mask=arrays["in/mask"], pixel_scales=scale))
    sizes = aa.Array2D(values=arrays["in/sub_size"], mask=masked.mask)
    return masked.apply_over_sampling(over_sample_size_lp=sizes, over_sample_size_pixelization=sizes)


def mapper_from(index: int, backend: str = "numpy", adapt_data=None, mesh=None):
    arrays, about = reference()
    part, xp = about["parts"][index], xp_from(backend)
    grid = aa.Grid2D(
        values=xp.asarray(arrays[f"in/{index}/grid"]),
        mask=dataset().mask,
        over_sample_size=dataset().grids.pixelization.over_sample_size,
        over_sampled=aa.Grid2DIrregular(xp.asarray(arrays[f"in/{index}/grid_over_sampled"]), xp=xp),
        xp=xp,
    )
    mesh = mesh or getattr(aa.mesh, part["mesh"])(shape=tuple(part["shape"]))
    interpolator = mesh.interpolator_from(
        source_plane_data_grid=grid,
        source_plane_mesh_grid=None,
        border_relocator=dataset().grids.border_relocator,
        adapt_data=adapt_data,
        xp=xp,
    )
    regularization = aa.reg.ConstantZeroth(coefficient_neighbor=part["coefficient"], coefficient_zeroth=about["zeroth"])
    return aa.Mapper(interpolator=interpolator, regularization=regularization, xp=xp)


def functions_from(kind: str = "f", backend: str = "numpy", **kwargs):
    blurred = {"blurring_grid": dataset().grids.blurring, "psf": dataset().psf}
    arguments = {"f": blurred, "g": {}, "r": blurred | {"regularization": aa.reg.Constant(coefficient=2.0)}}[kind]
    return GaussianList(dataset().grids.lp, reference()[1]["sigmas"], **arguments, **kwargs, xp=xp_from(backend))


def inversion_from(name: str, backend: str = "numpy", **kwargs):
    """The inversion of a case; `kwargs` go to the functions."""
    names, settings = CASES[name]
    objects = [
        mapper_from(int(each), backend) if each.isdigit() else functions_from(each, backend, **kwargs) for each in names
    ]
    return aa.Inversion(
        dataset=dataset(), linear_obj_list=objects, settings=aa.Settings(**settings), xp=xp_from(backend)
    )


def fit_from(name: str, backend: str = "numpy", **kwargs):
    inversion = inversion_from(name, backend, **kwargs)
    return aa.FitImaging(dataset=dataset(), inversion=inversion, xp=xp_from(backend))
