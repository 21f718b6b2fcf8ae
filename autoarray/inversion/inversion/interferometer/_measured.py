"""What an inversion needs of visibilities: the normal operator, the dirty image and the data term.

Each is a sum over all visibilities. So whoever has made one keeps it with the transformer, for the noise map and the
data that it was made of; the evaluations of a search then cost the same for any number of visibilities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, is_tracer
from autoarray._typing import Array, ArrayLike, Namespace
from autoarray._validation import check_choice, check_number
from autoarray.abstract_ndarray import unwrap
from autoarray.inversion.inversion.interferometer._kernels import METHODS
from autoarray.inversion.inversion.interferometer._noise import weighted_from, weights_from
from autoarray.operators._fourier.lattice import lattice_of
from autoarray.operators._fourier.normal import KERNEL_EPS, NormalOperator, normal_operator_from
from autoarray.structures.visibilities import Visibilities

if TYPE_CHECKING:
    from autoarray.inversion.inversion.interferometer.inversion_interferometer_util import InterferometerSparseOperator


class Measured(NamedTuple):
    """The sums over visibilities that depend on the data."""

    dirty_image: Array
    """Re(F^H N^-1 d) in each unmasked pixel, without the primary beam."""

    data_term: Any
    """d^T N^-1 d."""


def measured_from(data: Any, noise_map: Any, transformer: Any, xp: Namespace = np) -> Measured:
    """Both sums, of data that JAX may be tracing."""
    values = as_array(unwrap(data), xp)
    weighted = weighted_from(values, weights_from(noise_map), xp)
    image = transformer.image_from(visibilities=Visibilities(weighted), xp=xp)
    return Measured(image.array, xp.vdot(values, weighted).real)


def weighted_dirty_image_from(data: Any, noise_map: Any, transformer: Any) -> np.ndarray:
    """Re(F^H N^-1 d) in each unmasked pixel, of shape (pixels,)."""
    return np.asarray(kept_measured(data, noise_map, transformer).dirty_image)


def _is_same(one: Any, other: Any) -> bool:
    """Whether two structures are one, or hold the same numbers."""
    first, second = unwrap(one), unwrap(other)
    return one is other or first is second or (first.shape == second.shape and bool(np.array_equal(first, second)))


def kept_normal(noise_map: Any, transformer: Any) -> NormalOperator:
    """The normal operator of a noise map, made at the first call and kept with the transformer."""
    kept = getattr(transformer, "_kept", {})
    found = kept.get("normal")
    if found is not None and _is_same(found[0], noise_map):
        return found[1]
    lattice = lattice_of(transformer.real_space_mask)
    exact = getattr(transformer, "_eps", None) is None
    eps = None if exact else KERNEL_EPS
    normal = normal_operator_from(transformer.uv_wavelengths, weights_from(noise_map), lattice, eps)
    kept["normal"] = (noise_map, normal)
    return normal


def kept_measured(data: Any, noise_map: Any, transformer: Any, xp: Namespace = np) -> Measured:
    """The sums of data, kept with the transformer for the last data that were given."""
    if is_tracer(unwrap(data)) or is_tracer(unwrap(noise_map)):
        return measured_from(data, noise_map, transformer, xp)
    kept = getattr(transformer, "_kept", {})
    found = kept.get("measured")
    if found is not None and _is_same(found[1], noise_map) and _is_same(found[0], data):
        return found[2]
    measured = measured_from(np.asarray(unwrap(data)), noise_map, transformer)
    kept["measured"] = (data, noise_map, measured)
    return measured


def operator_from(
    data: Any,
    noise_map: Any,
    transformer: Any,
    nufft_precision_operator: ArrayLike | None,
    batch_size: int,
    method: str = "nufft",
    eps: float | None = None,
) -> InterferometerSparseOperator:
    """The public operator of data and noise; see `Interferometer.apply_sparse_operator`."""
    from autoarray.inversion.inversion.interferometer.inversion_interferometer_util import InterferometerSparseOperator

    check_choice(method, METHODS, "method")
    if eps is not None:
        check_number(eps, "eps", "a number above 0", error=exc.DatasetException, above=0.0, most=1.0)
    weights = weights_from(noise_map)
    accuracy = None if method != "nufft" else max(eps or KERNEL_EPS, KERNEL_EPS)
    lattice = lattice_of(transformer.real_space_mask)
    normal = normal_operator_from(transformer.uv_wavelengths, weights, lattice, accuracy)
    measured = kept_measured(data, noise_map, transformer)
    return InterferometerSparseOperator.from_nufft_precision_operator(
        normal.toeplitz if nufft_precision_operator is None else nufft_precision_operator,
        np.asarray(measured.dirty_image),
        batch_size=batch_size,
        data_term=float(measured.data_term),
        noise_normalization=-float(sum(np.log(part / (2.0 * np.pi)).sum() for part in weights)),
        primary_beam_slim=transformer.primary_beam_slim,
        hankel_operator=normal.hankel,
    )
