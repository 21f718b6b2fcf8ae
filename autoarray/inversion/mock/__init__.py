"""Doubles of inversions, and of what they are made of, for tests."""
