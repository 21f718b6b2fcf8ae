"""An environment: its interpreter, its folder of packages, and the distributions in it."""

from __future__ import annotations

import email.parser
import functools
import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

# What the interpreter of the environment says of itself; without `site` of a user, and without PYTHONPATH.
_PROBE = """
import importlib.util, json, sys, sysconfig
paths = sysconfig.get_paths()
found = importlib.util.find_spec("autoarray")
print(json.dumps({
    "version": list(sys.version_info[:3]), "purelib": paths["purelib"], "scripts": paths["scripts"], "prefix":
    sys.prefix, "executable": sys.executable, "autoarray": found.origin if found else None,
}))
"""


class UnfitError(RuntimeError):
    """An environment can't be changed as was asked; it is as it was, and the message says what to do."""


@dataclass(frozen=True)
class Distribution:
    """What a folder `NAME-VERSION.dist-info` says."""

    name: str
    version: str
    folder: Path
    requires: tuple[str, ...]
    extras: tuple[str, ...]
    requires_python: str | None

    @classmethod
    def of(cls, folder: Path) -> Distribution:
        """The distribution of a folder `NAME-VERSION.dist-info`.

        Raises
        ------
        UnfitError
            If its METADATA gives no name or no version.
        """
        headers = email.parser.Parser().parsestr((folder / "METADATA").read_text(encoding="utf-8"), headersonly=True)
        name, version = headers["Name"], headers["Version"]
        if not name or not version:
            raise UnfitError(f"{folder / 'METADATA'}: expected a name and a version, found {name!r} and {version!r}")
        return cls(
            name=canonical(name),
            version=version,
            folder=folder,
            requires=tuple(headers.get_all("Requires-Dist") or ()),
            extras=tuple(headers.get_all("Provides-Extra") or ()),
            requires_python=headers["Requires-Python"],
        )

    @property
    def is_editable(self) -> bool:
        """Whether it is a checkout that stays where it is (`pip install --editable`)."""
        path = self.folder / "direct_url.json"
        return path.exists() and json.loads(path.read_text(encoding="utf-8")).get("dir_info", {}).get("editable", False)


@dataclass(frozen=True)
class Environment:
    """A Python environment on this machine.

    Attributes
    ----------
    python
        Its interpreter.
    version
        The version of that, such as (3, 12, 1).
    packages
        The folder of its packages, `site-packages`.
    scripts
        The folder of its commands.
    autoarray
        The `__init__.py` that `import autoarray` runs there, if there is one.
    """

    python: Path
    version: tuple[int, int, int]
    packages: Path
    scripts: Path
    autoarray: Path | None

    @classmethod
    def of(cls, path: str | os.PathLike[str]) -> Environment:
        """The environment in a folder, or of an interpreter.

        Raises
        ------
        UnfitError
            If there is no interpreter, or it does not run.
        """
        python = _interpreter_of(Path(path).absolute())
        try:
            done = subprocess.run([str(python), "-I", "-c", _PROBE], capture_output=True, text=True, timeout=120)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UnfitError(f"{python}: the interpreter does not run: {error}") from None
        if done.returncode != 0:
            raise UnfitError(
                f"{python}: the interpreter fails: {(done.stderr.strip() or 'no message').splitlines()[-1]}"
            )
        found = json.loads(done.stdout.splitlines()[-1])
        return cls(
            python=python,
            version=tuple(found["version"]),
            packages=Path(found["purelib"]),
            scripts=Path(found["scripts"]),
            autoarray=Path(found["autoarray"]) if found["autoarray"] else None,
        )

    @functools.cached_property
    def distributions(self) -> dict[str, Distribution]:
        """The distributions in the folder of packages by their names, as they were when they were first asked for."""
        found: dict[str, Distribution] = {}
        for folder in sorted(self.packages.glob("*.dist-info")):
            if (folder / "METADATA").is_file():
                distribution = Distribution.of(folder)
                if distribution.name in found:
                    raise UnfitError(
                        f"{distribution.name} is installed twice, as {found[distribution.name].folder} and {folder}. "
                        f"Remove both: {self.python} -m pip uninstall {distribution.name}, twice; then install it again"
                    )
                found[distribution.name] = distribution
        return found

    def again(self) -> Environment:
        """The same environment, to be looked at anew."""
        return Environment(self.python, self.version, self.packages, self.scripts, self.autoarray)

    def pip(self, *arguments: str) -> None:
        """Run pip in the environment.

        Raises
        ------
        UnfitError
            If it fails, or there is none.
        """
        command = [str(self.python), "-I", "-m", "pip", *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            lines = [line for line in done.stderr.splitlines() if line.strip()] or ["no message"]
            raise UnfitError(f"`{' '.join(command)}` failed: {lines[-1]}")

    def check(self, code: str) -> None:
        """Run Python code in the environment, without writing compiled files.

        If this process is killed, the other goes on for a moment. It would write them where by then others may lie.

        Raises
        ------
        UnfitError
            If it fails.
        """
        done = subprocess.run([str(self.python), "-I", "-B", "-c", code], capture_output=True, text=True)
        if done.returncode != 0:
            raise UnfitError(f"in {self.python}: {(done.stderr.strip() or 'no message').splitlines()[-1]}")


def canonical(name: str) -> str:
    """The name of a distribution as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def release_of(version: str) -> tuple[int, ...]:
    """The numbers of a version, without what may follow them and without zeros at the end: (2, 5) of 2.5.0rc1."""
    match = re.match(r"\d+(?:\.\d+)*", version)
    numbers = [int(number) for number in match[0].split(".")] if match else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _interpreter_of(path: Path) -> Path:
    for name in ("bin/python", "Scripts/python.exe", "python.exe"):
        if (path / name).exists():
            return path / name
    if path.is_dir() or not path.exists():
        found = "a folder without one" if path.is_dir() else "nothing"
        raise UnfitError(
            f"{path}: expected an environment, a folder with bin/python, or its interpreter; found {found}"
        )
    return path
