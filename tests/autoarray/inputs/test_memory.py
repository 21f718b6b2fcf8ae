"""Sizes that no machine has the memory for are refused before anything is allocated."""

import problems
import pytest
import vertex_problems

import autoarray as aa
from autoarray import _validation

MILLION = 10**6
SIZES = r" of memory of this machine, found [\d,]+ entries of \d+ bytes, [\d,.]+ TiB"


def test_a_mesh_of_a_million_times_a_million_pixels(backend, xp):
    grid = problems.traced_from(problems.dataset_from(), xp=xp)
    for name in ("uniform", "adapt_density"):
        mesh = problems.RECTANGULAR[name](shape=(MILLION, MILLION))
        with pytest.raises(
            aa.exc.MeshException,
            match=rf"{type(mesh).__name__}\.shape: expected a mesh with coordinates that fits into the .*"
            r"found 1,000,000,000,000 entries of 16 bytes, 14\.6 TiB",
        ):
            mesh.interpolator_from(grid, xp=xp)


def test_a_matrix_of_all_parameters():
    dataset = problems.dataset_from()
    mesh = aa.mesh.RectangularUniform((3000, 3000))
    mapper = aa.Mapper(mesh.interpolator_from(problems.traced_from(dataset)), regularization=aa.reg.Constant())
    with pytest.raises(
        aa.exc.InversionException,
        match=r"linear_obj_list: expected a matrix of 9,000,000 parameters .* found 81,000,000,000,000 entries",
    ):
        aa.Inversion(dataset, [mapper])


def test_other_sizes():
    exc = aa.exc
    image = aa.Array2D.ones((3, 3), 0.1)
    grid = problems.traced_from(problems.dataset_from())
    refused = [
        (lambda: aa.Mask2D.all_false((10**7, 10**7), 0.1), exc.MaskException, "shape_native: expected an array"),
        (lambda: aa.Grid2D.uniform((10**7, 10**7), 0.1), exc.MaskException, "shape_native: expected an array"),
        (lambda: aa.Array2D.zeros((10**7, 10**7), 0.1), exc.MaskException, "shape_native: expected an array"),
        (lambda: image.resized_from((10**7, 10**7)), exc.ArrayException, "new_shape: expected an array"),
        (lambda: image.mask.rescaled_from(10**7), exc.MaskException, "rescale_factor: expected a mask"),
        (lambda: image.mask.zoom.mask_2d_from(10**7), exc.MaskException, "buffer: expected a region"),
        (lambda: aa.Grid2D.uniform((3, 3), 0.1, over_sample_size=10**7), exc.GridException, "over_sample_size: "),
        (lambda: aa.OverSampler(image.mask, 10**7), exc.GridException, "over_sample_size: expected coordinates"),
        (lambda: aa.image_mesh.Hilbert(pixels=1e14), ValueError, r"Hilbert\.pixels: expected vertices"),
        (lambda: aa.image_mesh.Overlay((MILLION, MILLION)), ValueError, r"Overlay\.shape: expected a grid"),
        (
            lambda: aa.image_mesh.append_with_circle_edge_points(vertex_problems.vertices_from(), (0, 0), 1.0, 10**14),
            exc.PixelizationException,
            "n_points: expected coordinates",
        ),
        (
            lambda: aa.mesh.RectangularRTUAdaptDensity((3, 3), bandwidth=1e-12).interpolator_from(grid).weights,
            exc.MeshException,
            "bandwidth: expected a table",
        ),
        (
            lambda: aa.mesh.RectangularSplineAdaptDensity((3, 3), spline_deg=MILLION).interpolator_from(grid).weights,
            exc.MeshException,
            "spline_deg: expected a matrix",
        ),
        (
            lambda: aa.mesh.RectangularRTUAdaptDensity((3, 3), n_knots=10**14),
            exc.MeshException,
            r"RectangularRTUAdaptDensity\.n_knots: expected a table",
        ),
    ]
    for call, error, message in refused:
        with pytest.raises(error, match=message + ".* that fits into the .*" + SIZES):
            call()


def test_a_kernel_so_wide_that_its_distribution_is_flat(xp):
    grid = problems.traced_from(problems.dataset_from(), xp=xp)
    mesh = aa.mesh.RectangularRTUAdaptDensity((5, 5), bandwidth=1e50)
    with pytest.raises(aa.exc.MeshException, match=r"bandwidth: expected a kernel that shows .*, found one of 2e\+49"):
        _ = mesh.interpolator_from(grid, xp=xp).weights


def test_the_limit_is_the_memory_of_the_machine(monkeypatch):
    _validation.check_memory(10, 10**3, "size", "an array", ValueError)
    monkeypatch.setattr(_validation, "_physical_memory", lambda: 2**20)
    _validation.check_memory(2**17, 8, "size", "an array", ValueError)
    with pytest.raises(
        ValueError,
        match=r"^size: expected an array that fits into the 1\.0 MiB of memory of this machine, found 131,073 entries "
        r"of 8 bytes, 1\.0 MiB$",
    ):
        _validation.check_memory(2**17 + 1, 8, "size", "an array", ValueError)
