"""What the demonstration tells while it runs."""

import io
import re
import time

import pytest

from serialization._cli.demo.report import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_each_step_is_one_line_with_its_seconds():
    stream = io.StringIO()
    progress = Progress(10, stream)
    with progress.step("Read"):
        assert stream.getvalue() == "[ 1/10] Read ..."
    progress.note("three files")
    with progress.step("Fit"):
        pass

    assert re.fullmatch(
        r"\[ 1/10\] Read \.\.\. \d+\.\d s\n        three files\n\[ 2/10\] Fit \.\.\. \d+\.\d s\n", stream.getvalue()
    )


def test_a_step_that_raises_says_so():
    stream = io.StringIO()
    with pytest.raises(ZeroDivisionError), Progress(1, stream).step("Divide"):
        raise ZeroDivisionError

    assert stream.getvalue() == "[1/1] Divide ... failed\n"


def test_on_a_terminal_the_seconds_count_up():
    stream, deadline = Terminal(), time.monotonic() + 60.0
    with Progress(1, stream).step("Wait"):
        while len(set(stream.getvalue().split("\r")[1:])) < 2:
            assert time.monotonic() < deadline, stream.getvalue()
            time.sleep(0.01)

    first, *counted, last = stream.getvalue().split("\r")
    assert first == "[1/1] Wait ..."
    seconds = [int(re.fullmatch(r"\[1/1\] Wait \.\.\. (\d+) s ", line)[1]) for line in counted]
    assert seconds == sorted(seconds)
    assert seconds[0] < seconds[-1]
    assert float(re.fullmatch(r"\[1/1\] Wait \.\.\. (\d+\.\d) s +\n", last)[1]) >= seconds[-1] - 0.5
