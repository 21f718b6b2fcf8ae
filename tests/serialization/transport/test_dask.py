"""Dask: frames of payloads, and fits on a cluster of two worker processes."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
import warnings
from pathlib import Path

import clusters
import numpy as np
import problems
import pytest
from graphs import Part, Unregistered, assert_same, small

import serialization
from serialization._payload import codec
from serialization._transport.frames import frames_of, from_frames, nbytes_of

ROOT = Path(__file__).parents[3]
distributed = pytest.importorskip("distributed")
EINSTEIN = [0.33, 0.35, 0.37, 0.39]


@pytest.fixture(scope="module")
def client():
    """Two workers in processes of their own, which are told of payloads and import nothing by hand."""
    with warnings.catch_warnings():
        # What distributed's own shutdown leaves open.
        warnings.simplefilter("ignore", ResourceWarning)
        cluster = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, worker_dashboard_address=None
        )
        with cluster, distributed.Client(cluster) as client:
            assert serialization.register_dask(client) is None
            yield client
        gc.collect()


@pytest.fixture(scope="module")
def fits(backend):
    dataset = problems.dataset_from()
    found = [problems.evaluated_fit_from(dataset=dataset, einstein=radius) for radius in EINSTEIN]
    return [serialization.loads(serialization.dumps(fit), backend=backend) for fit in found]


def test_the_frames_are_the_payload():
    fit = problems.evaluated_fit_from()
    large = Part([fit, np.arange(40_000.0), np.asfortranarray(np.ones((300, 40)))], np.zeros(0))
    frames = frames_of(large)
    assert b"".join(frames) == serialization.dumps(large)
    assert len(frames) >= 4
    assert nbytes_of(large) == len(serialization.dumps(large))
    assert [np.shares_memory(np.frombuffer(frames[1], np.uint8), large.value[1])] == [True]
    for whole in (frames, [bytearray(frame) for frame in frames], [b"".join(frames)], [*frames, b""]):
        assert_same(large, from_frames(whole))


def test_large_arrays_are_views_of_their_frames():
    array = np.arange(40_000.0)
    frames = frames_of([array, array])
    received = [np.empty(len(frame), np.uint8) for frame in frames]
    for frame, buffer in zip(frames, received, strict=True):
        buffer[:] = np.frombuffer(frame, np.uint8)
    one, same = from_frames(received)
    assert one is same
    assert one.flags.writeable
    assert np.shares_memory(one, received[1])
    assert np.array_equal(one, array)


@pytest.mark.parametrize("shift", range(1, 8))
def test_arrays_that_arrive_unaligned_or_read_only_are_copied(shift):
    array = np.arange(40_000.0)
    frames = [bytes(frame) for frame in frames_of([array])]
    shifted = [memoryview(bytearray(shift) + frame)[shift:] for frame in frames]
    for received in (shifted, frames):
        (found,) = from_frames(received)
        assert found.flags.aligned
        assert found.flags.writeable
        assert np.array_equal(found, array)


@pytest.mark.parametrize("size", [1, 7, 64, 1000, 4096])
def test_frames_that_were_cut_elsewhere(size):
    payload = serialization.dumps([small(), np.arange(1000.0)])
    pieces = [payload[start : start + size] for start in range(0, len(payload), size)]
    assert serialization.dumps(from_frames(pieces)) == payload


def test_changed_frames_are_refused():
    frames = [bytearray(frame) for frame in frames_of([np.arange(40_000.0), problems.evaluated_fit_from()])]
    for index, frame in enumerate(frames):
        for position in (0, len(frame) // 2, len(frame) - 1):
            changed = [bytearray(other) for other in frames]
            changed[index][position] ^= 1
            with pytest.raises(serialization.SerializationError):
                from_frames(changed)
    with pytest.raises(serialization.TruncatedError):
        from_frames(frames[:-1])
    with pytest.raises(serialization.CorruptError):
        from_frames([*frames, b"x"])
    with pytest.raises(serialization.NotAPayloadError):
        from_frames([])


def test_a_compressed_payload_arrives_too():
    payload = serialization.dumps([np.arange(1000.0)], compression="zlib")
    assert serialization.dumps(from_frames([payload])) == serialization.dumps([np.arange(1000.0)])
    assert codec.nbytes_of(payload) == len(payload)


def test_map_of_fits(client, fits):
    """The same fits, computed by two processes, sent back whole, bit for bit."""
    futures = client.scatter(fits)
    results = client.gather(client.map(clusters.results_of, futures))
    for fit, found in zip(fits, results, strict=True):
        assert found["carried_as_payload"]
        assert found["use_jax"] == fit.use_jax
        assert found["log_evidence"] == float(fit.log_evidence)
        assert found["log_likelihood"] == float(fit.log_likelihood)
        assert found["mask_is_shared"]
        assert found["pid"] != os.getpid()
    returned = client.gather(client.map(clusters.itself, futures, pure=False))
    for fit, found in zip(fits, returned, strict=True):
        assert serialization.dumps(found) == serialization.dumps(fit)
        assert found.dataset.mask is found.inversion.linear_obj_list[0].interpolator.data_grid.mask


def test_fits_as_arguments_in_the_task(client, fits):
    futures = client.map(clusters.itself, fits)
    assert len({future.key for future in futures}) == len(fits)
    for fit, found in zip(fits, client.gather(futures), strict=True):
        assert serialization.dumps(found) == serialization.dumps(fit)


def test_fits_made_by_workers_pass_from_one_to_the_other(client):
    dataset = problems.dataset_from()
    there = client.scatter(dataset, broadcast=True)
    futures = client.map(clusters.fit_of, EINSTEIN, dataset=there)
    addresses = list(client.scheduler_info()["workers"])
    best = client.submit(clusters.best_of, futures, workers=addresses[:1], pure=False).result()
    expected = [problems.evaluated_fit_from(dataset=dataset, einstein=radius) for radius in EINSTEIN]
    same = [serialization.dumps(fit) for fit in expected]
    assert serialization.dumps(best) == same[int(np.argmax([fit.log_evidence for fit in expected]))]
    assert [serialization.dumps(fit) for fit in client.gather(futures)] == same


def test_the_message_is_the_payload(client):
    """Neither pickled nor copied: the frames of the message are those of the payload, in Dask's own protocol."""
    from distributed.protocol import deserialize, serialize

    fit = problems.evaluated_fit_from()
    header, frames = serialize(fit)
    assert header["serializer"] == "dask"
    assert b"".join(bytes(frame) for frame in frames) == serialization.dumps(fit)
    assert_same(fit, deserialize(header, [bytearray(frame) for frame in frames]))


def test_equal_objects_have_one_name_and_their_size_is_known(client):
    from dask.sizeof import sizeof
    from dask.tokenize import tokenize

    one, same, other = (problems.evaluated_fit_from(einstein=radius) for radius in (0.33, 0.33, 0.35))
    assert tokenize(one) == tokenize(same) != tokenize(other)
    assert sizeof(one) == len(serialization.dumps(one))


def test_what_is_no_payload_is_pickled(client):
    from distributed.protocol import deserialize, serialize

    part = Part(Unregistered(), np.arange(3.0))
    header, frames = serialize(part)
    assert header["serializer"] == "pickle"
    assert deserialize(header, frames).value.value == 1


def test_a_worker_that_joins_later(client):
    """It is prepared before its first task."""
    client.cluster.scale(3)
    try:
        client.wait_for_workers(3, timeout=60)
        known = client.run(clusters.knows_payloads)
        assert list(known.values()) == [True] * 3
    finally:
        client.cluster.scale(2)
        # The next test registers with every worker: none may be on its way out.
        deadline = time.monotonic() + 60
        while len(client.nthreads()) > 2 and time.monotonic() < deadline:
            time.sleep(0.05)
    assert len(client.nthreads()) == 2


def test_an_asynchronous_client(client):
    async def registered():
        async with distributed.Client(client.scheduler.address, asynchronous=True) as other:
            await serialization.register_dask(other)
            return await other.submit(clusters.knows_payloads, pure=False)

    assert client.sync(registered)


def test_a_scheduler_that_knows_neither_package():
    """On other machines only clients and workers need them: the scheduler passes on what it does not look into."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "support")])}
    scheduler = subprocess.Popen(
        [sys.executable, clusters.__file__], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, env=environment
    )
    worker = None
    try:
        address = scheduler.stdout.readline().strip()
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--worker-port", "0"]
        worker = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_worker", address, *options],
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        fit = problems.evaluated_fit_from()
        with distributed.Client(address) as client:
            serialization.register_dask(client)
            client.wait_for_workers(1, timeout=60)
            future = client.scatter(fit, direct=False)
            assert client.submit(clusters.results_of, future).result()["carried_as_payload"]
            returned = client.submit(clusters.itself, future).result()
            assert serialization.dumps(returned) == serialization.dumps(fit)
            assert client.run_on_scheduler(clusters.imported_packages) == []
    finally:
        for process in (worker, scheduler):
            if process is not None:
                process.terminate()
                process.communicate()


def test_a_cache_that_workers_share(client, tmp_path):
    """One computation per key in the cluster, and every worker is given the same bits."""
    cache = serialization.Cache(tmp_path.as_uri())
    calls = tmp_path / "calls"
    calls.mkdir()
    dataset = problems.dataset_from()
    futures = client.map(
        clusters.cached_fit, EINSTEIN * 4, dataset=client.scatter(dataset, broadcast=True), cache=cache,
        calls=str(calls), pure=False, key=[f"cached-{index}" for index in range(4 * len(EINSTEIN))],
    )  # fmt: skip
    found = client.gather(futures)
    expected = [
        serialization.dumps(problems.evaluated_fit_from(dataset=dataset, einstein=radius)) for radius in EINSTEIN
    ]
    assert [serialization.dumps(fit) for fit, _ in found] == expected * 4
    assert len(list(calls.iterdir())) == len(EINSTEIN)
    assert {pid for _, pid in found} <= set(client.run(os.getpid).values())
    assert serialization.dumps(cache.get(clusters.key_of(cache, dataset, EINSTEIN[0]))) == expected[0]


def test_without_distributed_the_error_names_the_extra():
    code = (
        "import sys, serialization\n"
        "sys.modules['distributed'] = None\n"
        "try:\n    serialization.register_dask()\n"
        "except ImportError as error:\n    print(error)"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "autoarray-portable[dask]" in done.stdout
