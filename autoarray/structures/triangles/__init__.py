"""Triangles that tile a plane, and the shapes whose multiple images are looked for in them."""
