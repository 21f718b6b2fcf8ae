"""An interrupt between any two steps of `share` and `SharedPayload.load` leaves nothing behind."""

from __future__ import annotations

import gc
import sys
import tempfile

import numpy as np
import pytest
from interrupts import interruptions, maps_of, open_files

import serialization
from serialization._transport import segments

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="counts descriptors and maps as Linux shows them"),
    # A handle that was interrupted is closed with its last reference, which it remarks.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
STEPS = ("_transport/", "serialization/_files.py", "_payload/files.py")


def share_and_load():
    with serialization.share([np.arange(20.0)]) as shared:
        assert shared.load()[0].sum() == 190.0


@pytest.mark.parametrize("in_memory", [True, False], ids=["memory", "file"])
def test_nothing_is_left(tmp_path, monkeypatch, in_memory):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(segments, "_in_memory", lambda: in_memory)
    share_and_load()
    gc.collect()
    gc.freeze()
    before = open_files()
    steps = 0
    for steps in interruptions(share_and_load, *STEPS):
        assert open_files() == before, steps
        assert maps_of("autoarray-state-") == 0, steps
        # What was made and not yet given to its handle goes with the next one.
        assert sum(path.is_file() for path in tmp_path.rglob("*")) <= 1, steps
    gc.unfreeze()
    assert steps > 300
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
