# pyright: strict
"""One FITS file with all the parts of a dataset, or a file for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def write_together_or_apart(
    write: Callable[[Path | str, Mapping[str | None, Any], bool], object],
    parts: Mapping[str, Any],
    file_path: Path | str | None,
    paths: Mapping[str, Path | str | None],
    overwrite: bool,
) -> None:
    """Write the parts of a dataset to the units of one file, or each to a file of its own.

    Parameters
    ----------
    write
        `autoarray.fitsable.write_images` or `write_arrays`.
    parts
        What to write, by the names of the units.
    file_path
        The one file, or None.
    paths
        Without it, the files of parts; a part without one is not written.
    overwrite
        Whether to replace existing files.
    """
    if file_path is not None:
        write(file_path, {**parts}, overwrite)
        return
    for name, path in paths.items():
        if path is not None and name in parts:
            write(path, {None: parts[name]}, overwrite)
