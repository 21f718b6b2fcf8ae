"""`python -m wheels`: the wheel of autoarray-portable, and one with the package `serialization` alone.

The second is for environments that have PyAutoArray, whose package `autoarray` the first would overwrite. Its metadata
is that of `pyproject.toml`, with a name of its own and without what only `autoarray` needs.
"""

from __future__ import annotations

import argparse
import ast
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
NAME = "autoarray-portable-serialization"
DESCRIPTION = "Fits of PyAutoArray and PyAutoLens as versioned msgpack, beside PyAutoArray"
NEEDED = ("numpy", "msgpack", "xxhash")
EXTRAS = ("jax", "cache", "remote", "dask", "cli", "compress")
README = f"""# {NAME}

The package `serialization` of autoarray-portable, for environments that have PyAutoArray: it writes and reads fits of
PyAutoArray and PyAutoLens. Where autoarray-portable is installed it is there already.
"""


def version_of(root: Path) -> str:
    """The version of the project, as `autoarray/__init__.py` says it."""
    for node in ast.parse((root / "autoarray" / "__init__.py").read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__version__":
            return ast.literal_eval(node.value)
    raise LookupError("autoarray/__init__.py: expected __version__ = ..., found none")


def pyproject_of(root: Path) -> str:
    """The `pyproject.toml` of the wheel of `serialization`."""
    settings = tomllib.loads((root / "pyproject.toml").read_text())
    whole = settings["project"]
    project: dict[str, Any] = {
        "name": NAME,
        "version": version_of(root),
        "description": DESCRIPTION,
        "readme": "README.md",
        "dependencies": [need for need in whole["dependencies"] if need.startswith(NEEDED)],
        "license-files": ["LICENSE"],
        "keywords": ["astronomy", "gravitational lensing", "serialization"],
    }
    for key in ("requires-python", "license", "authors", "classifiers", "urls", "scripts", "entry-points"):
        if key in whole:
            project[key] = whole[key]
    project["optional-dependencies"] = {extra: whole["optional-dependencies"][extra] for extra in EXTRAS}
    packages = {"find": {"include": ["serialization*"]}}
    tables = {
        "build-system": settings["build-system"],
        "project": project,
        "tool": {"setuptools": {"packages": packages, "package-data": {"serialization": ["py.typed"]}}},
    }
    return "\n".join(line for name, table in tables.items() for line in lines_of(table, (name,)))


def lines_of(table: dict[str, Any], path: tuple[str, ...]) -> list[str]:
    """A table as TOML: its values, then its tables."""
    lines = [f"[{'.'.join(map(json.dumps, path))}]"]
    lines += [f"{json.dumps(key)} = {text_of(value)}" for key, value in table.items() if not isinstance(value, dict)]
    for key, value in table.items():
        if isinstance(value, dict):
            lines += lines_of(value, (*path, key))
    return lines


def text_of(value: Any) -> str:
    """A value as TOML: text, lists, and tables inside lists."""
    if isinstance(value, list):
        return f"[{', '.join(map(text_of, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {text_of(item)}" for key, item in value.items()) + " }"
    return json.dumps(value)


def stage(folder: Path, root: Path = ROOT) -> None:
    """Lay out the sources of the wheel of `serialization` in an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copytree(
        root / "serialization", folder / "serialization", ignore=shutil.ignore_patterns("__pycache__", "*.py[cod]")
    )
    shutil.copy(root / "LICENSE", folder)
    (folder / "README.md").write_text(README)
    (folder / "pyproject.toml").write_text(pyproject_of(root))


def build(folder: Path, out: Path) -> None:
    """Build the wheel of a folder, with the build tools of this environment."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)


def main() -> None:
    """Build both wheels, or that of `serialization` alone."""
    parser = argparse.ArgumentParser(prog="python -m wheels", description=main.__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR", help="where to (default: dist)")
    parser.add_argument("--alone", action="store_true", help="build that of serialization alone")
    options = parser.parse_args()
    out = options.out.resolve()
    staged = ROOT / "build" / "serialization"
    stage(staged)
    for folder in [staged] if options.alone else [ROOT, staged]:
        build(folder, out)
    print(*sorted(out.glob("*.whl")), sep="\n")


if __name__ == "__main__":
    main()
