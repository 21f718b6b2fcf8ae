"""One fit in shared memory for several readers, processes that map its arrays without a copy.

python examples/share_with_readers.py
"""

from multiprocessing import get_context

import simulated

import serialization


def reader(number, inbox, outbox):
    """Load a fit, and keep it after its owner has closed it."""
    fit = inbox.get().load()
    outbox.put((number, "loaded"))
    inbox.get()
    brightest = fit.inversion.reconstruction.max()
    outbox.put((number, float(brightest), fit.inversion.reconstruction.flags.writeable))


def main():
    fit = simulated.fit_from(simulated.dataset())
    print("log evidence:", fit.log_evidence)
    context = get_context("spawn")
    outbox = context.Queue()
    inboxes = [context.Queue() for _ in range(3)]
    readers = [context.Process(target=reader, args=(n, inbox, outbox)) for n, inbox in enumerate(inboxes)]
    for process in readers:
        process.start()

    with serialization.share(fit) as shared:
        print(shared)
        for inbox in inboxes:
            inbox.put(shared)
        for _ in inboxes:
            number, what = outbox.get()
            print(f"reader {number}: {what}")
    # New processes can no longer reach the memory; the readers keep it.
    for inbox in inboxes:
        inbox.put("go on")
    here = float(fit.inversion.reconstruction.max())
    for _ in inboxes:
        number, brightest, writeable = outbox.get()
        print(f"reader {number}: brightest source pixel differs by {brightest - here}; writeable: {writeable}")
    for process in readers:
        process.join()


if __name__ == "__main__":
    main()
