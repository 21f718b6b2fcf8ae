"""A mask that knows the indexes of its pixels and nothing else."""

from __future__ import annotations

from typing import Any


class MockDeriveIndexes2D:
    """The indexes of a mask.

    Parameters
    ----------
    native_for_slim
        What stands for the (y, x) indexes of the unmasked pixels.
    """

    def __init__(self, native_for_slim: Any = None) -> None:
        self.native_for_slim = native_for_slim


class MockMask:
    """A mask whose `derive_indexes` is a `MockDeriveIndexes2D`.

    Parameters
    ----------
    native_for_slim
        What stands for the (y, x) indexes of the unmasked pixels.
    """

    def __init__(self, native_for_slim: Any = None) -> None:
        self.derive_indexes = MockDeriveIndexes2D(native_for_slim=native_for_slim)
