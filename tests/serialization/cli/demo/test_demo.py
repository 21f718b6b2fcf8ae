"""The demonstration from end to end, on a small image."""

import re

import numpy as np
import pytest

import serialization
from serialization.__main__ import CHECK_FAILED, OK, UNUSABLE, main
from serialization._cli.demo import carry
from serialization._cli.demo.options import Options
from serialization._cli.demo.run import _backends_from

SMALL = [
    *("--mask-radius", "1.2"),
    *("--pixel-scales", "0.08"),
    *("--einstein-radius", "0.7"),
    *("--mesh-shape", "14", "15"),
]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The folder, the output and the exit code of one run on both backends."""
    pytest.importorskip("jax")
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        lines: list[str] = []
        patch.setattr("sys.stdout", Recorder(lines))
        code = main(["demo", "--out", str(folder), *SMALL])
    return folder, "".join(lines), code


class Recorder:
    def __init__(self, lines):
        self.lines = lines

    def write(self, text):
        self.lines.append(text)

    def flush(self):
        pass

    def isatty(self):
        return False


def test_it_succeeds_and_says_so(finished):
    _, output, code = finished

    assert code == OK
    assert output.endswith("Every fit was restored exactly: all deltas are 0.0.\n")


def test_the_table_has_a_row_for_each_fit_and_way(finished):
    _, output, _ = finished
    rows = [line for line in output.splitlines() if "pickle to a process" in line or "msgpack to disk" in line]
    assert [re.split(r"\s{2,}", row.strip())[0] for row in rows] == [
        "numpy",
        "msgpack to disk",
        "jax",
        "msgpack to disk",
    ]
    for row, own, other in zip(rows, ("numpy", "numpy", "jax", "jax"), ("", "jax", "", "numpy"), strict=True):
        cells = re.split(r"\s{2,}", row.strip())
        restored = [f"{other}, 0.0"] if other else ["-"]
        assert cells[-4:] == ["0.0", "0.0", own, *restored]


def test_every_step_took_its_time(finished):
    _, output, _ = finished
    steps = re.findall(r"^\[\d/\d\] .* \.\.\. (.*)$", output, flags=re.MULTILINE)

    assert len(steps) == 8
    assert all(re.fullmatch(r"\d+\.\d s", step) for step in steps)


def test_it_leaves_the_image_the_fits_and_the_figure(finished):
    folder, _, _ = finished
    from matplotlib.image import imread

    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) == [
        "data/data.fits",
        "data/noise_map.fits",
        "data/psf.fits",
        "fit.png",
        "fit_jax.aas",
        "fit_numpy.aas",
    ]
    picture = imread(folder / "fit.png")
    assert picture.shape[:2] == (1118, 1352)
    assert picture.std() > 0.05


def test_the_fits_on_disk_agree(finished):
    folder, _, _ = finished
    on_numpy = serialization.load(folder / "fit_numpy.aas")
    on_jax = serialization.load(folder / "fit_jax.aas")

    assert (on_numpy.use_jax, on_jax.use_jax) == (False, True)
    np.testing.assert_allclose(float(on_jax.log_evidence), float(on_numpy.log_evidence), rtol=1e-8)


def test_the_fit_explains_the_image(finished):
    folder, _, _ = finished
    fit = serialization.load(folder / "fit_numpy.aas")

    assert 0.7 < float(fit.reduced_chi_squared) < 1.3


def test_it_takes_an_image_from_files_and_a_uniform_mesh(finished, tmp_path, capsys):
    folder, _, _ = finished
    arguments = ["demo", "--data", str(folder / "data"), "--out", str(tmp_path), "--mesh", "uniform"]

    assert main([*arguments, "--lens-light", "none", *SMALL]) == OK
    assert "uniform mesh of 14 x 15" in capsys.readouterr().out


def test_a_delta_that_is_not_zero_fails_the_run(finished, tmp_path, monkeypatch, capsys):
    folder, _, _ = finished
    values_of = carry.Values.of.__func__
    seen = []

    def shifted(cls, fit):
        seen.append(fit)
        found = values_of(cls, fit)
        # The last look at the first fit: what was loaded from its file on the other backend.
        return cls(found.log_likelihood + 1e-9 * (len(seen) == 5), found.log_evidence, found.backend)

    monkeypatch.setattr(carry.Values, "of", classmethod(shifted))
    arguments = ["demo", "--data", str(folder / "data"), "--out", str(tmp_path), "--lens-light", "none"]

    assert main([*arguments, *SMALL]) == CHECK_FAILED
    assert "FAILED: not restored exactly: numpy, msgpack to disk" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changes", "exact"),
    [
        ({}, True),
        ({"other_backend": "jax", "other_delta": 0.0}, True),
        ({"delta_log_likelihood": 1e-300}, False),
        ({"delta_log_evidence": float("nan")}, False),
        ({"other_backend": "jax", "other_delta": 1e-12}, False),
        ({"other_backend": "numpy", "other_delta": float("nan")}, False),
        ({"restored_backend": "jax"}, False),
    ],
)
def test_what_counts_as_exact(changes, exact):
    carried = {
        "way": "a way",
        "payload_bytes": 1,
        "there_and_back": 0.1,
        "delta_log_likelihood": 0.0,
        "delta_log_evidence": 0.0,
        "restored_backend": "numpy",
    }

    assert carry.Carried(**carried | changes).is_exact("numpy") is exact


@pytest.mark.parametrize("values", [(float("nan"), 1.0), (1.0, float("nan"))])
def test_a_nan_is_never_lost_in_the_largest_difference(values):
    assert np.isnan(carry._largest(values))
    assert carry._largest((0.5, -2.0)) == 2.0


def test_a_worker_that_fails_is_reported():
    with carry.Worker(with_jax=False) as worker, pytest.raises(Exception, match="invalid load key"):
        worker.ask(b"\x00 not a pickle")


def test_a_worker_that_dies_is_reported():
    with carry.Worker(with_jax=False) as worker:
        worker.process.terminate()
        worker.process.join()
        with pytest.raises(RuntimeError, match="found that it ended with exit code -15"):
            worker.ask(b"")


def test_without_jax_only_numpy_is_shown(monkeypatch, capsys):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    import sys

    assert _backends_from(Options(), sys.stdout) == ["numpy"]
    assert "pip install autoarray-portable[jax]" in capsys.readouterr().out


@pytest.mark.parametrize(("module", "extra"), [("astropy", "fits"), ("matplotlib", "plot")])
def test_a_missing_extra_is_named(module, extra, monkeypatch, tmp_path, capsys):
    from importlib.util import find_spec

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == module else find_spec(name))

    assert main(["demo", "--out", str(tmp_path)]) == UNUSABLE
    assert capsys.readouterr().err == (
        f"autoarray-state: error: the demonstration needs {module}: pip install autoarray-portable[{extra}]\n"
    )


def test_missing_files_are_named(tmp_path, capsys):
    (tmp_path / "data.fits").write_bytes(b"")

    assert main(["demo", "--data", str(tmp_path), "--out", str(tmp_path / "out")]) == UNUSABLE
    assert capsys.readouterr().err == (
        f"autoarray-state: error: {tmp_path}: expected data.fits, noise_map.fits, psf.fits, "
        "found no noise_map.fits, psf.fits\n"
    )
