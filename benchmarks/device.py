"""`benchmarks/device.sh`: checks and times of the evaluation on an accelerator; NumPy is the reference of every mesh.

Each mesh runs in a process of its own, so that a failure, or a long run, does not affect the others. The JSON file
holds every result at once. A case does not begin if too little time is left.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import device_table, table
from benchmarks.device_process import DeviceProcess, DeviceProcessError

# The largest relative difference of the log evidence between NumPy and the device.
TOLERANCE = 1e-8
MESHES = (
    "uniform",
    "adaptive",
    "delaunay",
    "adaptive_image",
    "kernel",
    "kernel_image",
    "delaunay_nn",
    "knn",
    "knn_barycentric",
)
WHAT = ("value", "batch", "gradient")
# The seconds that a case needs at least.
SHORTEST = 30.0


class Case(NamedTuple):
    """A mesh, with the sixty Gaussians or without, and with the sparse operator of the dataset or without."""

    mesh: str
    gaussians: bool
    operator: bool = False

    @property
    def name(self) -> str:
        return f"{self.mesh}, {60 * self.gaussians} Gaussians" + ", sparse operator" * self.operator


# In the order of importance: PyAutoArray's developers published times of the first two.
CASES = (
    Case("uniform", True),
    Case("delaunay", True),
    Case("adaptive", True),
    Case("uniform", False),
    Case("delaunay", False),
    Case("adaptive", False),
    Case("uniform", True, operator=True),
    Case("delaunay", True, operator=True),
)


class Run:
    """The record of one run, its deadline and its processes."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options, self.folder = options, Path(options.out)
        self.end = time.monotonic() + options.limit
        self.log = (self.folder / "device.log").open("w")
        self.record: dict[str, Any] = {"benchmark": "device", "environment": table.environment()}
        self.record |= {"options": {key: value for key, value in vars(options).items() if key != "out"}}
        self.record |= {"tolerance": TOLERANCE, "driver": driver(), "check": {}, "cases": {}}

    def left(self) -> float:
        """Seconds until the limit."""
        return self.end - time.monotonic()

    def save(self) -> None:
        """Replace the JSON file by the present record."""
        partial = self.folder / "device.json.partial"
        partial.write_text(json.dumps(self.record, indent=1) + "\n")
        partial.replace(self.folder / "device.json")

    def process(self, do: str, case: Case | None = None, **request: Any) -> DeviceProcess:
        """A new process, which begins to prepare its request."""
        if case is not None:
            rectangular = not case.mesh.startswith(("delaunay", "knn"))
            pixels = self.options.pixels if rectangular else self.options.vertices
            request["case"] = case._asdict() | {"pixels": pixels, "radius": self.options.radius}
        return DeviceProcess({"do": do} | request, self.log)

    def describe(self) -> None:
        """Record the device."""
        with self.process("describe") as process:
            self.record["device"] = process.answer(min(self.left(), 120.0))
        self.save()

    def check(self) -> None:
        """Compare the device with NumPy on every mesh, several meshes at once and without timing."""
        waiting = list(self.options.mesh or MESHES)
        at_once = 1 if self.on_cpu else max(1, min(6, (os.cpu_count() or 1) // 3))
        end = time.monotonic() + min(self.options.check_limit, self.left())
        running: dict[str, DeviceProcess] = {}
        try:
            while waiting or running:
                while waiting and len(running) < at_once:
                    mesh = waiting.pop(0)
                    running[mesh] = self.process("check", Case(mesh, False))
                    running[mesh].go()
                mesh = next(iter(running))
                with running.pop(mesh) as process:
                    self.record["check"][mesh] = _answers(process, min(end, time.monotonic() + 120.0))
                self.save()
                print(device_table.check_line(mesh, self.record["check"][mesh], TOLERANCE), flush=True)
        finally:
            for process in running.values():
                process.close()

    def measure(self) -> None:
        """Time every case, in order; the processes of the next cases prepare meanwhile."""
        cases = [case for case in CASES if not self.options.mesh or case.mesh in self.options.mesh]
        cases = cases[: self.options.cases]
        ahead = 0 if self.on_cpu else 2
        prepared: dict[Case, DeviceProcess] = {}
        try:
            for number, case in enumerate(cases):
                if self.left() < SHORTEST:
                    self.record["cases"][case.name] = {"error": f"not begun: {self.left():.0f} s were left"}
                    continue
                for begun in cases[number : number + 1 + ahead]:
                    if begun not in prepared:
                        prepared[begun] = self.process(
                            "measure", begun, batch=self.options.batch, seconds=self.options.seconds
                        )
                self._measure(case, prepared.pop(case))
        finally:
            for process in prepared.values():
                process.close()
        self.save()

    def _measure(self, case: Case, process: DeviceProcess) -> None:
        result: dict[str, Any] = case._asdict() | {"done": False}
        self.record["cases"][case.name] = result
        end = time.monotonic() + min(self.options.case_limit, self.left() - 5.0)
        start = time.monotonic()
        with process:
            try:
                result |= process.answer(end - time.monotonic())
                process.go()
                while not result.get("done"):
                    answer = process.answer(end - time.monotonic())
                    what = answer.pop("what")
                    result[what] = answer
                    result["done"] = what == WHAT[-1] and not {"median", "error"}.isdisjoint(answer)
                    self.save()
                    print(device_table.progress_line(case.name, what, answer), flush=True)
            except DeviceProcessError as error:
                result["error"] = str(error)
                print(f"{case.name}: {error}", flush=True)
        result["wall"] = time.monotonic() - start
        self.save()

    @property
    def on_cpu(self) -> bool:
        return self.record["device"]["platform"] == "cpu"


def _answers(process: DeviceProcess, end: float) -> dict[str, Any]:
    """The results of a check, or its error."""
    try:
        process.answer(end - time.monotonic())
        return process.answer(end - time.monotonic())
    except DeviceProcessError as error:
        return {"error": str(error)}


def driver() -> str | None:
    """The devices and the version of the driver, in its own words; None without NVIDIA's tool."""
    if shutil.which("nvidia-smi") is None:
        return None
    query = "--query-gpu=name,driver_version,memory.total,power.limit,clocks.max.sm"
    done = subprocess.run(["nvidia-smi", query, "--format=csv,noheader"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr.strip()


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="benchmarks/device.sh", description=__doc__)
    top.add_argument("out", metavar="OUT", help="folder for device.json, device.txt and device.log")
    top.add_argument("--limit", type=float, default=480.0, help="seconds for all of it (default 480)")
    top.add_argument("--check-limit", type=float, default=180.0, help="seconds for the checks (default 180)")
    top.add_argument("--case-limit", type=float, default=110.0, help="seconds for one case (default 110)")
    top.add_argument("--seconds", type=float, default=4.0, help="for the calls of one program (default 4)")
    top.add_argument("--mesh", action="append", choices=MESHES, help="only this mesh")
    top.add_argument("--cases", type=int, metavar="N", help="time only the first N cases, the most important ones")
    top.add_argument("--batch", type=int, default=16, help="models of a batch (default 16)")
    top.add_argument("--radius", type=float, default=3.5, help="of the mask, in arcsec (default 3.5)")
    top.add_argument("--pixels", type=int, default=1521, help="of rectangular meshes (default 1,521)")
    top.add_argument("--vertices", type=int, default=1230, help="of the other meshes, 30 at the edge (default 1,230)")
    top.add_argument("--small", action="store_true", help="a problem that takes seconds, to try the script itself")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the table is written then too
    options = parser().parse_args(arguments)
    if options.small:
        options.radius, options.pixels, options.vertices, options.batch, options.seconds = 0.8, 64, 66, 2, 0.1
    run = Run(options)
    try:
        run.describe()
        print(device_table.title(run.record), flush=True)
        run.check()
        run.measure()
    finally:
        run.save()
        text = device_table.text_from(run.record)
        (run.folder / "device.txt").write_text(text)
        print(text)
        run.log.close()
    return 0 if device_table.agrees(run.record) else 1


if __name__ == "__main__":
    raise SystemExit(main())
