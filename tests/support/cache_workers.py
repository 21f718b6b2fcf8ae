"""What runs in other processes in the tests of the cache."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import numpy as np


def wait_for(path: Path, seconds: float = 30.0) -> None:
    """Return when a file is there."""
    end = time.monotonic() + seconds
    while not path.exists():
        if time.monotonic() > end:
            raise TimeoutError(f"{path} did not appear in {seconds} s")
        time.sleep(0.002)


def read_fit(cache, key) -> tuple[float, int, bool]:
    """The log evidence of a fit in a cache that came by pickle."""
    return float(cache.get(key).log_evidence), os.getpid(), "jax" in sys.modules


def put_and_stop(cache, key, stage: str, mark: Path) -> None:
    """Get to one stage of `put`, say so, and stay there."""

    def stay(*args, **kwargs) -> None:
        open(mark, "x").close()
        time.sleep(300)

    setattr(os, stage, stay)
    cache.put(key, {"values": np.arange(1e5)})


def compute_and_stop(cache, key, mark: Path) -> None:
    """Begin to compute, say so, and stay there."""

    def compute():
        mark.touch()
        time.sleep(300)

    cache.get_or_compute(key, compute)


def compute_slowly(cache, key, folder: Path, index: int, barrier) -> float:
    """Ask for one key; whoever computes waits until the others are about to ask."""
    ours = folder / f"asks-{index}"

    def compute():
        (folder / f"computes-{index}").touch()
        for other in range(barrier):
            wait_for(folder / f"asks-{other}")
        return {"by": index, "values": np.arange(1000.0)}

    ours.touch()
    value = cache.get_or_compute(key, compute)
    assert np.array_equal(value["values"], np.arange(1000.0))
    return value["by"]


def key_of_fit(cache) -> str:
    """The key of a fit that this process makes."""
    import problems

    return cache.key("fit", 1, problems.fit_from(), 0.5, {"b": 1, "a": {2, 3}})


def fork_and_count(cache) -> tuple[bytes, int, int]:
    """What a forked process counts, and then this one."""
    cache.put("a", 1)
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        os.write(writer, b"%d %d" % (cache.get("a"), cache.stats().puts))
        os._exit(0)
    os.waitpid(pid, 0)
    return os.read(reader, 100), cache.stats().puts, cache.stats().hits


def compute_crosswise(cache, own, other, marks: Path, others: Path) -> list[str]:
    """Compute one key with the value of another one, which is asked for when somebody else computes it already."""

    def compute():
        (marks / own).touch()
        wait_for(others / other)
        return [own, *cache.get_or_compute(other, lambda: [f"{other} by {own}"])]

    return cache.get_or_compute(own, compute)


def fork_in_compute(cache, key, mark: Path) -> None:
    """Begin to compute, leave a forked child behind, say so, and stay there."""

    def compute():
        child = os.fork()
        if not child:
            time.sleep(300)
            os._exit(0)
        mark.with_suffix(".new").write_text(f"{child}")
        mark.with_suffix(".new").rename(mark)
        time.sleep(300)

    cache.get_or_compute(key, compute)


def take_turns(path: str, mark: str, turns: int) -> tuple[int, int]:
    """Hold the lock of a path many times, and count the turns in which somebody else held it too."""
    from serialization._cache.file_lock import FileLock

    both = 0
    for _ in range(turns):
        while (lock := FileLock.acquire(path, 0o600)) is None:
            pass
        try:
            os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            both += 1
        else:
            os.unlink(mark)
        lock.release(remove=True)
    return turns, both


def compute_until_killed(cache, marks: Path, seed: int) -> None:
    """Compute a few keys and keys in them, remove them again, and report those that a living process computes too."""
    rng = np.random.default_rng(seed)

    def compute(key):
        own = marks / f"{key}-{os.getpid()}"
        own.touch()
        for other in marks.glob(f"{key}-*"):
            if other != own:
                time.sleep(0.2)  # one that is being killed lets go of its locks before it counts as dead
                if is_alive(int(other.name.rpartition("-")[2])):
                    (marks / f"both-{other.name}-{own.name}").touch()
        if key.startswith("outer"):
            cache.get_or_compute(f"inner {rng.integers(3)}", lambda: compute("inner"), timeout=0.0)
        time.sleep(0.002)
        own.unlink()
        return seed

    (marks / f"ready-{seed}").touch()
    while True:
        key = f"outer {rng.integers(3)}"
        cache.get_or_compute(key, lambda key=key: compute(key))
        cache.delete(key)
        (marks / f"done-{seed}").touch()


def is_alive(pid: int) -> bool:
    """Whether there is a process, which may be one that has ended and was not waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
