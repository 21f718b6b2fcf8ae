"""The recipe to raise a schema version: each step has a check, and a bump that forgets a step is found by it.

The recipe is at the top of `serialization/_schema/registry.py`. The checks are made of this project, and of its next
release, in which the state of `autoarray.reg.Constant` changed.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import lzma
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import next_release
import pytest
import registries
from catalog_cases import CASES

import autoarray as aa
import serialization
from serialization._legacy import schema_page
from serialization._legacy.types import FIRST_OWN
from serialization._payload import wire
from serialization._schema import catalog, json_schema, registry
from serialization._schema.catalog.entry import Entry

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data"


@dataclasses.dataclass
class Project:
    """What the steps of the recipe change."""

    types: tuple[Entry, ...]
    release: str
    writer: tuple[str, str]
    schemas: str
    records: dict[str, str]
    changelog: str
    archives: Path
    released: Path

    @property
    def archive(self) -> Path:
        return self.archives / f"autoarray-portable-{self.release}"


def this_project() -> Project:
    schemas, changelog = ((ROOT / name).read_text() for name in ("docs/schemas.md", "CHANGELOG.md"))
    records = {path.name: path.read_text() for path in (ROOT / "docs" / "schemas").glob("autoarray.*.json")}
    folders = (DATA / "archives", DATA / "released")
    return Project(catalog.TYPES, aa.__version__, wire.WRITER, schemas, records, changelog, *folders)


def payloads_of(folder: Path) -> list[tuple[str, bytes]]:
    """The payloads of a folder and its subfolders, with the backends that they need."""
    return [(path.parent.name, lzma.decompress(path.read_bytes())) for path in sorted(folder.rglob("*.aas.xz"))]


def versions_by_type() -> dict[str, int]:
    return {name: registry.find(name).version for name in registry.names() if name.startswith("autoarray.")}


# ------------------------------------------------------------------ the checks, one for each step


def version(project: Project) -> None:
    """The state of every class, and what every release wrote, is what the registry says of the version."""
    for entry in project.types:
        schema = registry.find(entry.name)
        schema.fields_of(vars(CASES[entry.name]()))
        own = [each for each in schema.versions if each >= FIRST_OWN.get(schema.target, 1)]
        states = {tuple(map(frozenset, schema.fields_at(each))) for each in own}
        assert len(states) == len(own), f"{entry.name}: expected other fields in each version"
    for _, data in payloads_of(project.archives):
        for row in serialization.inspect(data).types:
            registry.find(row.name).check_fields(row.fields, row.version)


def migration(project: Project) -> None:
    """What every release wrote gets the newest state."""
    for entry in project.types:
        assert sorted(entry.migrations) == list(range(entry.since, entry.version)), entry.name
    for _, data in payloads_of(project.archives):
        serialization.loads(data, backend="numpy")


def release(project: Project) -> None:
    """The release has a number of its own, which payloads tell."""
    assert project.writer == ("autoarray-portable", project.release)
    for path in project.archive.rglob("expected.json"):
        written = json.loads(path.read_text())["objects"]["types"]["types"]
        assert written == versions_by_type(), f"{project.release} is out with other schemas"


def schemas(project: Project) -> None:
    """docs/schemas.md is what the registry says."""
    with_hint = "run python -m serialization._legacy.schema_page > docs/schemas.md"
    assert project.schemas == schema_page.schema_page(), with_hint


def records(project: Project) -> None:
    """docs/schemas has a JSON Schema of every type, which is what the registry says."""
    texts = json_schema.json_schemas()
    with_hint = "run python -m serialization._schema.json_schema docs/schemas"
    assert project.records.keys() == texts.keys(), with_hint
    wrong = [name for name, text in texts.items() if project.records[name] != text]
    assert not wrong, f"{', '.join(wrong)}: {with_hint}"


def changelog(project: Project) -> None:
    """CHANGELOG.md names each version that came after the first."""
    for entry in project.types:
        for number in range(FIRST_OWN.get(entry.target, 1) + 1, entry.version + 1):
            assert f"`{entry.name}`: schema version {number}" in project.changelog


def archive(project: Project) -> None:
    """Who changes a schema raises the version of the project, and writes its archive when it is released."""
    for backend in ("numpy", "jax"):
        path = project.archive / backend / "expected.json"
        assert path.is_file(), f"no archive of {project.release}: run tests/data/archives/make_own_payloads.py"
        assert json.loads(path.read_text())["objects"]["types"]["types"] == versions_by_type(), backend


def golden(project: Project) -> None:
    """What the archive of the release holds is written again to the byte."""
    payloads = payloads_of(project.archive)
    assert payloads
    for backend, data in payloads:
        if backend == "jax" and importlib.util.find_spec("jax") is None:
            continue
        if serialization.inspect(data).compression is None:  # what zlib makes of it is not ours
            assert serialization.dumps(serialization.loads(data)) == data


def released(project: Project) -> None:
    """What users of the release hold is stored."""
    folder = project.released / project.release
    names = ("exported.json", "types.pickle.xz", "types.aas.xz", "cache")
    missing = [name for name in names if not (folder / name).exists()]
    assert not missing, f"no {', '.join(missing)} of {project.release}: run tests/data/released/make_released.py"


STEPS: dict[str, Callable[[Project], None]] = {
    check.__name__: check
    for check in (version, migration, release, schemas, records, changelog, archive, golden, released)
}


# ------------------------------------------------------------------ this project


def test_the_recipe_has_these_steps():
    recipe = registry.__doc__
    assert re.findall(r"^(\d)\. (\w+):", recipe, re.MULTILINE) == [
        (str(number), name) for number, name in enumerate(STEPS, start=1)
    ]


def test_the_recipe_names_files_that_are_there():
    named = re.findall(r"[\w/-]+/[\w./<>-]+|[A-Z]+\.md", registry.__doc__)
    assert len(named) >= 12
    for name in named:
        path = name.replace("<release>", aa.__version__).rstrip(".")
        assert (ROOT / path).exists(), name


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_taken(step):
    STEPS[step](this_project())


# ------------------------------------------------------------------ the next release

LINE = "- `autoarray.reg.Constant`: schema version 2, with the exponent of the differences.\n"


def declare(project: Project) -> None:
    """Let the package be that of a project."""
    wire.WRITER = project.writer
    registries.declare_instead(*project.types)


@pytest.fixture
def bumped(tmp_path, monkeypatch):
    """The next release, in which every step is taken."""
    monkeypatch.setattr(wire, "WRITER", wire.WRITER)
    monkeypatch.setattr(aa.reg.Constant, "__init__", next_release.construct_with_exponent)
    here = this_project()
    (name, _), number = here.writer, next_release.VERSION
    project = dataclasses.replace(
        here,
        types=tuple(next_release.RAISED if entry is next_release.CONSTANT else entry for entry in here.types),
        release=number,
        writer=(name, number),
        changelog=f"## [{number}]\n\n{LINE}\n{here.changelog}",
        archives=tmp_path / "archives",
        released=tmp_path / "released",
    )
    with registries.restored():
        declare(project)
        project.schemas, project.records = schema_page.schema_page(), json_schema.json_schemas()
        shutil.copytree(here.archive, project.archives / here.archive.name)
        for backend in ("numpy", "jax"):
            folder = project.archive / backend
            folder.mkdir(parents=True)
            # The objects that the last release wrote, with the state that they have now.
            objects = serialization.loads(_types_of(here, backend), backend="numpy")
            (folder / "types.aas.xz").write_bytes(lzma.compress(serialization.dumps(objects), preset=0))
            (folder / "expected.json").write_text(json.dumps({"objects": {"types": {"types": versions_by_type()}}}))
        shutil.copytree(here.released / here.release, project.released / number)
        yield project


def _types_of(project: Project, backend: str) -> bytes:
    return lzma.decompress((project.archive / backend / "types.aas.xz").read_bytes())


def test_the_next_release_takes_every_step(bumped):
    for check in STEPS.values():
        check(bumped)
    assert "| `autoarray.reg.Constant` | 1 | PyAutoArray (converted); this project | `Constant` |" in bumped.schemas
    assert "| `autoarray.reg.Constant` | 2 | this project |" in bumped.schemas
    assert "| `autoarray.reg.Constant` | 2 | `coefficient`, `exponent` |" in bumped.schemas


def with_entry(**changes) -> Callable[[Project], Project]:
    """A change of the entry of the type whose state changed."""

    def forget(project: Project) -> Project:
        entry = dataclasses.replace(next_release.RAISED, **changes)
        types = tuple(entry if each is next_release.RAISED else each for each in project.types)
        return dataclasses.replace(project, types=types)

    return forget


def with_changes(**changes) -> Callable[[Project], Project]:
    return lambda project: dataclasses.replace(project, **changes)


def without_archive(project: Project) -> Project:
    shutil.rmtree(project.archive)
    return project


def without_released(project: Project) -> Project:
    shutil.rmtree(project.released / project.release)
    return project


def with_an_early_archive(project: Project) -> Project:
    """It was written while the type still had its old state."""
    for backend in ("numpy", "jax"):
        old = _types_of(this_project(), backend)
        (project.archive / backend / "types.aas.xz").write_bytes(lzma.compress(old, preset=0))
    return project


def migration_from(fields: tuple[str, ...], step: Callable) -> Callable[[Project], Project]:
    return with_entry(migrations={1: serialization.Migration(fields, step)})


HERE, NEXT = this_project(), next_release.VERSION
BOTH = ("coefficient", "exponent")
# What is forgotten: the step, how, and what the check of the step says.
FORGOTTEN: dict[str, tuple[str, Callable[[Project], Project], str]] = {
    "the fields": (
        "version",
        with_entry(version=1, fields=("coefficient",), migrations={}),
        "version 1 (coefficient), found also exponent",
    ),
    "the number of the version": (
        "version",
        with_entry(version=1, migrations={}),
        "version 1 (coefficient, exponent), found no exponent",
    ),
    "fields of other names": (
        "version",
        migration_from(BOTH, next_release._1_to_2_exponent),
        "autoarray.reg.Constant: expected other fields in each version",
    ),
    "the migration": ("migration", with_entry(migrations={}), "a migration from each older one, found version 2"),
    "what the migration adds": (
        "migration",
        migration_from(("coefficient",), lambda state: state),
        "version 2 (coefficient, exponent), found no exponent",
    ),
    "the number of the release": (
        "release",
        with_changes(release=HERE.release, writer=HERE.writer),
        f"{HERE.release} is out with other schemas",
    ),
    "what payloads call the release": ("release", with_changes(writer=HERE.writer), HERE.release),
    "docs/schemas.md": (
        "schemas",
        with_changes(schemas=HERE.schemas),
        "run python -m serialization._legacy.schema_page",
    ),
    "docs/schemas": (
        "records",
        with_changes(records=HERE.records),
        "autoarray.reg.Constant.json: run python -m serialization._schema.json_schema docs/schemas",
    ),
    "CHANGELOG.md": ("changelog", with_changes(changelog=HERE.changelog), "`autoarray.reg.Constant`: schema version 2"),
    "the archive": ("archive", without_archive, f"no archive of {NEXT}: run tests/data/archives/make_own_payloads.py"),
    "the bytes of the archive": ("golden", with_an_early_archive, "assert "),
    "what users hold": ("released", without_released, f"of {NEXT}: run tests/data/released/make_released.py"),
}


def test_every_step_can_be_forgotten():
    assert {step for step, _, _ in FORGOTTEN.values()} == set(STEPS)


def check_as(project: Project, step: str) -> None:
    """The check of a step, where the package is that of a project."""
    declare(project)
    STEPS[step](project)


@pytest.mark.parametrize("what", FORGOTTEN)
def test_a_forgotten_step_is_found(what, bumped):
    step, forget, message = FORGOTTEN[what]
    with pytest.raises((AssertionError, serialization.SerializationError)) as error:
        check_as(forget(bumped), step)
    assert message in str(error.value)
