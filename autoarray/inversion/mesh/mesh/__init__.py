"""The meshes on which a source is reconstructed."""

from autoarray.inversion.mesh.mesh.abstract import AbstractMesh as Mesh
from autoarray.inversion.mesh.mesh.delaunay import Delaunay
from autoarray.inversion.mesh.mesh.rectangular_bilinear_adapt_density import RectangularBilinearAdaptDensity
from autoarray.inversion.mesh.mesh.rectangular_uniform import RectangularUniform

__all__ = ["Delaunay", "Mesh", "RectangularBilinearAdaptDensity", "RectangularUniform"]
