"""`python -m benchmarks scaling`: how the time of an evaluation grows with the data pixels and the mesh pixels."""

from __future__ import annotations

import argparse
import random
import statistics
import time
from dataclasses import asdict
from typing import Any

from benchmarks import table
from benchmarks.fit import OPERATOR, add_light, add_mesh
from benchmarks.power_law import power_law_of
from benchmarks.processes import OURS, WorkerProcess, attempt, is_sparse, workers_of
from benchmarks.scaling_figure import draw

MESHES = ["uniform", "adaptive", "kernel", "delaunay", "delaunay_nn", "knn"]
MASK_RADII = [1.2, 1.7, 2.2, 2.8, 3.5]  # arcsec
MESH_PIXELS = [512, 768, 1152, 1536, 2176]
# The mesh pixels of the curve over the data pixels.
FIXED = 1536
# A point is measured this often at least, and `--repeat` times unless it has taken the seconds of `--budget` by then.
FEWEST = 3

Point = tuple[float, int]
"""The radius of the mask in arc-seconds, and the mesh pixels."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command to the shared ones."""
    parser.add_argument("--repeat", type=int, default=9, metavar="N", help="evaluations after the first (default 9)")
    text = f"seconds for a point of a side, after which it is measured no more than {FEWEST} times (default 20)"
    parser.add_argument("--budget", type=float, default=20.0, metavar="S", help=text)
    add_mesh(parser, MESHES)
    add_light(parser, "0")
    text = f"radii of the mask, ascending (default: {' '.join(map(str, MASK_RADII))})"
    parser.add_argument("--radii", type=float, nargs="+", default=MASK_RADII, metavar="ARCSEC", help=text)
    text = f"mesh pixels, ascending (default: {' '.join(map(str, MESH_PIXELS))})"
    parser.add_argument("--pixels", type=int, nargs="+", default=MESH_PIXELS, metavar="N", help=text)
    parser.add_argument("--plot", metavar="PNG", help="draw the curves into this file")


def points_of(radii: list[float], pixels: list[int]) -> dict[str, list[Point]]:
    """The points of both curves: all masks with one mesh, and all meshes in the largest mask."""
    fixed = FIXED if FIXED in pixels else pixels[-1]
    return {"data": [(radius, fixed) for radius in radii], "mesh": [(radii[-1], number) for number in pixels]}


def measure(options: Any, meshes: list[str], points: list[Point]) -> tuple[dict[float, int], dict[str, Any]]:
    """The data pixels of each mask, and the seconds of every mesh, side and point.

    Rounds go over all meshes, points and sides. Each round has an order of its own, so that a change of the machine's
    load meets all of them and no point is always measured after the same other one. The first round is not counted.
    """
    light = options.light or 0
    with workers_of(options) as workers:
        failures: dict[str, dict[str, Any]] = {side: {} for side in workers}
        data_pixels: dict[float, int] = {}
        for radius in dict.fromkeys(radius for radius, _ in points):
            for side, worker in workers.items():
                request = {"data": options.data, "mask_radius": radius, "light": light}
                answer = attempt(
                    worker, failures[side], "setup", **request, sparse=OPERATOR if is_sparse(side) else None
                )
                if answer is not None:
                    data_pixels[radius] = answer["pixels"]
        results: dict[str, Any] = {
            mesh: {
                side: {point: dict(failure) | {"seconds": []} for point in points} for side, failure in failures.items()
            }
            for mesh in meshes
        }
        turns = [(mesh, point, side) for mesh in meshes for point in points for side in workers]
        order = random.Random(20261026)
        start = time.monotonic()
        for index in range(options.repeat + 1):
            order.shuffle(turns)
            for mesh, point, side in turns:
                _measure_once(workers[side], results[mesh][side][point], mesh, point, index, light, options.budget)
            elapsed = time.monotonic() - start
            print(f"round {index} of {options.repeat}: {elapsed:.0f} s", flush=True)
    return data_pixels, results


def _measure_once(
    worker: WorkerProcess, result: dict[str, Any], mesh: str, point: Point, index: int, light: int, budget: float
) -> None:
    seconds = result["seconds"]
    if len(seconds) >= FEWEST and sum(seconds) > budget:
        return
    radius, pixels = point
    answer = attempt(worker, result, "evaluate", mesh=mesh, index=index, pixels=pixels, light=light, radius=radius)
    if answer is not None and index > 0:
        seconds.append(answer["seconds"])


def curve_from(sizes: list[int], results: list[dict[str, Any]]) -> dict[str, Any]:
    """The points of a curve that have been measured, with the power law that they resolve."""
    measured = [(size, each["seconds"]) for size, each in zip(sizes, results, strict=True) if each["seconds"]]
    curve: dict[str, Any] = {"sizes": [size for size, _ in measured]}
    curve["best"] = [min(seconds) for _, seconds in measured]
    curve["median"] = [statistics.median(seconds) for _, seconds in measured]
    curve["seconds"] = [seconds for _, seconds in measured]
    law = power_law_of(curve["sizes"], curve["best"], curve["median"])
    curve["power_law"] = None if law is None else asdict(law) | {"is_resolved": law.is_resolved, "text": str(law)}
    curve["failures"] = [each["why"] for each in results if each.get("failed")]
    return curve


def run(options: Any) -> None:
    """Measure both curves of every mesh, print their exponents, and draw them."""
    meshes = options.mesh or MESHES
    light = options.light or 0
    record: dict[str, Any] = {"benchmark": "scaling", "repeat": options.repeat, "environment": table.environment()}
    record |= {"data": "files" if options.data else "simulated", "light": light}
    of_axis = points_of(options.radii, options.pixels)
    points = list(dict.fromkeys(of_axis["data"] + of_axis["mesh"]))
    data_pixels, results = measure(options, meshes, points)
    sizes = {"data": [data_pixels[radius] for radius, _ in of_axis["data"]], "mesh": options.pixels}
    record["fixed"] = {"data": of_axis["data"][0][1], "mesh": sizes["data"][-1]}
    curves = record["curves"] = {
        mesh: {
            side: {axis: curve_from(sizes[axis], [found[point] for point in of_axis[axis]]) for axis in sizes}
            for side, found in sides.items()
        }
        for mesh, sides in results.items()
    }
    few, many = sizes["data"][0], sizes["data"][-1]
    header = ["mesh", "side", "power of data", "power of mesh", f"{few} data", f"{many} data"]
    header += [f"{options.pixels[0]} mesh", f"{options.pixels[-1]} mesh"]
    table.print_table(
        f"best of {options.repeat} evaluations, {light} Gaussians; seconds ~ size^power over the upper half of each "
        f"curve, where it is resolved; load before {record['environment']['load_before']}",
        header,
        [_row(mesh, side, curve) for mesh, sides in curves.items() for side, curve in sides.items()],
    )
    for mesh, sides in curves.items():
        for side, curve in sides.items():
            if side != OURS:
                for why in dict.fromkeys(curve["data"]["failures"] + curve["mesh"]["failures"]):
                    print(f"{mesh}: {why}")
    if options.plot:
        draw(options.plot, record)
    table.write_json(options.json, record)


def _row(mesh: str, side: str, curve: dict[str, Any]) -> list[str]:
    laws = [curve[axis]["power_law"] for axis in ("data", "mesh")]
    cells = [mesh, side, *("-" if law is None else law["text"] for law in laws)]
    for axis in ("data", "mesh"):
        best = curve[axis]["best"]
        cells += [table.seconds(best[end]) if best else "-" for end in (0, -1)]
    return cells
