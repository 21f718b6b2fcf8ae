"""The transforms of the adaptive rectangular meshes: rank, kernel and spline CDFs."""
