"""What the workers of pools do with resident data, and a script that asks a pool of each kind to do it."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
from pathlib import Path

import problems

import serialization

EINSTEIN = [0.33, 0.35, 0.37, 0.39]
_seen: list[object] = []


def log_evidence(dataset, einstein) -> float:
    """A task that knows nothing of handles."""
    return float(problems.fit_from(dataset=dataset, einstein=einstein).log_evidence)


def report(data, einstein) -> dict:
    """A task that takes the handle: its result, and how it got its dataset."""
    dataset = data.get()
    first = not _seen
    _seen.append(dataset)
    return {
        "log_evidence": log_evidence(dataset, einstein),
        "pid": os.getpid(),
        "same": _seen[0] is dataset,
        "first": first,
        "prepared": "matrix" in vars(dataset.psf.state_from(dataset.mask))["_derived"].intermediates,
        "memory": memory_of(dataset.data.array),
    }


def memory_of(array) -> tuple[str, bool]:
    """The inode that an array is mapped from, as the system names it, and whether it can be written to."""
    address = array.__array_interface__["data"][0]
    for line in Path("/proc/self/maps").read_text().splitlines():
        place, _, _, device, inode, *_ = line.split()
        start, stop = (int(number, 16) for number in place.split("-"))
        if start <= address < stop:
            return f"{device} {inode}", array.flags.writeable
    raise LookupError(address)


def anonymous_kilobytes(data, number) -> tuple[int, int]:
    """The memory that this process has for itself, after a task."""
    assert data.get().data.array.sum() != 0.0
    lines = Path("/proc/self/status").read_text().splitlines()
    return os.getpid(), int(next(line.split()[1] for line in lines if line.startswith("RssAnon")))


def error_of(data) -> BaseException | None:
    """What `get` raises."""
    try:
        data.get()
    except serialization.SerializationError as error:
        return error
    return None


def pid(_) -> int:
    return os.getpid()


def own(pipe, in_memory: bool) -> None:
    """Make a dataset resident, hand the handle over, and hold it until something ends this process."""
    from serialization._transport import segments

    if not in_memory:
        segments._in_memory = lambda: False
    with serialization.resident(problems.dataset_from()) as data:
        pipe.send(data)
        pipe.recv()


def check(rounds, expected) -> None:
    """What the workers of any pool reported."""
    reports = [report for reports in rounds for report in reports]
    assert [[report["log_evidence"] - value for report, value in zip(r, expected, strict=True)] for r in rounds] == [
        [0.0] * len(expected)
    ] * len(rounds)
    assert all(report["same"] and report["prepared"] for report in reports)
    assert len({report["memory"] for report in reports}) == 1
    assert not reports[0]["memory"][1]
    workers = {report["pid"] for report in reports}
    assert os.getpid() not in workers
    assert sum(report["first"] for report in reports) == len(workers)


def executor(context, tasks):
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(2, mp_context=context) as pool:
        return [[f.result() for f in [pool.submit(report, *task) for task in tasks]] for _ in range(3)]


def pool(context, tasks):
    with context.Pool(2) as workers:
        return [workers.starmap(report, tasks, chunksize=1) for _ in range(3)]


def main(kind: str, method: str) -> None:
    """A pool of two workers, three rounds of tasks."""
    dataset = problems.dataset_from().apply_sparse_operator_cpu()
    expected = [log_evidence(dataset, einstein) for einstein in EINSTEIN]
    with serialization.resident(dataset) as data:
        assert len(pickle.dumps(data)) <= 1000
        check(globals()[kind](multiprocessing.get_context(method), [(data, value) for value in EINSTEIN]), expected)
    print("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
