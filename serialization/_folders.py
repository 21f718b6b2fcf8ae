# pyright: strict
"""Folders that others may not write to, so that what is in them is what their user put there."""

from __future__ import annotations

import os
import stat

# Permissions that a folder may not give, as bits of its mode.
NO_ACCESS = stat.S_IRWXG | stat.S_IRWXO  # nobody else may do anything
NO_WRITE = stat.S_IWGRP | stat.S_IWOTH  # nobody else may write
NO_WRITE_BUT_GROUP = stat.S_IWOTH  # the members of its group may write, and its owner may be one of them

_JUNCTION = 0xA0000003  # what Windows calls a link to a folder that is none of its symbolic links
_REFUSES = {
    NO_ACCESS: "that only this user can use",
    NO_WRITE: "that only this user can write to",
    NO_WRITE_BUT_GROUP: "that only its owner and its group can write to",
}


def check_folder(folder: str | os.PathLike[str], refuse: int, remedy: str = "") -> None:
    """Raise an error unless a path names a folder itself, not a link to one, and others may not do what is refused.

    On Windows, permissions are not looked at. Access control lists are seen as far as the mode shows them: those of
    POSIX are in the bits of the group, those of NFS and macOS are in none.

    Parameters
    ----------
    folder
        The path.
    refuse
        `NO_ACCESS`, `NO_WRITE` or `NO_WRITE_BUT_GROUP`. With the first two the owner is this user or root.
    remedy
        What the message tells the user to do about permissions.

    Raises
    ------
    FileNotFoundError
        If there is nothing.
    NotADirectoryError
        If there is something else.
    PermissionError
        If it is a link, or others may do what is refused.
    """
    status = os.lstat(folder)
    if stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _JUNCTION:
        raise PermissionError(f"{os.fspath(folder)}: expected a folder, found a link, which is not followed")
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(f"{os.fspath(folder)}: expected a folder, found {kind_of(status.st_mode)}")
    if os.name != "posix":
        return
    foreign = refuse != NO_WRITE_BUT_GROUP and status.st_uid not in (os.geteuid(), 0)
    if foreign or status.st_mode & refuse:
        raise PermissionError(
            f"{os.fspath(folder)}: expected a folder {_REFUSES[refuse]}, found one of user {status.st_uid} with the "
            f"mode {stat.S_IMODE(status.st_mode):04o}{'; ' * bool(remedy)}{remedy}"
        )


def kind_of(mode: int) -> str:
    """What kind of thing a mode is of, in words."""
    for is_kind, name in (
        (stat.S_ISREG, "a file"),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISLNK, "a link"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
    ):
        if is_kind(mode):
            return name
    return "a device"
