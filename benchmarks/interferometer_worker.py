"""One side of the benchmark of an interferometer: measures in a process of its own and prints JSON.

    python benchmarks/interferometer_worker.py '{"visibilities": 1000, "route": "default", "mesh": "rectangular", ...}'

It runs in an environment with this library or with PyAutoArray, whose names and arguments are the same.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np


def tracks(count: int, seed: int = 5) -> np.ndarray:
    """(u, v) in wavelengths of an array of 43 antennas within 1.2 km that follows a source for hours at 345 GHz."""
    rng = np.random.default_rng(seed)
    antennas = rng.normal(0.0, 300.0, size=(43, 2))
    first, second = np.triu_indices(43, 1)
    baselines = (antennas[first] - antennas[second]) / (299792458.0 / 345e9)
    angles = rng.uniform(-0.6, 0.6, count)
    chosen = baselines[rng.integers(len(baselines), size=count)]
    cos, sin = np.cos(angles), np.sin(angles)
    return np.stack((cos * chosen[:, 0] + sin * chosen[:, 1], 0.7 * (cos * chosen[:, 1] - sin * chosen[:, 0])), axis=1)


# Visibilities in a chunk of a stream.
CHUNK = 250_000


def visibilities_of(count: int, seed: int = 5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Frequencies, visibilities and noise of a Gaussian source of 0.3 arc-seconds, off its centre."""
    uv = tracks(count, seed)
    rng = np.random.default_rng(seed + 1)
    radius = np.hypot(*uv.T)
    phase = uv @ np.array([0.1, -0.2]) * np.pi / 648000.0
    clean = 5.0 * np.exp(-2.0 * (np.pi * radius * 0.3 * np.pi / 648000.0) ** 2 - 2j * np.pi * phase)
    return uv, clean + 0.5 * (rng.normal(size=count) + 1j * rng.normal(size=count)), np.full(count, 0.5 + 0.5j)


def mask_from(aa: Any) -> Any:
    """256 x 256 pixels of 0.05 arc-seconds, masked at 3."""
    return aa.Mask2D.circular(shape_native=(256, 256), pixel_scales=0.05, radius=3.0)


def dataset_from(aa: Any, request: dict[str, Any]) -> Any:
    """The dataset with its visibilities."""
    uv, data, noise = visibilities_of(request["visibilities"])
    return aa.Interferometer(
        data=aa.Visibilities(data),
        noise_map=aa.VisibilitiesNoiseMap(noise),
        uv_wavelengths=uv,
        real_space_mask=mask_from(aa),
    )


def streamed_from(aa: Any, request: dict[str, Any]) -> tuple[Any, float]:
    """A dataset of chunks of other visibilities of the same source, and the CPU seconds that it took to add them up."""
    simulated = 0.0

    def chunks() -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        nonlocal simulated
        for first in range(0, request["visibilities"], CHUNK):
            start = time.process_time()
            chunk = visibilities_of(min(CHUNK, request["visibilities"] - first), seed=first + 5)
            simulated += time.process_time() - start
            yield chunk

    start = time.process_time()
    dataset = aa.Interferometer.from_stream(chunks(), mask_from(aa))
    return dataset, time.process_time() - start - simulated


def source_grid(aa: Any, dataset: Any, einstein_radius: Any, xp: Any = np) -> Any:
    """The grid behind an isothermal sphere."""
    grid = xp.asarray(np.asarray(dataset.grids.pixelization.array))
    offset = grid - np.array([0.011, -0.017])
    traced = grid - einstein_radius * offset / xp.sqrt((offset**2).sum(axis=1) + 1e-12)[:, None]
    mask = dataset.real_space_mask
    return aa.Grid2D(values=traced, mask=mask, over_sample_size=1, over_sampled=aa.Grid2DIrregular(traced))


def evidence_from(aa: Any, dataset: Any, request: dict[str, Any], einstein_radius: Any, xp: Any = np) -> Any:
    """The log evidence of one model."""
    grid = source_grid(aa, dataset, einstein_radius, xp)
    arguments: dict[str, Any] = {"border_relocator": None, "adapt_data": None, "xp": xp}
    if request["mesh"] == "rectangular":
        mesh, mesh_grid = aa.mesh.RectangularUniform(shape=(30, 30)), None
    else:
        angles = 2.399963 * np.arange(1018)
        points = 1.9 * np.sqrt((np.arange(1018) + 0.5) / 1018)[:, None] * np.stack((np.cos(angles), np.sin(angles)), 1)
        mesh, mesh_grid = aa.mesh.Delaunay(pixels=1018, zeroed_pixels=0), aa.Grid2DIrregular(points)
    interpolator = mesh.interpolator_from(source_plane_data_grid=grid, source_plane_mesh_grid=mesh_grid, **arguments)
    mapper = aa.Mapper(interpolator=interpolator, regularization=aa.reg.Constant(coefficient=1.0), xp=xp)
    route = request["route"] if request["route"] in ("fft", "numba") else None
    settings = aa.Settings(interferometer_route=route, use_positive_only_solver=True)
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=[mapper], settings=settings, xp=xp)
    # Half of a unit in each part, as `dataset_from` has it: a sum over visibilities is no part of an evaluation.
    normalization = 2.0 * request["visibilities"] * np.log(2.0 * np.pi * 0.25)
    return -0.5 * (
        inversion.fast_chi_squared
        + inversion.regularization_term
        + inversion.log_det_curvature_reg_matrix_term
        - inversion.log_det_regularization_matrix_term
        + normalization
    )


def transforms(count: int) -> float:
    """CPU seconds of finufft alone: a transform for the kernel and one for the dirty image, as accurate as ours."""
    finufft = importlib.import_module("finufft")
    uv, data, _ = visibilities_of(count)
    y, x = (np.ascontiguousarray(column) * (2.0 * np.pi * 0.05 * np.pi / 648000.0) for column in (uv[:, 1], uv[:, 0]))
    start = time.process_time()
    for strengths, pixels in ((np.ones(count, dtype=complex), 239), (data, 120)):
        finufft.nufft2d1(y, x, strengths, (pixels, pixels), eps=1e-14, isign=1, nthreads=1)
    return time.process_time() - start


def measure(request: dict[str, Any]) -> dict[str, Any]:
    """CPU seconds of the set-up, and the least of an evaluation; the evidence; and the peak memory in bytes."""
    warnings.simplefilter("ignore")
    if request["route"] == "transforms":
        return {"set_up": transforms(request["visibilities"])}
    is_jax = request["route"].startswith("jax")
    if is_jax:
        os.environ["JAX_PLATFORMS"], os.environ["JAX_ENABLE_X64"] = "cpu", "1"
    import autoarray as aa

    added = 0.0
    if request["route"] == "stream":
        dataset, added = streamed_from(aa, request)
    else:
        dataset = dataset_from(aa, request)
    start = time.process_time()
    if request["route"] in ("fft", "numba", "jax operator"):
        dataset = dataset.apply_sparse_operator()
    function: Any = lambda radius: evidence_from(aa, dataset, request, radius)  # noqa: E731
    if is_jax:
        import jax
        import jax.numpy as jnp

        def traced(radius: Any) -> Any:
            return evidence_from(aa, dataset, request, radius, jnp)

        compiled = jax.jit(jax.value_and_grad(traced) if request.get("gradient") else traced)
        function = lambda radius: jax.tree_util.tree_leaves(jax.block_until_ready(compiled(radius)))[0]  # noqa: E731
    evidence = float(function(1.2))
    set_up = time.process_time() - start + added
    times = []
    for index in range(request["evaluations"]):
        start = time.process_time()
        function(1.2 + 0.001 * (index + 1))
        times.append(time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {"set_up": set_up, "seconds": min(times), "times": times, "evidence": evidence, "peak": peak}


if __name__ == "__main__":
    print(json.dumps(measure(json.loads(sys.argv[1]))))
