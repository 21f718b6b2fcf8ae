"""The meshes on which a source is reconstructed."""

from autoarray.inversion.mesh.mesh.abstract import AbstractMesh as Mesh
from autoarray.inversion.mesh.mesh.delaunay import Delaunay
from autoarray.inversion.mesh.mesh.delaunay_nn import DelaunayNN
from autoarray.inversion.mesh.mesh.knn import KNearestNeighbor, KNNBarycentric
from autoarray.inversion.mesh.mesh.rectangular_bilinear_adapt_density import RectangularBilinearAdaptDensity
from autoarray.inversion.mesh.mesh.rectangular_bilinear_adapt_image import RectangularBilinearAdaptImage
from autoarray.inversion.mesh.mesh.rectangular_rotated_adapt_image import RectangularRotatedAdaptImage
from autoarray.inversion.mesh.mesh.rectangular_rtu_adapt_density import RectangularRTUAdaptDensity
from autoarray.inversion.mesh.mesh.rectangular_rtu_adapt_image import RectangularRTUAdaptImage
from autoarray.inversion.mesh.mesh.rectangular_spline_adapt_density import RectangularSplineAdaptDensity
from autoarray.inversion.mesh.mesh.rectangular_spline_adapt_image import RectangularSplineAdaptImage
from autoarray.inversion.mesh.mesh.rectangular_uniform import RectangularUniform

__all__ = [
    "Delaunay",
    "DelaunayNN",
    "KNNBarycentric",
    "KNearestNeighbor",
    "Mesh",
    "RectangularBilinearAdaptDensity",
    "RectangularBilinearAdaptImage",
    "RectangularRTUAdaptDensity",
    "RectangularRTUAdaptImage",
    "RectangularRotatedAdaptImage",
    "RectangularSplineAdaptDensity",
    "RectangularSplineAdaptImage",
    "RectangularUniform",
]
