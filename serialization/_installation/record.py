"""The file RECORD of a distribution: its files, with their digests and sizes (the standard of installed projects)."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One file: its path relative to the folder of packages, with slashes, and its digest, if RECORD has one."""

    path: str
    digest: str


def rows_of(folder: Path) -> list[Row]:
    """The rows of the RECORD in a folder `*.dist-info`; none if there is no such file."""
    path = folder / "RECORD"
    if not path.is_file():
        return []
    lines = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    return [Row(line[0], line[1] if len(line) > 1 else "") for line in lines if line]


def digest_of(path: Path) -> str:
    """The digest of a file as RECORD writes it."""
    digest = hashlib.sha256(path.read_bytes()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def write(folder: Path, files: Iterable[tuple[str, Path]]) -> None:
    """Write the RECORD of a folder `*.dist-info`.

    Parameters
    ----------
    folder
        The folder.
    files
        Path in RECORD and path on disk of each other file.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for name, path in sorted(files):
        writer.writerow((name, digest_of(path), path.stat().st_size))
    writer.writerow((f"{folder.name}/RECORD", "", ""))
    (folder / "RECORD").write_text(text.getvalue(), encoding="utf-8")


def missing(packages: Path, rows: Iterable[Row]) -> Iterator[str]:
    """The files of RECORD that are not there; compiled files may be gone."""
    for row in rows:
        if not row.path.endswith(".pyc") and not (packages / row.path).is_file():
            yield row.path


def unlisted(packages: Path, folder: str, rows: Iterable[Row]) -> Iterator[str]:
    """The files in a folder of packages that no row lists; compiled files in `__pycache__` are Python's own."""
    listed = {row.path for row in rows}
    for path in sorted((packages / folder).rglob("*")):
        name = path.relative_to(packages).as_posix()
        if not path.is_dir() and name not in listed and path.parent.name != "__pycache__":
            yield name
