"""This project in place of PyAutoArray in an environment with PyAutoLens, and back: the standard library alone.

In such an environment `autoarray` belongs to the distribution `autoarray`, whoever wrote it. So a drop-in is a
distribution of this name, whose version says what it is: 2026.10.26.1+portable.0.3.0. It satisfies what autolens
requires, and pip, which knows one owner of a name, takes it away before it installs a PyAutoArray: the two never mix.
"""
