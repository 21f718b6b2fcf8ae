"""The environment variable PYAUTO_SMALL_DATASETS, by which scripts are tried out on small simulated datasets.

With the value "1" the grids, masks and meshes that a script makes are cut to a few pixels, so that it runs in seconds.
PyAutoLens sets it for tests of its scripts. Nothing here has an effect without it.
"""

from __future__ import annotations

import os

VARIABLE = "PYAUTO_SMALL_DATASETS"
SHAPE_NATIVE = (16, 16)
PIXEL_SCALES = 0.6
CATALOGUE = 25
# What FITS headers say of a file: whether the variable was set when it was written, and the shape that it was cut to.
HEADER_KEY = "SMALLDAT"
SHAPE_HEADER_KEY = "SMALLSHP"


def is_on() -> bool:
    """Whether datasets are to be small."""
    return os.environ.get(VARIABLE) == "1"


def is_too_large(shape_native: tuple[int, int]) -> bool:
    """Whether a shape (y, x) in pixels is cut, because datasets are to be small and one of its axes is longer."""
    return is_on() and (shape_native[0] > SHAPE_NATIVE[0] or shape_native[1] > SHAPE_NATIVE[1])


def capped(shape: tuple[int, int], respect: bool) -> tuple[int, int]:
    """A shape (y, x) in pixels; at most (16, 16) if datasets are to be small and whoever asks respects that."""
    if not (respect and is_on()):
        return shape
    return min(shape[0], SHAPE_NATIVE[0]), min(shape[1], SHAPE_NATIVE[1])


def header_cards() -> dict[str, tuple[bool | str, str]]:
    """What the header of a FITS file says, as (value, comment) by its keyword."""
    cards: dict[str, tuple[bool | str, str]] = {HEADER_KEY: (is_on(), f"{VARIABLE}=1 when this was written")}
    if is_on():
        cards[SHAPE_HEADER_KEY] = (f"{SHAPE_NATIVE[0]}x{SHAPE_NATIVE[1]}", "the shape that images were cut to")
    return cards
