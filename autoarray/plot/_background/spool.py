# pyright: strict
"""How the workers of a pool reach the process that draws: they leave what they have in a folder.

The workers of a pool are forked after the live figures are made, or get a pickled copy of them. Each of them counts
its own likelihoods and knows its own best fit only. A file replaces the one before it, so that the newest instance
wins here too; the process that draws compares.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import shutil
import tempfile
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Candidate:
    """An instance of a worker of a pool, which is worth a figure only if it fits better than the last one drawn."""

    def __init__(self, instance: Any) -> None:
        self.instance = instance


class Spool:
    """A folder that only this user may read, with at most one file of settings and one of an instance."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="autoarray-live-"))

    def settings(self) -> dict[str, Any] | None:
        """The settings that a worker of the pool has left, or None."""
        payload = self._take("settings", keep=True)
        return None if payload is None else pickle.loads(payload)

    def instance(self) -> bytes | None:
        """The newest snapshot that no one has taken, or None."""
        return self._take("instance")

    def remove(self) -> None:
        """Remove the folder; workers that are left notice."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _take(self, name: str, keep: bool = False) -> bytes | None:
        taken = self.folder / (name if keep else f"taken-{uuid.uuid4().hex}")
        try:
            if not keep:
                os.replace(self.folder / name, taken)
            payload = taken.read_bytes()
            if not keep:
                taken.unlink()
        except OSError:
            return None
        return payload


class Sender:
    """Leaves instances in a spool, from a thread, in a process that does not draw.

    Parameters
    ----------
    folder
        The folder of the spool.
    settings_for
        Returns the settings of the process that draws, for an analysis and the paths of a search.
    copy_of
        Returns the snapshot of an object.
    failed
        Called with the error of an instance that can't be handed over.
    """

    def __init__(
        self,
        folder: Path,
        settings_for: Callable[[Any, Any], dict[str, Any]],
        copy_of: Callable[[object], bytes],
        failed: Callable[[Exception], None],
    ) -> None:
        self.pid = os.getpid()
        self.sent = 0
        self._folder, self._settings_for, self._copy_of, self._failed = folder, settings_for, copy_of, failed
        self._queue: queue.SimpleQueue[tuple[Any, Any, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="LiveFigures sender", daemon=True).start()

    def send(self, analysis: Any, paths: Any, instance: Any) -> None:
        """Hand an instance to the thread."""
        self._queue.put((analysis, paths, instance))

    def _run(self) -> None:
        while self._folder.is_dir():
            analysis, paths, instance = self._queue.get()
            with contextlib.suppress(queue.Empty):  # the newest one wins
                while True:
                    analysis, paths, instance = self._queue.get_nowait()
            try:
                if not (self._folder / "settings").exists():
                    self._leave("settings", pickle.dumps(self._settings_for(analysis, paths)))
                self._leave("instance", self._copy_of(Candidate(instance)))
                self.sent += 1
            except OSError:  # the search is over, or runs on another machine
                return
            except Exception as error:
                self._failed(error)

    def _leave(self, name: str, payload: bytes) -> None:
        new = self._folder / f"new-{uuid.uuid4().hex}"
        new.write_bytes(payload)
        os.replace(new, self._folder / name)
