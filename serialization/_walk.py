"""The walk through a graph, breadth first: of live objects, of what a pickle holds, or of an unpacked body."""

# pyright: strict

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Children = Callable[[Any], Iterable[tuple[str, Any]]]


def walk(
    root: object, children: Children, identity: Callable[[Any], object] = id
) -> Iterator[tuple[Callable[[], str], Any]]:
    """Each value of a graph once, with a function that gives the shortest path to it, such as `$.mesh[0]`.

    Paths are only put together when they are asked for, since all of them can be far longer than the graph.

    Parameters
    ----------
    root
        The value to begin with, whose path is `$`.
    children
        Gives what a value holds, each with its step in a path: `.mesh`, `[0]` or `['key']`.
    identity
        Tells values apart; what is reached again is left out.
    """
    seen: set[object] = set()
    steps: list[tuple[int, str]] = []  # of each value the index of its parent, and the step from there
    queue: deque[tuple[int, str, Any]] = deque([(-1, "$", root)])
    while queue:
        parent, step, value = queue.popleft()
        if (key := identity(value)) in seen:
            continue
        seen.add(key)
        index = len(steps)
        steps.append((parent, step))
        yield functools.partial(_path, steps, index), value
        queue.extend((index, below, child) for below, child in children(value))


def _path(steps: list[tuple[int, str]], index: int) -> str:
    parts: list[str] = []
    while index >= 0:
        index, step = steps[index]
        parts.append(step)
    return "".join(reversed(parts))
