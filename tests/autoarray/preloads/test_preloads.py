"""What a fit is given instead of computing it."""

import numpy as np
import problems
import pytest

import autoarray as aa


@pytest.mark.parametrize("is_sparse", [False, True])
def test_a_preloaded_curvature_matrix_is_used(backend, xp, is_sparse):
    dataset = problems.dataset_from()
    if is_sparse:
        dataset = dataset.apply_sparse_operator()
    first = problems.fit_from(backend, shape=(5, 5), dataset=dataset).inversion
    given = 2.0 * np.asarray(first.curvature_matrix)
    inversion = aa.Inversion(
        dataset=dataset,
        linear_obj_list=first.linear_obj_list,
        xp=xp,
        preloads=aa.AbstractPreloads(curvature_matrix=given),
    )
    assert isinstance(inversion.curvature_matrix, np.ndarray) == (backend == "numpy")
    np.testing.assert_array_equal(inversion.curvature_matrix, given)
    expected = given + np.asarray(first.regularization_matrix)
    assert float(inversion.log_det_curvature_reg_matrix_term) == pytest.approx(np.linalg.slogdet(expected)[1])
    without = aa.Inversion(dataset=dataset, linear_obj_list=first.linear_obj_list, xp=xp, preloads=aa.PreloadsImaging())
    np.testing.assert_array_equal(without.curvature_matrix, first.curvature_matrix)


def matrix_with_nan():
    matrix = np.eye(25)
    matrix[0, 2] = np.nan
    return matrix


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.eye(24), r"expected the shape \(25, 25\), found \(24, 24\)"),
        (np.ones((2, 3)), r"expected the shape \(25, 25\), found \(2, 3\)"),
        (matrix_with_nan(), r"expected finite numbers, found nan at \(0, 2\)"),
        (np.ones((25, 25), dtype=complex), "expected real numbers"),
        ("matrix", "expected an array of numbers"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_curvature_matrix_that_no_inversion_can_take_is_refused(backend, xp, matrix, message):
    first = problems.fit_from(backend, shape=(5, 5)).inversion
    preloads = aa.AbstractPreloads(curvature_matrix=matrix if isinstance(matrix, str) else xp.asarray(matrix))
    with pytest.raises(
        aa.exc.InversionException, match=rf"^InversionImagingMapping\.preloads\.curvature_matrix: {message}"
    ):
        aa.Inversion(dataset=first.dataset, linear_obj_list=first.linear_obj_list, xp=xp, preloads=preloads)


def test_what_no_inversion_reads_is_not_looked_at():
    """A fit to an image takes the mesh alone from what fits to visibilities share."""
    preloads = aa.PreloadsInterferometer(curvature_matrix="of visibilities", source_plane_mesh_grid=[["mesh"]])
    assert preloads.curvature_matrix == "of visibilities"
    assert preloads.source_plane_mesh_grid == [["mesh"]]


def test_exposures_share_a_mesh():
    """The vertices traced for one exposure, and a mapper of each exposure on them."""
    vertices = aa.Grid2DIrregular(np.random.default_rng(0).uniform(-0.4, 0.4, (20, 2)))
    preloads = aa.PreloadsImaging(source_plane_mesh_grid=vertices)
    assert repr(preloads) == "PreloadsImaging(source_plane_mesh_grid)"
    assert preloads.curvature_matrix is None
    for dataset in (problems.dataset_from(), problems.dataset_from(radius=0.6)):
        interpolator = aa.mesh.Delaunay(pixels=20).interpolator_from(
            source_plane_data_grid=problems.traced_from(dataset),
            source_plane_mesh_grid=preloads.source_plane_mesh_grid,
        )
        mapper = aa.Mapper(interpolator=interpolator, regularization=aa.reg.Constant())
        assert mapper.source_plane_mesh_grid is vertices
        assert np.isfinite(aa.Inversion(dataset=dataset, linear_obj_list=[mapper]).regularization_term)
