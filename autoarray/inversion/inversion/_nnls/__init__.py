"""Least squares with positive solutions, by block principal pivoting."""
