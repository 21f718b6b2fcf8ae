"""`python -m benchmarks interferometer`: the evidence of visibilities by their number, beside routes of the peer."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.table import environment, megabytes, print_table, seconds, times, write_json

WORKER = Path(__file__).resolve().parent / "interferometer_worker.py"
ROOT = WORKER.parent.parent
OURS = ("default", "stream", "jax", "jax gradient", "transforms")
PEER = ("default", "numba", "fft")
# Above this many visibilities the peer's default route takes more than 10 GB.
PEER_DEFAULT_LIMIT = 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--visibilities", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], metavar="N")
    parser.add_argument("--meshes", nargs="+", default=["rectangular", "delaunay"], choices=["rectangular", "delaunay"])
    parser.add_argument(
        "--ours", nargs="+", default=list(OURS), choices=OURS, help="routes of this library; transforms: finufft alone"
    )
    parser.add_argument("--routes", nargs="+", default=list(PEER), choices=PEER, help="routes of the peer")
    parser.add_argument("--evaluations", type=int, default=3, metavar="N", help="of which the fastest counts")


def measured(python: str, request: dict[str, Any], is_ours: bool, threads: int | None) -> dict[str, Any]:
    """What one process measures; an "error" in place of figures if it fails."""
    variables = dict(os.environ)
    variables.pop("PYTHONPATH", None)
    if is_ours:
        variables["PYTHONPATH"] = str(ROOT)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        if threads:
            variables[name] = str(threads)
    command = [python, str(WORKER), json.dumps(request)]
    try:
        with tempfile.TemporaryDirectory() as folder:  # the peer writes its caches where it is started
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=variables, cwd=folder)
    except OSError as error:
        return {"error": f"{python}: {error}"}
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]}
    return json.loads(done.stdout.strip().splitlines()[-1])


def run(options: argparse.Namespace) -> None:
    """Measure every side in turn, and print a table for each mesh."""
    record: dict[str, Any] = {"environment": environment(), "results": []}
    for mesh in options.meshes:
        rows = []
        for count in options.visibilities:
            base: dict[str, Any] | None = None
            sides = [(sys.executable, route, True) for route in options.ours]
            sides += [(options.peer, route, False) for route in options.routes if options.peer]
            for python, route, is_ours in sides:
                if not is_ours and route == "default" and count > PEER_DEFAULT_LIMIT:
                    continue
                request = {
                    "visibilities": count,
                    "route": "jax" if route.startswith("jax") else route,
                    "gradient": route == "jax gradient",
                    "mesh": mesh,
                    "evaluations": options.evaluations,
                }
                found = measured(python, request, is_ours, options.threads)
                base = found if base is None else base
                side = "finufft" if route == "transforms" else "ours" if is_ours else "peer"
                record["results"].append({"side": side, **request, **found})
                write_json(options.json, record, quiet=True)
                rows.append(_row(count, f"{side}, {route}", found, base))
        header = ("visibilities", "side", "set-up", "evaluation", "over ours", "memory", "evidence")
        print_table(f"Log evidence on a {mesh} mesh, CPU time", header, rows)
    write_json(options.json, record)


def _row(count: int, side: str, found: dict[str, Any], base: dict[str, Any]) -> list[str]:
    if "error" in found:
        return [f"{count:,}", side, "-", found["error"][:40], "-", "-", "-"]
    if "seconds" not in found:
        return [f"{count:,}", side, seconds(found["set_up"]), "-", "-", "-", "-"]
    ratio = found["seconds"] / base["seconds"] if "seconds" in base else None
    return [
        f"{count:,}",
        side,
        seconds(found["set_up"]),
        seconds(found["seconds"]),
        times(ratio),
        megabytes(found["peak"]),
        f"{found['evidence']:.6f}",
    ]
