"""The evaluated fit that several benchmarks write, keep or hand over, and the peer's pickle of its own."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from benchmarks.processes import WorkerProcess


def fit_from(dataset: Any, mesh: str, index: int = 0) -> tuple[Any, float]:
    """The fit of evaluation `index` with its log evidence and likelihood, and the seconds that it took."""
    from benchmarks import problem

    grids = problem.traced_grids(dataset, index)
    start = time.perf_counter()
    fit = problem.fit_from(dataset, mesh, index, grids)
    _ = fit.log_evidence, fit.log_likelihood
    return fit, time.perf_counter() - start


def check_same(restored: Any, fit: Any) -> None:
    """Raise AssertionError unless both fits have one log evidence, log likelihood and reconstruction, bit for bit."""
    same = restored.log_evidence == fit.log_evidence and restored.log_likelihood == fit.log_likelihood
    if not same or not np.array_equal(restored.inversion.reconstruction, fit.inversion.reconstruction):
        raise AssertionError("the restored fit differs from the original")


def peer_pickle(options: Any, repeat: int) -> dict[str, Any] | None:
    """Size and times of the peer's pickle of its own fit, in a process of its own; None without a peer."""
    if options.peer is None:
        return None
    with WorkerProcess(options.peer, options.threads) as worker:
        worker.ask("setup", data=options.data)
        worker.ask("evaluate", mesh=options.mesh, index=0)
        return worker.ask("pickle", repeat=repeat)
