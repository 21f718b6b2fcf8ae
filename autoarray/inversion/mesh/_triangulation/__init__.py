"""Delaunay triangulations: making them, finding points in them, natural neighbors."""
