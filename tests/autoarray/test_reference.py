"""Whole fits against numbers of PyAutoArray 2026.10.26.1 (tests/data/reference), on both backends."""

import json
from pathlib import Path

import numpy as np
import pytest

import autoarray as aa

FOLDER = Path(__file__).parents[1] / "data" / "reference"
CASES = sorted(path.stem for path in FOLDER.glob("case_*.npz"))
# One case for each thing that may differ on JAX: every case compiles anew, which takes most of the time.
ON_JAX = [
    "case_adaptive",
    "case_adaptive_3x3_origin",
    "case_adaptive_edge_kept_signed",
    "case_adaptive_not_relocated",
    "case_adaptive_sub_mixed_irregular",
    "case_two_mappers",
    "case_uniform",
    "case_uniform_3x3_no_blur",
    "case_uniform_5x7_elliptical_wide",
    "case_uniform_edge_kept",
    "case_uniform_signed",
]
TOLERANCE = 1.0e-8  # relative to the largest absolute value of the array

GEOMETRY_NAMES = [
    "pixel_scales",
    "areas_for_magnification",
    "areas_transformed",
    "edges_transformed",
    "neighbors",
    "neighbors_sizes",
]
INVERSION_NAMES = [
    "data_vector",
    "curvature_matrix",
    "regularization_matrix",
    "reconstruction",
    "regularization_term",
    "log_det_curvature_reg_matrix_term",
    "log_det_regularization_matrix_term",
    "mapped_reconstructed_data",
    "mapped_reconstructed_operated_data",
    "reconstruction_noise_map",
    "operated_mapping_matrix",
    "reconstruction_covariance_matrix",
]
FIT_NAMES = [
    "residual_map",
    "chi_squared_map",
    "chi_squared",
    "noise_normalization",
    "log_likelihood",
    "log_likelihood_with_regularization",
    "log_evidence",
    "figure_of_merit",
]


class Case:
    """One reference file, and the fit of its inputs."""

    def __init__(self, name, xp=np):
        self.arrays = np.load(FOLDER / f"{name}.npz", allow_pickle=False)
        self.about = json.loads(str(self.arrays["about"]))
        self.xp = xp
        self.dataset = self.dataset_from()
        self.mappers = [self.mapper_from(i, part) for i, part in enumerate(self.about["parts"])]
        settings = aa.Settings(
            use_positive_only_solver=self.about["positive"], use_edge_zeroed_pixels=self.about["edge_zeroed"]
        )
        self.inversion = aa.Inversion(dataset=self.dataset, linear_obj_list=self.mappers, settings=settings, xp=xp)
        self.fit = aa.FitImaging(dataset=self.dataset, inversion=self.inversion, xp=xp)

    def dataset_from(self):
        scale, origin = self.about["pixel_scale"], tuple(self.about["origin"])
        whole = {"pixel_scales": scale, "origin": origin}
        dataset = aa.Imaging(
            data=aa.Array2D.no_mask(values=self.arrays["in/image"], **whole),
            noise_map=aa.Array2D.no_mask(values=self.arrays["in/noise_map"], **whole),
            psf=aa.Convolver(kernel=aa.Array2D.no_mask(values=self.arrays["in/kernel"], pixel_scales=scale)),
        )
        mask = aa.Mask2D(mask=self.arrays["in/mask"], pixel_scales=scale, origin=origin)
        dataset = dataset.apply_mask(mask=mask)
        sizes = aa.Array2D(values=self.arrays["in/sub_size"], mask=mask)
        return dataset.apply_over_sampling(over_sample_size_lp=sizes, over_sample_size_pixelization=sizes)

    def mapper_from(self, i, part):
        grid = aa.Grid2D(
            values=self.xp.asarray(self.arrays[f"in/{i}/grid"]),
            mask=self.dataset.mask,
            over_sample_size=self.dataset.grids.pixelization.over_sample_size,
            over_sampled=aa.Grid2DIrregular(values=self.xp.asarray(self.arrays[f"in/{i}/grid_over_sampled"])),
            xp=self.xp,
        )
        interpolator = getattr(aa.mesh, part["mesh"])(shape=tuple(part["shape"])).interpolator_from(
            source_plane_data_grid=grid,
            source_plane_mesh_grid=None,
            border_relocator=self.dataset.grids.border_relocator if self.about["relocate"] else None,
            xp=self.xp,
        )
        regularization = aa.reg.Constant(coefficient=part["coefficient"])
        return aa.Mapper(interpolator=interpolator, regularization=regularization, xp=self.xp)

    def values(self):
        """(name, value) of everything that the file has a number for."""
        for i, mapper in enumerate(self.mappers):
            interpolator, geometry = mapper.interpolator, mapper.mesh_geometry
            yield f"{i}/relocated_grid", interpolator.data_grid
            yield f"{i}/relocated_grid_over_sampled", interpolator.data_grid.over_sampled
            yield f"{i}/geometry_origin", geometry.origin
            yield f"{i}/extent", geometry.geometry.extent
            yield f"{i}/mesh_grid", interpolator.mesh_grid
            yield f"{i}/sizes", interpolator.sizes
            yield f"{i}/sub_mapping_matrix", dense(interpolator.mappings, interpolator.weights, mapper.pixels)
            yield f"{i}/mapping_matrix", mapper.mapping_matrix
            for name in GEOMETRY_NAMES:
                if f"{i}/{name}" not in self.about["peer_raises"]:
                    yield (
                        f"{i}/{name}",
                        geometry.neighbors.sizes if name == "neighbors_sizes" else getattr(geometry, name),
                    )
        for name in INVERSION_NAMES:
            if f"out/{name}" in self.arrays:
                yield name, getattr(self.inversion, name)
        for name in FIT_NAMES:
            yield name, getattr(self.fit, name)

    def expected(self, name):
        """The number of the file, under the names that it has there."""
        if not name.endswith("sub_mapping_matrix"):
            return self.arrays[f"out/{name}"], {f"out/{name}"}
        keys = [f"out/{name.split('/')[0]}/{key}" for key in ("mappings", "weights")]
        pixels = np.prod(self.about["parts"][int(name.split("/")[0])]["shape"])
        return dense(*(self.arrays[key] for key in keys), pixels), set(keys)

    def tolerance(self, name):
        """What a relative difference may be: 1e-8, and for log determinants also the rounding of their matrix.

        A regularization matrix is singular but for 1e-8 on its diagonal, so that its log determinant is known to
        about the machine precision times its condition number, here up to 1e-5, and the log evidence with it. (In exact
        arithmetic the references are off by as much: 4e-6 in `case_two_mappers`.)

        The regularization term s^T H s of a source that is all but constant is the difference of terms that are far
        larger, each of which is rounded: 1.5e-7 from terms of 82 together in `case_adaptive_3x3_origin`.
        """
        if name == "regularization_term":
            source, matrix = np.abs(self.arrays["out/reconstruction"]), np.abs(self.arrays["out/regularization_matrix"])
            rounding = np.finfo(float).eps * (source @ matrix @ source)
            return TOLERANCE + rounding / abs(float(self.arrays[f"out/{name}"]))
        if "log_det" not in name and name not in ("log_evidence", "figure_of_merit"):
            return TOLERANCE
        regularization = self.arrays["out/regularization_matrix"]
        matrices = regularization, regularization + self.arrays["out/curvature_matrix"]
        rounding = np.finfo(float).eps * sum(np.linalg.cond(matrix) for matrix in matrices)
        return TOLERANCE + rounding / abs(float(self.arrays[f"out/{name}"]))


def dense(mappings, weights, pixels):
    """The weight of every mesh pixel in every sub-pixel, of shape (sub-pixels, pixels).

    A coordinate that falls exactly on a node has two of its four weights zero, and which neighbors they are
    given to is a matter of rounding; in this form it makes no difference.
    """
    mappings, weights = plain(mappings), plain(weights)
    matrix = np.zeros((len(mappings), pixels))
    np.add.at(matrix, (np.arange(len(mappings))[:, None], mappings), weights)
    return matrix


def plain(value):
    return np.asarray(getattr(value, "array", value))


def largest_difference(found, expected):
    """The largest absolute difference relative to the largest absolute value; NaN must meet NaN."""
    assert found.shape == expected.shape
    assert np.array_equal(np.isnan(found), np.isnan(expected))
    both = ~np.isnan(expected)
    if not both.any():
        return 0.0
    scale = np.abs(expected[both]).max()
    return float(np.abs(found[both].astype(float) - expected[both]).max() / (scale or 1.0))


def disagreements(case):
    """{name: relative difference} of what is not within the tolerance, and the names that were compared."""
    wrong, compared = {}, set()
    for name, value in case.values():
        expected, keys = case.expected(name)
        compared |= keys
        difference = largest_difference(plain(value), expected)
        if not difference <= (0.0 if expected.dtype.kind in "iu" else case.tolerance(name)):
            wrong[name] = difference
    return wrong, compared


def test_there_are_reference_cases():
    assert len(CASES) >= 14
    assert set(ON_JAX) <= set(CASES)


@pytest.mark.parametrize("names", [CASES, ON_JAX])
def test_the_cases_differ_in_every_setting(names):
    about = [json.loads(str(np.load(FOLDER / f"{name}.npz")["about"])) for name in names]
    assert {part["mesh"] for one in about for part in one["parts"]} == {
        "RectangularUniform",
        "RectangularBilinearAdaptDensity",
    }
    for setting in ("positive", "edge_zeroed", "relocate"):
        assert {one[setting] for one in about} == {True, False}


@pytest.mark.parametrize("name", CASES)
def test_numpy_equals_reference(name):
    case = Case(name)
    wrong, compared = disagreements(case)
    assert wrong == {}
    # every number of the file was compared
    assert compared == {key for key in case.arrays if key.startswith("out/")}


@pytest.mark.parametrize("name", ON_JAX)
def test_jax_equals_reference_and_numpy(name):
    jax = pytest.importorskip("jax")
    import jax.numpy as jnp

    on_jax, on_numpy = Case(name, xp=jnp), Case(name)
    wrong, _ = disagreements(on_jax)
    assert wrong == {}
    differences = {
        key: largest_difference(plain(a), plain(b))
        for (key, a), (_, b) in zip(on_jax.values(), on_numpy.values(), strict=True)
    }
    assert {key: value for key, value in differences.items() if not value <= on_jax.tolerance(key)} == {}
    assert isinstance(on_jax.inversion.reconstruction, jax.Array)


def test_areas_of_a_mesh_that_is_not_square():
    """The reference has no number here; as for a square mesh, an area is a row's height times a column's width."""
    geometry = Case("case_uniform_5x7_elliptical_wide").mappers[0].mesh_geometry
    areas = plain(geometry.areas_for_magnification)
    assert areas.shape == (35,)
    areas = areas.reshape(geometry.shape)
    assert areas.max() > 0.0
    np.testing.assert_allclose(areas, np.outer(areas.sum(axis=1), areas.sum(axis=0)) / areas.sum(), rtol=1.0e-10)


def test_largest_difference_sees_a_difference():
    a = np.array([1.0, np.nan, -4.0])
    assert largest_difference(a, a) == 0.0
    assert largest_difference(np.array([1.0, np.nan, -4.4]), a) == pytest.approx(0.1)
    with pytest.raises(AssertionError):
        largest_difference(np.array([1.0, 2.0, -4.0]), a)
    with pytest.raises(AssertionError):
        largest_difference(a[:2], a)
