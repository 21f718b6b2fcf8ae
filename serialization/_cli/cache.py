"""`autoarray-state cache`: what a cache holds, whether it is intact, and what can go."""

from __future__ import annotations

import argparse
import dataclasses
import re
import sys
import time
from collections.abc import Callable

import serialization
from serialization._cli.output import print_json
from serialization._cli.progress import progress
from serialization._cli.table import print_table
from serialization._payload.info import readable_bytes

_POWERS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_BINARY = {"k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 7 * 86400.0}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:([kmgt]?)(i?)b?)", re.IGNORECASE)
_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw]?)", re.IGNORECASE)


def add_parser(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "cache",
        parents=[shared],
        help="list, count, check or shrink a cache of fits",
        description="Look into a cache that serialization.Cache writes, check it, or make it smaller. Other processes "
        "may use it meanwhile.",
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    for name, function, text in (
        ("ls", _ls, "list the entries, the last used first"),
        ("stats", _stats, "count the entries and their bytes"),
        ("verify", _verify, "read every entry, and move what is corrupt to the quarantine"),
        ("prune", _prune, "remove entries beyond the limits, and what killed processes left behind"),
    ):
        action = actions.add_parser(name, parents=[shared], help=text, description=f"{text[0].upper()}{text[1:]}.")
        action.add_argument(
            "--directory", metavar="DIR_OR_URL", help="the folder or URL of the cache (default: the user's own)"
        )
        action.add_argument(
            "--shared-with-group", action="store_true", help="trust the owner of the folder, and its group"
        )
        action.add_argument("--json", action="store_true", help="print JSON instead of tables")
        if name == "prune":
            action.add_argument(
                "--max-bytes", type=size_from, metavar="SIZE", help="keep at most so much, such as 500MB or 2GiB"
            )
            action.add_argument(
                "--max-age", type=age_from, metavar="AGE", help="remove what was written longer ago, such as 12h or 30d"
            )
        action.set_defaults(run=function)


def size_from(text: str) -> int:
    """A number of bytes, with or without a unit: 1000, 500kB, 2GiB."""
    match = _SIZE.fullmatch(text.strip())
    if match is None or (match[3] and not match[2]):
        raise argparse.ArgumentTypeError(f"expected a size such as 500MB or 2GiB, found {text!r}")
    unit = match[2].lower()
    return int(float(match[1]) * (_BINARY[unit] if match[3] else _POWERS[unit]))


def age_from(text: str) -> float:
    """A number of seconds, with or without a unit: 90, 15m, 12h, 30d, 2w."""
    match = _AGE.fullmatch(text.strip())
    if match is None:
        raise argparse.ArgumentTypeError(f"expected an age such as 90s, 12h or 30d, found {text!r}")
    return float(match[1]) * _SECONDS[match[2].lower() or "s"]


def _ls(arguments: argparse.Namespace) -> bool:
    cache, now = _cache_of(arguments), time.time()
    entries = cache.entries()
    rows = [
        [key, readable_bytes(size), f"{_age(now - written)} ago", f"{_age(now - used)} ago"]
        for key, size, written, used in entries
    ]
    names = ("key", "bytes", "written", "used")
    document = [dict(zip(names, entry, strict=True)) for entry in entries]
    _print(arguments, document, lambda: print_table(("key", "size", "written", "used"), rows))
    return True


def _stats(arguments: argparse.Namespace) -> bool:
    stats = _cache_of(arguments).stats()
    # The rest counts what one process did, and this one did nothing.
    names = ("entries", "bytes", "quarantine", "quarantine_bytes", "temporaries", "temporary_bytes", "locks")
    document = {"store": stats.store} | {name: getattr(stats, name) for name in names}
    rows = [
        ["store", stats.store],
        ["entries", str(stats.entries)],
        ["size", readable_bytes(stats.bytes)],
        ["in quarantine", f"{stats.quarantine}, {readable_bytes(stats.quarantine_bytes)}"],
        ["being written", f"{stats.temporaries}, {readable_bytes(stats.temporary_bytes)}"],
        ["lock files", str(stats.locks)],
    ]
    _print(arguments, document, lambda: print_table(("", "cache"), rows, left=(0, 1)))
    return True


def _verify(arguments: argparse.Namespace) -> bool:
    report = _cache_of(arguments).verify(progress=lambda items: progress(items, "verify"))

    def print_report() -> None:
        rows = [[name, str(getattr(report, name))] for name in ("checked", "intact", "missing")]
        rows += [["corrupt", str(len(report.corrupt))], ["unreadable", str(len(report.unreadable))]]
        print_table(("entries", "count"), rows)
        for key in report.corrupt:
            print(f"{key}: FAILED: its bytes are not those that were written; moved to the quarantine")
        for key in report.unreadable:
            print(f"{key}: note: another release, or a program that registers its types, can read it")

    _print(arguments, report.as_dict(), print_report)
    return not report.corrupt


def _prune(arguments: argparse.Namespace) -> bool:
    report = _cache_of(arguments).prune(max_bytes=arguments.max_bytes, max_age=arguments.max_age)
    rows = [
        [field.name, readable_bytes(value) if field.name in ("freed", "bytes") else str(value)]
        for field in dataclasses.fields(report)
        for value in [getattr(report, field.name)]
    ]
    _print(arguments, report.as_dict(), lambda: print_table(("", "count"), rows))
    return True


def _cache_of(arguments: argparse.Namespace) -> serialization.Cache:
    """The cache that is asked for, without limits; a folder or URL that was named must be one."""
    cache = serialization.Cache(arguments.directory, max_bytes=None, shared_with_group=arguments.shared_with_group)
    if arguments.directory is not None and not cache.exists():
        raise FileNotFoundError(f"{arguments.directory}: expected a cache, found no folder `entries` in it")
    return cache


def _print(arguments: argparse.Namespace, document: object, print_tables: Callable[[], None]) -> None:
    if arguments.json:
        print_json(document, sys.stdout)
    else:
        print_tables()


def _age(seconds: float) -> str:
    """A time span in the largest unit that fits."""
    for unit, span in (("d", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= span:
            return f"{seconds / span:.0f} {unit}"
    return f"{max(seconds, 0.0):.0f} s"
