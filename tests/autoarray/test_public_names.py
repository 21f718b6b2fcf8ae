"""The public names of `autoarray`, and what importing it costs."""

import subprocess
import sys
from pathlib import Path

import pytest

import autoarray as aa

NAMES = {
    "AbstractFit": "autoarray.fit.fit_dataset",
    "AbstractInversion": "autoarray.inversion.inversion.abstract",
    "AbstractMesh": "autoarray.inversion.mesh.mesh.abstract",
    "AbstractPreloads": "autoarray.preloads.abstract",
    "AbstractRegularization": "autoarray.inversion.regularization.abstract",
    "Array2D": "autoarray.structures.arrays.uniform_2d",
    "ArrayIrregular": "autoarray.structures.arrays.irregular",
    "BorderRelocator": "autoarray.inversion.mesh.border_relocator",
    "Convolver": "autoarray.operators.convolver",
    "DatasetInterface": "autoarray.inversion.inversion.dataset_interface",
    "DatasetModel": "autoarray.dataset.dataset_model",
    "DeriveGrid2D": "autoarray.mask.derive.grid_2d",
    "DeriveIndexes2D": "autoarray.mask.derive.indexes_2d",
    "DeriveMask2D": "autoarray.mask.derive.mask_2d",
    "FitDataset": "autoarray.fit.fit_dataset",
    "FitImaging": "autoarray.fit.fit_imaging",
    "Geometry2D": "autoarray.geometry.geometry_2d",
    "Grid2D": "autoarray.structures.grids.uniform_2d",
    "Grid2DIrregular": "autoarray.structures.grids.irregular_2d",
    "GridsInterface": "autoarray.dataset.grids",
    "Header": "autoarray.structures.header",
    "Imaging": "autoarray.dataset.imaging.dataset",
    "ImagingSparseOperator": "autoarray.inversion.inversion.imaging.inversion_imaging_util",
    "Inversion": "autoarray.inversion.inversion.factory",
    "InversionImagingMapping": "autoarray.inversion.inversion.imaging.mapping",
    "InterpolatorDelaunay": "autoarray.inversion.mesh.interpolator.delaunay",
    "InterpolatorDelaunayNN": "autoarray.inversion.mesh.interpolator.sibson",
    "InterpolatorRectangular": "autoarray.inversion.mesh.interpolator.rectangular",
    "InversionImagingSparse": "autoarray.inversion.inversion.imaging.sparse",
    "LinearObj": "autoarray.inversion.linear_obj.linear_obj",
    "Mapper": "autoarray.inversion.mappers.abstract",
    "AbstractLinearObjFuncList": "autoarray.inversion.linear_obj.func_list",
    "ImageRegion": "autoarray.inversion.mappings.mapping",
    "Mapping": "autoarray.inversion.mappings.mapping",
    "Mask2D": "autoarray.mask.mask_2d",
    "MeshGeometryDelaunay": "autoarray.inversion.mesh.mesh_geometry.delaunay",
    "MeshGeometryRectangular": "autoarray.inversion.mesh.mesh_geometry.rectangular",
    "OverSampler": "autoarray.operators.over_sampling.over_sampler",
    "Pixelization": "autoarray.inversion.pixelization",
    "PreloadsImaging": "autoarray.preloads.imaging",
    "Settings": "autoarray.settings",
    "SimulatorImaging": "autoarray.dataset.imaging.simulator",
    "VectorYX2D": "autoarray.structures.vectors.uniform",
    "VectorYX2DIrregular": "autoarray.structures.vectors.irregular",
    "Zoom2D": "autoarray.mask.derive.zoom_2d",
}
MODULES = {
    "decorators": "autoarray.structures.decorators",
    "exc": "autoarray.exc",
    "image_mesh": "autoarray.inversion.mesh.image_mesh",
    "mesh": "autoarray.inversion.mesh.mesh",
    "numba_util": "autoarray.numba_util",
    "plot": "autoarray.plot",
    "preprocess": "autoarray.dataset.preprocess",
    "reg": "autoarray.inversion.regularization",
    "type": "autoarray.type",
    "util": "autoarray.util",
    "validate": "autoarray.validate",
}
UTIL = (
    "array_2d",
    "dataset",
    "fit",
    "geometry",
    "grid_2d",
    "inversion",
    "mapper",
    "mask_2d",
    "misc",
    "over_sample",
    "regularization",
)


@pytest.mark.parametrize("name", NAMES)
def test_each_class_is_where_users_of_its_module_path_expect_it(name):
    assert getattr(aa, name).__module__ == NAMES[name]


@pytest.mark.parametrize("name", MODULES)
def test_each_module_has_its_short_name(name):
    assert getattr(aa, name).__name__ == MODULES[name]


@pytest.mark.parametrize("name", UTIL)
def test_each_utility_module_has_its_short_name(name):
    assert getattr(aa.util, name).__name__.endswith(f".{name}_util")


def test_the_meshes_and_regularizations_are_in_their_modules():
    assert aa.mesh.Delaunay.__module__ == "autoarray.inversion.mesh.mesh.delaunay"
    assert aa.mesh.DelaunayNN.__module__ == "autoarray.inversion.mesh.mesh.delaunay_nn"
    for nearest in (aa.mesh.KNearestNeighbor, aa.mesh.KNNBarycentric):
        assert nearest.__module__ == "autoarray.inversion.mesh.mesh.knn"
    assert aa.mesh.RectangularUniform.__module__ == "autoarray.inversion.mesh.mesh.rectangular_uniform"
    assert (
        aa.mesh.RectangularBilinearAdaptDensity.__module__
        == "autoarray.inversion.mesh.mesh.rectangular_bilinear_adapt_density"
    )
    for name, module in {
        "RectangularBilinearAdaptImage": "rectangular_bilinear_adapt_image",
        "RectangularRTUAdaptDensity": "rectangular_rtu_adapt_density",
        "RectangularRTUAdaptImage": "rectangular_rtu_adapt_image",
        "RectangularSplineAdaptDensity": "rectangular_spline_adapt_density",
        "RectangularSplineAdaptImage": "rectangular_spline_adapt_image",
        "RectangularRotatedAdaptImage": "rectangular_rotated_adapt_image",
    }.items():
        assert getattr(aa.mesh, name).__module__ == f"autoarray.inversion.mesh.mesh.{module}"
    assert aa.reg.Constant.__module__ == "autoarray.inversion.regularization.constant"


def test_over_sample_is_the_decorator():
    assert callable(aa.over_sample)
    assert aa.over_sample.__module__ == "autoarray.operators.over_sampling.decorator"


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'autoarray' has no attribute 'Delaunay3D'"):
        _ = aa.Delaunay3D


def in_a_fresh_interpreter(code: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        cwd=Path(__file__).parents[2],
    )
    return result.stdout.strip()


@pytest.mark.parametrize("package", ["autoarray", "serialization", "autoarray.plot", "serialization.__main__"])
def test_importing_a_package_imports_no_optional_dependency(package):
    optional = {"astropy", "cloudpickle", "dask", "jax", "jaxlib", "matplotlib", "rich"}
    code = f"import {package}, sys; print(sorted({optional} & set(sys.modules)))"

    assert in_a_fresh_interpreter(code) == "[]"
