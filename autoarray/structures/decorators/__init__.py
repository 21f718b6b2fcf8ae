"""Decorators of functions of a grid, such as the image or the deflections of a profile.

A profile computes plain arrays from coordinates. These decorators give it coordinates in its own reference frame, and
put what it returns in the structure that belongs to the grid.
"""

from autoarray.structures.decorators.to_array import to_array
from autoarray.structures.decorators.to_grid import to_grid
from autoarray.structures.decorators.to_vector_yx import to_vector_yx
from autoarray.structures.decorators.transform import transform

__all__ = ["to_array", "to_grid", "to_vector_yx", "transform"]
