"""From a plan, a body and arrays to the graph, for payloads of every wire version."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from serialization._graph.backend import require_jax
from serialization._payload import wire
from serialization._payload.decode import Plan, decode
from serialization.errors import LimitError, UnknownCodeError

_MOST_KEPT, _LARGEST_KEPT = 128, 2**16


def restore(
    payload: memoryview, head: int, plan: Plan, backend: str | None, body: bytes, views: list[Any], *, shared: bool
) -> Any:
    """The graph of a body and its arrays; `payload` begins with the header."""
    header = plan.header
    if backend == "jax" or (backend is None and header.backend != "numpy"):
        require_jax(header.written_by)
    with name_the_writer(payload, head):
        try:
            return decode(plan, body, views, backend=backend, shared=shared)
        except RecursionError:
            raise LimitError("body: expected arrays that are nested less deeply") from None


@contextlib.contextmanager
def name_the_writer(payload: memoryview, head: int) -> Iterator[None]:
    """Add to the error about a code that is not known here which release wrote it."""
    try:
        yield
    except UnknownCodeError as error:
        raise UnknownCodeError(error.message + wire.next_step(wire.writer_of(payload, head)), path=error.path) from None


def keep(plans: dict[bytes, Plan], key: bytes, plan: Plan) -> None:
    """Keep a plan by the bytes that tell the structure, unless they are many.

    Fits of one dataset differ in their values, not in their structure.
    """
    if len(key) <= _LARGEST_KEPT:
        if len(plans) >= _MOST_KEPT:
            plans.clear()
        plans[key] = plan
