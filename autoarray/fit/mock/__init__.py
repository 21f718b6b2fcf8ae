"""Doubles of fits for tests."""
