"""The geometry of a mesh: areas, edges, neighbors."""
