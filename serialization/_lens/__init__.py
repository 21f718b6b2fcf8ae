"""What `autofit`, `autogalaxy` and `autolens` define, by name: none of them is imported before an object of it is met.

The entry points of this distribution name the tables of `autofit`, `autogalaxy` and `autolens` below. Their fields are
the states that the classes of release 2026.10.26.1 have; `tests/autolens` compares the two.
"""

# pyright: strict

from __future__ import annotations
