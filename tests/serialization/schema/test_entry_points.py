"""Types that an installed package declares by an entry point: found when first met, loaded once, and never more."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SHAPES = """
class Shape:
    def __init__(self, size):
        self.size = size

class Other:
    pass
"""
TYPES = """
from serialization import TypeEntry
import pathlib
with pathlib.Path(__file__).with_name("loaded").open("a") as log:
    log.write("once ")
def types():
    return [TypeEntry(name="tinylens.Shape", target="tinylens.shapes:Shape", fields=("size",))]
"""
FAULTY = """
from serialization import TypeEntry
TYPES = [TypeEntry(name="faulty.Good", target="faulty.shapes:Shape", fields=("size",)), "no entry"]
"""
THIEF = """
from serialization import TypeEntry
TYPES = [TypeEntry(name="tinylens.Stolen", target="os:PathLike", fields=())]
"""


@pytest.fixture
def installed(tmp_path):
    """A folder with four packages, three of which have an entry point."""
    packages = {
        "tinylens": ({"shapes": SHAPES, "types": TYPES}, "tinylens.types:types"),
        "faulty": ({"shapes": SHAPES, "types": FAULTY}, "faulty.types:TYPES"),
        "thief": ({"shapes": SHAPES, "types": THIEF}, "thief.types:TYPES"),
        "unlisted": ({"shapes": SHAPES}, None),
    }
    for name, (modules, target) in packages.items():
        (tmp_path / name).mkdir()
        for module, text in {"__init__": "", **modules}.items():
            (tmp_path / name / f"{module}.py").write_text(text)
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        if target:
            (info / "entry_points.txt").write_text(f"[serialization.types]\n{name} = {target}\n")
    return tmp_path


def run(folder, script):
    """What a script prints as JSON in a process that has the packages of a folder."""
    code = f"import sys, json; sys.path[:0] = [{str(ROOT)!r}, {str(folder)!r}]\n" + textwrap.dedent(script)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_type_is_found_when_an_object_of_it_is_met(installed):
    written = run(
        installed,
        """
        import serialization
        before = sorted(name for name in sys.modules if name.startswith("tinylens"))
        from tinylens.shapes import Shape
        data = serialization.dumps([Shape(2.0), Shape(3.0)])
        print(json.dumps([before, data.hex()]))
        """,
    )
    assert written[0] == []
    read = run(
        installed,
        f"""
        import serialization
        data = bytes.fromhex({written[1]!r})
        info = serialization.inspect(data)
        before = "tinylens.shapes" in sys.modules
        one, other = serialization.loads(data)
        print(json.dumps([info.problems, before, type(one).__module__, one.size, other.size]))
        """,
    )
    assert read == [[], False, "tinylens.shapes", 2.0, 3.0]
    assert (installed / "tinylens" / "loaded").read_text() == "once once "  # in each process


def test_threads_that_meet_it_at_once_load_it_once(installed):
    sizes = run(
        installed,
        """
        import serialization, concurrent.futures
        from tinylens.shapes import Shape
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            payloads = list(pool.map(lambda size: serialization.dumps(Shape(size)), range(64)))
            print(json.dumps([serialization.loads(payload).size for payload in payloads]))
        """,
    )
    assert sizes == list(range(64))
    assert (installed / "tinylens" / "loaded").read_text() == "once "


def test_a_faulty_entry_point_is_named_and_breaks_nothing_else(installed):
    errors = run(
        installed,
        """
        import serialization
        import faulty.shapes, thief.shapes, tinylens.shapes
        def refusal(call, *args):
            try:
                call(*args)
            except serialization.SerializationError as error:
                return type(error).__name__, str(error)
        errors = [refusal(serialization.dumps, module.Shape(1)) for module in (faulty.shapes, thief.shapes)]
        good = serialization.loads(serialization.dumps(tinylens.shapes.Shape(1))).size
        other = refusal(serialization.dumps, tinylens.shapes.Other())
        print(json.dumps([*errors, good, other]))
        """,
    )
    (kind, text), (other_kind, other_text), good, (third_kind, third_text) = errors
    assert (kind, other_kind, third_kind) == ("UnknownTypeError",) * 3
    assert "of the entry points serialization.types there failed faulty = faulty.types:TYPES of faulty: " in text
    assert "expected entries of the class serialization.TypeEntry, found 'no entry'" in text
    assert "expected names and classes of the package thief, found tinylens.Stolen for os:PathLike" in other_text
    assert good == 1
    assert "register it with serialization.register(Other" in third_text
    assert "failed" not in third_text


def test_bytes_make_nothing_import_that_no_entry_point_declares(installed):
    (data,) = run(
        installed,
        """
        import serialization
        from unlisted.shapes import Shape
        serialization.register(Shape, name="unlisted.Shape", fields=["size"])
        print(json.dumps([serialization.dumps(Shape(1)).hex()]))
        """,
    )
    found = run(
        installed,
        f"""
        import serialization
        try:
            serialization.loads(bytes.fromhex({data!r}))
        except serialization.UnknownTypeError as error:
            print(json.dumps([str(error), "unlisted" in sys.modules]))
        """,
    )
    assert "expected a registered type, found 'unlisted.Shape'" in found[0]
    assert found[1] is False


def test_the_tables_of_this_project_can_be_declared():
    """They name no class twice, and importing them imports none of the packages that they are about."""
    declared = run(
        ROOT,
        """
        import importlib, serialization
        names = []
        for module in ("autofit", "galaxies", "lenses"):
            table = importlib.import_module(f"serialization._lens.{module}").TYPES
            names += [entry.declare().name for entry in table]
        lenses = {"autofit", "autogalaxy", "autolens", "jax"}
        packages = sorted({name.partition(".")[0] for name in sys.modules} & lenses)
        print(json.dumps([len(names), packages]))
        """,
    )
    assert declared[0] > 200
    assert declared[1] == []


def test_the_entry_points_of_this_project_name_its_tables():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    points = project["entry-points"]["serialization.types"]
    assert set(points) == {"autofit", "autogalaxy", "autolens"}
    for name, target in points.items():
        module, _, table = target.partition(":")
        entries = getattr(__import__(module, fromlist=[table]), table)
        assert all(entry.name.startswith(f"{name}.") for entry in entries)
        assert all(entry.target.startswith(f"{name}.") for entry in entries)
