"""Doubles of operators for tests."""
