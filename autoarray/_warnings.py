"""Warnings that name the line of the user, however deep in the package their cause is found."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

_PACKAGE = str(Path(__file__).parent) + os.sep


def warn(message: str, category: type[Warning]) -> None:
    """Give a warning at the nearest line outside of this package.

    Python shows a warning once for a line, so that a loop over datasets, or a notebook's cell, gives it once.
    """
    level, frame = 2, sys._getframe(1)  # 1 is the line below, 2 that of the caller
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)
