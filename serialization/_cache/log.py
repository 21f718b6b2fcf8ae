# pyright: strict
"""What a cache says in the log (logger `serialization`), each thing once."""

from __future__ import annotations

import logging
import threading

_MOST_KEPT = 10_000
_log = logging.getLogger("serialization")
_said: set[tuple[str, str]] = set()
_saying = threading.Lock()


def warn_once(store: str, subject: str, message: str, *arguments: object) -> None:
    """Log a warning, unless this process has logged one of the same store and subject."""
    with _saying:
        if (store, subject) in _said:
            return
        if len(_said) >= _MOST_KEPT:
            _said.clear()
        _said.add((store, subject))
    _log.warning(message, *arguments)
