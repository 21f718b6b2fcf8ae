"""The curvature matrix F = B^T C^-1 B: how it is chosen, and how it is formed."""
