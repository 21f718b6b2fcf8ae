"""Inversions of interferometer data."""
