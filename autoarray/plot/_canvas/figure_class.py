# Matplotlib leaves the keyword arguments of its methods untyped.
# pyright: strict, reportUnknownMemberType=false
"""The class of the figures and of their layout; this imports matplotlib, so that only the first figure does."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import Bbox


class NotebookFigure(Figure):
    """A figure that a notebook shows at the end of a cell, without `pyplot` and without a magic command."""

    # Whether `pyplot` has shown it, so that the end of a cell does not show it again.
    is_shown = False

    def _repr_png_(self) -> bytes | None:
        if self.is_shown:
            return None
        stream = BytesIO()
        with matplotlib.rc_context({"savefig.bbox": "standard"}):
            self.savefig(stream, format="png", dpi=self.dpi, metadata={"Software": None})
        return stream.getvalue()


class RepeatableLayout(ConstrainedLayoutEngine):
    """A layout that is the same each time that a figure is drawn.

    Matplotlib's layout starts from where the panels are, so that a figure written twice would give two files.
    """

    def __init__(self, *, w_pad: float, h_pad: float) -> None:
        super().__init__(w_pad=w_pad, h_pad=h_pad)
        self._starts: dict[Axes, Bbox] = {}

    def execute(self, fig: Figure) -> Any:
        """Lay out the panels of a figure from where they were first."""
        for ax in fig.axes:
            start = self._starts.setdefault(ax, ax.get_position(original=True).frozen())
            included = ax.get_in_layout()
            ax.set_position(start)
            ax.set_in_layout(included)  # `set_position` takes the panel out of the layout
        return super().execute(fig)
