import inspect

import numpy as np
import problems
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autoarray as aa

IMAGE_MESHES = [
    name for name, mesh in problems.RECTANGULAR.items() if "weight_power" in inspect.signature(mesh).parameters
]
# Of release 2026.10.26.1 (the first five) and 2026.5.21.1, from their signatures.
ARGUMENTS = {
    aa.mesh.RectangularUniform: {"bandwidth": None, "n_knots": None},
    aa.mesh.RectangularBilinearAdaptDensity: {},
    aa.mesh.RectangularBilinearAdaptImage: {"weight_power": 1.0, "weight_floor": 0.0},
    aa.mesh.RectangularRTUAdaptDensity: {"bandwidth": None, "n_knots": None},
    aa.mesh.RectangularRTUAdaptImage: {"weight_power": 1.0, "weight_floor": 0.0, "bandwidth": None, "n_knots": None},
    aa.mesh.RectangularSplineAdaptDensity: {"spline_deg": 11},
    aa.mesh.RectangularSplineAdaptImage: {"weight_power": 1.0, "weight_floor": 0.0, "spline_deg": 11},
    aa.mesh.RectangularRotatedAdaptImage: {"weight_power": 1.0, "weight_floor": 0.0, "spline_deg": 11},
}


@pytest.mark.parametrize("mesh", ARGUMENTS)
def test_arguments_and_their_defaults(mesh):
    found = {name: parameter.default for name, parameter in inspect.signature(mesh).parameters.items()}
    small = {"respect_small_datasets": True} if mesh in list(ARGUMENTS)[:5] else {}
    assert list(found.items()) == list(({"shape": (3, 3)} | ARGUMENTS[mesh] | small).items())
    kernel = {"bandwidth": 1.0, "n_knots": 64} if "bandwidth" in found else {}
    assert vars(mesh()) == {"shape": (3, 3)} | ARGUMENTS[mesh] | kernel


# Computed by PyAutoArray 2026.10.26.1 from [-0.5, 0.0, 0.1, 0.5, 1.0, 2.0].
@pytest.mark.parametrize(
    ("power", "floor", "expected"),
    [
        (1.0, 0.0, [2.77777777777623e-13] * 2 + [0.0277777777777623, 0.138888888888812, 0.277777777777623]),
        (1.0, 0.1, [0.02631578947368, 0.02631578947368, 0.02631578947368, 0.13157894736842, 0.26315789473684]),
        (0.5, 0.3, [0.07430252020736, 0.07430252020736, 0.07832173324865, 0.17513271965959, 0.24767506735787]),
        (0.0, 0.0, [1.0 / 6.0] * 5),
    ],
)
@pytest.mark.parametrize("mesh", [aa.mesh.RectangularBilinearAdaptImage, aa.mesh.RectangularRTUAdaptImage])
def test_weights_of_the_adapt_image(mesh, power, floor, expected):
    values = np.array([-0.5, 0.0, 0.1, 0.5, 1.0, 2.0])
    model = mesh(shape=(5, 5), weight_power=power, weight_floor=floor)
    found = model.mesh_weight_map_from(adapt_data=values)
    np.testing.assert_allclose(found[:-1], expected, rtol=1e-11)
    assert found.sum() == pytest.approx(1.0)
    np.testing.assert_array_equal(model.mesh_weight_map_from(aa.ArrayIrregular(values)), found)


def test_the_power_may_be_traced():
    jax = pytest.importorskip("jax")
    values = np.array([0.1, 0.5, 1.0])

    def first(power, xp=jax.numpy):
        mesh = aa.mesh.RectangularBilinearAdaptImage(shape=(4, 4), weight_power=power)
        return mesh.mesh_weight_map_from(values, xp=xp)[0]

    expected = (first(1.3 + 1e-6, np) - first(1.3 - 1e-6, np)) / 2e-6
    assert float(jax.jit(jax.grad(first))(1.3)) == pytest.approx(expected, rel=1e-8)


def test_meshes_without_an_image_have_equal_weights():
    assert aa.mesh.RectangularRTUAdaptDensity(shape=(4, 4)).mesh_weight_map_from(np.ones(3)) is None


@pytest.mark.parametrize("mesh", IMAGE_MESHES)
def test_an_image_mesh_without_an_image_is_an_error(mesh):
    grid = problems.traced_from(problems.dataset_from())
    with pytest.raises(aa.exc.MeshException, match="adapt_data: expected an image of the source"):
        problems.RECTANGULAR[mesh](shape=(5, 5)).interpolator_from(source_plane_data_grid=grid)


@pytest.mark.parametrize("mesh", IMAGE_MESHES)
def test_an_image_of_another_shape_is_an_error(mesh):
    grid, model = problems.traced_from(problems.dataset_from()), problems.RECTANGULAR[mesh](shape=(5, 5))
    with pytest.raises(aa.exc.MeshException, match="mesh_weight_map: expected one weight for each of"):
        np.asarray(model.interpolator_from(source_plane_data_grid=grid, adapt_data=np.ones(7)).weights)


@pytest.mark.parametrize("mesh", problems.RECTANGULAR)
@pytest.mark.parametrize(("value", "message"), [(0.3, "differ along both axes"), (np.nan, "finite coordinates")])
def test_degenerate_coordinates_are_errors(mesh, value, message):
    dataset = problems.dataset_from()
    grid = problems.traced_from(dataset)
    over_sampled = grid.over_sampled.array.copy()
    over_sampled[:, 1] = value
    flat = aa.Grid2D(
        values=over_sampled[::4],
        mask=dataset.mask,
        over_sample_size=2,
        over_sampled=aa.Grid2DIrregular(over_sampled),
    )
    with pytest.raises(aa.exc.MeshException, match=message):
        problems.RECTANGULAR[mesh](shape=(5, 5)).interpolator_from(
            source_plane_data_grid=flat, adapt_data=problems.adapt_data_from(dataset)
        )


@pytest.mark.parametrize(
    ("mesh", "options", "message"),
    [
        ("rtu_density", {"bandwidth": 0.0}, r"RectangularRTUAdaptDensity\.bandwidth: expected .* above 0, found 0\.0"),
        ("rtu_image", {"bandwidth": np.nan}, r"RectangularRTUAdaptImage\.bandwidth: expected .* above 0, found nan"),
        ("uniform", {"n_knots": 1}, r"RectangularUniform\.n_knots: expected a whole number of at least 2, found 1"),
        ("rtu_density", {"n_knots": 2.5}, r"n_knots: expected a whole number of at least 2, found 2\.5"),
        ("adapt_image", {"weight_floor": -0.1}, r"weight_floor: expected a finite number of at least 0, found -0\.1"),
        ("rotated", {"weight_power": "high"}, r"RectangularRotatedAdaptImage\.weight_power: expected a finite number"),
        ("spline_density", {"spline_deg": 0}, r"spline_deg: expected a whole number of at least 1, found 0"),
        ("spline_image", {"spline_deg": None}, r"spline_deg: expected a whole number of at least 1, found None"),
    ],
)
def test_options_out_of_range_are_errors(mesh, options, message):
    with pytest.raises(aa.exc.MeshException, match=message):
        problems.RECTANGULAR[mesh](shape=(5, 5), **options)


@pytest.mark.parametrize("mesh", problems.RECTANGULAR)
@pytest.mark.parametrize("shape", [(32.5, 31.9), np.array([32.5, 31.0]), [np.float64(32.0), 31]])
def test_fractions_of_a_shape_are_cut_off(mesh, shape):
    """As PyAutoArray 2026.10.26.1 does: the default priors of a model draw such shapes."""
    made = problems.RECTANGULAR[mesh](shape=shape)
    assert (made.shape, made.pixels) == ((32, 31), 992)
    assert all(type(count) is int for count in made.shape)


@pytest.mark.parametrize("shape", [(2.9, 5.0), (float("nan"), 5), (5, float("inf")), ("6", 6), 32.5])
def test_other_shapes_are_errors(shape):
    with pytest.raises(aa.exc.MeshException, match=r"shape: expected two numbers of at least 3 \(y, x pixels\), found"):
        aa.mesh.RectangularUniform(shape=shape)


def test_a_traced_bandwidth_is_an_error():
    jax = pytest.importorskip("jax")
    with pytest.raises(aa.exc.MeshException, match="bandwidth: expected a number"):
        jax.jit(lambda bandwidth: aa.mesh.RectangularRTUAdaptDensity(shape=(4, 4), bandwidth=bandwidth).shape)(1.0)


@pytest.mark.parametrize("mesh", problems.RECTANGULAR)
@given(shape=st.tuples(st.integers(3, 8), st.integers(3, 8)))
def test_mappings_areas_and_edges_of_any_shape(mesh, shape):
    dataset = problems.dataset_from()
    interpolator = problems.RECTANGULAR[mesh](shape=shape).interpolator_from(
        source_plane_data_grid=problems.traced_from(dataset), adapt_data=problems.adapt_data_from(dataset)
    )
    assert 0 <= interpolator.mappings.min() <= interpolator.mappings.max() < shape[0] * shape[1]
    np.testing.assert_allclose(interpolator.weights.sum(axis=1), 1.0, rtol=1e-12)
    geometry = interpolator.mesh_geometry
    span = np.ptp(geometry.data_grid.array, axis=0)
    assert geometry.areas_for_magnification.sum() == pytest.approx(span.prod(), rel=1e-6)
    edges = geometry.edges_transformed
    assert (np.diff(edges[: shape[0] + 1, 0]) <= 1e-12).all()
    assert (np.diff(edges[: shape[1] + 1, 1]) >= -1e-12).all()


@pytest.mark.parametrize("mesh", ["rtu_density", "uniform"])
def test_the_kernel_reaches_the_areas(mesh):
    def areas(**options):
        interpolator = problems.RECTANGULAR[mesh](shape=(7, 7), **options).interpolator_from(
            source_plane_data_grid=problems.traced_from(problems.dataset_from())
        )
        return interpolator.mesh_geometry.areas_for_magnification

    np.testing.assert_array_equal(areas(), areas(bandwidth=1.0, n_knots=64))
    assert np.abs(areas(bandwidth=3.0) - areas()).max() > 1e-3
    assert np.abs(areas(n_knots=8) - areas()).max() > 1e-5


@pytest.mark.parametrize("mesh", ["adapt_image", "rtu_image", "spline_image"])
def test_pixels_are_smaller_where_the_image_is_brighter(mesh):
    dataset = problems.dataset_from()

    def smallest(power):
        interpolator = problems.RECTANGULAR[mesh](shape=(9, 9), weight_power=power).interpolator_from(
            source_plane_data_grid=problems.traced_from(dataset), adapt_data=problems.adapt_data_from(dataset)
        )
        return interpolator.mesh_geometry.areas_for_magnification.reshape(9, 9)[3:-3, 3:-3].min()

    assert smallest(1.5) < 0.8 * smallest(0.0)


def test_evidence_and_its_derivative_on_jax():
    jax = pytest.importorskip("jax")

    def evidence(einstein, backend="jax"):
        return problems.fit_from(backend, "rtu_image", shape=(6, 6), einstein=einstein).log_evidence

    value, slope = jax.jit(jax.value_and_grad(evidence))(0.351)
    assert float(value) == pytest.approx(evidence(0.351, "numpy"), rel=1e-9)
    expected = (evidence(0.351 + 1e-6, "numpy") - evidence(0.351 - 1e-6, "numpy")) / 2e-6
    assert float(slope) == pytest.approx(expected, rel=2e-3)
