"""`python -m tests.fuzz`: see the package."""

from __future__ import annotations

import argparse
import collections
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_STILL = 120.0  # seconds after which a case that does not end is stopped
_IN_SAMPLE = 5000  # cases that a fresh process tries again


class Worker:
    """A process that tries cases, and the number of the case that it is at."""

    def __init__(self, task: dict[str, Any], folder: Path, hash_seed: str) -> None:
        self._progress = folder / str(task.get("first", "again"))
        self._progress.write_bytes(b"\xff" * 8)
        paths = [str(ROOT), str(ROOT / "tests" / "support"), os.environ.get("PYTHONPATH", "")]
        self._output = folder / f"{self._progress.name}.json"
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.fuzz.worker"],
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONHASHSEED": hash_seed},
                stdin=subprocess.PIPE,
                stdout=output,
                text=True,
            )
        assert self._process.stdin is not None
        json.dump(task | {"progress": str(self._progress)}, self._process.stdin)
        self._process.stdin.close()

    def number(self) -> int | None:
        """The number of the case that is tried."""
        number = int.from_bytes(self._progress.read_bytes(), "big")
        return None if number == 2**64 - 1 else number

    def result(self) -> dict[str, Any]:
        """What became of the cases, when all are done."""
        last, since = self.number(), time.monotonic()
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(1.0)
                break
            if (number := self.number()) != last or number is None:
                last, since = number, time.monotonic()
            elif time.monotonic() - since > _STILL:
                self._process.kill()
                self._process.wait()
                return _failure(last, f"no end within {_STILL:.0f} s")
        code = self._process.returncode
        if code:
            return _failure(self.number(), signal.Signals(-code).name if code < 0 else f"exit code {code}")
        return json.loads(self._output.read_text())


def _failure(number: int | None, what: str) -> dict[str, Any]:
    error = {"number": number, "error": f"the process ended: {what}", "traceback": ""}
    return {"done": 0, "counts": {}, "failures": [error], "sample": {}}


def run(count: int, seed: int, *, first: int, processes: int, minutes: float | None, jax: bool) -> dict[str, Any]:
    """Try the cases in several processes, and some of them again in a fresh one."""
    until = time.time() + 60 * minutes if minutes else None
    shared = {"seed": seed, "until": until, "jax": jax, "step": processes, "sample": max(1, count // _IN_SAMPLE)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start = time.monotonic()
        tasks = [shared | {"first": first + index, "count": count - index} for index in range(processes)]
        workers = [Worker(task, folder, str(index)) for index, task in enumerate(tasks)]
        results = [worker.result() for worker in workers]
        seconds = time.monotonic() - start
        sample = {int(number): outcome for one in results for number, outcome in one["sample"].items()}
        numbers = list(sample)
        random.Random(seed).shuffle(numbers)
        again = Worker({"seed": seed, "numbers": numbers, "jax": jax, "sample": 1}, folder, "12345").result()
    failures = [failure for one in (*results, again) for failure in one["failures"]]
    for number, outcome in again["sample"].items():
        if (before := sample[int(number)]) != outcome:
            text = f"expected the same outcome in a fresh process, {before!r}, found {outcome!r}"
            failures.append({"number": int(number), "error": text, "traceback": ""})
    counts: collections.Counter[str] = collections.Counter()
    for one in results:
        counts.update(one["counts"])
    done = sum(one["done"] for one in results)
    return {"done": done, "again": again["done"], "seconds": seconds, "counts": counts, "failures": failures}


def main() -> int:
    """Run the command and return its exit code: 0, or 1 if a case went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000, metavar="N", help="the cases (default 1,000,000)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="the seed (default 0)")
    parser.add_argument("--minutes", type=float, metavar="M", help="stop after so many minutes, at the latest")
    parser.add_argument("--first", type=int, default=0, metavar="I", help="the number of the first case (default 0)")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), metavar="P", help="default: one a processor")
    parser.add_argument("--without-jax", action="store_true", help="try no case on JAX, which takes seconds to import")
    options = parser.parse_args()
    processes = max(1, min(options.processes, options.count))
    found = run(
        options.count,
        options.seed,
        first=options.first,
        processes=processes,
        minutes=options.minutes,
        jax=not options.without_jax,
    )
    for name, count in sorted(found["counts"].items(), key=lambda pair: -pair[1]):
        print(f"{name:<24} {count:>9,}")
    rate = found["seconds"] * processes / max(found["done"], 1) * 1e6
    print(f"{found['done']:,} cases in {found['seconds']:.0f} s, {rate:.0f} us each; {found['again']:,} tried again")
    for failure in found["failures"]:
        print(f"\ncase {failure['number']} of seed {options.seed}: {failure['error']}\n{failure['traceback']}")
    return 1 if found["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
