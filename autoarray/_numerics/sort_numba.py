"""Short runs of pairs in order, compiled."""

from __future__ import annotations

from autoarray._numerics.compiled import compile_kernel


@compile_kernel
def sort_run(keys, values, start, end):
    """Put the keys from `start` to `end` in rising order, and their values with them; for a handful of them."""
    for i in range(start + 1, end):
        key, value, j = keys[i], values[i], i
        while j > start and keys[j - 1] > key:
            keys[j], values[j] = keys[j - 1], values[j - 1]
            j -= 1
        keys[j], values[j] = key, value
