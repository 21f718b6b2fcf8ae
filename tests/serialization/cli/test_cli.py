"""The command line: what it prints, what it returns, and how it fails."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from catalog_cases import fit
from range_server import serving

import autoarray
import serialization
from serialization.__main__ import CHECK_FAILED, OK, UNUSABLE, main


@pytest.fixture
def file(tmp_path):
    return serialization.save({"values": np.arange(6.0).reshape(2, 3), "name": "x"}, tmp_path / "small.aas")


def error_line(capsys) -> str:
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    return captured.err.strip()


def test_inspect_prints_the_header_and_the_arrays(file, capsys):
    assert main(["inspect", str(file)]) == OK

    out = capsys.readouterr().out
    assert f"autoarray-portable {autoarray.__version__}" in out
    assert "bytes         intact" in out
    assert out.splitlines()[-1].split() == ["['values']", "array", "numpy", "float64", "2", "x", "3", "48", "B"]


def test_inspect_counts_the_objects_of_each_type(tmp_path, capsys):
    mask = autoarray.Mask2D.all_false(shape_native=(3, 3), pixel_scales=1.0)
    big_endian = np.ones(9, dtype=">f8")
    file = serialization.save([mask, autoarray.Array2D(values=np.ones(9), mask=mask), big_endian], tmp_path / "a.aas")

    assert main(["inspect", str(file)]) == OK
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["autoarray.Mask2D", "1", "1"] in [row[:3] for row in rows]
    assert ["autoarray.Array2D", "1", "1"] in [row[:3] for row in rows]
    assert ["[0]", "autoarray.Mask2D", "numpy", "bool", "3", "x", "3", "9", "B", "shared", "by", "2,"] in [
        row[:12] for row in rows
    ]
    assert ["[2]", "array", "numpy", ">f8", "9", "72", "B"] in rows


def test_inspect_shows_the_evidence_before_the_tree(tmp_path, capsys):
    whole = fit()
    file = serialization.save(whole, tmp_path / "fit.aas", meta={"target": "a lens"})
    assert main(["inspect", str(file)]) == OK

    lines = capsys.readouterr().out.splitlines()
    stored = next(number for number, line in enumerate(lines) if line.startswith("stored result"))
    tree = next(number for number, line in enumerate(lines) if line.startswith("place "))
    assert "meta          target = 'a lens'" in lines[:stored]
    assert lines[stored + 2].split() == ["$.log_evidence", str(whole.log_evidence)]
    assert {line.split()[0] for line in lines[stored + 3 : tree - 1]} >= {
        "$.chi_squared",
        "$._inversion.regularization_term",
    }
    grid = next(line.split() for line in lines[tree:] if ".data_grid" in line)
    assert grid[1:6] == ["autoarray.Grid2D", "numpy", "float64", "154", "x"]
    assert "arcsec" in grid


def test_inspect_lists_the_paths_that_get_takes(tmp_path, capsys):
    file = serialization.save(fit(), tmp_path / "fit.aas")
    assert main(["inspect", "--paths", str(file)]) == OK
    paths = [line.split()[0] for line in capsys.readouterr().out.splitlines()[2:]]
    assert len(paths) > 60
    with serialization.open(file) as handle:
        assert all(path in handle for path in paths)
        assert paths == [place.path for place in handle.tree()]


def test_inspect_as_json(file, capsys):
    assert main(["inspect", "--json", str(file)]) == OK

    info = json.loads(capsys.readouterr().out)
    assert info["intact"] is True
    assert info["arrays"][0]["shape"] == [2, 3]
    assert info["arrays"][0]["path"] == "$['values']"
    assert [(place["path"], place["type"]) for place in info["places"]] == [
        ("$", "dict"),
        ("$['values']", "array"),
        ("$['name']", "str"),
    ]
    assert info["nbytes"] == file.stat().st_size


def test_inspect_of_a_damaged_file_fails_the_check(file, capsys):
    damaged = bytearray(file.read_bytes())
    damaged[-3] ^= 1
    file.write_bytes(damaged)

    assert main(["inspect", str(file)]) == CHECK_FAILED
    assert "NOT INTACT" in capsys.readouterr().out


def test_inspect_of_a_url_reads_the_header(file, capsys):
    pytest.importorskip("aiohttp")
    with serving(file.read_bytes()) as server:
        assert main(["inspect", server.url]) == OK
    out = capsys.readouterr().out
    assert f"file          {server.url}" in out
    assert "bytes         not checked" in out
    assert out.splitlines()[-1].split()[:3] == ["['values']", "array", "numpy"]
    assert len(server.log) == 2


def test_get_an_array(file, tmp_path, capsys):
    target = tmp_path / "values.npy"
    assert main(["get", str(file), "['values']", "--out", str(target)]) == OK
    out = capsys.readouterr().out.splitlines()
    assert "greatest      5.0" in out
    assert out[-1] == f"written       {target}"
    assert np.array_equal(np.load(target), np.arange(6.0).reshape(2, 3))
    assert main(["get", "--json", str(file), "['values'] "]) == OK
    assert json.loads(capsys.readouterr().out)["value"] == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]


def test_get_from_a_url(file, capsys):
    pytest.importorskip("aiohttp")
    with serving(file.read_bytes()) as server:
        assert main(["get", "--json", server.url, "['values']"]) == OK
    assert json.loads(capsys.readouterr().out)["shape"] == [2, 3]
    assert len(server.log) == 3


def test_get_an_object_and_a_value(tmp_path, capsys):
    whole = fit()
    file = serialization.save(whole, tmp_path / "fit.aas")
    assert main(["get", str(file), "log_evidence"]) == OK
    assert capsys.readouterr().out.splitlines()[-1] == f"value         {whole.log_evidence}"
    assert main(["get", str(file), "inversion.linear_obj_list[0]", "--out", str(tmp_path / "mapper.aas")]) == OK
    mapper = serialization.dumps(whole.inversion.linear_obj_list[0])
    assert (tmp_path / "mapper.aas").read_bytes() == mapper
    assert main(["get", str(file), "inversion", "--backend", "jax", "--out", str(tmp_path / "jax.aas")]) == OK
    assert serialization.inspect(tmp_path / "jax.aas").backend == "mixed"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["['name"], "expected a path such as inversion.linear_obj_list[0] or ['key'].data, found \"['name\""),
        (["['nam']"], "$: expected a step of a dict, ['values'], ['name'], found ['nam']; did you mean ['name']?"),
        (["$"], "$: expected an array or a plain value, found a dict; write it to a file of its own by --out FILE.aas"),
        (["$", "--out", "a.txt"], "a.txt: expected the suffix .npy, or .aas for an object, found .txt"),
    ],
)
def test_get_nothing_is_one_line(file, arguments, message, capsys):
    assert main(["get", str(file), *arguments]) == UNUSABLE
    assert error_line(capsys) == f"autoarray-state: error: {message}"


def test_a_missing_file_is_one_line(tmp_path, capsys):
    assert main(["inspect", str(tmp_path / "none.aas")]) == UNUSABLE
    assert error_line(capsys) == f"autoarray-state: error: {tmp_path / 'none.aas'}: No such file or directory"


def test_a_file_that_is_no_payload_is_one_line(tmp_path, capsys):
    other = tmp_path / "other.txt"
    other.write_text("something else altogether")

    assert main(["inspect", str(other)]) == UNUSABLE
    assert error_line(capsys).startswith(
        f"autoarray-state: error: {other}: expected an .aas file or a pickle, found other data"
    )


def test_debug_shows_the_traceback(tmp_path, capsys):
    assert main(["inspect", "--debug", str(tmp_path / "none.aas")]) == UNUSABLE

    error = capsys.readouterr().err
    assert error.startswith("Traceback")
    assert "FileNotFoundError" in error


@pytest.mark.parametrize("arguments", [[], ["unknown"], ["inspect"], ["demo", "--mesh", "hexagonal"]])
def test_a_wrong_command_line_ends_with_2_and_the_usage(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)

    assert stopped.value.code == UNUSABLE
    assert capsys.readouterr().err.startswith("usage: autoarray-state")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--pixel-scales", "0"], "--pixel-scales: expected a positive number of arc-seconds, found 0.0"),
        (["--mask-radius", "-1"], "--mask-radius: expected a positive number of arc-seconds, found -1.0"),
        (["--coefficient", "nan"], "--coefficient: expected a positive number, found nan"),
        (["--over-sampling", "0"], "--over-sampling: expected at least 1 sub-pixel, found 0"),
        (["--axis-ratio", "2"], "axis_ratio: expected 0 < axis_ratio <= 1, found 2.0"),
    ],
)
def test_impossible_options_are_one_line(arguments, message, tmp_path, capsys):
    assert main(["demo", "--out", str(tmp_path), *arguments]) == UNUSABLE
    assert error_line(capsys) == f"autoarray-state: error: {message}"


def test_version(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])

    assert stopped.value.code == OK
    assert capsys.readouterr().out == f"autoarray-portable {autoarray.__version__}\n"


def test_a_closed_pipe_is_not_an_error(file):
    command = f'"{sys.executable}" -m serialization inspect "{file}" | head -n 1; exit "${{PIPESTATUS[0]}}"'
    result = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, timeout=120, cwd=Path(__file__).parents[3]
    )

    assert (result.returncode, result.stderr) == (OK, "")


def test_inspect_imports_core_dependencies_only(file):
    code = (
        "import sys; from serialization.__main__ import main; code = main(sys.argv[1:]); "
        "print(sorted({'jax', 'matplotlib', 'astropy', 'rich'} & set(sys.modules)), code)"
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
