"""`python -m benchmarks fit`: the log evidence of a fit, and its peak memory, against the peer."""

from __future__ import annotations

import argparse
import itertools
import statistics
from collections.abc import Sequence
from typing import Any

from benchmarks import table
from benchmarks.processes import workers_of

# The target of each mesh: the peer's time over ours.
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
# The Gaussians for the light of a lens, with `--all`.
GAUSSIANS = 60
# The seconds of a side, as its record names them.
COLUMNS = ("seconds", "first", "median", "best", "solver")
SPARSE = "peer (sparse)"
ABSENT = "peer absent: give the interpreter of its environment with --peer (peer_environment.sh)"


def add_mesh(parser: argparse.ArgumentParser, default: str | Sequence[str]) -> None:
    """Add the option for the mesh of a fit, or, with several defaults, for the meshes."""
    names = ", ".join(TARGETS)
    if isinstance(default, str):
        text = f"mesh of the fit: {names} (default: {default})"
        parser.add_argument("--mesh", metavar="NAME", default=default, choices=list(TARGETS), help=text)
    else:
        text = f"only this mesh (repeat for several): {names} (default: {', '.join(default)})"
        parser.add_argument("--mesh", metavar="NAME", action="append", choices=list(TARGETS), help=text)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command to the shared ones."""
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="evaluations after the first (default 5)")
    add_mesh(parser, DEFAULT)
    parser.add_argument("--all", action="store_true", help="every mesh")
    parser.add_argument(
        "--light",
        type=gaussians,
        metavar="N",
        help="N linear Gaussians for the light of the lens beside the source, a multiple of 3 (default 0; with --all "
        f"{GAUSSIANS}, and then 0)",
    )
    parser.add_argument("--peer-sparse", action="store_true", help="add the peer with its apply_sparse_operator_cpu")


def gaussians(text: str) -> int:
    """The number of Gaussians of an option: sets of equal size, of which there are three."""
    number = int(text)
    if number < 0 or number % 3:
        raise argparse.ArgumentTypeError(f"expected a multiple of 3 that is not negative, found {number}")
    return number


def measure(mesh: str, light: int, options: Any) -> dict[str, Any]:
    """All sides on one mesh, with a number of Gaussians: evaluations in turn, each side in a fresh process."""
    with workers_of(options, ["peer", SPARSE] if options.peer_sparse else ["peer"]) as workers:
        sides: dict[str, Any] = {
            name: worker.ask("setup", data=options.data, sparse=name == SPARSE, light=light)
            for name, worker in workers.items()
        }
        for side in sides.values():
            side["evaluations"] = []
        for index in range(options.repeat + 1):
            for name, worker in workers.items():
                sides[name]["evaluations"].append(worker.ask("evaluate", mesh=mesh, index=index, light=light))
        for name, worker in workers.items():
            sides[name] |= worker.ask("memory")
    for side in sides.values():
        first, *later = (evaluation["seconds"] for evaluation in side["evaluations"])
        side |= {"first": first, "median": statistics.median(later), "best": min(later)}
        side["solver"] = statistics.median(each["solver_seconds"] for each in side["evaluations"][1:])
    return sides


def disagreement(sides: dict[str, Any], peer: str = "peer") -> float | None:
    """The largest relative difference of the log evidence between ours and a side of the peer."""
    if peer not in sides:
        return None
    pairs = zip(sides["ours"]["evaluations"], sides[peer]["evaluations"], strict=True)
    return max(abs(a["log_evidence"] - b["log_evidence"]) / abs(b["log_evidence"]) for a, b in pairs)


def ratio(sides: dict[str, Any], peer: str = "peer") -> float | None:
    """The median over the evaluations of the peer's time over ours, which took turns."""
    if peer not in sides:
        return None
    pairs = list(zip(sides[peer]["evaluations"], sides["ours"]["evaluations"], strict=True))[1:]
    return statistics.median(a["seconds"] / b["seconds"] for a, b in pairs)


def rows_from(name: str, sides: dict[str, Any]) -> list[list[str]]:
    """The rows of one mesh: a side each, then the ratios."""
    rows = []
    for side, result in sides.items():
        peak, above = result["peak"] * 1e6, (result["peak"] - result["import_peak"]) * 1e6
        rows.append(
            [name, side, result["release"]]
            + [table.seconds(result[key]) for key in COLUMNS]
            + [table.megabytes(peak), table.megabytes(above)]
        )
    for side in list(sides)[1:]:
        ours, peer = sides["ours"], sides[side]
        rows.append(
            [name, f"{side} / ours", ""]
            + [table.times(peer[key] / ours[key]) for key in COLUMNS]
            + [table.times(peer["peak"] / ours["peak"])]
            + [table.times((peer["peak"] - peer["import_peak"]) / (ours["peak"] - ours["import_peak"]))]
        )
    return rows


def verdict(times_faster: float, target: float, difference: float) -> str:
    """The ratio to the peer beside its target, and the largest relative difference of the log evidence."""
    reached = f"{times_faster:.1f} times faster (target {target:.0f})"
    return f"{reached}; log evidence differs from the peer's by at most {difference:.1e} of itself"


def run(options: Any) -> None:
    """Measure, print the table, and write the record."""
    record: dict[str, Any] = {"benchmark": "fit", "data": "files" if options.data else "simulated"}
    record |= {"repeat": options.repeat, "threads": options.threads, "environment": table.environment(), "meshes": {}}
    rows: list[list[str]] = []
    lights = [options.light] if options.light is not None else [GAUSSIANS, 0] if options.all else [0]
    meshes = options.mesh or (list(TARGETS) if options.all else DEFAULT)
    for mesh, light in itertools.product(meshes, lights):
        name = f"{mesh}, {light} Gaussians" if light else mesh
        print(f"{name}: {options.repeat + 1} evaluations a side ...", flush=True)
        sides = measure(mesh, light, options)
        record["meshes"][name] = {"sides": sides, "light": light, "log_evidence_difference": disagreement(sides)}
        record["meshes"][name] |= {"target": TARGETS[mesh], "ratio": ratio(sides)}
        if SPARSE in sides:
            record["meshes"][name] |= {"sparse_ratio": ratio(sides, SPARSE)}
            record["meshes"][name] |= {"sparse_log_evidence_difference": disagreement(sides, SPARSE)}
        rows += rows_from(name, sides)
    ours = record["meshes"][next(iter(record["meshes"]))]["sides"]["ours"]
    shape = " x ".join(map(str, ours["psf_shape"]))
    header = ["mesh", "side", "release", "set-up", "first", "median", "best", "solver", "peak", "above import"]
    table.print_table(
        f"log evidence from the traced grid: {ours['pixels']} pixels, {shape} PSF, 39 x 39 mesh or 1,536 vertices, "
        f"over-sampling 2, NumPy, {record['data']} image, load before {record['environment']['load_before']}",
        header,
        rows,
    )
    print()
    for name, result in record["meshes"].items():
        difference = result["log_evidence_difference"]
        if difference is None:
            print(f"{name}: {ABSENT}")
            continue
        print(f"{name}: {verdict(result['ratio'], result['target'], difference)}")
        if "sparse_ratio" in result:
            difference = result["sparse_log_evidence_difference"]
            print(f"{name}: {result['sparse_ratio']:.2f} times faster than its sparse operator ({difference:.1e})")
    table.write_json(options.json, record)
