"""`autoarray-state drop-in`, `drop-out` and `installation` from a checkout, in which nothing needs to be installed:

    python clients/installation.py drop-in DIR

The three commands need the standard library alone. The package `serialization` imports more, so it is not imported.
"""

from __future__ import annotations

import argparse
import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run a command and return its exit code, as `autoarray-state` does."""
    # The package without its `__init__.py`.
    package = types.ModuleType("serialization")
    package.__path__ = [str(ROOT / "serialization")]
    sys.modules["serialization"] = package

    from serialization._cli import installation
    from serialization._cli.output import message_of

    parser = argparse.ArgumentParser(prog="clients/installation.py", description=__doc__.partition(":")[0])
    installation.add_parser(
        parser.add_subparsers(required=True, metavar="COMMAND"), argparse.ArgumentParser(add_help=False)
    )
    arguments = parser.parse_args()
    try:
        return 0 if arguments.run(arguments) else 1
    except Exception as error:
        print(f"error: {message_of(error)}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
