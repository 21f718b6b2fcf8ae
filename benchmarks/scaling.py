"""`python -m benchmarks scaling`: how the time of an evaluation grows with the data pixels and the mesh pixels."""

from __future__ import annotations

import argparse
import statistics
from typing import Any

import numpy as np

from benchmarks import table
from benchmarks.fit import add_mesh
from benchmarks.processes import workers_of

MESHES = ["uniform", "adaptive", "kernel", "delaunay", "delaunay_nn", "knn"]
MASK_RADII = [1.2, 1.7, 2.2, 2.8, 3.5]  # arcsec
MESH_PIXELS = [512, 768, 1152, 1536, 2176]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command to the shared ones."""
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="evaluations after the first (default 3)")
    add_mesh(parser, MESHES)
    parser.add_argument("--plot", metavar="PNG", help="draw the curves into this file")


def measure(options: Any, meshes: list[str], mask_radius: float, sizes: list[int]) -> tuple[int, dict[str, Any]]:
    """The data pixels of one mask, and the median seconds of both sides for every mesh and size."""
    with workers_of(options) as workers:
        for worker in workers.values():
            dataset = worker.ask("setup", data=options.data, mask_radius=mask_radius)
        seconds: dict[str, Any] = {mesh: {side: [] for side in workers} for mesh in meshes}
        for mesh in meshes:
            for size in sizes:
                for side, worker in workers.items():
                    times = [
                        worker.ask("evaluate", mesh=mesh, index=index, pixels=size)["seconds"]
                        for index in range(options.repeat + 1)
                    ]
                    seconds[mesh][side].append(statistics.median(times[1:]))
    return dataset["pixels"], seconds


def exponent(sizes: list[float], seconds: list[float]) -> float:
    """The power law of the upper half of a curve, where the constant costs hardly count."""
    first = len(sizes) // 2
    return float(np.polyfit(np.log(sizes[first:]), np.log(seconds[first:]), 1)[0])


def run(options: Any) -> None:
    """Measure both curves of every mesh, print their exponents, and draw them."""
    meshes = options.mesh or MESHES
    record: dict[str, Any] = {"benchmark": "scaling", "repeat": options.repeat, "environment": table.environment()}
    record |= {"data": "files" if options.data else "simulated", "curves": {}}
    curves = record["curves"]
    for radius in MASK_RADII:
        print(f"mask of {radius} arcsec ...", flush=True)
        sizes = MESH_PIXELS if radius == MASK_RADII[-1] else [1536]
        pixels, seconds = measure(options, meshes, radius, sizes)
        for mesh, sides in seconds.items():
            for side, times in sides.items():
                curve = curves.setdefault(mesh, {}).setdefault(side, {"data": [[], []], "mesh": [[], []]})
                curve["data"][0].append(pixels)
                curve["data"][1].append(times[sizes.index(1536)])
                if len(sizes) > 1:
                    curve["mesh"] = [list(sizes), times]
    rows = []
    for mesh, sides in curves.items():
        for side, curve in sides.items():
            curve["exponents"] = {axis: exponent(*curve[axis]) for axis in ("data", "mesh")}
            rows.append([mesh, side, *(f"{curve['exponents'][axis]:.2f}" for axis in ("data", "mesh"))])
            rows[-1] += [table.seconds(curve["data"][1][0]), table.seconds(curve["data"][1][-1])]
            rows[-1] += [table.seconds(curve["mesh"][1][0]), table.seconds(curve["mesh"][1][-1])]
    few, many = curves[meshes[0]]["ours"]["data"][0][0], curves[meshes[0]]["ours"]["data"][0][-1]
    header = ["mesh", "side", "power of data", "power of mesh", f"{few} data", f"{many} data"]
    header += [f"{MESH_PIXELS[0]} mesh", f"{MESH_PIXELS[-1]} mesh"]
    table.print_table("seconds ~ size^power, over the upper half of each curve", header, rows)
    if options.plot:
        draw(options.plot, curves)
    table.write_json(options.json, record)


def draw(path: str, curves: dict[str, Any]) -> None:
    """Both curves of every mesh, ours solid and the peer's dashed, as a figure of 11 x 4.5 inches."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(1, 2, figsize=(11, 4.5), constrained_layout=True)
    titles = {"data": "data pixels (1,536 mesh pixels)", "mesh": "mesh pixels (all data pixels)"}
    for panel, (axis, label) in zip(panels, titles.items(), strict=True):
        for i, (mesh, sides) in enumerate(curves.items()):
            for side, curve in sides.items():
                sizes, seconds = curve[axis]
                name = f"{mesh} ~ n^{curve['exponents'][axis]:.1f}" if side == "ours" else None
                panel.plot(sizes, seconds, "o-" if side == "ours" else "x--", color=f"C{i}", ms=4, lw=1.2, label=name)
        panel.set(xscale="log", yscale="log", xlabel=label, ylabel="seconds for one log evidence")
        panel.grid(which="both", alpha=0.25)
        panel.legend(fontsize=8)
    if any("peer" in sides for sides in curves.values()):
        figure.suptitle("solid: this library; dashed: PyAutoArray 2026.10.26.1 (NumPy, same run)", fontsize=10)
    figure.savefig(path, dpi=110)
    print(f"\ndrawn: {path}")
