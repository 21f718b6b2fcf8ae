"""`autoarray-state drop-in`, `drop-out` and `installation`: this project in place of PyAutoArray, and back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from serialization._cli.output import print_fields, print_json
from serialization._installation.drop import drop_in, drop_out
from serialization._installation.environment import Environment
from serialization._installation.state import State, state_of

_MEANINGS = {
    "PyAutoArray": "PyAutoArray {release}",
    "drop-in": "autoarray-portable in place of PyAutoArray {release}",
    "autoarray-portable": "autoarray-portable, by itself",
    "mixed": "a mixture of PyAutoArray and autoarray-portable",
    "editable": "PyAutoArray, from a checkout",
    "nothing": "nothing",
    "unknown": "files that no distribution owns",
}


def add_parser(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:
    """Declare the three commands."""
    for name, function, text, more in (
        (
            "drop-in",
            _moving(drop_in),
            "put autoarray-portable in place of PyAutoArray in an environment with PyAutoLens",
            "PyAutoLens then runs on it as it is. The files that it replaces are kept, and drop-out puts them back.",
        ),
        (
            "drop-out",
            _moving(drop_out),
            "put PyAutoArray back where drop-in replaced it",
            "Its files are the same as before, byte for byte.",
        ),
        (
            "installation",
            _look,
            "say what an environment has for autoarray, and what is wrong with it",
            "It finds files of two distributions in one folder, files that are missing and files that nobody owns.",
        ),
    ):
        parser = commands.add_parser(
            name, parents=[shared], help=text, description=f"{text[0].upper()}{text[1:]}. {more}"
        )
        parser.add_argument(
            "environment",
            type=Path,
            metavar="DIR",
            nargs="?",
            default=Path(sys.executable),
            help="the folder of the environment, or its interpreter (default: that of this command)",
        )
        parser.add_argument("--json", action="store_true", help="print JSON instead of a sentence")
        parser.set_defaults(run=function)


def _moving(move: Callable[[Path], str]) -> Callable[[argparse.Namespace], bool]:
    def run(arguments: argparse.Namespace) -> bool:
        done = move(arguments.environment)
        if arguments.json:
            print_json({"done": done, **_document(arguments.environment)}, sys.stdout)
        else:
            print(done)
        return True

    return run


def _look(arguments: argparse.Namespace) -> bool:
    document = _document(arguments.environment)
    if arguments.json:
        print_json(document, sys.stdout)
    else:
        names = {"packages": "packages", "autoarray": "autoarray", "version": "version"}
        fields = [(name, str(document[key])) for name, key in names.items() if document[key] is not None]
        fields += [(name, version) for name, version in document["clients"].items()]
        fields += [("problem", problem) for problem in document["problems"]]
        fields += [("to mend it", command) for command in document["mend"]]
        print_fields(fields, sys.stdout)
    return not document["problems"]


def _document(path: Path) -> dict[str, Any]:
    environment = Environment.of(path)
    state = state_of(environment)
    return {
        "packages": str(environment.packages),
        "autoarray": _MEANINGS[state.kind].format(release=state.release),
        "version": _version(state),
        "clients": state.clients,
        "problems": list(state.problems),
        "mend": list(state.mend),
    }


def _version(state: State) -> str | None:
    owner = state.distribution or state.portable
    return owner.version if owner else None
