"""`autoarray-state plot`: each kind of file is drawn as what it holds, and errors are one line."""

import json
import lzma
import os
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from mesh_fits import fit_on, mapper_of

import autoarray as aa
import serialization
from serialization.__main__ import OK, UNUSABLE, main

matplotlib = pytest.importorskip("matplotlib")

ARCHIVES = Path(__file__).parents[2] / "data" / "archives"


def objects():
    """What can be drawn, by the name of its class, and the number of panels with their colour bars."""
    fit = fit_on("adapt_density")
    mapper = mapper_of(fit_on("delaunay"))
    data = fit.dataset.data
    return {
        "FitImaging": (fit, 8),
        "InversionImagingMapping": (fit.inversion, 18),
        "Imaging": (fit.dataset, 12),
        "Mapper": (mapper, 1),
        "InterpolatorDelaunay": (mapper.interpolator, 1),
        "MeshGeometryDelaunay": (mapper.mesh_geometry, 1),
        "MeshGeometryRectangular": (mapper_of(fit).mesh_geometry, 1),
        "Array2D": (data, 2),
        "Mask2D": (data.mask, 2),
        "Convolver": (fit.dataset.psf, 2),
        "Grid2D": (fit.dataset.grids.pixelization, 1),
        "Grid2DIrregular": (mapper.source_plane_mesh_grid, 1),
    }


def pixels_of(path):
    return struct.unpack(">II", path.read_bytes()[16:24])


@pytest.mark.parametrize("name", objects())
def test_each_kind_of_object_is_drawn(name, tmp_path, capsys):
    item, axes = objects()[name]
    file = serialization.save(item, tmp_path / "item.aas")

    assert main(["plot", str(file), "--out", str(tmp_path / "new" / "item.png"), "--json"]) == OK

    report = json.loads(capsys.readouterr().out)
    assert report["drawn"] == name
    assert report["out"] == str(tmp_path / "new" / "item.png")
    assert tuple(report["pixels"]) == pixels_of(tmp_path / "new" / "item.png")
    from serialization._cli.plot import _drawing_of

    assert len(_drawing_of(item)(item, True).axes) == axes


@pytest.mark.parametrize(
    ("payload", "drawn"),
    [
        ("2026.10.26.1/numpy/chain_delaunay_nn.warm.cloudpickle.xz", "InversionImagingMapping"),
        ("2026.10.26.1/numpy/imaging.pickle.xz", "Imaging"),
        ("2026.5.14.2/numpy/chain_knn.warm.cloudpickle.xz", "InversionImagingMapping"),
    ],
)
def test_pickles_of_releases_are_drawn(payload, drawn, tmp_path, capsys):
    old = tmp_path / "old.pickle"
    old.write_bytes(lzma.decompress((ARCHIVES / payload).read_bytes()))

    assert main(["plot", str(old)]) == OK

    assert capsys.readouterr().out.splitlines()[-1] == f"{old}: {drawn} drawn to {tmp_path / 'old.png'}"
    assert pixels_of(tmp_path / "old.png")[0] > 1000


@pytest.mark.parametrize(("suffix", "start"), [("pdf", b"%PDF-"), ("svg", b"<?xml"), ("PNG", b"\x89PNG")])
def test_the_suffix_is_the_format(suffix, start, tmp_path):
    file = serialization.save(fit_on("uniform").dataset.data, tmp_path / "data.aas")
    out = tmp_path / f"data.{suffix}"

    assert main(["plot", str(file), "--out", str(out), "--dpi", "50"]) == OK

    assert out.read_bytes().startswith(start)


def test_in_a_container_the_fit_is_drawn_first(tmp_path, capsys):
    file = serialization.save({"data": fit_on("uniform").dataset.data, "fit": fit_on("uniform")}, tmp_path / "both.aas")

    assert main(["plot", str(file)]) == OK
    assert "FitImaging drawn" in capsys.readouterr().out


def test_a_fit_can_be_drawn_on_either_backend(tmp_path, capsys):
    pytest.importorskip("jax")
    file = serialization.save(fit_on("uniform"), tmp_path / "fit.aas")
    for backend in ("numpy", "jax"):
        assert main(["plot", str(file), "--backend", backend, "--out", str(tmp_path / f"{backend}.png")]) == OK

    assert (tmp_path / "numpy.png").read_bytes() == (tmp_path / "jax.png").read_bytes()


def failing(capsys, *arguments) -> str:
    assert main(["plot", *map(str, arguments)]) == UNUSABLE
    captured = capsys.readouterr()
    assert not captured.out
    assert captured.err.count("\n") == 1
    return captured.err


def test_what_can_not_be_drawn_is_one_line_that_says_what_can(tmp_path, capsys):
    file = serialization.save({"values": np.arange(3.0), "reg": aa.reg.Constant(1.0)}, tmp_path / "other.aas")

    error = failing(capsys, file)

    assert "expected an object that can be drawn (FitImaging, AbstractInversion, Imaging, Mapper, " in error
    assert "found dict of ndarray, Constant" in error
    assert not (tmp_path / "other.png").exists()


def test_bad_arguments_are_one_line(tmp_path, capsys):
    file = serialization.save(fit_on("uniform").dataset.data, tmp_path / "data.aas")
    (tmp_path / "data.png").write_bytes(b"mine")

    assert "--out: expected a file that ends in .png, .pdf or .svg" in failing(capsys, file, "--out", "x.jpg")
    assert "--force replaces it" in failing(capsys, file)
    assert "--dpi: expected at least 1, found 0" in failing(capsys, file, "--dpi", "0")
    assert "No such file" in failing(capsys, tmp_path / "missing.aas")
    assert (tmp_path / "data.png").read_bytes() == b"mine"
    assert main(["plot", str(file), "--force"]) == OK
    assert (tmp_path / "data.png").read_bytes() != b"mine"


def test_without_matplotlib_the_extra_is_named(tmp_path, capsys, monkeypatch):
    file = serialization.save(fit_on("uniform").dataset.data, tmp_path / "data.aas")
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    assert "pip install autoarray-portable[plot]" in failing(capsys, file)


def test_drawing_a_numpy_fit_imports_no_jax_and_no_pyplot(tmp_path):
    file = serialization.save(fit_on("delaunay"), tmp_path / "fit.aas")
    code = (
        "import sys; from serialization.__main__ import main; "
        f"code = main(['plot', {str(file)!r}]); "
        "print(code, 'jax' in sys.modules, 'matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "0 False False"
