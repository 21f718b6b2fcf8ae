"""The limits of the peer's processes: what exceeds them is ended and told, and our side is still measured.

This project stands in for the peer, as a process of the interpreter that runs the tests.
"""

import json
import os
import re
import subprocess
import sys
import time

import pytest

from benchmarks import processes
from benchmarks.__main__ import parser
from benchmarks.limits import Limits, free_memory, resident
from benchmarks.processes import PEER, PEER_SPARSE, WorkerError, WorkerProcess, attempt, workers_of

SMALL = {"data": None, "mask_radius": 0.4}


def options_of(*arguments):
    return parser().parse_args(["fit", "--peer", sys.executable, *arguments])


def test_the_memory_of_a_process():
    code = "print(flush=True); input(); filled = b'1' * 50_000_000; print(flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        before = resident(child.pid)
        child.stdin.write(b"\n")
        child.stdin.flush()
        child.stdout.readline()
        assert before + 40_000_000 < resident(child.pid) < before + 110_000_000
        child.stdin.write(b"\n")
    assert free_memory() > 0
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert resident(ended.pid) == 0


def test_without_options_most_of_the_free_memory_may_be_taken():
    assert 0.0 < Limits().memory < free_memory() * 1.1


def test_a_process_within_its_limits():
    limits = Limits(memory=100e9)
    with WorkerProcess(sys.executable, 1, PEER, limits) as worker:
        assert worker.ask("setup", **SMALL)["pixels"] > 0
        assert worker.ask("evaluate", mesh="uniform", index=0, pixels=16)["seconds"] > 0.0
        assert limits.pids == {worker.process.pid}
    assert limits.pids == set()


@pytest.mark.parametrize(
    ("limits", "cell", "why"),
    [
        (Limits(memory=1e6), "does not fit", "GB of the other sides; all together may hold 0.0 GB (--max-memory)"),
        (Limits(seconds=0.0), "over 0 s", "stopped after 0 s (--max-seconds)"),
    ],
)
def test_a_process_that_exceeds_them_is_ended(limits, cell, why):
    with WorkerProcess(sys.executable, 1, PEER, limits) as worker:
        with pytest.raises(WorkerError) as raised:
            worker.ask("setup", data=None)
        assert raised.value.cell == cell
        assert str(raised.value).startswith("peer: setup: stopped ")
        assert why in str(raised.value)
        assert worker.process.wait() != 0
        assert worker.peak > 0.0
        with pytest.raises(WorkerError, match="peer: memory: the process ended"):
            worker.ask("memory")


def test_the_memory_of_the_other_sides_counts():
    # A process that only sleeps holds some megabytes, and as many count.
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        while resident(other.pid) < 2_000_000:
            time.sleep(0.01)
        alone, beside = Limits(memory=resident(os.getpid()) * 2.0), Limits(memory=resident(os.getpid()) + 1e6)
        for limits in (alone, beside):
            limits.pids |= {os.getpid(), other.pid}
        assert alone.excess(os.getpid(), time.monotonic()) is None
        assert beside.excess(os.getpid(), time.monotonic())[0] == "does not fit"
        other.kill()


def test_no_limit_for_this_library():
    with WorkerProcess(None, 1, limits=Limits(memory=1.0, seconds=0.0)) as worker:
        assert worker.ask("setup", **SMALL)["pixels"] > 0


@pytest.mark.parametrize(
    ("raised", "cell"),
    [
        ("MemoryError('of 3 GiB')", "does not fit"),
        ("RuntimeError('RESOURCE_EXHAUSTED: 3 GiB')", "does not fit"),
        ("ValueError('no')", "failed"),
    ],
)
def test_an_error_of_the_peer_is_told(tmp_path, raised, cell):
    script = tmp_path / "worker.py"
    script.write_text(
        f"""import sys
sys.path.insert(0, {str(processes.WORKER.parent)!r})
import importlib.util
specification = importlib.util.spec_from_file_location("the_worker", {str(processes.WORKER)!r})
worker = importlib.util.module_from_spec(specification)
specification.loader.exec_module(worker)
class Failing:
    def setup(self, **request):
        raise {raised}
worker.main(Failing)
"""
    )
    with WorkerProcess(sys.executable, 1, PEER, script=script) as worker:
        result = {}
        assert attempt(worker, result, "setup", data=None) is None
        assert result["failed"] == cell
        assert result["why"].startswith("peer: setup: ")
        assert result["why"].endswith(raised.split("'")[1])
        # what failed once is not asked again
        assert attempt(worker, result, "memory") is None


def test_our_own_failure_is_an_error():
    with WorkerProcess(None, 1) as worker, pytest.raises(WorkerError, match="ours: evaluate: "):
        attempt(worker, {}, "evaluate", mesh="no such mesh", index=0)


def test_a_fit_that_only_this_library_can_hold(tmp_path, capsys):
    path = tmp_path / "fit.json"
    arguments = ["--mesh", "uniform", "--repeat", "1", "--threads", "1", "--max-memory", "0.001", "--json", str(path)]
    options = options_of(*arguments)
    options.run(options)
    printed = capsys.readouterr().out
    (result,) = json.loads(path.read_text())["meshes"].values()
    ours = result["sides"]["ours"]
    assert len(ours["evaluations"]) == 2
    assert ours["median"] > 0.0
    for side in (PEER, PEER_SPARSE):
        found = result["sides"][side]
        assert (found["failed"], found["evaluations"]) == ("does not fit", [])
        assert re.search(
            rf"uniform, beside {re.escape(side)}: does not fit: .*: (setup|evaluate): stopped at ", printed
        )
        assert result["compared"][side]["ratio"] is None
        (row,) = (line for line in printed.splitlines() if line.startswith(f"uniform  {side:>13}  "))
        assert row.split("  ")[-1].strip() == "-"
        assert "does not fit" in row
        assert "> " in row


def test_the_sides_that_options_ask_for():
    parse = parser().parse_args
    assert list(_sides(parse(["fit"]))) == ["ours"]
    assert list(_sides(options_of())) == ["ours", PEER, PEER_SPARSE]
    assert list(_sides(options_of("--peer-sparse"))) == ["ours", PEER, PEER_SPARSE]
    assert list(_sides(options_of("--no-peer-sparse", "--ours-sparse"))) == ["ours", "ours (sparse)", PEER]


def _sides(options):
    with workers_of(options) as workers:
        assert [worker.name for worker in workers.values()] == list(workers)
        assert [worker.is_peer for worker in workers.values()] == [name.startswith("peer") for name in workers]
        return dict(workers)
