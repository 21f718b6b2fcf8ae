# pyright: strict
"""What every figure is drawn with: figures, colour scales, extents, overlays and files."""
