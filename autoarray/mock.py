"""The doubles of this package for tests of clients: `from autoarray.mock import *`, or `aa.m`."""

from importlib.util import find_spec as _find_spec

from autoarray.dataset.mock.mock_dataset import MockDataset
from autoarray.fit.mock.mock_fit_imaging import MockFitImaging
from autoarray.inversion.mock.mock_image_mesh import MockImageMesh
from autoarray.inversion.mock.mock_interpolator import MockInterpolator
from autoarray.inversion.mock.mock_inversion import MockInversion
from autoarray.inversion.mock.mock_inversion_imaging import MockInversionImaging
from autoarray.inversion.mock.mock_linear_obj import MockLinearObj
from autoarray.inversion.mock.mock_linear_obj_func_list import MockLinearObjFuncList
from autoarray.inversion.mock.mock_mapper import MockMapper
from autoarray.inversion.mock.mock_mesh import MockMesh
from autoarray.inversion.mock.mock_pixelization import MockPixelization
from autoarray.inversion.mock.mock_regularization import MockRegularization
from autoarray.mask.mock.mock_mask import MockMask
from autoarray.operators.mock.mock_psf import MockPSF
from autoarray.structures.mock.mock_decorators import (
    MockGrid1DLikeObj,
    MockGrid2DLikeObj,
    MockTransformProfile,
)
from autoarray.structures.mock.mock_grid import MockGrid2DMesh, MockMeshGrid

__all__ = [
    "MockDataset",
    "MockFitImaging",
    "MockGrid1DLikeObj",
    "MockGrid2DLikeObj",
    "MockGrid2DMesh",
    "MockImageMesh",
    "MockInterpolator",
    "MockInversion",
    "MockInversionImaging",
    "MockLinearObj",
    "MockLinearObjFuncList",
    "MockMapper",
    "MockMask",
    "MockMesh",
    "MockMeshGrid",
    "MockPSF",
    "MockPixelization",
    "MockRegularization",
    "MockTransformProfile",
]

# The doubles of interferometry, where this package has it.
if _find_spec("autoarray.fit.fit_interferometer") is not None:
    from autoarray.fit.mock.mock_fit_interferometer import MockFitInterferometer
    from autoarray.inversion.mock.mock_inversion_interferometer import MockInversionInterferometer

    __all__ += ["MockFitInterferometer", "MockInversionInterferometer"]
