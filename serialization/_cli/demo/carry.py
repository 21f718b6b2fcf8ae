"""Carry a fit to another process and to disk, and measure what arrives."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import serialization

if TYPE_CHECKING:
    from autoarray import FitImaging

TIMEOUT = 300.0


@dataclass(frozen=True)
class Values:
    """The two numbers of a fit that have to survive, and the backend that it computes with."""

    log_likelihood: float
    log_evidence: float
    backend: str

    @classmethod
    def of(cls, fit: FitImaging) -> Values:
        """The values of a fit."""
        return cls(float(fit.log_likelihood), float(fit.log_evidence), "jax" if fit.use_jax else "numpy")


@dataclass(frozen=True)
class Carried:
    """How one fit fared on one way.

    The differences are the largest absolute ones of everything that was restored on that way; they
    are NaN if a value is. `there_and_back` is in seconds.
    """

    way: str
    payload_bytes: int
    there_and_back: float
    delta_log_likelihood: float
    delta_log_evidence: float
    restored_backend: str
    other_backend: str | None = None
    other_delta: float | None = None

    def is_exact(self, backend: str) -> bool:
        """Whether every difference is exactly 0.0, and the fit was restored on the backend it came from."""
        deltas = (self.delta_log_likelihood, self.delta_log_evidence, self.other_delta or 0.0)
        return all(delta == 0.0 for delta in deltas) and self.restored_backend == backend


class Worker:
    """A process started by `spawn`, which knows of a fit only what its pickle says."""

    def __init__(self, with_jax: bool) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, there = context.Pipe()
        self.process = context.Process(target=_serve, args=(there, with_jax), daemon=True)
        self.process.start()
        there.close()

    def __enter__(self) -> Self:
        # The first answer says that its imports are done, so that they are not timed.
        self._receive()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()
        self.process.join(10.0)
        if self.process.is_alive():
            self.process.terminate()

    def ask(self, payload: bytes) -> tuple[Values, bytes]:
        """The values of the pickled fit in the other process, and its pickle made there."""
        with self._reporting_its_end():
            self.connection.send_bytes(payload)
        values = self._receive()
        with self._reporting_its_end():
            return values, self.connection.recv_bytes()

    def _receive(self) -> Any:
        with self._reporting_its_end():
            if not self.connection.poll(TIMEOUT):
                raise RuntimeError(f"worker process: expected an answer within {TIMEOUT:.0f} s, found none")
            answer = self.connection.recv()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    @contextmanager
    def _reporting_its_end(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, ConnectionError):
            self.process.join(10.0)
            raise RuntimeError(
                f"worker process: expected an answer, found that it ended with exit code {self.process.exitcode}"
            ) from None


def by_pickle(fit: FitImaging, worker: Worker) -> Carried:
    """Pickle a fit to a process and back."""
    here = Values.of(fit)
    start = time.perf_counter()
    payload = pickle.dumps(fit, protocol=5)
    there, answer = worker.ask(payload)
    back = Values.of(pickle.loads(answer))
    seconds = time.perf_counter() - start
    return Carried(
        way="pickle to a process",
        payload_bytes=len(payload),
        there_and_back=seconds,
        delta_log_likelihood=_largest(v.log_likelihood - here.log_likelihood for v in (there, back)),
        delta_log_evidence=_largest(v.log_evidence - here.log_evidence for v in (there, back)),
        restored_backend=there.backend if there.backend == back.backend else f"{there.backend}, {back.backend}",
    )


def by_msgpack(fit: FitImaging, path: Path, other_backend: str | None) -> Carried:
    """Save a fit to disk and load it: as it was written, and on the other backend if there is one."""
    here = Values.of(fit)
    start = time.perf_counter()
    serialization.save(fit, path)
    back = Values.of(serialization.load(path))
    seconds = time.perf_counter() - start
    other, other_delta = None, None
    if other_backend is not None:
        other = Values.of(serialization.load(path, backend=other_backend))
        other_delta = (
            _largest((other.log_likelihood - here.log_likelihood, other.log_evidence - here.log_evidence))
            if other.backend == other_backend
            else float("nan")
        )
    return Carried(
        way="msgpack to disk",
        payload_bytes=path.stat().st_size,
        there_and_back=seconds,
        delta_log_likelihood=abs(back.log_likelihood - here.log_likelihood),
        delta_log_evidence=abs(back.log_evidence - here.log_evidence),
        restored_backend=back.backend,
        other_backend=None if other is None else other.backend,
        other_delta=other_delta,
    )


@contextmanager
def jax_settings_for_children() -> Iterator[None]:
    """Environment variables that a process started inside inherits: 64 bits, and a shared accelerator."""
    wanted = {"JAX_ENABLE_X64": "1", "XLA_PYTHON_CLIENT_PREALLOCATE": "false"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _largest(differences: Iterable[float]) -> float:
    """The largest absolute difference, or NaN if there is one."""
    # max() would drop a NaN that does not come first.
    values = [abs(difference) for difference in differences]
    return next((value for value in values if value != value), max(values))


def _serve(connection: Connection, with_jax: bool) -> None:
    """What the worker runs: restore every pickle that arrives, read its values, and send it back."""
    try:
        import autoarray  # noqa: F401

        if with_jax:
            import jax.numpy

            jax.numpy.zeros(1)
        connection.send("ready")
        while True:
            fit = pickle.loads(connection.recv_bytes())
            connection.send(Values.of(fit))
            connection.send_bytes(pickle.dumps(fit, protocol=5))
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        return
    except Exception as error:
        connection.send(error)
