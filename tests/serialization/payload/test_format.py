"""The bytes themselves: golden payloads, the example in FORMAT.md, and a walk by a plain msgpack library."""

from __future__ import annotations

import io
import re
from pathlib import Path

import msgpack
import numpy as np
import pytest
import xxhash
from graphs import assert_same, small

import serialization
from autoarray import __version__
from autoarray._state import State
from serialization._payload import compress, header, wire

ROOT = Path(__file__).parents[3]
FORMAT = (ROOT / "FORMAT.md").read_text()
FORMAT_1 = (ROOT / "docs" / "format_1.md").read_text()


class Star(State):
    """The class of the example in FORMAT.md."""

    def __init__(self, name, position):
        self.name = name
        self.position = position


serialization.register(Star, name="example.Star", fields=["name", "position"])


@pytest.fixture(autouse=True)
def fixed_writer(monkeypatch):
    """Golden bytes must not change with each release."""
    monkeypatch.setattr(wire, "WRITER", ("autoarray-portable", "0.1.0"))


def example():
    position = np.array([0.5, -1.5])
    return [Star("Vega", position), position]


GOLDEN_OF_A_NUMBER_1 = bytes.fromhex(
    "a7414153544154458ea6646967657374c410b10bccd5d30c5ac90b6ff49a66f2c184a47769726501a473697a65cf00000000"
    "000000caa468656164ce000000c0a677726974657292b26175746f61727261792d706f727461626c65a5302e312e30a76261"
    "636b656e64a56e756d7079a4726f6f74a5666c6f6174ab636f6d7072657373696f6ec0a47461696c0aa4626f64790aa57479"
    "70657390a76f626a6563747390a661727261797390a3706164c40f00000000000000000000000000000091cb3ff800000000"
    "0000"
)


GOLDEN_OF_A_NUMBER = bytes.fromhex(
    "a7414153544154458aa6646967657374c41082e7593f33b6645421bca2fd294dc588a47769726502a473697a65cf00000000"
    "00000100a468656164ce00000100a4626f6479c60000000a91cb3ff8000000000000a764696765737473c600000000a67772"
    "6974657292b26175746f61727261792d706f727461626c65a5302e312e30a8637269746963616c85a76261636b656e64a56e"
    "756d7079a4726f6f74a5666c6f6174a5747970657390a76f626a6563747390a661727261797390a9616e63696c6c61727980"
    "a3706164c4320000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "000000000000"
)


def test_golden_bytes_of_a_number():
    data = serialization.dumps(1.5)
    assert data == GOLDEN_OF_A_NUMBER
    assert serialization.loads(GOLDEN_OF_A_NUMBER) == 1.5


def example_in(page):
    rows = re.findall(r"^ *(\d+) \| ((?:[0-9a-f]{2} ?)+) *\|", page, re.MULTILINE)
    data = b""
    for offset, text in rows:
        assert int(offset) == len(data)
        data += bytes.fromhex(text)
    assert len(rows) > 20
    return data


def test_the_example_in_the_specification():
    data = example_in(FORMAT)
    assert serialization.dumps(example()) == data
    assert_same(example(), serialization.loads(data))


def test_golden_bytes_and_the_example_of_version_1_are_read():
    assert serialization.loads(GOLDEN_OF_A_NUMBER_1) == 1.5
    assert_same(example(), serialization.loads(example_in(FORMAT_1)))


def test_a_plain_msgpack_library_walks_header_and_body():
    array, other = np.arange(6.0).reshape(2, 3), np.zeros(100, ">i2")
    data = serialization.dumps({"a": array, "b": (other, 2.5)})
    head = int.from_bytes(data[60:64], "big")
    magic, entries = msgpack.Unpacker(io.BytesIO(data[:head]))
    assert magic == "AASTATE"
    assert tuple(entries) == header.KEYS
    assert tuple(entries["critical"]) == header.CRITICAL
    assert len(msgpack.unpackb(entries["body"])) == 1 + len(entries["critical"]["objects"])
    digests = [xxhash.xxh3_128_digest(each) for each in (array.tobytes(), other.tobytes())]
    assert entries["digests"] == b"".join(digests)
    for each, (_, _, _, offset) in zip((array, other), entries["critical"]["arrays"], strict=True):
        assert data[head + offset :][: each.nbytes] == each.tobytes()


def test_the_digest_covers_prelude_and_header():
    data = bytearray(serialization.dumps(small()))
    digest, head = bytes(data[18:34]), int.from_bytes(data[60:64], "big")
    data[18:34] = bytes(16)
    assert xxhash.xxh3_128_digest(data[:head]) == digest


@pytest.mark.parametrize("count", [0, 1, 2, 7, 63, 64, 65, 1000])
def test_every_array_begins_at_a_multiple_of_64(count):
    arrays = [np.full(count, index, np.uint8) for index in range(3)]
    data = serialization.dumps(["text" * count, arrays])
    info = serialization.inspect(data)
    head = int.from_bytes(data[60:64], "big")
    assert head % 64 == 0
    for array, row in zip(arrays, info.arrays, strict=True):
        assert row.offset % 64 == 0
        assert data[head + row.offset :][:count] == array.tobytes()


def test_the_writer_names_this_release(monkeypatch):
    monkeypatch.undo()
    assert ("autoarray-portable", __version__) == wire.WRITER


def test_the_specification_names_every_ext_code_and_header_entry():
    codes = dict(re.findall(r"^\| (\d) \| (\w[\w ]*) \|", FORMAT, re.MULTILINE))
    assert codes == {
        "1": "object",
        "2": "array",
        "3": "scalar",
        "4": "complex",
        "5": "big integer",
        "6": "frozenset",
    }
    keys = [
        key
        for row in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", FORMAT, re.MULTILINE)
        for key in re.findall(r"\w+", row)
    ]
    assert keys[: len(header.KEYS) + len(header.CRITICAL)] == [*header.KEYS, *header.CRITICAL]
    assert re.findall(r"^\| `([\w-]+)` \| (?:a|one) ", FORMAT, re.MULTILINE)[-3:] == list(compress.COMPRESSIONS)


def test_equal_input_gives_equal_bytes_in_every_process():
    import os
    import subprocess
    import sys

    code = (
        "import sys, serialization\n"
        "value = [{'b', 'a', 3, 2.5, (1, 'x'), b'y', None}, frozenset('hello'), {'k': 1, 'a': 2}]\n"
        "sys.stdout.buffer.write(serialization.dumps(value))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1
