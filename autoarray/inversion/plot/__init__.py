"""Figures of mappers and inversions."""
