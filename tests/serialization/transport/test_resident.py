"""Resident data: what a process gets, that it is prepared, and that it stays one object."""

from __future__ import annotations

import functools
import gc
import pickle
import threading

import numpy as np
import problems
import pytest
from graph import walk
from interrupts import maps_of
from light_profiles import GaussianList
from residents import EINSTEIN, log_evidence
from vertex_problems import vertices_from

import autoarray as aa
import serialization
from autoarray._state import State
from serialization._transport import resident as room
from serialization._transport import segments
from serialization._transport.prepared import _Pickler


@pytest.fixture(params=[False, True], ids=["plain", "operator"])
def dataset(request):
    dataset = problems.dataset_from()
    return dataset.apply_sparse_operator_cpu() if request.param else dataset


@pytest.fixture(autouse=True)
def nothing_stays():
    yield
    assert room._kept == {}


def derived_in(obj):
    """What has been derived in the objects of a graph: the class of each of them, and the name."""
    found = []
    for value in _Pickler(obj).objects:
        if isinstance(value, State) and "_derived" in vars(value):
            values = vars(value)["_derived"]
            found += [(type(value).__name__, name) for name in [*values.intermediates, *values.results]]
    return sorted(found)


def received(handle):
    """The handle as another process gets it."""
    return pickle.loads(pickle.dumps(handle))


def on_vertices(dataset):
    interpolator = aa.mesh.Delaunay(pixels=18, zeroed_pixels=6).interpolator_from(
        source_plane_data_grid=problems.traced_from(dataset),
        source_plane_mesh_grid=vertices_from(),
        border_relocator=dataset.grids.border_relocator,
    )
    mapper = aa.Mapper(interpolator=interpolator, regularization=aa.reg.ConstantSplit(coefficient=1.0))
    return aa.FitImaging(dataset=dataset, inversion=aa.Inversion(dataset=dataset, linear_obj_list=[mapper]))


def with_light(dataset):
    light = GaussianList(dataset.grids.lp, [0.05, 0.1, 0.3], blurring_grid=dataset.grids.blurring, psf=dataset.psf)
    fit = problems.fit_from(dataset=dataset)
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=[light, *fit.inversion.linear_obj_list])
    return aa.FitImaging(dataset=dataset, inversion=inversion)


FITS = {
    "uniform": lambda dataset: problems.fit_from(mesh="uniform", dataset=dataset),
    "adaptive": lambda dataset: problems.fit_from(mesh="adapt_image", dataset=dataset),
    "delaunay": on_vertices,
    "light": with_light,
}


@pytest.mark.parametrize("fit_of", FITS.values(), ids=FITS)
def test_a_fit_has_the_same_evidence_and_derives_nothing_more(dataset, fit_of):
    expected = fit_of(dataset).log_evidence
    with serialization.resident(unused(dataset)) as data:
        there = received(data).get()
        before = derived_in(there)
        assert before
        assert fit_of(there).log_evidence - expected == 0.0
        assert derived_in(there) == before


def unused(dataset):
    """An equal dataset that no fit has used."""
    return pickle.loads(pickle.dumps(dataset))


def test_the_handle_is_small_and_says_what_it_is(dataset):
    with serialization.resident(dataset) as data:
        assert len(pickle.dumps(data)) <= 400
        assert len(pickle.dumps(functools.partial(data.call, log_evidence))) <= 1000
        other = received(data)
        assert (data.closed, other.closed) == (False, None)
        assert repr(data).startswith("<ResidentHandle of Imaging, 0.")
        assert repr(data).endswith("open>")
        assert data.nbytes == other.nbytes > len(serialization.dumps(dataset))
        other.close()  # which does nothing there
        assert other.get() is data.get()
    assert data.closed
    data.close()
    with pytest.raises(serialization.NotSharedError, match="closed"):
        data.get()


def test_every_handle_gives_one_object_with_what_it_derives(dataset):
    with serialization.resident(dataset, prepare=False) as data:
        one = data.get()
        assert one is not dataset
        assert all(received(data).get() is one for _ in range(3))
        matrix = received(data).get().psf.state_from(one.mask).matrix
        assert received(data).get().psf.state_from(one.mask).matrix is matrix
        assert data.call(log_evidence, EINSTEIN[0]) == log_evidence(dataset, EINSTEIN[0])
        del one


def test_the_given_object_is_left_alone(dataset):
    before = derived_in(dataset)
    with serialization.resident(dataset):
        assert derived_in(dataset) == before


def test_arrays_are_aligned_read_only_views_of_one_map(dataset):
    gc.collect()
    with serialization.resident(dataset) as data:
        there = data.get()
        arrays = [array for _, array in walk(there) if isinstance(array, np.ndarray)]
        state = there.psf.state_from(there.mask)
        arrays += [state.matrix.data, state.matrix.indices, state.blurring_matrix.data, state.fft_kernel, *state.tiles]
        assert len(arrays) > 10
        assert not any(array.flags.writeable for array in arrays)
        assert not any(array.flags.owndata for array in arrays if array.size)
        assert all(array.__array_interface__["data"][0] % 64 == 0 for array in arrays if array.size)
        assert maps_of("autoarray-state-") == 1
        assert there.data.mask is there.noise_map.mask is there.grids.mask
        if there.sparse_operator is not None:
            assert there.sparse_operator.psf is there.psf
        del there, arrays, state
    gc.collect()
    assert maps_of("autoarray-state-") == 0


@pytest.mark.parametrize("wrap", [lambda d: [d], lambda d: functools.partial(log_evidence, d), lambda d: {"a": (1, d)}])
def test_datasets_inside_of_other_objects_are_prepared(wrap):
    with serialization.resident(wrap(problems.dataset_from())) as data:
        assert ("ConvolverState", "matrix") in derived_in(data.get())


def test_what_is_prepared_can_be_chosen(dataset):
    with serialization.resident(dataset, prepare=False) as data:
        assert derived_in(data.get()) == derived_in(dataset)
    with serialization.resident(dataset, prepare=lambda twin: twin.mask.fft_index_for_masked_pixel) as data:
        found = set(derived_in(data.get())) - set(derived_in(dataset))
    assert found == {("Mask2D", "fft_index_for_masked_pixel")}
    with pytest.raises(TypeError, match="prepare: expected a bool or a function of the object, found 'all'"):
        serialization.resident(dataset, prepare="all")


def test_what_a_search_has_derived_already_comes_along(dataset):
    log_evidence(dataset, EINSTEIN[0])
    before = derived_in(dataset)
    with serialization.resident(dataset, prepare=False) as data:
        assert derived_in(data.get()) == before


@pytest.mark.parametrize("use_fft", [True, False])
def test_a_psf_that_is_told_how_to_convolve(use_fft):
    dataset = problems.dataset_from()
    psf = aa.Convolver(kernel=dataset.psf.kernel, use_fft=use_fft)
    dataset = aa.Imaging(
        data=dataset.data, noise_map=dataset.noise_map, psf=psf, over_sample_size_lp=2, over_sample_size_pixelization=2
    )
    with serialization.resident(dataset) as data:
        assert (("ConvolverState", "matrix") in derived_in(data.get())) == (not use_fft)
        assert log_evidence(data.get(), 0.35) - log_evidence(dataset, 0.35) == 0.0


def test_a_dataset_with_correlated_noise():
    dataset = problems.dataset_from()
    covariance = np.diag(np.asarray(dataset.noise_map.array) ** 2)
    dataset = aa.Imaging(
        data=dataset.data, noise_map=dataset.noise_map, psf=dataset.psf, noise_covariance_matrix=covariance
    )
    with serialization.resident(dataset) as data:
        assert ("Imaging", "noise_covariance_matrix_inv") in derived_in(data.get())


def test_a_dataset_without_a_psf():
    dataset = problems.dataset_from(psf=False)
    with serialization.resident(dataset) as data:
        assert log_evidence(data.get(), 0.35) - log_evidence(dataset, 0.35) == 0.0


@pytest.mark.parametrize(
    "value", [None, [], np.zeros(0), {"a": [np.arange(3)] * 2}, [np.asfortranarray(np.ones((2, 3))), np.array(3.0)]]
)
def test_any_value_can_be_resident(value):
    with serialization.resident(value) as data:
        found = data.get()
        assert pickle.dumps(found) == pickle.dumps(pickle.loads(pickle.dumps(value)))
        assert received(data).get() is found


@pytest.mark.parametrize("value", [lambda: 0, [threading.Lock()]])
def test_what_cannot_be_pickled_is_refused(value):
    with pytest.raises(serialization.UnsupportedValueError, match="expected an object that pickle carries, found"):
        serialization.resident(value)


def test_objects_go_when_their_owners_have_closed_them():
    """Here, and in a process that only received the handle, when it gets its next object."""
    first, second = (serialization.resident(np.arange(number)) for number in (1000, 2000))
    worker_of = received(first)
    first.get(), second.get()
    assert len(room._kept) == 2
    first.close()
    assert len(room._kept) == 1
    kept = dict(room._kept)
    second.close()
    room._kept.update(kept)  # as if another process had closed it
    with serialization.resident(0) as third:
        third.get()
        assert list(room._kept) == [third._address.name]
    with pytest.raises(serialization.NotSharedError):
        worker_of.get()


def test_a_thousand_handles_take_no_memory(dataset):
    gc.collect()
    with serialization.resident(dataset) as data:
        one = data.get()
        payload = pickle.dumps(data)
        assert all(pickle.loads(payload).get() is one for _ in range(1000))
        assert maps_of("autoarray-state-") == 1
        assert len(room._kept) == 1
        del one


def test_threads_that_ask_at_once_get_one_object(dataset):
    with serialization.resident(dataset) as data:
        start, found = threading.Barrier(8), []

        def ask():
            start.wait()
            found.append(received(data).get())

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 8
        assert len({id(one) for one in found}) == 1
        found.clear()


def test_changed_bytes_are_refused(dataset):
    """In the pickle, in an array, and in the header."""
    with serialization.resident(dataset) as data:
        payload = bytearray(data._mapped())
    for position in (70, len(payload) // 3, len(payload) // 2, len(payload) - 1):
        changed = payload.copy()
        changed[position] ^= 1
        segment = segments.create([changed])
        with (
            serialization.ResidentHandle(segment, segment.address, len(changed), data._digest, "x") as other,
            pytest.raises(serialization.CorruptError, match="digest"),
        ):
            other.get()


def test_a_dropped_handle_is_closed_with_a_warning():
    held = [serialization.resident(np.arange(3))]
    other = received(held[0])
    with pytest.warns(ResourceWarning, match="ResidentHandle of ndarray.*dropped without being closed"):
        held.clear()
    with pytest.raises(serialization.NotSharedError):
        other.get()


@pytest.mark.parametrize("index", range(4))
def test_another_release_is_an_error_that_names_both(dataset, monkeypatch, index):
    """Of this package, Python, NumPy or SciPy; and not before somebody asks for the object."""
    with serialization.resident(dataset) as data:
        payload = pickle.dumps(data)
        own = room.releases()
        other = tuple(f"{name} 99" if at == index else name for at, name in enumerate(own))
        monkeypatch.setattr(room, "releases", lambda: other)
        there = pickle.loads(payload)
        with pytest.raises(serialization.NotSharedError) as error:
            there.get()
        assert f"expected the releases that its owner prepared it with, {', '.join(own)}, found" in str(error.value)
        assert own[index] + " 99" in str(error.value)
        assert pickle.loads(pickle.dumps(there))._made_by == own
        monkeypatch.undo()
        assert pickle.loads(payload).get() is data.get()


def test_a_handle_of_a_later_release_can_be_received():
    """Whatever it holds."""
    there = serialization.ResidentHandle._received(("autoarray-portable 99.0.0",), {"address": 1}, 2)
    assert repr(there) == "<ResidentHandle of an object, 0.00 MB, received>"
    with pytest.raises(serialization.NotSharedError, match=r"prepared it with, autoarray-portable 99\.0\.0, found"):
        there.get()


def test_jax_arrays_keep_their_precision():
    jax = pytest.importorskip("jax")
    array = jax.numpy.arange(3.0)
    assert array.dtype == np.float64
    with serialization.resident([array, aa.Array2D.no_mask([[1.0, 2.0]], pixel_scales=1.0)]) as data:
        found = data.get()[0]
        assert isinstance(found, jax.Array)
        assert (found.dtype, found.tolist()) == (np.float64, [0.0, 1.0, 2.0])
        room._kept.clear()
        with jax.enable_x64(False), pytest.raises(serialization.PrecisionLossError, match="jax_enable_x64"):
            data.get()


def test_a_jax_tracer_is_refused():
    jax = pytest.importorskip("jax")
    with pytest.raises(serialization.UnsupportedValueError, match="tracer"):
        jax.jit(lambda x: serialization.resident([x]))(1.0)
