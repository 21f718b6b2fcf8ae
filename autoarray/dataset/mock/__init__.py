"""Doubles of datasets for tests."""
