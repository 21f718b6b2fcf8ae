"""What the loader says of a payload, and whether it may."""

from __future__ import annotations

import contextlib
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import xxhash

import serialization
from serialization import LimitError, SerializationError
from serialization._payload import codec, wire
from serialization._payload.canonical import check_canonical
from serialization._payload.header import header_of
from serialization._schema import registry
from tests.fuzz.cases import Case

_FREE = 2**21  # bytes that any case may take
_PER_BYTE, _PER_COMPRESSED_BYTE = 400, 4 * 1032  # and for each byte of its payload


class WrongError(Exception):
    """A case whose outcome is not one that the loader may have."""


def outcome_of(case: Case, number: int) -> str:
    """The error that refuses a payload, or the digest of what it was loaded to.

    Raises
    ------
    WrongError
        If the loader accepts a payload whose value it does not give back, or takes too much memory.
    Exception
        Any other error of the loader than a `SerializationError`.
    """
    with _bounded(case) if number % 512 == 0 else contextlib.nullcontext():
        try:
            value = serialization.loads(case.payload, backend=case.backend)
        except SerializationError as error:
            value, outcome = None, f"{type(error).__name__}: {error}"
        else:
            outcome = ""
    if not outcome:
        outcome = _written_again(value, case)
        if number % 8 == 0 and case.backend == "numpy":
            _check_canonical(case.payload)
    if number % 32 == 0:
        _look_elsewhere(case, outcome)
    return outcome


def _written_again(value: Any, case: Case) -> str:
    try:
        payload = serialization.dumps(value)
    except LimitError as error:  # a reader may read what is nested deeper than a writer writes
        return f"read; {error}"
    again = serialization.dumps(serialization.loads(payload, backend=case.backend))
    if again != payload:
        raise WrongError("expected the value that was read to be read again, found another one")
    return f"read {xxhash.xxh3_128_hexdigest(payload)}"


def _check_canonical(payload: bytes) -> None:
    """The value of a payload in canonical form is the one that is written so."""
    view = memoryview(payload)
    version, _, head = wire.read_prelude(view)
    if version != wire.WIRE_VERSION:
        return
    header = header_of(view, head)
    if header.backend != "numpy" or any(row.version != registry.find(row.name).version for row in header.types):
        return
    with contextlib.suppress(SerializationError):
        check_canonical(payload)
        written = serialization.dumps(serialization.loads(payload))
        if serialization.identity(written) != serialization.identity(payload):
            raise WrongError("expected the identity of what was read, found another one")


def _look_elsewhere(case: Case, outcome: str) -> None:
    """The other readers agree with `loads`."""
    info = None
    with contextlib.suppress(SerializationError):
        info = serialization.inspect(case.payload)
        str(info), info._repr_html_(), str(info.tree())
    if outcome.startswith("read") and (info is None or info.problems or not info.intact):
        raise WrongError(f"expected what loads is intact, found {None if info is None else info.problems}")
    with contextlib.suppress(SerializationError):
        serialization.identity(case.payload)
    if case.backend != "numpy":
        return
    for name, read in _READERS.items():
        try:
            value = read(case.payload)
            found = f"read {xxhash.xxh3_128_hexdigest(serialization.dumps(value))}"
        except SerializationError:
            continue
        # Where the arrays are not read, what is between them is not either.
        if found != outcome and not (name == "header" and outcome.startswith("CorruptError: arrays: expected zeros")):
            raise WrongError(f"expected the reader {name!r} to agree with {outcome!r:.200}, found {found!r:.200}")


def _read_header_first(payload: bytes) -> Any:
    value = codec.from_mapped(memoryview(payload), "numpy", "payload", "header")
    serialization.verify_arrays(value)
    return value


def _read_by_parts(payload: bytes) -> Any:
    with serialization.open(payload) as handle:
        for path in handle.arrays():
            with contextlib.suppress(SerializationError):
                handle[path]
        return handle.load(backend="numpy")


_READERS: dict[str, Callable[[bytes], Any]] = {
    "map": lambda payload: codec.from_mapped(memoryview(payload), "numpy", "payload", "all"),
    "header": _read_header_first,
    "parts": _read_by_parts,
}


@contextlib.contextmanager
def _bounded(case: Case) -> Iterator[None]:
    """Raise WrongError if more memory is taken than the size of a payload justifies."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    compressed = any(name.encode() in case.payload for name in ("zlib", "shuffle-zstd", "shuffle-lz4"))
    limit = _FREE + len(case.payload) * (_PER_COMPRESSED_BYTE if compressed else _PER_BYTE)
    if peak > limit:
        raise WrongError(f"expected {len(case.payload)} bytes to take at most {limit}, found {peak}")


def quiet() -> None:
    """No warnings of arithmetic on what a payload holds."""
    np.seterr(all="ignore")
