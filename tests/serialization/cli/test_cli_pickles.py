"""`autoarray-state inspect` of pickles: what they hold, without building or importing anything of them."""

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pickles import NDARRAY, RECONSTRUCT, Call, Name, New, array, array_state, assemble

import autoarray
from serialization.__main__ import CHECK_FAILED, OK, UNUSABLE, main

GEOMETRY = Name("autoarray.inversion.mesh.mesh_geometry.rectangular", "MeshGeometryRectangular")
MESH = Name("autoarray.inversion.mesh.mesh.rectangular_uniform", "RectangularUniform")


def geometry(module=("cloudpickle.cloudpickle", "subimport"), xp="numpy", **state):
    mesh = New(MESH, {"shape": (3, 3), "pixels": 9})
    grids = {"mesh": mesh, "mesh_grid": array(), "data_grid": None, "mesh_weight_map": None, "spline_deg": None}
    return New(GEOMETRY, {**grids, "_xp": Call(Name(*module), (xp,)), **state})


def jax_array():
    arguments = (RECONSTRUCT, (NDARRAY, (0,), b"b"), array_state((2, 1)), {"weak_type": False})
    return Call(Name("jax._src.array", "_reconstruct_array"), arguments)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "old.pickle"
    path.write_bytes(
        assemble({"one": geometry(), "two": geometry(), "three": geometry(mesh_weight_map=jax_array())}, 5)
    )
    return path


def rows_of(text):
    return [line.split() for line in text.splitlines()]


def test_inspect_tells_what_a_pickle_holds(file, capsys):
    assert main(["inspect", str(file)]) == OK

    rows = rows_of(capsys.readouterr().out)
    assert ["root", "dict"] in rows
    assert ["format", "pickle", "protocol", "5,", "by", "cloudpickle"] in rows
    assert ["backend", "mixed"] in rows
    assert ["modules", "numpy"] in rows
    types = [row for row in rows if row and row[0].startswith("autoarray.")]
    geometry, mesh = f"{GEOMETRY.module}.{GEOMETRY.name}", f"{MESH.module}.{MESH.name}"
    assert types == [
        [mesh, "autoarray.mesh.RectangularUniform", "1", "3", "2"],
        [geometry, "autoarray.MeshGeometryRectangular", "1", "3", "6"],
    ]
    assert ["written", "by", "a", "release", "from", "2026.5.1.4", "to", "2026.5.14.2"] in rows
    arrays = [row for row in rows if row and row[0].startswith("$")]
    assert arrays[0] == ["$['one'].mesh_grid", "float64", "2", "C", "numpy", "16", "B"]
    assert arrays[-1] == ["$['three'].mesh_weight_map", "float64", "2", "x", "1", "C", "jax", "16", "B"]
    assert len(arrays) == 4


def test_inspect_as_json(file, capsys):
    assert main(["inspect", "--json", str(file)]) == OK

    info = json.loads(capsys.readouterr().out)
    assert info["library"] == "cloudpickle"
    assert info["nbytes"] == file.stat().st_size
    assert info["backend"] == "mixed"
    assert info["arrays"][0]["shape"] == [2]
    assert info["releases"] == ["2026.5.1.4", "2026.5.14.2"]
    assert info["problems"] == []
    assert {(row["name"], row["schema"]) for row in info["types"]} == {(GEOMETRY.name, 1), (MESH.name, 1)}


@pytest.mark.parametrize(
    ("value", "protocol", "line"),
    [
        (geometry(("dill._dill", "_import_module"), "jax.numpy"), 4, "format        pickle protocol 4, by dill"),
        (New(MESH, {"shape": (3, 3), "pixels": 9}), 2, "backend       no arrays"),
        (New(Name("a", "B"), {"shape": (3, 3)}), 2, "root          a.B"),
        ([1, 2], 0, "root          list"),
        (array(), 3, "backend       numpy"),
        (jax_array(), 3, "backend       jax"),
    ],
)
def test_inspect_tells_the_kind_of_a_pickle(value, protocol, line, tmp_path, capsys):
    file = tmp_path / "file"
    file.write_bytes(assemble(value, protocol))

    assert main(["inspect", str(file)]) == OK
    assert line in capsys.readouterr().out.splitlines()


def test_the_content_decides_rather_than_the_name(tmp_path, capsys):
    file = tmp_path / "pickle.aas"
    file.write_bytes(pickle.dumps({"a": np.zeros(3)}))

    assert main(["inspect", str(file)]) == OK
    assert "format        pickle protocol" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            assemble(Call(Name("os", "system"), ("true",)), 2),
            "byte 29: expected a function that this reader knows, found os",
        ),
        (pickle.dumps([1])[:-1], "byte 16: expected a whole pickle, found pickle exhausted before seeing STOP"),
        (b"\x1f\x8b\x08\x00", "{file}: expected an .aas file or a pickle, found data compressed by gzip"),
        (b"", "{file}: expected an .aas file or a pickle, found"),
        (b"\xa7AAST", "payload: expected at least 64 bytes, found 5"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(data, message, tmp_path, capsys):
    file = tmp_path / "file"
    file.write_bytes(data)

    assert main(["inspect", str(file)]) == UNUSABLE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith(f"autoarray-state: error: {message.format(file=file)}")


def test_inspect_imports_nothing_that_a_pickle_names(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(assemble([geometry(xp="jax.numpy"), New(Name("wave", "Wave_read")), jax_array()]))
    code = (
        "import sys; from serialization.__main__ import main; code = main(sys.argv[1:]); "
        "print(sorted({'jax', 'wave', 'cloudpickle', 'dill'} & set(sys.modules)), code)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, "inspect", str(file)],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        check=True,
    )

    assert result.stdout.splitlines()[-1] == "[] 0"


def test_a_state_of_no_release_is_a_problem(tmp_path, capsys):
    file = tmp_path / "file"
    file.write_bytes(assemble({"mesh": New(MESH, {"shape": (3, 3), "colour": "red"})}))

    assert main(["inspect", str(file)]) == CHECK_FAILED
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "problem       $['mesh']: expected the state of " in captured.out
    assert ["root", "dict"] in rows_of(captured.out)


def test_a_pickle_of_this_project(tmp_path, capsys):
    file = tmp_path / "mask.pickle"
    file.write_bytes(pickle.dumps(autoarray.Mask2D.all_false(shape_native=(3, 3), pixel_scales=1.0)))

    assert main(["inspect", str(file)]) == OK
    rows = rows_of(capsys.readouterr().out)
    assert ["autoarray.mask.mask_2d.Mask2D", "autoarray.Mask2D", "1", "1", "5"] in rows
    assert ["written", "by", "unknown"] in rows
