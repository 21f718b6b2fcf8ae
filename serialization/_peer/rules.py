"""How the state of each class of PyAutoArray differs from that of the type in payloads.

The type has the state that this project stores, in its newest schema version. A rule says what an attribute of
PyAutoArray's object is called there, and what each side has that the other has not. To add a class: add its rule under
the name of its type, with every attribute that its objects have after they were made. Attributes that a class computes
once, by a cached property, need no rule.
"""

# pyright: strict

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

State = dict[str, Any]
Make = Callable[[State], Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """The differences of one class.

    Parameters
    ----------
    names
        The attributes of PyAutoArray by the names of the fields, where these differ.
    ours
        Fields that PyAutoArray's objects lack, with the values that stand for what its objects do. What has another
        value can't become an object of PyAutoArray.
    unused
        Fields that PyAutoArray's objects lack and that change nothing there, with the values that are written.
    late
        Fields that PyAutoArray's objects have once a caller has set them, with the values of those that have not.
    only
        The values that a field may have for PyAutoArray, where it has not all of them.
    made
        Attributes that are made from the state when an object of PyAutoArray is, and are not written.
    empty
        Attributes that no field stands for: None in each object that is written or made.
    results
        Names of results that PyAutoArray computes once, which travel.
    others
        Names of results that only this project's objects store. PyAutoArray computes them when they are asked for.
    """

    names: Mapping[str, str] = field(default_factory=dict[str, str])
    ours: Mapping[str, Any] = field(default_factory=dict[str, Any])
    unused: Mapping[str, Any] = field(default_factory=dict[str, Any])
    late: Mapping[str, Any] = field(default_factory=dict[str, Any])
    only: Mapping[str, tuple[Any, ...]] = field(default_factory=dict[str, "tuple[Any, ...]"])
    made: Mapping[str, Make] = field(default_factory=dict[str, Make])
    empty: frozenset[str] = frozenset()
    results: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()


def nothing(state: State) -> None:
    """What is None whatever the state is."""
    return None


def _slim_to_native(state: State) -> tuple[np.ndarray, np.ndarray]:
    """The rows and the columns of the unmasked pixels."""
    places = np.argwhere(~np.asarray(state["_array"])).astype(np.int32)
    return places[:, 0], places[:, 1]


def _pixels(state: State) -> int:
    return int(state["shape"][0]) * int(state["shape"][1])


def _one(state: State) -> float:
    return 1.0


def _knots(state: State) -> int:
    return 64


FLAG = {"_use_jax": "use_jax"}
_PLAIN = Rule()
_FLAGGED = Rule(FLAG)
_SHAPED = Rule(made={"pixels": _pixels})
# The rank meshes have the arguments of a kernel too, which they don't use.
_RANK = Rule(made={"pixels": _pixels, "bandwidth": _one, "n_knots": _knots})
_CONVENTIONS = {"edge_convention": "nodes", "area_convention": "nodes"}
_SPLINE = {"spline_deg": 11, "spline_fit": "residuals"}
_TRANSFORMS = {"transform": ("kernel", "rank")}
_GEOMETRY = frozenset({"mesh_geometry"})
_INTERPOLATOR = Rule(FLAG, others=_GEOMETRY)
_INVERSION = Rule(
    {**FLAG, "preloads": "_preloads"},
    late={"linear_obj_galaxy_dict": None},
    made={"_nnls_factor": nothing, "_nnls_factor_ids": nothing},
    results=frozenset({"reconstruction"}),
    others=frozenset(
        {
            *("regularization_term", "log_det_curvature_reg_matrix_term", "log_det_regularization_matrix_term"),
            "mapped_reconstructed_operated_data",
        }
    ),
)
FIT = Rule(
    FLAG,
    results=frozenset(
        {
            *("chi_squared", "noise_normalization", "log_likelihood", "reduced_chi_squared"),
            *("log_likelihood_with_regularization", "log_evidence", "model_data"),
        }
    ),
)
# This project's fits have a place for an inversion that was given, which those that make their own leave empty.
_FIT_OF_OTHERS = dataclasses.replace(FIT, unused={"_inversion": None})
_KERNELS = ("ExponentialKernel", "GaussianKernel", "MaternAdaptKernel", "MaternAdaptPowerKernel", "MaternKernel")
_REGULARIZATIONS = (
    *("Adapt", "AdaptPower", "AdaptSplit", "AdaptSplitPower", "AdaptSplitZeroth", "AdaptSplitZerothPower"),
    *("BrightnessZeroth", "Constant", "ConstantSplit", "ConstantZeroth", "CurvatureMask", "FourthOrderMask"),
    *("MaternSparse", "Zeroth", *_KERNELS),
)
_RECTANGULAR_GEOMETRY = Rule(
    ours=_CONVENTIONS, unused={"spline_deg": None, "spline_fit": "residuals"}, only=_TRANSFORMS
)

RULES: Mapping[str, Rule] = {
    "autoarray.Mask2D": Rule(FLAG, made={"slim_to_native_tuple": _slim_to_native}),
    "autoarray.Array2D": _FLAGGED,
    "autoarray.ArrayIrregular": _FLAGGED,
    "autoarray.Grid2D": Rule(FLAG, made={"_over_sampler": nothing}),
    "autoarray.Grid2DIrregular": _FLAGGED,
    "autoarray.Header": _PLAIN,
    "autoarray.Geometry2D": _PLAIN,
    "autoarray.Geometry2DIrregular": _PLAIN,
    "autoarray.OverSampler": _PLAIN,
    "autoarray.Imaging": _PLAIN,
    "autoarray.GridsDataset": Rule(
        made=dict.fromkeys(("_lp", "_pixelization", "_blurring", "_border_relocator"), nothing)
    ),
    "autoarray.GridsInterface": _PLAIN,
    "autoarray.DatasetModel": _PLAIN,
    # Each normalizes the PSF when it is made, and stores that one.
    "autoarray.SimulatorImaging": Rule(FLAG, unused={"normalize_psf": False}),
    "autoarray.Convolver": _PLAIN,
    "autoarray.ConvolverState": _PLAIN,
    "autoarray.Settings": _PLAIN,
    "autoarray.FitImaging": FIT,
    "autoarray.mesh.RectangularUniform": _SHAPED,
    "autoarray.mesh.RectangularBilinearAdaptDensity": _RANK,
    "autoarray.mesh.RectangularBilinearAdaptImage": _RANK,
    "autoarray.mesh.RectangularRTUAdaptDensity": _SHAPED,
    "autoarray.mesh.RectangularRTUAdaptImage": _SHAPED,
    "autoarray.mesh.Delaunay": _PLAIN,
    "autoarray.mesh.DelaunayNN": _PLAIN,
    "autoarray.mesh.KNearestNeighbor": _PLAIN,
    "autoarray.mesh.KNNBarycentric": _PLAIN,
    "autoarray.image_mesh.Overlay": _PLAIN,
    "autoarray.image_mesh.Hilbert": _PLAIN,
    "autoarray.image_mesh.KMeans": _PLAIN,
    "autoarray.BorderRelocator": _PLAIN,
    "autoarray.InterpolatorRectangular": Rule(
        FLAG, ours={"row_weights": "bilinear"}, unused=_SPLINE, only=_TRANSFORMS, others=_GEOMETRY
    ),
    "autoarray.InterpolatorRectangularUniform": _INTERPOLATOR,
    "autoarray.InterpolatorDelaunay": _INTERPOLATOR,
    "autoarray.InterpolatorDelaunayNN": _INTERPOLATOR,
    "autoarray.InterpolatorKNearestNeighbor": _INTERPOLATOR,
    "autoarray.InterpolatorKNNBarycentric": _INTERPOLATOR,
    "autoarray.MeshGeometryRectangular": _RECTANGULAR_GEOMETRY,
    "autoarray.MeshGeometryDelaunay": Rule({"_dual_areas": "dual_areas"}, ours={"area_convention": "dual"}),
    **{f"autoarray.reg.{name}": _PLAIN for name in _REGULARIZATIONS},
    "autoarray.Pixelization": _PLAIN,
    "autoarray.Mapper": _FLAGGED,
    "autoarray.DatasetInterface": Rule(empty=frozenset({"transformer", "sparse_dirty_image", "data_term"})),
    "autoarray.ImagingSparseOperator": _PLAIN,
    "autoarray.AbstractPreloads": _PLAIN,
    "autoarray.PreloadsImaging": _PLAIN,
    "autoarray.InversionImagingMapping": _INVERSION,
    "autoarray.InversionImagingSparse": _INVERSION,
}

# The rules of the classes of users and of other packages: that of the first of these classes which is a base.
BASES: Mapping[str, Rule] = {
    "serialization._peer.fit:FitImaging": FIT,
    "autoarray.fit.fit_dataset:FitDataset": _FIT_OF_OTHERS,
    "autoarray.inversion.inversion.abstract:AbstractInversion": _INVERSION,
    "autoarray.inversion.linear_obj.linear_obj:LinearObj": _FLAGGED,
    "autoarray.inversion.mesh.interpolator.abstract:AbstractInterpolator": _INTERPOLATOR,
    "autoarray.structures.grids.uniform_2d:Grid2D": Rule(FLAG, made={"_over_sampler": nothing}),
    "autoarray.abstract_ndarray:AbstractNDArray": _FLAGGED,
}
