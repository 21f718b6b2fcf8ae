"""Frozen dataclasses that pickles of any release restore: fields that came later have their defaults."""

from __future__ import annotations

import dataclasses
from typing import Any


def restore(record: Any, state: Any) -> None:
    """The `__setstate__` of such a class: the state is a dict, or a list in the order of the fields if it has slots."""
    fields = dataclasses.fields(record)
    if not isinstance(state, dict):
        state = {field.name: value for field, value in zip(fields, state, strict=False)}
    for field in fields:
        if field.name in state:
            value = state[field.name]
        elif field.default_factory is not dataclasses.MISSING:
            value = field.default_factory()
        else:
            value = field.default
        object.__setattr__(record, field.name, value)
