"""One process of `python -m tests.fuzz`: it tries the cases of some numbers, and tells what became of them as JSON."""

from __future__ import annotations

import collections
import importlib.util
import json
import mmap
import os
import sys
import time
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_MORE_MEMORY = 2**31  # bytes beyond what the process has before the first case
_SLOW = 5.0  # seconds of processor time, in which no case may be


def main() -> None:
    """Try the cases that standard input describes: seed, numbers or first, step and count, sample, until, jax."""
    task = json.load(sys.stdin)
    os.environ.setdefault("JAX_ENABLE_X64", "1")
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    with open(task["progress"], "r+b") as file, mmap.mmap(file.fileno(), 8) as progress:
        result = run(task, progress)
    json.dump(result, sys.stdout)


def run(task: dict[str, Any], progress: Any) -> dict[str, Any]:
    """What became of the cases: the counts of the outcomes, the failures, and the outcomes of some of them."""
    from tests.fuzz.cases import case_of
    from tests.fuzz.corpus import corpus_from
    from tests.fuzz.judge import outcome_of, quiet

    quiet()
    corpus, backends = corpus_from(), task["jax"] and importlib.util.find_spec("jax") is not None
    warm_up(backends)
    bound_memory()
    counts: collections.Counter[str] = collections.Counter()
    failures, sample, done = [], {}, 0
    for number in numbers_of(task):
        if done % 256 == 0 and task.get("until") and time.time() > task["until"]:
            break
        progress[:8] = number.to_bytes(8, "big")
        case = case_of(corpus, task["seed"], number, backends)
        start = time.process_time()
        try:
            outcome = outcome_of(case, number)
            if (seconds := time.process_time() - start) > _SLOW:
                raise TimeoutError(f"expected a case to take less than {_SLOW} s, found {seconds:.1f}")
        except (Exception, RecursionError) as error:
            outcome = f"WRONG {type(error).__name__}: {error}"
            failures.append({"number": number, "error": outcome, "traceback": traceback.format_exc()})
            if len(failures) >= 20:
                break
        done += 1
        counts[outcome.split(maxsplit=1)[0].rstrip(":;")] += 1
        if task["sample"] and number % task["sample"] == 0:
            sample[number] = outcome
    return {"done": done, "counts": counts, "failures": failures, "sample": sample}


def numbers_of(task: dict[str, Any]) -> Iterable[int]:
    """The numbers of the cases."""
    if "numbers" in task:
        return task["numbers"]
    return range(task["first"], task["first"] + task["count"], task["step"])


def warm_up(backends: bool) -> None:
    """Import now what a case could import, whose memory is none of its own."""
    import numpy as np

    import serialization

    array = np.zeros(2000)
    for compression in (None, "zlib", "shuffle-zstd", "shuffle-lz4"):
        serialization.loads(serialization.dumps(array, compression=compression), backend="jax" if backends else None)


def bound_memory() -> None:
    """Let the system refuse memory beyond a bound, where it can."""
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + _MORE_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


if __name__ == "__main__":
    main()
