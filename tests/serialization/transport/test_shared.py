"""Shared memory: what the receiver maps, how long it lives, and that nothing is left of processes that die."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import problems
import pytest
import sharing
from graph import walk
from graphs import assert_same

import serialization
from serialization._payload import codec, wire
from serialization._transport import segments

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="tested on POSIX systems")
KINDS = ["memory", "file"] if segments._in_memory() else ["file"]


def left_over(folder):
    """What has a name that could be left behind."""
    names = {str(path) for path in Path(folder).rglob("*") if path.is_file()}
    return names | {
        str(path) for pattern in (f"{segments._PREFIX}*", "psm_*") for path in Path("/dev/shm").glob(pattern)
    }


@pytest.fixture(params=KINDS)
def kind(request, monkeypatch, tmp_path):
    """Both kinds of segments, with a folder of the test's own for temporary files."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(segments, "_in_memory", lambda: request.param == "memory")
    before = left_over(tmp_path)
    yield request.param
    gc.collect()
    assert left_over(tmp_path) == before


@pytest.fixture(scope="module")
def fit():
    return problems.evaluated_fit_from()


def arrays_of(obj):
    return [value for _, value in walk(obj) if isinstance(value, np.ndarray)]


def test_arrays_are_read_only_views_that_are_aligned(kind, fit):
    with serialization.share(fit) as shared:
        loaded = shared.load()
    found = arrays_of(loaded)
    assert len(found) > 5
    assert not any(array.flags.writeable for array in found)
    assert not any(array.flags.owndata for array in found if array.size)
    assert all(array.__array_interface__["data"][0] % 64 == 0 for array in found if array.size)
    assert serialization.dumps(loaded) == serialization.dumps(fit)
    with pytest.raises(ValueError, match="read-only"):
        loaded.inversion.reconstruction[0] = 1.0


def test_the_handle_is_small_and_says_what_it_is(kind, fit):
    shared = serialization.share(fit)
    received = pickle.loads(pickle.dumps(shared))
    assert len(pickle.dumps(shared)) < 300
    assert shared.nbytes == received.nbytes == len(serialization.dumps(fit))
    assert (shared.closed, received.closed) == (False, None)
    assert repr(shared).startswith("<SharedPayload of FitImaging, 0.")
    assert repr(shared).endswith("open>")
    received.close()
    assert_same(fit, received.load())
    shared.close()
    shared.close()
    assert shared.closed
    assert repr(shared).endswith("closed>")


@pytest.mark.parametrize(
    "value", [None, [], np.zeros(0), {"a": [np.arange(3)] * 2}, [np.asfortranarray(np.ones((2, 3)))] * 700]
)
def test_any_value_can_be_shared(kind, value):
    with serialization.share(value) as shared:
        assert_same(value, shared.load())


def test_what_is_shared_cannot_be_changed(fit):
    if "memory" not in KINDS:
        pytest.skip("files are sealed on Linux only")
    with serialization.share(fit) as shared:
        descriptor = os.open(shared._address.path, os.O_RDWR)
        try:
            for change in (lambda: os.pwrite(descriptor, b"x", 1000), lambda: os.ftruncate(descriptor, 10)):
                with pytest.raises(PermissionError):
                    change()
        finally:
            os.close(descriptor)


def test_a_closed_handle_is_an_error_that_says_so(kind, fit):
    with serialization.share(fit) as shared:
        kept = shared.load()
    received = pickle.loads(pickle.dumps(shared))
    with pytest.raises(serialization.NotSharedError, match="keep the handle open until the receiver has loaded it"):
        received.load()
    assert serialization.dumps(kept) == serialization.dumps(fit)  # what was loaded before stays


def test_the_memory_of_another_object_is_not_taken_for_this_one(kind, fit):
    first = serialization.share(fit)
    received = pickle.loads(pickle.dumps(first))
    first.close()
    with serialization.share(fit), pytest.raises(serialization.NotSharedError):
        received.load()  # though the system may have given the same number again


def test_changed_bytes_are_refused(kind, fit):
    payload = bytearray(serialization.dumps(fit))
    for position in (len(payload) - 1, len(payload) // 2, 70):
        changed = payload.copy()
        changed[position] ^= 1
        segment = segments.create([changed])
        digest = wire.digest_in(payload)
        shared = serialization.SharedPayload(segment, segment.address, len(payload), digest, "x")
        with shared, pytest.raises(serialization.CorruptError, match="digest"):
            shared.load()
    segment = segments.create([payload])
    shared = serialization.SharedPayload(segment, segment.address, len(payload), bytes(16), "x")
    with shared, pytest.raises(serialization.NotSharedError, match="found others"):
        shared.load()


def test_a_dropped_handle_is_closed_with_a_warning(kind, fit):
    held = [serialization.share(fit)]
    received = pickle.loads(pickle.dumps(held[0]))
    with pytest.warns(ResourceWarning, match="dropped without being closed"):
        held.clear()
    with pytest.raises(serialization.NotSharedError):
        received.load()


def test_what_cannot_be_written_leaves_nothing(kind):
    with pytest.raises(serialization.UnsupportedValueError):
        serialization.share([np.zeros(3), len])


def test_mapped_memory_is_freed_with_the_last_array(fit):
    if "memory" not in KINDS:
        pytest.skip("/proc is Linux's")

    def mapped():
        return [line for line in Path("/proc/self/maps").read_text().splitlines() if segments._PREFIX in line]

    with serialization.share(fit) as shared:
        loaded = shared.load()
        one = loaded.inversion.reconstruction
        assert len(mapped()) == 1
        del loaded
        gc.collect()
        assert len(mapped()) == 1
        total = one.sum()
        del one
        gc.collect()
        assert mapped() == []
        assert np.isfinite(total)


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_another_process(method, kind, fit):
    context = multiprocessing.get_context(method)
    inbox, outbox = context.Queue(), context.Queue()
    process = context.Process(target=sharing.receive, args=(inbox, outbox))
    process.start()
    with serialization.share(fit) as shared:
        inbox.put(shared)
        assert outbox.get(timeout=120) == process.pid
    inbox.put("again")  # after the owner has closed it
    log_evidence, payload, writeable = outbox.get(timeout=120)
    assert log_evidence - fit.log_evidence == 0.0
    assert payload == serialization.dumps(fit)
    assert len(writeable) > 5
    assert not any(writeable)
    inbox.put(shared)
    error = outbox.get(timeout=120)
    assert type(error) is serialization.NotSharedError
    inbox.put(None)
    process.join(timeout=120)
    assert process.exitcode == 0


def test_a_killed_receiver(kind, fit):
    context = multiprocessing.get_context("spawn")
    inbox, outbox = context.Queue(), context.Queue()
    process = context.Process(target=sharing.receive, args=(inbox, outbox))
    process.start()
    with serialization.share(fit) as shared:
        inbox.put(shared)
        assert outbox.get(timeout=120) == process.pid
        os.kill(process.pid, signal.SIGKILL)
        process.join(timeout=120)
        assert process.exitcode == -signal.SIGKILL
        assert serialization.dumps(shared.load()) == serialization.dumps(fit)


def test_a_killed_owner(kind, tmp_path):
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=sharing.own, args=(there, kind == "memory"))
    process.start()
    shared, expected = here.recv()
    loaded = shared.load()
    os.kill(process.pid, signal.SIGKILL)
    process.join(timeout=120)
    assert process.exitcode == -signal.SIGKILL
    assert serialization.dumps(loaded) == expected
    if kind == "memory":
        with pytest.raises(serialization.NotSharedError):
            shared.load()
    else:  # a file without an owner goes when the next one is made
        with serialization.share(0):
            assert not Path(shared._address.path).exists()
        with pytest.raises(serialization.NotSharedError):
            shared.load()
    assert serialization.dumps(loaded) == expected


def test_the_file_of_a_living_owner_is_not_swept(monkeypatch, tmp_path, fit):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(segments, "_in_memory", lambda: False)
    with serialization.share(fit) as first, serialization.share(fit) as second:
        assert first.load().log_evidence == second.load().log_evidence == fit.log_evidence


def test_a_folder_that_others_can_use_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(segments, "_in_memory", lambda: False)
    (tmp_path / f"{segments._PREFIX}{os.getuid()}").mkdir(mode=0o755)
    with pytest.raises(PermissionError, match="only this user"):
        serialization.share(0)


def run(code_or_path, *arguments):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "support")])}
    command = [sys.executable, "-W", "error", *arguments, code_or_path]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)


def test_a_forked_child_leaves_its_parents_memory():
    done = run(str(ROOT / "tests" / "support" / "sharing.py"))
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["gone", "gone"], "")


@pytest.mark.parametrize("in_memory", [True, False])
def test_no_tracker_and_no_word_at_the_end_of_a_process(in_memory, tmp_path, monkeypatch):
    """A handle that is still open when its process ends leaves nothing, and starts no resource tracker."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    code = (
        "import serialization, numpy as np\n"
        "from serialization._transport import segments\n"
        f"segments._in_memory = lambda: {in_memory}\n"
        "shared = serialization.share(np.arange(1000.0)); again = shared.load()\n"
        "import sys; found = sys.modules.get('multiprocessing.resource_tracker')\n"
        "assert found is None or found._resource_tracker._pid is None\n"
        "print(again.sum())"
    )
    before = left_over(tmp_path)
    done = run(code, "-c")
    assert (done.returncode, done.stdout, done.stderr) == (0, "499500.0\n", "")
    assert left_over(tmp_path) == before


def test_jax_arrays(kind):
    pytest.importorskip("jax")
    fit = serialization.loads(serialization.dumps(problems.evaluated_fit_from()), backend="jax")
    with serialization.share(fit) as shared:
        loaded, on_numpy = shared.load(), shared.load("numpy")
        with pytest.raises(serialization.UnsupportedValueError, match="backend"):
            shared.load("torch")
    assert serialization.dumps(loaded) == serialization.dumps(fit)
    assert loaded.use_jax
    assert not on_numpy.use_jax
    assert float(on_numpy.log_evidence) - float(fit.log_evidence) == 0.0


def test_pieces_of_any_number_and_size_are_written(kind):
    rng = np.random.default_rng(3)
    pieces = [rng.bytes(int(size)) for size in rng.integers(0, 3000, 1500)]
    segment = segments.create(pieces)
    try:
        assert bytes(segments.map_segment(segment.address)) == b"".join(pieces)
    finally:
        segments.release(segment)
    assert codec.nbytes_of(np.zeros(3)) == 24
