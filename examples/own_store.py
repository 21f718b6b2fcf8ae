"""A cache in one SQLite file: a store of your own, with the members of `serialization.Store`.

python examples/own_store.py
"""

import contextlib
import os
import pickle
import sqlite3
import tempfile
import time
from pathlib import Path

import simulated

import serialization

TABLES = """
CREATE TABLE IF NOT EXISTS entries (name TEXT PRIMARY KEY, data BLOB, written INTEGER, used INTEGER);
CREATE TABLE IF NOT EXISTS quarantine (moved INTEGER, name TEXT, data BLOB);
"""
MOST_QUARANTINED = 16


class SQLiteStore:
    """The entries of a cache in one file of SQLite, for threads, processes and forks at once.

    Each call opens a connection of its own, so the object holds nothing but a path, and pickles.
    """

    slow_commit = True  # the payload is written by `commit`

    def __init__(self, path):
        self.address = os.path.abspath(path)
        self.locks = Path(f"{self.address}.locks")

    @contextlib.contextmanager
    def _connection(self):
        """A connection to the file; its changes appear together at the end, or not at all."""
        try:
            with contextlib.closing(sqlite3.connect(self.address, timeout=60.0)) as connection, connection:
                connection.executescript(TABLES)
                yield connection
        except sqlite3.Error as error:
            raise OSError(f"{self.address}: {error}") from error

    def _rows(self, query, *values):
        if not self.exists():
            return []
        with self._connection() as connection:
            return connection.execute(query, values).fetchall()

    def _change(self, query, *values):
        """The number of rows that a statement changes."""
        if not self.exists():
            return 0
        with self._connection() as connection:
            return connection.execute(query, values).rowcount

    def _data(self, name):
        for (data,) in self._rows("SELECT data FROM entries WHERE name = ?", name):
            return data
        raise FileNotFoundError(f"{self.address}: expected an entry {name}, found none")

    def exists(self):
        return os.path.exists(self.address)

    def make(self):
        with self._connection():
            pass

    def load(self, name, backend, mmap):  # a row can't be mapped
        return serialization.loads(self._data(name), backend=backend)

    def inspect(self, name):
        return serialization.inspect(self._data(name))

    def find(self, name):
        rows = self._rows("SELECT name, length(data), written, used FROM entries WHERE name = ?", name)
        return serialization.CacheEntry(*rows[0]) if rows else None

    def scan(self):
        rows = self._rows("SELECT name, length(data), written, used FROM entries")
        return [serialization.CacheEntry(*row) for row in rows]

    def stage(self, name, data, now):
        return data, now

    def commit(self, staged, name):
        data, now = staged
        with self._connection() as connection:
            connection.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", (name, data, now, now))

    def discard(self, staged):
        pass  # nothing was written

    def touch(self, name, now):
        self._change("UPDATE entries SET used = ? WHERE name = ?", now, name)

    def remove(self, name):
        return self._change("DELETE FROM entries WHERE name = ?", name) > 0

    def quarantine(self, name):
        if not self.exists():
            return False
        with self._connection() as connection:
            copy = "INSERT INTO quarantine SELECT ?, name, data FROM entries WHERE name = ?"
            newest = "SELECT rowid FROM quarantine ORDER BY moved DESC LIMIT ?"
            moved = connection.execute(copy, (time.time_ns(), name)).rowcount > 0
            connection.execute("DELETE FROM entries WHERE name = ?", (name,))
            connection.execute(f"DELETE FROM quarantine WHERE rowid NOT IN ({newest})", (MOST_QUARANTINED,))
        return moved

    def scan_quarantine(self):
        rows = self._rows("SELECT moved, name, length(data) FROM quarantine ORDER BY moved")
        return [serialization.CacheEntry(f"{moved}-{name}.aas", size, moved, moved) for moved, name, size in rows]

    def remove_quarantined(self, name):
        return self._change("DELETE FROM quarantine WHERE moved || '-' || name || '.aas' = ?", name) > 0

    def scan_staged(self):
        return []  # what is staged is in the memory of its process

    def clean(self, now):
        return 0  # a process that is killed leaves nothing behind


def evaluated_fit(dataset):
    """A fit that carries its results."""
    fit = simulated.fit_from(dataset)
    _ = fit.log_evidence
    return fit


def main():
    dataset = simulated.dataset()
    with tempfile.TemporaryDirectory() as folder:
        cache = serialization.Cache(store=SQLiteStore(Path(folder, "fits.sqlite")), max_bytes=2**30)
        key = cache.key("own store example", 1, dataset)
        fit = cache.get_or_compute(key, lambda: evaluated_fit(dataset))
        elsewhere = pickle.loads(pickle.dumps(cache))  # as another process gets it
        print("difference of the log evidence:", elsewhere.get(key).log_evidence - fit.log_evidence)
        print("difference of the log likelihood:", cache.get(key).log_likelihood - fit.log_likelihood)
        stats = cache.stats()
        print(f"entries: {stats.entries}, {stats.bytes / 1e6:.1f} MB; computed: {stats.computed}, hits: {stats.hits}")
        print("intact:", cache.verify().intact)
        print("evicted:", cache.prune(max_bytes=0).evicted)


if __name__ == "__main__":
    main()
