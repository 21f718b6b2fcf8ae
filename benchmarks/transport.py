"""`python -m benchmarks transport`: an evaluated fit handed to a warm process, against the peer's pickle of its own."""

from __future__ import annotations

import argparse
import statistics
from typing import Any

from benchmarks import table
from benchmarks.fit import OPERATOR, add_mesh
from benchmarks.processes import OURS, PEER, PEER_SPARSE, is_sparse, workers_of

# The module that each way needs, and its name in the table.
WAYS = {
    "queue": (None, "multiprocessing.Queue, pickle"),
    "shared": (None, "serialization.share, shared memory"),
    "loky": ("joblib", "joblib's loky, pickle"),
    "dask": ("distributed", "Dask: scatter, then a task"),
}
PEERS = {
    PEER: "PyAutoArray: multiprocessing.Queue, pickle",
    PEER_SPARSE: "PyAutoArray, sparse: multiprocessing.Queue, pickle",
}
TARGET_RATIO, TARGET_SECONDS = 50.0, 5e-3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command to the shared ones."""
    parser.add_argument("--repeat", type=int, default=11, metavar="N", help="hand-overs in each way (default 11)")
    add_mesh(parser, "uniform")


def available() -> tuple[list[str], list[str]]:
    """The ways whose libraries are installed, and the others."""
    from importlib.util import find_spec

    ways = [way for way, (module, _) in WAYS.items() if module is None or find_spec(module) is not None]
    return ways, [way for way in WAYS if way not in ways]


def measure(options: Any, ways: list[str]) -> dict[str, Any]:
    """Every way in turn, and the peer's, so that a change of the machine's load meets all of them."""
    with workers_of(options) as sides:
        record: dict[str, Any] = {}
        for name, worker in sides.items():
            worker.ask("setup", data=options.data, sparse=OPERATOR if is_sparse(name) else None)
            worker.ask("evaluate", mesh=options.mesh, index=0)
            record[name] = worker.ask("evaluate_figure")
        turns = [(OURS, way) for way in ways] + [(name, "queue") for name in sides if name in PEERS]
        seconds: dict[tuple[str, str], list[float]] = {turn: [] for turn in turns}
        read = {}
        for side, way in turns:  # the first one starts the receiver
            sides[side].ask("hand_over", way=way)
            read[side, way] = sides[side].ask("check_received", way=way)["seconds"]
        for _ in range(options.repeat):
            for side, way in turns:
                seconds[side, way].append(sides[side].ask("hand_over", way=way)["seconds"])
        for side, way in turns:
            again = sides[side].ask("check_received", way=way)["seconds"]
            record[side].setdefault("ways", {})[way] = {
                "seconds": seconds[side, way],
                "median": statistics.median(seconds[side, way]),
                "best": min(seconds[side, way]),
                "read_first": read[side, way],
                "read": again,
            }
        for worker in sides.values():
            worker.ask("end_receivers")
    return record


def ratio(record: dict[str, Any], way: str, peer: str = PEER) -> float | None:
    """The seconds of a side of the peer over ours in one way: the median of all rounds."""
    if peer not in record:
        return None
    ours, others = record[OURS]["ways"][way]["seconds"], record[peer]["ways"]["queue"]["seconds"]
    return statistics.median(b / a for a, b in zip(ours, others, strict=True))


def run(options: Any) -> None:
    """Measure, print the table, and write the record."""
    environment = table.environment()
    ways, absent = available()
    print("fitting, and handing over ...", flush=True)
    record = measure(options, ways)
    rows = []
    for way in ways:
        cells = _cells(record[OURS], way) + [table.times(ratio(record, way, peer)) for peer in PEERS]
        rows.append([WAYS[way][1], *cells])
    rows += [[WAYS[way][1], "absent", *["-"] * 5] for way in absent]
    rows += [[name, *_cells(record[peer], "queue"), "", ""] for peer, name in PEERS.items() if peer in record]
    if PEER not in record:
        rows.append([f"{PEERS[PEER]} (give --peer)", "absent", *["-"] * 5])
    table.print_table(
        f"an evaluated fit ({options.mesh} mesh, with all that is drawn) handed to a warm process and acknowledged, "
        f"median of {options.repeat}, load before {environment['load_before']}",
        ["", "pickle", "median", "best", "then read", "peer / this", "peer (sparse) / this"],
        rows,
    )
    for side, result in record.items():
        arrays = ", ".join(
            f"{path} {tuple(shape)} {table.megabytes(size)}"
            for path, shape, size in result["largest"][: 8 if side in PEERS else 3]
        )
        print(f"\nin the pickle of {side}, among others: {arrays}")
    print("\nall that is drawn arrived bit for bit, in every way")
    shared, queue = record[OURS]["ways"]["shared"]["median"], ratio(record, "queue")
    print(f"shared memory: {table.seconds(shared)} (target below {table.seconds(TARGET_SECONDS)})")
    if queue is not None:
        print(f"queue: {queue:.0f} times faster than the peer's (target {TARGET_RATIO:.0f})")
    whole = {"benchmark": "transport", "data": "files" if options.data else "simulated", "mesh": options.mesh}
    whole |= {"repeat": options.repeat, "environment": environment, "sides": record, "absent": absent}
    whole["ratios"] = {way: ratio(record, way) for way in ways}
    table.write_json(options.json, whole)


def _cells(side: dict[str, Any], way: str) -> list[str]:
    """The size of a side's pickle, and its times in one way."""
    seconds = [table.seconds(side["ways"][way][key]) for key in ("median", "best", "read")]
    return [table.megabytes(side["bytes"]), *seconds]
