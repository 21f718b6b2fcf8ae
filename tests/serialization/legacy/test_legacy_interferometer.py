"""Datasets and inversions of visibilities that releases of PyAutoArray pickled, with the numbers that they gave."""

import json
import lzma
from pathlib import Path

import numpy as np
import pytest

import autoarray as aa
import serialization
from serialization._legacy import interferometer

FOLDER = Path(__file__).parents[2] / "data" / "interferometer_archives"
FILES = sorted(FOLDER.glob("*/*.xz"))


def expected_of(path):
    numbers = json.loads((path.parent / "expected.json").read_text())
    return numbers["cases"][path.name.split(".")[0]]


def complex_from(parts):
    return np.array(parts[0]) + 1j * np.array(parts[1])


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}-{path.name[:-3]}" for path in FILES])
def test_an_old_graph_gives_its_old_numbers(path):
    expected = expected_of(path)
    graph = serialization.load_pickle(lzma.decompress(path.read_bytes()))
    dataset = graph["dataset"]
    assert type(dataset) is aa.Interferometer
    assert dataset.real_space_mask.pixels_in_mask == expected["pixels"]
    if "dirty_image" in expected:
        scale = np.abs(expected["dirty_image"]).max()
        np.testing.assert_allclose(dataset.dirty_image.array, expected["dirty_image"], rtol=0, atol=1e-9 * scale)
        image = aa.Array2D(values=np.linspace(0.0, 1.0, expected["pixels"]), mask=dataset.real_space_mask)
        visibilities = complex_from(expected["visibilities"])
        found = dataset.transformer.visibilities_from(image=image).array
        np.testing.assert_allclose(found, visibilities, rtol=0, atol=1e-9 * np.abs(visibilities).max())
    if "inversion" in graph:
        inversion = graph["inversion"]
        assert inversion.dataset is dataset
        solution = np.array(expected["reconstruction"])
        np.testing.assert_allclose(inversion.reconstruction, solution, rtol=0, atol=1e-8 * np.abs(solution).max())
        assert float(inversion.fast_chi_squared) == pytest.approx(expected["fast_chi_squared"], rel=1e-8)
    again = serialization.loads(serialization.dumps(dataset))
    assert again.real_space_mask.pixels_in_mask == expected["pixels"]


def test_there_is_an_archive_of_the_newest_release():
    names = {path.name.split(".")[0] for path in FILES if path.parent.name == "2026.10.26.1"}
    assert names == {"mapping", "mapping_nufft", "sparse", "sparse_beam", "stream"}


def test_a_kernel_of_which_a_release_kept_the_transform_is_that_kernel():
    """Releases up to 2026.9.4.1 kept `Khat`, of which there is no archive."""
    shape = (3, 5)
    kernel = np.random.default_rng(0).normal(size=(2 * shape[0], 2 * shape[1]))
    state = {"Khat": np.fft.rfft2(kernel), "dirty_image": np.ones(4), "y_shape": shape[0], "x_shape": shape[1]}
    rule = interferometer.RULES[
        "autoarray.inversion.inversion.interferometer.inversion_interferometer_util:InterferometerSparseOperator"
    ]
    assert rule.convert is not None
    np.testing.assert_allclose(rule.convert(state)["nufft_precision_operator"], kernel, rtol=0, atol=1e-14)
    stored = {**state, "nufft_precision_operator": 2.0 * kernel}
    np.testing.assert_array_equal(rule.convert(stored)["nufft_precision_operator"], 2.0 * kernel)
