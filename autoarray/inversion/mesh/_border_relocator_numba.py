"""The kernel of `border_relocator.py`."""

from __future__ import annotations

import numpy as np

from autoarray._numerics.compiled import compile_kernel


def _relocated(grid, origin_y, origin_x, a, b, cos, sin):
    """The coordinates with those outside an ellipse moved onto it; see `relocated_grid_via_ellipse_border_from`."""
    relocated = np.empty_like(grid)
    for i in range(grid.shape[0]):
        y, x = grid[i, 0] - origin_y, grid[i, 1] - origin_x
        along, across = (x * cos + y * sin) / a, (y * cos - x * sin) / b
        squared = along * along + across * across
        if squared > 1.0:
            scale = 1.0 / np.sqrt(squared)
            relocated[i, 0], relocated[i, 1] = origin_y + y * scale, origin_x + x * scale
        else:
            relocated[i, 0], relocated[i, 1] = grid[i, 0], grid[i, 1]
    return relocated


relocated = compile_kernel(_relocated, fused=False)
