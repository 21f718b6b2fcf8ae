"""Background plotters in whole programs: without a guard, killed, interrupted, forked, and not closed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("matplotlib")

ROOT = Path(__file__).parents[3]
DEADLINE = 60.0
BEGIN = """
import os, signal, sys, threading, time
from pathlib import Path
import drawings
from autoarray.plot import BackgroundPlotter

folder = Path(sys.argv[1])
"""
ENDLESS = """
plotter = BackgroundPlotter(folder / "figures", draw=drawings.endless)
plotter.submit(str(folder / "begun"))
drawings.wait_for(folder / "begun")
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def started(code, folder):
    """A program that runs the code as its main module, with warnings as errors."""
    script = folder / "script.py"
    script.write_text(BEGIN + code)
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "support")])
    return subprocess.Popen(
        [sys.executable, "-W", "error", str(script), str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": paths},
        start_new_session=True,
    )


def finished(process):
    """The exit status and what was written."""
    try:
        output, errors = process.communicate(timeout=DEADLINE)
    finally:
        process.kill()
    return process.returncode, output, errors


def worker_of(folder):
    """The process that draws, once it does."""
    path, end = folder / "begun", time.monotonic() + DEADLINE
    while not path.exists() or not path.read_text():
        assert time.monotonic() < end
        time.sleep(0.005)
    return int(path.read_text())


def wait_for_the_end_of(pid):
    """Poll until a process that is not ours is gone."""
    end = time.monotonic() + DEADLINE
    while _state_of(pid) not in (None, "Z"):
        assert time.monotonic() < end, f"process {pid} is still there"
        time.sleep(0.005)


def _state_of(pid):
    status = Path(f"/proc/{pid}/stat")
    if Path("/proc").is_dir():
        try:
            return status.read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    return "?"


def test_a_script_without_a_guard_runs_once(tmp_path):
    """It defines a class of its own too, which can't be handed over and is refused with the way out."""
    code = """
print("begin")
class Own: pass

with BackgroundPlotter(folder / "figures", draw=drawings.two_files) as plotter:
    plotter.submit("anything")
    try:
        plotter.submit(Own())
    except Exception as error:
        print(type(error).__name__, error)
print(plotter.stats.drawn, threading.active_count(), sorted(os.listdir(folder / "figures")))
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("no child left")
"""
    assert finished(started(code, tmp_path)) == (
        0,
        "begin\n"
        "PlottingException Own: expected a class or function of a module that can be imported, found one that the "
        "script or notebook itself defines; move it into a file of its own and import it\n"
        "1 1 ['fit.txt', 'more']\nno child left\n",
        "",
    )


def test_the_end_of_a_program_that_closed_nothing(tmp_path):
    code, output, errors = finished(started(ENDLESS + "print(plotter)", tmp_path))
    assert code == 0
    assert "waiting=1" in output
    assert errors == "BackgroundPlotter: not closed; 1 plots were abandoned\n"
    assert list((tmp_path / "figures").iterdir()) == []
    wait_for_the_end_of(worker_of(tmp_path))


def test_a_plotter_that_is_forgotten_ends(tmp_path):
    code = """
pid = int((folder / "begun").read_text())
del plotter
import gc
gc.collect()
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("no child left")
"""
    code, output, errors = finished(started(ENDLESS + code, tmp_path))
    assert (code, output) == (0, "no child left\n")
    assert errors == "BackgroundPlotter: not closed; 1 plots were abandoned\n"


def test_ctrl_c(tmp_path):
    """The search is interrupted, nothing is waited for, and the other process says nothing."""
    # A shell may have had the tests ignore Ctrl-C, and what they start with them.
    code = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
with BackgroundPlotter(folder / "figures", draw=drawings.endless, timeout=None) as plotter:
    plotter.submit(str(folder / "begun"))
    while True:
        time.sleep(1.0)
"""
    process = started(code, tmp_path)
    worker = worker_of(tmp_path)
    os.kill(worker, signal.SIGINT)
    os.killpg(process.pid, signal.SIGINT)
    code, output, errors = finished(process)
    assert code == -signal.SIGINT
    assert output == ""
    assert errors.count("Traceback") == 1
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert "background" not in errors
    wait_for_the_end_of(worker)


def test_a_search_that_is_killed_takes_the_process_with_it(tmp_path):
    process = started(ENDLESS + "time.sleep(600)", tmp_path)
    worker = worker_of(tmp_path)
    process.kill()
    assert finished(process)[0] == -signal.SIGKILL
    wait_for_the_end_of(worker)
    assert list((tmp_path / "figures").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_forked_process_leaves_the_plotter_alone(tmp_path):
    """Its end, by whichever way, does not end the process that draws for the parent."""
    code = """
import warnings
warnings.simplefilter("ignore", DeprecationWarning)  # of a fork beside threads
plotter = BackgroundPlotter(folder / "figures", draw=drawings.gated)
plotter.submit({"number": 1, "begun": str(folder / "begun"), "gate": str(folder / "gate")})
drawings.wait_for(folder / "begun")
sys.stdout.flush()
pid = os.fork()
if not pid:
    try:
        plotter.submit(2)
    except Exception as error:
        print("make one in each process" in str(error), flush=True)
    plotter.close()
    sys.exit(0)
os.waitpid(pid, 0)
(folder / "gate").touch()
plotter.close(60.0)
print(plotter.stats.drawn, plotter.failures)
"""
    assert finished(started(code, tmp_path)) == (0, "True\n1 ()\n", "")
