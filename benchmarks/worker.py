"""A process that measures one library: it reads one JSON request a line and answers with one line.

The interpreter of the library runs it as a script.
Requests: {"do": "setup", "data": folder or null, "sparse": name of a method or null, "light": Gaussians, "size": name},
{"do": "evaluate", "mesh": name, "index": n, "light": Gaussians, "pixels": n or null, "radius": of the mask or null},
{"do": "jitted", "mesh": name, "what": "value", "gradient" or "batch", "index": n, "size": models, "pixels": n,
"light": Gaussians},
{"do": "pickle", "repeat": n}, {"do": "memory"}, {"do": "evaluate_figure"}, {"do": "hand_over", "way": name},
{"do": "check_received", "way": name}, {"do": "end_receivers"},
{"do": "pool_start", "way": "resident" or "pickle", "workers": n, "mesh": name, "light": Gaussians},
{"do": "pool_run", "first": index, "count": n, "again": bool}, {"do": "pool_end"}.
"""

from __future__ import annotations

import functools
import json
import os
import pickle
import resource
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any


def peak_megabytes() -> float:
    """The largest resident size that this process has had, in megabytes (10**6 bytes)."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


class SolverClock:
    """The seconds in the positive-only solver, on either side: of a function that both libraries have by this name.

    Ours takes its first guess apart from it, which counts too. What the log determinant needs as well does not count:
    our solver begins with the factor that gives the log determinant.
    """

    def __init__(self) -> None:
        from autoarray.inversion.inversion import inversion_util

        self.seconds = 0.0
        for name in ("reconstruction_positive_only_from", "positive_guess_from"):
            if hasattr(inversion_util, name):
                setattr(inversion_util, name, self._timing(getattr(inversion_util, name)))

    def _timing(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += time.perf_counter() - start

        return timed


class Worker:
    """The answers to the requests; it keeps the dataset and the last fit between them."""

    def __init__(self) -> None:
        start = time.perf_counter()
        import problem

        self.import_seconds = time.perf_counter() - start
        self.import_peak = peak_megabytes()
        self.problem = problem
        self.dataset: Any = None
        self.datasets: dict[float | None, Any] = {}
        self.mesh_pixels = 0
        self.fit: Any = None
        self.compiled: Any = None
        self.receivers: Any = None
        self.pool: Any = None
        self.clock = SolverClock()

    def setup(
        self,
        data: str | None,
        sparse: str | None = None,
        mask_radius: float | None = None,
        light: int = 0,
        size: str = "hst",
    ) -> dict[str, Any]:
        self.mesh_pixels = self.problem.SIZES[size].mesh_pixels
        start = time.perf_counter()
        self.dataset = self.problem.dataset_from(data, mask_radius, lens_light=light > 0, size=size)
        if sparse is not None:  # the other formalism, which users have to call
            self.dataset = getattr(self.dataset, sparse)()
        self.datasets[mask_radius] = self.dataset
        grid = self.dataset.grids.pixelization
        _ = grid.over_sampled, self.dataset.grids.border_relocator
        return {
            "seconds": time.perf_counter() - start,
            "pixels": int(self.dataset.mask.pixels_in_mask),
            "psf_shape": [int(n) for n in self.dataset.psf.kernel.shape_native],
            "release": getattr(self.problem.aa, "__version__", "unknown"),
            "import_seconds": self.import_seconds,
        }

    def evaluate(
        self, mesh: str, index: int, pixels: int | None = None, light: int = 0, radius: float | None = None
    ) -> dict[str, Any]:
        if radius is not None:  # one of several datasets
            self.dataset = self.datasets[radius]
        grids = self.problem.traced_grids(self.dataset, index)
        self.fit = None  # frees the previous fit, so that the peak counts one fit
        self.clock.seconds = 0.0
        start = time.perf_counter()
        functions = self._functions_from(index, light) if light else ()
        fit = self.problem.fit_from(self.dataset, mesh, index, grids, pixels or self.mesh_pixels, functions)
        log_evidence = float(fit.log_evidence)
        seconds = time.perf_counter() - start
        self.fit = fit
        return {"seconds": seconds, "solver_seconds": self.clock.seconds, "log_evidence": log_evidence}

    def _functions_from(self, index: int, gaussians: int) -> list[Any]:
        import light

        return light.functions_from(self.dataset, light.profiles_from(index), gaussians=gaussians)

    def jitted(self, mesh: str, what: str, index: int, size: int, pixels: int, light: int = 0) -> dict[str, Any]:
        """One call of the log evidence, its gradient or a batch of it, compiled by JAX."""
        from jitted import Jitted

        if self.compiled is None:
            self.compiled = Jitted(self.dataset, mesh, pixels, light)
        return self.compiled.evaluate(what, index, size)

    def pickle(self, repeat: int) -> dict[str, Any]:
        """Size and times of this library's own pickle of its evaluated fit."""
        dumps, loads = [], []
        for _ in range(repeat):
            start = time.perf_counter()
            payload = pickle.dumps(self.fit, protocol=5)
            dumps.append(time.perf_counter() - start)
            start = time.perf_counter()
            pickle.loads(payload)
            loads.append(time.perf_counter() - start)
        return {"bytes": len(payload), "dumps": sorted(dumps)[repeat // 2], "loads": sorted(loads)[repeat // 2]}

    def evaluate_figure(self) -> dict[str, Any]:
        """Evaluate everything that a figure of the fit shows, and describe the pickle of the fit."""
        import handover

        self.receivers = handover.Handover()
        handover.figure_values(self.fit)
        payload = pickle.dumps(self.fit, protocol=5)
        arrays, largest = handover.largest(self.fit)
        return {"bytes": len(payload), "array_bytes": arrays, "largest": largest}

    def hand_over(self, way: str) -> dict[str, Any]:
        """Hand the fit over to a warm process, which keeps it."""
        return {"seconds": self.receivers.once(self.fit, way)}

    def check_received(self, way: str) -> dict[str, Any]:
        """Check everything that a figure shows in the receiver, and time its reading there."""
        return {"seconds": self.receivers.check(self.fit, way)}

    def end_receivers(self) -> dict[str, Any]:
        self.receivers.close()
        return {}

    def pool_start(self, way: str, workers: int, mesh: str, light: int) -> dict[str, Any]:
        """Start a pool of processes that fit the dataset, and let each of them have its first task."""
        import pool_tasks

        self.pool = pool_tasks.Pool(self.dataset, way, workers, mesh, light)
        return self.pool.describe()

    def pool_run(self, first: int, count: int, again: bool) -> dict[str, Any]:
        """Fit models in the pool."""
        return self.pool.run(first, count, again)

    def pool_end(self) -> dict[str, Any]:
        self.pool.close()
        return {}

    def memory(self) -> dict[str, Any]:
        return {"peak": peak_megabytes(), "import_peak": self.import_peak}


def main(kind: Callable[[], Any] = Worker) -> None:
    # Whatever the libraries print goes to stderr: stdout carries the answers alone.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    worker = kind()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = getattr(worker, request.pop("do"))(**request)
        except Exception as error:
            # XLA has no class of its own for it.
            memory = isinstance(error, MemoryError) or "RESOURCE_EXHAUSTED" in str(error)
            answer = {"error": f"{type(error).__name__}: {error}", "memory": memory}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
