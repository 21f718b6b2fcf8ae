"""Cases of interferometers that PyAutoArray and this project compute alike; `aa` is either of them.

Nothing of this project is imported here, for `tests/data/reference/make_interferometer.py` runs it in an environment
that has PyAutoArray alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

SHAPES = {"even": (14, 12), "odd": (13, 11), "tall": (20, 9), "wide": (8, 17)}
INVERSIONS: dict[str, dict[str, Any]] = {
    "mapping": {"kind": "mapping"},
    "mapping_unequal_noise": {"kind": "mapping", "asymmetry": 0.3},
    "mapping_functions": {"kind": "mapping", "functions": True, "edge": False},
    "mapping_delaunay": {"kind": "mapping", "mesh": "delaunay"},
    "mapping_beam": {"kind": "mapping", "beam": True},
    "mapping_nufft": {"kind": "mapping", "transformer": "TransformerNUFFT"},
    "sparse": {"kind": "sparse", "route": "fft"},
    "sparse_numba": {"kind": "sparse", "route": "numba"},
    "sparse_functions": {"kind": "sparse", "functions": True, "edge": False},
    "sparse_delaunay": {"kind": "sparse", "route": "fft", "mesh": "delaunay"},
    "sparse_two": {"kind": "sparse", "mesh": "two"},
    "sparse_beam": {"kind": "sparse", "beam": True},
    "sparse_pooled": {"kind": "sparse", "asymmetry": 0.05, "pool": True},
    "stream": {"kind": "stream"},
    "signed": {"kind": "sparse", "route": "fft", "signed": True},
}
ARCSECOND = np.pi / 648000.0


def mask_from(aa: Any, shape: tuple[int, int] = (15, 14)) -> Any:
    """A disc of square pixels about the origin: the NUFFT of the peer is wrong for others."""
    return aa.Mask2D.circular(shape_native=shape, pixel_scales=0.1, radius=0.1 * (min(shape) / 2.0 - 0.6))


def inputs_from(pixels: int) -> dict[str, np.ndarray]:
    """Frequencies, an image, visibilities, and the columns of a matrix."""
    rng = np.random.default_rng(12)
    return {
        "uv": rng.uniform(-4e5, 4e5, size=(60, 2)),
        "data": rng.normal(size=60) + 1j * rng.normal(size=60),
        "image": rng.normal(size=pixels),
        "matrix": rng.random((pixels, 3)),
    }


def dataset_from(aa: Any, case: dict[str, Any]) -> Any:
    """The dataset of a case."""
    mask = mask_from(aa)
    rng = np.random.default_rng(21)
    count = 150
    uv = rng.uniform(-3e5, 3e5, size=(count, 2))
    sigma = rng.uniform(0.5, 1.5, count)
    noise = sigma + 1j * sigma * (1.0 + case.get("asymmetry", 0.0) * rng.random(count))
    rows, columns = np.nonzero(~np.asarray(mask))
    y, x = (7.0 - rows) * 0.1, (columns - 6.5) * 0.1
    image = np.exp(-((y - 0.1) ** 2 + (x + 0.05) ** 2) / 0.05)
    phases = 2.0 * np.pi * ARCSECOND * (uv[:, :1] * x + uv[:, 1:] * y)
    data = np.exp(-1j * phases) @ image + noise.real * rng.normal(size=count) + 1j * noise.imag * rng.normal(size=count)
    # Arguments that older releases have not are given where a case needs them.
    beam = {"primary_beam": rng.uniform(0.3, 1.0, rows.size)} if case.get("beam") else {}
    if case["kind"] == "stream":
        parts = [slice(0, 40), slice(40, 150)]
        return aa.Interferometer.from_stream([(uv[part], data[part], noise[part]) for part in parts], mask)
    dataset = aa.Interferometer(
        data=aa.Visibilities(data),
        noise_map=aa.VisibilitiesNoiseMap(noise),
        uv_wavelengths=uv,
        real_space_mask=mask,
        transformer_class=getattr(aa, case.get("transformer", "TransformerDFT")),
        **beam,
    )
    if case["kind"] == "sparse":
        given = {"pool_noise_map": case.get("pool"), "use_jax": case.get("jax")}
        dataset = dataset.apply_sparse_operator(**{name: value for name, value in given.items() if value})
    return dataset


def objects_from(aa: Any, dataset: Any, case: dict[str, Any], **arguments: Any) -> list[Any]:
    """The linear objects of a case."""
    mesh = case.get("mesh", "rectangular")
    objects = [mapper_from(aa, dataset, each, **arguments) for each in ("rectangular", "delaunay")]
    objects = {"rectangular": objects[:1], "delaunay": objects[1:], "two": objects}[mesh]
    if not case.get("functions"):
        return objects

    class Gaussians(aa.AbstractLinearObjFuncList):
        @property
        def params(self) -> int:
            return 2

        @property
        def mapping_matrix(self) -> Any:
            squares = (np.asarray(self.grid.array) ** 2).sum(axis=1)
            return np.stack([np.exp(-squares / width) for width in (0.05, 0.3)], axis=1)

    return [Gaussians(grid=dataset.grids.lp, regularization=None), *objects]


def mapper_from(aa: Any, dataset: Any, mesh: str, **arguments: Any) -> Any:
    """A mapper whose prior has no direction that is all but free."""
    grid = dataset.grids.pixelization
    mesh_grid = None
    if mesh == "rectangular":
        cls = aa.mesh.RectangularUniform(shape=(7, 6))
    else:
        rng = np.random.default_rng(3)
        points = (
            0.65
            * np.sqrt(rng.random(25))[:, None]
            * np.array([[np.cos(angle), np.sin(angle)] for angle in 2.4 * np.arange(25)])
        )
        cls = aa.mesh.Delaunay(pixels=25, zeroed_pixels=0)
        mesh_grid = aa.Grid2DIrregular(points)
    interpolator = cls.interpolator_from(
        source_plane_data_grid=grid,
        source_plane_mesh_grid=mesh_grid,
        border_relocator=None,
        adapt_data=None,
        **arguments,
    )
    scheme = aa.reg.ConstantZeroth(coefficient_neighbor=2.0, coefficient_zeroth=0.5)
    return aa.Mapper(interpolator=interpolator, regularization=scheme, **arguments)


def settings_from(aa: Any, case: dict[str, Any]) -> Any:
    """The settings of a case."""
    return aa.Settings(
        use_positive_only_solver=not case.get("signed", False),
        use_edge_zeroed_pixels=case.get("edge", True),
        interferometer_route=case.get("route"),
    )
