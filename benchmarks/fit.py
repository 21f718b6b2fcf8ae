"""`python -m benchmarks fit`: the log evidence of a fit, and its peak memory, against the peer."""

from __future__ import annotations

import argparse
import statistics
from contextlib import ExitStack
from typing import Any

from benchmarks import table
from benchmarks.processes import WorkerProcess

# How many times faster than the peer each mesh is to be.
TARGETS = {
    "uniform": 10.0,
    "adaptive": 10.0,
    "adaptive_image": 10.0,
    "kernel": 30.0,
    "kernel_image": 30.0,
    "delaunay": 5.0,
    "delaunay_nn": 5.0,
    "knn": 5.0,
    "knn_barycentric": 5.0,
}
DEFAULT = ["uniform", "adaptive"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command to the shared ones."""
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="evaluations after the first (default 5)")
    parser.add_argument("--mesh", action="append", choices=list(TARGETS), help="only this mesh; may be repeated")
    parser.add_argument("--all", action="store_true", help="every mesh (default: uniform and adaptive)")
    parser.add_argument("--peer-sparse", action="store_true", help="add the peer with its apply_sparse_operator_cpu")


def measure(mesh: str, options: Any) -> dict[str, Any]:
    """All sides on one mesh: evaluations in turn, each side in a fresh process."""
    with ExitStack() as stack:
        workers = {"ours": stack.enter_context(WorkerProcess(threads=options.threads))}
        if options.peer is not None:
            names = ["peer", "peer (sparse)"] if options.peer_sparse else ["peer"]
            workers |= {name: stack.enter_context(WorkerProcess(options.peer, options.threads)) for name in names}
        sides: dict[str, Any] = {
            name: worker.ask("setup", data=options.data, sparse=name == "peer (sparse)")
            for name, worker in workers.items()
        }
        for side in sides.values():
            side["evaluations"] = []
        for index in range(options.repeat + 1):
            for name, worker in workers.items():
                sides[name]["evaluations"].append(worker.ask("evaluate", mesh=mesh, index=index))
        for name, worker in workers.items():
            sides[name] |= worker.ask("memory")
    for side in sides.values():
        first, *later = (evaluation["seconds"] for evaluation in side["evaluations"])
        side |= {"first": first, "median": statistics.median(later), "best": min(later)}
    return sides


def disagreement(sides: dict[str, Any]) -> float | None:
    """The largest relative difference of the log evidence between the two sides."""
    if "peer" not in sides:
        return None
    pairs = zip(sides["ours"]["evaluations"], sides["peer"]["evaluations"], strict=True)
    return max(abs(a["log_evidence"] - b["log_evidence"]) / abs(b["log_evidence"]) for a, b in pairs)


def ratio(sides: dict[str, Any]) -> float | None:
    """How many times the peer's median is ours."""
    return sides["peer"]["median"] / sides["ours"]["median"] if "peer" in sides else None


def rows_from(name: str, sides: dict[str, Any]) -> list[list[str]]:
    rows = []
    for side, found in sides.items():
        peak, above = found["peak"] * 1e6, (found["peak"] - found["import_peak"]) * 1e6
        rows.append(
            [name, side, found["release"]]
            + [table.seconds(found[key]) for key in ("seconds", "first", "median", "best")]
            + [table.megabytes(peak), table.megabytes(above)]
        )
    for side in list(sides)[1:]:
        ours, peer = sides["ours"], sides[side]
        rows.append(
            [name, f"{side} / ours", ""]
            + [table.times(peer[key] / ours[key]) for key in ("seconds", "first", "median", "best")]
            + [table.times(peer["peak"] / ours["peak"])]
            + [table.times((peer["peak"] - peer["import_peak"]) / (ours["peak"] - ours["import_peak"]))]
        )
    return rows


def run(options: Any) -> None:
    """Measure, print the table, and write the record."""
    record: dict[str, Any] = {"benchmark": "fit", "data": "files" if options.data else "simulated"}
    record |= {"repeat": options.repeat, "threads": options.threads, "environment": table.environment(), "meshes": {}}
    rows: list[list[str]] = []
    for name in options.mesh or (list(TARGETS) if options.all else DEFAULT):
        print(f"{name}: {options.repeat + 1} evaluations a side ...", flush=True)
        sides = measure(name, options)
        record["meshes"][name] = {"sides": sides, "log_evidence_difference": disagreement(sides)}
        record["meshes"][name] |= {"target": TARGETS[name], "ratio": ratio(sides)}
        rows += rows_from(name, sides)
    found = record["meshes"][next(iter(record["meshes"]))]["sides"]["ours"]
    shape = " x ".join(map(str, found["psf_shape"]))
    header = ["mesh", "side", "release", "set-up", "first", "median", "best", "peak", "above import"]
    table.print_table(
        f"log evidence from the traced grid: {found['pixels']} pixels, {shape} PSF, 39 x 39 mesh or 1,536 vertices, "
        f"over-sampling 2, NumPy, {record['data']} image, load before {record['environment']['load_before']}",
        header,
        rows,
    )
    print()
    for name, result in record["meshes"].items():
        difference = result["log_evidence_difference"]
        if difference is None:
            print(f"{name}: peer absent: give the interpreter of its environment with --peer (peer_environment.sh)")
        else:
            reached = f"{result['ratio']:.1f} times faster (target {result['target']:.0f})"
            print(f"{name}: {reached}; log evidence differs from the peer's by at most {difference:.1e} of itself")
    table.write_json(options.json, record)
