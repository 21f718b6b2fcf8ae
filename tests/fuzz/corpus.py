"""The payloads that the cases begin with."""

from __future__ import annotations

import json
import lzma
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import graphs
import numpy as np

import serialization
from tests.fuzz.parts import Parts, put_together, taken_apart

DATA = Path(__file__).parents[1] / "data"
_LARGE = 20_000  # bytes, of which few cases are made
_DTYPES = "|b1 |i1 |u1 <i2 >i2 <u4 >i8 <u8 <f2 <f4 >f4 <f8 >f8 <c8 <c16 >c16 |S3 <U2 >U2 <M8[s] <m8[25us] <M8 >m8[ns]"


@dataclass(frozen=True, slots=True)
class Corpus:
    """The parts of payloads; `small` are most cases made of, `large` the others."""

    small: list[Parts]
    large: list[Parts]


def corpus_from() -> Corpus:
    """The same in every process: graphs made here, those that release 0.1.0 wrote, and the vectors of the format."""
    payloads = [serialization.dumps(value) for value in _values()]
    payloads += [
        serialization.dumps(value, compression=compression)
        for value in (np.arange(2000.0), np.arange(4000, dtype=">i2").reshape(40, 100), [np.zeros(700, "<c8")] * 2)
        for compression in ("zlib", "shuffle-zstd", "shuffle-lz4")
    ]
    payloads.append(serialization.dumps(np.arange(3), meta={"name": "a", "list": [1, None, {"deep": [b"b", 1.5]}]}))
    payloads += [path.read_bytes() for path in sorted((DATA / "wire_1").glob("*.aas"))]
    vectors = DATA / "conformance" / "vectors.json"
    if vectors.exists():
        payloads += _vectors(json.loads(vectors.read_text())["vectors"])
    stored = sorted((DATA / "released").glob("*/*.aas.xz"))
    for path in stored:
        payload = lzma.decompress(path.read_bytes())
        payloads.append(payload)
        value = serialization.loads(payload)
        payloads.append(serialization.dumps(value))
        if path.name == "types.aas.xz":
            # Objects of one type each, alone.
            payloads += [serialization.dumps(one) for one in (value.values() if isinstance(value, dict) else value)]
    every = [taken_apart(payload) for payload in payloads]
    every += [parts.of_version_1() for parts in every if parts.wire == 2 and not _is_compressed(parts)]
    sizes = [len(put_together(parts)) for parts in every]
    return Corpus(
        [parts for parts, size in zip(every, sizes, strict=True) if size < _LARGE],
        [parts for parts, size in zip(every, sizes, strict=True) if size >= _LARGE],
    )


def _vectors(vectors: list[dict[str, Any]]) -> list[bytes]:
    """The good vectors whose types are registered here, without those that need megabytes."""
    good = [
        bytes.fromhex(one["payload"]) for one in vectors if one["loader"] == "accept" and len(one["payload"]) < 2**16
    ]
    return [payload for payload in good if b"vector." not in payload and b"example." not in payload]


def _is_compressed(parts: Parts) -> bool:
    return any(len(one.row) == 6 for one in parts.arrays)


def _values() -> list[Any]:
    shared = np.arange(6.0).reshape(2, 3)
    cycle: list[Any] = [1, (2, 3)]
    cycle.append({"cycle": cycle})
    computes = graphs.Computes(np.arange(3.0), inside=graphs.Part("a", 1.5))
    _ = computes.total
    record = np.array([(1, 2.5, True)], [("a", "<i4"), ("b", ">f8"), ("c", "?")])
    padded = np.zeros(3, np.dtype({"names": ["a", "b"], "formats": ["<u2", "|b1"], "offsets": [0, 6], "itemsize": 9}))
    dtypes = [np.zeros(3, np.uint8).astype("S1").astype(name) for name in ("|S3", "<U2", ">U2")]
    dtypes += [np.arange(4).astype(name) for name in _DTYPES.split() if name[1] not in "SU"]
    scalars = [np.float64(0.1), np.float32("nan"), np.int8(-1), np.uint64(2**63), np.bool_(True), np.complex64(1j)]
    scalars += [np.str_("é"), np.bytes_(b"a\0"), np.datetime64("2026-01-01"), np.timedelta64(3, "25s")]
    return [
        *(
            None,
            True,
            -1,
            2**63,
            -(2**200),
            1.5,
            "text",
            b"bytes",
            (1, (2.5, ())),
            2j,
            np.float32(1.5),
            {1, "a", (2, b"")},
        ),
        frozenset({1, 2.5, (True, None), np.int16(4), 3j}),
        {"a": 1, 2: (3.0, -0.0), (1, "b"): None, b"": [], None: {}, True: set(), np.float32(0.5): frozenset()},
        cycle,
        graphs.small(),
        computes,
        graphs.Optional(always=1),
        graphs.Optional(always=1, sometimes=graphs.Part(shared, [shared, shared.T, shared])),
        {graphs.Part(1): 1, graphs.Part(2): [graphs.Part(1)]},
        [graphs.Part(graphs.Part(graphs.Computes(np.arange(3), None))), float("nan"), float("inf")],
        scalars,
        dtypes,
        [record, padded, np.zeros((0, 3)), np.array(2.5), np.asfortranarray(shared), np.zeros((2, 0, 2), order="F")],
        [list(range(20)), dict(enumerate("abcdefghijklmnopqrstuvwxyz")), set(range(40))],
        [np.arange(size) for size in range(20)],
        ((((((((1,),),),),),),),),
    ]
