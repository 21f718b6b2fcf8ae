"""`python -m benchmarks jax`: the log evidence compiled by JAX, its gradient and batches of it, against the peer."""

from __future__ import annotations

import argparse
import statistics
from typing import Any

from benchmarks import table, targets
from benchmarks.fit import ABSENT, add_light, add_mesh, verdict
from benchmarks.processes import OURS, PEER, attempt, is_sparse, workers_of

DEFAULT = ["uniform", "adaptive", "delaunay"]
# The call on a dataset for the sparse operator that the peer's compiled inversions take.
OPERATOR = "apply_sparse_operator"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command to the shared ones."""
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="calls after the first (default 5)")
    add_mesh(parser, DEFAULT)
    add_light(parser, "0")
    parser.add_argument("--gradient", action="store_true", help="add the value with its gradient by the traced grid")
    parser.add_argument("--batch", type=int, default=0, metavar="N", help="add N models at once (jax.vmap)")
    parser.add_argument("--pixels", type=int, default=1536, metavar="N", help="mesh pixels (default 1,536)")
    parser.add_argument("--radius", type=float, metavar="ARCSEC", help="radius of the mask (default 3.5)")


def measure(mesh: str, options: Any) -> dict[str, Any]:
    """All sides on one mesh: calls in turn, each side in a fresh process.

    If the peer can't do one of them, the error is kept and its later calls are left out.
    """
    asked = ["value"] + ["gradient"] * options.gradient + ["batch"] * (options.batch > 0)
    light = options.light or 0
    with workers_of(options) as workers:
        sides: dict[str, Any] = {}
        for name, worker in workers.items():
            failure: dict[str, Any] = {}
            request = {"data": options.data, "mask_radius": options.radius, "light": light}
            answer = attempt(worker, failure, "setup", **request, sparse=OPERATOR if is_sparse(name) else None)
            sides[name] = (answer or {}) | {what: {"calls": [], "failed": None} | failure for what in asked}
        model = {"mesh": mesh, "size": options.batch, "pixels": options.pixels, "light": light}
        for what in asked:
            for index in range(options.repeat + 1):
                for name, worker in workers.items():
                    result = sides[name][what]
                    answer = attempt(worker, result, "jitted", what=what, index=index, **model)
                    if answer is not None:
                        result["calls"].append(answer)
        for name, worker in workers.items():
            failure = {}
            sides[name] |= attempt(worker, failure, "memory") or {"peak": worker.peak}
    models = {"value": 1, "gradient": 1, "batch": options.batch}
    for side in sides.values():
        for what in asked:
            _summarise(side[what], models[what])
    return sides


def _summarise(result: dict[str, Any], models: int) -> None:
    if result["failed"]:
        return
    first, *later = (call["seconds"] for call in result["calls"])
    result |= {"first": first, "median": statistics.median(later) / models, "best": min(later) / models}


def disagreement(sides: dict[str, Any], peer: str = PEER) -> float | None:
    """The largest relative difference of the log evidence between ours and a side of the peer."""
    if peer not in sides or sides[peer]["value"]["failed"]:
        return None
    pairs = zip(sides[OURS]["value"]["calls"], sides[peer]["value"]["calls"], strict=True)
    values = [(a["log_evidence"][0], b["log_evidence"][0]) for a, b in pairs]
    return max(abs(a - b) / abs(b) for a, b in values)


def ratio(sides: dict[str, Any], what: str, key: str, peer: str = PEER) -> float | None:
    """The peer's seconds over ours; None if the peer is absent or failed."""
    if peer not in sides or what not in sides[OURS] or sides[peer][what]["failed"]:
        return None
    return sides[peer][what][key] / sides[OURS][what][key]


def rows_from(name: str, sides: dict[str, Any], asked: list[str]) -> list[list[str]]:
    """The rows of one mesh: a side each, then the ratios."""
    columns = [("value", "first"), ("value", "median"), ("value", "best")]
    columns += [(what, key) for what in asked for key in ("first", "median")]
    rows = [
        [name, side, result.get("release", "-")]
        + [result[what]["failed"] or table.seconds(result[what][key]) for what, key in columns]
        + [table.megabytes(result["peak"] * 1e6)]
        for side, result in sides.items()
    ]
    for side in list(sides)[1:]:
        peaks = sides[side]["peak"] / sides[OURS]["peak"]
        cells = [table.times(ratio(sides, *column, side)) for column in columns]
        rows.append([name, f"{side} / ours", "", *cells, table.times(peaks)])
    return rows


def lines_from(name: str, result: dict[str, Any], light: int) -> list[str]:
    """What one mesh comes to: our gradient, and a line for each side of the peer."""
    sides, lines = result["sides"], []
    if "gradient" in sides[OURS]:
        values = sides[OURS]["gradient"]["median"] / sides[OURS]["value"]["median"]
        lines.append(f"{name}: value and gradient take {values:.2f} values (target at most {targets.GRADIENT:g})")
    if PEER not in sides:
        return [*lines, f"{name}: {ABSENT}"]
    target = targets.JITTED["light" if light else "none"]
    for side, compared in result["compared"].items():
        failures = [f"{what}: {found['why']}" for what, found in sides[side].items() if _failed(found)]
        if compared["difference"] is not None:
            text = verdict(compared["ratio"], target if side == PEER else None, compared["difference"])
            failures.insert(0, text)
        lines += [f"{name}, beside {side}: {text}" for text in failures]
    return lines


def _failed(found: Any) -> bool:
    return isinstance(found, dict) and bool(found.get("failed"))


def run(options: Any) -> None:
    """Measure, print the table, and write the record."""
    light = options.light or 0
    record: dict[str, Any] = {"benchmark": "jax", "data": "files" if options.data else "simulated"}
    record |= {"repeat": options.repeat, "threads": options.threads, "batch": options.batch, "light": light}
    record |= {"environment": table.environment(), "meshes": {}}
    asked = ["gradient"] * options.gradient + ["batch"] * (options.batch > 0)
    rows: list[list[str]] = []
    for name in options.mesh or DEFAULT:
        print(f"{name}: {options.repeat + 1} calls a side ...", flush=True)
        sides = measure(name, options)
        compared = {
            side: {"ratio": ratio(sides, "value", "median", side), "difference": disagreement(sides, side)}
            for side in list(sides)[1:]
        }
        record["meshes"][name] = {"sides": sides, "compared": compared}
        rows += rows_from(name, sides, asked)
    ours = record["meshes"][next(iter(record["meshes"]))]["sides"][OURS]
    shape = " x ".join(map(str, ours["psf_shape"]))
    header = ["mesh", "side", "release", "first", "median", "best"]
    header += ["gradient: first", "median"] * options.gradient
    header += [f"batch of {options.batch}: first", "per model"] * (options.batch > 0)
    table.print_table(
        f"jitted log evidence from the traced grid: {ours['pixels']} pixels, {shape} PSF, {options.pixels:,} mesh "
        f"pixels, {light} Gaussians, over-sampling 2, float64 on {ours['value']['calls'][0]['device']}, "
        f"{record['data']} image, load before {record['environment']['load_before']}",
        [*header, "peak"],
        rows,
    )
    print()
    for name, result in record["meshes"].items():
        print("\n".join(lines_from(name, result, light)))
    table.write_json(options.json, record)
