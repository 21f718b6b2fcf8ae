# pyright: strict
"""Objects for other processes of this machine, in memory that they map."""

from __future__ import annotations

from typing import Any

from serialization._graph.backend import check_backend
from serialization._payload import codec
from serialization._transport.handle import SegmentHandle, placed


class SharedPayload(SegmentHandle):
    """A small handle of an object in memory that other processes of this user on this machine can map.

    It pickles in a few hundred bytes: put it on a queue, give it to an executor. The process that called
    `serialization.share` owns the memory and keeps it until `close()`, the end of a `with` block, or its own end,
    however it ends; nothing is left behind. What others have loaded by then stays valid, because they map the memory
    themselves. A handle that is dropped without being closed is closed with a ResourceWarning. `share` makes handles.

    Parameters
    ----------
    segment
        The memory, in the process that owns it; None elsewhere.
    address
        What other processes need to find the memory.
    nbytes, digest
        The size of the payload and its digest, which tell whether the memory still holds it.
    root
        The name of the class of the object.
    """

    def load(self, backend: str | None = None) -> Any:
        """The object, whose NumPy arrays are read-only views of the shared memory.

        Every byte is verified first, as in `loads`. Each call builds a new graph on a mapping of its own, which is
        released with the last of its arrays. JAX arrays are copies.

        Parameters
        ----------
        backend
            As in `serialization.loads`.

        Raises
        ------
        NotSharedError
            If the owner has closed it or has ended, or runs on another machine.
        SerializationError
            As in `serialization.loads`.
        """
        check_backend(backend)
        return codec.from_mapped(self._mapped(), backend, self._address.name)

    def __reduce__(self) -> tuple[Any, ...]:
        return SharedPayload, self._parts()


def share(obj: object) -> SharedPayload:
    """Put an object graph into memory that other processes of this machine can map.

    Keep the handle until the other process has loaded the object::

        with serialization.share(fit) as shared:
            queue.put(shared)  # the other process: fit = queue.get().load()
            done.get()  # it has been loaded

    Each `load` builds a new graph. `resident` keeps one in each process of a pool.

    Parameters
    ----------
    obj
        As in `serialization.dumps`.

    Raises
    ------
    UnsupportedValueError, UnknownTypeError, SchemaError, LimitError
        As in `serialization.dumps`.
    OSError
        If there is no room for it.
    """
    return SharedPayload(*placed(codec.pieces(obj), obj))
