"""Doubles of structures and profiles for tests."""
