"""Triangles that tile a plane, and the shapes that are looked for in them: the multiple images of a point or a source."""
