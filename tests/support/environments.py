"""Environments as PyAutoLens has them, but small: distributions of a few files, installed as pip leaves them."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

from serialization._installation import record
from serialization._installation.environment import Environment

RELEASE = "2026.10.26.1"
PYAUTOARRAY = {
    "autoarray/__init__.py": "from . import exc\nname = 'PyAutoArray'\n",
    "autoarray/exc.py": "class GridException(Exception):\n    pass\n",
    "autoarray/plot/__init__.py": "",
    "autoarray/config/general.yaml": "psf:\n  use_fft_default: true\n",
}
# What they need of others is as installed here.
REQUIRES = {
    "autoarray": ["numpy", "scipy<=99", "jax; extra == 'jax'"],
    "autogalaxy": [f"autoarray>={RELEASE}", "autoarray[jax]; extra == 'jax'"],
    "autolens": [f"autogalaxy>={RELEASE}", f"autoarray=={RELEASE}"],
}
OTHERS = {"numpy": "2.4.6", "scipy": "1.17.1", "msgpack": "1.2.4", "xxhash": "3.4.1"}


def make(folder: Path) -> Environment:
    """An environment with PyAutoLens, PyAutoGalaxy and PyAutoArray; it imports what this interpreter imports."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    environment = Environment.of(folder)
    # A folder named in a `.pth` file is searched last, and its own `.pth` files are not read.
    (environment.packages / "others.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    for name in ("autolens", "autogalaxy"):
        install(environment, name, RELEASE, {f"{name}/__init__.py": "import autoarray\n"}, REQUIRES[name])
    install(environment, "autoarray", RELEASE, PYAUTOARRAY, REQUIRES["autoarray"], extras=["jax"])
    for name, version in OTHERS.items():
        install(environment, name, version, {})
    (environment.packages / "autoarray" / "__pycache__").mkdir()
    (environment.packages / "autoarray" / "__pycache__" / "exc.cpython-39.pyc").write_bytes(b"compiled")
    return Environment.of(folder)


def install(environment, name, version, files, requires=(), extras=()):
    """Install a distribution."""
    information = environment.packages / f"{name.replace('-', '_')}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {text}" for text in requires] + [f"Provides-Extra: {text}" for text in extras]
    own = {
        "METADATA": "\n".join(lines) + "\n",
        "INSTALLER": "pip\n",
        "WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n",
    }
    files = files | {f"{information.name}/{file}": text for file, text in own.items()}
    for path, text in files.items():
        (environment.packages / path).parent.mkdir(parents=True, exist_ok=True)
        (environment.packages / path).write_text(text, encoding="utf-8")
    record.write(information, [(path, environment.packages / path) for path in files])


def snapshot(environment: Environment) -> dict[str, tuple[int, bytes]]:
    """Mode and contents of every file, and mode of every folder, of the packages and the commands."""
    found = {}
    for root in (environment.packages, environment.scripts):
        for path in sorted(root.rglob("*")):
            if "__pycache__" not in path.parts or path.name == "exc.cpython-39.pyc":
                contents = path.read_bytes() if path.is_file() else b"folder"
                found[str(path)] = (path.stat().st_mode, contents)
    return found


def small_project(folder: Path, version: str = "0.2.0") -> Path:
    """A project as small as a drop-in of it can be: both packages, and what they need."""
    files = {
        "autoarray/__init__.py": f'from autoarray import exc\n\n__version__ = "{version}"\n',
        "autoarray/_mixed.py": "",
        "autoarray/exc/__init__.py": "",
        "serialization/__init__.py": "",
        "serialization/_mixed.py": "",
        "serialization/__main__.py": "def main():\n    return 0\n",
        "pyproject.toml": f"[project]\ndependencies = {[f'{name}>=1' for name in OTHERS]}\n"
        '[project.scripts]\nautoarray-state = "serialization.__main__:main"\n',
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder
