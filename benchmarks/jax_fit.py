"""`python -m benchmarks jax`: the log evidence compiled by JAX, its gradient and batches of it, against the peer."""

from __future__ import annotations

import argparse
import statistics
from typing import Any

from benchmarks import table
from benchmarks.fit import ABSENT, add_mesh, gaussians, verdict
from benchmarks.processes import WorkerError, WorkerProcess, workers_of

# The target of a compiled evaluation, without and with the light of a lens: the peer's time over ours.
TARGET, TARGET_WITH_LIGHT = 3.0, 8.0
DEFAULT = ["uniform", "adaptive", "delaunay"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command to the shared ones."""
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="calls after the first (default 5)")
    add_mesh(parser, DEFAULT)
    parser.add_argument("--gradient", action="store_true", help="add the value with its gradient by the traced grid")
    parser.add_argument("--batch", type=int, default=0, metavar="N", help="add N models at once (jax.vmap)")
    parser.add_argument(
        "--light",
        type=gaussians,
        default=0,
        metavar="N",
        help="N linear Gaussians for the light of the lens beside the source, a multiple of 3 (default 0)",
    )
    parser.add_argument("--pixels", type=int, default=1536, metavar="N", help="mesh pixels (default 1,536)")
    parser.add_argument("--radius", type=float, metavar="ARCSEC", help="radius of the mask (default 3.5)")


def measure(mesh: str, options: Any) -> dict[str, Any]:
    """All sides on one mesh: calls in turn, each side in a fresh process."""
    asked = ["value"] + ["gradient"] * options.gradient + ["batch"] * (options.batch > 0)
    with workers_of(options) as workers:
        sides: dict[str, Any] = {
            name: worker.ask("setup", data=options.data, mask_radius=options.radius, light=options.light)
            for name, worker in workers.items()
        }
        for what in asked:
            for side in sides.values():
                side[what] = {"calls": [], "failed": None}
            for index in range(options.repeat + 1):
                for name, worker in workers.items():
                    _call(worker, sides[name][what], mesh, what, index, options)
        for name, worker in workers.items():
            sides[name] |= worker.ask("memory")
    models = {"value": 1, "gradient": 1, "batch": options.batch}
    for side in sides.values():
        for what in asked:
            _summarise(side[what], models[what])
    return sides


def _call(worker: WorkerProcess, result: dict[str, Any], mesh: str, what: str, index: int, options: Any) -> None:
    """One call; if the peer fails, or runs out of memory, the error is kept and later calls are left out."""
    if result["failed"]:
        return
    size = {"size": options.batch, "pixels": options.pixels, "light": options.light}
    try:
        result["calls"].append(worker.ask("jitted", mesh=mesh, what=what, index=index, **size))
    except WorkerError as error:
        if worker.name == "ours":
            raise
        result["failed"] = str(error).splitlines()[0]


def _summarise(result: dict[str, Any], models: int) -> None:
    if result["failed"]:
        return
    first, *later = (call["seconds"] for call in result["calls"])
    result |= {"first": first, "median": statistics.median(later) / models, "best": min(later) / models}


def disagreement(sides: dict[str, Any]) -> float | None:
    """The largest relative difference of the log evidence between the two sides."""
    if "peer" not in sides or sides["peer"]["value"]["failed"]:
        return None
    pairs = zip(sides["ours"]["value"]["calls"], sides["peer"]["value"]["calls"], strict=True)
    values = [(a["log_evidence"][0], b["log_evidence"][0]) for a, b in pairs]
    return max(abs(a - b) / abs(b) for a, b in values)


def ratio(sides: dict[str, Any], what: str, key: str) -> float | None:
    """The peer's seconds over ours; None if the peer is absent or failed."""
    if "peer" not in sides or what not in sides["ours"] or sides["peer"][what]["failed"]:
        return None
    return sides["peer"][what][key] / sides["ours"][what][key]


def rows_from(name: str, sides: dict[str, Any], asked: list[str]) -> list[list[str]]:
    """The rows of one mesh: a side each, then the ratios."""
    columns = [("value", "first"), ("value", "median"), ("value", "best")]
    columns += [(what, key) for what in asked for key in ("first", "median")]
    rows = [
        [name, side, result["release"]]
        + ["failed" if result[what]["failed"] else table.seconds(result[what][key]) for what, key in columns]
        + [table.megabytes(result["peak"] * 1e6)]
        for side, result in sides.items()
    ]
    if "peer" in sides:
        peaks = sides["peer"]["peak"] / sides["ours"]["peak"]
        rows.append([name, "peer / ours", ""] + [table.times(ratio(sides, *c)) for c in columns] + [table.times(peaks)])
    return rows


def run(options: Any) -> None:
    """Measure, print the table, and write the record."""
    record: dict[str, Any] = {"benchmark": "jax", "data": "files" if options.data else "simulated"}
    record |= {"repeat": options.repeat, "threads": options.threads, "batch": options.batch}
    target = TARGET_WITH_LIGHT if options.light else TARGET
    record |= {"light": options.light}
    record |= {"environment": table.environment(), "meshes": {}}
    asked = ["gradient"] * options.gradient + ["batch"] * (options.batch > 0)
    rows: list[list[str]] = []
    for name in options.mesh or DEFAULT:
        print(f"{name}: {options.repeat + 1} calls a side ...", flush=True)
        sides = measure(name, options)
        record["meshes"][name] = {"sides": sides, "log_evidence_difference": disagreement(sides), "target": target}
        record["meshes"][name] |= {"ratio": ratio(sides, "value", "median")}
        rows += rows_from(name, sides, asked)
    ours = record["meshes"][next(iter(record["meshes"]))]["sides"]["ours"]
    shape = " x ".join(map(str, ours["psf_shape"]))
    header = ["mesh", "side", "release", "first", "median", "best"]
    header += ["gradient: first", "median"] * options.gradient
    header += [f"batch of {options.batch}: first", "per model"] * (options.batch > 0)
    table.print_table(
        f"jitted log evidence from the traced grid: {ours['pixels']} pixels, {shape} PSF, {options.pixels:,} mesh "
        f"pixels, {options.light} Gaussians, over-sampling 2, float64 on {ours['value']['calls'][0]['device']}, "
        f"{record['data']} image, load before {record['environment']['load_before']}",
        [*header, "peak"],
        rows,
    )
    print()
    for name, result in record["meshes"].items():
        difference = result["log_evidence_difference"]
        if "peer" not in result["sides"]:
            print(f"{name}: {ABSENT}")
        elif difference is None:
            print(f"{name}: the peer failed: {result['sides']['peer']['value']['failed']}")
        else:
            print(f"{name}: {verdict(result['ratio'], target, difference)}")
    table.write_json(options.json, record)
