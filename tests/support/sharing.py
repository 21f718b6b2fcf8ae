"""What other processes do with shared payloads."""

from __future__ import annotations

import os
import sys


def receive(inbox, outbox) -> None:
    """Load what arrives and acknowledge it; asked again, tell what it holds, and whether that can be written to."""
    import serialization

    held = None
    while (message := inbox.get(timeout=120)) is not None:
        if message == "again":
            outbox.put((float(held.log_evidence), serialization.dumps(held), writeable(held)))
            continue
        try:
            held = message.load()
        except serialization.SerializationError as error:
            outbox.put(error)
        else:
            outbox.put(os.getpid())


def writeable(fit) -> list[bool]:
    """Whether each array of a fit can be written to."""
    import numpy as np
    from graph import walk

    return [value.flags.writeable for _, value in walk(fit) if isinstance(value, np.ndarray)]


def own(pipe, in_memory: bool) -> None:
    """Share a fit, hand the handle over, and hold it until something ends this process."""
    import problems

    import serialization
    from serialization._transport import segments

    if not in_memory:
        segments._in_memory = lambda: False
    fit = problems.evaluated_fit_from()
    with serialization.share(fit) as shared:
        pipe.send((shared, serialization.dumps(fit)))
        pipe.recv()
        pipe.send("closing")


def forked() -> None:
    """A script: a forked child that ends, in either way, leaves its parent's shared memory alone."""
    import problems

    import serialization
    from serialization._transport import segments

    fit = problems.evaluated_fit_from()
    expected = serialization.dumps(fit)
    for in_memory in (True, False):
        segments._in_memory = lambda found=in_memory: found
        with serialization.share(fit) as shared:
            child = os.fork()
            if not child:
                shared.close()
                sys.exit(0)
            assert os.waitpid(child, 0)[1] == 0
            assert serialization.dumps(shared.load()) == expected
        try:
            shared.load()
        except serialization.NotSharedError:
            print("gone")


if __name__ == "__main__":
    forked()
