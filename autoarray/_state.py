"""What an object stores, and what it only derives from that.

`State` is the base of every class whose objects are pickled. Constructor state lives in the
instance dictionary; a computed value is declared with `@derived` and lives in one container
beside it, whose pickle keeps the small results and drops the intermediates.

Several threads may read one object, and evaluate its derived values. What is derived is added in one step, and is
never removed or replaced: of threads that compute a value at once the first one to be ready keeps its own, which all of
them get. So whoever goes through the state of an object takes a copy of its dictionary first, which is one step too.
"""

from __future__ import annotations

import copy
import functools
import inspect
import sys
from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

from autoarray import exc
from autoarray._display import line

_MISSING = object()
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@functools.cache
def constructor_fields(cls: type) -> frozenset[str]:
    """The names of the constructor arguments of a class and of its bases."""
    names: set[str] = set()
    for base in cls.__mro__:
        if "__init__" in vars(base) and base is not object:
            parameters = inspect.signature(base.__init__).parameters.values()
            names |= {p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
    return frozenset(names - {"self", "xp"})


@functools.cache
def _own_fields(cls: type) -> frozenset[str]:
    """What objects of a class have from their constructor on: its arguments, and what a class body annotates."""
    # As names, which each class keeps: Python 3.14 would evaluate others, and some are there for type checkers alone.
    annotated = {name for base in cls.__mro__ for name in vars(base).get("__annotations__", {})}
    return constructor_fields(cls) | {name.lstrip("_") for name in annotated}


class State:
    """Base of every class whose objects are pickled.

    An object whose class resolves by name but whose state another library wrote (its fields have
    other names, or some are missing) raises `exc.StateException` at its first use, rather than
    computing with a guess.
    """

    def __getattr__(self, name: str) -> Any:
        # Reached only when normal look-up failed.
        cls = type(self)
        if hasattr(cls, name):
            # A property that failed with an AttributeError of its own, which this raises again.
            return object.__getattribute__(self, name)
        missing = not name.startswith("__") and (name == "_use_jax" or name.lstrip("_") in _own_fields(cls))
        if missing:
            raise exc.StateException(
                f"{cls.__module__}.{cls.__qualname__} has no {name!r} in its state "
                f"(found: {', '.join(sorted(vars(self))) or 'nothing'}). If it was unpickled from a "
                "file that another release wrote, read that file with serialization.load_pickle."
            )
        raise AttributeError(f"{cls.__name__!r} object has no attribute {name!r}")

    def __getstate__(self) -> Any:
        # What Python gives by itself, but a copy: another thread may derive something while this state is pickled.
        state = super().__getstate__()
        if type(state) is dict:
            return state.copy()
        if type(state) is tuple and type(state[0]) is dict:  # of a subclass with slots
            return state[0].copy(), *state[1:]
        return state

    def __copy__(self) -> Self:
        # Python's own copy would share the container of what is derived, so that one of the two got the other's values.
        new = object.__new__(type(self))
        state = self.__getstate__()
        fields, slots = state if type(state) is tuple else (state, {})
        new.__dict__.update(fields or {})
        for name, value in slots.items():
            object.__setattr__(new, name, value)
        if "_derived" in new.__dict__:
            new.__dict__["_derived"] = copy.copy(new.__dict__["_derived"])
        return new

    def _repr_parts(self) -> list[str]:
        """What `repr` shows between the parentheses, read from the state alone."""
        return line.parts_of_fields(self)

    def __repr__(self) -> str:
        return line.one_line(self)

    def _with(self, **changes: Any) -> Self:
        """A new object of the same class with some of its state replaced, and nothing derived."""
        new = object.__new__(type(self))
        state = {name: value for name, value in vars(self).copy().items() if name != "_derived"}
        new.__dict__.update(state | changes)
        return new


class DerivedValues:
    """The computed values of one object: results travel in a pickle, intermediates never do."""

    __slots__ = ("intermediates", "results", "traced")

    def __init__(self) -> None:
        self.results: dict[str, Any] = {}
        self.intermediates: dict[str, Any] = {}
        # Values that hold JAX tracers, with the state of the trace that they belong to: they are
        # reused inside that trace and forgotten outside it.
        self.traced: tuple[Any, dict[str, Any]] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        results = {name: value for name, value in self.results.copy().items() if not _holds_tracer(value)}
        return DerivedValues, (), {"results": results}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.results.update(state["results"])

    def traced_now(self) -> dict[str, Any]:
        """The values that hold tracers of the trace in which this thread is; empty outside of it."""
        traced = self.traced  # read once: a trace in another thread replaces it
        return traced[1] if traced is not None and traced[0] == _trace_state() else {}


class DerivedValue(Generic[T_co]):
    """The descriptor behind `@derived`."""

    def __init__(self, function: Callable[[Any], T_co], travels: bool) -> None:
        self.function = function
        self.travels = travels
        self.name = function.__name__
        functools.update_wrapper(self, function)  # type: ignore[arg-type]

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> DerivedValue[T_co]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T_co: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        state = instance.__dict__
        values = state.get("_derived")
        if values is None:
            values = state.setdefault("_derived", DerivedValues())
        store = values.results if self.travels else values.intermediates
        value = store.get(self.name, _MISSING)
        if value is not _MISSING:
            return value
        if values.traced is not None and (value := values.traced_now().get(self.name, _MISSING)) is not _MISSING:
            return value
        value = self.function(instance)
        if not _holds_tracer(value):
            return store.setdefault(self.name, value)
        trace, traced = _trace_state(), values.traced
        if traced is None or traced[0] != trace:
            traced = values.traced = (trace, {})
        traced[1][self.name] = value
        return value

    def __set__(self, instance: object, value: object) -> None:
        # A data descriptor, so that a value cached under this name in another library's pickle is
        # never taken for our own.
        raise AttributeError(
            f"{type(instance).__name__}.{self.name} is derived from the object's state and can't be set"
        )


@overload
def derived(function: Callable[[Any], T]) -> DerivedValue[T]: ...
@overload
def derived(*, travels: bool) -> Callable[[Callable[[Any], T]], DerivedValue[T]]: ...
def derived(function: Any = None, *, travels: bool = False) -> Any:
    """Declare a value that is computed once from an object's state.

    With `travels=True` it is a small result, which is pickled with the object, so that a restored
    object has it bit for bit without computing anything. Otherwise it is an intermediate, which
    is never pickled and is computed again on demand.

    Several threads may ask one object for it. Those that ask before it is there may each compute it; all of them get
    the same object.
    """
    if function is None:
        return functools.partial(DerivedValue, travels=travels)
    return DerivedValue(function, travels=travels)


def is_derived(instance: object, name: str) -> bool:
    """Whether an object has already computed a derived value."""
    values = vars(instance).get("_derived")
    return values is not None and (name in values.results or name in values.intermediates)


def derived_names(cls: type, *, travels: bool) -> frozenset[str]:
    """The names of the derived values of a class that travel in a pickle, or that don't."""
    return frozenset(
        name
        for base in cls.__mro__
        for name, value in vars(base).items()
        if isinstance(value, DerivedValue) and value.travels == travels and getattr(cls, name) is value
    )


def _trace_state() -> Any:
    # The public home of this function, `jax.extend`, adds settings to JAX when it is first imported. Inside a trace, as
    # here, that would make JAX take the next call for one under other settings and trace it again.
    function = getattr(sys.modules.get("jax._src.core"), "get_opaque_trace_state", None)
    if function is None:
        from jax.extend.core import get_opaque_trace_state as function
    return function(convention="flax")


def _holds_tracer(value: object) -> bool:
    """Whether a value, or something inside it, is being traced by JAX."""
    tracer = line.tracer_class()
    return tracer is not None and any(isinstance(leaf, tracer) for leaf in _leaves(value, tracer))


def _leaves(value: object, tracer: type) -> Any:
    if isinstance(value, tracer):
        yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _leaves(item, tracer)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item, tracer)
    elif isinstance(value, State):
        for name, item in vars(value).copy().items():
            if name != "_derived":
                yield from _leaves(item, tracer)
