"""Every mesh by every route of an inversion of visibilities: the cells, and one fit for each on either backend."""

from __future__ import annotations

import functools

import interferometer_problem as problem
import matrix
from problems import xp_from

import autoarray as aa

# By the operator; `mapping` has a dataset without one, and `stream` one without visibilities.
ROUTES = ("mapping", "stream", "fft", "numba", "matrix_free")


@functools.cache
def dataset(route):
    """Visibilities on the mask of the matrix of meshes and regularizations."""
    whole = problem.dataset_of(mask=matrix.dataset().mask, count=60)
    if route == "stream":
        chunk = (whole.uv_wavelengths, whole.data, whole.noise_map)
        return aa.Interferometer.from_stream([chunk], whole.real_space_mask)
    return whole if route == "mapping" else whole.apply_sparse_operator()


def new_fit(mesh, route, backend):
    """The fit of a cell, of which nothing has been computed yet."""
    xp = xp_from(backend)
    mapper = aa.Mapper(
        interpolator=matrix.new_interpolator(mesh, backend),
        regularization=aa.reg.ConstantZeroth(coefficient_neighbor=1.0, coefficient_zeroth=0.1),
        xp=xp,
    )
    settings = aa.Settings(interferometer_route=None if route in ("mapping", "stream") else route)
    inversion = aa.Inversion(dataset=dataset(route), linear_obj_list=[mapper], settings=settings, xp=xp)
    return aa.FitInterferometer(dataset=dataset(route), inversion=inversion, xp=xp)


def evaluate(fit):
    """Compute what travels with a fit."""
    _ = fit.log_likelihood, fit.log_evidence, fit.inversion.mapped_reconstructed_data
