"""`python -m benchmarks imports`: the time of importing each package, beyond NumPy and SciPy's sparse matrices.

Each import runs in a fresh interpreter that has imported the packages it needs. The imports take turns, so that a
change of the machine's load affects all of them. The table gives wall time and processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks import table
from benchmarks.processes import ROOT

BASE = "numpy, scipy.sparse"
# The modules that an interpreter imports first, and those whose import it times.
IMPORTS = {
    f"import {BASE}": ("", BASE),
    "import autoarray, after these": (BASE, "autoarray"),
    "import serialization, after these": (BASE, "serialization"),
    "import both, after these": (BASE, "autoarray, serialization"),
}
PEER = "PyAutoArray 2026.10.26.1, after its own"
LIMIT_SECONDS = 0.150  # of processor time, for autoarray

CODE = """
import json, sys, time
{before}
modules, wall, processor = len(sys.modules), time.perf_counter(), time.process_time()
import {names}
wall, processor = time.perf_counter() - wall, time.process_time() - processor
print()
print(json.dumps({{"wall": wall, "processor": processor, "modules": len(sys.modules) - modules}}))
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("--peer", metavar="PYTHON", help="interpreter of an environment with PyAutoArray 2026.10.26.1")
    parser.add_argument(
        "--repeat", type=int, default=11, metavar="N", help="fresh interpreters for each import (default 11)"
    )
    parser.add_argument("--json", metavar="FILE", help="write every figure to FILE")


def measure(before: str, names: str, python: str | None, folder: str) -> dict[str, float]:
    """The seconds and the number of modules of one import in a fresh interpreter: `python`, or that of this process."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if python is None:
        environment["PYTHONPATH"] = str(ROOT)
    code = CODE.format(before=f"import {before}" if before else "", names=names)
    done = subprocess.run(
        [python or sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=folder
    )
    if done.returncode:
        raise SystemExit(f"{python or sys.executable}: import {names}: {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def run(options: Any) -> None:
    """Measure every import in turn, `repeat` times, and print the table."""
    environment = table.environment()
    imports = {name: (*given, None) for name, given in IMPORTS.items()}
    if options.peer is not None:
        imports[PEER] = (BASE, "autoarray", options.peer)
    results: dict[str, list[dict[str, float]]] = {name: [] for name in imports}
    with tempfile.TemporaryDirectory() as folder:
        for given in imports.values():  # compiles the modules, and reads the files into memory
            measure(*given, folder)
        for _ in range(options.repeat):
            for name, given in imports.items():
                results[name].append(measure(*given, folder))
    base = statistics.median(one["wall"] for one in next(iter(results.values())))
    rows = [[name, *_cells(measured, base)] for name, measured in results.items()]
    if options.peer is None:
        rows.append([f"{PEER} (give --peer)", "absent", *["-"] * 4])
    table.print_table(
        f"imports in fresh interpreters, {options.repeat} of each, load before {environment['load_before']}; "
        "the last column is relative to the first row",
        ["", "median", "best", "processor, best", "modules", "median"],
        rows,
    )
    best = min(one["processor"] for one in results["import autoarray, after these"])
    print(
        f"\nimport autoarray takes {table.seconds(best)} of processor time beyond {BASE}; "
        f"its limit is {table.seconds(LIMIT_SECONDS)}"
    )
    record = {"benchmark": "imports", "repeat": options.repeat, "environment": environment, "results": results}
    table.write_json(options.json, record | {"limit": LIMIT_SECONDS})


def _cells(measured: list[dict[str, float]], base: float) -> list[str]:
    wall = [one["wall"] for one in measured]
    median = statistics.median(wall)
    processor = min(one["processor"] for one in measured)
    modules = f"{measured[0]['modules']:.0f}"
    return [
        table.seconds(median),
        table.seconds(min(wall)),
        table.seconds(processor),
        modules,
        table.times(median / base),
    ]
