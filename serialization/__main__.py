# pyright: strict
"""The command `autoarray-state`, also `python -m serialization`.

Its exit codes are in `_cli.parser.EXIT_CODES`, which the help of every command prints.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence

from serialization._cli.output import message_of, print_json
from serialization._cli.parser import CHECK_FAILED, INTERRUPTED, OK, UNUSABLE, parser_from

__all__ = ["CHECK_FAILED", "INTERRUPTED", "OK", "UNUSABLE", "main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; errors are one line on standard error.

    With `--json`, standard output gets one document in this case too: `{"error": MESSAGE}`.
    """
    arguments = parser_from().parse_args(argv)
    try:
        passed = arguments.run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _refuse("interrupted", arguments, INTERRUPTED)
    except BrokenPipeError:
        # The reader of a pipe has seen enough. What is still buffered must not fail at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as error:
        if arguments.debug:
            traceback.print_exc()
            return _refuse(message_of(error), arguments, UNUSABLE, told=True)
        return _refuse(message_of(error), arguments, UNUSABLE)
    return OK if passed else CHECK_FAILED


def _refuse(message: str, arguments: argparse.Namespace, code: int, told: bool = False) -> int:
    if not told:
        kind = "" if code == INTERRUPTED else "error: "
        print(f"autoarray-state: {kind}{message}", file=sys.stderr)
    if getattr(arguments, "json", False):
        print_json({"error": message}, sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(main())
