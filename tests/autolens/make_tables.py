"""Write the tables of profiles in `serialization/_lens` from the classes of the installed autogalaxy.

python tests/autolens/make_tables.py
"""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import autogalaxy as ag
from lens_classes import profiles

ROOT = Path(__file__).parents[2]
SPACES = (
    *("lp", "lp_basis", "lp_linear", "lp_operated", "lp_linear_operated", "lp_snr"),
    *("lmp", "lmp_linear", "mp", "ps", "sr"),
)
WIDTH = 120
TITLES = {
    "light": "Profiles of light and geometry, and points, by name: where their classes are, and their attributes.",
    "mass": "Profiles of mass, and of light and mass, by name: where their classes are, and their attributes.",
}


def names() -> dict[str, str]:
    """The names that users know the classes by, by "module:class"."""
    found: dict[str, str] = {}
    for space in SPACES:
        module = getattr(ag, space)
        for name in dir(module):
            cls = getattr(module, name)
            if isinstance(cls, type):
                found.setdefault(f"{cls.__module__}:{cls.__qualname__}", f"{space}.{name}")
    return found


def name_of(target: str, known: dict[str, str]) -> str:
    module, _, cls = target.partition(":")
    if target in known:
        return known[target]
    if module.endswith("geometry_profiles"):
        return cls
    return f"{'light' if '.light.' in module else 'mass'}.{cls}"


def table_of(room: str) -> str:
    """The text of one of the two modules."""
    known, rows = names(), []
    for target, (_, fields) in profiles().items():
        is_mass = ".mass." in target or "light_and_mass" in target or "linear_and_mass" in target or "scaling" in target
        if is_mass == (room == "mass"):
            rows.append((name_of(target, known), target.removeprefix("autogalaxy.profiles."), " ".join(fields)))
    lines = [
        f'"""{TITLES[room]}',
        "",
        "`python tests/autolens/make_tables.py` writes this module from the classes themselves.",
    ]
    lines += ['"""', "", "# pyright: strict", "", "from __future__ import annotations", "", "PROFILES = ("]
    for name, target, fields in sorted(rows):
        line = f'    ("{name}", "{target}", "{fields}"),'
        if len(line) <= WIDTH:
            lines.append(line)
            continue
        parts = textwrap.wrap(fields, 100)
        texts = [f'        "{part}{" " if part is not parts[-1] else ""}"' for part in parts]
        lines += ["    (", f'        "{name}",', f'        "{target}",', *texts[:-1], f"{texts[-1]},", "    ),"]
    return "\n".join([*lines, ")", ""])


if __name__ == "__main__":
    for room in TITLES:
        path = ROOT / "serialization" / "_lens" / f"{room}.py"
        path.write_text(table_of(room))
        subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(path)], check=False)
