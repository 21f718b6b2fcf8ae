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
    stream = Terminal()
    with Progress(1, stream).step("Wait"):
        time.sleep(1.2)

    assert stream.getvalue().startswith("[1/1] Wait ...\r[1/1] Wait ... ")
    assert re.search(r"\r\[1/1\] Wait \.\.\. 1\.\d s +\n$", stream.getvalue())
