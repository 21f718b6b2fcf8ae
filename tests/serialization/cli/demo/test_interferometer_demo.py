"""The demonstration of visibilities from end to end, on a few of them."""

import numpy as np
import pytest

import serialization
from serialization.__main__ import OK, UNUSABLE, main
from serialization._cli.demo.interferometer import uv_from

SMALL = [
    "--interferometer",
    *("--visibilities", "1500"),
    *("--mask-radius", "1.0"),
    *("--pixel-scales", "0.08"),
    *("--einstein-radius", "0.6"),
    *("--mesh-shape", "18", "18"),
]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The folder and the exit code of one run on both backends."""
    pytest.importorskip("jax")
    folder = tmp_path_factory.mktemp("demo")
    return folder, main(["demo", "--out", str(folder), *SMALL])


def test_it_writes_what_it_says(finished):
    folder, code = finished
    assert code == OK
    assert {path.name for path in folder.iterdir()} == {
        "data",
        "dataset.png",
        "fit.png",
        "fit_jax.aas",
        "fit_numpy.aas",
    }
    assert {path.name for path in (folder / "data").iterdir()} == {
        "visibilities.fits",
        "noise_map.fits",
        "uv_wavelengths.fits",
    }


def test_the_fit_explains_the_visibilities(finished):
    folder, _ = finished
    fit = serialization.load(folder / "fit_numpy.aas")
    assert fit.dataset.data.shape == (1500,)
    assert 0.85 < fit.reduced_chi_squared < 1.1


def test_visibilities_of_yours_are_read(finished, tmp_path):
    folder, _ = finished
    assert main(["demo", "--data", str(folder / "data"), "--out", str(tmp_path), "--json", *SMALL]) == OK
    assert not (tmp_path / "data").exists()
    assert main(["demo", "--data", str(tmp_path), "--out", str(tmp_path), *SMALL]) == UNUSABLE
    assert main(["demo", "--out", str(tmp_path), "--lens-light", "sersic", *SMALL]) == UNUSABLE
    assert main(["demo", "--out", str(tmp_path), *SMALL, "--visibilities", "0"]) == UNUSABLE


def test_tracks_are_of_the_rotation_of_the_earth():
    """(u, (v - v_0) / sin declination) of a baseline moves on a circle, by 15 degrees an hour."""
    times = 7
    uv = uv_from(43 * 42 // 2 * times).reshape(times, -1, 2)
    assert np.hypot(*uv.reshape(-1, 2).T).max() < 1200.0 / (299792458.0 / 345e9)
    # The chord between two times is that of the circle, whatever v_0 is.
    steps = np.diff(uv, axis=0) / [1.0, np.sin(np.radians(-30.0))]
    lengths = np.hypot(steps[..., 0], steps[..., 1])
    np.testing.assert_allclose(lengths, np.broadcast_to(lengths[0], lengths.shape), rtol=1e-9)
