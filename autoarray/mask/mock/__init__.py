"""Doubles of masks for tests."""
