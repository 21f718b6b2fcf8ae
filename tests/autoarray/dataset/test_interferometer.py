"""Datasets of interferometers: their images, streams, sums that add up, simulators and bad input."""

import pickle
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from interferometer_problem import ARCSECOND, dataset_of, mapper_of, mask_of, phases_of, uv_of

import autoarray as aa
from autoarray.dataset.interferometer import primary_beam
from autoarray.inversion.inversion.interferometer import _streams
from autoarray.inversion.inversion.interferometer import inversion_interferometer_util as util


def chunks_of(dataset, sizes=(50, 1, 69)):
    starts = np.cumsum((0, *sizes))
    for start, end in pairwise(starts):
        yield dataset.uv_wavelengths[start:end], dataset.data[start:end], dataset.noise_map.in_array[start:end]


def test_images_are_their_sums():
    dataset = dataset_of()
    phases = phases_of(dataset.mask, dataset.uv_wavelengths)
    data, noise = dataset.data.array, dataset.noise_map.array

    def adjoint(values):
        return values.real @ np.cos(phases) - values.imag @ np.sin(phases)

    weighted = data.real / noise.real**2 + 1j * data.imag / noise.imag**2
    total = (noise.real**-2).sum()
    ratio = np.maximum(data.real / noise.real, 0.0) + 1j * np.maximum(data.imag / noise.imag, 0.0)
    for found, expected in (
        (dataset.dirty_image, adjoint(data)),
        (dataset.dirty_noise_map, adjoint(noise)),
        (dataset.dirty_image_natural, adjoint(weighted) / total),
        (dataset.dirty_beam, adjoint(noise.real**-2 + 0j) / total),
        (dataset.dirty_signal_to_noise_map, adjoint(ratio)),
        (dataset.signal_to_noise_map, ratio),
    ):
        np.testing.assert_allclose(found.array, expected, rtol=0, atol=1e-11 * max(1.0, np.abs(expected).max()))
    np.testing.assert_allclose(dataset.uv_distances, np.hypot(*dataset.uv_wavelengths.T))
    assert dataset.mask is dataset.real_space_mask
    assert dataset.psf is None
    assert dataset.grids.lp.shape == (dataset.mask.pixels_in_mask, 2)
    assert dataset.signal_to_noise_max == max(ratio.real.max(), ratio.imag.max())


def test_a_stream_gives_the_dataset_without_its_visibilities():
    dataset = dataset_of().apply_sparse_operator()
    stream = aa.Interferometer.from_stream(chunks_of(dataset), dataset.real_space_mask)
    assert stream.is_array_free
    own, other = dataset.sparse_operator, stream.sparse_operator
    for name in ("nufft_precision_operator", "hankel_operator", "dirty_image", "data_term", "noise_normalization"):
        np.testing.assert_allclose(getattr(other, name), getattr(own, name), rtol=1e-11, atol=1e-9)
    np.testing.assert_allclose(stream.dirty_image_natural.array, dataset.dirty_image_natural.array, atol=1e-11)
    np.testing.assert_allclose(stream.dirty_beam.array, dataset.dirty_beam.array, atol=1e-11)
    evidences = [
        aa.FitInterferometer(each, inversion=aa.Inversion(each, [mapper_of(each)])).log_evidence
        for each in (dataset, stream)
    ]
    assert evidences[1] == pytest.approx(evidences[0], rel=1e-11)
    for name in ("dirty_image", "amplitudes", "phases", "uv_distances", "signal_to_noise_map", "dirty_noise_map"):
        with pytest.raises(aa.exc.DatasetException, match=f"{name}: expected a dataset with visibilities"):
            getattr(stream, name)
    with pytest.raises(aa.exc.DatasetException, match="expected a dataset with visibilities"):
        stream.apply_sparse_operator()


def test_a_stream_takes_no_more_memory_the_longer_it_is(monkeypatch):
    size, mask = 2000, mask_of()
    monkeypatch.setattr(_streams, "_AT_ONCE", size)

    def peak(count):
        ones = np.ones(size)
        chunks = ((uv_of(size, seed=index), ones + 0j, ones * (1 + 1j)) for index in range(count))
        tracemalloc.start()
        try:
            dataset = aa.Interferometer.from_stream(chunks, mask)
            assert dataset.sparse_terms.n_vis == count * size
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2)  # what is imported and kept once
    assert peak(60) < 1.2 * peak(3)


def test_terms_of_parts_add_up_to_those_of_all():
    dataset = dataset_of()
    mask = dataset.real_space_mask
    chunks = list(chunks_of(dataset))
    whole = util.sparse_terms_from_chunks(chunks, real_space_mask=mask, oversample=2)
    parts = [util.sparse_terms_from_chunks([chunk], real_space_mask=mask, oversample=2) for chunk in chunks]
    total = sum(parts)
    assert total.n_vis == 120
    for name, value in vars(whole).items():
        if isinstance(value, (np.ndarray, float)):
            np.testing.assert_allclose(getattr(total, name), value, rtol=1e-11, atol=1e-9, err_msg=name)
        else:
            assert getattr(total, name) == value, name
    shifted = util.sparse_terms_from_chunks(chunks, real_space_mask=mask, phase_centre=(0.1, 0.0))
    with pytest.raises(aa.exc.InversionException, match="the same phase_centre"):
        _ = whole + shifted
    smaller = mask_of(radius=0.4)
    with pytest.raises(aa.exc.InversionException, match="its bounding box of"):
        aa.Interferometer.from_sparse_terms(whole, smaller)
    with pytest.raises(aa.exc.InversionException, match="expected the pixel_scales"):
        aa.Interferometer.from_sparse_terms(whole, mask_of(pixel_scales=0.2, radius=1.3))


def test_the_phase_centre_moves_the_image():
    dataset = dataset_of()
    y, x = 0.2, -0.1
    stream = aa.Interferometer.from_stream(chunks_of(dataset), dataset.real_space_mask, phase_centre=(y, x))
    u, v = dataset.uv_wavelengths.T
    turned = dataset.data * np.exp(2j * np.pi * (u * x + v * y) * ARCSECOND)
    moved = aa.Interferometer(turned, dataset.noise_map, dataset.uv_wavelengths, dataset.real_space_mask)
    np.testing.assert_allclose(stream.dirty_image_natural.array, moved.dirty_image_natural.array, atol=1e-11)


def test_finer_grids_are_their_sums():
    dataset = dataset_of(mask_of(shape=(8, 7), radius=0.3))
    terms = util.sparse_terms_from_chunks(
        chunks_of(dataset), real_space_mask=dataset.real_space_mask, oversample=2, oversample_pad=0.25
    )
    shapes = util.fine_grid_shapes_from((8, 7), 2, 0.25)
    assert (terms.precision_operator_fine.shape, terms.dirty_image_fine.shape) == shapes == ((40, 36), (32, 28))
    noise, step = dataset.noise_map.array, 0.05 * ARCSECOND
    weights = (noise.real**-2 + noise.imag**-2) / 2.0
    u, v = dataset.uv_wavelengths.T
    for i, j in ((0, 0), (1, 3), (-2, 5), (-1, -1)):
        expected = (weights * np.cos(2.0 * np.pi * step * (-j * u + i * v))).sum()
        assert terms.precision_operator_fine[i, j] == pytest.approx(expected, abs=1e-9)
    data = dataset.data.array
    for i, j in ((0, 0), (16, 14), (20, 3)):
        phase = 2.0 * np.pi * step * ((j - 14) * u + (16 - i) * v)
        expected = (data.real / noise.real**2 * np.cos(phase) - data.imag / noise.imag**2 * np.sin(phase)).sum()
        assert terms.dirty_image_fine[i, j] == pytest.approx(expected, abs=1e-9)
    with pytest.raises(ValueError, match="expected an even number"):
        util.fine_grid_shapes_from((8, 7), 3)


def test_pooled_noise_is_the_root_of_the_mean_square():
    dataset = dataset_of(asymmetry=0.1)
    pooled = dataset.apply_sparse_operator(pool_noise_map=True)
    noise = dataset.noise_map.array
    expected = np.sqrt((noise.real**2 + noise.imag**2) / 2.0)
    np.testing.assert_allclose(pooled.noise_map.array, expected + 1j * expected)
    assert pooled.sparse_operator.hankel_operator is None
    stream = aa.Interferometer.from_stream(chunks_of(dataset), dataset.real_space_mask, pool_noise_map=True)
    np.testing.assert_allclose(
        stream.sparse_operator.nufft_precision_operator, pooled.sparse_operator.nufft_precision_operator, atol=1e-9
    )
    with pytest.warns(UserWarning, match="pooling changes the fit"):
        dataset_of(asymmetry=3.0).apply_sparse_operator(pool_noise_map=True)
    util.check_noise_map_real_imag_equal(pooled.noise_map)
    with pytest.raises(aa.exc.DatasetException, match="the same standard deviations"):
        util.check_noise_map_real_imag_equal(dataset.noise_map)


@pytest.mark.parametrize(
    ("chunks", "error", "message"),
    [
        ([], ValueError, "found an empty stream"),
        ([(uv_of(3), np.ones(2) + 0j, np.ones(3) * (1 + 1j))], ValueError, "the same length, found 3, 2 and 3"),
        ([(uv_of(2), np.ones(2) + 0j)], ValueError, "uv_wavelengths, data, noise_map"),
        ([(uv_of(2), np.array([1, np.nan]) + 0j, np.ones(2) * (1 + 1j))], aa.exc.DatasetException, "found .nan.* at 1"),
        ([(uv_of(2), np.ones(2) + 0j, np.zeros(2) * 1j)], aa.exc.DatasetException, "positive finite standard dev"),
        ([(uv_of(2)[:, :1], np.ones(2) + 0j, np.ones(2) * (1 + 1j))], aa.exc.DatasetException, "shape .visib"),
    ],
)
def test_bad_streams_are_refused(chunks, error, message):
    with pytest.raises(error, match=message):
        aa.Interferometer.from_stream(chunks, mask_of())


def test_bad_datasets_are_refused():
    mask, uv = mask_of(), uv_of(4)
    data, noise = aa.Visibilities.ones(4), aa.VisibilitiesNoiseMap.ones(4)
    for arguments, message in (
        ((data[:3], noise, uv, mask), "same length, found 3, 4 and 4"),
        ((data, noise[:3], uv, mask), "same length, found 4, 3 and 4"),
        ((data.array, noise, uv, mask), "expected Visibilities"),
        ((data, noise * 0.0, uv, mask), "found 0.0 for the real part of visibility 0"),
        ((data, noise + np.array([0, 0, -2j, 0]), uv, mask), "found -1.0 for the imaginary part of visibility 2"),
        ((data * np.nan, noise, uv, mask), "Interferometer.data: expected finite numbers"),
        ((data, noise, uv * np.inf, mask), "expected finite wavelengths"),
        ((data, noise, uv.T, mask), r"shape \(visibilities, 2\)"),
        ((None, noise, uv, mask), "or none of them"),
        ((None, None, None, mask), "expected a sparse_operator"),
        ((data, noise, uv, "mask"), "expected a Mask2D"),
    ):
        with pytest.raises(aa.exc.DatasetException, match=message):
            aa.Interferometer(*arguments)
    many = 10_001
    with pytest.raises(aa.exc.DatasetException, match="raise_error_dft_visibilities_limit=False"):
        aa.Interferometer(
            aa.Visibilities.ones(many), aa.VisibilitiesNoiseMap.ones(many), uv_of(many), mask, aa.TransformerDFT
        )


def test_a_simulator_adds_its_noise_and_beam():
    mask, uv = mask_of(), uv_of(2000)
    image = aa.Array2D(values=np.linspace(0.0, 1.0, mask.pixels_in_mask), mask=mask)
    beam = np.linspace(0.5, 1.0, mask.pixels_in_mask)
    arguments = {"uv_wavelengths": uv, "exposure_time": 300.0, "primary_beam": beam}
    clean = aa.SimulatorInterferometer(noise_sigma=None, noise_if_add_noise_false=0.3, **arguments).via_image_from(
        image
    )
    expected = aa.TransformerDFT(uv, mask).visibilities_from(image * beam)
    np.testing.assert_allclose(clean.data.array, expected.array, atol=1e-10)
    np.testing.assert_array_equal(clean.noise_map.array, np.full(2000, 0.3 + 0.3j))
    simulator = aa.SimulatorInterferometer(noise_sigma=0.5, noise_seed=4, **arguments)
    noisy = simulator.via_image_from(image)
    drawn = noisy.data.array - clean.data.array
    assert np.std(drawn.real) == pytest.approx(0.5, rel=0.05)
    assert np.std(drawn.imag) == pytest.approx(0.5, rel=0.05)
    np.testing.assert_array_equal(simulator.via_image_from(image).data.array, noisy.data.array)
    assert pickle.loads(pickle.dumps(simulator)).transformer_class is aa.TransformerDFT
    np.testing.assert_array_equal(noisy.primary_beam_slim, beam)
    with pytest.raises(aa.exc.DatasetException, match="at the top of a module"):
        aa.SimulatorInterferometer(uv, 300.0, transformer_class=lambda **_: None)


def test_the_width_of_a_primary_beam():
    """ALMA at 345 GHz, by the value of PyAutoArray 2026.10.26.1."""
    assert primary_beam.primary_beam_fwhm_arcsec_from(345e9, 12.0) == pytest.approx(16.878, abs=1e-3)
    mask = aa.Mask2D.all_false(shape_native=(401, 3), pixel_scales=0.1)
    beam = primary_beam.primary_beam_gaussian_from(mask, 345e9, 12.0, centre=(1.0, 0.0)).native.array
    assert beam[190, 1] == 1.0
    half = 16.878 / 2.0
    assert np.interp(half, (190 - np.arange(190, 0, -1)) * 0.1, beam[190:0:-1, 1]) == pytest.approx(0.5, abs=1e-3)
    with pytest.raises(aa.exc.DatasetException, match="frequency_hz: expected a positive number"):
        primary_beam.primary_beam_fwhm_arcsec_from(0.0, 12.0)


def test_files_hold_the_dataset(tmp_path):
    pytest.importorskip("astropy")
    pytest.importorskip("matplotlib")
    from autoarray.dataset.plot.interferometer_plots import fits_interferometer

    dataset = dataset_of()
    paths = [tmp_path / f"{name}.fits" for name in ("data", "noise", "uv")]
    fits_interferometer(dataset, data_path=paths[0], noise_map_path=paths[1], uv_wavelengths_path=paths[2])
    fits_interferometer(dataset, file_path=tmp_path / "all.fits")
    for arguments in (
        {"data_path": paths[0], "noise_map_path": paths[1], "uv_wavelengths_path": paths[2]},
        {
            "data_path": tmp_path / "all.fits",
            "noise_map_path": tmp_path / "all.fits",
            "uv_wavelengths_path": tmp_path / "all.fits",
            "noise_map_hdu": 1,
            "uv_wavelengths_hdu": 2,
        },
    ):
        read = aa.Interferometer.from_fits(real_space_mask=dataset.mask, **arguments)
        np.testing.assert_array_equal(read.data.array, dataset.data.array)
        np.testing.assert_array_equal(read.noise_map.array, dataset.noise_map.array)
        np.testing.assert_array_equal(read.uv_wavelengths, dataset.uv_wavelengths)


def test_a_dataset_without_visibilities_is_small():
    dataset = dataset_of(count=3000)
    stream = aa.Interferometer.from_stream(chunks_of(dataset, (3000,)), dataset.real_space_mask)
    assert len(pickle.dumps(stream)) < 40_000
    whole = len(pickle.dumps(dataset.apply_sparse_operator()))
    # Data and noise of 16 bytes for each visibility, and (u, v) of 16, once.
    assert whole < 3000 * 48 + 40_000
