"""How the state of one old class becomes that of a type."""

# pyright: strict

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

State = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """How the state of an old class becomes that of schema version 1 of a type.

    Parameters
    ----------
    type
        The name of the type.
    renamed
        New names by old ones.
    left_out
        Attributes that are computed again.
    defaults
        Values of attributes that were added later.
    convert
        What else is to be done, from a copy of the state to a state.
    """

    type: str
    renamed: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])
    left_out: frozenset[str] = frozenset()
    defaults: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    convert: Callable[[State], State] = lambda state: state

    def state_of(self, old: State) -> State:
        """The state of schema version 1, and with it what that version has no place for, for the caller to refuse."""
        state = {
            self.renamed.get(name, name): value
            for name, value in self.convert(dict(old)).items()
            if name not in self.left_out
        }
        return {**self.defaults, **state}
