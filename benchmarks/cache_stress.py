"""`python -m benchmarks cache --stress`: many processes on few keys, under a limit that forces eviction.

Every value names its key and its writing, which shows a wrong value. Every computation creates a file that must not
exist yet, which shows two computations of one key at once. The bytes of the entries are counted while no process may
add one.
"""

from __future__ import annotations

import collections
import contextlib
import multiprocessing
import os
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

import numpy as np

KEYS = 50
_WEIGHTS = {
    "get": 30,
    "get_or_compute": 40,
    "map": 8,
    "put": 10,
    "delete": 3,
    "contains": 4,
    "keys": 1.5,
    "stats": 1,
    "prune": 0.5,
    "verify": 0.3,
    "corrupt": 0.7,
    "count": 1,
}


def value_of(key: int, writing: int) -> dict[str, Any]:
    """The value of a key by one writing."""
    rng = np.random.default_rng([key, writing])
    return {"key": key, "writing": writing, "values": rng.normal(size=200 + 37 * key)}


def check(value: Any, key: int) -> None:
    """Raise AssertionError unless a value belongs to a key, whatever its writing."""
    expected = value_of(key, value["writing"])
    if value["key"] != key or not np.array_equal(value["values"], expected["values"]):
        raise AssertionError(f"key {key}: found the value of key {value['key']}, or changed numbers")


class Computation:
    """Computes one key, and counts the times that another process does so at once."""

    def __init__(self, key: int, writing: int, folder: Path, counts: collections.Counter[str]) -> None:
        self.key, self.writing, self.mark, self.counts = key, writing, folder / f"computing-{key}", counts

    def __call__(self) -> dict[str, Any]:
        try:
            os.close(os.open(self.mark, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            self.counts["computed twice at once"] += 1
        try:
            self.counts["computed"] += 1
            return value_of(self.key, self.writing)
        finally:
            self.mark.unlink(missing_ok=True)


def bytes_now(cache: Any) -> int:
    """The bytes of all entries, at a moment when no process may add one."""
    with cache._bounded_store.locks.making_room():
        return sum(entry.size for entry in cache._store.scan())


def worker(cache: Any, folder: Path, index: int, operations: int, barrier: Any, results: Any) -> None:
    """Run mixed operations, and report their counts."""
    counts: collections.Counter[str] = collections.Counter()
    most, error = 0, None
    rng = np.random.default_rng(index)
    names = list(_WEIGHTS)
    chances = np.array(list(_WEIGHTS.values())) / sum(_WEIGHTS.values())
    chosen = rng.choice(len(names), size=operations, p=chances)
    keys = np.minimum(rng.zipf(1.3, size=operations) - 1, KEYS - 1)
    keys = np.where(rng.random(operations) < 0.5, keys, rng.integers(0, KEYS, operations))
    barrier.wait()
    start = time.perf_counter()
    try:
        for step in range(operations):
            key, writing = int(keys[step]), 1000 * step + index
            name, operation = f"key {key}", names[chosen[step]]
            counts[operation] += 1
            if operation in ("get", "map"):
                value = cache.get(name, mmap=operation == "map")
                if value is not None:
                    check(value, key)
            elif operation == "get_or_compute":
                check(cache.get_or_compute(name, Computation(key, writing, folder, counts)), key)
            elif operation == "put":
                cache.put(name, value_of(key, writing))
            elif operation == "delete":
                counts["deleted"] += cache.delete(name)
            elif operation == "contains":
                _ = name in cache
            elif operation == "corrupt":
                counts["corrupted"] += corrupt(cache, name)
            elif operation == "count":
                most = max(most, bytes_now(cache))
            else:
                getattr(cache, operation)()
    except Exception:
        error = traceback.format_exc()
    seconds = time.perf_counter() - start
    stats = cache.stats().as_dict()
    results.put({"counts": dict(counts), "most": most, "error": error, "seconds": seconds, "stats": stats})


def corrupt(cache: Any, name: str) -> bool:
    """Damage the file of an entry, as a failing disk would; False if there is no entry."""
    from serialization._cache.entry import filename_of, name_of, prefix_of

    path = Path(cache.directory, "entries", prefix_of(name_of(name)), filename_of(name_of(name)))
    damaged = path.with_name(f".damaged-{os.getpid()}")
    with contextlib.suppress(OSError):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        damaged.write_bytes(data)
        if path.exists():
            os.replace(damaged, path)
            return True
        damaged.unlink()
    return False


def each_key_once(cache: Any, folder: Path, index: int, operations: int, barrier: Any, results: Any) -> None:
    """Ask for every key once, in a random order."""
    counts: collections.Counter[str] = collections.Counter()
    error = None
    barrier.wait()
    try:
        for key in np.random.default_rng(index).permutation(KEYS):
            check(cache.get_or_compute(f"key {key}", Computation(int(key), index, folder, counts)), int(key))
    except Exception:
        error = traceback.format_exc()
    results.put({"counts": dict(counts), "most": 0, "error": error, "seconds": 0.0, "stats": cache.stats().as_dict()})


def in_processes(target: Any, cache: Any, folder: Path, processes: int, operations: int, method: str) -> list[Any]:
    """The reports of all processes."""
    context = multiprocessing.get_context(method)
    barrier, results = context.Barrier(processes), context.Queue()
    workers = [
        context.Process(target=target, args=(cache, folder, index, operations, barrier, results))
        for index in range(processes)
    ]
    for process in workers:
        process.start()
    reports = [results.get(timeout=600) for _ in workers]
    for process in workers:
        process.join(60)
    return reports


def stress(processes: int, operations: int, method: str = "spawn") -> dict[str, Any]:
    """Run both parts and return their counts; `problems` lists what went wrong."""
    from serialization import Cache, dumps

    sizes = [len(dumps(value_of(key, 1000))) for key in range(KEYS)]
    limit = sum(sizes) * 2 // 5
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cache = Cache(folder / "mixed", max_bytes=limit, recency=0.0)
        reports = in_processes(worker, cache, folder, processes, operations, method)
        left = bytes_now(cache)
        once = Cache(folder / "once")
        others = in_processes(each_key_once, once, folder, processes, 0, method)
    counts: collections.Counter[str] = collections.Counter()
    removed: collections.Counter[str] = collections.Counter()
    for report in reports:
        counts.update(report["counts"])
        removed.update({k: report["stats"][k] for k in ("evictions", "quarantined", "puts", "hits", "misses")})
    once_computed = sum(report["counts"].get("computed", 0) for report in others)
    most = max([left, *(report["most"] for report in reports)])
    problems = [report["error"] for report in [*reports, *others] if report["error"]]
    if counts["computed twice at once"]:
        problems.append(f"{counts['computed twice at once']} computations of a key that another process computed")
    # Each computation of a key but the first must follow a removal of it.
    gone = removed["evictions"] + removed["quarantined"] + counts["deleted"] + counts["corrupted"]
    if counts["computed"] > KEYS + gone:
        problems.append(f"{counts['computed']} computations, with {gone} removals and {KEYS} keys")
    if once_computed != KEYS:
        problems.append(f"{once_computed} computations of {KEYS} keys that nobody removes")
    if most > limit + max(sizes):
        problems.append(f"{most} bytes under a limit of {limit} and an entry of {max(sizes)}")
    return {
        "processes": processes,
        "operations": operations,
        "seconds": max(report["seconds"] for report in reports),
        "limit": limit,
        "most": most,
        "largest": max(sizes),
        "computed_once": once_computed,
        "counts": dict(counts),
        "stats": dict(removed),
        "problems": problems,
    }
