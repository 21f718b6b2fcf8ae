"""Paths into a payload, such as `inversion.linear_obj_list[0]`: how they are read, and what stands there."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from serialization._display import cut, text_of
from serialization._payload import wire
from serialization._payload.outline import Outline
from serialization.errors import UnknownPathError

_MOST_SHOWN = 12
# `.name`, or an item: quoted text, or anything else without brackets but those of tuples.
_STEP = re.compile(
    r"""\.?(?P<name>[^.\[\]]+)|\[(?P<item>(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\[\]'"])*)\]""", re.DOTALL
)


class Location(NamedTuple):
    """What stands at a path.

    `value` is the value as the outline has it. It is in the record of object `owner`, or the root's value for -1, at
    `at`: its number there, and those in the tuples that it is in.
    """

    path: str
    value: Any
    owner: int
    at: tuple[int, ...]


def locate(outline: Outline, path: str) -> Location:
    """What stands at a path.

    Parameters
    ----------
    outline
        The graph in outline.
    path
        `inversion.mapper`, `linear_obj_list[0]`, `['key']`; with `$` or `$.` before it or not. A leading underscore of
        a name may be left out. `$` or nothing is the root.

    Raises
    ------
    UnknownPathError
        If there is nothing; the message says what there is.
    """
    here = Location("$", outline.values[0], -1, ())
    for step in _steps_of(path):
        here = _step_from(outline, here, step)
    return here


def _steps_of(path: str) -> list[re.Match[str]]:
    if not isinstance(path, str):
        raise TypeError(f"path: expected text, found {type(path).__name__}")
    rest = path.strip().removeprefix("$")
    steps, position = list[re.Match[str]](), 0
    while position < len(rest):
        match = _STEP.match(rest, position)
        if match is None or (match["name"] is not None and steps and rest[position] != "."):
            raise UnknownPathError(
                f"expected a path such as inversion.linear_obj_list[0] or ['key'].data, found {path!r:.200}"
            )
        steps.append(match)
        position = match.end()
    return steps


def _step_from(outline: Outline, here: Location, step: re.Match[str]) -> Location:
    index = outline.object_of(here.value)
    kind = None if index is None else outline.header.objects[index]
    if index is not None and kind is not None and kind >= 0 and step["name"] is not None:
        names = outline.names_of(index)
        name = next((name for name in (step["name"], f"_{step['name']}") if name in names), None)
        if name is not None:
            number = names.index(name)
            return Location(f"{here.path}.{name}", outline.record_of(index)[number], index, (number,))
    elif index is not None and kind == wire.DICT and step["item"] is not None:
        record = outline.record_of(index)
        for number in range(0, len(record), 2):
            if _names_key(step["item"], record[number]):
                return Location(f"{here.path}[{text_of(record[number])}]", record[number + 1], index, (number + 1,))
    elif kind in (None, wire.LIST, wire.SET) and step["item"] is not None:
        items = outline.record_of(index) if index is not None else here.value
        number = _number_in(step["item"], items)
        if number is not None:
            owner, at = (here.owner, (*here.at, number)) if index is None else (index, (number,))
            return Location(f"{here.path}[{number}]", items[number], owner, at)
    raise _unknown(outline, here, step[0])


def _names_key(text: str, key: object) -> bool:
    """Whether the text between brackets names a key of a dict."""
    if text == text_of(key):
        return True
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False
    return type(value) is type(key) and value == key


def _number_in(text: str, items: object) -> int | None:
    """The number between brackets, if a sequence has such an item; negative ones count from its end."""
    if not isinstance(items, tuple) or not re.fullmatch(r"-?[0-9]{1,18}", text):
        return None
    number = int(text) + (len(items) if text.startswith("-") else 0)
    return number if 0 <= number < len(items) else None


def _unknown(outline: Outline, here: Location, step: str) -> UnknownPathError:
    step = step if step[0] in ".[" else f".{step}"
    index = outline.object_of(here.value)
    what = description_of(outline, here.value)
    choices = [name for name, _ in outline.children_of(here.value)]
    if index is not None and outline.header.objects[index] == wire.DICT:
        choices = choices[::2]  # a key has the step of its value
    if not choices:
        return UnknownPathError(f"expected no step from {what}, found {cut(step, 80)}", path=here.path)
    return UnknownPathError(
        f"expected a step of {what}, {_listed(choices)}, found {cut(step, 80)}{_hint(step, choices)}",
        path=here.path,
    )


def _listed(choices: Sequence[str]) -> str:
    if re.fullmatch(r"\[\d+\]", choices[-1]) and len(choices) > 2 and choices[0] == "[0]":
        return f"[0] to {choices[-1]}"
    more = f" and {len(choices) - _MOST_SHOWN} more" if len(choices) > _MOST_SHOWN else ""
    return ", ".join(cut(choice, 60) for choice in choices[:_MOST_SHOWN]) + more


def _hint(step: str, choices: Sequence[str]) -> str:
    """What was meant, maybe: a name with other letters, or a name where a key stands or the other way round."""
    if choices[0] == "[0]":
        return ""
    bare = {re.sub(r"^[.\['\"_]+|['\"\]]+$", "", choice).lower(): choice for choice in choices[:1000]}
    close = difflib.get_close_matches(re.sub(r"^[.\['\"_]+|['\"\]]+$", "", step).lower(), bare, n=1)
    return f"; did you mean {cut(bare[close[0]], 60)}?" if close else ""


def description_of(outline: Outline, value: object) -> str:
    """What a value is, for messages."""
    index = outline.object_of(value)
    if index is not None:
        name = outline.type_of(index)
        return f"a {name}" if outline.header.objects[index] < 0 else f"an object of {name}"
    return "an array" if outline.array_of(value) is not None else f"a {type(value).__name__}"
