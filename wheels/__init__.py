"""Builds the wheels of the project: `python -m wheels`."""
