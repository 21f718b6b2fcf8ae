"""A process that measures PyAutoLens on one `autoarray`: it reads one JSON request a line and answers with one line.

The interpreter of an environment with PyAutoLens runs it as a script.
Requests: {"do": "setup", "data": folder or null, "light": Gaussians, "size": name, "radius": of the mask or null,
"sparse": name of a method or null}, {"do": "evaluate", "mesh": name, "light": Gaussians, "backend": "numpy" or "jax",
"index": n}, {"do": "pickle", "repeat": n}, {"do": "aas", "repeat": n}, {"do": "decorators", "repeat": n},
{"do": "points", "repeat": n}, {"do": "search", "likelihoods": n, "mesh": name}, {"do": "memory"}.
"""

from __future__ import annotations

import logging
import os
import pickle
import tempfile
import time
from importlib import metadata
from pathlib import Path
from typing import Any

# Before JAX is imported. What a search does beside searching is not measured: figures, and derived quantities.
os.environ |= {"JAX_ENABLE_X64": "True", "PYAUTO_SKIP_VISUALIZATION": "1", "PYAUTO_SKIP_LATENTS": "1"}

import autofit as af
import autolens as al
import numpy as np
import problem
from worker import main, peak_megabytes

SOURCE = str(("galaxies", "source"))
# Coordinates of a call of a profile, whose own work takes no time beside them.
COORDINATES = 16


class Nothing:
    """A profile that computes nothing, so that its calls take the time of their decorators."""

    centre = (0.0, 0.0)

    @problem.aa.decorators.to_array
    def image_2d_from(self, grid: Any, xp: Any = np, **kwargs: Any) -> Any:
        return grid.array[:, 0]

    @problem.aa.decorators.to_vector_yx
    def deflections_yx_2d_from(self, grid: Any, xp: Any = np, **kwargs: Any) -> Any:
        return grid.array


class Worker:
    """The answers to the requests; it keeps the dataset and the last fit between them."""

    def __init__(self) -> None:
        self.dataset: Any = None
        self.adapt_images: dict[bool, Any] = {}
        self.pixels = 0
        self.fit: Any = None
        self.compiled: dict[tuple[str, int], Any] = {}
        self.import_peak = peak_megabytes()

    def setup(
        self, data: str | None, light: int, size: str, sparse: str | None = None, radius: float | None = None
    ) -> dict[str, Any]:
        logging.disable(logging.CRITICAL)
        start = time.perf_counter()
        self.pixels = problem.SIZES[size].mesh_pixels if radius is None else 128
        self.dataset = problem.dataset_from(data, radius, lens_light=light > 0, size=size)
        if sparse is not None:
            self.dataset = getattr(self.dataset, sparse)()
        image = problem.adapt_data_from(self.dataset)
        vertices = al.Grid2DIrregular(values=problem.vertices_from(self.dataset, self.pixels))
        images = {"galaxy_name_image_dict": {SOURCE: image}}
        self.adapt_images = {
            False: al.AdaptImages(**images),
            True: al.AdaptImages(**images, galaxy_name_image_plane_mesh_grid_dict={SOURCE: vertices}),
        }
        self.compiled = {}
        return {
            "seconds": time.perf_counter() - start,
            "pixels": int(self.dataset.mask.pixels_in_mask),
            "release": _release(),
        }

    def _analysis(self, mesh: str, use_jax: bool) -> Any:
        has_vertices = not problem.MESHES[mesh][0].startswith("Rectangular")
        return al.AnalysisImaging(
            dataset=self.dataset,
            adapt_images=self.adapt_images[has_vertices],
            use_jax=use_jax,
            raise_inversion_positions_likelihood_exception=False,  # a search of a pixelization wants positions
        )

    def _model(self, mesh: str, light: int) -> Any:
        """The lens of the other benchmarks as PyAutoLens has it; the radius is free."""
        scheme = getattr(al.reg, problem.MESHES[mesh][1])(coefficient=1.0)
        pixelization = al.Pixelization(mesh=problem.mesh_from(mesh, self.pixels), regularization=scheme)
        mass = af.Model(al.mp.Isothermal, centre=(0.0, 0.0), ell_comps=(0.05, 0.0))
        mass.einstein_radius = af.UniformPrior(lower_limit=1.4, upper_limit=1.8)
        lens = af.Model(
            al.Galaxy,
            redshift=0.5,
            bulge=_gaussians(light) if light else None,
            mass=mass,
            shear=al.mp.ExternalShear(gamma_1=0.05, gamma_2=0.05),
        )
        source = af.Model(al.Galaxy, redshift=1.0, pixelization=pixelization)
        return af.Collection(galaxies=af.Collection(lens=lens, source=source))

    def evaluate(self, mesh: str, light: int, backend: str, index: int) -> dict[str, Any]:
        """One call of `AnalysisImaging.log_likelihood_function`; by JAX compiled, as a search compiles it."""
        parameters = [problem.einstein_radius_from(index)]
        if backend == "jax":
            function = self._compiled(mesh, light)
            start = time.perf_counter()
            log_evidence = float(function(np.array(parameters)))
            return {"seconds": time.perf_counter() - start, "log_evidence": log_evidence}
        analysis, model = self._analysis(mesh, use_jax=False), self._model(mesh, light)
        start = time.perf_counter()
        log_evidence = float(analysis.log_likelihood_function(model.instance_from_vector(vector=parameters)))
        seconds = time.perf_counter() - start
        self.fit = analysis.fit_from(model.instance_from_vector(vector=parameters))
        return {"seconds": seconds, "log_evidence": log_evidence}

    def _compiled(self, mesh: str, light: int) -> Any:
        if (mesh, light) not in self.compiled:
            import jax

            analysis, model = self._analysis(mesh, use_jax=True), self._model(mesh, light)

            def log_evidence(parameters: Any) -> Any:
                instance = model.instance_from_vector(vector=parameters, xp=jax.numpy)
                return analysis.log_likelihood_function(instance)

            self.compiled[mesh, light] = jax.jit(log_evidence)
        return self.compiled[mesh, light]

    def pickle(self, repeat: int) -> dict[str, Any]:
        """Bytes and times of the pickle of the last fit, evaluated."""
        return _carried(self.fit, repeat, lambda fit: pickle.dumps(fit, protocol=5), pickle.loads)

    def aas(self, repeat: int) -> dict[str, Any]:
        """The same of the payload of `serialization`, which only an environment with this project has."""
        import serialization

        return _carried(self.fit, repeat, serialization.dumps, serialization.loads)

    def decorators(self, repeat: int) -> dict[str, Any]:
        """Seconds of a call of a decorated function that computes nothing, and of profiles, on a small grid."""
        grid = al.Grid2DIrregular(values=np.random.default_rng(0).normal(size=(COORDINATES, 2)))
        light, mass = al.lp.Gaussian(ell_comps=(0.1, 0.05)), al.mp.ExternalShear(gamma_1=0.05, gamma_2=0.02)
        found = {}
        for name, function in (
            ("to_array alone", Nothing().image_2d_from),
            ("to_vector_yx alone", Nothing().deflections_yx_2d_from),
            ("to_array, transform", light.image_2d_from),
            ("to_vector_yx, transform", mass.deflections_yx_2d_from),
        ):
            function(grid)
            times = []
            for _ in range(5):
                start = time.perf_counter()
                for _ in range(repeat):
                    function(grid)
                times.append((time.perf_counter() - start) / repeat)
            found[name] = min(times)
        return {"seconds": found}

    def points(self, repeat: int) -> dict[str, Any]:
        """Seconds of finding the images of a point source by `PointSolver`, on NumPy and compiled by JAX."""
        import jax
        from autolens.jax import register_tracer_classes

        logging.disable(logging.CRITICAL)
        mass = al.mp.Isothermal(centre=(0.0, 0.0), ell_comps=(0.1, 0.05), einstein_radius=1.6)
        source = al.Galaxy(redshift=1.0, point=al.ps.Point(centre=(0.07, 0.07)))
        tracer = al.Tracer(galaxies=[al.Galaxy(redshift=0.5, mass=mass), source])
        register_tracer_classes(tracer)
        grid = al.Grid2D.uniform(shape_native=(100, 100), pixel_scales=0.05)

        def solve(lens: Any, use_jax: bool) -> Any:
            solver = al.PointSolver.for_grid(
                grid=grid, pixel_scale_precision=0.001, magnification_threshold=0.1, use_jax=use_jax
            )
            return solver.solve(tracer=lens, source_plane_coordinate=(0.07, 0.07)).array

        compiled = jax.jit(lambda lens: solve(lens, True))
        found = {}
        with jax.numpy_dtype_promotion("standard"):  # distances of autogalaxy mix whole numbers and others
            for name, function in (
                ("NumPy", lambda: solve(tracer, False)),
                ("JAX", lambda: jax.block_until_ready(compiled(tracer))),
            ):
                times = []
                for _ in range(repeat + 1):
                    start = time.perf_counter()
                    function()
                    times.append(time.perf_counter() - start)
                found |= {f"{name}, first": times[0], name: min(times[1:])}
        return {"seconds": found}

    def search(self, likelihoods: int, mesh: str) -> dict[str, Any]:
        """A whole Nautilus search with a seed."""
        from autonerves import conf

        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / "config"
            config.mkdir()
            (config / "general.yaml").write_text("output:\n  log_to_file: false\n")
            conf.instance.push(new_path=str(config), output_path=str(Path(folder) / "output"))
            search = af.Nautilus(
                name="search",
                n_live=50,
                n_batch=25,
                n_like_max=likelihoods,
                seed=1,
                number_of_cores=1,
                iterations_per_quick_update=10**9,
                iterations_per_full_update=10**9,
            )
            model = self._model(mesh, 0)
            shear = af.Model(al.mp.ExternalShear, gamma_2=0.05)  # Nautilus wants two free parameters
            shear.gamma_1 = af.UniformPrior(lower_limit=0.0, upper_limit=0.1)
            model.galaxies.lens.shear = shear
            start = time.perf_counter()
            result = search.fit(model=model, analysis=self._analysis(mesh, use_jax=False))
            seconds = time.perf_counter() - start
        samples = result.samples
        return {
            "seconds": seconds,
            "log_likelihood": float(max(samples.log_likelihood_list)),
            "parameters": [float(value) for value in samples.max_log_likelihood(as_instance=False)],
            "samples": len(samples.log_likelihood_list),
        }

    def memory(self) -> dict[str, Any]:
        return {"peak": peak_megabytes(), "import_peak": self.import_peak}


def _carried(fit: Any, repeat: int, write: Any, read: Any) -> dict[str, Any]:
    log_evidence, writes, reads = float(fit.log_evidence), [], []
    for _ in range(repeat):
        start = time.perf_counter()
        payload = write(fit)
        writes.append(time.perf_counter() - start)
        start = time.perf_counter()
        back = read(payload)
        reads.append(time.perf_counter() - start)
    return {
        "bytes": len(payload),
        "dumps": sorted(writes)[repeat // 2],
        "loads": sorted(reads)[repeat // 2],
        "delta": abs(float(back.log_evidence) - log_evidence),
    }


def _gaussians(number: int) -> Any:
    """The light of a lens as linear Gaussians about one centre."""
    widths = np.geomspace(0.01, 3.5, number)
    return al.lp_basis.Basis(
        profile_list=[
            al.lp_linear.Gaussian(centre=(0.013, -0.021), ell_comps=(0.0, 0.05), sigma=float(width)) for width in widths
        ]
    )


def _release() -> str:
    try:
        return metadata.version("autoarray")
    except metadata.PackageNotFoundError:  # a checkout on the path
        return str(getattr(problem.aa, "__version__", "unknown"))


if __name__ == "__main__":
    main(Worker)
