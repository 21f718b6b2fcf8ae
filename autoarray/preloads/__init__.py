"""Quantities that are computed once and given to many fits."""
