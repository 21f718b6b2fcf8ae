"""`python -m benchmarks cache`: a hit on an evaluated fit, against computing it and against other caches.

The peers run with their default settings, and hold the same object. Each cache holds it under several keys, because the
place of a file on the disk decides how fast it is read. The caches take turns in an order drawn for each round. Every
hit has to restore the log evidence, log likelihood and reconstruction.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import cache_stress, evaluated, table
from benchmarks.fit import add_mesh

KEYS = [f"fit {index}" for index in range(8)]
_fits: dict[str, Any] = {}


@dataclass
class Contender:
    """One cache: the call that returns the fit, and the folder of its files."""

    name: str
    hit: Callable[[str], Any]
    folder: Path
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"warm": [], "cold": []})

    def measure(self, key: str, state: str, check: Callable[[Any], None]) -> None:
        """Time one hit, "warm" or "cold": with the files in the memory of the system, or on the disk alone."""
        if state == "cold":
            drop(self.folder)
        else:
            for path in files_of(self.folder):
                path.read_bytes()
        gc.collect()
        start = time.perf_counter()
        restored = self.hit(key)
        self.seconds[state].append(time.perf_counter() - start)
        check(restored)


def files_of(folder: Path) -> list[Path]:
    """All files of a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


def drop(folder: Path) -> None:
    """Drop the files of a folder from the memory of the system; the disk keeps them."""
    for path in files_of(folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


def size_of(folder: Path) -> int:
    """The bytes of all files of a folder."""
    return sum(path.stat().st_size for path in files_of(folder))


def stored_fit(key: str) -> Any:
    """The fit of a key: the function whose result joblib keeps."""
    return _fits[key]


@contextmanager
def contenders(fit: Any, root: Path) -> Iterator[tuple[list[Contender], list[str]]]:
    """The caches, each with the fit, and the names of those that aren't installed."""
    import serialization

    caches, absent, opened = [], [], []
    ours, packed = serialization.Cache(root / "ours"), serialization.Cache(root / "packed", compression="zlib")
    for key in KEYS:
        ours.put(key, fit)
        packed.put(key, fit)
    caches.append(Contender("serialization.Cache get", ours.get, root / "ours"))
    caches.append(Contender("serialization.Cache get, mmap", lambda key: ours.get(key, mmap=True), root / "ours"))
    caches.append(Contender("serialization.Cache get, zlib", packed.get, root / "packed"))
    try:
        import joblib
    except ModuleNotFoundError:
        absent.append("joblib.Memory")
    else:
        _fits.update(dict.fromkeys(KEYS, fit))
        remembered = joblib.Memory(root / "joblib", verbose=0).cache(stored_fit)
        for key in KEYS:
            remembered(key)
        caches.append(Contender("joblib.Memory call", remembered, root / "joblib"))
    try:
        import diskcache
    except ModuleNotFoundError:
        absent.append("diskcache.Cache")
    else:
        disk = diskcache.Cache(str(root / "diskcache"))
        opened.append(disk)
        for key in KEYS:
            disk.set(key, fit)
        caches.append(Contender("diskcache.Cache get", disk.get, root / "diskcache"))
    try:
        yield caches, absent
    finally:
        _fits.clear()
        for disk in opened:
            disk.close()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command to the shared ones."""
    parser.add_argument(
        "--repeat", type=int, default=63, metavar="N", help="hits of each cache in each state (default 63)"
    )
    add_mesh(parser, "uniform")
    parser.add_argument("--folder", metavar="DIR", help="folder of the caches (default: the system's temporary folder)")
    parser.add_argument("--stress", action="store_true", help="run many processes on few keys instead")
    parser.add_argument("--processes", type=int, default=8, metavar="N", help="processes of --stress (default 8)")
    parser.add_argument(
        "--operations",
        type=int,
        default=2000,
        metavar="N",
        help="operations of each process of --stress (default 2000)",
    )


def run(options: Any) -> None:
    """Measure every cache in turn, `repeat` times, and print the table; or the stress."""
    if options.stress:
        run_stress(options)
        return
    from benchmarks import problem

    environment = table.environment()
    dataset = problem.dataset_from(options.data)
    recomputed: list[float] = []
    keys: list[float] = []
    peers_keys: list[float] = []
    fit: Any = None
    for _ in range(max(3, min(options.repeat, 7))):
        fit, seconds = evaluated.fit_from(dataset, options.mesh)
        recomputed.append(seconds)

    def check(restored: Any) -> None:
        evaluated.check_same(restored, fit)

    states = ("warm", "cold") if hasattr(os, "posix_fadvise") else ("warm",)
    with tempfile.TemporaryDirectory(dir=options.folder) as name, contenders(fit, Path(name)) as (caches, absent):
        sizes = {contender.name: size_of(contender.folder) / len(KEYS) for contender in caches}
        for contender in caches:
            contender.measure(KEYS[0], "warm", check)  # imports and caches
            contender.seconds["warm"].clear()
        rng = np.random.default_rng(1)
        for index in range(options.repeat):
            for state in states:
                for turn in rng.permutation(len(caches)):
                    caches[turn].measure(KEYS[(index + turn) % len(KEYS)], state, check)
            key_seconds(dataset, fit, keys, peers_keys)
    results = {contender.name: {"bytes": sizes[contender.name], **contender.seconds} for contender in caches}
    report(results, absent, recomputed, keys, peers_keys, options, environment)
    record = {"benchmark": "cache", "data": "files" if options.data else "simulated", "mesh": options.mesh}
    record |= {"repeat": options.repeat, "environment": environment, "results": results, "absent": absent}
    table.write_json(options.json, record | {"recomputed": recomputed, "keys": keys, "peers_keys": peers_keys})


def key_seconds(dataset: Any, fit: Any, ours: list[float], theirs: list[float]) -> None:
    """Time the key of the dataset, mesh and regularization: by `Cache.key`, and by joblib."""
    import serialization

    mapper = fit.inversion.linear_obj_list[0]
    values = (dataset, mapper.interpolator.mesh, mapper.regularization)
    start = time.perf_counter()
    serialization.Cache.key(*values)
    ours.append(time.perf_counter() - start)
    try:
        import joblib
    except ModuleNotFoundError:
        return
    start = time.perf_counter()
    joblib.hash(values)
    theirs.append(time.perf_counter() - start)


def report(
    results: dict[str, Any],
    absent: list[str],
    recomputed: list[float],
    keys: list[float],
    peers_keys: list[float],
    options: Any,
    environment: dict[str, Any],
) -> None:
    """Print the table: each figure, and the median of its ratios to our copying hit of the same round."""
    base = results["serialization.Cache get"]
    rows = []
    for name, result in results.items():
        cells = [table.megabytes(result["bytes"])]
        ratios = [table.times(result["bytes"] / base["bytes"])]
        for state in ("warm", "cold"):
            times = result[state]
            cells.append(table.seconds(statistics.median(times) if times else None))
            pairs = [b / a for a, b in zip(base[state], times, strict=True)]
            ratios.append(table.times(statistics.median(pairs) if pairs else None))
        rows.append([name, *cells, *ratios])
    again = statistics.median(recomputed)
    ratio = table.times(again / statistics.median(base["warm"]))
    rows.append(["computing the fit again", "-", table.seconds(again), "-", "-", ratio, "-"])
    rows += [[name + ", absent", *["-"] * 6] for name in absent]
    table.print_table(
        f"a hit on an evaluated fit ({options.mesh} mesh), median of {options.repeat}, "
        f"load before {environment['load_before']}; the last three columns are relative to the first row",
        ["", "on disk", "warm file", "cold file", "on disk", "warm", "cold"],
        rows,
    )
    theirs = f", joblib.hash of them {table.seconds(statistics.median(peers_keys))}" if peers_keys else ""
    print(f"\nCache.key(dataset, mesh, regularization) {table.seconds(statistics.median(keys))}{theirs}")


def run_stress(options: Any) -> None:
    """Run the stress, print its counts, and fail if there is a problem."""
    report = cache_stress.stress(options.processes, options.operations)
    rows = [[name, str(count)] for name, count in sorted((report["counts"] | report["stats"]).items())]
    rows += [[name, str(report[name])] for name in ("limit", "most", "largest", "computed_once")]
    table.print_table(
        f"{report['processes']} processes x {report['operations']} operations on {cache_stress.KEYS} keys, "
        f"{table.seconds(report['seconds'])}",
        ["", "count"],
        rows,
    )
    table.write_json(options.json, {"benchmark": "cache --stress", **report})
    if report["problems"]:
        raise SystemExit("\n".join(report["problems"]))
    print("\nno wrong value, no exception, the limit held, one computation for each missing key")
