"""Plain text tables and the JSON record of a run."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np


def text_from(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A title above a table, whose first column is flush left and whose other columns are flush right."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    lines = [title]
    for row in [header, ["-" * width for width in widths], *rows]:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print the text of a table below an empty line."""
    print(f"\n{text_from(title, header, rows)}")


def seconds(value: float | None) -> str:
    """A time with a unit that suits it."""
    if value is None:
        return "-"
    if value >= 1.0:
        return f"{value:.2f} s"
    return f"{value * 1e3:.2f} ms" if value >= 1e-3 else f"{value * 1e6:.0f} us"


def megabytes(value: float | None) -> str:
    """A number of bytes in megabytes (10**6 bytes)."""
    return "-" if value is None else f"{value / 1e6:.2f} MB"


def times(value: float | None) -> str:
    """A ratio."""
    return "-" if value is None else f"{value:.2f} x"


def environment() -> dict[str, Any]:
    """The machine and the versions that a figure depends on."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": metadata.version("scipy"),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "load_before": load,
        "platform": sys.platform,
    }


def write_json(path: str | None, record: dict[str, Any], quiet: bool = False) -> None:
    """Write the record of a run, if there is a path, and say so unless it is to come again."""
    if path is not None:
        Path(path).write_text(json.dumps(record, indent=1) + "\n")
        if not quiet:
            print(f"\nwritten: {path}")
