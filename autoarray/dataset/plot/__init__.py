# pyright: strict
"""Figures of datasets."""
