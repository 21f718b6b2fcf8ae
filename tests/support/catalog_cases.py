"""A real object of every registered type of `autoarray`, by its name in payloads."""

from __future__ import annotations

import functools

import interferometer_problem
import numpy as np
import problems
import vertex_problems

import autoarray as aa
from autoarray.structures.triangles import shape
from autoarray.structures.triangles.array_np import ArrayTrianglesNp
from autoarray.structures.triangles.coordinate_array import CoordinateArrayTriangles
from autoarray.structures.triangles.coordinate_array_np import CoordinateArrayTrianglesNp


@functools.cache
def fit(mesh="adapt_density", backend="numpy"):
    return problems.evaluated_fit_from(backend, mesh)


def interpolator(mesh):
    return fit(mesh).inversion.linear_obj_list[0].interpolator


def header():
    return aa.Header(header_sci_obj={"EXPTIME": 1200.5, "FILTER": "F814W", "SUBARRAY": True}, readout_offsets=(1, 2))


def array_2d():
    return aa.Array2D.no_mask(values=np.arange(6.0).reshape(2, 3), pixel_scales=0.1, header=header())


def mask_1d():
    return aa.Mask1D([True, False, False], pixel_scales=0.5, origin=(1.0,))


def mask_2x2():
    return aa.Mask2D([[False, True], [False, False]], pixel_scales=0.1)


def convolver_state():
    dataset = fit().dataset
    return dataset.psf.state_from(mask=dataset.mask)


def tiling():
    """A tiling in arrays of fixed shapes, as the one that a solver begins with under JAX."""
    return CoordinateArrayTriangles.for_limits_and_scale(-1.0, 1.0, -1.0, 1.0, 0.5, static_vertices=True, xp=np)


@functools.cache
def visibilities(sparse=False, route=None, **arguments):
    """The evaluated fit of an interferometer."""
    dataset = interferometer_problem.dataset_of(count=40, **arguments)
    dataset = dataset.apply_sparse_operator() if sparse else dataset
    inversion = aa.Inversion(
        dataset=dataset,
        linear_obj_list=[interferometer_problem.mapper_of(dataset)],
        settings=aa.Settings(interferometer_route=route),
    )
    evaluated = aa.FitInterferometer(dataset=dataset, inversion=inversion)
    evaluated.log_evidence  # noqa: B018
    return evaluated


def stream():
    """A dataset of the sums over visibilities, which were never in memory together."""
    of = visibilities().dataset
    return aa.Interferometer.from_stream([(of.uv_wavelengths, of.data.array, of.noise_map.array)], of.real_space_mask)


def contour():
    grid = aa.Grid2D.uniform(shape_native=(5, 6), pixel_scales=0.5)
    values = (grid.native.array**2).sum(axis=-1) - 0.5
    return aa.Grid2DContour(grid=grid, pixel_scales=0.5, shape_native=(5, 6), contour_array=values)


CASES = {
    "autoarray.Mask2D": lambda: fit().dataset.mask,
    "autoarray.Array2D": array_2d,
    "autoarray.Array2DRGB": lambda: aa.Array2DRGB(np.linspace(0.0, 1.0, 12).reshape(2, 2, 3), mask_2x2()),
    "autoarray.Mask1D": mask_1d,
    "autoarray.Array1D": lambda: aa.Array1D(values=[1.0, 2.0], mask=mask_1d(), header=header()),
    "autoarray.Grid1D": lambda: aa.Grid1D.from_mask(mask_1d()),
    "autoarray.Geometry1D": lambda: mask_1d().geometry,
    "autoarray.Region1D": lambda: aa.Region1D((1, 3)),
    "autoarray.Region2D": lambda: aa.Region2D((0, 2, 1, 3)),
    "autoarray.Layout1D": lambda: aa.Layout1D((5,), prescan=(0, 1), overscan=(3, 5)),
    "autoarray.Layout2D": lambda: aa.Layout2D((5, 4), (0, 1), (4, 5, 0, 3), (0, 5, 0, 1), (0, 5, 3, 4)),
    "autoarray.ArrayIrregular": lambda: aa.ArrayIrregular(values=[1.0, 2.0]),
    "autoarray.Grid2D": lambda: fit().dataset.grids.pixelization,
    "autoarray.Grid2DIrregular": lambda: aa.Grid2DIrregular(values=[(1.0, 2.0), (3.0, 4.0)]),
    "autoarray.VectorYX2D": lambda: aa.VectorYX2D.no_mask(np.arange(12.0).reshape(2, 3, 2), pixel_scales=0.1),
    "autoarray.VectorYX2DIrregular": lambda: aa.VectorYX2DIrregular(
        [(1.0, 2.0), (0.0, 1.0)], grid=[(0.0, 0.0), (3.0, 4.0)]
    ),
    "autoarray.Header": header,
    "autoarray.Geometry2D": lambda: fit().dataset.mask.geometry,
    "autoarray.Geometry2DIrregular": lambda: aa.Grid2DIrregular(values=[(1.0, 2.0), (3.0, 4.0)]).geometry,
    "autoarray.OverSampler": lambda: fit().dataset.grids.pixelization.over_sampler,
    "autoarray.Convolver": lambda: fit().dataset.psf,
    "autoarray.ConvolverState": convolver_state,
    "autoarray.Imaging": lambda: fit().dataset,
    "autoarray.GridsDataset": lambda: fit().dataset.grids,
    "autoarray.GridsInterface": lambda: aa.GridsInterface(lp=fit().dataset.grids.lp),
    "autoarray.DatasetModel": lambda: aa.DatasetModel(background_sky_level=0.5, grid_offset=(0.1, 0.2)),
    "autoarray.SimulatorImaging": lambda: aa.SimulatorImaging(exposure_time=100.0, psf=fit().dataset.psf),
    "autoarray.BorderRelocator": lambda: fit().dataset.grids.border_relocator,
    "autoarray.Settings": lambda: aa.Settings(nnls_max_iter=50),
    "autoarray.mesh.RectangularUniform": lambda: aa.mesh.RectangularUniform(shape=(4, 5)),
    "autoarray.mesh.RectangularBilinearAdaptDensity": lambda: aa.mesh.RectangularBilinearAdaptDensity(shape=(4, 5)),
    "autoarray.mesh.RectangularBilinearAdaptImage": lambda: aa.mesh.RectangularBilinearAdaptImage((4, 5), 0.7, 0.1),
    "autoarray.mesh.RectangularRTUAdaptDensity": lambda: aa.mesh.RectangularRTUAdaptDensity((4, 5), 0.8, 20),
    "autoarray.mesh.RectangularRTUAdaptImage": lambda: aa.mesh.RectangularRTUAdaptImage((4, 5), 0.7, 0.1, 0.8, 20),
    "autoarray.mesh.RectangularSplineAdaptDensity": lambda: aa.mesh.RectangularSplineAdaptDensity((4, 5), 7),
    "autoarray.mesh.RectangularSplineAdaptImage": lambda: aa.mesh.RectangularSplineAdaptImage((4, 5), 0.7, 0.1, 7),
    "autoarray.mesh.RectangularRotatedAdaptImage": lambda: aa.mesh.RectangularRotatedAdaptImage((4, 5), 0.7, 0.1, 7),
    "autoarray.mesh.Delaunay": lambda: aa.mesh.Delaunay(pixels=20, zeroed_pixels=4, areas_factor=0.4),
    "autoarray.InterpolatorDelaunay": vertex_problems.interpolator_from,
    "autoarray.mesh.KNearestNeighbor": lambda: aa.mesh.KNearestNeighbor(20, 4, 7, 1.3, 0.4, 3),
    "autoarray.mesh.KNNBarycentric": lambda: aa.mesh.KNNBarycentric(20, 4, 7, 1.3, 0.4, 3),
    "autoarray.InterpolatorKNearestNeighbor": lambda: vertex_problems.interpolator_from(
        aa.mesh.KNearestNeighbor(18, 6)
    ),
    "autoarray.InterpolatorKNNBarycentric": lambda: vertex_problems.interpolator_from(aa.mesh.KNNBarycentric(18, 6)),
    "autoarray.DelaunayInterface": lambda: vertex_problems.interpolator_from().delaunay,
    "autoarray.mesh.DelaunayNN": lambda: aa.mesh.DelaunayNN(pixels=20, zeroed_pixels=4, areas_factor=0.4),
    "autoarray.InterpolatorDelaunayNN": lambda: vertex_problems.interpolator_from(aa.mesh.DelaunayNN(18, 6)),
    "autoarray.DelaunayNNInterface": lambda: vertex_problems.interpolator_from(aa.mesh.DelaunayNN(18, 6)).delaunay,
    "autoarray.MeshGeometryDelaunay": lambda: vertex_problems.interpolator_from().mesh_geometry,
    "autoarray.InterpolatorRectangular": lambda: interpolator("adapt_density"),
    "autoarray.InterpolatorRectangularRotatedSpline": lambda: interpolator("rotated"),
    "autoarray.InterpolatorRectangularUniform": lambda: interpolator("uniform"),
    "autoarray.MeshGeometryRectangular": lambda: interpolator("uniform").mesh_geometry,
    "autoarray.MeshGeometryRectangularRotated": lambda: interpolator("rotated").mesh_geometry,
    "autoarray.Neighbors": lambda: interpolator("uniform").mesh_geometry.neighbors,
    "autoarray.image_mesh.Overlay": lambda: aa.image_mesh.Overlay(shape=(4, 5)),
    "autoarray.image_mesh.Hilbert": lambda: aa.image_mesh.Hilbert(pixels=20.5, weight_floor=0.1, weight_power=0.7),
    "autoarray.image_mesh.KMeans": lambda: aa.image_mesh.KMeans(pixels=20, weight_floor=0.1, weight_power=0.7),
    "autoarray.UniqueMappings": lambda: fit().inversion.linear_obj_list[0].unique_mappings,
    "autoarray.ImageRegion": lambda: fit().inversion.linear_obj_list[0].mappings_from([20, 27])[0].image_regions[0],
    "autoarray.Mapping": lambda: fit().inversion.linear_obj_list[0].mappings_from([20, 27])[0],
    "autoarray.Mapper": lambda: fit().inversion.linear_obj_list[0],
    "autoarray.reg.Adapt": lambda: aa.reg.Adapt(inner_coefficient=2.0, signal_scale=0.5),
    "autoarray.reg.AdaptPower": lambda: aa.reg.AdaptPower(outer_coefficient=2.0, power=1.5),
    "autoarray.reg.AdaptSplit": lambda: aa.reg.AdaptSplit(inner_coefficient=2.0),
    "autoarray.reg.AdaptSplitPower": lambda: aa.reg.AdaptSplitPower(power=1.5),
    "autoarray.reg.AdaptSplitZeroth": lambda: aa.reg.AdaptSplitZeroth(zeroth_coefficient=2.0),
    "autoarray.reg.AdaptSplitZerothPower": lambda: aa.reg.AdaptSplitZerothPower(zeroth_signal_scale=2.0, power=1.5),
    "autoarray.reg.BrightnessZeroth": lambda: aa.reg.BrightnessZeroth(coefficient=2.0),
    "autoarray.reg.Constant": lambda: aa.reg.Constant(coefficient=2.0),
    "autoarray.reg.ConstantSplit": lambda: aa.reg.ConstantSplit(coefficient=2.0),
    "autoarray.reg.ConstantZeroth": lambda: aa.reg.ConstantZeroth(coefficient_neighbor=2.0),
    "autoarray.reg.CurvatureMask": lambda: aa.reg.CurvatureMask(coefficient=2.0),
    "autoarray.reg.ExponentialKernel": lambda: aa.reg.ExponentialKernel(coefficient=2.0, scale=0.3),
    "autoarray.reg.FourthOrderMask": lambda: aa.reg.FourthOrderMask(coefficient=2.0),
    "autoarray.reg.GaussianKernel": lambda: aa.reg.GaussianKernel(coefficient=2.0, jitter=1e-6),
    "autoarray.reg.MaternAdaptKernel": lambda: aa.reg.MaternAdaptKernel(scale=0.3, outer_coefficient=2.0),
    "autoarray.reg.MaternAdaptPowerKernel": lambda: aa.reg.MaternAdaptPowerKernel(jitter_relative=True, power=1.5),
    "autoarray.reg.MaternKernel": lambda: aa.reg.MaternKernel(coefficient=2.0, nu=1.7),
    "autoarray.reg.MaternSparse": lambda: aa.reg.MaternSparse(scale=0.3, weights=np.array([1.0, 2.0, 0.5])),
    "autoarray.reg.Zeroth": lambda: aa.reg.Zeroth(coefficient=2.0),
    "autoarray.Pixelization": lambda: aa.Pixelization(
        mesh=aa.mesh.RectangularUniform(shape=(4, 5)), regularization=aa.reg.Constant()
    ),
    "autoarray.DatasetInterface": lambda: aa.DatasetInterface(
        data=fit().dataset.data, noise_map=fit().dataset.noise_map, grids=fit().dataset.grids
    ),
    "autoarray.ImagingSparseOperator": lambda: fit().dataset.apply_sparse_operator(batch_size=7).sparse_operator,
    "autoarray.AbstractPreloads": lambda: aa.AbstractPreloads(curvature_matrix=np.eye(3)),
    "autoarray.PreloadsImaging": lambda: aa.PreloadsImaging(image_plane_mesh_grid=np.ones((4, 2))),
    "autoarray.InversionImagingMapping": lambda: fit("uniform").inversion,
    "autoarray.InversionImagingSparse": lambda: (
        problems.fit_from(dataset=fit().dataset.apply_sparse_operator()).inversion
    ),
    "autoarray.FitImaging": fit,
    "autoarray.Point": lambda: shape.Point(0.1, 0.2),
    "autoarray.Circle": lambda: shape.Circle(0.1, 0.2, radius=0.3),
    "autoarray.Triangle": lambda: shape.Triangle((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)),
    "autoarray.Square": lambda: shape.Square(top=0.0, bottom=1.0, left=0.5, right=2.0),
    "autoarray.Polygon": lambda: shape.Polygon([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]),
    "autoarray.Step0Layout": lambda: tiling().step0_layout,
    "autoarray.ArrayTriangles": lambda: tiling().with_vertices(tiling().vertices),
    "autoarray.ArrayTrianglesNp": lambda: ArrayTrianglesNp.for_limits_and_scale(-1.0, 1.0, -1.0, 1.0, 0.5),
    "autoarray.CoordinateArrayTriangles": tiling,
    "autoarray.CoordinateArrayTrianglesNp": lambda: CoordinateArrayTrianglesNp.for_limits_and_scale(
        -1.0, 1.0, -1.0, 1.0, 0.5
    ),
    "autoarray.Grid2DContour": contour,
    "autoarray.Visibilities": lambda: visibilities().dataset.data,
    "autoarray.VisibilitiesNoiseMap": lambda: visibilities().dataset.noise_map,
    "autoarray.TransformerDFT": lambda: visibilities(transformer_class=aa.TransformerDFT).dataset.transformer,
    "autoarray.TransformerNUFFT": lambda: visibilities(transformer_class=aa.TransformerNUFFT).dataset.transformer,
    "autoarray.Interferometer": lambda: visibilities().dataset,
    "autoarray.SimulatorInterferometer": lambda: aa.SimulatorInterferometer(
        uv_wavelengths=visibilities().dataset.uv_wavelengths, exposure_time=300.0, noise_seed=1
    ),
    "autoarray.InterferometerSparseOperator": lambda: visibilities(sparse=True).dataset.sparse_operator,
    "autoarray.SparseTerms": lambda: stream().sparse_terms,
    "autoarray.PreloadsInterferometer": lambda: aa.PreloadsInterferometer(curvature_matrix=np.eye(3)),
    "autoarray.InversionInterferometerMapping": lambda: visibilities().inversion,
    "autoarray.InversionInterferometerSparse": lambda: visibilities(sparse=True, route="fft").inversion,
    "autoarray.InversionInterferometerSparseNumba": lambda: visibilities(sparse=True, route="numba").inversion,
    "autoarray.InversionInterferometerMatrixFree": lambda: visibilities(sparse=True, route="matrix_free").inversion,
    "autoarray.FitInterferometer": visibilities,
}
