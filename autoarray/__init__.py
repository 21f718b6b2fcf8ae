"""Pixelized reconstructions of lensed galaxies, on NumPy and on JAX."""

__version__ = "0.1.0"
