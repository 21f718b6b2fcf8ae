"""The arguments of `autoarray-state`: each command declares its own, in a module that this one lists.

To add a command, write a module `NAME.py` beside this one with a function `add_parser(commands, shared)`, which adds
its parser with `commands.add_parser(NAME, parents=[shared], help=..., description=...)` and names what runs it with
`set_defaults(run=function)`; `function` takes the parsed arguments, prints to standard output, and returns whether
all is well (exit code 0) or a check failed (1); what it raises is printed in one line (2). List the module in
`_COMMANDS`. A command that reports has an option `--json` that makes it print one JSON document instead. Arguments
that name files have `type=Path` (or
`files.path_or_url`), and those that name folders the metavar `DIR` too: shells complete them so. Long
loops run over `progress.progress(items, description)`.
"""

from __future__ import annotations

import argparse

from autoarray import __version__
from serialization._cli import cache, completion, convert, get, inspect, installation, plot, verify
from serialization._cli.demo import command as demo

OK, CHECK_FAILED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
EXIT_CODES = {
    OK: "all is well",
    CHECK_FAILED: "a check failed: a delta that is not 0.0, a file that is not intact or can't be loaded here",
    UNUSABLE: "the command line, or a file that it names, can't be used",
    INTERRUPTED: "interrupted (Ctrl-C)",
}
_COMMANDS = (demo, inspect, get, convert, verify, plot, cache, installation, completion)
_TITLE = "exit codes:"


class _Formatter(argparse.HelpFormatter):
    """Fills the paragraphs of a help text, and leaves the table of exit codes as it is."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if text.startswith(_TITLE) else super()._fill_text(text, width, indent)


def parser_from() -> argparse.ArgumentParser:
    """The parser of the whole command line; what it parses has the attributes `run`, `debug` and `root`, itself."""
    parser = argparse.ArgumentParser(
        prog="autoarray-state",
        description="Fits of lensed galaxies that travel: try one, look into a file, check or convert old ones.",
    )
    parser.add_argument("--version", action="version", version=f"autoarray-portable {__version__}")
    parser.set_defaults(root=parser, debug=False)
    shared = argparse.ArgumentParser(add_help=False)
    # Suppressed: an action of a command must not take back what stood before it.
    shared.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help="show the whole traceback of an error"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in _COMMANDS:
        module.add_parser(commands, shared)
    _explain(parser)
    return parser


def _explain(parser: argparse.ArgumentParser) -> None:
    """End the help of each command with the exit codes."""
    parser.epilog = "\n".join([_TITLE, *(f"  {code:<4} {meaning}" for code, meaning in EXIT_CODES.items())])
    parser.formatter_class = _Formatter
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                _explain(command)
