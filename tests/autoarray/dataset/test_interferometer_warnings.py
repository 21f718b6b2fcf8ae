"""What an interferometer's dataset warns of, each once, where the dataset is made."""

import copy
import pickle
import re
import warnings
from itertools import pairwise

import numpy as np
import pytest
from interferometer_problem import dataset_of, mapper_of, mask_of, uv_of

import autoarray as aa
from autoarray.inversion.inversion.interferometer import _streams
from autoarray.inversion.inversion.interferometer import inversion_interferometer_util as util

METRES, TOO_LONG = 300.0, 3e6


@pytest.fixture(autouse=True)
def caught():
    """All warnings that a test gives, however often the same."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        yield found


def _made(scale=1.5e5, **arguments):
    ones = aa.Visibilities.ones(4), aa.VisibilitiesNoiseMap.ones(4)
    return aa.Interferometer(*ones, uv_of(4, scale=scale), mask_of(), **arguments)


def _beam():
    """1 in all pixels but the third."""
    return np.where(np.arange(mask_of().pixels_in_mask) == 2, 0.0, 1.0)


@pytest.mark.parametrize(
    ("scale", "message"),
    [
        (METRES, r"fringes across the 1\.3 arc-seconds .* are these metres\? Divide them by the wavelength in metres"),
        (TOO_LONG, r"Nyquist\); make it with pixel_scales of 0\.0\d+ arc-seconds or less"),
    ],
)
def test_baselines_that_do_not_fit_the_pixels_are_told_of_once(caught, scale, message):
    dataset = _made(scale)
    (found,) = caught
    assert found.category is aa.exc.DatasetWarning
    assert found.filename == __file__
    assert re.search(message, str(found.message))
    for each in (dataset, pickle.loads(pickle.dumps(dataset)), copy.copy(dataset)):
        _ = each.apply_sparse_operator().dirty_image, each.dirty_image
        _ = aa.FitInterferometer(each, inversion=aa.Inversion(each, [mapper_of(each)])).log_evidence
    assert len(caught) == 1


@pytest.mark.parametrize(("scale", "word"), [(METRES, "metres"), (TOO_LONG, "Nyquist")])
def test_the_longest_baseline_of_a_stream_is_told_of_once(caught, monkeypatch, scale, word):
    monkeypatch.setattr(_streams, "_AT_ONCE", 3)
    uv, ones = uv_of(12, scale=scale), np.ones(12)
    chunks = [(uv[part], ones[part] + 0j, ones[part] * (1 + 1j)) for part in (slice(0, 5), slice(5, 12))]
    aa.Interferometer.from_stream(chunks, mask_of())
    (found,) = caught
    assert (found.category, found.filename) == (aa.exc.DatasetWarning, __file__)
    assert word in str(found.message)


@pytest.mark.parametrize(("wavelength", "count"), [(1.0, 1), (0.0009, 0)])
@pytest.mark.parametrize("kilometres", [0.15, 16.0])  # the shortest and the longest arrays of ALMA
def test_baselines_of_alma_in_metres_are_told_from_wavelengths(caught, kilometres, wavelength, count):
    mask = aa.Mask2D.all_false(shape_native=(50, 50), pixel_scales=0.1)
    ones = aa.Visibilities.ones(1), aa.VisibilitiesNoiseMap.ones(1)
    aa.Interferometer(*ones, np.array([[kilometres * 1e3 / wavelength, 0.0]]), mask)
    assert sum("metres" in str(each.message) for each in caught) == count


def test_wavelengths_give_no_warning(caught):
    _made()
    dataset_of()
    assert not caught


def test_a_primary_beam_that_is_0_is_told_of_once(caught):
    dataset = _made(primary_beam=_beam())
    (found,) = caught
    assert found.category is aa.exc.DatasetWarning
    assert str(found.message) == (
        f"primary_beam: it is 0 in 1 of {mask_of().pixels_in_mask} unmasked pixels, which no visibility depends on; "
        "mask them"
    )
    pickle.loads(pickle.dumps(dataset)).apply_sparse_operator()
    assert len(caught) == 1


def _simulated():
    image = aa.Array2D(values=np.ones(mask_of().pixels_in_mask), mask=mask_of())
    return aa.SimulatorInterferometer(uv_of(4), exposure_time=1.0, primary_beam=_beam()).via_image_from(image)


def _streamed():
    dataset = dataset_of()
    chunks = [(dataset.uv_wavelengths, dataset.data, dataset.noise_map.in_array)]
    return aa.Interferometer.from_stream(chunks, dataset.real_space_mask, primary_beam=_beam())


@pytest.mark.parametrize("make", [_simulated, _streamed])
def test_simulators_and_streams_tell_of_their_beam_once(caught, make):
    make()
    (found,) = caught
    assert found.category is aa.exc.DatasetWarning
    assert found.filename == __file__


def test_a_stream_tells_once_that_its_noise_is_pooled(caught, monkeypatch):
    monkeypatch.setattr(_streams, "_AT_ONCE", 40)
    dataset = dataset_of(asymmetry=3.0)
    parts = dataset.uv_wavelengths, dataset.data, dataset.noise_map.in_array
    chunks = [tuple(part[start:end] for part in parts) for start, end in pairwise((0, 50, 120))]
    pooled = util.sparse_terms_from_chunks(chunks, real_space_mask=dataset.real_space_mask, pool_noise_map=True)
    (found,) = caught
    assert found.category is aa.exc.DatasetWarning
    assert "pooling changes the fit" in str(found.message)
    kept = util.sparse_terms_from_chunks(chunks, real_space_mask=dataset.real_space_mask)
    assert len(caught) == 1
    assert pooled.n_vis == kept.n_vis == 120
