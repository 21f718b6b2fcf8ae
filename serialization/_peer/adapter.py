"""The state of an object of PyAutoArray as that of its type in payloads, and back. None of its classes is changed."""

from __future__ import annotations

import functools
import inspect
from typing import Any

from serialization._autoarray import FIRST, PEER, TESTED, numbers_of, release_of_peer
from serialization._graph.backend import is_jax_array
from serialization._peer import special
from serialization._peer.rules import BASES, RULES, Rule, nothing
from serialization._peer.unmade import state_if_unmade
from serialization._schema.schema import Schema, by_class, difference_text
from serialization.errors import SchemaError

State = dict[str, Any]


class Results:
    """The results that were stored with an object, until it is made."""

    def __init__(self, results: State | None = None) -> None:
        self.results: State = {} if results is None else results


class Adapter:
    """Reads and makes the objects of one class.

    Parameters
    ----------
    schema
        The schema of its type.
    cls
        The class.
    rule
        How its state differs from that of the type.
    """

    def __init__(self, schema: Schema, cls: type, rule: Rule) -> None:
        check_release()
        self.cls = cls
        self.results = rule.results | rule.others | cached_names(cls) & set(schema.all_fields)
        self._schema = schema
        self._rule = rule
        self._special = special.SPECIAL.get(schema.name)
        self._names = [(name, rule.names.get(name, name)) for name in schema.all_fields]
        self._is_array = {"_use_jax", "_array"} <= set(schema.all_fields)
        self._given = {**rule.unused, **rule.ours}
        self._absent = {**self._given, **rule.late}
        self._left = cached_names(cls) | rule.made.keys() | schema.caches | schema.renewed.keys()
        self._results = rule.results | schema.cached

    def state_of(self, value: Any) -> State:
        """The state of an object in the newest schema version, with its stored results under `_derived`.

        Raises
        ------
        SchemaError
            If it is none that PyAutoArray's objects have in the releases that are known.
        """
        if (unmade := state_if_unmade(value)) is not None:
            return unmade
        own: State = vars(value).copy()
        if type(value) is special.SparseOperator:
            return own
        results = {name: own.pop(name) for name in self._results if name in own}
        if self._special is not None and self._special.state_of is not None:
            own = self._special.state_of(value, own)
        if self._special is not None and self._special.whole:
            state = {name: own[name] for name in self._schema.all_fields if name in own}
        else:
            state = self._by_rule(own)
        if results:
            state["_derived"] = Results(results)
        return state

    def _by_rule(self, own: State) -> State:
        given, state = self._absent, State()
        for name, theirs in self._names:
            if theirs in own:
                state[name] = own.pop(theirs)
            elif name in given:
                state[name] = given[name]
        self._check(own, state)
        if self._is_array and is_jax_array(state["_array"]):
            state["_use_jax"] = True  # which PyAutoArray's arrays don't always say
        return state

    def _check(self, rest: State, state: State) -> None:
        rule = self._rule
        extra = [
            name
            for name, value in rest.items()
            if name not in self._left and not (name in rule.empty and value is None) and name not in _LEFT_BY_CALLERS
        ]
        missing = [name for name in self._schema.fields if name not in state]
        if missing or extra:
            missing = [rule.names.get(name, name) for name in missing]
            known = [rule.names.get(name, name) for name in self._schema.all_fields if name not in self._given]
            raise SchemaError(
                f"expected the attributes of {self.cls.__module__}.{self.cls.__qualname__} in "
                f"{PEER} {release_name(TESTED)} ({', '.join(known)}), found {difference_text(missing, extra)}"
            )

    def make(self, value: Any) -> None:
        """Turn the state of the type in the instance dictionary of a new object into that of PyAutoArray.

        Raises
        ------
        SchemaError
            If PyAutoArray has no object of this state.
        """
        state: State = vars(value).copy()
        derived = state.pop("_derived", None)
        self._check_conventions(state)
        if self._special is not None and self._special.make is not None:
            self._special.make(value, self.cls, state)
            if type(value) not in by_class:
                self._schema.take(type(value))
            return
        rule = self._rule
        own = {theirs: state[name] for name, theirs in self._names if name in state and name not in self._given}
        for name, absent in rule.late.items():
            if own.get(name) is absent:
                own.pop(name, None)
        for name, make in rule.made.items():
            own[name] = make(state)
        own.update(dict.fromkeys(rule.empty))
        own.update((name, state[name]) for name in (*self._schema.cached, *self._schema.renewed) if name in state)
        if derived is not None:
            own.update((name, item) for name, item in derived.results.items() if name in self._left)
        vars(value).clear()
        vars(value).update(own)

    def forget(self, value: Any) -> None:
        """Take from an object what was computed from its state."""
        own: State = vars(value)
        for name in (cached_names(self.cls) | self._results) - {theirs for _, theirs in self._names}:
            own.pop(name, None)
        for name, make in self._rule.made.items():
            if make is nothing and name in own:
                own[name] = None

    def _check_conventions(self, state: State) -> None:
        rule = self._rule
        wanted = {name: (value,) for name, value in rule.ours.items()} | dict(rule.only)
        for name, allowed in wanted.items():
            if name in state and state[name] not in allowed:
                text = " or ".join(map(repr, allowed))
                raise SchemaError(
                    f"expected {name} of {self._schema.name} to be {text}, as {PEER} {release_of_peer()} computes, "
                    f"found {state[name]!r:.80}: open the file with autoarray-portable, or write it again there after "
                    "serialization.upgrade_physics, which recomputes it by the newest conventions"
                )


# What the callers of a constructor set afterwards on the object, where the type has no such field.
_LEFT_BY_CALLERS = frozenset({"linear_obj_galaxy_dict"})


def release_name(numbers: tuple[int, ...]) -> str:
    """A release as text."""
    return ".".join(map(str, numbers))


@functools.cache
def check_release() -> None:
    """Raise unless the release of PyAutoArray that is installed has the states that the rules are about.

    Raises
    ------
    SchemaError
        If it is older than the first that has them.
    """
    release = release_of_peer()
    numbers = numbers_of(release)
    if not numbers or numbers < FIRST:
        raise SchemaError(
            f"expected {PEER} {release_name(FIRST)} or newer (tested: {release_name(TESTED)}), found {release}, whose "
            "objects have other states; update it (pip install --upgrade autolens), or pickle the fit there and "
            "convert the pickle where autoarray-portable is installed (autoarray-state convert)"
        )


@functools.cache
def cached_names(cls: type) -> frozenset[str]:
    """The names of the values that a class computes once and keeps in the instance dictionary."""
    return frozenset(
        name
        for base in cls.__mro__
        for name, value in vars(base).items()
        if "cached" in type(value).__name__.lower() and inspect.getattr_static(cls, name) is value
    )


def adapter_of(schema: Schema, cls: type) -> Adapter | None:
    """What reads and makes the objects of a class, or None if its instance dictionary is its state."""
    rule = RULES.get(schema.name) if cls.__module__.startswith(("autoarray.", "serialization.")) else None
    if rule is None:
        places = [f"{base.__module__}:{base.__qualname__}" for base in cls.__mro__]
        rule = next((rule for place, rule in BASES.items() if place in places), None)
        if rule is None:
            return None
    return Adapter(schema, cls, rule)
