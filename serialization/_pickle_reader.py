"""Old pickles as inert graphs: nothing that a file names is imported or called."""

from __future__ import annotations


def read_pickle(data: bytes) -> object:
    """The graph of one pickle, by pickle, cloudpickle or dill, of protocol 0 to 5.

    See `_pickle_nodes` for what it consists of.

    Raises
    ------
    UnsafePickleError
        If the pickle calls a function, or a class, that this reader does not know.
    UnsupportedValueError
        If it holds what this reader does not take, such as an array of Python objects.
    CorruptError, TruncatedError, LimitError, NewerVersionError
        If it is no whole pickle, or a larger or deeper one than this reader takes.
    """
    raise NotImplementedError
