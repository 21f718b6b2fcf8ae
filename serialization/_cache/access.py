# pyright: strict
"""Who may write to the folders of a cache: its user alone, or the members of a group too."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass

from serialization._folders import NO_WRITE, NO_WRITE_BUT_GROUP, check_folder

_REMEDY = "change its owner or mode, or trust its owner and its group with `shared_with_group=True`"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may write to the folders of a cache.

    Parameters
    ----------
    shared_with_group
        Whether the owner of a folder and the members of its group may, whoever they are.
    """

    shared_with_group: bool = False

    @property
    def file_mode(self) -> int:
        """The mode of new files."""
        return 0o660 if self.shared_with_group else 0o600

    def check(self, folder: str | os.PathLike[str]) -> None:
        """Raise an error as `check_folder` does: for a link, for no folder, and if others may write to it."""
        if self.shared_with_group:
            check_folder(folder, NO_WRITE_BUT_GROUP)
        else:
            check_folder(folder, NO_WRITE, _REMEDY)

    def check_if_there(self, *folders: str | os.PathLike[str]) -> None:
        """The same for those folders that are there; what is no folder is left to who needs one."""
        for folder in folders:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                self.check(folder)

    def make(self, folder: str | os.PathLike[str]) -> bool:
        """Make a folder unless it is there, and `check` it; whether it is new."""
        made = False
        with contextlib.suppress(FileExistsError):
            os.mkdir(folder, 0o700)
            made = True
            if self.shared_with_group:  # whatever the umask is; what is made in it belongs to its group
                os.chmod(folder, 0o2770)
        self.check(folder)
        return made
