# pyright: strict
"""A progress bar for long work: on a terminal only, on standard error only, and only where rich is installed."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterable, Iterator, Sized
from typing import TextIO, TypeVar

T = TypeVar("T")


def progress(
    items: Iterable[T],
    description: str,
    *,
    total: int | None = None,
    unit: str | None = None,
    stream: TextIO | None = None,
) -> Iterator[T]:
    """Yield the items, and draw how far the caller is with them.

    Nothing is drawn where standard error is not a terminal, or where rich (the extra `cli`) is not installed; the
    bar is removed at the end, also by an error or Ctrl-C. Standard output is left alone.

    Parameters
    ----------
    items
        What is worked on.
    description
        What stands before the bar, such as "verify".
    total
        The number of items; `len(items)` by default, or unknown.
    unit
        What the items are, such as "files".
    stream
        Where the bar is drawn instead of standard error.
    """
    out: TextIO = stream or sys.stderr
    if total is None and isinstance(items, Sized):
        total = len(items)
    if total == 0 or not draws_bars(out):
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = [TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn()]
    columns += [TextColumn(unit, markup=False)] if unit else []
    # What is printed meanwhile to standard output or error is not rich's business: redirecting either would send
    # it to this console.
    bar = Progress(
        *columns,
        TimeRemainingColumn(),
        console=Console(file=out),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with bar:
        task = bar.add_task(description, total=total)
        for item in items:
            yield item
            bar.advance(task)


def draws_bars(stream: TextIO | None = None) -> bool:
    """Whether `progress` draws anything: on a terminal that can, where rich is installed."""
    out: TextIO = stream or sys.stderr
    return out.isatty() and os.environ.get("TERM") != "dumb" and importlib.util.find_spec("rich") is not None
