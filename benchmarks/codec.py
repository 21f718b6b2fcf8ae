"""`python -m benchmarks codec`: writing and reading an evaluated fit, against other codecs.

A codec of the whole object graph has to restore the log evidence, log likelihood and reconstruction bit for bit. A
codec of arrays alone takes each array of the graph once, and has to restore every array.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import importlib.util
import pickle
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import evaluated, table
from benchmarks.fit import add_mesh


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command to the shared ones."""
    parser.add_argument("--repeat", type=int, default=31, metavar="N", help="rounds of each measurement (default 31)")
    add_mesh(parser, "uniform")


@dataclass
class Method:
    """One codec: `read` takes the result of `write()`."""

    name: str
    takes: str
    write: Callable[[], Any]
    read: Callable[[Any], Any]
    size: Callable[[Any], int] = len
    check: Callable[[Any], None] = lambda restored: None
    write_seconds: list[float] = field(default_factory=list)
    read_seconds: list[float] = field(default_factory=list)
    bytes: int = 0

    def measure(self) -> None:
        """Write and read once, and check the result."""
        gc.collect()
        start = time.perf_counter()
        written = self.write()
        middle = time.perf_counter()
        restored = self.read(written)
        end = time.perf_counter()
        self.write_seconds.append(middle - start)
        self.read_seconds.append(end - middle)
        self.bytes = self.size(written)
        self.check(restored)


def arrays_of(obj: Any) -> dict[str, np.ndarray]:
    """Every array in the state of an object graph, once each, by its path; intermediates are no state."""
    arrays: dict[str, np.ndarray] = {}
    seen: set[int] = set()

    def walk(value: Any, path: str) -> None:
        if id(value) in seen or isinstance(value, (str, bytes, int, float, complex, bool, type(None))):
            return
        seen.add(id(value))
        if isinstance(value, np.ndarray):
            arrays[path] = value
        elif isinstance(value, dict):
            for key, item in value.items():
                walk(item, f"{path}.{key}")
        elif isinstance(value, (list, tuple)):
            for i, item in enumerate(value):
                walk(item, f"{path}.{i}")
        elif hasattr(value, "__dict__"):
            for key, item in vars(value).items():
                walk(item.results if key == "_derived" else item, f"{path}.{key}")

    walk(obj, "fit")
    return arrays


# The packages that each compression needs.
_NEEDS: dict[str, tuple[str, ...]] = {"zlib": (), "shuffle-zstd": ("zstandard",), "shuffle-lz4": ("lz4",)}


def methods(fit: Any, folder: Path) -> tuple[list[Method], list[str]]:
    """The installed codecs, and the names of the others."""
    import serialization

    def check_fit(restored: Any) -> None:
        evaluated.check_same(restored, fit)

    arrays = arrays_of(fit)

    def check_arrays(restored: dict[str, np.ndarray]) -> None:
        for name, array in arrays.items():
            other = restored[name]
            if other.dtype != array.dtype or not np.array_equal(other, array, equal_nan=array.dtype.kind in "fc"):
                raise AssertionError(f"{name} came back changed")

    def file_size(path: Any) -> int:
        return Path(path).stat().st_size

    payload = serialization.dumps(fit)
    target = bytearray(payload)

    def copy_into_existing() -> bytearray:
        target[:] = payload
        return target

    installed = [
        Method(
            "serialization dumps / loads",
            "graph",
            lambda: serialization.dumps(fit),
            serialization.loads,
            check=check_fit,
        ),
        Method(
            "serialization save / load (fsync)",
            "graph",
            lambda: serialization.save(fit, folder / "fit.aas"),
            serialization.load,
            file_size,
            check_fit,
        ),
        Method(
            "serialization save / load(mmap=True)",
            "graph",
            lambda: serialization.save(fit, folder / "mapped.aas"),
            lambda path: serialization.load(path, mmap=True),
            file_size,
            check_fit,
        ),
        *(
            Method(
                f"serialization, {compression}",
                "graph",
                lambda compression=compression: serialization.dumps(fit, compression=compression),
                serialization.loads,
                check=check_fit,
            )
            for compression in ("zlib", "shuffle-zstd", "shuffle-lz4")
            if all(map(importlib.util.find_spec, _NEEDS[compression]))
        ),
        Method("pickle 5", "graph", lambda: pickle.dumps(fit, protocol=5), pickle.loads, check=check_fit),
        Method("memcpy into new memory", "bytes", lambda: bytearray(payload), bytearray),
        Method("memcpy into existing memory", "bytes", copy_into_existing, lambda _: copy_into_existing()),
    ]
    absent = []
    for name, build in (
        ("cloudpickle", lambda m: Method("cloudpickle", "graph", lambda: m.dumps(fit), m.loads, check=check_fit)),
        (
            "joblib",
            lambda m: Method(
                "joblib dump / load (file)",
                "graph",
                lambda: m.dump(fit, folder / "fit.joblib")[0],
                m.load,
                file_size,
                check_fit,
            ),
        ),
        (
            "msgpack_numpy",
            lambda m: Method("msgpack-numpy", "arrays", lambda: m.packb(arrays), m.unpackb, check=check_arrays),
        ),
        (
            "safetensors.numpy",
            lambda m: Method("safetensors", "arrays", lambda: m.save(arrays), m.load, check=check_arrays),
        ),
    ):
        try:
            installed.append(build(importlib.import_module(name)))
        except ModuleNotFoundError:
            absent.append(name.split(".")[0].replace("_", "-"))
    return installed, absent


def run(options: Any) -> None:
    """Measure every codec in turn, `repeat` times, and print the table."""
    from benchmarks import problem

    environment = table.environment()
    print("fitting ...", flush=True)
    fit, _ = evaluated.fit_from(problem.dataset_from(options.data), options.mesh)
    with tempfile.TemporaryDirectory() as folder:
        installed, absent = methods(fit, Path(folder))
        for _ in range(options.repeat):
            for method in installed:
                method.measure()
    results = {
        method.name: {
            "takes": method.takes,
            "bytes": method.bytes,
            "write": statistics.median(method.write_seconds),
            "read": statistics.median(method.read_seconds),
        }
        for method in installed
    }
    peers = evaluated.peer_pickles(options, min(options.repeat, 3))
    for key, peer in peers.items():
        results[key] = {"takes": "graph", "bytes": peer["bytes"], "write": peer["dumps"], "read": peer["loads"]}
    report(results, absent, not peers, options, environment)
    record = {"benchmark": "codec", "data": "files" if options.data else "simulated", "mesh": options.mesh}
    record |= {"repeat": options.repeat, "environment": environment, "results": results, "absent": absent}
    table.write_json(options.json, record)


def report(
    results: dict[str, Any], absent: list[str], no_peer: bool, options: Any, environment: dict[str, Any]
) -> None:
    """Print the table: each figure and its ratio to that of pickle in the same run."""
    base = results["pickle 5"]
    rows = []
    for name, result in results.items():
        ratios = [table.times(result[key] / base[key]) for key in ("bytes", "write", "read")]
        cells = [table.megabytes(result["bytes"]), table.seconds(result["write"]), table.seconds(result["read"])]
        rows.append([name, result["takes"], *cells, *ratios])
    rows += [[name, "absent", *["-"] * 6] for name in absent]
    if no_peer:
        rows.append(["PyAutoArray's pickle 5 (give --peer)", "absent", *["-"] * 6])
    table.print_table(
        f"an evaluated fit ({options.mesh} mesh), median of {options.repeat}, "
        f"load before {environment['load_before']}; "
        "the last three columns are relative to pickle 5",
        ["", "takes", "bytes", "write", "read", "bytes", "write", "read"],
        rows,
    )
    dumps = results["serialization dumps / loads"]["write"]
    limit = 2.5 * results["memcpy into new memory"]["write"] + 0.5e-3
    print(f"\nround trips checked; dumps takes {table.seconds(dumps)}, 2.5 memcpy + 0.5 ms is {table.seconds(limit)}")
