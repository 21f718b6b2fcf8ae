"""FITS files, figures and tables replace files as `save` does: behind links, whole, and nothing that is no file."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import drawings
import numpy as np
import pytest
from mesh_fits import fit_on

from autoarray import Array2D
from autoarray.fitsable import write_images
from autoarray.inversion.plot.inversion_plots import save_reconstruction_csv
from autoarray.plot import plot_array, save_figure
from autoarray.plot.background import BackgroundPlotter

pytestmark = pytest.mark.skipif(os.name != "posix", reason="tested on POSIX systems")
ROOT = Path(__file__).parents[2]
NAMES = {"fits": "image.fits", "figure": "image.png", "table": "source_plane_reconstruction_0.csv"}


def image():
    return Array2D.no_mask(np.arange(6.0).reshape(2, 3), pixel_scales=0.1)


@pytest.fixture(params=NAMES)
def name(request):
    if request.param == "fits":
        pytest.importorskip("astropy")
    return NAMES[request.param]


@pytest.fixture(scope="module")
def figure():
    return plot_array(image())


@pytest.fixture
def write(name, figure):
    """Writes the file `name` into a folder."""

    def write(folder):
        if name == NAMES["fits"]:
            write_images(folder / name, {None: image()}, overwrite=True)
        elif name == NAMES["figure"]:
            save_figure(figure, folder, "image", dpi=20)
        else:
            save_reconstruction_csv(fit_on("uniform").inversion, folder)

    return write


def test_a_link_is_written_through(tmp_path, write, name):
    (tmp_path / "real").mkdir()
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / name).symlink_to("../real/file")
    (tmp_path / "real" / "file").write_text("old")
    write(tmp_path / "links")
    assert (tmp_path / "links" / name).is_symlink()
    assert (tmp_path / "real" / "file").stat().st_size > 50
    assert os.listdir(tmp_path / "links") == [name]
    assert os.listdir(tmp_path / "real") == ["file"]


def test_a_pipe_is_refused(tmp_path, write, name):
    os.mkfifo(tmp_path / name)
    # Without a reader, opening it to write would not come back.
    reader = os.open(tmp_path / name, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(OSError, match="expected a file, or nothing yet, found a pipe") as caught:
            write(tmp_path)
    finally:
        os.close(reader)
    assert caught.value.filename == str(tmp_path / name)
    assert (tmp_path / name).is_fifo()


def test_a_full_disk_is_named_and_the_old_file_stays(tmp_path, monkeypatch, write, name):
    (tmp_path / name).write_text("old")

    def fail(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match=r"No space left on device .*and the old one stays") as caught:
            write(tmp_path)
    assert caught.value.filename == str(tmp_path / name)
    assert os.listdir(tmp_path) == [name]
    assert (tmp_path / name).read_text() == "old"


def test_the_next_file_removes_what_a_killed_writer_left(tmp_path, write, name):
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from autoarray._files import replacing\n"
        "with replacing(Path(sys.argv[1])) as file:\n"
        "    os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path / "killed"], cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    assert len(os.listdir(tmp_path)) == 1
    write(tmp_path)
    assert os.listdir(tmp_path) == [name]


def test_figures_from_the_background_go_where_a_link_leads(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "fit.txt").symlink_to("../real/file")
    with BackgroundPlotter(tmp_path / "figures", draw=drawings.text) as plotter:
        plotter.submit("drawn")
        assert plotter.flush(60.0)
    assert (tmp_path / "figures" / "fit.txt").is_symlink()
    assert (tmp_path / "real" / "file").read_text() == "'drawn'"
