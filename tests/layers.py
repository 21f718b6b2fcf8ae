"""The floor plans of both packages, and the imports that they allow: `python -m tests.layers` prints them.

`python -m tests.layers --write docs/architecture.md` writes the plans into that page, which a test compares with them.

A plan lists floors from the top down. A floor is a set of rooms, and a room is a module or a package. An import may
run down, or stay inside its room. It may not run up, nor sideways between two rooms of one floor. The rooms of a
`Circle` know each other because the public API asks for it.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
BEGIN = "<!-- floors: `python -m tests.layers --write docs/architecture.md` -->"
END = "<!-- end of floors -->"


class Circle(frozenset):
    """A floor whose rooms may import each other."""


# By the dotted name of the package. `__init__` is the package's own module.
PLANS: dict[str, list[set[str] | Circle]] = {
    "serialization": [
        {"__main__"},
        {"_cli"},
        {"beside"},
        {"_installation"},
        {"__init__"},
        {"_cache", "_partial", "_transport", "results"},
        {"_peer"},
        {"_legacy", "_lens", "_payload"},
        {"_pickle", "_schema", "_graph"},
        {"_keys"},
        {"_extras"},
        {"_adapters", "_autoarray", "_zipped"},
        {"_display", "_files", "_folders", "_magic", "_mixed", "_records", "_walk", "errors"},
    ],
    "serialization._installation": [
        {"__init__"},
        {"drop"},
        {"build", "fitness", "requirements", "swap"},
        {"state"},
        {"environment", "record"},
    ],
    "serialization._cache": [
        {"__init__"},
        {"cache"},
        {"eviction", "verify"},
        {"read"},
        {"store"},
        {"local", "remote"},
        {"address", "entry", "key", "locks", "stats"},
        {"access", "file_lock", "log"},
    ],
    "autoarray": [
        {"fixtures"},
        {"__init__"},
        {"mock"},
        {"structures.mock"},
        {"util", "plot.background", "plot.live"},
        {"plot._background"},
        {"fit"},
        {"dataset"},
        {"inversion.plot"},
        {"plot"},
        {"inversion"},
        {"operators"},
        {"layout"},
        # A mask makes arrays and grids, an array knows its mask, a grid its over-sampler, and all have a geometry.
        Circle({"mask", "structures", "geometry", "operators.over_sampling"}),
        {"abstract_ndarray", "fitsable", "numba_util", "preloads", "settings", "type", "validate"},
        {"_numerics"},
        {"_validation"},
        {"_backend"},
        {"_pytree"},
        {"_state"},
        {"exc"},
        {"_configuration", "_display", "_doubles", "_files", "_mixed", "_small_datasets", "_typing", "_warnings"},
    ],
    "autoarray.inversion": [
        {"__init__"},
        {"mock"},
        {"pixelization", "plot"},
        {"inversion"},
        {"regularization"},
        {"mappers"},
        {"mappings"},
        {"mesh"},
        {"linear_obj"},
    ],
    "autoarray.inversion.inversion": [
        {"__init__"},
        {"factory"},
        {"interferometer_numba"},
        {"imaging", "interferometer"},
        {"abstract", "dataset_interface"},
        {"_evidence_terms", "_parameters", "_results"},
        {"inversion_util"},
        {"_curvature", "_nnls"},
    ],
    "autoarray.inversion.mesh": [
        {"__init__"},
        {"mesh"},
        {"border_relocator", "image_mesh", "interpolator"},
        {"mesh_geometry"},
        {"_transform", "_triangulation", "_border_relocator_numba"},
    ],
    "autoarray.plot": [
        {"__init__"},
        {"background", "live"},
        {"_background"},
        {"inversion"},
        {"array", "grid", "mesh", "output", "yx"},
        {"utils"},
        Circle({"_canvas", "segmentdata"}),
    ],
}


@dataclass(frozen=True)
class Import:
    """One import: the file that has it, the module that it names, and their rooms."""

    file: str
    module: str
    source: str
    target: str


def modules_of(package: str) -> dict[str, Path]:
    """The files of a package by the dotted names of their modules."""
    files = sorted((ROOT / package.replace(".", "/")).rglob("*.py"))
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files)
    return {name.removesuffix(".__init__"): path for name, path in zip(names, files, strict=True)}


def imports_of(path: Path, modules: dict[str, Path]) -> Iterator[str]:
    """Those of `modules` that a file imports when it runs, inside functions too; not those for annotations."""
    tree = ast.parse(path.read_text())
    unseen = {
        node
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test).endswith("TYPE_CHECKING")
        for statement in block.body
        for node in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if node in unseen:
            continue
        if isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"{path}: expected absolute imports, found a relative one in line {node.lineno}")
            module = node.module or ""
            names = [f"{module}.{alias.name}" for alias in node.names]
            yield from {name if name in modules else module for name in names} & set(modules)
        elif isinstance(node, ast.Import):
            yield from {alias.name for alias in node.names} & set(modules)


def room_of(module: str, package: str, rooms: set[str]) -> str:
    """The room that holds a module: the longest name of the package's plan that it begins with.

    Raises
    ------
    LookupError
        If the plan has no such room.
    """
    parts = module.removeprefix(package).split(".")[1:]
    if not parts:
        return "__init__"
    for count in range(len(parts), 0, -1):
        if (name := ".".join(parts[:count])) in rooms:
            return name
    raise LookupError(f"{module}: expected a room of the plan of {package!r}, found none; add one to tests/layers.py")


def arrows_of(package: str) -> list[Import]:
    """Every import of a package that leaves its room."""
    rooms = {room for floor in PLANS[package] for room in floor}
    modules = modules_of(package)
    arrows = []
    for name, path in modules.items():
        source = room_of(name, package, rooms)
        for module in sorted(set(imports_of(path, modules))):
            target = room_of(module, package, rooms)
            if target != source:
                arrows.append(Import(str(path.relative_to(ROOT)), module, source, target))
    return arrows


def refused(package: str) -> list[Import]:
    """The imports that run up, or sideways on a floor that is no circle."""
    floors = PLANS[package]
    level = {room: height for height, floor in enumerate(reversed(floors)) for room in floor}
    circles = [floor for floor in floors if isinstance(floor, Circle)]
    return [
        arrow
        for arrow in arrows_of(package)
        if level[arrow.target] >= level[arrow.source]
        and not any({arrow.source, arrow.target} <= circle for circle in circles)
    ]


def floors_of(package: str) -> list[str]:
    """A line for each floor of a package, from the top down."""
    marks = {True: " (know each other)", False: ""}
    return [f"    {', '.join(sorted(floor))}{marks[isinstance(floor, Circle)]}" for floor in PLANS[package]]


def with_plans(page: str) -> str:
    """A page of the documentation, with the plans of all packages between the comments that mark their place.

    Raises
    ------
    ValueError
        If the page has no such comments.
    """
    plans = "\n".join("\n".join([package, *floors_of(package)]) for package in PLANS)
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"expected a page with the comments {BEGIN!r} and {END!r}, found a page without them")
    return f"{before}{begin}\n\n```text\n{plans}\n```\n\n{end}{after}"


def print_plan(package: str) -> int:
    """Print the floors of a package and what its imports do; return how many run up or sideways."""
    floors, arrows, upward = floors_of(package), arrows_of(package), refused(package)
    print(f"{package}: {len(floors)} floors, {len(arrows)} imports between rooms, {len(upward)} up or sideways")
    print(*floors, sep="\n")
    for arrow in upward:
        print(f"    {arrow.file}: imports {arrow.module}, from {arrow.source} to {arrow.target}")
    return len(upward)


def main() -> int:
    """Print every plan, or write them into a page; the exit code is 1 if any import runs up or sideways."""
    parser = argparse.ArgumentParser(prog="python -m tests.layers", description=main.__doc__)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="write the plans into a page")
    page = parser.parse_args().write
    if page is not None:
        page.write_text(with_plans(page.read_text(encoding="utf-8")), encoding="utf-8")
    return int(sum([print_plan(package) for package in PLANS]) > 0)


if __name__ == "__main__":
    sys.exit(main())
