# pyright: strict
"""Files in `.zip` archives, as PyAutoFit makes one of each result."""

from __future__ import annotations

import lzma
import os
import zipfile
import zlib

from serialization.errors import CorruptError, TruncatedError

_MOST_EXPANSION = 1032  # what DEFLATE can do at best
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError, ValueError)


def names_below(path: str | os.PathLike[str], folder: str) -> dict[str, set[str]]:
    """The names of the files in each folder of a name, by the folder above it, which is "" at the top.

    Raises
    ------
    CorruptError
        If the file is no zip archive.
    """
    found: dict[str, set[str]] = {}
    with _opened(path) as archive:
        for name in archive.namelist():
            *above, last = name.split("/")
            if above and above[-1] == folder:
                found.setdefault("/".join(above[:-1]), set()).add(last)
    return found


def has_member(path: str | os.PathLike[str], member: str) -> bool:
    """Whether an archive has a file."""
    with _opened(path) as archive:
        return member in archive.NameToInfo


def read_member(path: str | os.PathLike[str], member: str) -> bytes:
    """The bytes of a file in an archive, verified by the archive's own checksum.

    Raises
    ------
    CorruptError
        If the file is no zip archive, the member is damaged, or it says that it is larger than its bytes can be.
    TruncatedError
        If fewer bytes are there than the archive says.
    """
    with _opened(path) as archive:
        info = archive.getinfo(member)
        if info.file_size > _MOST_EXPANSION * info.compress_size:
            raise CorruptError(
                f"{path}: expected {member} to be of at most {_MOST_EXPANSION} times the {info.compress_size} bytes "
                f"that it takes, found {info.file_size} bytes"
            )
        try:
            data = archive.read(info)
        except _BROKEN as error:
            raise CorruptError(f"{path}: expected {member} as it was written, found: {error}") from None
    if len(data) != info.file_size:
        raise TruncatedError(f"{path}: expected {member} of {info.file_size} bytes, found {len(data)} bytes")
    return data


def _opened(path: str | os.PathLike[str]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except _BROKEN as error:
        raise CorruptError(f"{path}: expected a zip archive, found: {error}") from None
