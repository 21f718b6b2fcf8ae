"""The archives of payloads that releases wrote, and what is compared of an object that was read from one.

`tests/data/archives/README.md` tells what they are, `make_payloads.py` there how `expected.json` was made.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parents[1] / "data" / "archives"
DIRECT, SOLVED = 1e-9, 1e-8


@functools.cache
def described(release: str, backend: str) -> dict[str, Any]:
    """The `expected.json` of one folder."""
    return json.loads((FOLDER / release / backend / "expected.json").read_text())


@dataclasses.dataclass(frozen=True)
class Payload:
    """One file of an archive, and what is expected of the object in it."""

    release: str
    backend: str
    file: str
    name: str

    def __str__(self) -> str:
        return f"{self.release}-{self.backend}-{self.file.removesuffix('.xz')}"

    @property
    def entry(self) -> dict[str, Any]:
        return described(self.release, self.backend)["objects"][self.name]

    @property
    def values(self) -> dict[str, Any]:
        return self.entry["values"]

    @property
    def is_warm(self) -> bool:
        return ".warm." in self.file

    @property
    def has_spline_of_jax(self) -> bool:
        """Whether a spline transform was fitted on JAX."""
        return self.backend == "jax" and ("Spline" in str(self.entry["mesh"]) or "Rotated" in str(self.entry["mesh"]))

    @property
    def path(self) -> Path:
        return FOLDER / self.release / self.backend / self.file

    def data(self) -> bytes:
        """The bytes that the release wrote."""
        return lzma.decompress(self.path.read_bytes())


def releases(pattern: str = "20*") -> list[str]:
    """The releases that have a folder, by time."""
    found = [path.name for path in FOLDER.glob(pattern) if path.is_dir()]
    return sorted(found, key=lambda name: [int(part) if part.isdigit() else part for part in name.split(".")])


def payloads(pattern: str = "20*") -> list[Payload]:
    """All files of all archives."""
    return [
        Payload(release, backend, file, name)
        for release in releases(pattern)
        for backend in ("numpy", "jax")
        if (FOLDER / release / backend).is_dir()
        for name, entry in described(release, backend)["objects"].items()
        for file in entry["files"]
    ]


def plain(values: Any) -> np.ndarray:
    return np.asarray(getattr(values, "array", values))


def probe(length: int) -> np.ndarray:
    """The vector that stands for the rows, or the columns, of a matrix."""
    return np.sin(1.0 + 0.7 * np.arange(length))


@dataclasses.dataclass(frozen=True)
class Comparison:
    """A value that was read or recomputed, against what the release computed."""

    name: str
    found: Any
    expected: Any
    limit: float = DIRECT

    @property
    def deviation(self) -> float:
        """The largest difference, relative to the largest expected value; 0.0 or infinite of what is no float."""
        if isinstance(self.expected, (str, bool, int)) and not isinstance(self.expected, float):
            return 0.0 if self.found == self.expected else float("inf")
        found, expected = plain(self.found), np.asarray(self.expected)
        if found.shape != expected.shape or not np.isfinite(found).all():
            return float("inf")
        if expected.dtype.kind in "iub":
            return 0.0 if np.array_equal(found, expected) else float("inf")
        scale = np.abs(expected).max(initial=0.0)
        worst = np.abs(found - expected).max(initial=0.0)
        return float(worst / scale) if scale > 0.0 else float(worst)

    def __str__(self) -> str:
        return f"{self.name}: deviates by {self.deviation:.2e}, may by {self.limit:.0e}"


def failed(comparisons: Iterator[Comparison]) -> list[str]:
    """What deviates by more than it may."""
    return [str(one) for one in comparisons if not one.deviation <= one.limit]


def compare(payload: Payload, root: Any) -> Iterator[Comparison]:
    """Everything that a release computed of an object, against what this project computes of it."""
    values, kind = payload.values, payload.entry["kind"]
    parts = {kind: root}
    if kind == "chain":
        parts = {name: root[name] for name in ("geometry", "interpolator", "mapper", "inversion")}
    elif kind == "inversion":
        mapper = root.linear_obj_list[0]
        parts |= {"mapper": mapper, "interpolator": mapper.interpolator, "geometry": mapper.interpolator.mesh_geometry}
    for name, part in parts.items():
        if name in values:
            yield from COMPARE[name](part, values[name])


def _geometry(geometry: Any, values: dict[str, Any]) -> Iterator[Comparison]:
    grid = plain(geometry.mesh_grid)
    yield Comparison("geometry.mesh_grid", probe(len(grid)) @ grid, values["mesh_grid"])
    yield Comparison("geometry.origin", [float(value) for value in geometry.origin], values["origin"])
    if "error" not in values["areas"] and np.isfinite(values["areas"]).all():
        yield Comparison("geometry.areas", geometry.areas_for_magnification, values["areas"])
    for name, attribute in (("edges", "edges_transformed"), ("dual_areas", "dual_areas")):
        if values.get(name) is not None and "error" not in values[name]:
            yield Comparison(f"geometry.{name}", getattr(geometry, attribute), values[name])
    if "shape" in values:
        yield Comparison("geometry.shape", geometry.shape, tuple(values["shape"]))
        yield Comparison("geometry.pixel_scales", [float(v) for v in geometry.pixel_scales], values["pixel_scales"])
    sizes = np.asarray(geometry.neighbors.sizes)
    yield Comparison("geometry.neighbors.sizes", sizes, values["neighbors_sizes"])
    yield Comparison(
        "geometry.neighbors", _sets(geometry.neighbors, sizes), _sets(values["neighbors"], values["neighbors_sizes"])
    )


def _sets(neighbors: Any, sizes: Any) -> np.ndarray:
    """The pairs of neighbors, in rising order."""
    rows = [sorted(row[:size]) for row, size in zip(np.asarray(neighbors).tolist(), np.asarray(sizes), strict=True)]
    return np.array([(i, j) for i, row in enumerate(rows) for j in row], dtype=int)


def _interpolator(interpolator: Any, values: dict[str, Any]) -> Iterator[Comparison]:
    mappings, sizes, weights = (np.asarray(getattr(interpolator, name)) for name in ("mappings", "sizes", "weights"))
    table = np.zeros((len(mappings), interpolator.mesh_grid.shape[0]))
    rows, columns = np.nonzero(np.arange(mappings.shape[1]) < sizes[:, None])
    np.add.at(table, (rows, mappings[rows, columns]), weights[rows, columns])
    yield Comparison("interpolator.table", probe(len(table)) @ table, values["table"])


def _mapper(mapper: Any, values: dict[str, Any]) -> Iterator[Comparison]:
    yield Comparison("mapper.params", mapper.params, values["params"])
    matrix = plain(mapper.mapping_matrix)
    expected = values["mapping_matrix"]
    yield Comparison("mapper.mapping_matrix (rows)", matrix @ probe(matrix.shape[1]), expected["rows"])
    yield Comparison("mapper.mapping_matrix (columns)", probe(matrix.shape[0]) @ matrix, expected["columns"])
    yield Comparison("mapper.mapping_matrix (sum)", matrix.sum(), values["mapping_matrix_sum"])
    if "matrix" in values:
        rows, columns, entries = values["matrix"]
        full = np.zeros(matrix.shape)
        full[rows, columns] = entries
        yield Comparison("mapper.mapping_matrix", matrix, full)


TERMS = ("regularization_term", "log_det_curvature_reg_matrix_term", "log_det_regularization_matrix_term")
FIT = ("chi_squared", "noise_normalization", "log_likelihood", "log_evidence")


def _inversion(inversion: Any, values: dict[str, Any]) -> Iterator[Comparison]:
    import autoarray as aa

    fit = aa.FitImaging(dataset=inversion.dataset, inversion=inversion, xp=inversion._xp)
    yield Comparison("inversion", type(inversion).__name__, values["class"])
    yield Comparison("inversion.reconstruction", inversion.reconstruction, values["reconstruction"], SOLVED)
    yield Comparison("model_data", inversion.mapped_reconstructed_operated_data, values["model_data"], SOLVED)
    for name in TERMS:
        limit = SOLVED
        if name == "log_det_regularization_matrix_term":
            # The release took it from a Cholesky factor, whose last pivot loses what the condition number says.
            condition = np.linalg.cond(plain(inversion.regularization_matrix_reduced))
            limit += float(np.finfo(float).eps * condition / max(abs(values[name]), 1.0))
        yield Comparison(name, float(getattr(inversion, name)), values[name], limit)
    for name in FIT:
        yield Comparison(name, float(getattr(fit, name)), values[name], SOLVED)


def _imaging(dataset: Any, values: dict[str, Any]) -> Iterator[Comparison]:
    sub_pixels = plain(dataset.grids.pixelization.over_sampled)
    yield Comparison("data", dataset.data, values["data"], 0.0)
    yield Comparison("noise_map", plain(dataset.noise_map).sum(), values["noise_map_sum"])
    yield Comparison("shape_native", dataset.data.shape_native, tuple(values["shape_native"]))
    yield Comparison("psf", dataset.psf.kernel, values["psf"], 1e-15)
    yield Comparison("over_sampled", probe(len(sub_pixels)) @ sub_pixels, values["over_sampled"])
    yield Comparison("signal_to_noise_max", dataset.signal_to_noise_max, values["signal_to_noise_max"])


COMPARE = {
    "geometry": _geometry,
    "interpolator": _interpolator,
    "mapper": _mapper,
    "inversion": _inversion,
    "imaging": _imaging,
}


def own_values(fit: Any) -> dict[str, Any]:
    """What is expected of a fit of this project."""
    inversion = fit.inversion
    mapper = inversion.linear_obj_list[0]
    geometry, matrix = mapper.interpolator.mesh_geometry, plain(mapper.mapping_matrix)
    values = {name: float(getattr(inversion, name)) for name in TERMS} | {n: float(getattr(fit, n)) for n in FIT}
    values["reconstruction"] = plain(inversion.reconstruction).tolist()
    values["areas"] = plain(geometry.areas_for_magnification).tolist()
    values["rows"] = (matrix @ probe(matrix.shape[1])).tolist()
    values["columns"] = (probe(matrix.shape[0]) @ matrix).tolist()
    values["neighbors_sizes"] = np.asarray(geometry.neighbors.sizes).tolist()
    if hasattr(type(geometry), "edges_transformed"):
        values["edges"] = plain(geometry.edges_transformed).tolist()
    return values


def compare_own(fit: Any, values: dict[str, Any]) -> Iterator[Comparison]:
    """A fit of this project against what it was written with."""
    solved = {*TERMS, *FIT, "reconstruction"}
    for name, found in own_values(fit).items():
        yield Comparison(name, found, values[name], SOLVED if name in solved else DIRECT)
