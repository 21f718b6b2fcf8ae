"""The evaluated fit that several benchmarks write, keep or hand over, and the peer's pickle of its own."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from benchmarks.fit import OPERATOR
from benchmarks.processes import is_sparse, sides_from, workers_of


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


def peer_pickles(options: Any, repeat: int) -> dict[str, dict[str, Any]]:
    """Size and times of the peer's pickle of its own fit, by each of its paths, in a process each; none without a peer.

    The keys are "PyAutoArray's pickle 5 of its fit", and the same with ", sparse".
    """
    pickles = {}
    for side in sides_from(options)[1:]:
        with workers_of(options, [side]) as workers:
            worker = workers[side]
            worker.ask("setup", data=options.data, sparse=OPERATOR if is_sparse(side) else None)
            worker.ask("evaluate", mesh=options.mesh, index=0)
            name = "PyAutoArray's pickle 5 of its fit" + (", sparse" if is_sparse(side) else "")
            pickles[name] = worker.ask("pickle", repeat=repeat)
    return pickles
