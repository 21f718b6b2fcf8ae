"""Changed payloads, signed again: this package and the reader in JavaScript both load one, or both refuse it."""

import os
import random
import re

import graphs
import msgpack
import numpy as np
import pytest
import xxhash
from javascript import check, known_types, needs_node

import serialization

pytestmark = needs_node

COUNT = int(os.environ.get("AAS_MUTATIONS", "4000"))

PACKED = """
c0 c1 c2 c3 90 91 92 80 81 a0 a161 c400 c40101 01 7f e0 ff cc01 cc80 cd0100 cf0000000100000000 d0ff d1ff00 ca3f800000
cb3ff8000000000000 cb7ff8000000000001 d40100 d40101 d40200 d5060191 d7050000000000000000 d6ff00000000 dc0001 dd00000001
de0000 d90161 c7060300
"""
WORDS = [bytes.fromhex(word) for word in PACKED.split()]

# What FORMAT.md lets a loader refuse: what its language can't hold, or holds as equal, and fields of another kind.
MAY_REFUSE = re.compile(
    "equals another in this language|this program can|found one deeper|expected distinct keys|"
    "NumPy can hold|expected a value of ext code 6|expected _use_jax of"
)


def seeds():
    """Payloads of all kinds of values, small enough that a change hits something."""
    part, flagged = graphs.Part(value=(1, 2.5, None)), graphs.Computes(np.arange(3.0))
    part.other = [part, flagged, {"a": part, (1, "b"): -1}]
    flagged.total  # noqa: B018
    values = [
        part, flagged, [flagged, graphs.Computes(np.ones(2), inside=part)], graphs.Optional(always=1, sometimes="x"),
        {1: "a", "b": {2**70, 3, (1, 2)}, b"c": frozenset({1j, "x"})}, np.float32(1.5), [np.str_("a")],
        [np.datetime64(1, "s"), np.timedelta64(2, "25s")],
        [np.arange(6, dtype=">i2").reshape(2, 3).T, np.array([True, False]), np.zeros(2, [("x", "<f4"), ("on", "?")])],
        (((1,), 2), 2**63, -(2**63), "λ", b"\0", True), np.empty((0, 3)),
    ]  # fmt: skip
    payloads = [serialization.dumps(value) for value in values]
    payloads += [serialization.dumps([np.zeros(600), np.arange(3)], compression="zlib", meta={"note": [1, {"x": 2.0}]})]
    return payloads


class Mutations:
    """Changes of payloads, the same in each run."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def changed(self, payload):
        data = bytearray(payload)
        for _ in range(self.random.choice((1, 1, 1, 2))):
            data = self._spliced(data) if self.random.random() < 0.5 else self._replaced(data)
        return self._signed(data)

    def _place(self, data):
        """A place behind the prelude, most often in the header."""
        head = int.from_bytes(data[60:64], "big")
        end = data.rfind(b"\xa3pad\xc4", 0, head) if self.random.random() < 0.8 else len(data)
        return self.random.randrange(64, max(end, 65))

    def _replaced(self, data):
        at, word = self._place(data), self.random.choice(WORDS)
        if self.random.random() < 0.5:
            data[at : at + 1] = bytes([data[at] ^ 1 << self.random.randrange(8)])
        else:
            data[at : at + len(word)] = word
        return data

    def _spliced(self, data):
        """Another word in the header, whose lengths follow, so that it stays one map."""
        head, body = int.from_bytes(data[60:64], "big"), int.from_bytes(data[70:74], "big")
        pad, at, word = data.rfind(b"\xa3pad\xc4", 0, head), self._place(data), self.random.choice(WORDS)
        if not 64 <= at < pad:
            return data
        header, gone = data[: pad + 5], self.random.choice((0, 1, 1, len(word)))
        if 74 <= at < 74 + body:
            gone = min(gone, 74 + body - at)
            header[70:74] = (body + len(word) - gone).to_bytes(4, "big")
        header[at : at + gone] = word
        left = -(len(header) + 1) % 64
        header += bytes([left]) + bytes(left)
        header[60:64] = len(header).to_bytes(4, "big")
        return header + data[head:]

    def _signed(self, data):
        head = int.from_bytes(data[60:64], "big")
        data[46:54] = len(data).to_bytes(8, "big")
        if self.random.random() < 0.8:
            self._sign_arrays(data, head)
        data[18:34] = bytes(16)
        data[18:34] = xxhash.xxh3_128_digest(bytes(data[:head]))
        return bytes(data)

    def _sign_arrays(self, data, head):
        """The digests of arrays that are not compressed, as far as the header can still be read."""
        try:
            header = msgpack.unpackb(bytes(data[8:head]), strict_map_key=False)
            at = 74 + len(header["body"]) + 13
            for index, (dtype, shape, _, offset) in enumerate(header["critical"]["arrays"]):
                size = dtype[0] if isinstance(dtype, list) else np.dtype(dtype).itemsize
                place = head + offset
                digest = xxhash.xxh3_128_digest(bytes(data[place : place + size * int(np.prod(shape, dtype=object))]))
                data[at + 16 * index : at + 16 * index + 16] = digest
        except Exception:  # a header that msgpack can't read, or a dtype that NumPy can't: both raise what they like
            return


def refusal_of(payload):
    """What this package says of a payload that it refuses; nothing if it loads it."""
    try:
        serialization.loads(payload, backend="numpy")
    except serialization.SerializationError as error:
        return f"{type(error).__name__}: {error}"
    return ""


@pytest.mark.parametrize("seed", [1])
def test_both_load_a_changed_payload_or_both_refuse_it(tmp_path, seed):
    mutations, originals = Mutations(seed), seeds()
    payloads = originals + [mutations.changed(originals[at % len(originals)]) for at in range(COUNT)]
    files = [tmp_path / f"{number}.aas" for number in range(len(payloads))]
    for file, payload in zip(files, payloads, strict=True):
        file.write_bytes(payload)
    pairs = [
        (refusal_of(payload), summary["loader"].get("message", ""))
        for payload, summary in zip(payloads, check(*files, types=known_types(), refused=True), strict=True)
    ]
    loaded = sum(pair == ("", "") for pair in pairs)
    disagreements = [
        (payload.hex(), *pair)
        for payload, pair in zip(payloads, pairs, strict=True)
        if bool(pair[0]) != bool(pair[1]) and not MAY_REFUSE.search("".join(pair))
    ]
    assert pairs[: len(originals)] == [("", "")] * len(originals)
    assert COUNT / 40 < loaded < COUNT / 2
    assert disagreements == []
