"""Image meshes: the vertices of a mesh, chosen in the image plane."""

from autoarray.inversion.mesh.image_mesh.abstract import AbstractImageMesh, append_with_circle_edge_points
from autoarray.inversion.mesh.image_mesh.abstract_weighted import AbstractImageMeshWeighted
from autoarray.inversion.mesh.image_mesh.hilbert import Hilbert
from autoarray.inversion.mesh.image_mesh.kmeans import KMeans
from autoarray.inversion.mesh.image_mesh.overlay import Overlay

__all__ = [
    "AbstractImageMesh",
    "AbstractImageMeshWeighted",
    "Hilbert",
    "KMeans",
    "Overlay",
    "append_with_circle_edge_points",
]
