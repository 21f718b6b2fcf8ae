"""The lens of the demonstration against what the lens equation says of any mass model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serialization._cli.demo.lens import Lens

lenses = st.builds(
    Lens,
    centre=st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3)),
    einstein_radius=st.floats(0.3, 3.0),
    axis_ratio=st.floats(0.2, 1.0),
    angle=st.floats(-180.0, 180.0),
    shear=st.tuples(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2)),
)


def ring(lens: Lens, radius: float = 1.3, size: int = 40) -> np.ndarray:
    angle = np.linspace(0.1, 2 * np.pi, size)
    return np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=-1) + np.array(lens.centre)


def jacobian(lens: Lens, grid: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """d alpha_i / d theta_j by central differences, shape (N, 2, 2), both indexes (y, x)."""
    columns = []
    for axis in range(2):
        shift = np.zeros(2)
        shift[axis] = step
        columns.append((lens.deflections_from(grid + shift) - lens.deflections_from(grid - shift)) / (2 * step))
    return np.stack(columns, axis=-1)


@given(lenses)
def test_divergence_is_twice_the_convergence_and_curl_is_zero(lens):
    grid = ring(lens)
    gradient = jacobian(lens, grid)
    kappa = lens.convergence_from(grid)

    np.testing.assert_allclose(gradient[:, 0, 0] + gradient[:, 1, 1], 2 * kappa, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(gradient[:, 0, 1], gradient[:, 1, 0], atol=1e-7)


@given(lenses)
def test_mean_of_the_semi_axes_where_the_convergence_is_one_half(lens):
    angle = np.radians(lens.angle)
    major = np.array([np.sin(angle), np.cos(angle)])
    minor = np.array([np.cos(angle), -np.sin(angle)])
    semi_major = 2 * lens.einstein_radius / (1 + lens.axis_ratio)
    semi_minor = semi_major * lens.axis_ratio
    grid = np.array(lens.centre) + np.stack([semi_major * major, semi_minor * minor])

    np.testing.assert_allclose(lens.convergence_from(grid), 0.5, rtol=1e-9)
    assert (semi_major + semi_minor) / 2 == pytest.approx(lens.einstein_radius)


def test_sphere_deflects_by_its_einstein_radius_towards_the_centre():
    lens = Lens(einstein_radius=1.2, axis_ratio=1.0, shear=(0.0, 0.0))
    grid = ring(lens, radius=0.7)

    np.testing.assert_allclose(lens.deflections_from(grid), 1.2 * grid / 0.7, rtol=1e-12, atol=1e-12)


def test_nearly_spherical_is_continuous_with_the_sphere():
    grid = ring(Lens())
    sphere = Lens(axis_ratio=1.0).deflections_from(grid)

    np.testing.assert_allclose(Lens(axis_ratio=1.0 - 1e-9).deflections_from(grid), sphere, atol=1e-8)


def test_shear_stretches_along_x_and_along_the_diagonal():
    weak = Lens(einstein_radius=1e-12, axis_ratio=1.0, shear=(0.1, 0.0))
    diagonal = Lens(einstein_radius=1e-12, axis_ratio=1.0, shear=(0.0, 0.1))
    grid = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])

    np.testing.assert_allclose(weak.deflections_from(grid), [[0, 0.1], [-0.1, 0], [-0.1, 0.1]], atol=1e-11)
    np.testing.assert_allclose(diagonal.deflections_from(grid), [[0.1, 0], [0, 0.1], [0.1, 0.1]], atol=1e-11)


def test_major_axis_turns_counter_clockwise_from_x():
    lens = Lens(axis_ratio=0.5, angle=30.0)
    angle = np.radians(30.0)
    along, across = (np.array([[np.sin(a), np.cos(a)]]) for a in (angle, angle + np.pi / 2))

    assert lens.convergence_from(along)[0] > lens.convergence_from(across)[0]


@pytest.mark.parametrize("axis_ratio", [0.7, 1.0])
def test_centre_is_finite(axis_ratio):
    lens = Lens(axis_ratio=axis_ratio)

    np.testing.assert_array_equal(lens.deflections_from(np.zeros((1, 2))), 0.0)


def test_jax_gives_the_same_numbers():
    jnp = pytest.importorskip("jax.numpy")
    lens = Lens(centre=(0.1, -0.2), axis_ratio=0.6, angle=20.0)
    grid = ring(lens)

    np.testing.assert_allclose(
        lens.source_plane_grid_from(jnp.asarray(grid), jnp), lens.source_plane_grid_from(grid), rtol=1e-12, atol=1e-12
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"einstein_radius": 0.0}, "einstein_radius: expected a positive number of arc-seconds, found 0.0"),
        ({"axis_ratio": 0.0}, "axis_ratio: expected 0 < axis_ratio <= 1, found 0.0"),
        ({"axis_ratio": 1.1}, "axis_ratio: expected 0 < axis_ratio <= 1, found 1.1"),
    ],
)
def test_impossible_lenses_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Lens(**arguments)
