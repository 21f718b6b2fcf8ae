"""The files that commands write: behind links, whole, and beside others."""

from __future__ import annotations

import os

import numpy as np
import pytest

import serialization
from autoarray import Array2D
from serialization.__main__ import main

pytestmark = pytest.mark.skipif(os.name != "posix", reason="tested on POSIX systems")


def test_a_figure_with_a_suffix_in_capitals_leaves_the_other_one(tmp_path):
    file = serialization.save(Array2D.no_mask(np.ones((2, 3)), pixel_scales=0.1), tmp_path / "image.aas")
    (tmp_path / "image.png").write_text("mine")
    assert main(["plot", str(file), "--out", str(tmp_path / "image.PNG"), "--dpi", "20"]) == 0
    assert (tmp_path / "image.png").read_text() == "mine"
    assert (tmp_path / "image.PNG").read_bytes().startswith(b"\x89PNG")


def test_convert_follows_links_and_says_what_it_can_not_replace(tmp_path, capsys):
    file = serialization.save([1], tmp_path / "file.aas")
    pipe = serialization.save([2], tmp_path / "pipe.aas")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "file.aas").symlink_to("../real.aas")
    os.mkfifo(tmp_path / "out" / "pipe.aas")
    assert main(["convert", str(file), str(pipe), "--out", str(tmp_path / "out"), "--force"]) == 1
    assert (
        f"{tmp_path / 'out' / 'pipe.aas'}: expected a file, or nothing yet, found a pipe\n" in capsys.readouterr().out
    )
    assert (tmp_path / "out" / "file.aas").is_symlink()
    assert serialization.load(tmp_path / "real.aas") == [1]
    assert (tmp_path / "out" / "pipe.aas").is_fifo()
