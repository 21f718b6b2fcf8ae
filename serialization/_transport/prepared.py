# pyright: strict
"""Objects with everything that was derived in them, for processes of one release on one machine.

A payload and a plain pickle leave out what can be derived again, which may be a thousand times larger than what it is
derived from. Here it stays, as the arrays that it is made of, and the rest is one pickle.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from serialization._graph.backend import host, is_jax_array, to_jax
from serialization._schema.schema import hooks_of
from serialization.errors import UnsupportedValueError


class _Pickler(pickle.Pickler):
    """A pickler that keeps intermediates, and gives every array of numbers apart; it pickles one object.

    Raises
    ------
    UnsupportedValueError
        If something in the object can't be pickled.
    """

    def __init__(self, obj: object) -> None:
        file = io.BytesIO()
        self.buffers: list[pickle.PickleBuffer] = []
        self.objects: list[Any] = []
        self._derived_values = hooks_of().derived_values()
        super().__init__(file, protocol=5, buffer_callback=self._take)
        try:
            self.dump(obj)
        except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
            raise UnsupportedValueError(
                f"expected an object that pickle carries, found {type(error).__name__}: {error}"
            ) from error
        self.data = file.getvalue()

    def _take(self, buffer: pickle.PickleBuffer) -> None:
        self.buffers.append(buffer)

    def reducer_override(self, obj: Any) -> Any:
        self.objects.append(obj)
        if type(obj) is self._derived_values:
            return type(obj), (), (obj.results.copy(), obj.intermediates.copy()), None, None, _set_derived
        if is_jax_array(obj):
            return _jax_array, (host(obj),)
        if type(obj) is np.ndarray and not obj.flags.forc and not obj.dtype.hasobject:
            return np.ascontiguousarray(obj).__reduce_ex__(5)  # which pickles apart, as no strided one does
        return NotImplemented


def prepared(obj: object, prepare: Callable[[Any], object]) -> Any:
    """A new object of the same values, which was given to a function; their NumPy arrays have the same memory.

    Raises
    ------
    UnsupportedValueError
        If something in it can't be pickled.
    """
    pickler = _Pickler(obj)
    new = pickle.loads(pickler.data, buffers=pickler.buffers)
    prepare(new)
    return new


def prepare_datasets(obj: object) -> None:
    """Derive what NumPy fits of each dataset in an object need."""
    for value in _Pickler(obj).objects:
        hooks_of().prepare(value)


def arrays_of(obj: object) -> list[np.ndarray]:
    """An object as arrays of bytes, without a copy of its arrays: its pickle, and one for each of them.

    Raises
    ------
    UnsupportedValueError
        If something in it can't be pickled.
    """
    pickler = _Pickler(obj)
    return [_bytes_of(pickler.data), *(_bytes_of(buffer.raw()) for buffer in pickler.buffers)]


def object_of(arrays: Sequence[np.ndarray]) -> Any:
    """The object of what `arrays_of` gave; its NumPy arrays are views of these arrays."""
    data, *buffers = arrays
    return pickle.loads(memoryview(data), buffers=buffers)  # pyright: ignore[reportArgumentType] - its stubs lack it


def _bytes_of(buffer: memoryview | bytes) -> np.ndarray:
    return np.frombuffer(buffer, np.uint8) if len(buffer) else np.empty(0, np.uint8)


def _set_derived(values: Any, state: tuple[dict[str, Any], dict[str, Any]]) -> None:
    results, intermediates = state
    values.results.update(results)
    values.intermediates.update(intermediates)


def _jax_array(array: np.ndarray) -> Any:
    return to_jax(array, copy=True)  # the memory goes when its last user does, of whom JAX knows nothing
