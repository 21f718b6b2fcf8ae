"""Snapshots of fits for the worker of a background plotter: bytes that a process without jax can read."""

from __future__ import annotations

import io
import pickle
import sys
import types
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray._backend import is_jax_array, is_tracer
from autoarray._state import DerivedValues, State

if TYPE_CHECKING:
    import jax.core

PROTOCOL = 5


def snapshot_of(obj: object) -> bytes:
    """The pickle of an object as it is now, on NumPy.

    JAX arrays become NumPy arrays of the same numbers, and the objects that hold them change their backend to NumPy.
    A shared array stays shared. The object itself stays as it is.

    Raises
    ------
    PlottingException
        If the object holds values that JAX is tracing, a class or function of the main module, or anything else that
        can't be pickled.
    """
    stream = io.BytesIO()
    try:
        _SnapshotPickler(stream, PROTOCOL).dump(obj)
    except _TracerError as error:
        raise exc.PlottingException(
            f"{_name_of(obj)}: expected numbers, found values that JAX is tracing{_place_of(error.tracer, obj)} "
            f"({error.tracer.aval}); submit what a jitted function returns, outside of it"
        ) from None
    except exc.PlottingException:
        raise
    except Exception as error:
        raise exc.PlottingException(
            f"{_name_of(obj)}: can't be handed to another process: {type(error).__name__}: {error}"
        ) from error
    return stream.getvalue()


class _TracerError(Exception):
    def __init__(self, tracer: jax.core.Tracer) -> None:
        super().__init__("a tracer")
        self.tracer = tracer


class _SnapshotPickler(pickle.Pickler):
    """Pickle objects of either backend on NumPy; this never imports jax."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, State):
            if vars(obj).get("_use_jax"):
                reduced: Any = obj.__reduce_ex__(PROTOCOL)
                return (*reduced[:2], {**reduced[2], "_use_jax": False}, *reduced[3:])
        elif is_jax_array(obj):
            if is_tracer(obj):
                raise _TracerError(obj)
            # A copy, because an array that shares the memory of a JAX array comes back read-only.
            return np.array(obj).__reduce_ex__(PROTOCOL)
        elif isinstance(obj, (type, types.FunctionType)) and obj.__module__ == "__main__":
            # The worker does not run the user's script again, which may have no guard and begin a search.
            raise exc.PlottingException(
                f"{obj.__qualname__}: expected a class or function of a module that can be imported, found one that "
                "the script or notebook itself defines; move it into a file of its own and import it"
            )
        return NotImplemented


def style_of_this_process() -> dict[str, Any]:
    """The settings of matplotlib that were changed in this process; empty where it has not been imported."""
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is None:
        return {}
    changed = {}
    for key in matplotlib.rcParams:
        # The names of screens stay here: to read them may even open one.
        if key.startswith(("backend", "interactive", "toolbar", "tk.", "webagg", "macosx")):
            continue
        value = matplotlib.rcParams[key]
        if value != matplotlib.rcParamsDefault[key]:
            changed[key] = value
    return changed


def _name_of(obj: object) -> str:
    return type(obj).__name__


def _place_of(tracer: jax.core.Tracer, root: object) -> str:
    """The path of a tracer inside an object, for the message; empty if the search does not reach it."""
    seen: set[int] = set()
    stack: list[tuple[str, Any]] = [("", root)]
    while stack:
        path, value = stack.pop()
        if value is tracer:
            return f" in {path.removeprefix('.')}" if path else ""
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, DerivedValues):
            value = value.results.copy()
        elif isinstance(value, State):
            stack += [(f"{path}.{name.removeprefix('_')}", item) for name, item in vars(value).copy().items()]
        if isinstance(value, dict):
            stack += [(f"{path}.{key}", item) for key, item in value.items()]
        elif isinstance(value, (list, tuple)):
            stack += [(f"{path}[{index}]", item) for index, item in enumerate(value)]
    return ""
