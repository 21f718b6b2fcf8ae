"""`python -m benchmarks partial`: one array of a large file, against other formats that hand out one array.

The file holds an array of 1 MB of random numbers among arrays of 64 MB of zeros. Holes of the file stand in the place
of the zeros, so that it takes little of the disk; it is removed afterwards. The peers write arrays in full, so they are
measured up to `--peers-up-to`. All files are in the memory of the system ("warm"). Each method has to give the array
bit for bit.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import table

FILLING = 64 * 10**6  # bytes of each array of zeros
ASKED_FOR = 10**6  # bytes of the array that is read


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("--repeat", type=int, default=31, metavar="N", help="rounds of each measurement (default 31)")
    parser.add_argument("--gigabytes", type=float, default=0.2, metavar="GB", help="size of the file (default 0.2)")
    parser.add_argument(
        "--peers-up-to", type=float, default=0.5, metavar="GB", help="largest file that peers write (default 0.5)"
    )
    parser.add_argument("--folder", metavar="DIR", help="where to make the files (default: that of temporary files)")
    parser.add_argument("--json", metavar="FILE", help="write every figure to FILE")


@dataclass
class Method:
    """One way to read the array; `read` returns it, or None where it reads no array."""

    name: str
    read: Callable[[], Any]
    seconds: list[float] = field(default_factory=list)

    def measure(self, expected: np.ndarray) -> None:
        """Read once, and check the array."""
        gc.collect()
        start = time.perf_counter()
        found = self.read()
        self.seconds.append(time.perf_counter() - start)
        if found is not None and not np.array_equal(found, expected):
            raise AssertionError(f"{self.name}: the array came back changed")


def graph_of(nbytes: int) -> dict[str, Any]:
    """The arrays of a file of so many bytes; the one that is asked for is in the middle."""
    count = max(round((nbytes - ASKED_FOR) / FILLING), 1)
    zeros = [np.zeros(FILLING // 8) for _ in range(count)]
    asked = np.random.default_rng(1).normal(size=ASKED_FOR // 8)
    return {"before": zeros[: count // 2], "fit": {"reconstruction": asked}, "after": zeros[count // 2 :]}


def save_with_holes(graph: dict[str, Any], path: Path) -> None:
    """Write the payload of a graph; large arrays, which hold zeros but for one, become holes of the file."""
    from serialization._payload.codec import nbytes_of, pieces

    with open(path, "wb") as file:
        for piece in pieces(graph):
            if nbytes_of(piece) == FILLING:
                file.seek(FILLING, 1)
            else:
                file.write(piece)
        file.truncate(file.tell())


def own_methods(path: Path, handle: Any) -> Iterator[Method]:
    """The ways of this library; `handle` is the open file."""
    import serialization

    def open_and_read() -> np.ndarray:
        with serialization.open(path) as handle:
            return handle["['fit']['reconstruction']"]

    def open_and_load() -> np.ndarray:
        with serialization.open(path) as handle:
            return handle.load("['fit']")["reconstruction"]

    def open_and_tell() -> None:
        with serialization.open(path) as handle:
            str(handle.tree())

    def map_alone() -> np.ndarray:
        return serialization.load(path, mmap=True, verify="header")["fit"]["reconstruction"]

    yield Method("open, read the array", open_and_read)
    yield Method("read the array of an open handle", lambda: handle["['fit']['reconstruction']"])
    yield Method("open, load the object that has it", open_and_load)
    yield Method("open, draw the tree", open_and_tell)
    yield Method('load(mmap=True, verify="header")', map_alone)
    yield Method(
        "load(mmap=True), which verifies all", lambda: serialization.load(path, mmap=True)["fit"]["reconstruction"]
    )


def peer_methods(graph: dict[str, Any], folder: Path, size: float, most: float) -> tuple[list[Method], list[str]]:
    """Other formats, as far as they are installed and the file is not too large, and the names of the rest."""
    arrays = {"reconstruction": graph["fit"]["reconstruction"]}
    arrays |= {f"zeros {index}": zeros for index, zeros in enumerate(graph["before"] + graph["after"])}
    single = folder / "single.npy"
    np.save(single, arrays["reconstruction"])
    methods, absent = [Method("numpy, the array in a file of its own", lambda: np.load(single))], []
    if size > most:
        return methods, [f"numpy .npz, safetensors (above {most:g} GB)"]
    packed = folder / "arrays.npz"
    np.savez(packed, **arrays)

    def from_npz() -> np.ndarray:
        with np.load(packed) as file:
            return file["reconstruction"]

    methods.append(Method("numpy .npz", from_npz))
    try:
        safetensors = importlib.import_module("safetensors")
        importlib.import_module("safetensors.numpy").save_file(arrays, folder / "arrays.safetensors")
    except ModuleNotFoundError:
        return methods, ["safetensors"]

    def from_safetensors() -> np.ndarray:
        with safetensors.safe_open(folder / "arrays.safetensors", framework="np") as file:
            return file.get_tensor("reconstruction")

    methods.append(Method("safetensors safe_open", from_safetensors))
    return methods, absent


def run(options: Any) -> None:
    """Measure every method in turn, `repeat` times, and print the table."""
    import serialization

    environment = table.environment()
    graph = graph_of(int(options.gigabytes * 1e9))
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder) / "large.aas"
        save_with_holes(graph, path)
        stat = path.stat()
        peers, absent = peer_methods(graph, Path(folder), options.gigabytes, options.peers_up_to)
        with serialization.open(path) as handle:
            methods = [*own_methods(path, handle), *peers]
            for _ in range(options.repeat):
                for method in methods:
                    method.measure(graph["fit"]["reconstruction"])
    seconds = {method.name: statistics.median(method.seconds) for method in methods}
    report(seconds, absent, stat.st_size, getattr(stat, "st_blocks", 0) * 512, options, environment)
    record = {"benchmark": "partial", "repeat": options.repeat, "bytes": stat.st_size, "environment": environment}
    table.write_json(options.json, record | {"results": seconds, "absent": absent})


def report(
    seconds: dict[str, float], absent: list[str], size: int, on_disk: int, options: Any, environment: dict[str, Any]
) -> None:
    """Print the table: each time and its ratio to that of a file with nothing but the array."""
    base = seconds["numpy, the array in a file of its own"]
    rows = [[name, table.seconds(value), table.times(value / base)] for name, value in seconds.items()]
    table.print_table(
        f"an array of {table.megabytes(ASKED_FOR)} in a file of {table.megabytes(size)} ({table.megabytes(on_disk)} of "
        f"the disk), median of {options.repeat}, warm, load before {environment['load_before']}; the last column is "
        "relative to a file of that array alone",
        ["", "time", "ratio"],
        rows + [[name, "absent", "-"] for name in absent],
    )
