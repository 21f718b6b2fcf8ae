"""What the processes of the peer may take, so that a problem that is too large for it ends them and not the machine."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

# The share of the free memory that all processes of a benchmark may hold together, unless an option says how much.
SHARE = 0.75
# The longest request, in seconds, unless an option says another.
SECONDS = 900.0


def free_memory() -> int:
    """The bytes that new processes can take without swapping; on systems that don't tell, those of the machine."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        free = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:  # the limit of a container
        group = Path("/sys/fs/cgroup")
        most, held = ((group / name).read_text() for name in ("memory.max", "memory.current"))
        return min(free, int(most) - int(held))
    except (OSError, ValueError):
        return free


def resident(pid: int) -> int:
    """The bytes that a process holds in memory; 0 if it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        pass
    if Path("/proc/self/statm").exists():
        return 0
    listed = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return int(listed.stdout or 0) * 1024


class Limits:
    """The memory of all processes of a benchmark together, and the time of one request.

    Parameters
    ----------
    memory
        In bytes; None takes `SHARE` of what is free now.
    seconds
        None takes `SECONDS`.
    """

    def __init__(self, memory: float | None = None, seconds: float | None = None) -> None:
        self.memory = SHARE * free_memory() if memory is None else memory
        self.seconds = SECONDS if seconds is None else seconds
        self.pids: set[int] = set()
        self.peaks: dict[int, int] = {}

    def excess(self, pid: int, start: float) -> tuple[str, str] | None:
        """What a process exceeds, for a cell and as a sentence, or None; its request began at `start` (monotonic)."""
        held = {each: resident(each) for each in self.pids}
        for each, size in held.items():
            self.peaks[each] = max(size, self.peaks.get(each, 0))
        if sum(held.values()) > self.memory:
            others = sum(held.values()) - held[pid]
            return "does not fit", (
                f"stopped at {held[pid] / 1e9:.1f} GB, beside {others / 1e9:.1f} GB of the other sides; "
                f"all together may hold {self.memory / 1e9:.1f} GB (--max-memory)"
            )
        if time.monotonic() - start > self.seconds:
            return f"over {self.seconds:.0f} s", f"stopped after {self.seconds:.0f} s (--max-seconds)"
        return None
