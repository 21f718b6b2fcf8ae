"""`python -m benchmarks fit`: the log evidence of a fit, and its peak memory, against the peer."""

from __future__ import annotations

import argparse
import itertools
import statistics
from collections.abc import Sequence
from typing import Any

from benchmarks import table, targets
from benchmarks.processes import OURS, PEER, PEER_SPARSE, attempt, is_sparse, sides_from, workers_of

MESHES = list(targets.DEFAULT_PATH)
DEFAULT = ["uniform", "adaptive"]
# The images and meshes of `problem.SIZES`.
SIZES = {
    "hst": "39 x 39 mesh or 1,536 vertices",
    "jwst": "55 x 55 mesh or 3,072 vertices",
}
# The Gaussians for the light of a lens, with `--all`.
GAUSSIANS = 60
# The call on a dataset for its sparse operator, in either library.
OPERATOR = "apply_sparse_operator_cpu"
# The seconds of a side, as its record names them.
COLUMNS = ("seconds", "first", "median", "best", "solver")
ABSENT = "peer absent: give the interpreter of its environment with --peer (peer_environment.sh)"


def add_mesh(parser: argparse.ArgumentParser, default: str | Sequence[str]) -> None:
    """Add the option for the mesh of a fit, or, with several defaults, for the meshes."""
    names = ", ".join(MESHES)
    if isinstance(default, str):
        text = f"mesh of the fit: {names} (default: {default})"
        parser.add_argument("--mesh", metavar="NAME", default=default, choices=MESHES, help=text)
    else:
        text = f"only this mesh (repeat for several): {names} (default: {', '.join(default)})"
        parser.add_argument("--mesh", metavar="NAME", action="append", choices=MESHES, help=text)


def add_light(parser: argparse.ArgumentParser, default: str) -> None:
    """Add the option for the light of the lens; `default` says what holds without it."""
    text = f"N linear Gaussians for the light of the lens beside the source, a multiple of 3 (default: {default})"
    parser.add_argument("--light", type=gaussians, metavar="N", help=text)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command to the shared ones."""
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="evaluations after the first (default 5)")
    add_mesh(parser, DEFAULT)
    parser.add_argument("--all", action="store_true", help="every mesh")
    add_light(parser, f"0; with --all {GAUSSIANS}, and then 0")
    text = "image and mesh of the Hubble or of the James Webb Space Telescope (default: hst)"
    parser.add_argument("--size", choices=list(SIZES), default="hst", help=text)
    text = "add this library with the sparse operator of the dataset"
    parser.add_argument("--ours-sparse", action="store_true", help=text)


def gaussians(text: str) -> int:
    """The number of Gaussians of an option: sets of equal size, of which there are three."""
    number = int(text)
    if number < 0 or number % 3:
        raise argparse.ArgumentTypeError(f"expected a multiple of 3 that is not negative, found {number}")
    return number


def measure(mesh: str, light: int, options: Any) -> dict[str, Any]:
    """All sides on one mesh, with a number of Gaussians: evaluations in turn, each side in a fresh process.

    A side of the peer that fails has "failed" and "why", and none of the values that come after. It is left out of the
    later turns, and gives its memory back.
    """
    with workers_of(options, sides_from(options)) as workers:
        sides: dict[str, Any] = {name: {"failed": None, "evaluations": []} for name in workers}
        setup = {"data": options.data, "light": light, "size": options.size}
        for name, worker in workers.items():
            operator = OPERATOR if is_sparse(name) else None
            sides[name] |= attempt(worker, sides[name], "setup", **setup, sparse=operator) or {}
        for index in range(options.repeat + 1):
            for name, worker in workers.items():
                evaluation = attempt(worker, sides[name], "evaluate", mesh=mesh, index=index, light=light)
                if evaluation is not None:
                    sides[name]["evaluations"].append(evaluation)
                elif worker.process.poll() is None:
                    worker.process.kill()
        for name, worker in workers.items():
            sides[name] |= attempt(worker, sides[name], "memory") or {}
    for side in sides.values():
        _summarise(side)
    return sides


def _summarise(side: dict[str, Any]) -> None:
    """Add the seconds of the columns, as far as there are evaluations."""
    if side["evaluations"]:
        side["first"] = side["evaluations"][0]["seconds"]
    later = side["evaluations"][1:]
    if later and not side["failed"]:
        seconds = [each["seconds"] for each in later]
        side |= {"median": statistics.median(seconds), "best": min(seconds)}
        side["solver"] = statistics.median(each["solver_seconds"] for each in later)


def disagreement(sides: dict[str, Any], peer: str = PEER) -> float | None:
    """The largest relative difference of the log evidence between ours and another side, over what both evaluated."""
    pairs = list(zip(sides[OURS]["evaluations"], sides.get(peer, {}).get("evaluations", []), strict=False))
    differences = [abs(a["log_evidence"] - b["log_evidence"]) / abs(b["log_evidence"]) for a, b in pairs]
    return max(differences, default=None)


def ratio(sides: dict[str, Any], peer: str = PEER) -> float | None:
    """The median over the evaluations of another side's time over ours, which took turns; None if it failed."""
    if peer not in sides or sides[peer].get("failed"):
        return None
    pairs = list(zip(sides[peer]["evaluations"], sides[OURS]["evaluations"], strict=True))[1:]
    return statistics.median(a["seconds"] / b["seconds"] for a, b in pairs)


def rows_from(name: str, sides: dict[str, Any]) -> list[list[str]]:
    """The rows of one mesh: a side each, then the ratios to ours of the sides that did not fail."""
    rows = []
    for side, result in sides.items():
        cells = [table.seconds(result.get(key)) for key in COLUMNS]
        if result["failed"]:
            cells[cells.index("-")] = result["failed"]
            seen = result["peak"] * 1e6  # zero if it failed at once
            memory = [f"> {table.megabytes(seen)}" if seen else "-", "-"]
        else:
            memory = [table.megabytes(each * 1e6) for each in (result["peak"], result["peak"] - result["import_peak"])]
        rows.append([name, side, result.get("release", "-"), *cells, *memory])
    ours = sides[OURS]
    for side, other in list(sides.items())[1:]:
        if other["failed"]:
            continue
        rows.append(
            [name, f"{side} / ours", ""]
            + [table.times(other[key] / ours[key]) for key in COLUMNS]
            + [table.times(other["peak"] / ours["peak"])]
            + [table.times((other["peak"] - other["import_peak"]) / (ours["peak"] - ours["import_peak"]))]
        )
    return rows


def verdict(times_faster: float, target: float | None, difference: float) -> str:
    """The ratio to another side beside its target, and the largest relative difference of the log evidence."""
    reached = f"{times_faster:.2f} times faster" + ("" if target is None else f" (target {target:g})")
    return f"{reached}; the log evidences differ by at most {difference:.1e} of themselves"


def lines_from(name: str, result: dict[str, Any]) -> list[str]:
    """What one mesh comes to: a line for each other side."""
    lines = [f"{name}: {ABSENT}"] if PEER not in result["sides"] else []
    for side, compared in result["compared"].items():
        why = result["sides"][side].get("why")
        if why is not None:
            lines.append(f"{name}, beside {side}: {result['sides'][side]['failed']}: {why}")
            continue
        line = f"{name}, beside {side}: {verdict(*(compared[key] for key in ('ratio', 'target', 'difference')))}"
        lines.append(line + f"; {compared['memory']:.1f} times less memory")
        if compared["memory_target"] is not None:
            lines[-1] += f" (target {compared['memory_target']:g})"
    return lines


def _compared(mesh: str, light: int, size: str, sides: dict[str, Any]) -> dict[str, Any]:
    """Every other side beside ours."""
    compared = {}
    for side in list(sides)[1:]:
        of_peer = side in (PEER, PEER_SPARSE)
        compared[side] = {"ratio": ratio(sides, side), "difference": disagreement(sides, side)}
        compared[side]["target"] = targets.target_of(side, mesh, light, size) if of_peer else None
        compared[side]["memory"] = sides[side]["peak"] / sides[OURS]["peak"]
        compared[side]["memory_target"] = targets.MEMORY[side] if of_peer and size == "hst" else None
    return compared


def run(options: Any) -> None:
    """Measure, print the table, and write the record."""
    record: dict[str, Any] = {"benchmark": "fit", "data": "files" if options.data else "simulated"}
    record |= {"size": options.size, "repeat": options.repeat, "threads": options.threads}
    record |= {"environment": table.environment(), "meshes": {}}
    rows: list[list[str]] = []
    lights = [options.light] if options.light is not None else [GAUSSIANS, 0] if options.all else [0]
    meshes = options.mesh or (MESHES if options.all else DEFAULT)
    for light, mesh in itertools.product(lights, meshes):
        name = f"{mesh}, {light} Gaussians" if light else mesh
        print(f"{name}: {options.repeat + 1} evaluations a side ...", flush=True)
        sides = measure(mesh, light, options)
        compared = _compared(mesh, light, options.size, sides)
        record["meshes"][name] = {"sides": sides, "light": light, "compared": compared}
        rows += rows_from(name, sides)
        table.write_json(options.json, record, quiet=True)  # a long run keeps what it has
    ours = record["meshes"][next(iter(record["meshes"]))]["sides"][OURS]
    shape = " x ".join(map(str, ours["psf_shape"]))
    header = ["mesh", "side", "release", "set-up", "first", "median", "best", "solver", "peak", "above import"]
    table.print_table(
        f"log evidence from the traced grid: {ours['pixels']} pixels, {shape} PSF, {SIZES[options.size]}, "
        f"over-sampling 2, NumPy, {record['data']} image, load before {record['environment']['load_before']}",
        header,
        rows,
    )
    print()
    for name, result in record["meshes"].items():
        print("\n".join(lines_from(name, result)))
    table.write_json(options.json, record)
