"""Interrupts between any two steps of the interpreter."""

from __future__ import annotations

import contextlib
import dis
import functools
import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType

# Python 3.11 loses the value of `return` in a `with` block when a trace function raises at one of these instructions of
# `__exit__`. No interrupt comes there.
_NEVER = {dis.opmap["PUSH_EXC_INFO"], dis.opmap["POP_EXCEPT"]}


def interruptions(action: Callable[[], object], *modules: str) -> Iterator[int]:
    """Run an action once for each of its steps, interrupted before that one, until it comes to its end.

    Yields the number of the step after each interruption, when nothing refers to the interrupt any more. The steps are
    the instructions of the interpreter in the files whose paths contain one of `modules`, and in contextlib.
    """
    number = 1
    while _interrupt(action, number, (*modules, "contextlib.py")):
        gc.collect()
        yield number
        number += 1


def _interrupt(action: Callable[[], object], number: int, modules: tuple[str, ...]) -> bool:
    """Whether the action has as many steps as `number`."""
    left = number

    def step(code: CodeType, offset: int) -> None:
        nonlocal left
        if _instructions(code)[offset] not in _NEVER:
            left -= 1
            if not left:
                raise KeyboardInterrupt

    with contextlib.suppress(KeyboardInterrupt):
        stop = _watch(step, modules)
        try:
            action()
        finally:
            stop()
    return left <= 0


def _watch(step: Callable[[CodeType, int], None], modules: tuple[str, ...]) -> Callable[[], None]:
    """Call `step` before each instruction of the files, until the function that is returned is called."""

    def is_watched(code: CodeType) -> bool:
        return any(module in code.co_filename for module in modules)

    def trace(frame, event, _):
        if event == "call":
            if not is_watched(frame.f_code):
                return None
            frame.f_trace_opcodes = True
        elif event == "opcode":
            step(frame.f_code, frame.f_lasti)
        return trace

    def instruction(code, offset):
        if not is_watched(code):
            return sys.monitoring.DISABLE
        return step(code, offset)

    if not hasattr(sys, "monitoring"):
        before = sys.gettrace()
        sys.settrace(trace)
        return lambda: sys.settrace(before)
    # From Python 3.12 on a trace function misses instructions.
    monitoring, event = sys.monitoring, sys.monitoring.events.INSTRUCTION
    monitoring.use_tool_id(monitoring.DEBUGGER_ID, "interrupts")
    monitoring.register_callback(monitoring.DEBUGGER_ID, event, instruction)
    monitoring.restart_events()
    monitoring.set_events(monitoring.DEBUGGER_ID, event)

    def stop():
        monitoring.set_events(monitoring.DEBUGGER_ID, 0)
        monitoring.free_tool_id(monitoring.DEBUGGER_ID)

    return stop


@functools.cache
def _instructions(code: CodeType) -> bytes:
    return code.co_code


def open_files() -> int:
    """The number of descriptors of this process."""
    return len(os.listdir("/dev/fd"))


def maps_of(name: str) -> int:
    """The number of maps of this process whose file has `name` in its path."""
    return Path("/proc/self/maps").read_text().count(name)
