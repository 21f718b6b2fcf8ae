"""`python -m benchmarks pool`: many fits of one dataset in a pool, against the dataset pickled in every task."""

from __future__ import annotations

import argparse
import os
import statistics
from collections import defaultdict
from contextlib import ExitStack
from typing import Any

from benchmarks import table
from benchmarks.fit import add_mesh
from benchmarks.processes import WorkerError, WorkerProcess

NAMES = {
    "resident": "ours, serialization.resident",
    "pickle": "ours, pickled in every task",
    "peer": "PyAutoArray, pickled in every task",
}
DATASETS = {False: "without a sparse operator", True: "with the sparse operator"}
TARGET_OVERHEAD = 0.05
TURNS = 4
# Tasks of a worker that are compared with their second evaluation: of the slow ways, and of resident data.
_TASKS_IN_PAIRS = 2, 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command to the shared ones."""
    parser.add_argument("--workers", type=int, default=8, metavar="N", help="processes of the pool (default 8)")
    parser.add_argument("--fits", type=int, default=200, metavar="N", help="fits that are timed (default 200)")
    parser.add_argument(
        "--others", type=int, default=40, metavar="N", help="the same in the ways that pickle the dataset (default 40)"
    )
    parser.add_argument(
        "--tasks", type=int, default=1000, metavar="N", help="fits in all, whose memory is followed (default 1000)"
    )
    parser.add_argument(
        "--peer-workers",
        type=int,
        default=None,
        metavar="N",
        help="processes of the peer's pool, 3 GB each (default: one for each core, at most as many as --workers)",
    )
    parser.add_argument("--light", type=int, default=0, metavar="N", help="linear Gaussians beside the source")
    parser.add_argument("--operator", choices=["without", "with", "both"], default="both", help="which datasets")
    add_mesh(parser, "uniform")


def measure(options: Any, sparse: bool) -> dict[str, Any]:
    """All ways on one dataset, in turn."""
    ways = ["resident", "pickle"] + ["peer"] * (options.peer is not None)
    record: dict[str, Any] = {}
    with ExitStack() as stack:
        workers: dict[str, WorkerProcess] = {}
        for way in ways:
            python = options.peer if way == "peer" else None
            worker = stack.enter_context(WorkerProcess(python, threads=options.threads or 1))
            try:
                record[way] = start(options, worker, way, sparse)
                workers[way] = worker
            except WorkerError as error:
                if way != "peer":  # whose dataset need not pickle
                    raise
                record[way] = {"error": error.message.splitlines()[0]}
        for way, worker in workers.items():
            tasks = _TASKS_IN_PAIRS[way == "resident"] * record[way]["workers"]
            record[way]["overhead"] = overhead(worker, tasks)
        for turn in range(TURNS):
            for way, worker in workers.items():
                fits = options.fits if way == "resident" else options.others
                share = range(turn * fits // TURNS, (turn + 1) * fits // TURNS)
                answer = worker.ask("pool_run", first=share.start, count=len(share), again=False)
                record[way].setdefault("turns", []).append(answer)
        for way in workers:
            turns = record[way]["turns"]
            record[way]["fits"] = sum(len(turn["reports"]) for turn in turns)
            record[way]["rate"] = record[way]["fits"] / sum(turn["seconds"] for turn in turns)
        if "resident" in workers and options.tasks > options.fits:
            rest = workers["resident"].ask("pool_run", first=0, count=options.tasks - options.fits, again=False)
            reports = [report for turn in record["resident"]["turns"] for report in turn["reports"]] + rest["reports"]
            record["resident"]["memory"] = memory_of(reports)
        for worker in workers.values():
            worker.ask("pool_end")
    record["differences"] = differences(record)
    for way in workers:
        for turn in record[way]["turns"]:
            del turn["reports"]
    return record


def start(options: Any, worker: WorkerProcess, way: str, sparse: bool) -> dict[str, Any]:
    """Set a side up, and start its pool; what it needed for that."""
    operator = "apply_sparse_operator_cpu" if sparse else None
    worker.ask("setup", data=options.data, sparse=operator, light=options.light)
    worker.ask("evaluate", mesh=options.mesh, index=0, light=options.light)
    number = options.workers
    if way == "peer":
        number = options.peer_workers or min(options.workers, os.cpu_count() or 1)
    kind = "resident" if way == "resident" else "pickle"
    answer = worker.ask("pool_start", way=kind, workers=number, mesh=options.mesh, light=options.light)
    return answer | {"workers": number}


def overhead(worker: WorkerProcess, count: int) -> dict[str, float]:
    """What a task spends beside its evaluation, and that as a part of an evaluation; processor seconds, medians.

    Each task evaluates its model twice on the dataset that it has. What the first took more than the second, and what
    the parent took, is the overhead.
    """
    answer = worker.ask("pool_run", first=0, count=count, again=True)
    evaluation = statistics.median(report["cpu_again"] for report in answer["reports"])
    part = statistics.median(report["cpu"] / report["cpu_again"] - 1.0 for report in answer["reports"])
    parent = answer["cpu"] / count
    return {"evaluation": evaluation, "parent": parent, "part": part + parent / evaluation}


def memory_of(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """What each worker has for itself early and at the end: the least of a tenth of its tasks, in bytes."""
    of_worker: dict[int, list[int]] = defaultdict(list)
    for report in reports:
        if report["own_bytes"] is not None:
            of_worker[report["pid"]].append(report["own_bytes"])
    early, late = [], []
    for values in of_worker.values():
        part = max(1, len(values) // 10)
        early.append(min(values[part : 2 * part] or values))
        late.append(min(values[-part:]))
    growth = [b - a for a, b in zip(early, late, strict=True)]
    return {
        "tasks": len(reports),
        "workers": len(of_worker),
        "early": statistics.median(early) if early else None,
        "growth_median": statistics.median(growth) if growth else None,
        "growth_most": max(growth) if growth else None,
    }


def differences(record: dict[str, Any]) -> dict[str, float]:
    """The largest difference of the log evidences of resident data to each other way, relative to the evidence."""
    values = {
        way: {report["index"]: report["log_evidence"] for turn in result["turns"] for report in turn["reports"]}
        for way, result in record.items()
        if "turns" in result
    }
    own = values.pop("resident", {})
    return {
        way: max((abs(own[index] / value - 1.0) for index, value in other.items() if index in own), default=0.0)
        for way, other in values.items()
    }


def row_of(way: str, result: dict[str, Any], rate: float | None) -> list[str]:
    """The row of one way."""
    if "error" in result:
        return [NAMES[way], "failed", *["-"] * 7]
    spent = result["overhead"]
    return [
        NAMES[way],
        str(result["workers"]),
        f"{result['task_bytes']} B" if result["task_bytes"] < 1e4 else table.megabytes(result["task_bytes"]),
        table.seconds(result["prepare_seconds"]),
        table.seconds(result["first_cpu"]),
        table.seconds(spent["evaluation"]),
        f"{100.0 * spent['part']:.1f} %",
        f"{result['rate']:.2f} /s",
        table.times(None if rate is None else rate / result["rate"]),
    ]


def run(options: Any) -> None:
    """Measure, print the tables, and write the record."""
    environment = table.environment()
    chosen = {"without": [False], "with": [True], "both": [False, True]}[options.operator]
    records = {}
    for sparse in chosen:
        print(f"fitting {DATASETS[sparse]} ...", flush=True)
        record = records[DATASETS[sparse]] = measure(options, sparse)
        report(options, DATASETS[sparse], record, environment)
    whole = {"benchmark": "pool", "data": "files" if options.data else "simulated", "mesh": options.mesh}
    whole |= {"light": options.light, "threads": options.threads or 1, "environment": environment, "datasets": records}
    table.write_json(options.json, whole)


def report(options: Any, title: str, record: dict[str, Any], environment: dict[str, Any]) -> None:
    """Print what was measured on one dataset."""
    found = [way for way in NAMES if way in record]
    rate = record["resident"].get("rate")
    rows = [row_of(way, record[way], rate) for way in found]
    if options.peer is None:
        rows.append([f"{NAMES['peer']} (give --peer)", "absent", *["-"] * 7])
    table.print_table(
        f"{title}: fits in a pool ({options.mesh} mesh, {options.light} Gaussians), {options.threads or 1} thread a "
        f"worker, {environment['cpus']} cores, load before {environment['load_before']}",
        ["", "workers", "task", "prepare", "first task", "evaluation", "overhead", "fits", "resident / this"],
        rows,
    )
    for way in found:
        if "error" in record[way]:
            print(f"\n{NAMES[way]}: {record[way]['error']}")
    result = record["resident"]
    print(f"\nshared by all workers: {table.megabytes(result['resident_bytes'])}")
    print(f"a handle, unpickled and asked for its dataset in a worker: {table.seconds(result['handle_seconds'])}")
    print(f"overhead of a task: {100.0 * result['overhead']['part']:.1f} % (target {100.0 * TARGET_OVERHEAD:.0f} %)")
    if (memory := result.get("memory")) is not None:
        print(
            f"own memory of a worker over {memory['tasks']} tasks: {table.megabytes(memory['early'])}, growth "
            f"{table.megabytes(memory['growth_median'])} (median), {table.megabytes(memory['growth_most'])} (most)"
        )
    for way, value in record["differences"].items():
        print(f"log evidence, largest relative difference from {NAMES[way]}: {value:.1e}")
