"""Write the archive of this version of the project: one payload of every registered type, and a fit of each mesh.

    python tests/data/archives/make_own_payloads.py    ->  autoarray-portable-<version>/{numpy,jax}/ next to this script

It is run once for a version, after its schemas are settled and before it is released. It needs JAX, and
takes the objects from the cases of `tests/support/catalog_cases.py`.
"""

from __future__ import annotations

import json
import lzma
import os
import platform
import sys
from pathlib import Path

os.environ["JAX_PLATFORMS"], os.environ["JAX_ENABLE_X64"] = "cpu", "1"
HERE = Path(__file__).parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

import archives  # noqa: E402
import numpy as np  # noqa: E402
import problems  # noqa: E402
import vertex_problems  # noqa: E402
from catalog_cases import CASES  # noqa: E402

import autoarray as aa  # noqa: E402
import serialization  # noqa: E402

OUT = HERE / f"autoarray-portable-{aa.__version__}"
ON_JAX = ("types", "fit_uniform", "fit_adapt_density", "fit_rotated", "fit_delaunay")
VERTICES = {"delaunay": "Delaunay", "delaunay_nn": "DelaunayNN", "knn": "KNearestNeighbor", "knn_b": "KNNBarycentric"}


def cases():
    """The objects of the round trips, by the names of their types."""
    return {name: make() for name, make in CASES.items()}


def fits():
    dataset = problems.dataset_from(radius=0.45)
    for mesh in problems.RECTANGULAR:
        yield f"fit_{mesh}", problems.fit_from(mesh=mesh, shape=(5, 5), dataset=dataset)
    for name, cls in VERTICES.items():
        yield f"fit_{name}", vertex_problems.fit_from(getattr(aa.mesh, cls)(pixels=18, zeroed_pixels=6))


def main():
    objects = {"types": cases()} | dict(fits())
    expected = {}
    for name, obj in objects.items():
        if name != "types":
            expected[name] = archives.own_values(obj)
    for backend in ("numpy", "jax"):
        folder = OUT / backend
        folder.mkdir(parents=True)  # a version is written once
        entries = {}
        for name, obj in objects.items():
            if backend == "jax" and name not in ON_JAX:
                continue
            compression = "zlib" if name == "fit_uniform" else None
            # On JAX the same objects, moved there by a payload.
            moved = obj if backend == "numpy" else serialization.loads(serialization.dumps(obj), backend="jax")
            data = serialization.dumps(moved, compression=compression)
            (folder / f"{name}.aas.xz").write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))
            types = {row.name: row.version for row in serialization.inspect(data).types}
            entries[name] = {"kind": "types" if name == "types" else "fit", "mesh": None, "types": types}
            entries[name] |= {"files": [f"{name}.aas.xz"], "values": expected.get(name, {})}
        written_by = {"release": aa.__version__, "backend": backend, "python": platform.python_version()}
        written_by |= {"numpy": np.__version__}
        rows = [f" {json.dumps(name)}: {json.dumps(entry, separators=(',', ':'))}" for name, entry in entries.items()]
        text = f'{{"written_by": {json.dumps(written_by)},\n"objects": {{\n' + ",\n".join(rows) + "\n}}\n"
        (folder / "expected.json").write_text(text)
        print(folder, len(entries), "payloads")


if __name__ == "__main__":
    main()
