"""Datasets and inversions of visibilities that releases of PyAutoArray pickled, with the numbers that they gave."""

import json
import lzma
from pathlib import Path

import interferometer_cases as cases
import numpy as np
import pytest

import autoarray as aa
import serialization
from serialization._legacy import interferometer

FOLDER = Path(__file__).parents[2] / "data" / "interferometer_archives"
FILES = sorted(FOLDER.glob("*/*.xz"))
# The oldest release of each line of states.
RELEASES = ("2026.5.1.4", "2026.5.14.2", "2026.7.29.1", "2026.9.4.1", "2026.10.12.1", "2026.10.26.1")


def expected_of(path):
    numbers = json.loads((path.parent / "expected.json").read_text())
    return numbers["cases"][path.name.split(".")[0]]


def complex_from(parts):
    return np.array(parts[0]) + 1j * np.array(parts[1])


def load(path, backend=None):
    data = lzma.decompress(path.read_bytes())
    return serialization.load_pickle(data, backend=backend, written_by=path.parent.name)


def is_of_pynufft(path):
    return path.name.startswith("mapping_nufft") and path.parent.name == "2026.5.1.4"


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}-{path.name[:-3]}" for path in FILES])
@pytest.mark.filterwarnings("ignore:.*NUFFT of pynufft:serialization.LegacyWarning")
def test_an_old_graph_gives_its_old_numbers(path):
    expected = expected_of(path)
    graph = load(path, "numpy")
    dataset = graph["dataset"]
    assert type(dataset) is aa.Interferometer
    assert dataset.real_space_mask.pixels_in_mask == expected["pixels"]
    if is_of_pynufft(path):  # the sums of the other transformer, which are exact
        expected = expected_of(path.with_name("mapping.pickle.xz"))
    if "dirty_image" in expected:
        close(dataset.dirty_image.array, expected["dirty_image"], 1e-9)
        image = aa.Array2D(values=np.linspace(0.0, 1.0, expected["pixels"]), mask=dataset.real_space_mask)
        visibilities = complex_from(expected["visibilities"])
        close(dataset.transformer.visibilities_from(image=image).array, visibilities, 1e-9)
    if "inversion" in graph:
        inversion = graph["inversion"]
        assert inversion.dataset is dataset
        close(inversion.reconstruction, expected["reconstruction"], 1e-8)
        assert float(inversion.fast_chi_squared) == pytest.approx(expected["fast_chi_squared"], rel=1e-8)
    again = serialization.loads(serialization.dumps(dataset))
    assert again.real_space_mask.pixels_in_mask == expected["pixels"]


def close(found, expected, limit):
    np.testing.assert_allclose(np.asarray(found), expected, rtol=0, atol=limit * np.abs(expected).max())


# The first two lines of releases can pickle no inversion, and their operator gave a negative chi squared.
@pytest.mark.parametrize("release", sorted({path.parent.name for path in FILES}))
@pytest.mark.parametrize("case", ["mapping", "sparse"])
@pytest.mark.parametrize("backend", ["numpy", "jax"])
def test_an_old_dataset_fits_with_the_numbers_of_the_sums(release, case, backend):
    xp = np if backend == "numpy" else pytest.importorskip("jax.numpy")
    folder = FOLDER / release
    dataset = load(folder / f"{case}.pickle.xz", backend)["dataset"]
    (mapper,) = cases.objects_from(aa, dataset, {}, xp=xp)
    sums = json.loads((folder / "expected.json").read_text())["cases"]["mapping"]
    if release in RELEASES[:3]:  # which can't compute the regularization of the others
        mapper = aa.Mapper(interpolator=mapper.interpolator, regularization=aa.reg.Constant(coefficient=2.0), xp=xp)
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=[mapper], settings=aa.Settings(), xp=xp)
    assert float(inversion.fast_chi_squared) == pytest.approx(sums["fast_chi_squared"], rel=1e-8)
    close(inversion.reconstruction, sums["reconstruction"], 1e-7)


@pytest.mark.parametrize("release", RELEASES[2:5])
def test_an_old_inversion_of_jax_restores_on_jax(release):
    xp = pytest.importorskip("jax.numpy")
    assert load(FOLDER / release / "sparse_jax.pickle.xz")["inversion"]._xp is xp


@pytest.mark.parametrize("pickler", ["pickle", "dill"])
def test_a_transformer_of_pynufft_is_warned_about(pickler):
    with pytest.warns(serialization.LegacyWarning, match=r"dataset'\]\.transformer: a NUFFT of pynufft"):
        graph = load(FOLDER / "2026.5.1.4" / f"mapping_nufft.{pickler}.xz")
    assert type(graph["dataset"].transformer) is aa.TransformerNUFFT


def test_there_is_an_archive_of_each_line_of_releases():
    found = {(path.parent.name, path.name.split(".")[0]) for path in FILES}
    for release in RELEASES:
        names = {name for folder, name in found if folder == release}
        assert names >= {"mapping", "mapping_nufft", "sparse"}, release
    assert {name for folder, name in found if folder == "2026.10.26.1"} >= {"sparse_beam", "stream"}


def test_a_kernel_of_which_a_release_kept_the_transform_is_that_kernel():
    """Releases up to 2026.9.4.1 kept `Khat`."""
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
