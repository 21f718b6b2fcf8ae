"""Write what users of a release pickle and cache: its public objects and functions, its domain objects, a cache.

    python tests/data/released/make_released.py    ->  <version>/ next to this script

It is run once for a version, on a checkout of that version, before anything moves: it imports its packages, and the
objects of its `make_own_payloads.py`. It stores pickles of protocol 5: of the exported objects and functions of
`serialization` one by one, of one object of each registered type, and of a fit on each mesh. The payload of each of
these stands beside its pickle. The last thing is the folder of a `Cache` with two entries.
"""

from __future__ import annotations

import json
import lzma
import pickle
import shutil
import sys
import warnings
from pathlib import Path

HERE = Path(__file__).parent
ROOT = Path.cwd()
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support"), str(ROOT / "tests" / "data" / "archives")]

from make_own_payloads import cases, fits  # noqa: E402

import autoarray as aa  # noqa: E402
import serialization  # noqa: E402

FUNCTIONS = [name for name in serialization.__all__ if not isinstance(getattr(serialization, name), type)]


def exported(out):
    """The objects and functions that a user of `serialization` holds, by name."""
    mask = aa.Mask2D.circular(shape_native=(6, 6), pixel_scales=0.1, radius=0.2)
    # Its pickle names the folder, which should be no one's own.
    cache = serialization.Cache("/tmp/autoarray-cache")
    cache.put("mask", mask)
    cache.put("numbers", {"pixels": [1, 2, 3]})
    report = serialization.LoadReport()
    old = HERE.parent / "archives" / "2026.8.22.1" / "numpy" / "chain_uniform.pickle.xz"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        serialization.load_pickle(lzma.decompress(old.read_bytes()), report=report)
    info = serialization.inspect(serialization.dumps(mask))
    shutil.copytree("/tmp/autoarray-cache", out / "cache")
    yield from {
        "Cache": cache,
        "CacheStats": cache.stats(),
        "CacheVerifyReport": cache.verify(),
        "CachePruneReport": cache.prune(),
        "PayloadInfo": info,
        "LoadReport": report,
        "LegacyWarning": serialization.LegacyWarning("an old payload"),
        "CorruptError": serialization.CorruptError("payload: expected 4 bytes, found 3"),
    }.items()
    yield from ((name, getattr(serialization, name)) for name in FUNCTIONS)


def main():
    out = HERE / aa.__version__
    out.mkdir()  # a version is written once
    objects = {name: pickle.dumps(obj, protocol=5).hex() for name, obj in exported(out)}
    (out / "exported.json").write_text(json.dumps(objects, indent=0) + "\n")
    for name, obj in ({"types": cases()} | dict(fits())).items():
        if name != "types":
            float(obj.log_evidence)  # an evaluated fit carries its results
        for suffix, data in ((".pickle.xz", pickle.dumps(obj, protocol=5)), (".aas.xz", serialization.dumps(obj))):
            (out / f"{name}{suffix}").write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    main()
