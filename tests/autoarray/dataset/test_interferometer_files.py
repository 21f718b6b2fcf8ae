"""Measurement Sets and UVFITS files, made here, streamed into datasets."""

import numpy as np
import pytest
from interferometer_problem import mask_of

import autoarray as aa

SPEED_OF_LIGHT = 299792458.0
FREQUENCIES = [np.array([3.40e11, 3.41e11, 3.42e11]), np.array([3.50e11, 3.51e11])]


def measured(seed=1, rows=40, channels=3):
    """uvw in metres, visibilities of two hands, their weights and flags."""
    rng = np.random.default_rng(seed)
    uvw = rng.uniform(-120.0, 120.0, size=(rows, 3))
    data = rng.normal(size=(rows, channels, 2)) + 1j * rng.normal(size=(rows, channels, 2))
    weights = rng.uniform(0.5, 2.0, size=(rows, channels, 2))
    flags = rng.random((rows, channels, 2)) < 0.2
    return uvw, data, weights, flags


def expected_from(uvw, data, weights, flags, frequencies):
    """The same as a chunk: hands averaged by their weights, flagged ones left out, x to the west."""
    weights = np.where(flags, 0.0, weights)
    total = weights.sum(axis=2)
    used = total > 0.0
    mean = (weights * data).sum(axis=2)[used] / total[used]
    uv = uvw[:, None, :2] * frequencies[None, :, None] / SPEED_OF_LIGHT * [-1.0, 1.0]
    return uv[used], mean, total[used] ** -0.5


def check(chunks, expected):
    """Whether chunks together are what is expected."""
    uv, data, noise = (np.concatenate(parts) for parts in zip(*chunks, strict=True))
    np.testing.assert_allclose(uv, expected[0], rtol=1e-6)
    np.testing.assert_allclose(data, expected[1], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(noise.real, expected[2], rtol=1e-5)
    np.testing.assert_array_equal(noise.real, noise.imag)


@pytest.fixture(scope="module")
def measurement_set(tmp_path_factory):
    """A Measurement Set of two spectral windows, of four correlations, with an autocorrelation in front."""
    tables = pytest.importorskip("casacore.tables")
    path = str(tmp_path_factory.mktemp("ms") / "small.ms")
    table = tables.default_ms(path)
    parts = [measured(seed, channels=frequencies.size) for seed, frequencies in enumerate(FREQUENCIES)]
    for window, (uvw, data, weights, flags) in enumerate(parts):
        first, rows = table.nrows(), len(uvw) + 1
        table.addrows(rows)
        _add_columns(tables, table)
        for i in range(rows):
            row = first + i
            own = max(i - 1, 0)
            spread = {"DATA": (0j, data), "WEIGHT_SPECTRUM": (1.0, weights), "FLAG": (False, flags)}
            for name, (filling, values) in spread.items():
                full = np.full((values.shape[1], 4), filling, dtype=values.dtype)
                full[:, [0, 3]] = values[own]
                table.putcell(name, row, full.astype({"DATA": np.complex64, "FLAG": bool}.get(name, np.float32)))
            table.putcell("UVW", row, uvw[own])
            table.putcell("WEIGHT", row, np.ones(4, dtype=np.float32))
            table.putcell("SIGMA", row, np.ones(4, dtype=np.float32))
            table.putcell("ANTENNA1", row, 0)
            table.putcell("ANTENNA2", row, 0 if i == 0 else 1)
            table.putcell("DATA_DESC_ID", row, window)
            table.putcell("FLAG_ROW", row, i == 5)
    table.close()
    with tables.table(f"{path}::SPECTRAL_WINDOW", readonly=False, ack=False) as windows:
        windows.addrows(2)
        for window, frequencies in enumerate(FREQUENCIES):
            windows.putcell("NUM_CHAN", window, frequencies.size)
            for name in ("CHAN_FREQ", "CHAN_WIDTH", "EFFECTIVE_BW", "RESOLUTION"):
                windows.putcell(name, window, frequencies)
    with tables.table(f"{path}::POLARIZATION", readonly=False, ack=False) as polarization:
        polarization.addrows(1)
        polarization.putcell("NUM_CORR", 0, 4)
        polarization.putcell("CORR_TYPE", 0, np.array([9, 10, 11, 12], dtype=np.int32))
        polarization.putcell("CORR_PRODUCT", 0, np.zeros((4, 2), dtype=np.int32))
    with tables.table(f"{path}::DATA_DESCRIPTION", readonly=False, ack=False) as description:
        description.addrows(2)
        for window in range(2):
            description.putcell("SPECTRAL_WINDOW_ID", window, window)
            description.putcell("POLARIZATION_ID", window, 0)
    for _, _, _, flags in parts:
        flags[4] = True  # the row that is flagged as a whole
    return path, [expected_from(*part, frequencies) for part, frequencies in zip(parts, FREQUENCIES, strict=True)]


def _add_columns(tables, table):
    if "DATA" not in table.colnames():
        table.addcols(tables.maketabdesc([tables.makearrcoldesc("DATA", 0j, ndim=2, valuetype="complex")]))
    if "WEIGHT_SPECTRUM" not in table.colnames():
        table.addcols(tables.maketabdesc([tables.makearrcoldesc("WEIGHT_SPECTRUM", 0.0, ndim=2, valuetype="float")]))


@pytest.mark.parametrize("chunk_size", [7, 2**19])
def test_a_measurement_set_is_streamed(measurement_set, chunk_size):
    path, parts = measurement_set
    chunks = list(aa.Interferometer.chunks_of_measurement_set(path, chunk_size=chunk_size))
    assert all(len(chunk[0]) <= max(chunk_size, 3) for chunk in chunks)
    check(chunks, [np.concatenate(arrays) for arrays in zip(*parts, strict=True)])
    dataset = aa.Interferometer.from_stream(chunks, mask_of())
    assert dataset.sparse_terms.n_vis == sum(len(part[0]) for part in parts)


def test_what_is_no_measurement_set_is_refused(measurement_set, tmp_path):
    path, _ = measurement_set
    with pytest.raises(aa.exc.DatasetException, match="expected a column MODEL_DATA of visibilities"):
        list(aa.Interferometer.chunks_of_measurement_set(path, column="MODEL_DATA"))
    with pytest.raises(FileNotFoundError, match="no such Measurement Set"):
        list(aa.Interferometer.chunks_of_measurement_set(tmp_path / "nothing.ms"))


@pytest.mark.parametrize("with_windows", [False, True])
def test_a_uvfits_file_is_streamed(tmp_path, with_windows):
    fits = pytest.importorskip("astropy.io.fits")
    uvw, data, weights, flags = measured()
    values = np.stack((data.real, data.imag, np.where(flags, -weights, weights)), axis=-1)[:, None, None]
    frequencies = FREQUENCIES[0]
    if with_windows:
        values = values[:, :, :, None]
    seconds = uvw[:, :2] / SPEED_OF_LIGHT
    groups = fits.GroupData(
        values.astype(np.float32),
        bitpix=-32,
        parnames=["UU---SIN", "VV---SIN"],
        pardata=list(seconds.astype(np.float32).T),
    )
    unit = fits.GroupsHDU(groups)
    types = ["COMPLEX", "STOKES", "FREQ", *(["IF"] if with_windows else []), "RA", "DEC"]
    for axis, name in enumerate(types, start=2):
        first, step = {"STOKES": (-5.0, -1.0), "FREQ": (frequencies[0], 1e9), "COMPLEX": (1.0, 1.0)}.get(
            name, (1.0, 1.0)
        )
        for key, value in (("CTYPE", name), ("CRPIX", 1.0), ("CRVAL", first), ("CDELT", step)):
            unit.header[f"{key}{axis}"] = value
    units = [unit]
    offset = 0.0
    if with_windows:
        offset = 2e9
        table = fits.BinTableHDU.from_columns([fits.Column("IF FREQ", "1D", array=[offset])], name="AIPS FQ")
        units.append(table)
    path = tmp_path / "small.uvfits"
    fits.HDUList(units).writeto(path)
    expected = expected_from(uvw, data, weights, flags, frequencies + offset)
    check(list(aa.Interferometer.chunks_of_uvfits(path, chunk_size=11)), expected)
    east_right = next(aa.Interferometer.chunks_of_uvfits(path, east_left=False))
    np.testing.assert_allclose(east_right[0], expected[0] * [-1.0, 1.0], rtol=1e-6)


def test_what_is_no_uvfits_file_is_refused(tmp_path):
    pytest.importorskip("astropy")
    from autoarray.fitsable import write_arrays

    path = write_arrays(tmp_path / "image.fits", {None: np.ones((3, 3))})
    with pytest.raises(aa.exc.DatasetException, match="expected random groups of visibilities, found PrimaryHDU"):
        list(aa.Interferometer.chunks_of_uvfits(path))
    with pytest.raises(FileNotFoundError):
        list(aa.Interferometer.chunks_of_uvfits(tmp_path / "nothing.uvfits"))
