"""A pool of processes that fits one dataset, and what its workers do; only worker processes import it.

Two ways take the dataset to the tasks: "resident", a handle of `serialization.resident`, and "pickle", the function
with its dataset, pickled in every task, as the peer's searches do it.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import pickle
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import light
import problem

# The processor seconds of this worker at the end of its last task, and whether it has had one.
_end = 0.0
_fresh = True


def evaluate(dataset: Any, mesh: str, index: int, gaussians: int) -> float:
    """The log evidence of model `index`."""
    functions = light.functions_from(dataset, light.profiles_from(index), gaussians=gaussians) if gaussians else ()
    grids = problem.traced_grids(dataset, index)
    return float(problem.fit_from(dataset, mesh, index, grids, functions=functions).log_evidence)


def task(dataset: Any, mesh: str, index: int, gaussians: int, again: bool) -> dict[str, Any]:
    """One fit, as a worker does it.

    `cpu` is what this process has spent since the end of its last task: it includes what brought the dataset here. With
    `again` the model is fitted once more, by new objects on the same dataset; `cpu_again` has nothing to prepare and
    nothing to carry.
    """
    global _end, _fresh
    fresh, before = _fresh, _end
    log_evidence = evaluate(dataset, mesh, index, gaussians)
    middle = time.process_time()
    if again:
        evaluate(dataset, mesh, index, gaussians)
    _fresh, _end = False, time.process_time()
    return {
        "pid": os.getpid(),
        "index": index,
        "fresh": fresh,
        "log_evidence": log_evidence,
        "cpu": middle - before,
        "cpu_again": _end - middle if again else None,
        "own_bytes": own_bytes(),
    }


def handle_seconds(handle: bytes) -> float:
    """How long a worker takes to unpickle a handle and get its dataset, which it has: the best of many."""
    times = []
    for _ in range(100):
        start = time.perf_counter()
        pickle.loads(handle).get()
        times.append(time.perf_counter() - start)
    return min(times)


def own_bytes() -> int | None:
    """The memory that this process shares with no file and no other process, where the system tells it."""
    try:
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("RssAnon"))
    except (OSError, StopIteration):
        return None


class Pool:
    """Spawned workers that have each fitted one model.

    Parameters
    ----------
    dataset
        The dataset, which this process has fitted already.
    way
        "resident" or "pickle".
    workers
        Their number.
    mesh, gaussians
        The name of the mesh, and the number of linear Gaussians beside the source.
    """

    def __init__(self, dataset: Any, way: str, workers: int, mesh: str, gaussians: int) -> None:
        self.handle: Any = None
        self.prepare_seconds: float | None = None
        function = functools.partial(task, dataset)
        if way == "resident":
            import serialization

            start = time.perf_counter()
            self.handle = serialization.resident(dataset)
            self.prepare_seconds = time.perf_counter() - start
            function = functools.partial(self.handle.call, task)
        self.function, self.mesh, self.gaussians, self.workers = function, mesh, gaussians, workers
        self.executor = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))

    def describe(self) -> dict[str, Any]:
        """Let every worker have its first task, and tell what that took."""
        task_bytes = len(pickle.dumps(self.function, protocol=5))
        start = time.perf_counter()
        first: dict[int, float] = {}
        while len(first) < self.workers:
            reports = self._reports(range(self.workers), again=False)
            first |= {report["pid"]: report["cpu"] for report in reports if report["fresh"]}
        return {
            "prepare_seconds": self.prepare_seconds,
            "task_bytes": task_bytes,
            "resident_bytes": None if self.handle is None else self.handle.nbytes,
            "start_seconds": time.perf_counter() - start,
            "first_cpu": statistics.median(first.values()),
            "handle_seconds": self._handle_seconds(),
        }

    def run(self, first: int, count: int, again: bool) -> dict[str, Any]:
        """The fits of so many models: the seconds of all, the processor seconds of this process, and the reports."""
        start, cpu = time.perf_counter(), time.process_time()
        reports = self._reports(range(first, first + count), again)
        return {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu, "reports": reports}

    def _handle_seconds(self) -> float | None:
        if self.handle is None:
            return None
        return self.executor.submit(handle_seconds, pickle.dumps(self.handle, protocol=5)).result()

    def _reports(self, indexes: range, again: bool) -> list[dict[str, Any]]:
        submit = self.executor.submit
        futures = [submit(self.function, self.mesh, index, self.gaussians, again) for index in indexes]
        return [future.result() for future in futures]

    def close(self) -> None:
        self.executor.shutdown(cancel_futures=True)
        if self.handle is not None:
            self.handle.close()
