"""The command line: what it prints, what it returns, and how it fails."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

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
    assert out.splitlines()[-1].split() == ["0", "float64", "2", "x", "3", "C", "numpy", "48", "B"]


def test_inspect_counts_the_objects_of_each_type(tmp_path, capsys):
    mask = autoarray.Mask2D.all_false(shape_native=(3, 3), pixel_scales=1.0)
    big_endian = np.ones(9, dtype=">f8")
    file = serialization.save([mask, autoarray.Array2D(values=np.ones(9), mask=mask), big_endian], tmp_path / "a.aas")

    assert main(["inspect", str(file)]) == OK
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["autoarray.Mask2D", "1", "1"] in [row[:3] for row in rows]
    assert ["autoarray.Array2D", "1", "1"] in [row[:3] for row in rows]
    assert {row[1] for row in rows[-3:]} == {"bool", "float64", ">f8"}


def test_inspect_as_json(file, capsys):
    assert main(["inspect", "--json", str(file)]) == OK

    info = json.loads(capsys.readouterr().out)
    assert info["intact"] is True
    assert info["arrays"][0]["shape"] == [2, 3]
    assert info["nbytes"] == file.stat().st_size


def test_inspect_of_a_damaged_file_fails_the_check(file, capsys):
    damaged = bytearray(file.read_bytes())
    damaged[-3] ^= 1
    file.write_bytes(damaged)

    assert main(["inspect", str(file)]) == CHECK_FAILED
    assert "NOT INTACT" in capsys.readouterr().out


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
