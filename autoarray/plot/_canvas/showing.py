# Matplotlib leaves the keyword arguments of its methods untyped.
# pyright: strict, reportUnknownMemberType=false
"""Figures on a screen or in a notebook, which PyAutoLens's users expect of a figure without a folder.

Only where PyAutoLens is in use are figures those of `pyplot`, which shows them. Then who makes one also closes it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autoarray.plot._canvas import look

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Set in the environment, figures are made and neither written nor shown: for runs that test a script.
FAST_PLOTS = os.environ.get("PYAUTO_FAST_PLOTS") == "1"
SILENT_BACKENDS = {"agg", "cairo", "pdf", "pgf", "ps", "svg", "template"}


def shows_without_folder() -> bool:
    """Whether a figure for which the caller names no folder is shown."""
    return look.is_configured()


def show_figure(fig: Figure) -> None:
    """Show a figure of `pyplot`, where there is a screen or a notebook; a figure of its own is shown by who has it."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or not _is_managed(fig) or pyplot.get_backend().lower() in SILENT_BACKENDS:
        return
    pyplot.show()
    setattr(fig, "is_shown", True)  # noqa: B010 - not a second time, as the value of a notebook's cell


def close_figure(fig: Figure) -> None:
    """Let `pyplot` forget a figure."""
    if _is_managed(fig):
        sys.modules["matplotlib.pyplot"].close(fig)


def _is_managed(fig: Figure) -> bool:
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    return pyplot is not None and pyplot.fignum_exists(getattr(fig, "number", -1)) and fig.canvas.manager is not None


def output_mode_save(fig: Figure, filename: str) -> bool:
    """Write a figure to `output_mode/<script>/<number>_<filename>.png` if PYAUTO_OUTPUT_MODE is 1, and say whether.

    So all the figures of a script can be looked at one after the other, whatever the script does with them.
    """
    if os.environ.get("PYAUTO_OUTPUT_MODE") != "1":
        return False
    from autoarray.plot._canvas.files import write_figure

    folder = Path.cwd() / "output_mode" / Path(sys.argv[0] or "interactive").stem
    folder.mkdir(parents=True, exist_ok=True)
    number = sum(1 for _ in folder.glob("*.png"))
    write_figure(fig, folder / f"{number}_{filename}.png", "png")
    close_figure(fig)
    return True
