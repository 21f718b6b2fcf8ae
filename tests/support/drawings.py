"""Drawing functions for background plotters, which their processes import."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

DEADLINE = 60.0


def wait_for(path: Path) -> None:
    """Wait until a file is there."""
    end = time.monotonic() + DEADLINE
    while not path.exists():
        assert time.monotonic() < end, f"no {path}"
        time.sleep(0.01)


def text(obj, directory, name):
    """Write what came, as text."""
    (directory / f"{name}.txt").write_text(repr(obj))


def gated(obj, directory, name):
    """Say that the drawing has begun, and go on when `obj["gate"]` is there."""
    Path(obj["begun"]).write_text(str(os.getpid()))
    wait_for(Path(obj["gate"]))
    text(obj["number"], directory, name)


def endless(obj, directory, name):
    """Begin, write half of a figure, and never end."""
    (directory / f"{name}.txt").write_text("half")
    Path(obj).write_text(str(os.getpid()))
    while True:
        time.sleep(1.0)


def choosy(obj, directory, name):
    """Fail, exit or die as the object says."""
    if obj == "fail":
        raise ValueError("a bad fit")
    if obj == "exit":
        sys.exit("of its own")
    if obj == "die":
        print("the last words", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    text(obj, directory, name)


def two_files(obj, directory, name):
    """Two files, one of them in a folder."""
    print("this is not for the parent's output")
    (directory / "more").mkdir()
    (directory / f"{name}.txt").write_text("one")
    (directory / "more" / f"{name}.txt").write_text("two")


def figure_and_report(fit, directory, name):
    """The figure of a fit, and what the process is."""
    from autoarray.plot import subplot_fit_imaging

    subplot_fit_imaging(fit, output_path=directory, output_filename=name)
    mapper = fit.inversion.linear_obj_list[0]
    report = {
        "jax": sorted(module for module in sys.modules if module.partition(".")[0] in ("jax", "jaxlib")),
        "serialization": "serialization" in sys.modules,
        "pyplot": "matplotlib.pyplot" in sys.modules,
        "use_jax": [fit.use_jax, fit.inversion.use_jax, mapper.use_jax, mapper.interpolator.use_jax],
        "numpy": isinstance(fit.inversion.reconstruction, np.ndarray),
        "log_evidence": float(fit.log_evidence),
        "environment": {key: os.environ.get(key) for key in ("JAX_PLATFORMS", "CUDA_VISIBLE_DEVICES", "MPLBACKEND")},
        "stdin": sys.stdin.read(),
    }
    (directory / f"{name}.json").write_text(json.dumps(report))


def arrays(obj, directory, name):
    """Whether the arrays that came are one, and can be written to."""
    one, other = obj
    one += 1.0
    text((type(one).__name__, one is other, str(one.dtype), one.tolist()), directory, name)
