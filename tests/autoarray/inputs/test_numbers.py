"""Numbers of value objects: coefficients, settings, offsets and meshes. What JAX is tracing passes."""

import inspect

import jax
import jax.numpy as jnp
import numpy as np
import problems
import pytest

import autoarray as aa
from autoarray import _validation

NAN, INF = float("nan"), float("inf")
NO_NUMBERS = [NAN, INF, -1.0, "1.0", None, [1.0], np.ones(3), np.ones(1), 1.0 + 0.0j, 1e300, 10**400, True]

# The arguments of each scheme that are numbers of at least 0, those with a default of None left out.
COEFFICIENTS = [
    (name, argument)
    for name in aa.reg.__all__
    for argument, parameter in inspect.signature(getattr(aa.reg, name).__init__).parameters.items()
    if "coefficient" in argument and isinstance(parameter.default, float)
]


def made(cls, argument, value):
    """An object with one argument, and the first argument of `KNearestNeighbor` and the like."""
    return cls(**({"pixels": 9} if "pixels" in inspect.signature(cls.__init__).parameters else {}) | {argument: value})


def test_every_scheme_has_a_coefficient():
    assert {name for name, _ in COEFFICIENTS} == set(aa.reg.__all__) - {"Regularization"}


@pytest.mark.parametrize("value", NO_NUMBERS, ids=lambda value: str(value)[:9])
@pytest.mark.parametrize(("name", "argument"), COEFFICIENTS)
def test_coefficients_that_no_matrix_holds_are_refused(name, argument, value):
    with pytest.raises(ValueError, match=rf"^{name}\.{argument}: expected a .*, found "):
        made(getattr(aa.reg, name), argument, value)


@pytest.mark.parametrize(("name", "argument"), COEFFICIENTS)
def test_scalars_of_every_kind_are_coefficients(name, argument):
    cls = getattr(aa.reg, name)
    for value in (2, 2.5, np.float32(2.5), np.int64(2), np.asarray(2.5), jnp.asarray(2.5)):
        assert getattr(made(cls, argument, value), argument) is value
    traced = jax.jit(lambda value: getattr(made(cls, argument, value), argument) * 2.0)
    assert np.isnan(traced(NAN))
    np.testing.assert_array_equal(jax.vmap(traced)(jnp.asarray([1.0, -1.0])), [2.0, -2.0])


@pytest.mark.parametrize("value", [NAN, 1e300, -1.0])
def test_coefficients_of_jax_that_are_known_are_looked_at(value):
    with pytest.raises(ValueError, match=r"Constant\.coefficient: expected"):
        aa.reg.Constant(jnp.asarray(value))


def test_an_array_that_is_traced_is_no_coefficient():
    with pytest.raises(
        ValueError, match=r"Constant\.coefficient: expected a finite number .*, found traced float64 \(3,\)"
    ):
        jax.jit(lambda value: aa.reg.Constant(value).coefficient)(jnp.ones(3))


def test_the_greatest_coefficient_follows_from_the_power_that_the_matrix_has():
    messages = {
        lambda: aa.reg.Constant(1e101): r"at most 1e\+100, whose power 2 the regularization matrix holds",
        lambda: aa.reg.Adapt(1e51): r"at most 1e\+50, whose power 4 the regularization matrix holds",
        lambda: aa.reg.AdaptPower(1e101): r"at most 1e\+100, whose power 2 the regularization matrix holds",
        lambda: aa.reg.AdaptPower(1e51, power=2.0): r"at most 1e\+50, whose power 4",
        lambda: aa.reg.GaussianKernel(1e201): r"at most 1e\+200, found",
        lambda: aa.reg.MaternAdaptKernel(inner_coefficient=0.0): r"from 1e-50 to 1e\+50, whose power 4",
        lambda: aa.reg.MaternSparse(scale=1e-60): r"scale: expected a number from 1e-50 to 1e\+50, whose power 4",
    }
    for call, message in messages.items():
        with pytest.raises(ValueError, match=message):
            call()


OTHERS = [
    (aa.reg.GaussianKernel, "scale", [NAN, 0.0, "wide", None, 1e400], ValueError),
    (aa.reg.ExponentialKernel, "jitter", [NAN, -1.0, "some", INF], ValueError),
    (aa.reg.ExponentialKernel, "jitter_relative", ["yes", None, 1], ValueError),
    (aa.reg.MaternKernel, "nu", [NAN, 0.0, "rough", 51.0, 1e50], ValueError),
    (aa.reg.Adapt, "signal_scale", [NAN, INF, -1.0, "steep", None], ValueError),
    (aa.reg.BrightnessZeroth, "signal_scale", [NAN, INF, -1.0, "steep", None], ValueError),
    (aa.reg.AdaptSplitZeroth, "zeroth_signal_scale", [NAN, -1.0, "steep"], ValueError),
    (aa.reg.AdaptPower, "power", [NAN, INF, -1.0, "steep", None], ValueError),
    (aa.reg.AdaptSplitPower, "power", [NAN, "steep"], ValueError),
    (aa.reg.AdaptSplitZerothPower, "power", [NAN, "steep"], ValueError),
    (aa.reg.MaternAdaptPowerKernel, "power", [NAN, "steep"], ValueError),
    (aa.reg.MaternSparse, "weights", [["a"], [1.0, INF], [1.0 + 1.0j], [1.0, 1e-200]], ValueError),
    (
        aa.mesh.RectangularUniform,
        "shape",
        ["33", (NAN, 3), (3,), None, (2, 3), (INF, 3)],
        aa.exc.MeshException,
    ),
    (aa.mesh.RectangularBilinearAdaptImage, "weight_power", ["a", NAN, None], aa.exc.MeshException),
    (aa.mesh.RectangularRTUAdaptDensity, "bandwidth", ["a", INF, 0.0, np.ones(2)], aa.exc.MeshException),
    (aa.mesh.Delaunay, "areas_factor", ["a", INF, None, 1e200], aa.exc.MeshException),
    (aa.mesh.Delaunay, "pixels", [True, "9", NAN], aa.exc.MeshException),
    (aa.mesh.KNearestNeighbor, "radius_scale", ["a", None, NAN, np.ones(2)], aa.exc.MeshException),
    (aa.image_mesh.Hilbert, "pixels", ["a", NAN, 0, None], ValueError),
    (aa.image_mesh.KMeans, "weight_floor", ["a", NAN, -1.0], ValueError),
    (aa.image_mesh.Overlay, "shape", ["33", (3, NAN), (0, 3), 3], ValueError),
    (aa.Settings, "no_regularization_add_to_curvature_diag_value", [NAN, INF, -1.0, "a"], ValueError),
    (aa.Settings, "nnls_solver_tol", [NAN, INF, 0.0, "a"], ValueError),
    (aa.Settings, "nnls_max_iter", [NAN, INF, 0, 2.5, "a"], ValueError),
    (aa.Settings, "use_mixed_precision", ["no", None, NAN, 2], ValueError),
    (aa.Settings, "use_positive_only_solver", ["no", NAN, 0], ValueError),
    (aa.Settings, "log_det_method", ["lu", 3, np.ones(2)], ValueError),
    (aa.DatasetModel, "background_sky_level", [NAN, INF, "a", None, np.ones(2), 1e200], aa.exc.DatasetException),
    (aa.DatasetModel, "grid_offset", [(NAN, 0.0), (0.0, INF), 1.0, (1.0,), ("a", 0.0)], aa.exc.DatasetException),
    (aa.DatasetModel, "grid_rotation_angle", [NAN, "a", None], aa.exc.DatasetException),
]
CASES = [(cls, name, value, error) for cls, name, values, error in OTHERS for value in values]


@pytest.mark.parametrize(("cls", "name", "value", "error"), CASES, ids=lambda value: str(value)[:20])
def test_numbers_that_mean_nothing_are_refused(cls, name, value, error):
    with pytest.raises(error, match=rf"^{cls.__name__}\.{name}(\[\d\])?: expected .*, found "):
        made(cls, name, value)


def test_traced_offsets_pass():
    @jax.jit
    def level_and_offset(level, offset, angle):
        model = aa.DatasetModel(level, offset, angle)
        return model.background_sky_level + model.grid_offset[0] + model.grid_rotation_angle

    assert np.isnan(level_and_offset(NAN, (1.0, 2.0), 3.0))
    assert level_and_offset(1.0, jnp.asarray([1.0, 2.0]), 3.0) == 5.0
    assert aa.DatasetModel(grid_offset=np.array([1.0, 2.0])).grid_offset.tolist() == [1.0, 2.0]


def test_what_over_samples():
    grid = aa.Grid2D.uniform((3, 3), 0.1, over_sample_size=1)
    rule = aa.util.over_sample.over_sample_size_via_radial_bins_from
    for sizes, radii, message in (
        ([4, 2], [0.2, 0.1], r"radial_list: expected radii that rise from at least 0, found \[0\.2, 0\.1\]"),
        ([4, 2], [NAN, 0.1], "radial_list: expected radii that rise"),
        ([4], [0.1, 0.2], r"sub_size_list: expected a size for each of the 2 radii .*, found \[4\]"),
        ([4, 2, 1, 1], [0.1, 0.2], "sub_size_list: expected a size for each of the 2 radii"),
        ([4.5, 2], [0.1, 0.2], "over_sample_size: expected integers of at least 1"),
    ):
        with pytest.raises(aa.exc.GridException, match=message):
            rule(grid, sizes, radii)
    assert rule(grid, [4, 2, 1], [0.05, 0.11]).array.tolist() == [1, 2, 1, 2, 4, 2, 1, 2, 1]
    for value in (INF, 2.5, "2", 0, [[1.0, INF, 1.0]] * 3):
        with pytest.raises(aa.exc.GridException, match="over_sample_size: expected"):
            aa.Grid2D.uniform((3, 3), 0.1, over_sample_size=value)
    with pytest.raises(aa.exc.GridException, match=r"centre_list\[0\]\[1\]: expected a finite number, found nan"):
        rule(grid, [4], [0.1], centre_list=[(0.0, NAN)])


def test_the_signal_of_an_image_that_is_not_finite():
    dataset = problems.dataset_from()
    image = np.array(problems.adapt_data_from(dataset).array)
    image[7] = NAN
    mesh = aa.mesh.RectangularUniform((4, 4))
    interpolator = mesh.interpolator_from(problems.traced_from(dataset), adapt_data=aa.Array2D(image, dataset.mask))
    mapper = aa.Mapper(interpolator, regularization=aa.reg.Adapt())
    with pytest.raises(
        aa.exc.InversionException, match=r"Mapper\.adapt_data: expected finite .*, the first in data pixel 7"
    ):
        _ = mapper.regularization_matrix
    for values, message in ((image * 1j, "expected real numbers"), (["a"], "expected an array of numbers")):
        with pytest.raises(aa.exc.MeshException, match=f"RectangularUniform: adapt_data: {message}"):
            mesh.interpolator_from(problems.traced_from(dataset), adapt_data=values)


def test_a_number_is_told_from_an_array():
    assert _validation.is_real_scalar(np.asarray(3))
    assert not _validation.is_real_scalar(np.ma.array(3.0, mask=True))
    assert not _validation.is_real_scalar(np.bool_(True))
    assert _validation.shown(np.arange(9.0)) == "float64 (9,)"
    assert _validation.shown("x" * 99).endswith("...")
