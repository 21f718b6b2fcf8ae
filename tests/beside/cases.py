"""Small fits of every kind, written against the names that PyAutoArray and this project share.

`python tests/beside/cases.py FOLDER` evaluates them with the `autoarray` of its interpreter, and writes a payload of
each and `numbers.json`: `tests/data/beside/README.md` says how the files there were made.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import autoarray as aa

SCALE, SHAPE, RADIUS, SUB = 0.1, (31, 31), 1.1, 2
VERTICES, EDGE = 128, 20
SIDE = 11


def fit_class() -> type[Any]:
    """The class of fits of an inversion."""
    try:
        from serialization.beside import FitImaging
    except ImportError:
        return aa.FitImaging
    return FitImaging


def _coordinates(shape: tuple[int, int], scale: float) -> tuple[np.ndarray, np.ndarray]:
    y = ((shape[0] - 1) / 2 - np.arange(shape[0])) * scale
    x = (np.arange(shape[1]) - (shape[1] - 1) / 2) * scale
    rows, columns = np.meshgrid(y, x, indexing="ij")
    return rows, columns


def dataset(psf_sub: int = 1, sparse: bool = False) -> Any:
    """A masked image of a ring, with noise; `psf_sub` is how many times finer than the image its PSF is sampled."""
    y, x = _coordinates(SHAPE, SCALE)
    image = np.exp(-0.5 * ((np.hypot(y, x - 0.05) - 0.7) / 0.1) ** 2)
    noise_map = np.sqrt(0.05**2 + 0.01 * image)
    image = image + noise_map * np.random.default_rng(1).standard_normal(SHAPE)
    y, x = _coordinates((5 * psf_sub + 1 - psf_sub % 2, 5 * psf_sub + 1 - psf_sub % 2), SCALE / psf_sub)
    kernel = np.exp(-0.5 * (y**2 + x**2) / 0.08**2)
    kernel = aa.Array2D.no_mask(values=kernel / kernel.sum(), pixel_scales=SCALE / psf_sub)
    whole = aa.Imaging(
        data=aa.Array2D.no_mask(values=image, pixel_scales=SCALE),
        noise_map=aa.Array2D.no_mask(values=noise_map, pixel_scales=SCALE),
        psf=aa.Convolver(kernel=kernel, convolve_over_sample_size=psf_sub),
        over_sample_size_lp=SUB,
        over_sample_size_pixelization=SUB,
        convolve_over_sample_size_lp=psf_sub,
        convolve_over_sample_size_pixelization=psf_sub,
    )
    mask = aa.Mask2D.circular(shape_native=SHAPE, pixel_scales=SCALE, radius=RADIUS)
    masked = whole.apply_mask(mask=mask)
    return masked.apply_sparse_operator() if sparse else masked


def _trace(grid: np.ndarray) -> np.ndarray:
    # Nothing is symmetric: where coordinates or distances are equal, two codes may choose differently.
    y, x = grid[:, :1] - 0.0137, grid[:, 1:] + 0.0213
    along, across = 0.8 * x + 0.6 * y, 0.8 * y - 0.6 * x
    radius = np.sqrt(0.85 * along**2 + across**2) + 1e-3
    return grid - 0.7 * np.hstack([y, x]) / radius + 0.03 * np.hstack([x, y])


def _grid(data: Any, xp: Any) -> Any:
    grid = data.grids.pixelization
    slim, over = (xp.asarray(_trace(np.asarray(part.array))) for part in (grid, grid.over_sampled))
    return aa.Grid2D(
        values=slim,
        mask=data.mask,
        over_sample_size=grid.over_sample_size,
        over_sampled=aa.Grid2DIrregular(values=over),
        xp=xp,
    )


def _vertices(xp: Any) -> Any:
    index = np.arange(VERTICES - EDGE)
    angle, distance = np.pi * (3.0 - np.sqrt(5.0)) * index, RADIUS * np.sqrt((index + 0.5) / index.size)
    around = 2.0 * np.pi * np.arange(EDGE) / EDGE
    angle, distance = np.append(angle, around), np.append(distance, np.full(EDGE, 1.05 * RADIUS))
    return aa.Grid2DIrregular(
        values=xp.asarray(_trace(np.stack([distance * np.sin(angle), distance * np.cos(angle)], 1)))
    )


def fit(
    mesh: str,
    regularization: Any,
    *,
    data: Any = None,
    interface: bool = False,
    settings: Any = None,
    jax: bool = False,
) -> Any:
    """The fit of one kind, evaluated."""
    xp: Any = np
    if jax:
        import jax.numpy as xp
    data = dataset() if data is None else data
    rectangular = mesh.startswith("Rectangular")
    cls = getattr(aa.mesh, mesh)
    adapt = aa.Array2D(values=np.clip(np.asarray(data.data.array), 0.0, None), mask=data.mask)
    made = cls(shape=(SIDE, SIDE)) if rectangular else cls(pixels=VERTICES, zeroed_pixels=EDGE)
    interpolator = made.interpolator_from(
        source_plane_data_grid=_grid(data, xp),
        source_plane_mesh_grid=None if rectangular else _vertices(xp),
        border_relocator=data.grids.border_relocator,
        adapt_data=adapt if mesh.endswith("Image") or regularization.__class__.__name__.startswith("Adapt") else None,
        xp=xp,
    )
    mapper = aa.Mapper(interpolator=interpolator, regularization=regularization, settings=settings, xp=xp)
    solved = data
    if interface:
        from autoarray.dataset.grids import GridsInterface

        solved = aa.DatasetInterface(
            data=data.data,
            noise_map=data.noise_map,
            grids=GridsInterface(
                lp=data.grids.lp,
                pixelization=data.grids.pixelization,
                blurring=data.grids.blurring,
                border_relocator=data.grids.border_relocator,
            ),
            psf=data.psf,
        )
    inversion = aa.Inversion(dataset=solved, linear_obj_list=[mapper], settings=settings, xp=xp)
    made = fit_class()(dataset=data, inversion=inversion, xp=xp)
    _ = made.log_evidence, made.log_likelihood
    return made


def _constant(split: bool = False) -> Any:
    return aa.reg.ConstantSplit(coefficient=2.0) if split else aa.reg.Constant(coefficient=2.0)


CASES: dict[str, Callable[[], Any]] = {
    "uniform": lambda: fit("RectangularUniform", _constant()),
    "adaptive": lambda: fit("RectangularBilinearAdaptDensity", _constant()),
    "adaptive_image": lambda: fit("RectangularBilinearAdaptImage", aa.reg.Adapt(0.5, 2.0, 1.0)),
    "kernel": lambda: fit("RectangularRTUAdaptDensity", _constant()),
    "kernel_image": lambda: fit("RectangularRTUAdaptImage", _constant()),
    "delaunay": lambda: fit("Delaunay", _constant(True)),
    "delaunay_nn": lambda: fit("DelaunayNN", _constant(True)),
    "knn": lambda: fit("KNearestNeighbor", _constant(True)),
    "knn_barycentric": lambda: fit("KNNBarycentric", _constant(True)),
    "matern": lambda: fit("Delaunay", aa.reg.MaternKernel(coefficient=2.0, scale=0.3, nu=1.5)),
    "interface": lambda: fit("Delaunay", _constant(), interface=True),
    "settings": lambda: fit(
        "RectangularUniform",
        _constant(),
        settings=aa.Settings(use_positive_only_solver=False, use_border_relocator=True),
    ),
    "sparse": lambda: fit("RectangularUniform", _constant(), data=dataset(sparse=True)),
    "fine_psf": lambda: fit("RectangularUniform", _constant(), data=dataset(psf_sub=2)),
    "delaunay_jax": lambda: fit("Delaunay", _constant(True), jax=True),
    "kernel_jax": lambda: fit("RectangularRTUAdaptDensity", _constant(), jax=True),
}


def numbers_of(made: Any) -> dict[str, float]:
    """What a fit says that both sides have to agree on."""
    inversion = made.inversion
    mapper = inversion.linear_obj_list[0]
    out = {
        "log_evidence": made.log_evidence,
        "log_likelihood": made.log_likelihood,
        "chi_squared": made.chi_squared,
        "regularization_term": inversion.regularization_term,
        "log_det_curvature_reg_matrix_term": inversion.log_det_curvature_reg_matrix_term,
        "log_det_regularization_matrix_term": inversion.log_det_regularization_matrix_term,
        "reconstruction": np.abs(np.asarray(inversion.reconstruction)).sum(),
        "residual_map": np.abs(np.asarray(made.residual_map.array)).sum(),
        "areas": np.sum(np.asarray(mapper.mesh_geometry.areas_for_magnification)),
    }
    return {name: float(value) for name, value in out.items()}


def main(folder: Path, names: list[str]) -> None:
    """Write the payload and the numbers of each case."""
    import serialization

    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "numbers.json"
    numbers = json.loads(kept.read_text()) if kept.exists() else {}
    for name in names or list(CASES):
        made = CASES[name]()
        serialization.save(made, folder / f"{name}.aas")
        numbers[name] = numbers_of(made)
        print(name, numbers[name]["log_evidence"], (folder / f"{name}.aas").stat().st_size, flush=True)
    kept.write_text(json.dumps(numbers, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
