"""The reader in JavaScript (`readers/javascript`), as the tests run it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from serialization._schema import registry

READER = Path(__file__).parents[2] / "readers" / "javascript"
PROGRAMS = ("inspector", "loader", "canonical")
NODE = shutil.which("node")
OLDEST = 20


def _missing() -> str | None:
    """What the reader lacks on this machine, if it lacks something."""
    if NODE is None:
        return "Node.js is not on the PATH"
    version = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    number = re.match(r"v(\d+)", version)
    if number is None or int(number[1]) < OLDEST:
        return f"Node.js is {version}, and the reader needs v{OLDEST}"
    if not (READER / "node_modules" / "hash-wasm").is_dir():
        return "`npm ci` was not run in readers/javascript"
    return None


_REASON = _missing()
needs_node = pytest.mark.skipif(_REASON is not None, reason=f"{_REASON}")


def node(*arguments: object, cwd: Path = READER, statuses: tuple[int, ...] = (0,)) -> str:
    """What Node.js prints; it must end with one of the exit statuses."""
    command = [str(NODE), *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode in statuses, done.stdout[-20000:] + done.stderr
    return done.stdout


def has_zstd() -> bool:
    """Whether this Node.js has zstd."""
    return json.loads(node("--print", "'zstdDecompressSync' in require('zlib')"))


def check(*files: Path, types: dict[str, Any], refused: bool | None = False) -> list[dict[str, Any]]:
    """What the reader says of files of one folder, with a registry of types; `refused`: whether it refuses any."""
    folder = files[0].parent
    (folder / "registry.json").write_text(json.dumps(types))
    statuses = {False: (0,), True: (1,), None: (0, 1)}[refused]
    summaries = []
    for at in range(0, len(files), 1000):  # as many names as a command line holds
        names = [file.name for file in files[at : at + 1000]]
        lines = node(
            READER / "bin.mjs", "check", "--registry", "registry.json", *names, cwd=folder, statuses=statuses
        ).splitlines()
        summaries += map(json.loads, lines)
    assert len(summaries) == len(files)
    return summaries


def known_types() -> dict[str, Any]:
    """The registry of this project, as the reader takes it."""
    return {name: _type_of(registry.find(name)) for name in registry.names()}


def _type_of(schema: Any) -> dict[str, Any]:
    versions = {str(at): dict(zip(("fields", "optional"), schema.fields_at(at), strict=True)) for at in schema.versions}
    return {**versions, "results": sorted(schema.result_names)}
