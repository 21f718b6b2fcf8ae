"""Pickles of every release of PyAutoArray: their types, their physics, and `load_pickle`, which builds them."""

from serialization._legacy.load import load_pickle

__all__ = ["load_pickle"]
