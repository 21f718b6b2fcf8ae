"""The class of the figures and of their layout; this imports matplotlib, so that only the first figure does."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import matplotlib
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine


class NotebookFigure(Figure):
    """A figure that a notebook shows at the end of a cell, without `pyplot` and without a magic command."""

    def _repr_png_(self) -> bytes:
        stream = BytesIO()
        with matplotlib.rc_context({"savefig.bbox": "standard"}):
            self.savefig(stream, format="png", dpi=self.dpi, metadata={"Software": None})
        return stream.getvalue()


class RepeatableLayout(ConstrainedLayoutEngine):
    """A layout that is the same each time that a figure is drawn.

    That of matplotlib goes on from where the panels are, so that a figure written twice would be two different files.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._starts: dict[Any, Any] = {}

    def execute(self, fig: Any) -> Any:
        """Lay out the panels of a figure from where they were first."""
        for ax in fig.axes:
            start = self._starts.setdefault(ax, ax.get_position(original=True).frozen())
            included = ax.get_in_layout()
            ax.set_position(start)
            ax.set_in_layout(included)  # which setting a position by hand turns off
        return super().execute(fig)
