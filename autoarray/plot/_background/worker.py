# pyright: strict
"""The process that draws for a background plotter; `process.py` starts it.

The process reads frames from its standard input and answers each one: first the settings, then one snapshot at a
time. A frame is its length (8 bytes, big-endian) and that many bytes.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import shutil
import signal
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from autoarray._files import replacing

if TYPE_CHECKING:
    from autoarray.fit.fit_imaging import FitImaging


class Unneeded(Exception):
    """Raised by a drawing function that has nothing new to draw."""


LENGTH = struct.Struct(">Q")
NICENESS = 10
PARENT_SECONDS = 2.0


def write_frame(stream: BinaryIO, payload: bytes) -> None:
    """Write one frame; the caller flushes."""
    stream.write(LENGTH.pack(len(payload)))
    stream.write(payload)


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame, or None at the end of the stream."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    payload = stream.read(length)
    return payload if len(payload) == length else None


def main() -> None:
    """Answer frames until the standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the search
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICENESS)
    requests, answers = _private_streams()
    settings = pickle.loads(read_frame(requests) or b"N.")
    if settings is None:
        return
    if hasattr(os, "getppid") and os.name == "posix":
        threading.Thread(target=_watch, args=(settings["parent"], settings["workshop"]), daemon=True).start()
    try:
        draw = _draw_from(settings)
    except BaseException as error:
        _answer(answers, {"unable": _summary(error), "traceback": traceback.format_exc()})
    else:
        _answer(answers, {"ready": True})
        _serve(requests, answers, draw, settings)
    # The threads that the user's functions may have left must not keep this process alive.
    sys.stderr.flush()
    os._exit(0)


def _serve(
    requests: BinaryIO, answers: BinaryIO, draw: Callable[[Any, Path, str], object], settings: dict[str, Any]
) -> None:
    directory, workshop = Path(settings["directory"]), Path(settings["workshop"])
    while (name := read_frame(requests)) is not None and (payload := read_frame(requests)) is not None:
        try:
            _draw_one(draw, payload, name.decode(), directory, workshop)
        except Unneeded:
            answer = {"dropped": True}
        except BaseException as error:  # a SystemExit too: the worker goes on
            answer = {"failed": _summary(error), "traceback": traceback.format_exc()}
        else:
            answer = {"drawn": True}
        finally:
            shutil.rmtree(workshop, ignore_errors=True)
            _forget_figures()
        _answer(answers, answer)


def _draw_one(
    draw: Callable[[Any, Path, str], object], payload: bytes, name: str, directory: Path, workshop: Path
) -> None:
    """Draw into a folder that no viewer watches, and put each file into its place in one step."""
    workshop.mkdir(parents=True)
    draw(pickle.loads(payload), workshop, name)
    for path in sorted(workshop.rglob("*")):
        if path.is_file():
            target = directory / path.relative_to(workshop)
            target.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "rb") as figure, replacing(target) as file:
                shutil.copyfileobj(figure, file)


def _draw_from(settings: dict[str, Any]) -> Callable[[Any, Path, str], object]:
    """The function that draws, which imports its libraries before the first fit arrives."""
    if settings["style"]:
        import matplotlib

        matplotlib.rcParams.update(settings["style"])
    draw = pickle.loads(settings["draw"])
    if draw is not None:
        return draw
    from matplotlib.backends import backend_agg  # noqa: F401 # pyright: ignore[reportUnusedImport] - the canvas of every figure

    from autoarray.fit.plot.fit_imaging_plots import subplot_fit_imaging

    def draw_fit(fit: FitImaging, directory: Path, name: str) -> None:
        subplot_fit_imaging(fit, output_path=directory, output_filename=name, output_format=settings["format"])

    return draw_fit


def _private_streams() -> tuple[BinaryIO, BinaryIO]:
    """The pipes of the plotter, out of reach of the input and output of a drawing function."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


def _answer(answers: BinaryIO, answer: dict[str, Any]) -> None:
    # The parent may be gone; then so is this process, at the next frame.
    with contextlib.suppress(OSError):
        write_frame(answers, json.dumps(answer).encode())
        answers.flush()


def _summary(error: BaseException) -> str:
    return traceback.format_exception_only(error)[-1].strip()


def _forget_figures() -> None:
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")


def _watch(parent: int, workshop: str) -> None:
    """End this process with its parent, even in the middle of a figure."""
    while os.getppid() == parent:
        time.sleep(PARENT_SECONDS)
    shutil.rmtree(workshop, ignore_errors=True)
    os._exit(1)
