"""Figures of datasets."""
