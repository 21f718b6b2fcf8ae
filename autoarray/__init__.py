"""Pixelized reconstructions of lensed galaxies, on NumPy and on JAX.

The names here are those of PyAutoArray 2026.10.26.1 for everything that is covered:

    import autoarray as aa

    dataset = aa.Imaging.from_fits(...)
"""

from importlib import import_module as _import_module
from typing import Any as _Any

from autoarray import _configuration, exc, numba_util, type, util, validate
from autoarray.dataset import preprocess
from autoarray.dataset.abstract.dataset import AbstractDataset
from autoarray.dataset.dataset_model import DatasetModel
from autoarray.dataset.grids import GridsInterface
from autoarray.dataset.imaging.dataset import Imaging
from autoarray.dataset.imaging.simulator import SimulatorImaging
from autoarray.dataset.interferometer.dataset import Interferometer
from autoarray.dataset.interferometer.primary_beam import primary_beam_gaussian_from
from autoarray.dataset.interferometer.simulator import SimulatorInterferometer
from autoarray.fit.fit_dataset import AbstractFit, FitDataset
from autoarray.fit.fit_imaging import FitImaging
from autoarray.fit.fit_interferometer import FitInterferometer
from autoarray.geometry.geometry_2d import Geometry2D
from autoarray.inversion import regularization as reg
from autoarray.inversion.inversion.abstract import AbstractInversion
from autoarray.inversion.inversion.dataset_interface import DatasetInterface
from autoarray.inversion.inversion.factory import inversion_from as Inversion
from autoarray.inversion.inversion.imaging.inversion_imaging_util import ImagingSparseOperator
from autoarray.inversion.inversion.imaging.mapping import InversionImagingMapping
from autoarray.inversion.inversion.imaging.sparse import InversionImagingSparse
from autoarray.inversion.inversion.interferometer.inversion_interferometer_util import (
    InterferometerSparseOperator,
    SparseTerms,
)
from autoarray.inversion.inversion.interferometer.mapping import InversionInterferometerMapping
from autoarray.inversion.inversion.interferometer.matrix_free import InversionInterferometerMatrixFree
from autoarray.inversion.inversion.interferometer.sparse import InversionInterferometerSparse
from autoarray.inversion.linear_obj.func_list import AbstractLinearObjFuncList
from autoarray.inversion.linear_obj.linear_obj import LinearObj
from autoarray.inversion.mappers.abstract import Mapper
from autoarray.inversion.mappings.mapping import ImageRegion, Mapping
from autoarray.inversion.mesh import image_mesh, mesh
from autoarray.inversion.mesh.border_relocator import BorderRelocator
from autoarray.inversion.mesh.image_mesh.abstract import AbstractImageMesh
from autoarray.inversion.mesh.interpolator.delaunay import InterpolatorDelaunay
from autoarray.inversion.mesh.interpolator.rectangular import InterpolatorRectangular
from autoarray.inversion.mesh.interpolator.sibson import InterpolatorDelaunayNN
from autoarray.inversion.mesh.mesh.abstract import AbstractMesh
from autoarray.inversion.mesh.mesh_geometry.delaunay import MeshGeometryDelaunay
from autoarray.inversion.mesh.mesh_geometry.rectangular import MeshGeometryRectangular
from autoarray.inversion.pixelization import Pixelization
from autoarray.inversion.regularization.abstract import AbstractRegularization
from autoarray.layout.layout import Layout1D, Layout2D
from autoarray.layout.region import Region1D, Region2D
from autoarray.mask.derive.grid_1d import DeriveGrid1D
from autoarray.mask.derive.grid_2d import DeriveGrid2D
from autoarray.mask.derive.indexes_2d import DeriveIndexes2D
from autoarray.mask.derive.mask_1d import DeriveMask1D
from autoarray.mask.derive.mask_2d import DeriveMask2D
from autoarray.mask.derive.zoom_2d import Zoom2D
from autoarray.mask.mask_1d import Mask1D
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.contour import Grid2DContour
from autoarray.operators.convolver import Convolver
from autoarray.operators.interp_2d import interp_2d
from autoarray.operators.over_sampling.decorator import over_sample
from autoarray.operators.over_sampling.over_sampler import OverSampler
from autoarray.operators.transformer import TransformerDFT, TransformerNUFFT
from autoarray.preloads.abstract import AbstractPreloads
from autoarray.preloads.imaging import PreloadsImaging
from autoarray.preloads.interferometer import PreloadsInterferometer
from autoarray.settings import Settings
from autoarray.structures import decorators
from autoarray.structures import decorators as grid_dec
from autoarray.structures.arrays.irregular import ArrayIrregular
from autoarray.structures.arrays.rgb import Array2DRGB
from autoarray.structures.arrays.uniform_1d import Array1D
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_1d import Grid1D
from autoarray.structures.grids.uniform_2d import Grid2D
from autoarray.structures.header import Header
from autoarray.structures.triangles.abstract import AbstractTriangles
from autoarray.structures.triangles.shape import Circle, Polygon, Square, Triangle
from autoarray.structures.vectors.irregular import VectorYX2DIrregular
from autoarray.structures.vectors.uniform import VectorYX2D
from autoarray.structures.visibilities import Visibilities, VisibilitiesNoiseMap

__version__ = "0.3.0"


# Modules that cost nothing where they are not used: figures, and the doubles and fixtures of tests.
_LATER = {
    "fitsable": "autoarray.fitsable",
    "fixtures": "autoarray.fixtures",
    "m": "autoarray.mock",
    "mock": "autoarray.mock",
    "plot": "autoarray.plot",
}


def __getattr__(name: str) -> _Any:
    if name in _LATER:
        return _import_module(_LATER[name])
    # Those of the configuration package, which is imported for who asks.
    if name in _configuration.RE_EXPORTED:
        return _configuration.re_exported(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


# Where the configuration package is in use, as it is in `import autolens`, it knows the defaults of this one.
_configuration.register()
