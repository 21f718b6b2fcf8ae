"""`Neighbors`, by the name that users import and that pickles ask for.

In PyAutoArray the class of this name is a subclass of NumPy's array. NumPy refuses to build such an object of a class
that is none, by an error that does not tell what to do. So this name stands for one: it says what to do when a pickle
builds an array of it, and is the class of `_neighbors` for everybody else, pickles of release 0.1.0 among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray.inversion.linear_obj import _neighbors

__all__ = ["Neighbors"]

if TYPE_CHECKING:
    from autoarray.inversion.linear_obj._neighbors import Neighbors
else:

    class _Name(type):
        """Calls, checks and subclasses of the name are those of the class."""

        def __new__(meta, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            if not any(isinstance(base, meta) for base in bases):
                return super().__new__(meta, name, bases, namespace)
            bases = tuple(_neighbors.Neighbors if isinstance(base, meta) else base for base in bases)
            return type(_neighbors.Neighbors)(name, bases, namespace)

        def __call__(cls, *args: Any, **kwargs: Any) -> _neighbors.Neighbors:
            return _neighbors.Neighbors(*args, **kwargs)

        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, _neighbors.Neighbors)

        def __subclasscheck__(cls, subclass: type) -> bool:
            return subclass is cls or issubclass(subclass, _neighbors.Neighbors)

    class Neighbors(np.ndarray, metaclass=_Name):
        __doc__ = _neighbors.Neighbors.__doc__

        def __new__(cls) -> _neighbors.Neighbors:
            """An object without its state, which a pickle of release 0.1.0 gives it next."""
            return object.__new__(_neighbors.Neighbors)

        def __array_finalize__(self, array: object) -> None:
            raise exc.StateException(
                f"{__name__}.Neighbors: expected the state of this release, found an array that PyAutoArray pickled. "
                "Read that file with serialization.load_pickle."
            )
