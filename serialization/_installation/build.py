"""The files of a drop-in: both packages, and the metadata of a distribution `autoarray`."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tarfile
import tomllib
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

from serialization._installation import record
from serialization._installation.environment import Distribution, Environment, UnfitError
from serialization._installation.state import KEPT, LOCAL, NOTE, OURS

# The folder that holds the two packages that this code belongs to.
SOURCE = Path(__file__).resolve().parents[2]
COMMAND = "autoarray-state"
_SCRIPTS = "console_scripts"


def our_version(source: Path = SOURCE) -> str:
    """The version of this project, read from its text: `autoarray` is not imported here."""
    path = source / "autoarray" / "__init__.py"
    found = (
        re.search(r'^__version__ = "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE) if path.is_file() else None
    )
    if found is None or not (source / "autoarray" / "_mixed.py").is_file():
        raise UnfitError(
            f"{source / 'autoarray'}: expected the package of autoarray-portable beside this command, found "
            f"{'another one' if path.is_file() else 'none'}. Run it from an environment with autoarray-portable"
        )
    return found[1]


def our_requirements(source: Path = SOURCE) -> list[str]:
    """What this project needs, without its extras."""
    project = source / "pyproject.toml"
    if project.is_file():
        return tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
    # Installed, or itself a drop-in, which lists what it needs under its own name.
    for name in (OURS, "autoarray"):
        for distribution in metadata.distributions(name=name, path=[str(source)]):
            found = distribution.requires or []
            ours = _core(found)
            if ours:
                return ours
    raise UnfitError(f"{source}: expected the metadata of {OURS} beside its packages, found none")


def our_entry_points(source: Path = SOURCE) -> dict[str, dict[str, str]]:
    """The command of this project, and what it declares to itself as a package of others would, by groups and names."""
    project = source / "pyproject.toml"
    if project.is_file():
        found = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
        scripts = found.get("scripts", {})
        return ({_SCRIPTS: scripts} if scripts else {}) | found.get("entry-points", {})
    groups: dict[str, dict[str, str]] = {}
    for name in (OURS, "autoarray"):
        for distribution in metadata.distributions(name=name, path=[str(source)]):
            for entry in distribution.entry_points:
                groups.setdefault(entry.group, {})[entry.name] = entry.value
    return groups


def _core(requires: Sequence[str]) -> list[str]:
    """The requirements of numpy, scipy and the two libraries of the codec, of all that a distribution lists."""
    names = ("numpy", "scipy", "msgpack", "xxhash")
    found = [text for text in requires if re.match(r"[\w.-]+", text)[0] in names and ";" not in text]  # type: ignore[index]
    return [text for text in found if ">=" in text] if len(found) >= len(names) else []


def files_of(package: str, source: Path = SOURCE) -> Iterator[Path]:
    """The files of one of our packages, without compiled ones."""
    for path in sorted((source / package).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def digest_of(packages: Sequence[str], source: Path = SOURCE) -> str:
    """One digest of the names and the contents of all files of our packages, but the note of a drop-in."""
    digest = hashlib.sha256()
    for package in packages:
        for path in files_of(package, source):
            if path.name != NOTE:
                digest.update(path.relative_to(source).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def keep(environment: Environment, distribution: Distribution, target: Path) -> None:
    """Write all files of PyAutoArray, with their times and modes, into an archive."""
    with tarfile.open(target, "w:gz", compresslevel=6, format=tarfile.PAX_FORMAT) as archive:
        for folder in (environment.packages / "autoarray", distribution.folder):
            archive.add(folder, arcname=folder.name)


def unpack(archive: Path, target: Path) -> list[Path]:
    """Unpack an archive of `keep`, and return the two folders.

    Raises
    ------
    UnfitError
        If it holds anything but files and folders of the two.
    """
    target.mkdir()
    with tarfile.open(archive, "r:gz") as opened:
        members = opened.getmembers()
        for member in members:
            parts = Path(member.name).parts
            fits = parts and (parts[0] == "autoarray" or re.fullmatch(r"autoarray-[\w.]+\.dist-info", parts[0]))
            if not fits or ".." in parts or not (member.isfile() or member.isdir()):
                raise UnfitError(f"{archive}: expected files of PyAutoArray, found {member.name!r}")
        # Every member was looked at; the filters of tarfile would change permissions.
        kwargs = {"filter": "fully_trusted"} if hasattr(tarfile, "fully_trusted_filter") else {}
        opened.extractall(target, members, **kwargs)  # type: ignore[arg-type]
    return sorted(target.iterdir())


def build(
    environment: Environment,
    theirs: Distribution,
    packages: Sequence[str],
    note: dict[str, object],
    kept: Path,
    target: Path,
    source: Path = SOURCE,
) -> list[tuple[Path, Path]]:
    """Write a drop-in into a folder, and return what belongs where.

    Parameters
    ----------
    environment
        Where it will be.
    theirs
        The metadata of PyAutoArray, or of an earlier drop-in: what it requires, clients rely on.
    packages
        Which of our packages it has.
    note
        What it says of itself.
    kept
        The archive of what it replaces.
    target
        The folder, which is made.
    source
        The folder that holds our packages.
    """
    target.mkdir()
    release = str(note["replaced"])
    version = f"{release}{LOCAL}{our_version(source)}"
    information = target / f"autoarray-{version}.dist-info"
    for package in packages:
        for path in files_of(package, source):
            (target / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / path.relative_to(source))
    (target / "autoarray" / NOTE).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
    information.mkdir()
    shutil.copyfile(kept, information / KEPT)
    _write_metadata(information, theirs, version, release, source)
    for name, text in {
        "INSTALLER": f"{OURS}\n",
        "WHEEL": f"Wheel-Version: 1.0\nGenerator: {OURS} ({our_version(source)})\nRoot-Is-Purelib: true\nTag: "
        "py3-none-any\n",
        "top_level.txt": "".join(f"{package}\n" for package in packages),
    }.items():
        (information / name).write_text(text, encoding="utf-8")
    into = [(target / name, environment.packages / name) for name in (*packages, information.name)]
    script = target / COMMAND
    groups = our_entry_points(source) if "serialization" in packages else {}
    if os.name == "nt":  # where a command is a program: `python -m serialization` does the same there
        groups.pop(_SCRIPTS, None)
    if groups:
        lines = []
        for group, entries in groups.items():
            lines += [f"[{group}]", *(f"{name} = {value}" for name, value in entries.items()), ""]
        (information / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    if _SCRIPTS in groups:
        script.write_text(
            f"#!{environment.python}\nimport sys\n\nfrom serialization.__main__ import main\n\n"
            "if __name__ == '__main__':\n    sys.exit(main())\n"
        )
        script.chmod(0o755)
        into.append((script, environment.scripts / COMMAND))
    files = [
        (path.relative_to(target).as_posix(), path) for path in target.rglob("*") if path.is_file() and path != script
    ]
    if script.exists():
        place = os.path.relpath(environment.scripts / COMMAND, environment.packages)
        files.append((Path(place).as_posix(), script))
    record.write(information, files)
    return into


def _write_metadata(folder: Path, theirs: Distribution, version: str, release: str, source: Path) -> None:
    lines = [
        "Metadata-Version: 2.1",
        "Name: autoarray",
        f"Version: {version}",
        f"Summary: {OURS} {our_version(source)} in place of PyAutoArray {release}",
        "License: MIT",
    ]
    if theirs.requires_python:
        lines.append(f"Requires-Python: {theirs.requires_python}")
    # Clients import what PyAutoArray brings, and ask for its extras; so both stay, and what this project needs is
    # added.
    ours = [text for text in our_requirements(source) if text not in theirs.requires]
    lines += [f"Requires-Dist: {text}" for text in (*theirs.requires, *ours)]
    lines += [f"Provides-Extra: {name}" for name in theirs.extras]
    text = (
        f"This is {OURS} {our_version(source)}, which `autoarray-state drop-in` put in place of PyAutoArray "
        f"{release}.\n"
        f"`autoarray-state drop-out`, or `python -m serialization drop-out`, puts PyAutoArray back.\n"
    )
    (folder / "METADATA").write_text("\n".join(lines) + f"\n\n{text}", encoding="utf-8")
