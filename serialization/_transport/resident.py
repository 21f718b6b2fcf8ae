# pyright: strict
"""Objects that each process of a pool sets up once and keeps, however many tasks it gets."""

from __future__ import annotations

import functools
import importlib.metadata
import platform
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np

from serialization._payload import codec, wire
from serialization._transport import segments
from serialization._transport.handle import SegmentHandle, placed
from serialization._transport.prepared import arrays_of, object_of, prepare_datasets, prepared
from serialization._transport.segments import Address, Segment
from serialization.errors import NotSharedError

P = ParamSpec("P")
T = TypeVar("T")

# The objects of this process by the names of their segments, with the addresses that tell whether they are still owned.
_kept: dict[str, tuple[Address, Any]] = {}


class ResidentHandle(SegmentHandle):
    """A small handle of an object that every process sets up once and keeps.

    It pickles in less than 1 kB, so that each task of a pool may carry it. `get()` gives the object: the first call in
    a process builds it on memory that all processes of this machine map, and every later call, in whatever task, gives
    that same Python object, with all that it has derived meanwhile.

    The process that called `serialization.resident` owns the memory and keeps it until `close()`, the end of a `with`
    block, or its own end, however it ends; nothing is left behind. A worker that has the object by then keeps it; one
    that starts later raises NotSharedError. A worker lets go of the objects whose owners have closed them when it gets
    its next one. A handle that is dropped without being closed is closed with a ResourceWarning. `resident` makes
    handles.

    Parameters
    ----------
    segment
        The memory, in the process that owns it; None elsewhere.
    address
        What other processes need to find the memory.
    nbytes, digest
        The size of the memory's payload and its digest, which tell whether the memory still holds it.
    root
        The name of the class of the object.
    made_by
        The releases of Python and of packages that the object was prepared with; None for those of this process.
    """

    def __init__(
        self,
        segment: Segment | None,
        address: tuple[str, str, str],
        nbytes: int,
        digest: bytes,
        root: str,
        made_by: tuple[str, ...] | None = None,
    ) -> None:
        super().__init__(segment, address, nbytes, digest, root)
        self._made_by = releases() if made_by is None else made_by

    def get(self) -> Any:
        """The object: the same one at every call in this process. Its NumPy arrays are read-only.

        Raises
        ------
        NotSharedError
            If this process does not have it yet, and the owner has closed it, has ended or runs on another machine, or
            has other releases of Python, of NumPy, of SciPy or of this package.
        PrecisionLossError
            If the object holds JAX arrays of 64 bits, and this process has not enabled them.
        """
        kept = _kept.get(self._address.name)
        return self._set_up() if kept is None else kept[1]

    def call(self, function: Callable[Concatenate[Any, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """`function(handle.get(), *args, **kwargs)`, for functions that know nothing of handles.

        A pool takes it as the function of its tasks: `pool.submit(handle.call, log_evidence, model)`.

        Parameters
        ----------
        function
            A function whose first argument is the object.
        args, kwargs
            Its other arguments.
        """
        return function(self.get(), *args, **kwargs)

    def close(self) -> None:
        """Let go of the memory, and of the object, in the process that owns it; elsewhere this does nothing."""
        super().close()
        if self._release is not None:
            _kept.pop(self._address.name, None)

    def _set_up(self) -> Any:
        for name, (address, _) in _kept.copy().items():
            if not segments.is_there(address):
                _kept.pop(name, None)
        if self._made_by != releases():
            raise NotSharedError(
                f"{self._address.name}: expected the releases that its owner prepared it with, "
                f"{', '.join(self._made_by)}, found {', '.join(releases())}; start the workers in the environment of "
                "the owner"
            )
        arrays = codec.from_mapped(self._mapped(), None, self._address.name)
        # Of two threads that get here at once one is first, and both get its object.
        return _kept.setdefault(self._address.name, (self._address, object_of(arrays)))[1]

    @classmethod
    def _received(cls, made_by: tuple[str, ...], *parts: Any) -> ResidentHandle:
        # What another release packed need not fit this one's constructor. It is no error before somebody wants the
        # object, because many pools break if a task can't be unpickled.
        if made_by != releases():
            parts = None, ("memory", "", "resident"), 0, b"", "an object"
        return cls(*parts, made_by=made_by)

    def __reduce__(self) -> tuple[Any, ...]:
        return ResidentHandle._received, (self._made_by, *self._parts())


def resident(obj: object, *, prepare: bool | Callable[[Any], object] = True) -> ResidentHandle:
    """Prepare an object once, for the tasks of a pool: each worker sets it up once, and each task carries a handle.

    What is prepared lies in memory that all processes of this machine map, so that eight workers take it once::

        with serialization.resident(dataset) as data, ProcessPoolExecutor(8) as pool:
            futures = [pool.submit(data.call, log_evidence, model) for model in models]

    where `log_evidence(dataset, model)` is a function of the dataset. A function that takes the handle itself calls
    `data.get()`. The given object is left as it is: processes, this one too, get one of their own from the handle.

    Parameters
    ----------
    obj
        A dataset, or any object that pickle carries, such as an object of your own that holds one.
    prepare
        What is derived before the object is put into memory, beside what it has derived already. True: what NumPy fits
        of the datasets in it need, such as grids, and the tiles and transforms of their PSF. A function is called with
        the object: let it evaluate a typical fit, for all that this needs. False: nothing.

    Raises
    ------
    UnsupportedValueError
        If something in the object can't be pickled.
    OSError
        If there is no room for it.
    """
    if not (callable(prepare) or prepare is True or prepare is False):
        raise TypeError(f"resident: prepare: expected a bool or a function of the object, found {prepare!r}")
    if prepare is not False:
        obj = prepared(obj, prepare_datasets if prepare is True else prepare)
    return ResidentHandle(*placed(codec.pieces(arrays_of(obj)), obj))


@functools.cache
def releases() -> tuple[str, ...]:
    """What this process runs: Python and the packages on which kept objects depend, each with its release."""
    python = f"{platform.python_implementation()} {'.'.join(platform.python_version_tuple()[:2])}"
    scipy = importlib.metadata.version("scipy")  # without its import
    return " ".join(wire.WRITER), python, f"NumPy {np.__version__}", f"SciPy {scipy}"
