"""Images of points, magnifications of shapes and critical curves of PyAutoLens 2026.10.26.1, on this project.

The numbers are those of PyAutoLens with PyAutoArray 2026.10.26.1, from the functions below.
"""

import numpy as np
import pytest

al = pytest.importorskip("autolens")

IMAGES = [[-0.95625, -1.03020939], [-0.69140625, 1.55568834], [1.08046875, 1.18041067], [1.5328125, -0.65583382]]


@pytest.fixture(scope="module")
def tracer():
    lens = al.Galaxy(
        redshift=0.5,
        mass=al.mp.Isothermal(centre=(0.0, 0.0), ell_comps=(0.1, 0.05), einstein_radius=1.6),
        shear=al.mp.ExternalShear(gamma_1=0.03, gamma_2=-0.02),
    )
    source = al.Galaxy(redshift=1.0, point_0=al.ps.PointFlux(centre=(0.07, 0.07), flux=1.0))
    return al.Tracer(galaxies=[lens, source])


@pytest.fixture(scope="module")
def grid():
    return al.Grid2D.uniform(shape_native=(100, 100), pixel_scales=0.05)


def test_images_of_a_point(tracer, grid):
    solver = al.PointSolver.for_grid(grid=grid, pixel_scale_precision=0.001, magnification_threshold=0.1)
    images = solver.solve(tracer=tracer, source_plane_coordinate=(0.07, 0.07))
    np.testing.assert_allclose(np.array(sorted(np.asarray(images.array).tolist())), IMAGES, atol=1e-8)


def test_images_of_a_point_under_jit(tracer, grid):
    import jax
    from autolens.jax import register_tracer_classes

    register_tracer_classes(tracer)
    solver = al.PointSolver.for_grid(grid=grid, pixel_scale_precision=0.001, magnification_threshold=0.1, use_jax=True)
    solve = jax.jit(lambda lens: solver.solve(tracer=lens, source_plane_coordinate=(0.07, 0.07)).array)
    images = np.asarray(solve(tracer))
    images = images[np.isfinite(images).all(axis=1)]
    np.testing.assert_allclose(np.array(sorted(images.tolist())), IMAGES, atol=1e-8)


@pytest.mark.parametrize(
    ("shape", "total", "each"),
    [
        (("Circle", 0.07, 0.07, 0.1), 30.98533001125424, [27.225094654197775, 3.7596969499320347]),
        (
            ("Square", 0.02, 0.12, 0.02, 0.12),
            27.822757552442084,
            [9.00869394639834, 7.740102046323531, 7.39504504950308, 3.677225054350363],
        ),
        (
            ("Triangle", (0.0, 0.0), (0.1, 0.0), (0.0, 0.1)),
            23.947632161680012,
            [6.637272821191714, 6.6203582625240625, 6.481658881449199, 4.204959284781505],
        ),
        (
            ("Polygon", [(0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.0, 0.1)]),
            25.55958960270851,
            [7.538818798178258, 7.087200081751634, 6.899448480540528, 4.030739330504558],
        ),
    ],
    ids=["circle", "square", "triangle", "polygon"],
)
def test_magnification_of_a_shape(tracer, grid, shape, total, each):
    from autolens.point.solver.shape_solver import ShapeSolver

    shape = getattr(al, shape[0])(*shape[1:])
    solver = ShapeSolver.for_grid(grid=grid, pixel_scale_precision=0.005)
    assert solver.find_magnification(tracer=tracer, shape=shape) == pytest.approx(total, rel=1e-10)
    found = solver.find_magnification(tracer=tracer, shape=shape, per_image=True)
    np.testing.assert_allclose(found, each, rtol=1e-10)


def test_critical_curve_and_caustic(tracer, grid):
    from autogalaxy import LensCalc

    calc = LensCalc.from_tracer(tracer)
    (curve,) = calc.tangential_critical_curve_list_from(grid=grid)
    assert curve.shape == (261, 2)
    np.testing.assert_allclose(np.asarray(curve.array)[0], [-1.575, -0.18423668], atol=1e-8)
    (caustic,) = calc.tangential_caustic_list_from(grid=grid)
    np.testing.assert_allclose(np.asarray(caustic.array)[0], [-0.02424252, -0.13687201], atol=1e-8)
    assert calc.einstein_radius_from(grid=grid) == pytest.approx(1.593386635185776, rel=1e-10)
