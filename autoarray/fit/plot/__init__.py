# pyright: strict
"""Figures of fits."""
