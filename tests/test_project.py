"""The files around the code agree with each other."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

import autoarray

ROOT = Path(__file__).parents[1]
METADATA = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, flags=re.MULTILINE)[1].split())
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"


def test_the_changelog_begins_with_this_release():
    headings = re.findall(r"^## \[(.+?)\](?: - (\S+))?$", CHANGELOG, flags=re.MULTILINE)
    released = [heading for heading in headings if heading[0] != "Unreleased"]

    assert released[0][0] == autoarray.__version__
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", date) for _, date in released)


def test_the_citation_is_of_this_release():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    (released,) = re.findall(rf"^## \[{autoarray.__version__}\] - (\S+)$", CHANGELOG, flags=re.MULTILINE)

    assert f"\nversion: {autoarray.__version__}\n" in citation
    assert f'\ndate-released: "{released}"\n' in citation


def test_security_names_tests_that_exist():
    names = re.findall(r"`(test_\w+\.py)::(test_\w+)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8"))
    files = defaultdict(str)
    for path in (ROOT / "tests").rglob("test_*.py"):
        files[path.name] += "\n" + path.read_text(encoding="utf-8")

    assert len(names) > 10
    assert [(file, test) for file, test in names if f"\ndef {test}(" not in files[file]] == []


def test_the_distribution_takes_its_version_from_the_package():
    assert METADATA["project"]["dynamic"] == ["version"]
    assert METADATA["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "autoarray.__version__"}


@pytest.mark.parametrize("package", ["autoarray", "serialization"])
def test_both_packages_are_typed(package):
    assert (ROOT / package / "py.typed").is_file()


def test_continuous_integration_runs_every_test():
    script = ROOT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text()
    assert script.read_text().splitlines()[-4:] == [
        "make test",
        "make test-processors ARGS=--few",
        'make fuzz ARGS="--count 300000"',
        "make docs",
    ]


CHECK = ["ruff", "ruff", "pyright", "pytest"]


@pytest.fixture
def checks_of(tmp_path):
    """What `make` of a target checks, by environment, on a machine that has some versions of Python."""

    def run(target, *versions):
        for version in versions:
            python = tmp_path / f"python{version}"
            python.write_text(f'#!/bin/sh\ncase "$2" in *print*) echo {version} ;; esac\n')
            python.chmod(0o755)
        # Without what a make that runs these tests hands down.
        environment = {"PATH": os.pathsep.join([str(tmp_path), os.environ["PATH"]]), "HOME": str(tmp_path)}
        result = subprocess.run(
            ["make", "--dry-run", target, f"VERSIONS={' '.join(versions)}"],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        checks = {}
        for line in result.stdout.splitlines():
            command = re.match(r"(\S+)/bin/(?:python -m )?(ruff|pyright|pytest)\b", line)
            if command:
                checks.setdefault(command[1], []).append(command[2])
        return checks

    return run


def test_make_check_ends_with_the_tests(checks_of):
    assert checks_of("check", "3.12") == {".venv": CHECK}


def test_make_test_takes_the_oldest_python(checks_of):
    assert checks_of("test", "3.11", "3.12", "3.14") == {".venv": CHECK}
    assert checks_of("test", "3.13") == {".venv": CHECK}


def test_make_test_all_takes_every_python_and_the_oldest_dependencies(checks_of):
    assert checks_of("test-all", "3.11", "3.12", "3.14") == {
        ".venv": CHECK, ".venv-3.12": CHECK, ".venv-3.14": CHECK, ".venv-lowest": ["pytest"]
    }  # fmt: skip


def test_each_version_of_python_is_declared_and_tested():
    """The classifiers, the Makefile and the workflow name the same versions, from the oldest that is allowed on."""
    project = METADATA["project"]
    prefix = "Programming Language :: Python :: 3."
    versions = ["3." + name.removeprefix(prefix) for name in project["classifiers"] if name.startswith(prefix)]

    assert project["requires-python"] == f">={versions[0]}"
    assert re.search(r"^VERSIONS := (.*)$", MAKEFILE, flags=re.MULTILINE)[1].split() == versions
    assert f"        python: {json.dumps(versions)}\n" in WORKFLOW.read_text(encoding="utf-8")


def test_workflows_run_commands_that_make_knows():
    commands = re.findall(
        r"^\s+run: make (\S+)( [A-Z_]+=\S+)*$", WORKFLOW.read_text(encoding="utf-8"), flags=re.MULTILINE
    )

    needed = {"lint", "types", "fuzz", "test-lowest", "sdist-test", "test-free-threaded"}
    assert needed <= {target for target, _ in commands} <= TARGETS


def test_the_oldest_dependencies_are_the_bounds_of_the_project(tmp_path):
    program = re.search(r"^LOWEST := ((?:.*\\\n)*.*)$", MAKEFILE, flags=re.MULTILINE)[1].replace("\\\n", "")
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    lowest = dict(line.split("==") for line in result.stdout.splitlines())

    assert lowest.keys() == {"numpy", "scipy", "msgpack", "xxhash"}
    assert [f"{name}>={version}" for name, version in lowest.items()] == METADATA["project"]["dependencies"]


def test_make_lists_every_command():
    result = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    listed = re.findall(r"^make ([a-z-]+)", result.stdout, flags=re.MULTILINE)

    assert TARGETS - set(listed) == {"install", "install-dev"}
    assert set(listed) <= TARGETS


def tracked():
    """The files of the repository, as git lists them."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode:
        pytest.skip("only a checkout knows which files are the project's")
    return [name for name in result.stdout.splitlines() if (ROOT / name).is_file()]


def test_the_source_distribution_holds_every_file(tmp_path):
    names = tracked()
    for name in names:
        copy = tmp_path / "tree" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy)
    command = [
        sys.executable,
        "-m",
        "build",
        "--sdist",
        "--no-isolation",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "tree"),
    ]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        inside = {member.name.partition("/")[2] for member in packed if member.isfile()}

    assert set(names) - inside == set()
    made = {name for name in inside - set(names) if not name.startswith("autoarray_portable.egg-info/")}
    assert made == {"PKG-INFO", "setup.cfg"}
