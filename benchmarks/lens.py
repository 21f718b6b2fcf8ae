"""`python -m benchmarks autolens`: PyAutoLens on this project, against the same environment with PyAutoArray."""

from __future__ import annotations

import argparse
import statistics
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import table
from benchmarks.fit import DEFAULT, GAUSSIANS, MESHES, OPERATOR, SIZES
from benchmarks.processes import OURS, PEER, PEER_SPARSE, WorkerError, WorkerProcess, attempt, is_sparse, limits_from

WORKER = Path(__file__).resolve().parent / "lens_worker.py"
# The largest relative difference of a log evidence between the two.
TOLERANCE = 1e-8
ABSENT = "peer absent: give the interpreter of its environment with --peer (`make autolens-suites` makes one)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command to the shared ones."""
    text = "interpreter of an environment with PyAutoLens and this project (`make autolens` makes one)"
    parser.add_argument("--ours", metavar="PYTHON", required=True, help=text)
    names = ", ".join(MESHES)
    text = f"only this mesh (repeat for several): {names} (default: {', '.join(DEFAULT)})"
    parser.add_argument("--mesh", metavar="NAME", action="append", choices=MESHES, help=text)
    parser.add_argument("--all", action="store_true", help="every mesh")
    text = f"linear Gaussians for the light of the lens (repeat for several; default: 0 and {GAUSSIANS})"
    parser.add_argument("--light", type=int, metavar="N", action="append", help=text)
    text = "only this backend (default: both)"
    parser.add_argument("--backend", action="append", choices=("numpy", "jax"), help=text)
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="evaluations after the first (default 5)")
    parser.add_argument("--calls", type=int, default=2000, metavar="N", help="calls of a profile (default 2000)")
    text = "evaluations of the search; 0 for no search (default 300)"
    parser.add_argument("--likelihoods", type=int, default=300, metavar="N", help=text)
    text = "radius of the mask in arc-seconds, with meshes of 128 vertices (default: that of the size)"
    parser.add_argument("--mask-radius", type=float, metavar="R", help=text)
    text = "image and mesh of the Hubble or of the James Webb Space Telescope (default: hst)"
    parser.add_argument("--size", choices=list(SIZES), default="hst", help=text)


def sides_of(options: Any) -> dict[str, str]:
    """The interpreter of each side."""
    sides = {OURS: options.ours}
    if options.peer is not None:
        sides[PEER] = options.peer
        if options.peer_sparse:
            sides[PEER_SPARSE] = options.peer
    return sides


def measure(light: int, mesh: str, backend: str, options: Any) -> dict[str, Any]:
    """All sides on one mesh: evaluations in turn, each side in a fresh process; on NumPy the fit is carried too."""
    limits = limits_from(options)
    with ExitStack() as stack:
        workers, sides = {}, {}
        for name, python in sides_of(options).items():
            worker = stack.enter_context(WorkerProcess(python, options.threads, name, limits, WORKER))
            worker.is_peer = name != OURS  # ours has an interpreter of its own too, and may not fail
            workers[name], sides[name] = worker, {"failed": None, "evaluations": []}
        setup = {"data": options.data, "light": light, "size": options.size, "radius": options.mask_radius}
        for name, worker in workers.items():
            operator = OPERATOR if is_sparse(name) and backend == "numpy" else None
            operator = "apply_sparse_operator" if is_sparse(name) and backend == "jax" else operator
            sides[name] |= attempt(worker, sides[name], "setup", **setup, sparse=operator) or {}
        for index in range(options.repeat + 1):
            for name, worker in workers.items():
                request = {"mesh": mesh, "light": light, "backend": backend, "index": index}
                evaluation = attempt(worker, sides[name], "evaluate", **request)
                if evaluation is not None:
                    sides[name]["evaluations"].append(evaluation)
        for name, worker in workers.items():
            if backend == "numpy":
                # A pickle that fails is a finding, and no failure of the side.
                sides[name]["pickle"] = carried(worker, "pickle", options.repeat)
                if name == OURS:
                    sides[name]["aas"] = carried(worker, "aas", options.repeat)
            sides[name] |= attempt(worker, sides[name], "memory") or {}
    for side in sides.values():
        summarise(side)
    return sides


def carried(worker: WorkerProcess, way: str, repeat: int) -> dict[str, Any]:
    """Bytes and times of a way to carry the fit, or "failed" and "why"."""
    try:
        return worker.ask(way, repeat=max(repeat, 1))
    except WorkerError as error:
        return {"failed": error.cell, "why": str(error).splitlines()[0]}


def summarise(side: dict[str, Any]) -> None:
    """Add the first and the median time of the evaluations, as far as there are any."""
    seconds = [each["seconds"] for each in side["evaluations"]]
    if seconds:
        side["first"] = seconds[0]
    if seconds[1:] and not side["failed"]:
        side["median"] = statistics.median(seconds[1:])


def difference(sides: dict[str, Any], other: str) -> float | None:
    """The largest relative difference of the log evidence to another side."""
    pairs = list(zip(sides[OURS]["evaluations"], sides[other]["evaluations"], strict=False))
    found = [abs(a["log_evidence"] - b["log_evidence"]) / abs(b["log_evidence"]) for a, b in pairs]
    return max(found, default=None)


def rows_from(name: str, sides: dict[str, Any]) -> list[list[str]]:
    """A row for each side."""
    rows = []
    for side, result in sides.items():
        differs = None if side == OURS else difference(sides, side)
        ratio = None if side == OURS or "median" not in result else result["median"] / sides[OURS]["median"]
        cells = [table.seconds(result.get(key)) for key in ("seconds", "first", "median")]
        cells += [result["failed"] or table.times(ratio), "-" if differs is None else f"{differs:.0e}"]
        for way in ("pickle", "aas"):
            found = result.get(way, {})
            cells += [found.get("failed") or table.megabytes(found.get("bytes")), table.seconds(found.get("dumps"))]
        rows.append([name, side, *cells])
    return rows


def lines_from(record: dict[str, Any]) -> list[str]:
    """What is beyond the tolerance, and what could not be compared."""
    lines = []
    for name, sides in record["fits"].items():
        for result in sides.values():
            for way in ("pickle", "aas"):
                if result.get(way, {}).get("failed"):
                    lines.append(f"{name}, {way}: {result[way]['why']}")
        for side in list(sides)[1:]:
            found = difference(sides, side)
            if sides[side]["failed"]:
                lines.append(f"{name}, {side}: {sides[side]['why']}")
            elif found is not None and found > TOLERANCE:
                lines.append(f"{name}: the log evidence differs from that of {side} by {found:.1e} of itself")
    return lines


def beside(options: Any, do: str, setup: bool, **request: Any) -> dict[str, Any]:
    """What one request gives on each side, one after the other; what needs no dataset has no sparse operator."""
    found: dict[str, Any] = {}
    for name, python in sides_of(options).items():
        if is_sparse(name) and not setup:
            continue
        result: dict[str, Any] = {"failed": None}
        with WorkerProcess(python, options.threads, name, limits_from(options), WORKER) as worker:
            worker.is_peer = name != OURS
            if setup:
                dataset = {"data": options.data, "size": options.size, "radius": options.mask_radius}
                sparse = OPERATOR if is_sparse(name) else None
                attempt(worker, result, "setup", light=0, sparse=sparse, **dataset)
            result |= attempt(worker, result, do, **request) or {}
        found[name] = result
    return found


def run(options: Any) -> None:
    """Measure, print the tables, and write the record."""
    record: dict[str, Any] = {"benchmark": "autolens", "size": options.size, "threads": options.threads}
    record |= {"environment": table.environment(), "fits": {}}
    rows: list[list[str]] = []
    for light in options.light or [0, GAUSSIANS]:
        for mesh in options.mesh or (MESHES if options.all else DEFAULT):
            for backend in options.backend or ["numpy", "jax"]:
                name = f"{mesh}, {light} Gaussians, {backend}"
                print(f"{name}: {options.repeat + 1} evaluations a side ...", flush=True)
                record["fits"][name] = measure(light, mesh, backend, options)
                rows += rows_from(name, record["fits"][name])
                table.write_json(options.json, record, quiet=True)  # a long run keeps what it has
    header = ["fit", "side", "set-up", "first", "median", "/ ours", "differs", "pickle", "dumps", "aas", "dumps"]
    pixels = next(iter(record["fits"].values()))[OURS]["pixels"]
    table.print_table(f"al.AnalysisImaging.log_likelihood_function: {pixels} pixels", header, rows)
    for do, repeat, title in (
        ("decorators", options.calls, "a call of a profile on 16 coordinates, by its decorators"),
        ("points", options.repeat, "the images of a point source by al.PointSolver"),
    ):
        record[do] = beside(options, do, setup=False, repeat=repeat)
        names = list(record[do][OURS]["seconds"])
        cells = [[side, *(table.seconds(found["seconds"][name]) for name in names)]
                 for side, found in record[do].items() if not found["failed"]]  # fmt: skip
        table.print_table(title, ["side", *names], cells)
    if options.likelihoods:
        mesh = (options.mesh or DEFAULT)[0]
        record["search"] = beside(options, "search", setup=True, likelihoods=options.likelihoods, mesh=mesh)
        cells = [
            [side, found["failed"], "-", "-"] if found["failed"] else
            [side, table.seconds(found["seconds"]), f"{found['log_likelihood']:.6f}", str(found["samples"])]
            for side, found in record["search"].items()
        ]  # fmt: skip
        header = ["side", "time", "log evidence", "samples"]
        table.print_table(f"a search with a seed, {mesh}, {options.likelihoods} evaluations", header, cells)
    print()
    print("\n".join(lines_from(record) or [f"The log evidences agree to {TOLERANCE:g} of themselves."]))
    if options.peer is None:
        print(ABSENT)
    table.write_json(options.json, record)
