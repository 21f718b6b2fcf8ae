"""`python -m tests.fuzz`: two thousand cases, and that it would find what it looks for."""

from __future__ import annotations

import dataclasses
import sys

import numpy as np
import pytest
from graphs import small

import serialization
from tests.fuzz import __main__ as command
from tests.fuzz import judge
from tests.fuzz.cases import Case, case_of
from tests.fuzz.corpus import corpus_from
from tests.fuzz.parts import put_together, taken_apart
from tests.fuzz.tokens import VALUES, spans

SMALL = serialization.dumps(small())
CORPUS = corpus_from()


def test_two_thousand_cases():
    done = command.run(2000, seed=11, first=0, processes=2, minutes=None, jax=False)
    assert done["failures"] == []
    assert (done["done"], done["again"]) == (2000, 2000)
    assert {"read", "CorruptError", "SchemaError", "UnknownCodeError", "LimitError"} < set(done["counts"])
    assert done["counts"]["read"] > 200


def test_the_corpus_has_payloads_of_both_wire_versions():
    for group in (CORPUS.small, CORPUS.large):
        assert {parts.wire for parts in group} == {1, 2}
        for parts in group:
            serialization.loads(put_together(parts), backend="numpy")
    assert len(CORPUS.small) > 200


def test_parts_make_the_payload_that_they_were_taken_from():
    values = [small(), [np.arange(5), np.zeros((2, 3), order="F")], np.zeros(0), 1]
    for data in [
        *map(serialization.dumps, values),
        serialization.dumps(np.zeros(999), compression="zlib", meta={"a": 1}),
    ]:
        assert put_together(taken_apart(data)) == data


def test_objects_in_packed_values():
    packed = b"\x93\x01\x92\xa1a\xc0\xd4\x01\x00"
    places, ends, parents = spans(packed)
    assert places == [(0, 9), (1, 2), (2, 6), (3, 5), (5, 6), (6, 9)]
    assert list(ends) == [1, 2, 3, 5, 6, 9]
    assert parents == [-1, 0, 0, 2, 2, 0]
    assert all(type(value) is bytes for value in VALUES)


def test_a_case_is_known_by_its_number():
    again = corpus_from()
    cases = [case_of(CORPUS, 3, number, True) for number in range(300)]
    assert cases == [case_of(again, 3, number, True) for number in range(300)]
    assert len({case.payload for case in cases}) > 290
    assert {case.backend for case in cases} == {"numpy", "jax", None}


def test_what_goes_wrong_is_told(monkeypatch):
    case = Case(SMALL, "numpy")
    assert judge.outcome_of(case, 0).startswith("read ")
    assert judge.outcome_of(Case(SMALL[:-1], "numpy"), 0).startswith("TruncatedError: payload: expected")

    loads, calls = serialization.loads, iter(range(99))
    monkeypatch.setattr(serialization, "loads", lambda data, **arguments: [next(calls)])
    with pytest.raises(judge.WrongError, match="expected the value that was read to be read again"):
        judge.outcome_of(case, 1)
    monkeypatch.setattr(serialization, "loads", lambda data, **arguments: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        judge.outcome_of(case, 1)
    monkeypatch.setattr(serialization, "loads", lambda data, **arguments: bytearray(10**7) and loads(SMALL))
    with pytest.raises(judge.WrongError, match=f"expected {len(SMALL)} bytes to take at most"):
        judge.outcome_of(case, 512)


def test_readers_that_disagree_are_told(monkeypatch):
    case = Case(SMALL, "numpy")
    info = serialization.inspect(SMALL)
    monkeypatch.setattr(serialization, "inspect", lambda data: dataclasses.replace(info, intact=False))
    with pytest.raises(judge.WrongError, match="expected what loads is intact"):
        judge.outcome_of(case, 32)
    monkeypatch.undo()
    monkeypatch.setattr(judge.codec, "from_mapped", lambda *arguments: [1])
    with pytest.raises(judge.WrongError, match="expected the reader 'map' to agree with 'read"):
        judge.outcome_of(case, 32)
    monkeypatch.undo()
    monkeypatch.setattr(serialization, "identity", lambda data: id(data))
    with pytest.raises(judge.WrongError, match="expected the identity of what was read"):
        judge.outcome_of(case, 8)


def test_a_process_that_ends_tells_its_case(tmp_path):
    task = {"seed": 0, "first": 0, "count": 10**7, "step": 1, "sample": 0, "jax": False}
    worker = command.Worker(task, tmp_path, "0")
    while worker.number() is None:
        assert worker._process.poll() is None
    worker._process.kill()
    (failure,) = worker.result()["failures"]
    assert failure["number"] >= 0
    assert failure["error"] == f"the process ended: {'SIGKILL' if sys.platform != 'win32' else 'exit code 1'}"


def test_another_answer_of_a_fresh_process_is_told(monkeypatch):
    class Worker:
        def __init__(self, task, folder, hash_seed):
            self.outcome = "read a" if "first" in task else "CorruptError: b"

        def result(self):
            return {"done": 1, "counts": {"read": 1}, "failures": [], "sample": {"7": self.outcome}}

    monkeypatch.setattr(command, "Worker", Worker)
    (failure,) = command.run(1, 0, first=7, processes=1, minutes=None, jax=False)["failures"]
    assert failure["number"] == 7
    assert "expected the same outcome in a fresh process, 'read a', found 'CorruptError: b'" in failure["error"]


def test_the_command_fails_with_its_cases(monkeypatch, capsys):
    failures = [{"number": 5, "error": "WRONG ZeroDivisionError: a", "traceback": "Traceback ..."}]
    found = {"done": 10, "again": 2, "seconds": 1.0, "counts": {"read": 10}, "failures": failures}
    monkeypatch.setattr(command, "run", lambda *arguments, **options: found)
    monkeypatch.setattr(sys, "argv", ["fuzz", "--count", "10", "--seed", "4"])
    assert command.main() == 1
    assert "case 5 of seed 4: WRONG ZeroDivisionError: a\nTraceback ..." in capsys.readouterr().out
    monkeypatch.setitem(found, "failures", [])
    assert command.main() == 0
