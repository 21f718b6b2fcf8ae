"""The log evidence of every mesh as a function of one number, which traced coordinates are moved by."""

from __future__ import annotations

import matrix

import autoarray as aa


def moved(coordinates, amount, xp):
    """Coordinates moved smoothly by an amount that a derivative is taken by."""
    return coordinates + amount * xp.sin(3.0 * coordinates[:, ::-1] + 0.4)


def log_evidence(mesh, amount, backend, dataset=None, functions=()):
    """The log evidence of a fit whose traced coordinates and vertices are moved.

    Parameters
    ----------
    dataset
        What is fitted, instead of the dataset that all meshes share.
    functions
        Linear functions beside the mapper.
    """
    xp, (arrays, _) = matrix.xp_from(backend), matrix.reference(mesh)

    def traced(name):
        return moved(xp.asarray(arrays[f"in/{name}"]), amount, xp)

    grid = aa.Grid2D(
        values=traced("grid"),
        mask=matrix.dataset().mask,
        over_sample_size=matrix.dataset().grids.pixelization.over_sample_size,
        over_sampled=aa.Grid2DIrregular(values=traced("grid_over_sampled"), xp=xp),
        xp=xp,
    )
    vertices = None
    if not mesh.startswith("Rectangular"):
        vertices = aa.Grid2DIrregular(values=traced("traced_vertices"), xp=xp)
    interpolator = matrix.new_interpolator(mesh, backend, grid=grid, vertices=vertices)
    regularization = "AdaptPower" if mesh.startswith("Rectangular") else "AdaptSplitPower"
    fit = matrix.new_fit(mesh, regularization, backend, own_interpolator=interpolator, on=dataset)
    if not functions:
        return fit.log_evidence
    objects = [*functions, *fit.inversion.linear_obj_list]
    inversion = aa.Inversion(dataset=fit.dataset, linear_obj_list=objects, xp=xp)
    return aa.FitImaging(dataset=fit.dataset, inversion=inversion, xp=xp).log_evidence
