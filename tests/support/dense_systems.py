"""Linear systems by their definition, from dense matrices: what every faster way is compared with."""

from __future__ import annotations

import numpy as np
import problems

import autoarray as aa
from autoarray.inversion.inversion._curvature.weights import MapperSystem, MapperWeights


def blur_from(kernel: np.ndarray, native_for_slim: np.ndarray) -> np.ndarray:
    """The convolution P of data pixels at (row, column) with a kernel of odd shape, entry by entry."""
    steps = native_for_slim[:, None] - native_for_slim[None] + np.array(kernel.shape) // 2
    inside = ((steps >= 0) & (steps < kernel.shape)).all(axis=-1)
    steps = np.where(inside[..., None], steps, 0)
    return np.where(inside, kernel[steps[..., 0], steps[..., 1]], 0.0)


def precision_from(inverse_variances: np.ndarray, kernel: np.ndarray, native_for_slim: np.ndarray) -> np.ndarray:
    """W = P^T N^-1 P, from the inverse variances of the whole image."""
    blur = blur_from(kernel, native_for_slim)
    return blur.T @ (inverse_variances[tuple(native_for_slim.T)][:, None] * blur)


def operated_matrix_from(linear_obj, dataset) -> np.ndarray:
    """The convolved mapping matrix of a linear object, of shape (data_pixels, params)."""
    override, psf = linear_obj.operated_mapping_matrix_override, dataset.psf
    if override is not None:
        return np.asarray(override)
    if psf is None:
        return np.asarray(linear_obj.mapping_matrix)
    if psf.convolve_over_sample_size > 1:
        fine = np.asarray(linear_obj.mapping_matrix_over_sampled_for(psf.convolve_over_sample_size))
        return psf.state_from(dataset.mask).matrix @ fine
    blur = blur_from(np.asarray(psf.kernel.native.array), np.argwhere(~np.asarray(dataset.mask.array)))
    return blur @ np.asarray(linear_obj.mapping_matrix)


def system_from(inversion: aa.AbstractInversion) -> tuple[np.ndarray, np.ndarray]:
    """D and F of an inversion, with what its settings add to the diagonal of F."""
    dataset = inversion.dataset
    matrix = np.hstack([operated_matrix_from(linear_obj, dataset) for linear_obj in inversion.linear_obj_list])
    data, noise_map = np.asarray(dataset.data.array), np.asarray(dataset.noise_map.array)
    diagonal = np.zeros(inversion.total_params)
    diagonal[inversion.no_regularization_index_list] = inversion.settings.no_regularization_add_to_curvature_diag_value
    return matrix.T @ (data / noise_map**2), matrix.T @ (matrix / noise_map[:, None] ** 2) + np.diag(diagonal)


def random_system(psf=True, mixed=False, sizes=(2, 3), params=50, functions=()):
    """A system of mappers with so many sub-pixels in each data pixel, and random weights of them.

    The mappers have no weights for the parameters that are functions.
    """
    dataset = problems.dataset_from(psf=psf)
    rng = np.random.default_rng(3)
    pixels = dataset.mask.pixels_in_mask
    slims = tuple(np.repeat(np.arange(pixels), size) for size in sizes)
    system = MapperSystem(
        slims=slims,
        params=params,
        psf=dataset.psf,
        mask=dataset.mask,
        noise_map=np.asarray(dataset.noise_map.array),
        single_precision=mixed,
        functions=np.array(functions, dtype=int),
    )
    mesh_pixels = np.setdiff1d(np.arange(params), functions)
    weights = [
        MapperWeights(
            columns=rng.choice(mesh_pixels, (slim.size, 4)),
            values=np.where(rng.random((slim.size, 4)) < 0.2, 0.0, rng.normal(size=(slim.size, 4))),
        )
        for slim in slims
    ]
    return system, weights
