"""`autoarray-state completion`: a script that lets a shell complete the commands, options and files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from serialization._cli.files import path_or_url
from serialization._extras import package_of

SHELLS = ("bash", "zsh", "tcsh")


def add_parser(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "completion",
        parents=[shared],
        help="print a script that makes a shell complete commands, options and files",
        description="Print the script for a shell, which completes the commands, their options, and files where files "
        'belong. For this session of bash: eval "$(autoarray-state completion bash)". To keep it, write it to '
        "~/.local/share/bash-completion/completions/autoarray-state, or for zsh to a file _autoarray-state in a "
        "folder of $fpath. Needs shtab, of the extra cli.",
    )
    parser.add_argument("shell", choices=SHELLS, help="the shell")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> bool:
    sys.stdout.write(script_from(arguments.root, arguments.shell))
    return True


def script_from(parser: argparse.ArgumentParser, shell: str) -> str:
    """The script that completes what a parser takes.

    Raises
    ------
    ModuleNotFoundError
        If shtab is not installed; the message names the extra.
    """
    shtab = package_of("cli", "shtab", "the completion script")
    for action in _actions(parser):
        metavar = action.metavar if isinstance(action.metavar, str) else ""
        if action.type in (Path, path_or_url) or metavar.startswith("DIR"):
            # Not part of argparse: the attribute that shtab looks for.
            action.complete = shtab.DIRECTORY if metavar.startswith("DIR") else shtab.FILE  # type: ignore[attr-defined]
    script: str = shtab.complete(parser, shell)
    return script if script.endswith("\n") else f"{script}\n"


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The arguments of a parser and of its commands."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
