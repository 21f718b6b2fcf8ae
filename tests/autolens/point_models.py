"""A lens whose point and extended sources have multiple images, and what PyAutoLens finds of it.

`make_point_reference.py` writes these numbers as they are on PyAutoArray; `test_point.py` compares those of ours.
"""

from __future__ import annotations

import autolens as al
import numpy as np
from autogalaxy import LensCalc
from autolens.point.solver.shape_solver import ShapeSolver

SOURCE = (0.07, 0.07)
SHAPES = {
    "circle": al.Circle(0.07, 0.07, 0.1),
    "square": al.Square(0.02, 0.12, 0.02, 0.12),
    "triangle": al.Triangle((0.0, 0.0), (0.1, 0.0), (0.0, 0.1)),
    "polygon": al.Polygon([(0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.0, 0.1)]),
}


def tracer() -> al.Tracer:
    """An elliptical isothermal lens with a shear, and a point source inside its caustic."""
    lens = al.Galaxy(
        redshift=0.5,
        mass=al.mp.Isothermal(centre=(0.0, 0.0), ell_comps=(0.1, 0.05), einstein_radius=1.6),
        shear=al.mp.ExternalShear(gamma_1=0.03, gamma_2=-0.02),
    )
    source = al.Galaxy(redshift=1.0, point_0=al.ps.PointFlux(centre=SOURCE, flux=1.0))
    return al.Tracer(galaxies=[lens, source])


def two_planes() -> al.Tracer:
    """A sphere that lenses sources at two redshifts; its singular centre is a corner of triangles."""
    sphere = al.Galaxy(redshift=0.5, mass=al.mp.IsothermalSph(einstein_radius=1.0))
    near = al.Galaxy(redshift=1.0, point_0=al.ps.Point(centre=(0.1, 0.1)))
    far = al.Galaxy(redshift=2.0, point_1=al.ps.Point(centre=(0.1, 0.1)))
    return al.Tracer(galaxies=[sphere, near, far])


def grid() -> al.Grid2D:
    """The pixels that the triangles tile."""
    return al.Grid2D.uniform(shape_native=(100, 100), pixel_scales=0.05)


def solver(precision: float = 0.001, **kwargs: bool) -> al.PointSolver:
    """A solver for points on the grid."""
    return al.PointSolver.for_grid(grid=grid(), pixel_scale_precision=precision, magnification_threshold=0.1, **kwargs)


def images() -> list[list[float]]:
    """The images of the point, in the order in which they are found."""
    found = solver().solve(tracer=tracer(), source_plane_coordinate=SOURCE)
    return np.asarray(found.array).tolist()


def padded_images(redshift: float) -> list[list[float]]:
    """The images of a point behind the sphere, with the rows that were filtered out, as they are found."""
    found = solver(0.01).solve(
        tracer=two_planes(), source_plane_coordinate=(0.1, 0.1), plane_redshift=redshift, remove_infinities=False
    )
    return np.asarray(found.array).tolist()


def magnifications(name: str) -> list[float]:
    """The magnification of a shape, and then those of its images, the largest first."""
    shapes = ShapeSolver.for_grid(grid=grid(), pixel_scale_precision=0.005)
    total = shapes.find_magnification(tracer=tracer(), shape=SHAPES[name])
    each = shapes.find_magnification(tracer=tracer(), shape=SHAPES[name], per_image=True)
    return [float(total), *map(float, each)]


def curves() -> dict[str, list[list[float]] | float]:
    """The tangential critical curve, its caustic, and the Einstein radius."""
    calc = LensCalc.from_tracer(tracer())
    (critical,) = calc.tangential_critical_curve_list_from(grid=grid())
    (caustic,) = calc.tangential_caustic_list_from(grid=grid())
    return {
        "critical": np.asarray(critical.array).tolist(),
        "caustic": np.asarray(caustic.array).tolist(),
        "einstein_radius": float(calc.einstein_radius_from(grid=grid())),
    }


def numbers() -> dict[str, object]:
    """All of these."""
    return {
        "images": images(),
        "padded_images": {str(redshift): padded_images(redshift) for redshift in (1.0, 2.0)},
        "magnifications": {name: magnifications(name) for name in SHAPES},
        "curves": curves(),
    }
