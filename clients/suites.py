"""Runs the public tests of PyAutoArray, PyAutoGalaxy and PyAutoLens on this project and on PyAutoArray, and compares:

    python -m clients.suites --ours PYTHON --theirs PYTHON FOLDER

FOLDER has checkouts of their repositories: any folders with `test_autoarray`, `test_autogalaxy` or `test_autolens`.
The tests are copied beside no package, so that they run on what is installed. The command fails if a test fails on this
project that passes on PyAutoArray in the same run, unless tests/autolens/known_differences.toml has it, with the
reason.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

SUITES = ("test_autoarray", "test_autogalaxy", "test_autolens")
KNOWN = Path(__file__).resolve().parents[1] / "tests" / "autolens" / "known_differences.toml"
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclass
class Comparison:
    """What two runs of one suite have in common.

    Attributes
    ----------
    passed
        How many tests pass on both.
    worse
        Tests that pass on theirs and not on ours, and that nobody knows of.
    known
        The same, with the reason of each.
    both
        Tests that pass on neither.
    better
        Tests that pass on ours alone.
    """

    passed: int = 0
    worse: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    both: list[str] = field(default_factory=list)
    better: list[str] = field(default_factory=list)


def suites_in(folder: Path) -> dict[str, Path]:
    """The folders of tests in the checkouts that a folder holds, by their names.

    Raises
    ------
    SystemExit
        If there is none, or one twice.
    """
    found: dict[str, Path] = {}
    for name in SUITES:
        paths = [path for path in sorted({*folder.glob(name), *folder.glob(f"*/{name}")}) if path.is_dir()]
        if len(paths) > 1:
            raise SystemExit(f"error: expected one {name} in {folder}, found {', '.join(map(str, paths))}")
        if paths:
            found[name] = paths[0]
    if not found:
        raise SystemExit(f"error: {folder}: expected checkouts with {', '.join(SUITES)}, found none")
    return found


def known_from(path: Path = KNOWN) -> dict[str, str]:
    """The reasons of known differences by patterns of names of tests, such as `test_autolens/*::test_name`.

    Raises
    ------
    SystemExit
        If one has no reason, or comes twice.
    """
    reasons: dict[str, str] = {}
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("difference", []):
        if entry.keys() != {"tests", "reason"} or not entry["reason"].strip() or not entry["tests"]:
            raise SystemExit(f"error: {path}: expected tests and a reason, found {entry}")
        for pattern in entry["tests"]:
            if pattern in reasons:
                raise SystemExit(f"error: {path}: {pattern} comes twice")
            reasons[pattern] = entry["reason"]
    return reasons


def outcomes_from(report: Path) -> dict[str, str]:
    """The outcome of each test in a JUnit report of pytest, by names such as "
    "`test_autolens/lens/test_tracer.py::test_x`."""
    outcomes: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        module, name = case.get("classname") or "", case.get("name") or ""
        name = f"{module.replace('.', '/')}.py::{name}" if module else name
        kinds = {child.tag for child in case}
        outcome = FAILED if kinds & {"failure", "error"} else SKIPPED if "skipped" in kinds else PASSED
        # A test whose teardown fails is there twice.
        outcomes[name] = FAILED if FAILED in (outcome, outcomes.get(name)) else outcome
    return outcomes


def compare(ours: dict[str, str], theirs: dict[str, str], known: dict[str, str]) -> Comparison:
    """Compare the outcomes of two runs; a test that one of them did not even collect has not passed there."""
    comparison = Comparison()
    for name in sorted(ours.keys() | theirs.keys()):
        here, there = ours.get(name), theirs.get(name)
        if here == there == PASSED:
            comparison.passed += 1
        elif there == PASSED:
            reason = next((text for pattern, text in known.items() if fnmatch.fnmatchcase(name, pattern)), None)
            if reason is None:
                comparison.worse.append(name)
            else:
                comparison.known[name] = reason
        elif here == PASSED:
            comparison.better.append(name)
        elif FAILED in (here, there):
            comparison.both.append(name)
    return comparison


def run_suite(python: str, suite: Path, options: Sequence[str]) -> dict[str, str]:
    """Run a suite on the packages of an interpreter, in a folder of its own, and return the outcomes.

    Raises
    ------
    SystemExit
        If pytest did not run.
    """
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(suite, Path(folder) / suite.name, ignore=shutil.ignore_patterns("__pycache__"))
        (Path(folder) / "pytest.ini").write_text("[pytest]\n")
        report = Path(folder) / "report.xml"
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        environment |= {"MPLBACKEND": "Agg", "JAX_PLATFORMS": "cpu", "NUMBA_CACHE_DIR": str(Path(folder) / "numba")}
        command = [os.path.abspath(shutil.which(python) or python), "-m", "pytest", suite.name, "--quiet"]
        command += ["-p", "no:cacheprovider", "--continue-on-collection-errors", f"--junitxml={report}", *options]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        if not report.exists():
            raise SystemExit(f"error: {' '.join(command)}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return outcomes_from(report)


def describe(suite: str, comparison: Comparison) -> str:
    """What a comparison found, in lines."""
    lines = [
        f"{suite}: {comparison.passed} pass on both, {len(comparison.worse)} fail on this project alone, "
        f"{len(comparison.known)} known to differ, {len(comparison.both)} pass on neither, "
        f"{len(comparison.better)} pass on this project alone"
    ]
    lines += [f"  FAILS on this project alone: {name}" for name in comparison.worse]
    lines += [f"  known: {name}: {reason}" for name, reason in comparison.known.items()]
    lines += [f"  passes on neither: {name}" for name in comparison.both]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m clients.suites", description=__doc__.partition(":")[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="holds checkouts of the repositories")
    parser.add_argument("--ours", required=True, metavar="PYTHON", help="interpreter with PyAutoLens on this project")
    parser.add_argument("--theirs", required=True, metavar="PYTHON", help="the same with PyAutoArray")
    parser.add_argument("--only", action="append", choices=SUITES, help="a suite to run (default: all)")
    parser.add_argument(
        "--workers", default="auto", metavar="N", help="processes of pytest (default: one for each core)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every outcome to FILE")
    options = parser.parse_args(arguments)
    known, record, fine = known_from(), {}, True
    for name, path in suites_in(options.folder).items():
        if options.only and name not in options.only:
            continue
        workers = ["--numprocesses", options.workers, "--dist", "loadfile"]
        runs = {side: run_suite(getattr(options, side), path, workers) for side in ("theirs", "ours")}
        comparison = compare(runs["ours"], runs["theirs"], known)
        print(describe(name, comparison), flush=True)
        fine, record[name] = fine and not comparison.worse, runs
    if options.json is not None:
        options.json.write_text(json.dumps(record, indent=1) + "\n")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
