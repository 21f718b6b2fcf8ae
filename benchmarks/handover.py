"""The ways to hand a fit to a warm process; worker.py runs them, with either library.

The receiver acknowledges as soon as it holds the fit. Outside the measured time it then reads everything that a figure
of the fit shows. These values have to equal the sender's, bit for bit.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import pickle
import time
from typing import Any

import numpy as np

OF_FIT = ("data", "noise_map", "model_data", "residual_map", "normalized_residual_map", "chi_squared_map")
RESULTS = ("log_likelihood", "log_evidence", "chi_squared")


def figure_values(fit: Any) -> dict[str, Any]:
    """Everything that a figure of a fit shows, evaluated: maps, source, mesh, and the numbers of its title."""
    inversion = fit.inversion
    (mapper,) = inversion.linear_obj_list
    values = {name: np.asarray(getattr(fit, name).array) for name in OF_FIT}
    values |= {name: float(getattr(fit, name)) for name in RESULTS}
    values["signal_to_noise_map"] = np.asarray(fit.dataset.signal_to_noise_map.array)
    values["reconstruction"] = np.asarray(inversion.reconstruction)
    values["reconstructed_image"] = np.asarray(inversion.mapped_reconstructed_operated_data.array)
    geometry = mapper.interpolator.mesh_geometry
    values["mesh_grid"] = np.asarray(geometry.mesh_grid.array)
    values["source_plane_data_grid"] = np.asarray(mapper.interpolator.data_grid.array)
    if hasattr(geometry, "edges_transformed"):
        values["edges"] = np.asarray(geometry.edges_transformed)
    return values


def digests_of(fit: Any) -> tuple[float, dict[str, str]]:
    """The seconds of reading everything that a figure shows, and the digests of these values."""
    start = time.perf_counter()
    values = figure_values(fit)
    seconds = time.perf_counter() - start
    return seconds, {name: hashlib.sha256(np.asarray(value).tobytes()).hexdigest() for name, value in values.items()}


def largest(fit: Any, count: int = 8) -> tuple[int, list[tuple[str, list[int], int]]]:
    """The bytes of all arrays in the pickle of a fit, and the largest arrays: attribute, shape, bytes."""
    arrays: dict[int, tuple[str, list[int], int]] = {}

    class Pickler(pickle.Pickler):
        def reducer_override(self, obj: Any) -> Any:
            if isinstance(obj, np.ndarray):
                arrays[id(obj)] = (names.get(id(obj), "?"), list(obj.shape), obj.nbytes)
            return NotImplemented

    names: dict[int, str] = {}
    seen: set[int] = set()

    def name(value: Any, path: str) -> None:
        if id(value) in seen or isinstance(value, (str, bytes, int, float)):
            return
        seen.add(id(value))
        if isinstance(value, np.ndarray):
            names[id(value)] = path
        elif isinstance(value, (list, tuple)):
            for index, item in enumerate(value):
                name(item, f"{path}[{index}]")
        elif isinstance(value, dict):
            for key, item in value.items():
                name(item, f"{path}.{key}")
        elif hasattr(value, "__dict__") or hasattr(value, "results"):
            state = vars(value) if hasattr(value, "__dict__") else value.results
            for key, item in state.items():
                name(item, path if key == "_derived" else f"{path}.{key}")

    name(fit, "fit")

    class Nowhere:
        def write(self, data: Any) -> int:
            return memoryview(data).nbytes

    Pickler(Nowhere(), protocol=5).dump(fit)
    rows = sorted(arrays.values(), key=lambda row: -row[2])
    return sum(row[2] for row in rows), rows[:count]


def serve(inbox: Any, outbox: Any) -> None:
    """Answer messages: the loop of the warm process behind the queue."""
    held = None
    outbox.put("ready")
    while (message := inbox.get()) is not None:
        kind, value = message
        if kind == "digests":
            outbox.put(digests_of(held))
        else:
            held = value.load() if kind == "shared" else value
            outbox.put("received")


_held: Any = None


def hold(fit: Any) -> str:
    """Keep a fit: the task of an executor."""
    global _held
    _held = fit
    return "received"


def digests_of_held() -> tuple[float, dict[str, str]]:
    """The digests of the fit that `hold` keeps."""
    return digests_of(_held)


class Queue:
    """Pickle, through a multiprocessing queue to a spawned process."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.inbox, self.outbox = context.Queue(), context.Queue()
        self.process = context.Process(target=serve, args=(self.inbox, self.outbox), daemon=True)
        self.process.start()
        self.outbox.get()
        import problem  # noqa: F401 - both processes have imported the library before the first hand-over

    def hand_over(self, fit: Any) -> None:
        self.inbox.put(("fit", fit))
        self.outbox.get()

    def digests(self) -> Any:
        self.inbox.put(("digests", None))
        return self.outbox.get()

    def close(self) -> None:
        self.inbox.put(None)
        self.process.join()


class Shared(Queue):
    """Shared memory, whose handle goes through the queue."""

    def hand_over(self, fit: Any) -> None:
        import serialization

        with serialization.share(fit) as shared:
            self.inbox.put(("shared", shared))
            self.outbox.get()


class Loky:
    """An executor of joblib's loky with one worker."""

    def __init__(self) -> None:
        from joblib.externals.loky import ProcessPoolExecutor

        self.executor = ProcessPoolExecutor(max_workers=1)

    def hand_over(self, fit: Any) -> None:
        self.executor.submit(hold, fit).result()

    def digests(self) -> Any:
        return self.executor.submit(digests_of_held).result()

    def close(self) -> None:
        self.executor.shutdown()


class Dask:
    """A Dask cluster of one worker process on this machine: the client scatters the fit, then a task takes it."""

    def __init__(self) -> None:
        from distributed import Client, LocalCluster

        import serialization

        self.cluster = LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None)
        self.client = Client(self.cluster)
        serialization.register_dask(self.client)

    def hand_over(self, fit: Any) -> None:
        future = self.client.scatter(fit, direct=True, hash=False)
        self.client.submit(hold, future, pure=False).result()

    def digests(self) -> Any:
        return self.client.submit(digests_of_held, pure=False).result()

    def close(self) -> None:
        self.client.close()
        self.cluster.close()


WAYS = {"queue": Queue, "shared": Shared, "loky": Loky, "dask": Dask}


class Handover:
    """The warm receivers of a process, by the name of the way."""

    def __init__(self) -> None:
        self.ways: dict[str, Any] = {}

    def once(self, fit: Any, way: str) -> float:
        """The seconds from the start of one hand-over to its acknowledgement."""
        if way not in self.ways:
            self.ways[way] = WAYS[way]()
        start = time.perf_counter()
        self.ways[way].hand_over(fit)
        return time.perf_counter() - start

    def check(self, fit: Any, way: str) -> float:
        """The seconds in which the receiver reads everything that a figure shows.

        Raises AssertionError if a value differs from the sender's.
        """
        expected = digests_of(fit)[1]
        seconds, digests = self.ways[way].digests()
        if digests != expected:
            wrong = ", ".join(name for name in expected if digests.get(name) != expected[name])
            raise AssertionError(f"{way}: what the receiver reads is not what the sender has: {wrong}")
        return seconds

    def close(self) -> None:
        for way in self.ways.values():
            way.close()
        self.ways.clear()
